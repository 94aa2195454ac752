"""Requests that come from other people, and asking them back whom they mean."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session


@content("request")
@dataclass(frozen=True, slots=True)
class Request:
    """What ``who`` asks for; ``id`` is the task's. ``reply`` is what they say when asked whom they mean."""

    id: str
    who: str
    words: str
    reply: str


@dataclass
class Asked:
    """The requests whose senders were asked back."""

    requests: set[str] = field(default_factory=set)


@action
def ask_back(session: "Session", *, request: str) -> None:
    if request_of(session, request) is None:
        raise ActionRefused(f"There is no request '{request}' to ask about.")
    asked = session.state.part(Asked).requests
    if request in asked:
        raise ActionRefused("You have asked already; the answer stands below the request.")
    asked.add(request)


def request_of(session: "Session", task: str) -> Request | None:
    """The request that a task comes from, or None."""
    return next((one for one in session.scenario.of(Request) if one.id == task), None)
