"""Medication reconciliation: the examiner is fair, the sources are whole, and a line of a source fills the form."""

import pytest

from simemr.domain.actions.reconciliation import MedicineSource, SourceLine
from tests.exercises.help import missed
from tests.simemr.view.window import Window

SLUG = "medication-reconciliation"


def test_every_line_belongs_to_a_source_and_to_a_medicine_of_the_formulary(made):
    sources = {source.id for source in made.scenario.of(MedicineSource)}
    lines = made.scenario.of(SourceLine)
    assert {line.source for line in lines} == sources
    formulary = made.hospital.formulary
    for line in lines:
        assert line.medicine in formulary.medicines, line.id
        assert line.stopped or (line.dose and line.frequency in formulary.frequencies), line.id


@pytest.mark.parametrize(
    ("medicine", "reason", "accepted"),
    [
        ("ramipril", "dry cough", True),
        ("ramipril", "not with losartan", True),
        ("ramipril", "as discussed", False),
        ("amlodipine", "ankle swelling", True),
        ("amlodipine", "ask GP", False),
        ("ibuprofen", "NSAID, renal risk", True),
        ("ibuprofen", "stop this", False),
    ],
)
def test_a_reason_counts_when_it_names_a_fact(made, answers, medicine, reason, accepted):
    compared = {**answers.COMPARED, medicine: {**answers.COMPARED[medicine], "note": "Please review."}}
    listed = {**answers.LIST, medicine: answers.home("stopped", reason)}
    assert ("why" not in missed(made, answers.answer(compared=compared, home_list=listed))) is accepted


def test_losartan_paused_without_a_reason_that_holds_is_losartan_lost(made, answers):
    listed = {**answers.LIST, "losartan": answers.home("withheld", "for now")}
    assert "losartan" in missed(made, answers.answer(home_list=listed))


@pytest.fixture
def window(tmp_path):
    opened = Window(SLUG, tmp_path)
    opened.press("RAHMAN, Fatima")
    opened.confirm("Full name", "Hospital number")
    return opened


def test_a_line_fills_the_form_and_one_that_agrees_adds_its_source(window):
    window.press("Losartan 50 mg once a day")
    assert (window.field("Medicine").value, window.field("Dose").value) == ("Losartan", "50")
    window.press("Losartan: ")
    ticked = [t for t in ("The surgery's list", "The January letter", "Mrs Rahman herself") if window.field(t).value]
    assert ticked == ["The January letter", "Mrs Rahman herself"]
    window.press("Save this line")
    assert "Losartan is in the history." in window.message


def test_a_line_that_disagrees_begins_anew(window):
    window.press("Atorvastatin 20 mg")
    window.press("Atorvastatin 40 mg at night")
    assert window.field("Dose").value == "40"
    assert not window.field("The surgery's list").value and window.field("The January letter").value


def test_a_stopped_line_keeps_the_dose_and_says_that_it_is_not_taken(window):
    window.press("Amlodipine 5 mg")
    window.press("AMLODIPINE stopped")
    assert window.field("Dose").value == "5" and window.field("Does the patient take it?").label == "Does not take it"


def test_the_second_step_waits_for_the_first(window):
    window.press("2. Compare")
    assert "Sign the history first" in window.message
