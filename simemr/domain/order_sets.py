"""Order sets: what is often ordered together. A set is a page to tick; each line of it becomes an order of its own."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simemr.domain import units
from simemr.domain.formulary import Formulary


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

    def order(self) -> dict[str, Any]:
        """Return what the action ``draft_order`` takes, but for the patient and the task."""
        return {key: value for key, value in asdict(self).items() if key != "ticked"}


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


def fault(found: OrderSet, formulary: Formulary, tests: Collection[str] | Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong with a set, and the word by which its line is found; ("", "") where nothing is."""
    for line in found.medicines:
        medicine = formulary.medicines.get(line.medicine)
        if medicine is None:
            return f"there is no medicine '{line.medicine}' in formulary.toml", line.medicine
        if line.frequency not in formulary.frequencies:
            return f"there is no frequency '{line.frequency}'", line.frequency
        if line.route not in medicine.routes:
            return f"{line.medicine} has no route '{line.route}'", line.medicine
        if not (line.dose > 0 and units.same_kind(line.unit, medicine.unit)):
            return f"{line.medicine} can't be given as {line.dose:g} {line.unit}", line.medicine
    for test in found.tests:
        if test.test not in tests:
            return f"there is no test '{test.test}' in tests.toml", test.test
    return ("", "") if found.medicines or found.tests else ("the set is empty", found.id)
