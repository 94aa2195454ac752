"""A model answer to the ward extract, and wrong ones made of real slips, with the score and the misses of each.

An answer is a dict from where a mark stands to its kind and decision. Points: 40 in all.
"""

from grading.answers import Wrong

DEFECT_IDS = {
    "missing-unit", "date-order", "one-number-two-people", "stale-weight",
    "two-units", "allergy", "missing-not-at-random", "who-is-counted",
}  # fmt: skip

#: Each defect once, at its most exact place.
RIGHT = {
    ("S18", "weight"): ("completeness", "ask"),
    ("S09", "discharged"): ("plausibility", "ask"),
    ("S27", "number"): ("plausibility", "ask"),
    ("S03", "weight"): ("plausibility", "ask"),
    ("S16", "creatinine"): ("conformance", "fix"),
    ("S07", "allergy"): ("plausibility", "ask"),
    ("all", "hba1c"): ("completeness", "ask"),
    ("S23", "row"): ("conformance", "exclude"),
}

#: Odd, and right: what tempts to be marked.
ODD = {
    ("S08", "born"): ("plausibility", "ask"),  # 102 years old
    ("S11", "weight"): ("plausibility", "exclude"),  # 148 kg
    ("S12", "creatinine"): ("plausibility", "exclude"),  # on dialysis
    ("S04", "hba1c"): ("plausibility", "exclude"),  # 128 mmol/mol
    ("S15", "number"): ("plausibility", "exclude"),  # came back
    ("S24", "creatinine"): ("conformance", "fix"),  # 39 kg, creatinine 38
    ("S25", "admitted"): ("plausibility", "ask"),  # two months on the ward
    ("S10", "allergy"): ("plausibility", "ask"),  # an intolerance
}

ROWS = [f"S{number:02}" for number in range(1, 31)]
COLUMNS = [
    "stay", "number", "born", "admitted", "discharged", "weight",
    "creatinine", "glucose", "hba1c", "allergy", "note",
]  # fmt: skip


def flags(marked):
    """The marks as actions."""
    return [
        ("flag_cell", {"row": row, "column": column, "kind": kind, "decision": decision})
        for (row, column), (kind, decision) in marked.items()
    ]


def handed_in(marked):
    """The marks, handed in."""
    return [*flags(marked), ("hand_in", {})]


def without(*places):
    """The right marks but these."""
    return {place: what for place, what in RIGHT.items() if place not in places}


MODEL = handed_in(RIGHT)

#: Other good answers: every one must earn everything, or the examiner is unfair.
ALSO_RIGHT = {
    "marks the other end of a pair, or the whole row": handed_in(
        {
            **without(("S09", "discharged"), ("S27", "number"), ("S16", "creatinine"), ("S07", "allergy")),
            ("S09", "row"): RIGHT["S09", "discharged"],
            ("S26", "born"): RIGHT["S27", "number"],
            ("S16", "row"): RIGHT["S16", "creatinine"],
            ("S07", "note"): RIGHT["S07", "allergy"],
        }
    ),
    "looked twice at what is odd, and let it stand": [
        *flags(ODD),
        *[("unflag_cell", {"row": row, "column": column}) for row, column in ODD],
        *handed_in(RIGHT),
    ],
}

