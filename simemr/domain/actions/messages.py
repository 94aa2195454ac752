"""The message desk: every message gets an answer, and the answer the channel that fits how soon it matters."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session

CHANNELS = {
    "reply": "Reply by message",
    "telephone": "Telephone somebody now",
    "page": "Page somebody now",
    "task": "Make it a task for the team, with a time",
    "none": "Read, nothing to answer",
}
BY_VOICE = frozenset({"telephone", "page"})


@content("message")
@dataclass(frozen=True, slots=True)
class Message:
    """A message that lies on the desk; ``patient`` is whom it is about, where it says so."""

    id: str
    at: datetime
    sender: str
    text: str
    patient: str = ""


@content("contact")
@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can be telephoned or paged (``calls``), or can own a result after discharge (``owns``)."""

    id: str
    name: str
    calls: bool = True
    owns: bool = False


@dataclass(frozen=True, slots=True)
class Handled:
    """What was done with a message."""

    channel: str
    to: str = ""
    text: str = ""
    seq: int = 0


@dataclass(slots=True)
class Messages:
    """The state of this part: message -> what was done with it; whether the learner called the desk clear."""

    handled: dict[str, Handled] = field(default_factory=dict)
    clear: bool = False


def contacts(session: "Session") -> list[Contact]:
    """Whom one can telephone or page."""
    return [contact for contact in session.scenario.of(Contact) if contact.calls]


def handled(session: "Session", message: str) -> Handled | None:
    """What was done with the message, or None."""
    return session.state.part(Messages).handled.get(message)


@action
def handle_message(session: "Session", *, message: str, channel: str, to: str = "", text: str = "") -> None:
    if message not in {found.id for found in session.scenario.of(Message)}:
        raise ActionRefused("There is no such message.")
    if channel not in CHANNELS:
        raise ActionRefused("Choose what you do with the message.")
    if channel in BY_VOICE and to not in {contact.id for contact in contacts(session)}:
        raise ActionRefused("Choose whom you call.")
    if channel != "none" and len(text.strip()) < 3:
        raise ActionRefused("Write what you say, in a sentence or two.")
    seq = len(session.state.events) + 1
    given = Handled(channel, to if channel in BY_VOICE else "", text.strip() if channel != "none" else "", seq)
    session.state.part(Messages).handled[message] = given


@action
def clear_desk(session: "Session") -> None:
    part = session.state.part(Messages)
    left = sum(message.id not in part.handled for message in session.scenario.of(Message))
    if left:
        raise ActionRefused(f"{left} message{' is' if left == 1 else 's are'} still to answer.")
    part.clear = True
