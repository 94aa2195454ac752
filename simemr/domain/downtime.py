"""An outage of the EMR: what is planned for it, and whether the record can be written in now.

It has three phases: "up" until the learner goes over to paper, "down" while the record can only be read, and "back"
when the paper is entered. Time does not pass by itself: the learner's actions lead from one phase to the next.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simemr.domain.action import ActionRefused
from simemr.domain.content import content

if TYPE_CHECKING:
    from simemr.domain.session import Session


@content("outage")
@dataclass(frozen=True, slots=True)
class Outage:
    """When the EMR stops and when it is back; ``words`` announce it."""

    at: datetime
    until: datetime
    words: str


@content("happening")
@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens during the outage; ``wristband`` is what is read out, where one is at the bed.

    What its entry adds to the record, besides a note: a dose of the patient's own ``order``, given by ``by``, or the
    observation ``values`` (breaths, SpO2, oxygen, systolic, diastolic, pulse, consciousness, temperature).
    """

    id: str
    at: datetime
    title: str
    text: str
    wristband: str = ""
    order: str = ""
    by: str = "You"
    values: tuple[Any, ...] = ()


@content("paper_row")
@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row that a colleague wrote on the paper form. ``entered``: they entered it when the EMR was back, untold."""

    id: str
    at: datetime
    by: str
    patient: str
    second: str
    kind: str
    what: str
    order: str = ""
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A row the learner wrote. ``time`` is "14:12"; ``second`` the identifier beside the name."""

    time: str
    patient: str
    second: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a row when the EMR was back: entered (``time``, ``late``), or crossed off for a reason.

    made: what the entry put into the record, so that it can be taken back.
    """

    time: str = ""
    late: bool = False
    crossed: str = ""
    seq: int = 0
    patient: str = ""
    made: tuple[Any, ...] = ()


@dataclass(slots=True)
class Paper:
    """The phase, the learner's rows by happening, and what became of each row, the last word on each last."""

    phase: str = "up"
    written: dict[str, Written] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)


def outage(session: "Session") -> Outage | None:
    """The outage of this scenario, or None."""
    return next(iter(session.scenario.of(Outage)), None)


def require_up(session: "Session") -> None:
    """Refuse to write in the record while the EMR is down."""
    if session.scenario.of(Outage) and session.state.part(Paper).phase == "down":
        raise ActionRefused("The EMR is down: the record can be read, not written. Write it on the paper form.")
