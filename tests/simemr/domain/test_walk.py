"""Demonstrations' walks: made of real actions, set to any step, wrong ones named when they are made."""

import copy
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain.record import Hospital
from simemr.domain.scenario import Column, Extract, Scenario
from simemr.domain.walk import Step, Walk, WalkError

CLOCK = datetime(2026, 3, 12, 14, 0)
HOSPITAL = Hospital(clock=CLOCK, units={}, tests={}, formulary=None)
EXTRACT = Extract((Column("id", "Id"), Column("k", "Potassium")), (("1", "4.1"), ("2", "41")))
SCENARIO = Scenario(exercise="demonstration-demo", title="Watch", clock=CLOCK, extract=EXTRACT)
FLAG = {"row": "2", "column": "k", "kind": "plausibility", "decision": "ask"}
STEPS = [
    "Look at row 2.",
    ("Mark it.", "flag_cell", FLAG),
    Step("A row that is not there.", "flag_cell", {**FLAG, "row": "3"}, refused=True),
    ("Take the mark off.", "unflag_cell", {"row": "2", "column": "k"}),
]


def walk(steps=STEPS, id="marking"):
    return Walk(id, SCENARIO, HOSPITAL, steps)


def test_a_walk_begins_before_its_first_step_and_goes_on_by_its_actions():
    made = walk()
    assert made.at == 0
    assert made.session.state.flags == {}
    made.go(2)
    assert set(made.session.state.flags) == {("2", "k")}
    made.go(4)
    assert made.session.state.flags == {}


def test_what_is_refused_changes_nothing_and_says_why():
    made = walk()
    assert made.refusals == {3: "There is no cell 'k' in row '3'."}
    made.go(3)
    assert set(made.session.state.flags) == {("2", "k")}


@given(st.lists(st.integers(min_value=-2, max_value=6)))
def test_a_step_looks_the_same_however_it_was_reached(path):
    made = walk()
    for to in path:
        made.go(to)
        made.session.state.flags["9", "x"] = "a view that writes where it should only read"
    made.go(2)
    fresh = walk()
    fresh.go(2)
    assert made.session.state == fresh.session.state


def test_the_steps_given_are_left_as_they_were():
    before = copy.deepcopy(STEPS)
    walk()
    assert before == STEPS


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([], "there are no steps"),
        ([""], "step 1: nothing is said"),
        ([("a", "b", {}, False, 1)], "step 1: a step is (say, action, args)"),
        (["ok", 7], "step 2: a step is (say, action, args)"),
        ([("a", "flag_cell", ["row"])], "step 1: the action is a name"),
        ([("a", "", {}, True)], "step 1: there is no action to refuse"),
        (["ok", ("a", "no_such_action")], "step 2: 'no_such_action' is refused: There is no action"),
        ([("a", "flag_cell", {"row": "9"})], "step 1: 'flag_cell' is refused"),
        ([("a", "flag_cell", FLAG, True)], "step 1: 'flag_cell' was to be refused, and is not"),
    ],
)
def test_a_walk_that_cannot_be_is_named_with_its_step(steps, says):
    with pytest.raises(WalkError) as fault:
        walk(steps)
    assert str(fault.value).startswith("demonstration 'marking'")
    assert says in str(fault.value)


def test_an_id_is_words_joined_by_hyphens():
    with pytest.raises(WalkError, match="an id is lower-case words"):
        walk(id="No spaces")
