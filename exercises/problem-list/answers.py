"""A model answer to the problem list, and wrong ones made of real habits, with the score and the misses of each.

An answer is put together from one step for each line, so that a wrong answer is the model with a step or two done
otherwise. Points: 30 in all.
"""

from grading.answers import Wrong, by_steps

ROSE = "bannerman-rose"

OPENED = [
    ("open_patient", {"patient": ROSE}),
    ("confirm_identity", {"patient": ROSE, "identifiers": ["name", "hospital_number"]}),
    ("open_tab", {"tab": "notes"}),
    ("open_tab", {"tab": "problems"}),
]


def edit(line, code="", onset=""):
    return [("edit_problem", {"patient": ROSE, "problem": f"line-{line}", "code": code, "onset": onset})]


def merge(line, into):
    return [("merge_problem", {"patient": ROSE, "problem": f"line-{line}", "into": f"line-{into}"})]


def resolve(line, on):
    return [("resolve_problem", {"patient": ROSE, "problem": f"line-{line}", "on": on})]


def remove(line, reason):
    return [("remove_problem", {"patient": ROSE, "problem": f"line-{line}", "reason": reason})]


def add(text, code, onset=""):
    return [("add_problem", {"patient": ROSE, "text": text, "code": code, "onset": onset})]


STEPS = {
    "open": OPENED,
    "pressure": merge(12, 1),
    "hip-merge": merge(7, 2),
    "hip": edit(2, "M80.052A", "8 March 2026"),
    "diabetes": remove(3, "in-error"),
    "thyroid": merge(4, 9),
    "thyroid-date": edit(9, onset="2001"),
    "collapse": remove(5, "in-error"),
    "cataracts": resolve(6, "2019"),
    "pain": remove(8, "symptom"),
    "knee": edit(10, "M17.11", "2015"),
    "infection": resolve(11, "April 2025"),
    "anaemia": edit(13, "D62", "10 March 2026"),
    "operation": remove(14, "procedure"),
    "weight": add("Weight loss, not intended", "R63.4"),
}

answer = by_steps(STEPS)

MODEL = answer()

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "merged the other way round, other codes, plainer dates, more on the list": answer(
        hip_merge=merge(2, 7),
        hip=edit(7, "S72.002A", "2026-03-08") + add("Osteoporosis", "M81.0", "2026"),
        thyroid=merge(9, 4),
        thyroid_date=edit(4, onset="2001"),
        pressure=remove(12, "symptom"),
        collapse=remove(5, "symptom"),
        infection=resolve(11, "2025"),
        pain=merge(8, 7),
        anaemia=edit(13, "D62", "March 2026"),
        weight=add("Undernourished, dietitian involved", "E46", "2025") + add("Sleeps badly here", "G47.00"),
    ),
    "took the wrong line off, saw it, and put it back": answer(
        knee=remove(10, "in-error")
        + [("restore_problem", {"patient": ROSE, "problem": "line-10"})]
        + edit(10, "M17.11", "2015"),
        cataracts=resolve(6, "2020")
        + [("restore_problem", {"patient": ROSE, "problem": "line-6"})]
        + resolve(6, "2019"),
    ),
}

WRONG = {
    "took everything off that looked old or odd": Wrong(
        actions=answer(
            pressure=remove(12, "in-error"),
            thyroid=remove(4, "in-error"),
            hip_merge=remove(7, "in-error"),
            cataracts=remove(6, "in-error"),
            infection=remove(11, "in-error"),
            knee=remove(10, "in-error"),
            weight=None,
        ),
        # recall 4 of 6, precision 3, no merging, nothing resolved, no problem 3, never hers 3, hip 3, codes 1 of 2,
        # dates 3 of 4
        score=2 + 3 + 3 + 3 + 3 + 1.5 + 2.25,
        misses={"recall", "merged", "resolved", "codes", "dates", "missing"},
    ),
    "the quick pick stayed, and the side was forgotten": Wrong(
        actions=answer(hip=edit(2, onset="8 March 2026"), knee=edit(10, onset="2015")),
        # no hip 3, codes 1 of 2
        score=25.5,
        misses={"hip", "codes"},
    ),
    "the wrong side": Wrong(
        actions=answer(hip=edit(2, "M80.051A", "8 March 2026")),
        score=27,
        misses={"hip"},
    ),
    "resolved the diabetes, as if she had had it": Wrong(
        actions=answer(diabetes=resolve(3, "2026")),
        score=27,
        misses={"never-hers"},
    ),
    "merged the doubles and left the rest to the GP": Wrong(
        actions=answer(
            hip=None,
            diabetes=None,
            thyroid_date=None,
            collapse=None,
            cataracts=None,
            pain=None,
            knee=None,
            infection=None,
            anaemia=None,
            operation=None,
            weight=None,
        ),
        # recall 5 of 6, precision 5 of 11, merged 3
        score=2.5 + 1.36 + 3,
        misses={
            "recall",
            "precision",
            "resolved",
            "no-problem",
            "never-hers",
            "hip",
            "codes",
            "dates",
            "missing",
        },
    ),  # fmt: skip
    "added the symptoms of today as well, and no dates": Wrong(
        actions=answer(
            hip=edit(2, "M80.052A"),
            thyroid_date=None,
            knee=edit(10, "M17.11"),
            anaemia=edit(13, "D62"),
            pain=None,
            weight=add("Weight loss", "R63.4") + add("Sore throat after the tube", "R05.9") + add("Oedema", "R60.0"),
        ),
        # precision 6 of 9, no problem 2 of 3, no dates
        score=30 - 1 - 1 - 3,
        misses={"precision", "no-problem", "dates"},
    ),
}
