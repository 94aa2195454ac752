"""The right patient: the examiner is fair, the traps are there, and nothing gives the key away."""

import pytest

from simemr.domain import when
from tests.exercises.help import missed, scored

SLUG = "right-patient"


def test_an_error_that_was_put_right_still_passes(made):
    assert scored(made, made.wrong["noticed it, took it back, and did it in the right record"].actions).passed


def test_asking_after_the_order_is_too_late_and_a_tick_for_what_nobody_said_is_no_comparison(made, answers):
    told = answers.chart(answers.FATEMA, "name", "hospital_number")
    late = told + answers.test(answers.FATEMA, "crp", 24, "crp") + answers.ask("crp")
    assert missed(made, answers.answer(crp=late)) == {"asked", "confirmed"}
    born = answers.chart(answers.ELAINE, "hospital_number", "name") + answers.furosemide(answers.ELAINE)
    assert missed(made, answers.answer(diuretic=born)) == {"confirmed"}


@pytest.mark.parametrize(
    ("words", "taken_back"),
    [
        ("Entered in error, this note belongs to another patient.", True),
        ("Please ignore the note above, wrong Mr Doyle", True),
        ("Comfortable, eating.", False),
    ],
)
def test_a_note_in_the_wrong_record_is_taken_back_by_a_note_that_says_so(made, answers, words, taken_back):
    steps = answers.chart(answers.FATHER, "name", "born") + answers.note(answers.FATHER)
    steps += (
        answers.note(answers.FATHER, words) + answers.chart(answers.SON, "name", "born") + answers.note(answers.SON)
    )
    assert ("nothing-wrong" not in missed(made, answers.answer(histology=steps))) is taken_back


@pytest.mark.parametrize(
    "words",
    [
        "Histology on Tuesday, team will phone him.",
        "Path lab rang: report ready Tues",
        "result Tue - miss nakamura to ring pt",
    ],
)
def test_a_note_counts_in_plain_words(made, answers, words):
    steps = answers.chart(answers.SON, "born", "hospital_number")
    steps = answers.ask("histology") + steps + answers.note(answers.SON, words)
    assert missed(made, answers.answer(histology=steps)) == set()


def test_the_requests_lead_where_the_key_says_and_the_traps_are_there(made, rubric):
    people = made.hospital.patients
    requests = {r.id: r for kind, given in made.scenario.content.items() if kind.__name__ == "Request" for r in given}
    for task, owner in rubric.OWNER.items():
        person, told = people[owner], f"{requests[task].words} {requests[task].reply}"
        number = f"{person.hospital_number[:3]} {person.hospital_number[3:]}"
        born = f"{person.born.day} {person.born:%B} {person.born.year}"
        assert person.given in told
        assert number in told or born in told
    eleanor, elaine = people[rubric.ELEANOR], people[rubric.ELAINE]
    # the number in the request is the other's; the bed in the next one too
    assert f"{elaine.hospital_number[:3]} {elaine.hospital_number[3:]}" in requests["potassium"].words
    assert eleanor.bed in requests["diuretic"].words
    assert people[rubric.FATHER].bed in requests["histology"].words
    fatima, fatema = people[rubric.FATIMA], people[rubric.FATEMA]
    assert (fatima.born.day, fatima.born.month) == (fatema.born.month, fatema.born.day)
    assert "4/7/68" in requests["crp"].words


def test_the_caller_can_be_told_the_right_value_and_the_neighbours(made, rubric):
    people = made.hospital.patients
    [call] = next(given for kind, given in made.scenario.content.items() if kind.__name__ == "Interruption")
    today = [
        r.value
        for r in people[rubric.FATIMA].results
        if r.test == "potassium" and r.at.date() == made.scenario.clock.date()
    ]
    assert today == [5.0]
    for value in [
        r.value
        for r in people[rubric.FATEMA].results
        if r.test == "potassium" and when.parse("D0 00:00", made.scenario.clock) < r.at
    ]:
        assert f"{value} mmol/L" in call.answers


def test_the_learners_own_rate_is_in_the_debrief(made):
    wrong = made.wrong["noticed it, took it back, and did it in the right record"]
    found = {c.id: c for c in scored(made, wrong.actions).criteria}
    assert "You placed 4 orders; 1 of them taken back" in found["reorder"].evidence


def test_the_scenario_holds_no_key(made):
    text = (made.folder / "scenario.toml").read_text(encoding="utf-8")
    for task in made.scenario.tasks:
        assert not task.patient and "patient" not in task.done
    assert "owner" not in text.lower()
