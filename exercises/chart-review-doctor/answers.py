"""A model review and wrong ones made of real slips, with the score and the misses of each. Points: 38 in all.

A list is a dictionary by issue, so that a wrong answer is the model with a few lines otherwise.
"""

from grading.answers import Wrong
from grading.concerns import concern, flag, review

PATIENT = "solberg-ingrid"
PARTS = ("problems", "allergies", "medicines", "administration", "results", "observations", "notes")
NIGHT, ROUND, GERMS = "note/2026-03-12T06:40", "note/2026-03-12T09:40", "note/2026-03-11T18:30"
PHARMACIST, FAMILY, DIETITIAN = "note/2026-03-11T11:40", "note/2026-03-11T16:50", "note/2026-03-10T16:30"


LIST = {
    "thyroid": concern("problem/thyroid", "missing", "today", "Order levothyroxine 125 micrograms down the tube."),
    "allergy": concern("allergy/list", "allergy", "now", "Ring the daughter, enter amoxicillin, no more penicillin."),
    "dose": concern(
        "order/piperacillin-tazobactam", "dose", "today", "Reduce for eGFR 16, or stop with the new antibiotic."
    ),
    "rhythm": concern(
        "order/haloperidol", "interaction", "now", "QTc 528: stop haloperidol and ondansetron, give magnesium."
    ),
    "double": concern("order/lansoprazole", "duplicate", "today", "Stop one of the two, keep the tube."),
    "sedation": concern("order/propofol", "change", "today", "Stop the sedation now and see her awake."),
    "clots": concern("order/enoxaparin", "missing", "today", "Start prevention again, dose for the kidneys."),
    "potassium": concern(
        "result/potassium", "change", "now", "Stop the potassium in the fluid, repeat on a gas now, treat."
    ),
    "troponin": concern("result/troponin", "result", "today", "ECG again, echo, ask cardiology."),
    "mrsa": concern(GERMS, "result", "now", "Change to vancomycin with microbiology, isolate."),
    "feed": concern(DIETITIAN, "missing", "today", "Prescribe and start the feed at 20 mL an hour."),
    "weight": concern("front/weight", "dose", "now", "Set the tidal volume to 325 mL for 162 cm."),
    "line": concern("device/central-line", "device", "today", "Take the groin line out after a new one."),
    "resuscitation": concern("front/resuscitation", "identity", "now", "Correct the banner: DNACPR, tell the team."),
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
    "picked from notes, in other words": answer(
        {
            "thyroid": concern(PHARMACIST, "missing", "today", "chart her levothyroxine via NG"),
            "allergy": concern(NIGHT, "allergy", "now", "tell micro and pharmacy, update record"),
            "dose": concern("result/creatinine", "dose", "today", "adjust piptaz"),
            "rhythm": concern(NIGHT, "interaction", "today", "hold both, correct Mg, rpt ECG"),
            "double": concern("order/omeprazole", "change", "discharge", "cancel this one"),
            "sedation": concern("observation/consciousness", "monitoring", "today", "turn propofol off, RASS 0 target"),
            "clots": concern("absent/prevention", "missing", "today", "heparin s/c bd and sleeves, start tonight"),
            "potassium": concern("order/potassium", "change", "now", "take out of the bag, gas now"),
            "troponin": concern("absent/result", "result", "today", "troponin 487! order echo"),
            "mrsa": concern(ROUND, "result", "now", "call micro re sputum, start linezolid"),
            "feed": concern("absent/nutrition", "missing", "today", "start NG feed"),
            "weight": concern(ROUND, "dose", "today", "reduce tidal volume, 6 ml/kg by height"),
            "line": concern(ROUND, "device", "today", "remove femoral line, re-site in the neck"),
            "resuscitation": concern(FAMILY, "conflict", "today", "update front sheet, inform nurses"),
        }
    ),
}
#: Not everything found, and enough of it: these pass.
ENOUGH = {
    "eleven found, three things more that the key does not know, and one line a second time": answer(
        without("double", "feed", "line"),
        extra=[
            flag("result/haemoglobin", "result"),
            flag("absent/skin", "missing"),
            flag("observation/oxygen", "monitoring"),
            concern("order/potassium", "change", "now", "Stop it."),
        ],
    ),
    "ten found": answer(without("double", "feed", "line", "troponin")),
}

_ORDERS = (
    "piperacillin-tazobactam", "clarithromycin", "noradrenaline", "hydrocortisone", "propofol", "alfentanil",
    "haloperidol", "ondansetron", "omeprazole", "lansoprazole", "paracetamol", "enoxaparin", "fluids", "potassium",
    "home-amlodipine",
)  # fmt: skip

WRONG = {
    "flagged every order and every red result": Wrong(
        actions=answer(
            {},
            extra=[
                *(flag(f"order/{order}", "change", "now") for order in _ORDERS),
                *(
                    flag(f"result/{test}", "result", "now")
                    for test in (
                        "potassium", "creatinine", "troponin", "crp", "lactate", "platelets", "triglycerides",
                        "phosphate",
                    )
                ),
                flag("allergy/list", "allergy", "now"),
            ],
        ),
        score=20,
        misses={"few-false", "left-out", "medicines", "numbers", "passed-on", "ten"},
    ),
    "read the round and the results, and nothing else": Wrong(
        actions=answer(
            {key: LIST[key] for key in ("dose", "potassium", "troponin")}, parts=("results", "notes"),
            extra=[flag("result/lactate", "result"), flag("result/crp", "monitoring")],
        ),
        score=10.4,
        misses={
            "acts", "allergy", "few-false", "left-out",
            "medicines", "mrsa", "numbers", "parts", "passed-on", "ten", "urgent-first",
        },
    ),
    "thirteen of fourteen, and 'cultures awaited' believed": Wrong(
        actions=answer(without("mrsa")), score=36,
        misses={"mrsa"}
    ),
    "everything found, everything for now, 'please review'": Wrong(
        actions=answer({key: {**one, "plan": f"{key}: please review"} for key, one in LIST.items()}, every="now"),
        score=34.57,
        misses={"acts", "urgent-first"},
    ),
    "all that can be seen, nothing that is missing, and the steroids stopped": Wrong(
        actions=answer(
            without("thyroid", "clots", "feed", "sedation", "resuscitation"),
            extra=[
                flag("order/hydrocortisone", "change", plan="Stop steroids in infection."),
                flag("order/home-amlodipine", "missing", plan="Restart at 5 mg."),
                flag("order/clarithromycin", "missing", plan="Restart for cover."),
            ],
        ),
        score=25.32,
        misses={"few-false", "left-out", "passed-on", "ten"},
    ),
    "found it all, and the potassium can wait until the evening": Wrong(
        actions=answer({**LIST, "potassium": {**LIST["potassium"], "soon": "discharge"}}),
        score=36.4,
        misses={"potassium", "urgent-first"},
    ),
}  # fmt: skip
