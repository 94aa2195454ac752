"""Coding an allergy: what may be coded, what the list says then, and which orders it stops."""

from datetime import datetime

import pytest

from simemr.domain import load
from simemr.domain.action import ActionRefused
from simemr.domain.actions.allergies import CLASSES, Coding, Trial, Uncoded, substances
from simemr.domain.scenario import Scenario
from simemr.domain.session import Session

CLOCK = datetime(2026, 3, 12, 14, 0)
FATEMA = "rahman-fatema"
HIVES = {
    "patient": FATEMA,
    "substance": "class:penicillin",
    "type": "allergy",
    "reaction": "hives",
    "severity": "moderate",
    "certainty": "confirmed",
    "source": "letter",
}


def trial(medicine, dose=500, unit="mg"):
    return Trial(medicine, FATEMA, medicine, dose, unit, "oral", "four-times-daily")


TRIALS = (trial("flucloxacillin"), trial("codeine", 30), trial("co-codamol", 1, "tablet"), trial("doxycycline", 100))


@pytest.fixture(scope="module")
def hospital():
    return load.hospital(CLOCK, (FATEMA, "okonkwo-daniel"))


@pytest.fixture
def session(hospital):
    content = {Uncoded: (Uncoded(FATEMA),), Trial: TRIALS}
    made = Session(Scenario("made", "Made", CLOCK, patients=(FATEMA,), content=content), hospital)
    made.apply("open_patient", {"patient": FATEMA})
    return made


def code(session, **otherwise):
    session.apply("record_allergy", HIVES | otherwise)


def stopped(session):
    """The prepared orders that an allergy stops."""
    found = set()
    for each in TRIALS:
        _, alerts = session.apply("try_order", {"trial": each.id})
        if any(a.hazard == "allergy" and a.interrupts for a in alerts):
            found.add(each.id)
    return found


def test_a_list_that_did_not_come_over_begins_empty_and_nobody_else_is_touched(session):
    assert session.patient(FATEMA).allergies == ()
    assert session.patient(FATEMA).allergy_status == "not asked"
    assert session.patient("okonkwo-daniel").allergies


def test_every_class_offered_is_one_of_the_formulary(hospital):
    offered = substances(hospital.formulary)
    assert {f"class:{c}" for c in CLASSES} <= set(offered)
    assert len(set(map(str.casefold, offered.values()))) == len(offered)


def test_an_alert_fires_for_what_was_coded_and_for_nothing_else(session):
    assert stopped(session) == set()
    code(session, substance="medicine:amoxicillin")
    assert stopped(session) == set()
    code(session)
    assert stopped(session) == {"flucloxacillin"}
    code(session, substance="medicine:codeine", type="intolerance", reaction="vomiting")
    assert stopped(session) == {"flucloxacillin", "codeine", "co-codamol"}


def test_a_thing_that_no_formulary_knows_stops_no_medicine(session):
    code(session, substance="other:latex", reaction="contact-rash")
    assert session.patient(FATEMA).allergies[0].substance == "Natural rubber latex"
    assert stopped(session) == set()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("substance", "substance"),
        ("type", "allergy or an intolerance"),
        ("reaction", "the reaction"),
        ("severity", "how severe"),
        ("certainty", "how certain"),
        ("source", "says so"),
    ],
)
def test_each_part_of_an_entry_is_asked_for(session, key, said):
    with pytest.raises(ActionRefused, match=said):
        code(session, **{key: ""})
    assert session.patient(FATEMA).allergies == ()


def test_an_entry_stands_once_and_is_taken_off_with_a_reason(session):
    code(session)
    with pytest.raises(ActionRefused, match="already"):
        code(session, severity="severe")
    with pytest.raises(ActionRefused, match="few words"):
        session.apply("remove_allergy", {"patient": FATEMA, "substance": "Penicillins", "reason": ""})
    with pytest.raises(ActionRefused, match="Choose the entry"):
        session.apply("remove_allergy", {"patient": FATEMA, "substance": "Latex", "reason": "not hers"})
    session.apply("remove_allergy", {"patient": FATEMA, "substance": "Penicillins", "reason": "not hers"})
    # an empty list does not mean that she was asked
    assert session.patient(FATEMA).allergy_status == "not asked"


def test_none_known_is_said_only_of_an_empty_list(session):
    code(session)
    with pytest.raises(ActionRefused, match="Remove what is wrong"):
        session.apply("no_known_allergies", {"patient": FATEMA})
    session.apply("remove_allergy", {"patient": FATEMA, "substance": "Penicillins", "reason": "not hers"})
    session.apply("no_known_allergies", {"patient": FATEMA})
    assert session.patient(FATEMA).allergy_status == "none known"
    code(session)
    assert session.patient(FATEMA).allergy_status == "recorded"


def test_an_order_is_decided_after_it_was_looked_at(session):
    with pytest.raises(ActionRefused, match="See first"):
        session.apply("settle_order", {"trial": "codeine", "choice": "stop"})
    session.apply("try_order", {"trial": "codeine"})
    session.apply("settle_order", {"trial": "codeine", "choice": "stop"})
    assert session.state.part(Coding).settled == {"codeine": "stop"}
