"""Order sets: what is often ordered together. A set is a page to tick; each line of it becomes an order of its own."""

from dataclasses import asdict, dataclass
from typing import Any

from simemr.domain.record import MedicineOrder


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """A medicine in a set; ``ticked``: chosen unless it is taken out."""

    medicine: str
    dose: float
    unit: str
    route: str
    frequency: str
    indication: str
    ticked: bool = False

    def written(self) -> dict[str, Any]:
        """Return what the action ``draft_order`` takes, but for the patient and the task."""
        return {key: value for key, value in asdict(self).items() if key != "ticked"}

    def order(self, patient: str) -> MedicineOrder:
        """Return the order it would be for this patient."""
        return MedicineOrder(id="of-a-set", patient=patient, status="draft", start="D0", **self.written())


@dataclass(frozen=True, slots=True)
class TestLine:
    """A laboratory test in a set, ``in_hours`` from now."""

    test: str
    in_hours: int
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class OrderSet:
    """A set with the one thing to settle first (``advice``); ``source`` is a key in book/references.bib."""

    id: str
    name: str
    advice: str
    source: str
    medicines: tuple[MedicineLine, ...] = ()
    tests: tuple[TestLine, ...] = ()
