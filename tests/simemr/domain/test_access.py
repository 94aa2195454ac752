"""Locked records: opened by the glass or by the help desk, and by nothing else."""

from datetime import datetime

import pytest

from simemr.domain import load
from simemr.domain.access import Access, Lock, locked
from simemr.domain.action import ActionRefused
from simemr.domain.scenario import Scenario
from simemr.domain.session import Session

CLOCK = datetime(2026, 3, 12, 14, 0)
PEOPLE = ("marsh-eleanor", "marsh-elaine", "silva-joao")
LOCKS = (
    Lock("marsh-eleanor", "She is not yours.", "Twenty minutes."),
    Lock("marsh-elaine", "She comes to you at six.", "You have access now.", grants=True),
)


@pytest.fixture
def session():
    hospital = load.hospital(CLOCK, PEOPLE)
    return Session(Scenario("made", "Made", CLOCK, patients=PEOPLE, content={Lock: LOCKS}), hospital)


def refused(session, action, **args):
    with pytest.raises(ActionRefused) as refusal:
        session.apply(action, args)
    return str(refusal.value)


def test_a_locked_record_says_the_two_ways_and_stays_closed(session):
    said = refused(session, "open_patient", patient="marsh-eleanor")
    assert "She is not yours." in said and "break the glass" in said and "help desk" in said
    assert not session.state.patient
    session.apply("open_patient", {"patient": "silva-joao"})


def test_the_glass_needs_a_reason_and_a_sentence_opens_the_record_and_is_remembered(session):
    eleanor = {"patient": "marsh-eleanor"}
    assert "why" in refused(session, "break_glass", **eleanor, reason="", words="She does not answer.")
    assert "sentence" in refused(session, "break_glass", **eleanor, reason="emergency", words="urgent")
    assert not session.state.part(Access).opened
    session.apply("break_glass", {**eleanor, "reason": "emergency", "words": "She does not answer."})
    assert session.state.patient == "marsh-eleanor"
    assert session.state.part(Access).opened["marsh-eleanor"].words == "She does not answer."
    session.apply("open_patient", {"patient": "silva-joao"})
    session.apply("open_patient", eleanor)
    assert "already" in refused(session, "break_glass", **eleanor, reason="emergency", words="Once more, please.")


def test_the_help_desk_opens_only_what_it_grants(session):
    for patient, opens in (("marsh-eleanor", False), ("marsh-elaine", True)):
        session.apply("ask_help_desk", {"patient": patient, "words": "for my round"})
        assert (locked(session, patient) is None) is opens
    assert "not locked" in refused(session, "ask_help_desk", patient="silva-joao", words="for my round")
