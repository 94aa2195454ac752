"""Interruptions, requests and the retract-and-reorder measure: what they refuse, and what they count."""

import dataclasses
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import load, reorder
from simemr.domain.action import ActionRefused
from simemr.domain.actions.requests import Asked, Request
from simemr.domain.interruption import Interruption, promised, waiting
from simemr.domain.scenario import Scenario, Task
from simemr.domain.session import Session

CLOCK = datetime(2026, 3, 12, 14, 0)
ELEANOR, ELAINE = "marsh-eleanor", "marsh-elaine"
PEOPLE = load.hospital(CLOCK, (ELEANOR, ELAINE, "lindqvist-thomas"))
CALL = Interruption("call", "The telephone", "Who?", ("This one", "That one"), after={"action": "confirm_identity"})
TASK = Task("potassium", "", kind="order")
SCENARIO = Scenario("x", "X", CLOCK, identity=True, confirm_again=True, patients=tuple(PEOPLE.patients), tasks=(TASK,))


def session(*interruptions, **changes):
    content = {Interruption: interruptions, Request: (Request("potassium", "A nurse", "For Marsh.", "Elaine."),)}
    return Session(dataclasses.replace(SCENARIO, content=content, **changes), PEOPLE)


def opened(made, patient=ELAINE):
    made.apply("open_patient", {"patient": patient})
    made.apply("confirm_identity", {"patient": patient, "identifiers": ["name", "born"]})
    return made


def potassium(made, patient=ELAINE, task=""):
    made.apply("order_test", {"patient": patient, "test": "potassium", "in_hours": 1, "task": task})


def test_a_call_comes_when_what_it_waits_for_is_done_and_not_before():
    made = session(dataclasses.replace(CALL, nth=2))
    opened(made)
    assert waiting(made) is None
    opened(made, ELEANOR)
    assert waiting(made).id == "call"


def test_without_a_condition_it_comes_after_so_many_actions_of_any_kind():
    made = session(dataclasses.replace(CALL, nth=3, after={}))
    opened(made)
    assert waiting(made) is None
    made.apply("open_tab", {"tab": "results"})
    assert waiting(made) is not None


def test_nothing_is_written_while_somebody_waits():
    made = opened(session(CALL))
    with pytest.raises(ActionRefused, match="The telephone is waiting"):
        potassium(made)
    made.apply("answer_interruption", {"interruption": "call", "answer": "This one"})
    assert waiting(made) is None


@pytest.mark.parametrize("action", ["answer_interruption", "promise_answer"])
def test_after_it_everybody_is_confirmed_anew(action):
    made = opened(session(CALL))
    made.apply(action, {"interruption": "call", **({"answer": "This one"} if action == "answer_interruption" else {})})
    with pytest.raises(ActionRefused, match="Confirm who this is"):
        potassium(made)
    opened(made)
    potassium(made)


def test_a_promise_is_kept_later_and_given_once():
    made = opened(session(CALL))
    made.apply("promise_answer", {"interruption": "call"})
    assert [one.id for one in promised(made)] == ["call"]
    with pytest.raises(ActionRefused, match="promised that already"):
        made.apply("promise_answer", {"interruption": "call"})
    made.apply("answer_interruption", {"interruption": "call", "answer": "That one"})
    assert promised(made) == ()
    with pytest.raises(ActionRefused, match="Nobody waits"):
        made.apply("answer_interruption", {"interruption": "call", "answer": "This one"})


def test_nobody_is_answered_before_they_come_or_with_other_words():
    made = session(CALL)
    with pytest.raises(ActionRefused, match="Nobody waits"):
        made.apply("answer_interruption", {"interruption": "call", "answer": "This one"})
    opened(made)
    with pytest.raises(ActionRefused, match="Choose what you answer"):
        made.apply("answer_interruption", {"interruption": "call", "answer": "later"})


