"""The problem list on the screen: choosing a line, the four things to do with it, and where the focus goes."""

import time

import pytest

from tests.simemr.view.window import Window, watched_focus


@pytest.fixture
def window(tmp_path):
    made = Window("problem-list", tmp_path)
    made.press("BANNERMAN, Rose")
    made.confirm("Full name", "Hospital number")
    return made


def listed(window):
    return [p.text for p in window.shell.session.open_patient.problems if p.status == "active"]


def test_a_line_is_chosen_coded_and_stays_chosen(window, monkeypatch):
    window.press("Knee OA")
    with watched_focus(monkeypatch) as sent:
        window.fill("Code", "m17.11")
        window.fill("Since when", "2015")
        window.press("Save code and date")
    assert sent[-1].description == "Knee OA"
    assert window.shows("Osteoarthritis of the right knee") and window.message == "✓ Saved: Knee OA."
    assert window.field("Code").value == ""


def test_what_can_not_be_done_is_said_and_the_field_is_reached(window, monkeypatch):
    window.press("Knee OA")
    with watched_focus(monkeypatch) as sent:
        window.fill("Code", "knee")
        window.press("Save code and date")
        assert "There is no code “knee”" in window.message and sent[-1].description == "Code"
        window.press("It is over")
        window.press("Resolve it")
        assert "since when it is over" in window.message and sent[-1].description == "Over since when"
        window.press("Not a problem")
        window.press("Take it off the list")
        assert "Choose why" in window.message and sent[-1].description == "Why it is none"
        window.press("Same as another")
        window.press("Merge into the other")
        assert "Choose which problem" in window.message
    assert len(listed(window)) == 14


def test_what_was_taken_off_can_be_put_back(window):
    assert not window.shows("Merged or taken off")
    window.press("UTI")
    window.press("Not a problem")
    window.fill("Why it is none", "Entered in error")
    window.press("Take it off the list")
    assert "UTI" not in listed(window) and window.shows("Merged or taken off")
    window.fill("Put back on the list", "UTI")
    window.press("Put it back")
    assert "UTI" in listed(window) and not window.shows("Merged or taken off")


def test_a_missing_problem_is_added_and_the_form_closes(window):
    window.press("UTI")
    window.press("Add a problem")
    assert not window.shows("Same as another"), "one thing at a time"
    window.fill("Problem, in plain words", "Weight loss")
    window.press("Add to the list")
    assert "Choose its code" in window.message
    window.fill("Its code", "Weight loss that was not intended (R63.4)")
    window.press("Add to the list")
    assert listed(window)[-1] == "Weight loss" and not window.shows("Add to the list")


def test_nothing_is_written_before_the_patient_is_confirmed(tmp_path):
    window = Window("problem-list", tmp_path)
    window.press("BANNERMAN, Rose")
    window.press("UTI")
    window.press("It is over")
    window.fill("Over since when", "2025")
    window.press("Resolve it")
    assert "Confirm who this is" in window.message


def test_a_click_is_quick(window):
    times = []
    for name in ("UTI", "HTN", "Anaemia", "Cataracts"):
        start = time.perf_counter()
        window.button(name).click()
        times.append(time.perf_counter() - start)
    assert sorted(times)[len(times) // 2] < 0.05
