"""Answering somebody who comes in between, at once or after finishing what one was doing."""

from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.interruption import LATER, Answered, Interruption, waiting

if TYPE_CHECKING:
    from simemr.domain.session import Session


@action
def answer_interruption(session: "Session", *, interruption: str, answer: str) -> None:
    here = _come(session, interruption)
    if answer not in here.answers:
        raise ActionRefused("Choose what you answer.")
    _settle(session, interruption, answer)


@action
def promise_answer(session: "Session", *, interruption: str) -> None:
    _come(session, interruption)
    if interruption in session.state.part(Answered).given:
        raise ActionRefused("You have promised that already.")
    _settle(session, interruption, LATER)


def _come(session: "Session", interruption: str) -> Interruption:
    """Return the interruption that waits, or that was promised an answer."""
    given = session.state.part(Answered).given
    found = next((one for one in session.scenario.of(Interruption) if one.id == interruption), None)
    if found is None or (given.get(interruption) != LATER and found != waiting(session)):
        raise ActionRefused("Nobody waits for that answer.")
    return found


def _settle(session: "Session", interruption: str, answer: str) -> None:
    session.state.part(Answered).given[interruption] = answer
    # whoever was interrupted can't be sure any more whose record they were in
    session.state.confirmed.clear()
