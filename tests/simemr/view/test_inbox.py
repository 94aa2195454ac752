"""The inbox and the scoring in the window: what can be pressed, what is said, and where the focus goes."""

import pytest

from simemr.domain.actions.deterioration import Deterioration
from simemr.domain.actions.inbox import Inbox
from tests.simemr.view.window import Window


@pytest.fixture
def window(tmp_path, focus):
    made = Window("results-and-deterioration", tmp_path / "answers")
    made.press("Results inbox")
    return made


def test_a_call_shows_no_name_before_it_is_written_down(window, focus):
    window.press("13:58")
    assert not any(b.description.startswith("13:58 · MARSH") for b in window.every() if hasattr(b, "description"))
    assert focus[-1] is window.button("Write it down…")
    window.press("Write it down…")
    window.press("Write this down")
    assert "Choose whose result" in window.message
    window.fill("Whose result it is", "MARSH, Elaine")
    window.fill("The number, as you heard it", "six")
    window.press("Write this down")
    assert "as a number" in window.message
    window.fill("The number, as you heard it", "6,6")
    window.press("Write this down")
    window.press("Read it back to the laboratory")
    assert "6 0 4 1 1 8" in window.message
    window.fill("Whose result it is", "MARSH, Eleanor")
    window.press("Write this down")
    window.press("Read it back to the laboratory")
    assert window.state.part(Inbox).written["telephone"].read_back
    assert "Yes, that is right" in window.text and focus[-1] is window.button("Escalate by voice…")


def test_no_answer_to_a_result_is_the_prominent_one(window):
    window.press("13:36")
    answers = ("Seen, nothing to do now", "Act on it…", "Escalate by voice…", "Hand it on by message…")
    assert not any("em-primary" in window.button(words)._dom_classes for words in answers)


def test_an_answer_leads_to_the_next_thing_and_can_be_taken_back(window, focus):
    window.press("13:36")
    window.press("Act on it…")
    window.press("Write down what you do")
    assert "what you do about it" in window.message and window.state.part(Inbox).answers == {}
    window.fill("What you do about it", "Potassium by mouth, as planned.")
    window.press("Write down what you do")
    assert "MARSH, Elaine" in window.message and "1 of 20 answered." in window.text
    assert focus[-1] is window.button("Next one")
    window.press("Take my answer back")
    assert "0 of 20 answered." in window.text
    window.press("Seen, nothing to do now")
    window.press("Next one")
    assert "Observations to score" in window.text


def test_a_patient_who_has_moved_is_not_opened_from_here(window):
    window.press("13:22")
    window.press("Open the record")
    assert "not on your ward's list" in window.message and window.state.patient == ""


def test_a_score_is_kept_whole_and_the_record_counts_along(window, focus):
    window.press("13:30")
    window.press("Score it in the record")
    assert (window.state.patient, window.state.tab) == ("prosser-rhys", "observations")
    window.press("Keep this score")
    assert "Choose the SpO₂ scale." in window.message and focus[-1] is window.field("SpO₂ scale")
    window.fill("SpO₂ scale", "Scale 1")
    for label, points in (
        ("Respiration rate: 22/min", "2"), ("Oxygen saturation: 93 %", "1"), ("Air or oxygen: air", "0"),
        ("Blood pressure, systolic: 128/76 mmHg", "0"), ("Pulse: 112/min", "2"), ("Temperature: 36.7 °C", "0"),
    ):  # fmt: skip
        window.fill(label, points)
    window.fill("Consciousness, and its points", "Alert")
    window.press("Keep this score")
    assert "NEWS2 5" in window.message and "counts the oxygen saturation otherwise" in window.text
    assert "Emergency" not in window.text and "clinical risk" not in window.text
    window.fill("Oxygen saturation: 93 %", "2")
    window.press("Keep this score")
    assert "otherwise" not in window.text
    window.fill("Observations from now", "At least every hour")
    window.fill("Who comes", "Urgent")
    window.press("Do this now")
    assert "what you say" in window.message
    window.fill("What you say to whom you call", "NEWS2 6, please come.")
    window.press("Do this now")
    assert window.state.part(Deterioration).responses["prosser"].repeat == "hourly"
    assert focus[-1] is window.button("Back to the inbox")
    window.press("Back to the inbox")
    assert "✓ NEWS2 6" in window.text


def test_another_patients_form_is_empty(window):
    window.press("13:30")
    window.press("Score it in the record")
    window.fill("SpO₂ scale", "Scale 1")
    window.press("HADDAD, Nadia")
    assert window.field("SpO₂ scale").value == 0
    window.press("SILVA, João")
    assert "Observations to score" not in window.text
