"""The inbox: what is refused, what is read back, and what an answer leaves behind."""

import pytest

from simemr.domain import load, scenario
from simemr.domain.action import ActionRefused
from simemr.domain.actions.inbox import Arrival, Inbox, answered
from simemr.domain.session import Session


@pytest.fixture(scope="module")
def given():
    found = scenario.load("results-and-deterioration")
    return found, load.hospital(found.clock, found.patients)


@pytest.fixture
def session(given):
    return Session(*given)


def written(session, patient, value):
    session.apply("write_down_call", {"item": "telephone", "patient": patient, "value": value})


def test_a_call_goes_no_further_before_it_is_written_down(session):
    with pytest.raises(ActionRefused, match="Write down first"):
        session.apply("escalate_result", {"item": "telephone", "to": "registrar", "words": "Please come."})
    with pytest.raises(ActionRefused, match="Write down first"):
        session.apply("read_back_call", {"item": "telephone"})


@pytest.mark.parametrize(
    ("patient", "value", "says"),
    [("marsh-elaine", 6.6, "another patient.*6 0 4 1 1 8"), ("marsh-eleanor", 6.0, "not 6 mmol/L")],
)
def test_the_laboratory_hears_a_mistake_only_when_it_is_read_back(session, patient, value, says):
    written(session, patient, value)
    with pytest.raises(ActionRefused, match=says):
        session.apply("read_back_call", {"item": "telephone"})
    assert session.state.part(Inbox).written["telephone"].read_back == 0


def test_a_result_read_back_is_in_the_record_once(session):
    written(session, "marsh-eleanor", 6.6)
    assert session.patient("marsh-eleanor").latest("potassium").value == 5.6
    for _ in range(2):
        session.apply("read_back_call", {"item": "telephone"})
    series = [result.value for result in session.patient("marsh-eleanor").series("potassium")]
    assert series[-2:] == [5.6, 6.6]


def test_an_answer_files_the_result_and_can_be_taken_back(session):
    session.apply("acknowledge_result", {"item": "low-potassium"})
    assert session.patient("marsh-elaine").latest("potassium").value == 3.3
    assert session.hospital.patients["marsh-elaine"].latest("potassium").value == 3.6
    session.apply("reopen_result", {"item": "low-potassium"})
    assert session.state.part(Inbox).answers == {}
    with pytest.raises(ActionRefused, match="no answer"):
        session.apply("reopen_result", {"item": "low-potassium"})


@pytest.mark.parametrize(
    ("action", "args", "says"),
    [
        ("act_on_result", {"words": " "}, "what you do"),
        ("escalate_result", {"to": "gp", "words": "now"}, "whom you ring"),
        ("escalate_result", {"to": "registrar", "words": ""}, "what you say"),
        ("forward_result", {"to": "registrar", "words": "later"}, "to whom"),
        ("own_pending", {"owner": "requester", "days": 3, "plan": "look"}, "no such pending"),
    ],
)
def test_what_is_not_complete_is_refused(session, action, args, says):
    with pytest.raises(ActionRefused, match=says):
        session.apply(action, {"item": "gas", **args})


def test_a_result_still_to_come_takes_an_owner_and_nothing_else(session):
    with pytest.raises(ActionRefused, match="owner and a plan"):
        session.apply("acknowledge_result", {"item": "nodule"})
    session.apply("own_pending", {"item": "nodule", "owner": "requester", "days": 3, "plan": "They ring him."})
    assert session.state.part(Inbox).owners["nodule"].days == 3


def test_the_inbox_task_is_done_with_the_last_answer_and_open_again_without_it(session):
    written(session, "marsh-eleanor", 6.6)
    to_answer = [arrival for arrival in session.scenario.of(Arrival) if arrival.kind != "pending"]
    for arrival in to_answer:
        assert "results" not in session.state.done
        session.apply("acknowledge_result", {"item": arrival.id})
    assert "results" in session.state.done and all(answered(session, arrival) for arrival in to_answer)
    session.apply("reopen_result", {"item": "gas"})
    assert "results" not in session.state.done


def test_every_value_is_of_the_catalogue_and_newer_than_the_record(given):
    found, hospital = given
    for arrival in found.of(Arrival):
        assert arrival.at <= found.clock and (arrival.patient or arrival.who)
        for test, _value in arrival.values:
            assert test in hospital.tests
            if arrival.patient:
                latest = hospital.patients[arrival.patient].latest(test)
                assert latest is None or latest.at < arrival.at
