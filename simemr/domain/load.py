"""Reads the hospital's text files into values, and says file and line where one is wrong.

Nothing is half loaded: the first fault raises DataError and no hospital comes back.
"""

import dataclasses
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from simemr.domain import formulary as formulary_module
from simemr.domain import when
from simemr.domain.order_sets import MedicineLine, OrderSet, TestLine
from simemr.domain.record import (
    Administration,
    Allergy,
    Hospital,
    LabTest,
    MedicineOrder,
    Note,
    Observation,
    Patient,
    Problem,
    Result,
    Unit,
)
from simemr.domain.units import same_kind

DATA = Path(__file__).resolve().parent.parent / "data"


class DataError(ValueError):
    """A data file is missing or wrong. The text is ``file:line: what is wrong``."""


@dataclasses.dataclass(frozen=True)
class TomlFile:
    """A parsed TOML file that can still say on which line a thing stands."""

    path: Path
    text: str
    data: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "TomlFile":
        """Read and parse ``path``. Raises DataError for a missing, unreadable or malformed file."""
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise DataError(f"{path}:1: there is no such file") from None
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path}:1: it can't be read ({error})") from None
        try:
            return cls(path, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            line = getattr(error, "lineno", None) or _line_in_message(str(error))
            raise DataError(f"{path}:{line}: {error}") from None

    def line(self, needle: str, table: str = "", index: int = 0) -> int:
        """Return the line of ``needle`` in the ``index``-th entry of ``table``, else the line of that entry.

        An entry is a ``[[table]]``, or a row of ``table = [`` with one entry a line.
        """
        lines = self.text.splitlines()
        start, end = 0, len(lines)
        if table:
            start, end = _entry(lines, table, index)
        for number in range(start, end):
            if needle and needle in lines[number]:
                return number + 1
        return start + 1

    def error(self, message: str, needle: str = "", table: str = "", index: int = 0) -> DataError:
        return DataError(f"{self.path}:{self.line(needle, table, index)}: {message}")


def _entry(lines: list[str], table: str, index: int) -> tuple[int, int]:
    """Return (first line, line after the last) of an entry, counted from 0."""
    heads = [n for n, text in enumerate(lines) if text.strip() in (f"[[{table}]]", f"[{table}]")]
    if heads:
        start = heads[min(index, len(heads) - 1)]
        return start, next((n for n in range(start + 1, len(lines)) if lines[n].startswith("[")), len(lines))
    opening = next((n for n, text in enumerate(lines) if text.replace(" ", "").startswith(f"{table}=[")), 0)
    rows = [n for n in range(opening, len(lines)) if lines[n].lstrip().startswith("{")]
    start = rows[min(index, len(rows) - 1)] if rows else opening
    return start, start + 1


def _line_in_message(message: str) -> int:
    # before Python 3.14 the line stands only in the words "(at line 12, column 3)"
    words = message.replace(",", " ").split()
    return int(words[words.index("line") + 1]) if "line" in words else 1


def build(cls: type, table: dict[str, Any], file: TomlFile, name: str, index: int = 0, **extra: Any) -> Any:
    """Make a ``cls`` from a TOML table; unknown and missing keys are refused with their line."""
    fields = {f.name: f for f in dataclasses.fields(cls)}
    values = {("class_" if key == "class" else key): value for key, value in table.items()}
    for key in values:
        if key not in fields:
            raise file.error(f"[{name}] has an unknown key '{key.rstrip('_')}'", key.rstrip("_"), name, index)
    values.update(extra)
    for key, f in fields.items():
        required = f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        if required and key not in values:
            raise file.error(f"[{name}] lacks '{key}'", "", name, index)
        expected = f.type if isinstance(f.type, type) else None
        if key in values and expected in (str, int, float) and not _is(values[key], expected):
            raise file.error(f"'{key}' must be {_KIND[expected]}, not {values[key]!r}", key, name, index)
    return cls(**values)


_KIND = {str: "text", int: "a whole number", float: "a number"}


def _is(value: Any, kind: type) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) if kind is float else isinstance(value, kind)


def tests(path: Path = DATA / "tests.toml") -> dict[str, LabTest]:
    """Load the laboratory catalogue: test id -> LabTest."""
    file = TomlFile.read(path)
    return _unique(file, "test", [build(LabTest, t, file, "test", i) for i, t in enumerate(file.data.get("test", []))])


