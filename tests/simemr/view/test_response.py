"""Reading a chart on the screen: counts, conclusion and steps are kept, and there again on reopening."""

import pytest

from tests.simemr.view.window import Window, watched_focus

SLUG = "medication-administration-doctor"


def opened(folder):
    window = Window(SLUG, folder)
    window.press("PETRIE, Gordon")
    return window


@pytest.fixture
def window(tmp_path):
    made = opened(tmp_path)
    made.confirm("Full name", "Hospital number")
    return made


def test_the_chart_shows_the_judged_medicines_first_with_what_was_written_and_the_pressures(window):
    chart = window.text
    assert chart.index("Amlodipine") < chart.index("Aspirin")
    assert "Late: due 08:00" in chart and "Written beside doses" in chart and "196/102" in chart


def test_a_count_asks_for_both_of_its_parts(window, monkeypatch):
    with watched_focus(monkeypatch) as focus:
        window.press("Save ramipril")
    assert "how many doses of ramipril" in window.message and focus[-1].description.startswith("Ramipril: doses")
    window.fill("Ramipril: doses given before 11:00 today", "1")
    window.press("Save ramipril")
    assert "why most of the others" in window.message


def test_what_was_said_is_there_again(window, tmp_path):
    window.fill("Doxazosin: doses given before 11:00 today", "0")
    window.fill("Doxazosin: why most of the others were not", "Not on the ward")
    window.press("Save doxazosin")
    window.press("Most doses did not reach him")
    step = "Tell the surgical team and the anaesthetist what was given and what was not"
    window.fill(step, True)
    window.press("Save these next steps")
    window.shell.attempt.close()
    again = Window(SLUG, tmp_path)
    assert "Saved: 0 given. Not on the ward." in again.text and "1 next step saved" in again.text
    assert again.field(step).value is True
    assert "em-open" in again.button("Most doses did not reach him")._dom_classes
    again.shell.attempt.close()


def test_nothing_is_asked_about_another_patient(window):
    window.press("RAHMAN, Fatima")
    assert "You are not asked to judge" in window.text
    assert "What was really given?" not in window.text
