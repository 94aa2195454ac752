"""A model review and wrong ones made of real slips, with the score and the misses of each. Points: 39 in all.

A list is a dictionary by issue, so that a wrong answer is the model with a few lines otherwise.
"""

from grading.answers import Wrong
from grading.concerns import concern, flag, review

PATIENT = "salako-abiodun"
PARTS = ("problems", "allergies", "medicines", "administration", "results", "observations", "notes")
OPERATION, COSTA, NIGHT = "note/2026-03-09T12:10", "note/2026-03-11T16:45", "note/2026-03-12T06:40"
ROUND, ASSISTANT, HANDOVER = "note/2026-03-12T12:25", "note/2026-03-12T13:10", "note/2026-03-12T13:40"


LIST = {
    "penicillin": concern(
        "order/co-amoxiclav", "allergy", "now", "Hold the 14:00 dose, ring Dr Santos: severe penicillin allergy."
    ),
    "unsigned": concern("order/enoxaparin", "missing", "today", "Ask RN Costa if it was given, tell the doctor."),
    "twice": concern("order/paracetamol", "duplicate", "today", "Stop the tablets, next dose not before the doctor."),
    "glucose": concern(
        "result/capillary-glucose", "result", "now", "Treat into the vein, repeat in 10 minutes, stop gliclazide."
    ),
    "confusion": concern(
        "observation/consciousness", "monitoring", "now", "Score confusion: NEWS2 was 8, call the emergency team."
    ),
    "observations": concern("absent/observations", "monitoring", "now", "Full set now, then continuous."),
    "stoma": concern(NIGHT, "conflict", "now", "Look at the stoma, ring the surgical registrar."),
    "urine": concern(ASSISTANT, "monitoring", "now", "Hourly urine, tell the doctor: under 0.5 mL/kg an hour."),
    "skin": concern("absent/skin", "missing", "today", "Turn him, pressure mattress, chart it."),
    "falls": concern(HANDOVER, "conflict", "today", "New falls score, hearing aids in, bed low, somebody near."),
    "food": concern("absent/nutrition", "conflict", "now", "Nil by mouth sign, tell the kitchen and the surgeon."),
    "cannula": concern("device/cannula", "device", "today", "Take the old cannula out, score the vein."),
    "catheter": concern(OPERATION, "device", "today", "Ask if it can come out once the urine is explained."),
    "wristband": concern("device/wristband", "identity", "now", "Print a new one and put it on before any dose."),
}


def answer(concerns=LIST, parts=PARTS, every="", extra=()):
    """The actions of one review; ``every`` is the urgency of all."""
    return review(PATIENT, parts, (*concerns.values(), *extra), every)


def without(*keys, **other):
    """The model's list without some, and with others in their place."""
    return {**{key: one for key, one in LIST.items() if key not in keys}, **other}


MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "picked elsewhere, in other words": answer(
        {
            "penicillin": concern("allergy/penicillin", "allergy", "now", "don't give co-amox! ring dr"),
            "unsigned": concern("absent/dose", "monitoring", "today", "check with yesterday's nurse"),
            "twice": concern("order/paracetamol-iv", "dose", "today", "withhold paracetamol, 5g already"),
            "glucose": concern("order/gliclazide", "change", "now", "recheck BM, IV glucose, hold gliclazide"),
            "confusion": concern("observation/news2", "monitoring", "now", "rescore as new confusion = 8, 2222"),
            "observations": concern("observation/rr", "monitoring", "today", "do obs"),
            "stoma": concern("device/drain", "monitoring", "now", "check colour, call surgeons"),
            "urine": concern("result/creatinine", "result", "today", "escalate low urine output, fluids"),
            "skin": concern(NIGHT, "missing", "today", "reposition 2 hourly, air mattress"),
            "falls": concern("absent/prevention", "missing", "today", "falls bundle, put hearing aids in"),
            "food": concern(ASSISTANT, "conflict", "today", "put up NBM sign, remove menu"),
            "cannula": concern(ASSISTANT, "device", "today", "remove cannula left arm"),
            "catheter": concern("device/catheter", "change", "today", "TWOC was due, ask surgeons"),
            "wristband": concern(COSTA, "identity", "now", "new band on"),
        }
    ),
}
#: Not everything found, and enough of it: these pass.
ENOUGH = {
    "eleven found, three things more that the key does not know, and one line a second time": answer(
        without("unsigned", "falls", "cannula"),
        extra=[
            flag("order/morphine", "change", plan="Ask about morphine while drowsy."),
            flag("result/albumin", "result"),
            flag("device/gastric-tube", "monitoring", plan="Measure what the tube drains every 4 hours."),
            concern("order/gliclazide", "change", "now", "Hold it."),
        ],
    ),
    "ten found, the observations among what was missed": answer(
        without("unsigned", "falls", "cannula", "observations")
    ),
}

_ORDERS = (
    "gentamicin", "metronidazole", "co-amoxiclav", "paracetamol-iv", "paracetamol", "morphine", "ondansetron",
    "enoxaparin", "gliclazide", "hartmanns", "home-metformin", "home-ramipril", "home-atorvastatin",
)  # fmt: skip

WRONG = {
    "flagged every order and every red result": Wrong(
        actions=answer(
            {},
            extra=[
                *(flag(f"order/{order}", "change", "now") for order in _ORDERS),
                *(
                    flag(f"result/{test}", "result", "now")
                    for test in ("capillary-glucose", "creatinine", "crp", "haemoglobin", "hba1c", "lactate", "albumin")
                ),
                *(flag(f"observation/{which}", "monitoring", "now") for which in ("news2", "pulse")),
            ],
        ),
        score=20,
        misses={"bedside", "few-false", "ten", "told"},
    ),
    "believed the handover: allergies none, stable, skin fine": Wrong(
        actions=answer(
            {key: LIST[key] for key in ("unsigned", "catheter")}, parts=("notes", "observations"),
            extra=[flag("order/hartmanns", "change")],
        ),
        score=5.97,
        misses={
            "acts", "bedside", "few-false", "glucose",
            "medicines", "parts", "penicillin", "ten", "told", "urgent-first", "watching", "worse",
        },
    ),
    "thirteen of fourteen, and the antibiotic given at 14:00": Wrong(
        actions=answer(without("penicillin")), score=37,
        misses={"penicillin"}
    ),
    "nobody told about the low glucose until the ward round tomorrow": Wrong(
        actions=answer({**LIST, "glucose": {**LIST["glucose"], "soon": "discharge"}}), score=37.62,
        misses={"glucose", "urgent-first"}
    ),
    "everything found, everything for now, 'please review'": Wrong(
        actions=answer({key: {**one, "plan": f"{key}: please review"} for key, one in LIST.items()}, every="now"),
        score=34.5,
        misses={"acts", "urgent-first"},
    ),
    "saw the tasks and not the patient": Wrong(
        actions=answer(
            without("confusion", "observations", "stoma", "urine", "twice", "food"),
            extra=[
                flag("order/home-ramipril", "missing", plan="Ask to restart ramipril."),
                flag("order/home-metformin", "missing", plan="Ask to restart metformin."),
                flag("result/haemoglobin", "result", plan="Ask for a transfusion."),
            ],
        ),
        score=22.09,
        misses={"few-false", "medicines", "ten", "told", "urgent-first", "watching", "worse"},
    ),
}  # fmt: skip
