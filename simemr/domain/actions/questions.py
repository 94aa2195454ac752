"""Answering a question, and handing in."""

from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action

if TYPE_CHECKING:
    from simemr.domain.session import Session


@action
def answer(session: "Session", *, question: str, value: object) -> None:
    known = {q["id"] for q in session.scenario.questions}
    if known and question not in known:
        raise ActionRefused(f"There is no question '{question}' here.")
    if not question:
        raise ActionRefused("The question has no name.")
    session.state.answers[question] = value


@action
def hand_in(session: "Session") -> None:
    if session.state.draft is not None:
        raise ActionRefused("An order is half written. Sign it or cancel it before you hand in.")
    session.state.handed_in = True
