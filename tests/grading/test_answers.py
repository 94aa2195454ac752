"""Answers put together from steps: each in its place, one done otherwise, one left out, none made up."""

import pytest

from grading.answers import AnswerError, by_steps

OPEN, LOOK, SIGN = ("open_patient", {"patient": "a"}), ("open_tab", {"tab": "notes"}), ("sign_note", {"patient": "a"})
END = ("hand_in", {})

answer = by_steps({"open": [OPEN], "look-round": [LOOK], "sign_it": [SIGN]})


def test_all_the_steps_in_order_and_handed_in():
    assert answer() == [OPEN, LOOK, SIGN, END]


def test_a_step_done_otherwise_stands_in_its_own_place():
    assert answer(look_round=[LOOK, LOOK]) == [OPEN, LOOK, LOOK, SIGN, END]
    assert answer(**{"look-round": [SIGN]}) == [OPEN, SIGN, SIGN, END]
    assert answer(sign_it=[]) == answer(sign_it=None) == [OPEN, LOOK, END]


def test_a_step_that_there_is_not_is_named():
    with pytest.raises(AnswerError, match="there is no step look_around"):
        answer(look_around=None)
