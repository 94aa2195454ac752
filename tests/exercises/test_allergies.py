"""Allergies: the examiner is fair, the stories agree with the records, nothing gives the key away."""

import pytest

from simemr.domain.actions.allergies import Narrative, Trial, Uncoded, alerts_for
from simemr.domain.session import Session
from tests.exercises.help import missed

SLUG = "allergies"


def test_there_are_eight_stories_one_for_each_patient(made):
    assert sorted(n.patient for n in made.scenario.of(Narrative)) == sorted(made.scenario.patients)
    assert len(made.scenario.patients) == 8


def test_the_stories_agree_with_what_the_hospital_has_coded(made):
    """Where the coded list was taken away for the exercise, the model brings the same facts back."""
    session = Session(made.scenario, made.hospital)
    for action, args in made.model[:-1]:
        session.apply(action, args)
    told = {u.patient for u in made.scenario.of(Uncoded)}
    for patient in sorted(told):
        for had in made.hospital.patients[patient].allergies:
            now = session.patient(patient).allergies
            assert any((a.type, a.class_ or a.substance) == (had.type, had.class_ or a.substance) for a in now), patient


def test_nothing_but_an_allergy_stands_against_the_prepared_orders(made):
    session = Session(made.scenario, made.hospital)
    for trial in made.scenario.of(Trial):
        assert [a for a in alerts_for(session, trial) if a.interrupts] == [], trial.id


@pytest.mark.parametrize(
    ("key", "line", "misses"),
    [
        ("older", ("class:ace-inhibitor", "allergy", "anaphylaxis", "severe", "confirmed", "patient"), set()),
        ("older", ("medicine:ramipril", "allergy", "angioedema", "severe", "confirmed", "letter"), {"angioedema"}),
        ("kavanagh", ("medicine:ramipril", "intolerance", "cough", "mild", "confirmed", "letter"), {"cough"}),
        ("novak", ("other:plaster", "allergy", "contact-rash", "mild", "unconfirmed", "family"), {"things"}),
        ("haddad", ("class:nsaid", "allergy", "hives", "moderate", "confirmed", "note"), {"things"}),
        (
            "prosser",
            ("other:sulfonamide-antibiotics", "allergy", "wheeze", "mild", "unconfirmed", "patient"),
            {"sulfites"},
        ),
    ],
)
def test_an_entry_counts_by_what_it_says(made, answers, key, line, misses):
    patient = {
        "older": answers.OLDER, "kavanagh": answers.KAVANAGH, "novak": answers.NOVAK, "haddad": answers.HADDAD,
        "prosser": answers.PROSSER,
    }[key]  # fmt: skip
    assert missed(made, answers.answer(**{key: answers.code(patient, *line)})) == misses


def test_an_ibuprofen_entry_that_was_taken_off_is_missed(made, answers):
    gone = ("remove_allergy", {"patient": answers.PROSSER, "substance": "Ibuprofen", "reason": "tidying"})
    assert missed(made, answers.answer(prosser=[*answers.STEPS["prosser"], gone])) == {"sulfites"}


def test_the_scenario_holds_no_key(made):
    text = (made.folder / "scenario.toml").read_text(encoding="utf-8").lower()
    for word in ("side effect", "class:", "other:", "moderate", "unconfirmed", "right ="):
        assert word not in text