def test_a_draft_that_was_interrupted_is_signed_only_after_another_look():
    made = opened(session(dataclasses.replace(CALL, after={"action": "draft_order"})))
    order = {"medicine": "furosemide", "dose": 40, "unit": "mg", "route": "intravenous", "frequency": "twice-daily"}
    made.apply("draft_order", {"patient": ELAINE, **order})
    for said in ("is waiting", "Confirm who this is"):
        with pytest.raises(ActionRefused, match=said):
            made.apply("sign_order")
        if said == "is waiting":
            made.apply("promise_answer", {"interruption": "call"})
    made.apply("confirm_identity", {"patient": ELAINE, "identifiers": ["name", "born"]})
    made.apply("sign_order")


def test_a_confirmation_holds_until_another_record_is_opened():
    made = opened(session())
    made.apply("open_patient", {"patient": ELAINE})
    potassium(made)
    made.apply("open_patient", {"patient": ELEANOR})
    made.apply("open_patient", {"patient": ELAINE})
    with pytest.raises(ActionRefused, match="Confirm who this is"):
        potassium(made)
    lasting = opened(session(confirm_again=False))
    lasting.apply("open_patient", {"patient": ELEANOR})
    lasting.apply("open_patient", {"patient": ELAINE})
    potassium(lasting)


def test_a_sender_is_asked_once():
    made = session()
    made.apply("ask_back", {"request": "potassium"})
    assert made.state.part(Asked).requests == {"potassium"}
    for request in ("potassium", "nobody"):
        with pytest.raises(ActionRefused):
            made.apply("ask_back", {"request": request})


# ---------------------------------------------------------------------------------------------------------------
# retract and reorder


def test_a_cancelled_test_is_gone_and_leaves_its_task_open():
    made = opened(session())
    potassium(made, task="potassium")
    assert made.state.done == {"potassium"}
    with pytest.raises(ActionRefused, match="Say why"):
        made.apply("cancel_test", {"patient": ELAINE, "test": "potassium", "reason": " "})
    made.apply("cancel_test", {"patient": ELAINE, "test": "potassium", "reason": "Wrong patient."})
    assert (made.state.done, made.state.tests_ordered) == (set(), [])
    with pytest.raises(ActionRefused, match="not asked for"):
        made.apply("cancel_test", {"patient": ELAINE, "test": "potassium", "reason": "Again."})


STEP = st.tuples(st.sampled_from(["order", "cancel"]), st.sampled_from([ELEANOR, ELAINE, "lindqvist-thomas"]))


@given(st.lists(STEP, max_size=12))
def test_what_is_counted_was_placed_taken_back_and_placed_for_somebody_else_in_that_order(steps):
    made = session(identity=False)
    for what, patient in steps:
        made.apply("open_patient", {"patient": patient})
        try:
            if what == "order":
                potassium(made, patient)
            else:
                made.apply("cancel_test", {"patient": patient, "test": "potassium", "reason": "Wrong patient."})
        except ActionRefused:
            pass
    found = reorder.rate(made)
    assert found.orders == made.count("order_test")
    assert len(found.reordered) <= made.count("cancel_test")
    for first, second in found.reordered:
        assert first.seq < first.retracted < second.seq
        assert first.patient != second.patient and first.thing == second.thing
    assert len({second.seq for _, second in found.reordered}) == len(found.reordered)


def test_a_medicine_stopped_and_written_for_somebody_else_is_counted_and_a_change_of_mind_is_not():
    made = session(identity=False)
    order = {"medicine": "furosemide", "dose": 40, "unit": "mg", "route": "intravenous", "frequency": "twice-daily"}

    def write(patient):
        made.apply("open_patient", {"patient": patient})
        made.apply("draft_order", {"patient": patient, **order})
        for alert in made.state.draft.unanswered:
            made.apply("override_alert", {"alert": alert.id, "reason": "specialist-advice", "note": "as asked"})
        made.apply("sign_order")

    write(ELEANOR)
    made.apply("stop_order", {"order": "new-1", "reason": "Changed my mind."})
    write(ELEANOR)
    assert reorder.rate(made).reordered == ()
    made.apply("stop_order", {"order": "new-2", "reason": "Wrong patient."})
    write(ELAINE)
    # each order is the second of one pair only
    [(first, second)] = reorder.rate(made).reordered
    assert (first.patient, second.patient) == (ELEANOR, ELAINE)
    assert reorder.rate(made).orders == 3