WRONG = {
    "an eye for outliers: marks what is odd, and only the defects that are": Wrong(
        actions=handed_in(
            {
                **without(("S03", "weight"), ("S07", "allergy"), ("all", "hba1c"), ("S23", "row")),
                ("S30", "glucose"): ("plausibility", "ask"),
                **ODD,
            }
        ),
        score=18,
        misses={
            "stale-weight",
            "allergy",
            "missing-not-at-random",
            "who-is-counted",
            "named",
            "decided",
            "false-alarms",
        },
    ),
    "finds all eight and throws them all out": Wrong(
        actions=handed_in({place: (kind, "exclude") for place, (kind, _) in RIGHT.items()}),
        score=31,
        misses={"decided"},
    ),
    "does not see for whom HbA1c is missing": Wrong(
        actions=handed_in(without(("all", "hba1c"))),
        score=35.5,
        misses={"missing-not-at-random", "named", "decided"},
    ),
    "finds all but the allergy that only a note tells": Wrong(
        actions=handed_in(without(("S07", "allergy"))),
        score=35.5,
        misses={"allergy", "named", "decided"},
    ),
    "drops the empty HbA1c one by one": Wrong(
        actions=handed_in(
            {
                **without(("all", "hba1c")),
                **{(row, "hba1c"): ("completeness", "exclude") for row in ("S06", "S10", "S14", "S15", "S17", "S22")},
            }
        ),
        score=38,
        misses={"decided"},
    ),
    "sees one empty HbA1c and not the pattern": Wrong(
        actions=handed_in({**without(("all", "hba1c")), ("S01", "hba1c"): ("completeness", "ask")}),
        score=37.75,
        misses={"missing-not-at-random", "named", "decided"},
    ),
    "checks the form and never reads across a row": Wrong(
        actions=handed_in(
            {
                ("S18", "weight"): ("conformance", "fix"),
                ("S16", "creatinine"): ("conformance", "fix"),
                ("S03", "weight"): ("conformance", "exclude"),
                ("S23", "discharged"): ("conformance", "exclude"),
            }
        ),
        score=19,
        misses={"date-order", "one-number-two-people", "allergy", "missing-not-at-random", "named", "decided"},
    ),
    "marks whole columns and leaves the search to the next reader": Wrong(
        actions=handed_in(
            {
                ("all", "number"): ("plausibility", "ask"),
                ("all", "discharged"): ("plausibility", "ask"),
                ("all", "weight"): ("conformance", "ask"),
                ("all", "creatinine"): ("conformance", "ask"),
                ("all", "allergy"): ("plausibility", "ask"),
                ("all", "hba1c"): ("completeness", "ask"),
            }
        ),
        score=22,
        misses=DEFECT_IDS - {"missing-not-at-random"} | {"named", "decided"},
    ),
    "marks everything": Wrong(
        actions=handed_in({(row, column): ("plausibility", "ask") for row in ROWS for column in COLUMNS}),
        score=17,
        misses=DEFECT_IDS | {"named", "decided", "false-alarms"},
    ),
    "misses the two that would harm": Wrong(
        actions=handed_in(without(("S16", "creatinine"), ("S07", "allergy"))),
        score=31,
        misses={"two-units", "allergy", "named", "decided"},
    ),
    "calls everything conformance, and mends it by guessing": Wrong(
        actions=handed_in({place: ("conformance", "fix") for place in RIGHT}),
        score=25.5,
        misses={"named", "decided"},
    ),
    "marks, loses heart and takes it all off again": Wrong(
        actions=[
            *flags(RIGHT),
            *[("unflag_cell", {"row": row, "column": column}) for row, column in RIGHT],
            ("hand_in", {}),
        ],
        score=0,
        misses=DEFECT_IDS | {"named", "decided", "false-alarms"},
    ),
}

RULES = """
import pandas as pd

nights = (pd.to_datetime(stays["discharged"]) - pd.to_datetime(stays["admitted"])).dt.days
"""
BOARD = """
counted = len(belong)
people = len(belong[["number", "born"]].drop_duplicates())
hba1c = pd.to_numeric(belong["hba1c"], errors="coerce")
with_hba1c = hba1c.count()
median_hba1c = hba1c.median()
"""

#: Code for the cell that is extra, with the extra points it gets: 2 in all.
CODE = {
    "MODEL": ({"for-the-board": f"{RULES}belong = stays[nights != 0]{BOARD}"}, 2),
    "leaves out the stay whose dates contradict each other": (
        {"for-the-board": f"{RULES}belong = stays[nights >= 1]{BOARD}"},
        2,
    ),
    "counts every row": ({"for-the-board": f"{RULES}belong = stays{BOARD}"}, 0.5),
    "takes a number for a person": (
        {"for-the-board": f"{RULES}belong = stays[nights != 0]{BOARD}people = belong['number'].nunique()"},
        1.5,
    ),
    "counts an empty cell as a value": (
        {"for-the-board": f"{RULES}belong = stays[nights != 0]{BOARD}with_hba1c = belong['hba1c'].count()"},
        1.5,
    ),
    "leaves a number out": ({"for-the-board": "counted, people, with_hba1c = 29, 28, 20"}, 0),
}
