"""Criteria and findings: what is well formed."""

import math

import pytest

from grading.rubric import Finding, Rubric, RubricError

GOOD = {"points": 2, "objective": "o", "title": "T", "met": "M", "missed": "N", "read": "R"}


@pytest.mark.parametrize("earned", [-0.1, 1.1, math.nan, math.inf, "1", None])
def test_a_finding_earns_a_share_and_nothing_else(earned):
    with pytest.raises(RubricError, match="from 0 to 1"):
        Finding(earned, "evidence")


@pytest.mark.parametrize("evidence", ["", "  ", None, 3])
def test_a_finding_shows_its_evidence(evidence):
    with pytest.raises(RubricError, match="evidence"):
        Finding(1, evidence)


def test_a_condition_is_a_finding():
    assert Finding(3 > 2, "so it is").earned == 1.0
    assert isinstance(Finding(False, "no").earned, float)


def test_criteria_keep_the_order_in_which_they_are_written():
    rubric = Rubric()
    for name in ("second", "first", "third"):
        rubric.criterion(name, **GOOD)(lambda session: Finding(1, "x"))
    assert [criterion.id for criterion in rubric] == ["second", "first", "third"]
    assert len(rubric) == 3


@pytest.mark.parametrize(
    ("id", "change", "says"),
    [
        ("Not a slug", {}, "lower-case words"),
        ("x" * 65, {}, "lower-case words"),
        ("a", {"points": 0}, "points"),
        ("a", {"points": -1}, "points"),
        ("a", {"points": True}, "points"),
        ("a", {"points": math.nan}, "points"),
        ("a", {"points": 101}, "points"),
        ("a", {"met": ""}, "'met'"),
        ("a", {"read": None}, "'read'"),
        ("a", {"critical": "yes"}, "'critical'"),
    ],
)
def test_refuses_a_malformed_criterion(id, change, says):
    with pytest.raises(RubricError, match=says):
        Rubric().criterion(id, **{**GOOD, **change})


def test_refuses_an_id_twice():
    rubric = Rubric()
    rubric.criterion("a", **GOOD)(lambda session: Finding(1, "x"))
    with pytest.raises(RubricError, match="'a' is used twice"):
        rubric.criterion("a", **GOOD)
