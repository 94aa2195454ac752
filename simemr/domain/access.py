"""Which records are locked for the learner, and how they came to be open: by breaking the glass, or by the help desk.

A lock keeps a record from being opened. What is behind it is nobody's secret from whoever treats the patient: breaking
the glass always works, at once, and is written down.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simemr.domain.action import ActionRefused
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session


@content("lock")
@dataclass(frozen=True, slots=True)
class Lock:
    """A record the learner's account does not open. ``why`` is a sentence.

    reply: what the help desk says when asked for access. grants: whether it then opens the record.
    """

    patient: str
    why: str
    reply: str = ""
    grants: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A glass that was broken: the reason from the list, the learner's own words, the event's number."""

    reason: str
    words: str
    seq: int = 0


@dataclass(slots=True)
class Access:
    """The glasses broken, and what the help desk was asked for, by patient."""

    opened: dict[str, Opened] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)


def lock_of(session: "Session", patient: str) -> Lock | None:
    """The lock on this record, opened or not."""
    return next((lock for lock in session.scenario.of(Lock) if lock.patient == patient), None)


def locked(session: "Session", patient: str) -> Lock | None:
    """The lock that keeps this record closed now, or None."""
    lock = lock_of(session, patient)
    if lock is None:
        return None
    access = session.state.part(Access)
    granted = lock.grants and patient in access.asked
    return None if granted or patient in access.opened else lock


def require_unlocked(session: "Session", patient: str) -> None:
    """Refuse to open a locked record, and say which two ways there are."""
    lock = locked(session, patient)
    if lock is not None:
        raise ActionRefused(
            f"This record is locked. {lock.why} In an emergency, break the glass; where access is only missing, ask"
            " the help desk."
        )
