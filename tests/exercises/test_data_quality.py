"""The ward extract: nothing but the eight seeded defects breaks its rules, and whoever can defend a mark is heard."""

import re
from collections import Counter
from datetime import date

import pytest

from tests.exercises.help import load, scored

WEIGHT = re.compile(r"(\d+) kg, (\d{4}-\d\d-\d\d)")
FIRST, LAST = date(2026, 2, 1), date(2026, 2, 28)


def exercise():
    return load("data-quality")


def rows():
    extract = exercise().scenario.extract
    ids = [column.id for column in extract.columns]
    return {row[0]: dict(zip(ids, row, strict=True)) for row in extract.rows}


def broken(rule):
    """The rows that break a rule."""
    return {name for name, row in rows().items() if not rule(row)}


def day(text):
    return date.fromisoformat(text)


def points(marked):
    flags = [
        ("flag_cell", {"row": row, "column": column, "kind": kind, "decision": decision})
        for (row, column), (kind, decision) in marked.items()
    ]
    return {c.id: c.points / c.max for c in scored(exercise(), flags).criteria}


def test_every_date_is_a_date():
    for row in rows().values():
        for column in ("born", "admitted", "discharged"):
            day(row[column])


def test_only_one_stay_ends_before_it_begins_and_one_has_no_night():
    assert broken(lambda row: day(row["discharged"]) >= day(row["admitted"])) == {"S09"}
    assert broken(lambda row: day(row["discharged"]) != day(row["admitted"])) == {"S23"}


def test_everybody_was_discharged_in_the_month_and_is_an_adult():
    assert not broken(lambda row: FIRST <= day(row["discharged"]) <= LAST)
    assert not broken(lambda row: (day(row["admitted"]) - day(row["born"])).days >= 18 * 365.25)


def test_one_weight_has_no_unit_and_one_is_too_old():
    assert broken(lambda row: WEIGHT.fullmatch(row["weight"])) == {"S18"}

    def recent(row):
        taken = day(row["weight"].split(", ")[1])
        return (day(row["admitted"]) - taken).days <= 30

    assert broken(recent) == {"S03"}
    # S09's own dates are the wrong ones, and its weight must not give away which
    assert broken(lambda row: row["stay"] in ("S03", "S09") or row["weight"][-10:] <= row["discharged"]) == set()
    assert rows()["S09"]["weight"][-10:] < min(rows()["S09"]["admitted"], rows()["S09"]["discharged"])


def test_one_creatinine_is_in_another_unit_and_the_conversion_makes_it_ordinary():
    assert broken(lambda row: float(row["creatinine"]) >= 30) == {"S16"}
    assert 100 < float(rows()["S16"]["creatinine"]) * 88.4 < 150


def test_no_hba1c_where_glucose_is_high_and_nearly_always_elsewhere():
    high = {name for name, row in rows().items() if float(row["glucose"]) >= 15}
    empty = {name for name, row in rows().items() if not row["hba1c"]}
    assert len(high) == 7 and high < empty and len(empty - high) == 2


def test_one_number_belongs_to_two_people_and_another_to_one_who_came_back():
    repeated = [number for number, count in Counter(row["number"] for row in rows().values()).items() if count > 1]
    people = {n: {row["born"] for row in rows().values() if row["number"] == n} for n in repeated}
    assert people == {"611873": {"1944-09-08"}, "613307": {"1948-05-30", "1986-11-02"}}


def test_one_note_contradicts_the_coded_allergy():
    def agrees(row):
        note = row["note"].lower()
        speaks = any(word in note for word in ("anaphyla", "rash", "allerg", "swell"))
        return not speaks or row["allergy"].lower() in note

    assert broken(agrees) == {"S07"}


@pytest.mark.parametrize(
    ("criterion", "place", "share"),
    [
        ("date-order", ("S09", "admitted"), 1),
        ("date-order", ("S09", "row"), 1),
        ("one-number-two-people", ("S26", "born"), 1),
        ("stale-weight", ("S03", "row"), 0.5),
        ("two-units", ("S16", "row"), 1),
        ("two-units", ("all", "creatinine"), 0.5),
        ("allergy", ("S07", "note"), 1),
        ("missing-not-at-random", ("S14", "hba1c"), 0.5),
        ("who-is-counted", ("S23", "discharged"), 1),
        ("missing-unit", ("S11", "weight"), 0),
    ],
)
def test_a_mark_counts_where_a_colleague_would_look(criterion, place, share):
    assert points({place: ("plausibility", "ask")})[criterion] == share


def test_most_of_the_gaps_marked_one_by_one_show_the_pattern():
    marked = {(name, "hba1c"): ("completeness", "ask") for name in ("S06", "S10", "S14", "S15")}
    found = points(marked)
    assert found["missing-not-at-random"] == 1
    assert found["decided"] == 1 / 8
    assert points(dict.fromkeys(marked, ("completeness", "exclude")))["decided"] == 0


def test_evidence_marked_beside_a_defect_is_no_false_alarm():
    model = {(a["row"], a["column"]): (a["kind"], a["decision"]) for n, a in exercise().model if n == "flag_cell"}
    glucose = {
        (name, "glucose"): ("plausibility", "ask") for name, row in rows().items() if float(row["glucose"]) >= 15
    }
    assert points(model | glucose)["false-alarms"] == 1
    odd = dict.fromkeys([("S08", "born"), ("S12", "creatinine"), ("S11", "weight")], ("plausibility", "ask"))
    assert points(model | odd)["false-alarms"] == 0.5
