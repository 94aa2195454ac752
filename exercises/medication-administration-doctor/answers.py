"""A model answer for the doctor who is asked for a fourth medicine, and wrong ones made of real slips.

An answer is put together from one step for each task. Points: 31 in all.
"""

from grading.answers import Wrong, by_steps

PATIENT = {"patient": "petrie-gordon"}


def count(course, given, reason):
    return [("account_for", {"course": course, "given": given, "reason": reason})]


def conclude(conclusion):
    return [("conclude", {**PATIENT, "conclusion": conclusion})]


def plan(*steps):
    return [("plan_steps", {**PATIENT, "steps": list(steps)})]


def close(reason):
    return [("decline_task", {"task": "fourth-medicine", "reason": reason})]


def note(text):
    return [("write_note", {**PATIENT, "text": text})]


def order(medicine, dose, task="fourth-medicine"):
    """Write the order and sign it, past whatever is said about it."""
    line = {"medicine": medicine, "dose": dose, "unit": "mg", "route": "oral", "frequency": "once-daily"}
    return [
        ("draft_order", {**PATIENT, **line, "indication": "blood pressure", "task": task}),
        ("sign_order", {}),
    ]


READ = [("open_tab", {"tab": "notes"}), ("open_tab", {"tab": "administration"})]

STEPS = {
    "chart": [
        ("open_patient", PATIENT),
        ("confirm_identity", {**PATIENT, "identifiers": ["name", "hospital_number"]}),
    ],
    "look": READ,
    "ramipril": count("ramipril", 1, "nil-by-mouth"),
    "amlodipine": count("amlodipine", 1, "refused"),
    "doxazosin": count("doxazosin", 0, "not-available"),
    "conclusion": conclude("mostly-not-given"),
    "plan": plan("talk", "fasting", "supply", "again", "tell"),
    "request": close("Two of nine doses were given before this morning's reading. No fourth medicine today."),
    "note": note(
        "Before 11:00 only two of nine doses for his pressure had been given: held twice for nil by mouth,"
        " amlodipine refused because of swollen ankles, doxazosin not on the ward. Ramipril 10 mg and doxazosin 1 mg"
        " went in at 12:50. Please measure again at 18:00 and 22:00; I will talk with him about a medicine in place"
        " of amlodipine. Anaesthetist told."
    ),
}

answer = by_steps(STEPS)

MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "the amlodipine halved rather than refused, in other words": answer(
        request=[
            ("stop_order", {"order": "petrie-gordon/amlodipine", "reason": "he refuses it"}),
            *order("amlodipine", 5, task=""),
            *close("hasn't actually had his meds - held or refused"),
        ],
        note=note("Doses missed: NBM, ankles, out of stock. Recheck BP tonight."),
    ),
    "counted wrongly first, concluded rashly, looked again": answer(
        look=[*conclude("resistant"), *count("ramipril", 2, "late"), *READ],
    ),
}

WRONG = {
    "took the orders for the doses": Wrong(
        actions=answer(
            look=None,
            ramipril=count("ramipril", 4, "all-given"),
            amlodipine=count("amlodipine", 4, "all-given"),
            doxazosin=count("doxazosin", 1, "all-given"),
            conclusion=conclude("resistant"),
            plan=plan("add", "scan", "tell"),
            request=order("spironolactone", 25),
            note=note("Resistant hypertension on three agents. Spironolactone started, renal artery scan requested."),
        ),
        score=0,
        misses={"counted", "reasons", "looked", "concluded", "nothing-more", "request", "steps", "note"},
    ),
    "read the chart, and added one all the same": Wrong(
        actions=answer(request=order("bisoprolol", 2.5)),
        score=31 - 4 - 3,
        misses={"nothing-more", "request"},
    ),
    "said no to the request, and ordered a fourth for tomorrow": Wrong(
        actions=answer(note=[*STEPS["note"], *order("spironolactone", 25, task="")]),
        score=31 - 4,
        misses={"nothing-more"},
    ),
    "counted the doses of today's lunchtime": Wrong(
        actions=answer(
            ramipril=count("ramipril", 2, "late"),
            doxazosin=count("doxazosin", 1, "all-given"),
        ),
        # counted 1 of 3, reasons 1 of 3
        score=31 - 4 - 2,
        misses={"counted", "reasons"},
    ),
    "blamed him": Wrong(
        actions=answer(
            look=None,
            amlodipine=count("amlodipine", 1, "refused"),
            ramipril=count("ramipril", 1, "refused"),
            conclusion=conclude("unwilling"),
            plan=plan("tell"),
            request=close("Patient refuses treatment."),
            note=note("Non-compliant patient, refuses medicines."),
        ),
        # counted 6, reasons 2, nothing more 4, request 3, steps 1 of 5, note 1 of 3 (1.33)
        score=17.33,
        misses={"reasons", "looked", "concluded", "steps", "note"},
    ),
    "everything at once before the evening": Wrong(
        actions=answer(plan=plan("talk", "fasting", "supply", "again", "tell", "labetalol", "double", "scan", "add")),
        # five that help less four that do not
        score=31 - 4 - 4,
        misses={"nothing-more", "steps"},
    ),
    "said no, and nothing else": Wrong(
        actions=answer(
            look=None,
            ramipril=None,
            amlodipine=None,
            doxazosin=None,
            conclusion=None,
            plan=None,
            note=None,
            request=close("Not indicated."),
        ),  # fmt: skip
        score=4,
        misses={"counted", "reasons", "looked", "concluded", "request", "steps", "note"},
    ),
}
