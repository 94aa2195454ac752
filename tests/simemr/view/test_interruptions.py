"""Requests and interruptions on the screen: asking back, the call over the record, and being asked again who it is."""

import pytest

from tests.simemr.view.window import Window

ELAINE, SON = "MARSH, Elaine", "Bed D4"


@pytest.fixture
def window(tmp_path):
    return Window("right-patient", tmp_path)


def ring(window):
    """Open and confirm two records: the telephone rings at the second."""
    for name in ("MARSH, Eleanor", ELAINE):
        window.press(name)
        window.confirm("Full name", "Hospital number")


def test_a_request_is_read_when_it_is_chosen_and_its_sender_can_be_asked_once(window):
    assert not window.shows("Marsh in A3")
    window.press("2.")
    assert window.shows("Marsh in A3") and not window.shows("born 21 November 1954")
    window.press("Ask whom they mean")
    assert window.shows("born 21 November 1954") and not window.shows("Ask whom they mean")


def test_a_note_is_a_task_that_can_be_chosen_and_has_no_order_to_write(window):
    window.press("4.")
    assert window.shows("Pathology office") and not window.shows("Write this order")


def test_a_call_stands_over_the_record_and_stops_every_write(window):
    ring(window)
    assert window.shows("You are interrupted") and "Identity confirmed" not in window.message
    assert "answer whoever is waiting" in window.message
    window.press("Notes")
    window.fill("What the next reader needs to know", "Rings.")
    window.press("Sign the note")
    assert "is waiting" in window.message


def test_after_the_answer_the_boxes_are_empty_and_who_it_is_is_asked_again(window):
    ring(window)
    window.press("Give this answer")
    assert "Choose what you answer" in window.message
    window.fill("Your answer", "5.0 mmol/L")
    window.press("Give this answer")
    assert not window.shows("You are interrupted")
    assert "The record of MARSH, Elaine is open" in window.message
    assert [window.field(label).value for label in ("Full name", "Date of birth", "Hospital number")] == [False] * 3


def test_a_promise_stays_in_sight_until_it_is_kept(window):
    ring(window)
    window.press("Finish first")
    assert window.shows("you said you would come back to this") and not window.shows("Finish first")
    window.fill("Your answer", "5.0 mmol/L")
    window.press("Give this answer")
    assert not window.shows("you said you would come back to this")


def test_a_second_attempt_begins_without_the_call(window):
    ring(window)
    window.shell.start_again()
    assert not window.shows("You are interrupted")
