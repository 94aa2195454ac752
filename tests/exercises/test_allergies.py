"""Allergies: the examiner is fair, the stories agree with the records, nothing gives the key away."""

import re

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading.scoring import score
from simemr.domain.actions.allergies import Narrative, Trial, Uncoded, alerts_for
from simemr.domain.session import Session
from tests.grading.help import REPOSITORY

COURSE = course_file.load(REPOSITORY, check_folders=False)


@pytest.fixture(scope="module")
def made():
    return exercise_file.load(COURSE, "allergies")


@pytest.fixture(scope="module")
def answers(made):
    return exercise_file._python(made.folder / "answers.py", made.slug)


def missed(exercise, actions):
    return {c.id for c in score(exercise, exercise.log_text(actions)).criteria if not c.met}


def test_other_good_answers_earn_everything(made, answers):
    for name, actions in answers.ALSO_RIGHT.items():
        assert missed(made, actions) == set(), name


def test_what_the_debrief_sends_one_to_read_is_a_heading_of_the_lesson(made):
    lesson = (COURSE.lessons / "allergies.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^#{2,3} (.+)$", lesson, re.MULTILINE))
    assert {criterion.read for criterion in made.criteria} <= headings


def test_a_missed_critical_step_does_not_pass(made):
    alone = [w for w in made.wrong.values() if set(w.misses) & set(made.critical) and w.score >= 0.8 * made.max]
    assert alone
    for wrong in made.wrong.values():
        if set(wrong.misses) & set(made.critical):
            assert not score(made, made.log_text(wrong.actions)).passed


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
