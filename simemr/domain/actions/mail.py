"""The mailbox: each message judged by what can be seen in it, and what to do with it.

Nothing here can be clicked: a link is the words it shows and the address it leads to, as two texts.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused, action
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session

VERDICTS = {
    "genuine": "Genuine",
    "phishing": "Phishing",
    "unsure": "I can't tell from the message",
}
SIGNS = {
    "sender": "The sender's address is not the one it claims to be",
    "link": "The link leads elsewhere than it says",
    "password": "It asks for a password or a code",
    "pressure": "It presses: at once, in secret, or else",
    "attachment": "A file that nobody expected",
}
ACTS = {
    "do": "Do what it asks",
    "none": "Read it: there is nothing to do",
    "verify": "Check with the sender by another way, such as a number I know",
    "report": "Report it to IT security, and touch nothing in it",
    "delete": "Delete it",
}


@content("mailbox")
@dataclass(frozen=True, slots=True)
class Ours:
    """The ending that all addresses of the hospital share."""

    ending: str


@content("mail")
@dataclass(frozen=True, slots=True)
class Mail:
    """A message: the name it shows, the address behind it, its text; a link's words and its target; a file's name."""

    id: str
    at: datetime
    sender: str
    address: str
    subject: str
    text: str
    link: str = ""
    target: str = ""
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What the learner makes of a message."""

    verdict: str
    signs: tuple[str, ...]
    act: str


@dataclass(slots=True)
class Mailbox:
    """The answers by message."""

    sorted: dict[str, Sorted] = field(default_factory=dict)


@action
def judge_mail(session: "Session", *, mail: str, verdict: str, act: str, signs: list) -> None:
    if mail not in {found.id for found in session.scenario.of(Mail)}:
        raise ActionRefused("There is no such message.")
    if verdict not in VERDICTS:
        raise ActionRefused("Choose what you take the message for.")
    if any(sign not in SIGNS for sign in signs):
        raise ActionRefused("Choose the signs from the list.")
    if verdict == "phishing" and not signs:
        raise ActionRefused("Choose at least one sign that shows it.")
    if act not in ACTS:
        raise ActionRefused("Choose what you do with the message.")
    given = session.state.part(Mailbox).sorted
    given[mail] = Sorted(verdict, tuple(sorted(set(signs))), act)
    left = len(session.scenario.of(Mail)) - len(given)
    for task in session.scenario.tasks:
        if task.kind == "mail" and not left:
            session.state.done.add(task.id)
