"""What is true in a session now: plain values that only actions change and views read."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from simemr.domain.record import MedicineOrder, Note, Patient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    """An accepted action. ``at`` is the UTC time it was written down (never used to decide anything)."""

    seq: int
    action: str
    args: dict[str, Any]
    at: str = ""
    alerts: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """Why an interruptive alert was overridden."""

    alert: str
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An order being written: its alerts, and the overrides given so far."""

    order: MedicineOrder
    task: str = ""
    alerts: tuple[Any, ...] = ()
    overrides: tuple[Override, ...] = ()

    @property
    def unanswered(self) -> tuple[Any, ...]:
        """The interruptive alerts that still need a decision."""
        given = {override.alert for override in self.overrides}
        return tuple(a for a in self.alerts if a.severity == "interruptive" and a.id not in given)


@dataclass(frozen=True, slots=True)
class Signed:
    """An order that was signed, with what the record warned of and how it was answered."""

    order: MedicineOrder
    task: str
    alerts: tuple[Any, ...]
    overrides: tuple[Override, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class TestOrder:
    """A laboratory test asked for, ``in_hours`` from the session's clock."""

    patient: str
    test: str
    in_hours: int
    task: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A nurse's answer to an order: "accept", or "challenge" with the hazard and the words."""

    verdict: str
    hazard: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A defect marked in an extract."""

    kind: str
    decision: str


@dataclass(slots=True)
class State:
    """What is true now. Only actions change it; views read it.

    ``records`` holds the patients whose record the learner changed, whole: read them by ``Session.patient``.
    ``parts`` holds what only one part of the EMR knows of: read it by ``part``.
    """

    patient: str = ""
    tab: str = "summary"
    desk: str = ""
    records: dict[str, Patient] = field(default_factory=dict)
    parts: dict[type, Any] = field(default_factory=dict)
    confirmed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    orders: dict[str, MedicineOrder] = field(default_factory=dict)
    signed: list[Signed] = field(default_factory=list)
    tests_ordered: list[TestOrder] = field(default_factory=list)
    draft: Draft | None = None
    notes: list[tuple[str, Note]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    flags: dict[tuple[str, str], Flag] = field(default_factory=dict)
    declined: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    handed_in: bool = False
    events: list[Event] = field(default_factory=list)

    def part(self, kind: type[T]) -> T:
        """Return the state of one part of the EMR, empty at first; ``kind`` is that part's own dataclass."""
        return self.parts.setdefault(kind, kind())

    def done_tasks(self) -> set[str]:
        """The ids of the tasks that are done."""
        return set(self.done)
