"""Somebody comes in between: a call or a colleague, planned by the scenario, who asks about another patient.

An interruption comes by itself when what it waits for has been done, so it is read off the events and no action starts
it. While it waits nothing can be written in any record; answering it, or saying that one will come back to it, lets go
of every confirmed identity, because whose record is open is no longer sure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session
    from simemr.domain.state import Event

#: The answer of whoever finishes first what they are doing.
LATER = "later"


@content("interruption")
@dataclass(frozen=True, slots=True)
class Interruption:
    """``who`` comes with ``words`` once the ``nth`` accepted action fits ``after``; without ``after`` any action fits.

    ``answers`` are what the learner can say, in the order shown.
    """

    id: str
    who: str
    words: str
    answers: tuple[str, ...]
    nth: int = 1
    after: dict[str, Any] = field(default_factory=dict)

    def come(self, events: "Iterable[Event]") -> bool:
        """Whether what it waits for has been done."""
        fitting = sum(self._fits(event) for event in events)
        return fitting >= self.nth

    def _fits(self, event: "Event") -> bool:
        known = {**event.args, "action": event.action}
        return all(known.get(key) == value for key, value in self.after.items())


@dataclass
class Answered:
    """What was answered to each interruption; LATER for a promise."""

    given: dict[str, str] = field(default_factory=dict)


def waiting(session: "Session") -> Interruption | None:
    """The interruption that has come and has had no answer of any kind, or None."""
    planned = session.scenario.of(Interruption)
    if not planned:
        return None
    given = session.state.part(Answered).given
    return next((one for one in planned if one.id not in given and one.come(session.state.events)), None)


def promised(session: "Session") -> tuple[Interruption, ...]:
    """The interruptions that the learner said they would come back to."""
    given = session.state.part(Answered).given
    return tuple(one for one in session.scenario.of(Interruption) if given.get(one.id) == LATER)
