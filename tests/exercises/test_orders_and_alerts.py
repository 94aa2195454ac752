"""Orders and alerts: the examiner is fair, decision support agrees with the key, and nothing gives the key away."""

import re

import pytest

from simemr.domain import rules
from simemr.domain.session import Session
from tests.exercises.help import load, missed, python_of, scored

DOCTOR, NURSE = "orders-and-alerts-doctor", "orders-and-alerts-nurse"


@pytest.fixture(scope="module", params=[DOCTOR, NURSE])
def made(request):
    return load(request.param)


@pytest.fixture(scope="module")
def doctor():
    return load(DOCTOR)


@pytest.fixture(scope="module")
def nurse():
    return load(NURSE)


# ---------------------------------------------------------------------------------------------------------------
# the doctor's list


def with_step(doctor, key, steps):
    return python_of(doctor, "answers").answer(**{key: steps})


DOSES = [
    # (patient, medicine, dose, unit, route, frequency, task, whether it is accepted)
    ("bannerman-rose", "paracetamol", 660, "mg", "intravenous", "every-6-hours", "pain", True),
    ("bannerman-rose", "paracetamol", 650, "mg", "intravenous", "every-8-hours", "pain", True),
    ("bannerman-rose", "paracetamol", 0.5, "g", "intravenous", "four-times-daily", "pain", True),
    ("bannerman-rose", "paracetamol", 66, "mg", "intravenous", "every-6-hours", "pain", False),
    ("bannerman-rose", "paracetamol", 500, "mg", "oral", "every-6-hours", "pain", False),
    ("bannerman-rose", "paracetamol", 660, "mg", "intravenous", "once-only", "pain", False),
    ("silva-joao", "paracetamol", 1000, "mg", "oral", "four-times-daily", "belly_pain", True),
    ("silva-joao", "paracetamol", 1, "g", "oral", "every-8-hours", "belly_pain", True),
    ("silva-joao", "paracetamol", 1, "g", "intravenous", "every-6-hours", "belly_pain", False),
    ("desai-vikram", "colchicine", 500, "microgram", "oral", "four-times-daily", "gout", True),
    ("desai-vikram", "prednisolone", 35, "mg", "oral", "every-24-hours", "gout", True),
    ("desai-vikram", "paracetamol", 500, "mg", "oral", "once-only", "gout", False),
    ("marsh-eleanor", "doxycycline", 100, "mg", "oral", "twice-daily", "pneumonia", True),
    ("marsh-eleanor", "doxycycline", 200, "mg", "oral", "every-24-hours", "pneumonia", True),
    ("haddad-nadia", "gentamicin", 0.32, "g", "intravenous", "every-24-hours", "sepsis", True),
    ("haddad-nadia", "gentamicin", 80, "mg", "intravenous", "every-24-hours", "sepsis", False),
    ("marsh-elaine", "furosemide", 40, "mg", "oral", "twice-daily", "diuretic", False),
]


@pytest.mark.parametrize("line", DOSES, ids=lambda line: f"{line[1]} {line[2]} {line[3]} {line[5]}")
def test_orders_are_accepted_by_what_they_give_and_not_by_how_they_are_written(doctor, line):
    answers = python_of(doctor, "answers")
    *order, key, accepted = line
    overrides = []
    session = Session(doctor.scenario, doctor.hospital)
    for action, args in answers.chart(order[0]):
        session.apply(action, args)
    session.apply(*answers.draft(*order, key.replace("_", "-")))
    if not accepted:
        overrides = [(a.id, "specialist-advice", "so it was asked") for a in session.state.draft.unanswered]
    steps = answers.order(*order, key.replace("_", "-"), overrides=overrides)
    assert (missed(doctor, with_step(doctor, key, steps)) == set()) is accepted


@pytest.mark.parametrize(
    ("words", "accepted"),
    [
        ("K 5.6", True),
        ("hyperkalaemia", True),
        ("hyperkalemia on today's bloods", True),
        ("AKI on CKD", True),
        ("Ward round says it stays off", True),
        ("not now", False),
        ("see notes", False),
    ],
)
def test_a_reason_counts_when_it_names_what_speaks_against_the_ramipril(doctor, words, accepted):
    actions = with_step(doctor, "ramipril", [("decline_task", {"task": "ramipril", "reason": words})])
    assert ("potassium" not in missed(doctor, actions)) is accepted


