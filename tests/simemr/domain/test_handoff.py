"""Handover, messages and discharge summary: what is refused, and that nothing is closed before it is whole."""

from datetime import datetime

import pytest

from simemr.domain import load
from simemr.domain.actions.discharge import Discharge, StayTest, summary_of
from simemr.domain.actions.handoff import Handoff, ReadBack, sheet_of
from simemr.domain.actions.messages import Contact, Message, handled
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused, Session

CLOCK = datetime(2026, 3, 12, 14)
WHO, OTHER = "lindqvist-thomas", "marsh-elaine"


@pytest.fixture
def session():
    content = {
        Handoff: (Handoff(WHO, "Sam"),),
        ReadBack: (ReadBack("one", WHO, "He is stable."), ReadBack("two", WHO, "He stays.")),
        Message: (Message("m1", CLOCK, "Laboratory", "Potassium 6.6."), Message("m2", CLOCK, "Clerk", "Cake.")),
        Contact: (Contact("boss", "Dr Iyer", owns=True), Contact("gp", "The family doctor", calls=False, owns=True)),
        Discharge: (Discharge(WHO, "today"),),
        StayTest: (StayTest("scan", WHO, "CT report"),),
    }
    patients, tabs = (WHO, OTHER), ("handoff", "discharge")
    scenario = Scenario("end", "End", CLOCK, patients=patients, tabs=tabs, desks=("messages",), content=content)
    made = Session(scenario, load.hospital(CLOCK, patients))
    made.apply("open_patient", {"patient": WHO})
    return made


def refused(session, action, **args):
    with pytest.raises(ActionRefused) as found:
        session.apply(action, args)
    return str(found.value)


def written(session):
    session.apply("write_handoff", {"patient": WHO, "severity": "stable", "summary": "Lung clot, well, home today."})
    session.apply("add_to_do", {"patient": WHO, "what": "Give him the letter", "when": "shift"})
    session.apply("add_contingency", {"patient": WHO, "if_": "he bleeds", "then": "ring Dr Iyer"})
    return session


def test_only_what_is_to_be_handed_over_is(session):
    session.apply("open_patient", {"patient": OTHER})
    said = {"patient": OTHER, "severity": "stable", "summary": "Heart failure, better."}
    assert "not for you" in refused(session, "write_handoff", **said)
    assert "not going home" in refused(session, "write_summary", patient=OTHER, section="course", text="Well.")


def test_a_handover_is_not_given_before_four_elements_are_there(session):
    assert "how ill" in refused(session, "give_handoff", patient=WHO)
    assert "how ill" in refused(session, "write_handoff", patient=WHO, severity="fine", summary="Lung clot, well.")
    assert "summary" in refused(session, "write_handoff", patient=WHO, severity="stable", summary="ok")
    assert "by when" in refused(session, "add_to_do", patient=WHO, what="Letter", when="soon")
    assert "two halves" in refused(session, "add_contingency", patient=WHO, if_="he bleeds", then="")
    written(session).apply("drop_contingency", {"patient": WHO, "number": 1})
    assert refused(session, "give_handoff", patient=WHO) == "Not yet: a plan for what may happen is missing."
    assert "no such line" in refused(session, "drop_to_do", patient=WHO, number=2)


def test_the_receiver_is_heard_to_the_end(session):
    answer = {"patient": WHO, "line": "one", "answer": "right"}
    assert "Give the handover first" in refused(session, "answer_readback", **answer)
    written(session).apply("give_handoff", {"patient": WHO})
    session.apply("answer_readback", answer)
    assert "everything" in refused(session, "close_handoff", patient=WHO)
    assert "right instead" in refused(session, "answer_readback", patient=WHO, line="two", answer="wrong")
    wrong = {"patient": WHO, "line": "two", "answer": "wrong", "correction": "No, he goes home."}
    session.apply("answer_readback", wrong)
    session.apply("close_handoff", {"patient": WHO})
    assert sheet_of(session, WHO).closed


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"message": "m9", "channel": "none"}, "no such message"),
        ({"message": "m1", "channel": "pigeon"}, "what you do"),
        ({"message": "m1", "channel": "page", "text": "Please come."}, "whom you call"),
        ({"message": "m1", "channel": "page", "to": "gp", "text": "Please come."}, "whom you call"),
        ({"message": "m1", "channel": "reply"}, "what you say"),
    ],
)
def test_half_an_answer_to_a_message_is_refused(session, args, words):
    assert words in refused(session, "handle_message", **args)


def test_the_desk_is_clear_when_every_message_is_answered(session):
    session.apply("handle_message", {"message": "m1", "channel": "page", "to": "boss", "text": "Please come now."})
    assert refused(session, "clear_desk") == "1 message is still to answer."
    session.apply("handle_message", {"message": "m2", "channel": "none"})
    session.apply("clear_desk", {})
    assert handled(session, "m1").to == "boss" and session.state.done_tasks() == set()


def test_a_summary_is_signed_when_texts_and_medicines_are_there(session):
    sections = ("diagnoses", "course", "follow-up", "told")
    for section in sections[:-1]:
        session.apply("write_summary", {"patient": WHO, "section": section, "text": "Lung clot."})
    assert refused(session, "sign_summary", patient=WHO) == "Still empty: What the patient was told."
    session.apply("write_summary", {"patient": WHO, "section": "told", "text": "All of it."})
    assert "Apixaban and 3 more" in refused(session, "sign_summary", patient=WHO)
    home = {"patient": WHO, "order": f"{WHO}/apixaban", "decision": "home"}
    assert "how long" in refused(session, "send_home_with", **home)
    assert "no such active order" in refused(session, "send_home_with", **{**home, "order": f"{WHO}/home-omeprazole"})
    for order in ("apixaban", "amlodipine", "omeprazole", "paracetamol"):
        session.apply("send_home_with", {**home, "order": f"{WHO}/{order}", "words": "three months"})
    session.apply("sign_summary", {"patient": WHO})
    assert summary_of(session, WHO).signed
    session.apply("write_summary", {"patient": WHO, "section": "told", "text": "And more."})
    assert not summary_of(session, WHO).signed


def test_a_result_still_to_come_needs_a_test_an_owner_a_date_and_a_way(session):
    whole = {"patient": WHO, "test": "scan", "owner": "gp", "due": "days", "tell": "letter"}
    for key, words in (("test", "test"), ("owner", "who looks"), ("due", "due"), ("tell", "hears")):
        assert words in refused(session, "list_pending", **{**whole, key: "x"})
    session.apply("list_pending", whole)
    session.apply("drop_pending", {"patient": WHO, "test": "scan"})
    assert "not on the list" in refused(session, "drop_pending", patient=WHO, test="scan")