def units(path: Path = DATA / "units.toml") -> dict[str, Unit]:
    """Load the hospital's units: unit id -> Unit."""
    file = TomlFile.read(path)
    keep = {f.name for f in dataclasses.fields(Unit)}
    rows = [{k: v for k, v in t.items() if k in keep} for t in file.data.get("unit", [])]
    return _unique(file, "unit", [build(Unit, t, file, "unit", i) for i, t in enumerate(rows)])


def _unique(file: TomlFile, name: str, things: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index, thing in enumerate(things):
        if thing.id in found:
            raise file.error(f"the id '{thing.id}' is used twice", thing.id, name, index)
        found[thing.id] = thing
    return found


def formulary(
    path: Path = DATA / "formulary.toml", catalogue: dict[str, LabTest] | None = None
) -> "formulary_module.Formulary":
    """Load the teaching formulary. A rule about a test that ``catalogue`` (as from ``tests``) lacks is refused.

    Without ``catalogue`` the hospital's own is taken, the tests.toml beside ``path``.
    """
    file = TomlFile.read(path)
    known = tests(path.with_name("tests.toml")) if catalogue is None else catalogue
    try:
        return formulary_module.parse(file.data, str(path), known)
    except formulary_module.FormularyError as error:
        raise file.error(error.message, error.needle) from None


def order_sets(
    path: Path, medicines: "formulary_module.Formulary", catalogue: dict[str, LabTest]
) -> dict[str, OrderSet]:
    """Load the order sets: id -> OrderSet. A line about an unknown medicine or test is refused."""
    file = TomlFile.read(path)
    found = []
    for index, table in enumerate(file.data.get("set", [])):
        rows = {
            key: tuple(build(kind, row, file, "set", index) for row in table.get(key, []))
            for key, kind in (("medicines", MedicineLine), ("tests", TestLine))
        }
        made = build(OrderSet, table, file, "set", index, **rows)
        _check_set(made, file, index, medicines, catalogue)
        found.append(made)
    return _unique(file, "set", found)


def _check_set(made: OrderSet, file: TomlFile, index: int, medicines: Any, catalogue: dict) -> None:
    for line in made.medicines:
        _check_medicine(line, file, "set", index, medicines)
        medicine = medicines.medicines[line.medicine]
        if line.route not in medicine.routes:
            raise file.error(f"{line.medicine} has no route '{line.route}'", line.route, "set", index)
        if not (line.dose > 0 and same_kind(line.unit, medicine.unit)):
            wrong = f"{line.medicine} can't be given as {line.dose:g} {line.unit}"
            raise file.error(wrong, line.medicine, "set", index)
    for test in made.tests:
        if test.test not in catalogue:
            raise file.error(f"there is no test '{test.test}' in tests.toml", f'"{test.test}"', "set", index)
    if not (made.medicines or made.tests):
        raise file.error("the set is empty", made.id, "set", index)


def patient(path: Path, clock: datetime) -> Patient:
    """Load one patient file, its times turned into moments seen from ``clock``."""
    file = TomlFile.read(path)
    data = dict(file.data)
    data.pop("review", None)
    patient_id = data.get("id", "")
    if patient_id != path.stem:
        raise file.error(f"the id '{patient_id}' is not the file's name '{path.stem}'", "id")

    def moment(text: Any, table: str = "", index: int = 0) -> datetime:
        try:
            return when.parse(text, clock)
        except (ValueError, TypeError) as error:
            raise file.error(str(error), str(text), table, index) from None

    def tables(key: str, make: Callable[[dict[str, Any], int], Any]) -> tuple[Any, ...]:
        return tuple(make(dict(table), index) for index, table in enumerate(data.pop(key, [])))

    def rows(key: str, width: int, make: Callable[[list[Any]], Any]) -> tuple[Any, ...]:
        found = []
        for row in data.pop(key, []):
            if not isinstance(row, list) or len(row) != width:
                raise file.error(f"a row of '{key}' needs {width} values: {row!r}", _first(row) or key)
            found.append(make(row))
        return tuple(sorted(found, key=lambda thing: thing[0] if isinstance(thing, tuple) else thing.at))

    def timed(cls: type, name: str) -> Callable[[dict[str, Any], int], Any]:
        def made(t: dict[str, Any], i: int) -> Any:
            due = {"due": moment(t.pop("due"), name, i)} if "due" in t else {}
            return build(cls, t, file, name, i, at=moment(t.pop("at", None), name, i), **due)

        return made

    values = {
        "problems": tables("problem", lambda t, i: build(Problem, t, file, "problem", i)),
        "allergies": tables("allergy", lambda t, i: build(Allergy, t, file, "allergy", i)),
        "medicines": tables("medicine", lambda t, i: build(MedicineOrder, t, file, "medicine", i, patient=patient_id)),
        "administrations": tuple(
            sorted(tables("administration", timed(Administration, "administration")), key=lambda g: g.at)
        ),
        "notes": tuple(sorted(tables("note", timed(Note, "note")), key=lambda n: n.at)),
        "results": rows("results", 3, lambda r: Result(moment(r[0]), r[1], float(r[2]))),
        "observations": rows("observations", 9, lambda r: Observation(moment(r[0]), *r[1:8], float(r[8]))),
        "weights": rows("weights", 2, lambda r: (moment(r[0]), float(r[1]))),
        "look_alikes": tuple(data.pop("look_alikes", ())),
        "admitted": moment(data.pop("admitted", None)),
    }
    if not isinstance(data.get("born"), date):
        raise file.error("'born' must be a date like 1952-03-12", "born")
    made = build(Patient, data, file, "", 0, **values)
    _unique(file, "medicine", list(made.medicines))
    return made


def _first(row: Any) -> str:
    return str(row[0]) if isinstance(row, list) and row else ""


def hospital(clock: datetime, patients: tuple[str, ...] | None = None, folder: Path = DATA) -> Hospital:
    """Load the hospital as it is at ``clock``: all patients, or the named ones in that order.

    Raises DataError, naming file and line, for any fault; nothing is half loaded.
    """
    catalogue = tests(folder / "tests.toml")
    wards = units(folder / "units.toml")
    medicines = formulary(folder / "formulary.toml", catalogue)
    names = patients if patients is not None else tuple(sorted(p.stem for p in (folder / "patients").glob("*.toml")))
    people: dict[str, Patient] = {}
    for name in names:
        path = folder / "patients" / f"{name}.toml"
        person = patient(path, clock)
        file = TomlFile(path, path.read_text(encoding="utf-8"), {})
        _check_references(person, file, catalogue, wards, medicines)
        people[name] = person
    _check_unique_numbers(people, folder)
    sets = order_sets(folder / "order_sets.toml", medicines, catalogue)
    return Hospital(clock, wards, catalogue, medicines, people, sets)


def _check_references(person: Patient, file: TomlFile, catalogue: dict, wards: dict, medicines: Any) -> None:
    if person.unit not in wards:
        raise file.error(f"there is no unit '{person.unit}' in units.toml", "unit")
    for result in person.results:
        if result.test not in catalogue:
            raise file.error(f"there is no test '{result.test}' in tests.toml", f'"{result.test}"')
    orders = {order.id for order in person.medicines}
    for index, order in enumerate(person.medicines):
        _check_medicine(order, file, "medicine", index, medicines)
    for given in person.administrations:
        if given.medicine not in orders:
            raise file.error(f"a dose was given of '{given.medicine}', which is not ordered here", given.medicine)


def _check_medicine(
    order: MedicineOrder | MedicineLine, file: TomlFile, table: str, index: int, medicines: Any
) -> None:
    if order.medicine not in medicines.medicines:
        wrong = f"there is no medicine '{order.medicine}' in formulary.toml"
        raise file.error(wrong, order.medicine, table, index)
    if order.frequency not in medicines.frequencies:
        raise file.error(f"there is no frequency '{order.frequency}'", order.frequency, table, index)


def _check_unique_numbers(people: dict[str, Patient], folder: Path) -> None:
    seen: dict[str, str] = {}
    for person in people.values():
        other = seen.setdefault(person.hospital_number, person.id)
        if other != person.id:
            path = folder / "patients" / f"{person.id}.toml"
            file = TomlFile(path, path.read_text(encoding="utf-8"), {})
            raise file.error(f"the hospital number {person.hospital_number} is also that of {other}", "hospital_number")