@pytest.mark.parametrize(
    ("words", "accepted"),
    [
        ("felt sick with co-amoxiclav, nothing else", True),
        ("not allergic, GI side effect only", True),
        ("had amoxicillin 2019 ok", True),
        ("d/w Dr Farouk", True),
        ("ok", False),
        ("needed", False),
    ],
)
def test_an_override_counts_when_its_words_name_a_fact(doctor, words, accepted):
    answers = python_of(doctor, "answers")
    line = ("okonkwo-daniel", "flucloxacillin", 2000, "mg", "intravenous", "every-6-hours", "cellulitis")
    steps = answers.order(*line, overrides=[("allergy:penicillin", "alert-does-not-apply", words)])
    assert ("override" not in missed(doctor, with_step(doctor, "cellulitis", steps))) is accepted


def test_what_the_lists_ask_for_wrongly_is_what_decision_support_stops(doctor):
    """The alerts of the answer that clicked everything away are the hazards that the exercise is about."""
    session = Session(doctor.scenario, doctor.hospital)
    for action, args in doctor.wrong["every alert clicked away"].actions:
        session.apply(action, args)
    met = {alert.hazard for event in session.state.events for alert in event.alerts if alert.interrupts}
    advised = {alert.hazard for event in session.state.events for alert in event.alerts if not alert.interrupts}
    expected = {"allergy", "laboratory", "single-dose", "age", "duplication", "route", "diagnosis", "daily-dose"}
    assert expected <= met
    assert "corollary" in advised


def test_a_made_up_route_in_a_log_is_scored_and_not_a_fault_of_the_course(doctor):
    answers = python_of(doctor, "answers")
    line = ("silva-joao", "paracetamol", 1000, "mg", "by-owl", "every-6-hours", "belly-pain")
    steps = answers.order(*line, overrides=[("route:by-owl", "specialist-advice", "so it was asked")])
    assert missed(doctor, with_step(doctor, "belly_pain", steps)) == {"doses"}


# ---------------------------------------------------------------------------------------------------------------
# the nurse's check


def stops(nurse, order):
    """The hazards for which decision support would interrupt this order."""
    hospital = nurse.hospital
    person = hospital.patients[order.patient]
    found = rules.check(order, person, person.medicines, hospital.formulary, hospital.tests, hospital.clock)
    return {alert.hazard for alert in found if alert.interrupts}


def test_decision_support_agrees_with_the_key(nurse):
    rubric = python_of(nurse, "rubric")
    orders = {order.id: order for order in nurse.scenario.orders}
    assert set(orders) == {*rubric.UNSAFE, *rubric.ALARMING, *rubric.PLAIN}
    assert len(rubric.UNSAFE) == 4 and len(rubric.ALARMING) + len(rubric.PLAIN) == 6
    for name, (hazards, _) in rubric.UNSAFE.items():
        assert stops(nurse, orders[name]) & hazards, name
    for name in (*rubric.ALARMING, *rubric.PLAIN):
        # an intolerance of a penicillin is what makes flucloxacillin look alarming
        assert stops(nurse, orders[name]) <= ({"allergy"} if name == "flucloxacillin" else set()), name


def test_neither_accepting_nor_challenging_everything_passes(nurse):
    answers = python_of(nurse, "answers")
    rubric = python_of(nurse, "rubric")

    def everything(step):
        return answers.answer(**{order.replace("-", "_"): step(order) for order in answers.ORDERS})

    def well_worded(order):
        if order in rubric.UNSAFE:
            return answers.STEPS[order]
        return answers.challenge(order, "single-dose", "I am not sure about this dose, please check it.")

    for actions in (everything(answers.accept), everything(well_worded)):
        assert not scored(nurse, actions).passed


def test_the_scenarios_hold_no_key(made):
    text = (made.folder / "scenario.toml").read_text(encoding="utf-8").lower()
    for word in ("unsafe =", "hazard =", "key =", "doxycycline", "660", "3.75", "anaphylaxis", "apixaban"):
        assert word not in text
    for task in made.scenario.tasks:
        assert not re.search(r"decline|override|do not order|no order|too (much|high|large)", task.text + task.hint)
