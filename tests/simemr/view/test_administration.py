"""The medicine round on the screen: labels are pressed or typed, the safe act stands out, the focus follows."""

import pytest

from tests.simemr.view.window import Window, watched_focus

SLUG = "medication-administration-nurse"


@pytest.fixture
def window(tmp_path):
    made = Window(SLUG, tmp_path)
    made.press("MARSH, Elaine")
    return made


def take_up(window, words="18:00 · Furosemide"):
    window.press(words)


def test_labels_that_are_pressed_are_scanned(window):
    take_up(window)
    assert "Give without a match" in window.text
    window.press("MARSH, Eleanor\n12 Mar")
    assert "wristband of MARSH, Eleanor" in window.message
    assert "em-primary" not in window.button("Give this dose")._dom_classes
    window.press("MARSH, Elaine\n21 Nov")
    window.press("Furosemide 20 mg in 2 mL")
    assert "Take 2 ampoules" in window.text
    assert "em-primary" in window.button("Give this dose")._dom_classes
    assert "Give without a match" not in window.text


def test_what_does_not_match_is_not_given_by_the_plain_button(window):
    take_up(window)
    window.press("Give this dose")
    assert "does not match" in window.message
    window.press("Give without a match")
    assert "em-primary" in window.button("Back to scanning")._dom_classes
    window.press("Give it anyway")
    assert "Choose why" in window.message


def test_a_new_reading_stands_in_the_record_and_is_taken_once(window):
    take_up(window)
    window.press("Take observations now")
    assert "94/58" in window.text and "Take observations now" not in window.text
    window.press("Observations")
    assert "94/58" in window.text


def test_a_hold_stands_on_the_chart_and_the_focus_goes_to_the_next_dose(window, monkeypatch):
    take_up(window)
    window.press("Do not give")
    window.fill("Why it is not given", "A limit in the order")
    window.fill("What you found, and whom you told", "94/58, Dr Nair told")
    with watched_focus(monkeypatch) as focus:
        window.press("Record it as not given")
    assert focus[-1].description.startswith("18:00 · Enoxaparin")
    assert "‖ Held: 18:00 · Furosemide" in window.text and "94/58, Dr Nair told" in window.text
    window.press("Medicines")
    assert "94/58, Dr Nair told" in window.text


def test_a_torn_wristband_is_mended(window):
    window.press("HADDAD, Nadia")
    take_up(window, "18:00 · Paracetamol")
    window.press("HADDAD, Nadia\n19 Feb")
    assert "torn" in window.message
    window.press("Print a new wristband")
    window.press("HADDAD, Nadia\n19 Feb")
    assert "Scan the pack" in window.message


def test_all_orders_of_one_medicine_stand_together(window):
    window.press("DESAI, Vikram")
    chart = window.text
    first, second = chart.index("1,000 mg by mouth, every 6 hours"), chart.index("1,000 mg by mouth, once only")
    assert first < second < chart.index("Bisoprolol")


def test_half_written_words_do_not_follow_to_another_dose(window):
    take_up(window)
    window.press("Do not give")
    window.fill("What you found, and whom you told", "dizzy")
    take_up(window, "18:00 · Enoxaparin")
    window.press("Do not give")
    assert window.field("What you found, and whom you told").value == ""
