"""A model reconciliation and wrong ones made of real slips, with the score and the misses of each.

An answer is three steps, each a dictionary by medicine, so that a wrong answer is the model with a few lines
otherwise. Points: 38 in all.
"""

from grading.answers import Wrong

PATIENT = "rahman-fatima"

OPEN = [
    ("open_patient", {"patient": PATIENT}),
    ("confirm_identity", {"patient": PATIENT, "identifiers": ["name", "hospital_number"]}),
    ("open_tab", {"tab": "notes"}),
    ("open_tab", {"tab": "results"}),
    ("open_tab", {"tab": "reconciliation"}),
]


def dosed(dose, frequency, unit="mg", route="oral"):
    return {"dose": dose, "unit": unit, "route": route, "frequency": frequency}


def line(dose, frequency, sources, taking="taken"):
    """A line of the history."""
    return {**dosed(dose, frequency), "taking": taking, "sources": sources.split()}


def judged(kind, resolution, note=""):
    """A difference judged."""
    return {"kind": kind, "resolution": resolution, "note": note}


def home(decision, reason="", **dose):
    """A line of the list for home."""
    return {"decision": decision, "reason": reason, **dose}


HISTORY = {
    "losartan": line(50, "once-daily", "letter boxes patient"),
    "ramipril": line(5, "once-daily", "surgery boxes patient"),
    "amlodipine": line(5, "once-daily", "letter patient", "not-taken"),
    "atorvastatin": line(40, "at-night", "letter boxes patient"),
    "sertraline": line(100, "once-daily", "letter boxes patient"),
    "omeprazole": line(20, "when-required-once-daily", "boxes patient"),
    "ibuprofen": line(400, "when-required-three-times-daily", "boxes patient"),
}
COMPARED = {
    "losartan": judged(
        "omission", "ask", "Losartan 50 mg since January in place of ramipril. Shall it go back, with ramipril stopped?"
    ),
    "ramipril": judged(
        "duplication",
        "stop",
        "Stopped in January for cough, losartan instead; she has taken both. Potassium 5.0 and rising.",
    ),
    "amlodipine": judged(
        "commission", "stop", "Stopped in January for swollen ankles. Pressure 112, light-headed on standing."
    ),
    "atorvastatin": judged("dose", "change", "40 mg at night since January, not 20 mg."),
    "sertraline": judged("dose", "change", "100 mg since January: two of the 50s each morning."),
    "omeprazole": judged("frequency", "continue", "She takes it only when it burns."),
    "ibuprofen": judged("omission", "continue", "Bought by herself for the gallbladder pain; no longer needed."),
    "paracetamol": judged("intended-documented", "continue"),
    "codeine": judged("intended-documented", "continue"),
    "ondansetron": judged("intended-documented", "continue"),
    "enoxaparin": judged("intended-documented", "continue"),
}
LIST = {
    "losartan": home("unchanged", "For blood pressure. Potassium and kidneys to be checked in one to two weeks."),
    "ramipril": home("stopped", "Cough. Losartan took its place in January; the two must not be taken together."),
    "amlodipine": home("stopped", "Swollen ankles, in January. Please take it off the repeat."),
    "atorvastatin": home("unchanged", "40 mg since January; the repeat still says 20."),
    "sertraline": home("unchanged", "100 mg since January; the repeat still says 50."),
    "omeprazole": home("unchanged"),
    "ibuprofen": home("stopped", "Hard on the kidneys and the stomach with losartan; paracetamol instead."),
    "paracetamol": home("new", "Pain after the operation.", **dosed(1000, "four-times-daily")),
    "codeine": home("ended"),
    "ondansetron": home("ended"),
    "enoxaparin": home("ended"),
}


def answer(history=HISTORY, compared=COMPARED, home_list=LIST, signed=True):
    """The actions of one answer."""
    actions = list(OPEN)
    for medicine, values in history.items():
        actions.append(("record_history", {"patient": PATIENT, "medicine": medicine, **values}))
    actions.append(("sign_history", {"patient": PATIENT}))
    for medicine, values in compared.items():
        actions.append(("judge_discrepancy", {"patient": PATIENT, "medicine": medicine, **values}))
    if signed:
        actions.append(("sign_comparison", {"patient": PATIENT}))
    for medicine, values in home_list.items():
        actions.append(("list_for_discharge", {"patient": PATIENT, "medicine": medicine, **values}))
    if signed:
        actions.append(("sign_discharge_list", {"patient": PATIENT}))
    return [*actions, ("hand_in", {})]


MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "a nurse who asks about everything, in plain words": answer(
        compared={
            **COMPARED,
            "ramipril": judged("commission", "ask", "should have been stopped in jan, she coughs and has losartan too"),
            "amlodipine": judged("commission", "ask", "stopped for ankle swelling, bp low now - stop?"),
            "losartan": judged("omission", "ask", "not on chart, january letter"),
            "atorvastatin": judged("dose", "ask", "40 at home"),
            "sertraline": judged("dose", "ask", "two 50s at home"),
            "omeprazole": judged("frequency", "ask", "only prn at home"),
            "ibuprofen": judged("intended-undocumented", "continue"),
            "codeine": judged("intended-documented", "stop", "pain 1/10, refused it"),
        },
    ),
    "a doctor who pauses losartan until the potassium is back": answer(
        home_list={
            **LIST,
            "losartan": home("withheld", "K 5.0 and BP 112: start again when GP has repeated U&E in a week"),
            "amlodipine": home("ended", "ankles"),
            "omeprazole": home("changed", "as needed only", **dosed(20, "when-required-once-daily")),
            "atorvastatin": home("changed", "correct dose for the repeat", **dosed(40, "at-night")),
            "paracetamol": home("new", "pain", **dosed(1, "when-required-four-times-daily", unit="g")),
            "codeine": home("stopped", "not needed"),
        },
    ),
    "sertraline and atorvastatin counted in other units, two sources for each line": answer(
        history={
            **HISTORY,
            "losartan": line(50, "every-24-hours", "boxes patient"),
            "ramipril": line(5, "once-daily", "boxes patient"),
            "atorvastatin": {**line(0.04, "at-night", "letter boxes"), "unit": "g"},
            "ibuprofen": line(400, "three-times-daily", "boxes patient"),
        },
    ),
}

_COPIED = {
    "ramipril": line(5, "once-daily", "surgery boxes"),
    "amlodipine": line(5, "once-daily", "surgery letter"),
    "atorvastatin": line(20, "at-night", "surgery letter"),
    "sertraline": line(50, "once-daily", "surgery letter"),
    "omeprazole": line(20, "once-daily", "surgery letter"),
}
_ORDERED = ("paracetamol", "codeine", "ondansetron", "enoxaparin")

WRONG = {
    "copied the surgery's list, found no difference, and sent her home on it": Wrong(
        actions=answer(
            history=_COPIED,
            compared={m: judged("none", "continue") for m in (*_COPIED, *_ORDERED)},
            home_list={
                **{m: home("unchanged") for m in _COPIED},
                "paracetamol": home("new", "pain", **dosed(1000, "four-times-daily")),
                **{m: home("ended") for m in ("codeine", "ondansetron", "enoxaparin")},
            },
        ),
        score=6.15,
        misses={
            "acts",
            "doses",
            "hidden",
            "home",
            "intended",
            "kinds",
            "losartan",
            "ramipril",
            "really",
            "two-sources",
            "why",
        },
    ),
    "wrote what she should take, not what she takes": Wrong(
        actions=answer(
            history={**HISTORY, "ramipril": line(5, "once-daily", "letter surgery", "not-taken")},
        ),
        score=36.07,
        misses={"really", "two-sources"},
    ),
    "stopped ramipril and forgot what replaced it": Wrong(
        actions=answer(
            history={k: v for k, v in HISTORY.items() if k != "losartan"},
            compared={k: v for k, v in COMPARED.items() if k != "losartan"},
            home_list={k: v for k, v in LIST.items() if k != "losartan"},
        ),
        score=30.37,
        misses={"acts", "doses", "hidden", "kinds", "losartan", "two-sources", "why"},
    ),
    "every difference sent to the prescriber with 'please review'": Wrong(
        actions=answer(
            compared={m: judged("intended-undocumented", "ask", "Please review.") for m in COMPARED},
            home_list={
                **LIST,
                "ramipril": home("stopped", "As discussed."),
                "amlodipine": home("stopped", "As discussed."),
                "ibuprofen": home("stopped", "As discussed."),
            },
        ),
        score=29.71,
        misses={"intended", "kinds", "why"},
    ),
    "a good history, and both tablets for the pressure go home": Wrong(
        actions=answer(home_list={**LIST, "ramipril": home("unchanged", "As at home.")}),
        score=35,
        misses={"ramipril"},
    ),
    "believed the boxes alone, and never finished the list": Wrong(
        actions=answer(
            history={
                **HISTORY,
                **{m: {**HISTORY[m], "sources": ["boxes"]} for m in HISTORY if m != "amlodipine"},
                "omeprazole": line(20, "once-daily", "boxes"),
            },
            compared={**COMPARED, "omeprazole": judged("none", "continue")},
            home_list={m: LIST[m] for m in ("losartan", "ramipril", "amlodipine")},
            signed=False,
        ),
        score=29.41,
        misses={"doses", "home", "kinds", "signed", "two-sources"},
    ),
}
