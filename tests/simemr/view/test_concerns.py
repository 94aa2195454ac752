"""Concerns on the screen: written where they are seen, listed by urgency, changed, and where the focus goes."""

import time

import pytest

from tests.simemr.view.window import Window, watched_focus


@pytest.fixture
def window(tmp_path):
    made = Window("chart-review-doctor", tmp_path)
    made.press("SOLBERG, Ingrid")
    return made


@pytest.fixture
def confirmed(window):
    window.confirm("Full name", "Hospital number")
    return window


def write(window, about, kind="Result not acted on", soon="Today", plan="Repeat it now."):
    window.press("Write a concern")
    window.fill("What it is about", about)
    window.fill("What kind of concern", kind)
    window.fill("How soon", soon)
    window.fill("What you would do", plan)
    window.press("Save this concern")


def test_the_form_opens_only_when_the_patient_is_confirmed(window):
    window.press("Write a concern")
    assert "two identifiers" in window.message and not window.shows("Save this concern")


def test_the_form_offers_what_the_open_part_shows(confirmed):
    for tab, part in (("Results", "A result"), ("Notes", "Something in a note"), ("Administration", "A medicine")):
        confirmed.press(tab)
        confirmed.press("Write a concern")
        assert confirmed.field("Where it stands").label == part
        confirmed.press("Close")


def test_an_open_form_follows_the_record_until_something_is_picked(confirmed):
    confirmed.press("Results")
    confirmed.press("Write a concern")
    confirmed.press("Notes")
    assert confirmed.field("Where it stands").label == "Something in a note"
    confirmed.fill("What it is about", "Note of yesterday 18:30")
    confirmed.fill("What you would do", "Change the antibiotic.")
    confirmed.press("Medicines")
    assert confirmed.field("What it is about").label.startswith("Note of yesterday 18:30")
    assert confirmed.field("What you would do").value == "Change the antibiotic."


def test_what_is_missing_is_said_and_the_field_is_reached(confirmed, monkeypatch):
    confirmed.press("Results")
    confirmed.press("Write a concern")
    with watched_focus(monkeypatch) as sent:
        confirmed.press("Save this concern")
        assert "what it is about" in confirmed.message and sent[-1].description == "What it is about"
        confirmed.fill("What it is about", "Potassium")
        confirmed.press("Save this concern")
        assert sent[-1].description == "What kind of concern"


def test_saved_said_counted_and_back_to_reading(confirmed, monkeypatch):
    confirmed.press("Results")
    with watched_focus(monkeypatch) as sent:
        write(confirmed, "Potassium")
    assert confirmed.message == "✓ Written down: Potassium 5.8 mmol/L, today 06:00."
    assert sent[-1].description == "Write a concern" and confirmed.shows("1 on your list")


def test_a_line_of_the_list_is_changed_and_taken_off(confirmed, monkeypatch):
    confirmed.press("Results")
    write(confirmed, "Troponin")
    write(confirmed, "Potassium", soon="Now")
    confirmed.press("Concerns")
    assert confirmed.text.index("Potassium 5.8") < confirmed.text.index("Troponin T")
    confirmed.press("Potassium 5.8")
    assert confirmed.field("What you would do").value == "Repeat it now."
    confirmed.fill("What you would do", "Stop it, ECG.")
    confirmed.press("Save this concern")
    assert confirmed.shows("Stop it, ECG.") and not confirmed.shows("Change this concern")
    confirmed.press("Troponin T")
    with watched_focus(monkeypatch) as sent:
        confirmed.press("Take it off the list")
    assert "Taken off the list: Troponin T" in confirmed.message and confirmed.shows("Your concerns · 1")
    assert sent[-1].description.startswith("Potassium 5.8")


def test_another_attempt_begins_with_nothing(confirmed):
    confirmed.press("Results")
    write(confirmed, "Potassium")
    confirmed.press("Write a concern")
    confirmed.shell.do("hand_in")
    confirmed.shell.start_again()
    confirmed.press("SOLBERG, Ingrid")
    assert confirmed.shows("Nothing on your list yet") and not confirmed.shows("Save this concern")


def test_a_click_takes_less_than_fifty_milliseconds(confirmed):
    confirmed.press("Results")
    for test in ("Potassium", "Creatinine", "Troponin", "C-reactive", "Urea", "Magnesium"):
        write(confirmed, test)
    took = []
    for _ in range(5):
        for tab in ("Notes", "Concerns", "Medicines"):
            start = time.perf_counter()
            confirmed.press(tab)
            took.append(time.perf_counter() - start)
    assert sorted(took)[len(took) // 2] < 0.05
