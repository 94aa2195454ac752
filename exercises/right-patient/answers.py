"""A model answer to the four requests, and wrong ones made of real slips, with the score and the misses of each.

An answer is put together from one step for each request, so that a wrong answer is the model with a step or two done
otherwise. The telephone rings after the second confirmation. Points: 30 in all.
"""

from grading.answers import Wrong, by_steps

ELEANOR, ELAINE = "marsh-eleanor", "marsh-elaine"
FATIMA, FATEMA = "rahman-fatima", "rahman-fatema"
FATHER, SON = "doyle-patrick-1948", "doyle-patrick-1976"

NOTE = "The report on his appendix will be ready on Tuesday. Miss Nakamura's team will ring him with it, as he asked."


def ask(request):
    return [("ask_back", {"request": request})]


def chart(patient, *identifiers):
    """Open a record and confirm who it is."""
    return [
        ("open_patient", {"patient": patient}),
        ("confirm_identity", {"patient": patient, "identifiers": list(identifiers)}),
    ]


def test(patient, name, hours, task=""):
    return [("order_test", {"patient": patient, "test": name, "in_hours": hours, "task": task})]


def cancel(patient, name):
    return [("cancel_test", {"patient": patient, "test": name, "reason": "Wrong patient."})]


def furosemide(patient, task="diuretic", frequency="twice-daily", unit="mg"):
    order = {"medicine": "furosemide", "dose": 40, "unit": unit, "route": "intravenous", "frequency": frequency}
    return [("draft_order", {"patient": patient, **order, "task": task}), ("sign_order", {})]


def note(patient, text=NOTE):
    return [("write_note", {"patient": patient, "text": text})]


def answer_call(value="5.0 mmol/L"):
    return [("answer_interruption", {"interruption": "telephone", "answer": value})]


#: The call: look it up in the record the caller named, and answer.
CALL = [("open_patient", {"patient": FATIMA}), ("open_tab", {"tab": "results"}), *answer_call()]

STEPS = {
    "potassium": ask("potassium")
    + chart(ELEANOR, "name", "hospital_number")
    + test(ELEANOR, "potassium", 2, "potassium"),
    "ask-diuretic": ask("diuretic"),
    # the telephone rings at this confirmation
    "open-diuretic": chart(ELAINE, "name", "born"),
    "call": CALL,
    "diuretic": chart(ELAINE, "name", "born") + furosemide(ELAINE),
    "crp": ask("crp") + chart(FATEMA, "born", "hospital_number") + test(FATEMA, "crp", 24, "crp"),
    "histology": chart(SON, "name", "born") + note(SON),
}

answer = by_steps(STEPS)

MODEL = answer()

PROMISE = [("promise_answer", {"interruption": "telephone"})]

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "finished first, then rang back": answer(
        call=PROMISE,
        diuretic=chart(ELAINE, "born", "name") + furosemide(ELAINE, frequency="every-12-hours") + CALL,
    ),
    "asked everybody, in another order, with the tests that go with the furosemide": answer(
        potassium=ask("potassium")
        + ask("diuretic")
        + ask("crp")
        + ask("histology")
        + chart(SON, "hospital_number", "born")
        + note(SON, "Pathology rang: histology ready Tues, Miss Nakamura's team to phone him."),
        ask_diuretic=None,
        diuretic=chart(ELAINE, "name", "born") + furosemide(ELAINE, task="") + test(ELAINE, "potassium", 24),
        crp=chart(FATEMA, "name", "hospital_number") + test(FATEMA, "crp", 12, "crp"),
        histology=chart(ELEANOR, "name", "hospital_number")
        + test(ELEANOR, "potassium", 1, "")
        + test(ELEANOR, "creatinine", 1, ""),
    ),
}

WRONG = {
    "believed the bed, the swapped digits and the date as they stood": Wrong(
        actions=answer(
            potassium=chart(ELAINE, "name", "hospital_number") + test(ELAINE, "potassium", 2, "potassium"),
            ask_diuretic=None,
            open_diuretic=chart(ELEANOR, "name", "born"),
            diuretic=chart(ELEANOR, "name", "born") + furosemide(ELEANOR),
            crp=chart(FATIMA, "name", "born") + test(FATIMA, "crp", 24, "crp"),
            histology=chart(FATHER, "name", "born") + note(FATHER),
        ),
        # the call 3, no reordering 2
        score=5,
        misses={
            "potassium",
            "diuretic",
            "crp",
            "histology",
            "nothing-wrong",
            "asked",
            "confirmed",
            "came-back",
        },
    ),  # fmt: skip
    "guessed right every time": Wrong(
        actions=answer(
            potassium=chart(ELEANOR, "name", "born") + test(ELEANOR, "potassium", 2, "potassium"),
            ask_diuretic=None,
            crp=chart(FATEMA, "name", "born") + test(FATEMA, "crp", 24, "crp"),
        ),
        # asked none, one confirmation of four
        score=30 - 4 - 3 * 3 / 4,
        misses={"asked", "confirmed"},
    ),
    "gave the caller the number everybody talks about": Wrong(
        actions=answer(call=[("open_patient", {"patient": FATEMA}), *answer_call("6.7 mmol/L")]),
        score=27,
        misses={"call"},
    ),
    "wrote on where the call had left off": Wrong(
        actions=answer(
            diuretic=chart(ELAINE, "name", "born") + furosemide(ELAINE),
            call=CALL
            + [("confirm_identity", {"patient": FATIMA, "identifiers": ["name", "hospital_number"]})]
            + test(FATIMA, "crp", 24, "crp"),
            crp=None,
        ),
        # CRP 3, nothing wrong 4, one of three not asked, one of four not confirmed, back 2
        score=18.92,
        misses={"crp", "nothing-wrong", "asked", "confirmed", "came-back"},
    ),
    "noticed it, took it back, and did it in the right record": Wrong(
        actions=answer(
            crp=ask("crp")
            + chart(FATIMA, "name", "hospital_number")
            + test(FATIMA, "crp", 24, "crp")
            + cancel(FATIMA, "crp")
            + chart(FATEMA, "name", "hospital_number")
            + test(FATEMA, "crp", 24, "crp"),
        ),
        score=29,
        misses={"reorder"},
    ),
    "the father's record has the son's report": Wrong(
        actions=answer(histology=chart(FATHER, "name", "hospital_number") + note(FATHER)),
        # the note 3, nothing wrong 4, one confirmation of four
        score=30 - 3 - 4 - 3 / 4,
        misses={"histology", "nothing-wrong", "confirmed"},
    ),
    "went home after two": Wrong(
        actions=answer(call=PROMISE, crp=None, histology=None),
        # two requests 6, asked 2 of 3, confirmed 2 of 4, back 2
        score=12.17,
        misses={"crp", "histology", "nothing-wrong", "asked", "confirmed", "call", "reorder"},
    ),
}
