"""Medication administration: the examiner is fair, the traps stand in the data, nothing gives the key away."""

from datetime import timedelta

import pytest

from simemr.domain import rules
from simemr.domain.actions.administration import Bedside, Dose, Label, administrations, order_of, pieces
from simemr.domain.actions.response import Course
from simemr.domain.session import Session
from tests.exercises.help import load, missed, python_of

DOCTOR, NURSE = "medication-administration-doctor", "medication-administration-nurse"


@pytest.fixture(scope="module")
def nurse():
    return load(NURSE)


# ---------------------------------------------------------------------------------------------------------------
# the nurse's round


def test_for_each_dose_a_pack_that_is_right_is_within_reach(nurse):
    session = Session(nurse.scenario, nurse.hospital)
    for dose in nurse.scenario.of(Dose):
        order = order_of(session, dose.patient, dose.order)
        right = [
            la
            for la in nurse.scenario.of(Label)
            if la.kind == "pack"
            and la.patient in ("", dose.patient)
            and la.medicine == order.medicine
            and (not la.routes or order.route in la.routes)
            and pieces(la, order)
            and la.expires > f"{nurse.scenario.clock:%Y-%m-%d}"
        ]
        assert right, dose.id


def test_the_traps_are_in_the_data(nurse):
    session = Session(nurse.scenario, nurse.hospital)
    clock = nurse.scenario.clock
    # the limit: fine at lunch, not met now
    elaine = session.patient("marsh-elaine")
    assert elaine.observations[-1].sbp >= 100 and clock - elaine.observations[-1].at > timedelta(hours=4)
    assert next(b for b in nurse.scenario.of(Bedside) if b.patient == "marsh-elaine").sbp < 100
    # the double dose: paracetamol within four hours, and with this one over 4 g in 24 hours
    desai = session.patient("desai-vikram")
    names = {"paracetamol", "paracetamol-once"}
    given = [c.at for c in administrations(session, desai) if c.order in names and c.status == "given"]
    assert clock - max(given) < timedelta(hours=4)
    assert sum(clock - at < timedelta(hours=24) for at in given) == 4
    # and no other patient's dose comes too early
    for dose in nurse.scenario.of(Dose):
        order = order_of(session, dose.patient, dose.order)
        before = [
            c.at
            for c in administrations(session, session.patient(dose.patient))
            if c.status == "given" and order_of(session, dose.patient, c.order).medicine == order.medicine
        ]
        if before and dose.patient != "desai-vikram":
            assert clock - max(before) >= timedelta(hours=4), dose.id


def test_decision_support_has_nothing_against_what_is_to_be_given(nurse):
    session = Session(nurse.scenario, nurse.hospital)
    for name in python_of(nurse, "rubric").GIVE:
        dose = next(d for d in nurse.scenario.of(Dose) if d.id == name)
        order = order_of(session, dose.patient, dose.order)
        alerts = rules.check(
            order, session.patient(dose.patient), session.active_orders(dose.patient), nurse.hospital.formulary,
            nurse.hospital.tests, nurse.scenario.clock,
        )  # fmt: skip
        # she has not been given her own tablets since she came in
        allowed = {"duplication"} if name == "novak-metformin" else set()
        assert {a.hazard for a in alerts if a.interrupts} <= allowed, name


@pytest.mark.parametrize(
    ("note", "full"),
    [
        ("BP 94/58, Dr Nair informed", True),
        ("systolic 94 - doctor rang", True),
        ("low BP, team aware, will be reviewed", True),
        ("dizzy and hypotensive. Escalated.", True),
        ("held", False),
        ("BP low", False),
        ("doctor told", False),
    ],
)
def test_words_of_a_hold_count_when_they_give_the_finding_and_who_knows(nurse, note, full):
    answers = python_of(nurse, "answers")
    steps = answers.hold("elaine-furosemide", "limit", note, before=[answers.measure("marsh-elaine")])
    assert ("words" not in missed(nurse, answers.answer(elaine_furosemide=steps))) is full


def test_beeps_on_the_way_cost_nothing_and_passing_them_over_does(nurse):
    answers = python_of(nurse, "answers")
    wandering = [("scan", {"code": code}) for code in ("W 604118", "P 1257", "S 2089")]
    assert missed(nurse, answers.answer(elaine_enoxaparin=answers.give("elaine-enoxaparin", wandering))) == set()
    past = answers.bypass("elaine-enoxaparin", "urgent", "no time", scans=["P 1240"])
    assert "no-bypass" in missed(nurse, answers.answer(elaine_enoxaparin=past))


def test_the_nurses_scenario_holds_no_key(nurse):
    text = (nurse.folder / "scenario.toml").read_text(encoding="utf-8").lower()
    for word in ("trap", "wrong", "hypotens", "4 g", "too soon", "crush"):
        assert word not in text


# ---------------------------------------------------------------------------------------------------------------
# the doctor's reading of the chart


@pytest.fixture(scope="module")
def doctor():
    return load(DOCTOR)


def test_the_counts_and_reasons_are_those_of_the_chart(doctor):
    session = Session(doctor.scenario, doctor.hospital)
    chart = administrations(session, session.patient("petrie-gordon"))
    counts = python_of(doctor, "rubric").COUNTS
    due = 0
    for course in doctor.scenario.of(Course):
        doses = [c for c in chart if c.order in course.orders and c.at <= course.until]
        # the ramipril of 08:00 today had not been given by then, and stands on the chart at 12:50
        due += len(doses) + sum(c.order in course.orders and c.due is not None for c in chart if c.at > course.until)
        assert sum(c.status == "given" for c in doses) == counts[course.id][0], course.id
    assert due == 9
    fasting = [c for c in chart if c.order.startswith("ramipril") and "Nil by mouth" in c.note]
    refused = [c for c in chart if c.order.startswith("amlodipine") and c.status == "refused"]
    assert len(fasting) == len(refused) == 2
    assert next(c for c in chart if c.order == "doxazosin").note.startswith("Not on the ward")


@pytest.mark.parametrize(
    ("reason", "accepted"),
    [
        ("only 2 of 9 doses given", True),
        ("He hasn't had his tablets: nil by mouth twice, refusing amlodipine", True),
        ("meds held / missed - not treatment failure", True),
        ("ramipril only given at 12:50", True),
        ("not indicated", False),
        ("see my note", False),
    ],
)
def test_a_no_counts_when_it_says_what_changes_the_question(doctor, reason, accepted):
    answers = python_of(doctor, "answers")
    assert ("request" not in missed(doctor, answers.answer(request=answers.close(reason)))) is accepted


@pytest.mark.parametrize(("medicine", "dose"), [("spironolactone", 25), ("bisoprolol", 1.25), ("doxazosin", 2)])
def test_whatever_lowers_the_pressure_further_is_seen_whichever_task_it_is_written_for(doctor, medicine, dose):
    answers = python_of(doctor, "answers")
    # whoever raises the doxazosin stops the old order, or would have two
    stop = [("stop_order", {"order": "petrie-gordon/doxazosin", "reason": "raised"})] * (medicine == "doxazosin")
    actions = answers.answer(note=[*stop, *answers.order(medicine, dose, task=""), *answers.STEPS["note"]])
    assert missed(doctor, actions) == {"nothing-more"}


def test_the_doctors_scenario_holds_no_key(doctor):
    text = (doctor.folder / "scenario.toml").read_text(encoding="utf-8").lower()
    for word in ("right =", "correct", "nil-by-mouth", "not-available", "12:50 today"):
        assert word not in text
