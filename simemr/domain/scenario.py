"""What an exercise gives the learner: role, patients, tasks. Never a key: this file is shipped to them.

A scenario stands in ``exercises/<slug>/scenario.toml``; the learner's wheel carries copies under
``simemr/scenarios/``, so that an exercise starts even where the browser has no disk.
"""

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from simemr.domain import (
    actions,  # noqa: F401 - importing them registers their content
    when,
)
from simemr.domain.content import CONTENT
from simemr.domain.load import DataError, TomlFile, build
from simemr.domain.record import MedicineOrder

PACKAGE = Path(__file__).resolve().parent.parent
T = TypeVar("T")

# the parts of a patient's record, and those of the learner's own desk, which belong to no patient: id -> title
TABS = {
    "summary": "Summary",
    "problems": "Problems",
    "allergies": "Allergies",
    "medicines": "Medicines",
    "administration": "Administration",
    "orders": "Orders",
    "results": "Results",
    "observations": "Observations",
    "notes": "Notes",
    "reconciliation": "Reconciliation",
    "handoff": "Handover",
    "discharge": "Discharge summary",
    "concerns": "Concerns",
}
DESKS: dict[str, str] = {
    "inbox": "Results inbox",
    "messages": "Messages",
    "audit": "Audit log",
    "mail": "Mailbox",
    "downtime": "Downtime kit",
}
# what a record shows unless the scenario says otherwise
RECORD = ("summary", "problems", "allergies", "medicines", "orders", "results", "observations", "notes")
VIEWS = ("emr", "extract")
ROLES = ("doctor", "nurse", "all")


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the task list.

    A task of kind "order" is done by an order signed for it, or by declining it with a reason; one of kind
    "event" by the first accepted action that fits ``done`` (a list stands for any of its values).
    """

    id: str
    text: str
    patient: str = ""
    kind: str = "event"
    hint: str = ""
    done: dict[str, Any] = dataclasses.field(default_factory=dict)

    def matches(self, action: str, args: dict[str, Any]) -> bool:
        """Whether the accepted action does this task."""
        if not self.done:
            return False
        known = {**args, "action": action}
        return all(known.get(k) in v if isinstance(v, list) else known.get(k) == v for k, v in self.done.items())


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an extract; ``kind`` is "text", "number" or "date"."""

    id: str
    title: str
    kind: str = "text"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """A table taken out of the record for a data exercise; every value is text, as in a file."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """The learner's part of one exercise. ``clock`` is the session's fixed time.

    ``identity``: nothing is written before two identifiers are confirmed; with ``confirm_again`` that holds only until
    another record is opened.
    """

    exercise: str
    title: str
    clock: datetime
    role: str = "all"
    minutes: int = 15
    view: str = "emr"
    brief: str = ""
    closing: str = ""
    identity: bool = False
    confirm_again: bool = False
    patients: tuple[str, ...] = ()
    tabs: tuple[str, ...] = RECORD
    desks: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    orders: tuple[MedicineOrder, ...] = ()
    questions: tuple[dict[str, Any], ...] = ()
    extract: Extract | None = None
    content: dict[type, tuple[Any, ...]] = field(default_factory=dict)

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """Return what the scenario gives of this kind, in the order of the file."""
        return self.content.get(kind, ())

    def task(self, task_id: str) -> Task | None:
        """Return the task of that id, or None."""
        return next((task for task in self.tasks if task.id == task_id), None)


def path_of(slug: str) -> Path:
    """Return where the scenario of ``slug`` stands: in the wheel, else in the course's checkout."""
    shipped = PACKAGE / "scenarios" / f"{slug}.toml"
    return shipped if shipped.exists() else PACKAGE.parent / "exercises" / slug / "scenario.toml"


def load(slug: str, path: Path | None = None) -> Scenario:
    """Load the scenario of an exercise. Raises DataError naming file and line."""
    file = TomlFile.read(path or path_of(slug))
    data = dict(file.data)
    tasks = tuple(build(Task, t, file, "task", i) for i, t in enumerate(data.pop("task", [])))
    orders = tuple(
        build(MedicineOrder, {"status": "awaiting", **t}, file, "order", i) for i, t in enumerate(data.pop("order", []))
    )
    extract = _extract(data.pop("extract", None), file)
    lists = {key: tuple(data.pop(key)) for key in ("patients", "tabs", "desks") if key in data}
    clock = data.get("clock")
    given = {
        kind: tuple(_content(kind, t, file, table, i, clock) for i, t in enumerate(data.pop(table)))
        for table, kind in CONTENT.items()
        if table in data
    }
    made = build(
        Scenario,
        data,
        file,
        "",
        0,
        tasks=tasks,
        orders=orders,
        extract=extract,
        questions=tuple(data.pop("question", ())),
        content=given,
        **lists,
    )
    _check(made, slug, file)
    return made


def _extract(table: dict[str, Any] | None, file: TomlFile) -> Extract | None:
    if table is None:
        return None
    columns = tuple(build(Column, c, file, "extract", 0) for c in table.get("columns", []))
    rows = tuple(tuple(str(value) for value in row) for row in table.get("rows", []))
    for row in rows:
        if len(row) != len(columns):
            raise file.error(
                f"an extract row has {len(row)} values for {len(columns)} columns", row[0] if row else "rows"
            )
    return Extract(columns, rows, table.get("note", ""))


def _content(kind: type, table: dict[str, Any], file: TomlFile, name: str, index: int, clock: Any) -> Any:
    values = {key: _frozen(value) for key, value in table.items()}
    for f in dataclasses.fields(kind):
        if f.type is datetime and f.name in values:
            try:
                values[f.name] = when.parse(values[f.name], clock)
            except (ValueError, TypeError) as error:
                raise file.error(str(error), f.name, name, index) from None
    return build(kind, values, file, name, index)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _check(made: Scenario, slug: str, file: TomlFile) -> None:
    if made.exercise != slug:
        raise file.error(f"the exercise is '{made.exercise}', but its folder is '{slug}'", "exercise")
    if not isinstance(made.clock, datetime):
        raise file.error("'clock' must be a moment like 2026-03-12T14:00:00", "clock")
    for key, value, known in (("view", made.view, VIEWS), ("role", made.role, ROLES)):
        if value not in known:
            raise file.error(f"'{key}' must be one of {', '.join(known)}, not '{value}'", key)
    for tab in made.tabs:
        if tab not in TABS:
            raise file.error(f"there is no tab '{tab}'; there are {', '.join(TABS)}", tab)
    for desk in made.desks:
        if desk not in DESKS:
            raise file.error(f"there is no desk '{desk}'; there are {', '.join(DESKS)}", desk)
    if made.view == "extract" and made.extract is None:
        raise file.error("an exercise on an extract needs an [extract]", "view")
    tables = {table: made.of(kind) for table, kind in CONTENT.items()}
    for name, things in {"task": made.tasks, "order": made.orders, **tables}.items():
        ids = [getattr(thing, "id", None) for thing in things]
        for index, thing in enumerate(things):
            if ids[index] is not None and ids[index] in ids[:index]:
                raise file.error(f"the {name} id '{thing.id}' is used twice", thing.id, name, index)
            patient = getattr(thing, "patient", "")
            if patient and patient not in made.patients:
                raise file.error(f"the {name}'s patient '{patient}' is not in 'patients'", patient, name, index)
    for task in made.tasks:
        if task.kind == "event" and "action" not in task.done:
            raise file.error(f"the task '{task.id}' needs done = {{action = ...}}", task.id, "task")


__all__ = ["Column", "DataError", "Extract", "Scenario", "Task", "DESKS", "TABS", "load", "path_of"]
