"""Coding allergies on the screen: the banner follows, the alert is that of the list as it is now."""

import pytest

from tests.simemr.view.window import Window, watched_focus


@pytest.fixture
def window(tmp_path):
    made = Window("allergies", tmp_path)
    made.press("RAHMAN, Fatema")
    made.confirm("Full name", "Date of birth")
    return made


def code(window, substance):
    window.fill("Substance", substance)
    for label, value in (
        ("Allergy or intolerance", "Allergy"),
        ("Reaction", "Hives"),
        ("Severity", "Moderate"),
        ("Certainty", "Confirmed"),
        ("Source", "A letter"),
    ):
        window.fill(label, value)
    window.press("Add to the list")


def test_the_banner_says_what_was_coded(window):
    assert "nobody has asked yet" in window.text
    code(window, "Penicillins (all of them)")
    assert "Allergy: Penicillins — hives (2026)" in window.text
    assert window.field("Substance").value == ""


def test_a_substance_in_words_of_ones_own_is_refused_with_what_is_near(window):
    window.fill("Substance", "penicillin")
    window.press("Add to the list")
    assert "Choose the substance from the list: Penicillins" in window.message


def test_what_is_missing_gets_the_focus(window, monkeypatch):
    window.fill("Substance", "Latex")
    with watched_focus(monkeypatch) as focus:
        window.press("Add to the list")
    assert focus[-1].description == "Substance"
    window.fill("Substance", "Natural rubber latex")
    with watched_focus(monkeypatch) as focus:
        window.press("Add to the list")
    assert focus[-1].description == "Allergy or intolerance"
    assert "allergy or an intolerance" in window.message


def test_an_alert_is_always_that_of_the_list_as_it_is_now(window, monkeypatch):
    code(window, "Amoxicillin")
    with watched_focus(monkeypatch) as focus:
        window.press("See what the record says")
    assert "No alert" in window.text and focus[-1].description == "Go on with this order"
    code(window, "Penicillins (all of them)")
    assert "This patient is allergic to penicillins" in window.text
    window.press("Stop: ask for another medicine")
    assert "You decided: stop" in window.text


def test_what_was_chosen_for_one_patient_does_not_stand_in_anothers_form(window):
    window.fill("Substance", "Penicillins (all of them)")
    window.fill("Severity", "Severe")
    window.press("NOVÁK, Irena")
    assert window.field("Substance").value == "" and window.field("Severity").value == ""


def test_no_known_allergies_is_offered_while_the_list_is_empty(window):
    assert window.button("Asked: no known allergies")
    code(window, "Penicillins (all of them)")
    assert "Asked: no known" not in window.text
    window.fill("Entry to remove", "Penicillins")
    window.fill("Why it is removed", "not hers")
    window.press("Remove this entry")
    window.press("Asked: no known allergies")
    assert "No known allergies" in window.text
