"""Working through an outage: going over to paper, writing the form, and entering it once the EMR is back.

A row is entered with the time at which it happened, or crossed off. What the learner wrote on paper is what goes into
the record: a row on the wrong patient lands in the wrong record.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simemr.domain.action import ActionRefused, action
from simemr.domain.downtime import Entry, Happening, Outage, Paper, PaperRow, Written, outage
from simemr.domain.record import Administration, Note, Observation

if TYPE_CHECKING:
    from simemr.domain.session import Session

KINDS = {
    "given": "Given",
    "observed": "Observed",
    "told": "Told by telephone",
    "ordered": "Ordered, to be carried out",
    "stopped": "Ordered and NOT carried out: back to the prescriber",
    "nothing": "Nothing that belongs on the form",
}
CROSSED = {
    "already": "It is in the record already",
    "nothing": "It does not belong in the record",
    "wrong": "The row is wrong",
}
LATE = "Entered afterwards from the paper form"
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


@action
def start_downtime(session: "Session") -> None:
    paper = _paper(session)
    if paper.phase != "up":
        raise ActionRefused("You have gone over to paper already.")
    paper.phase = "down"


@action
def write_paper(
    session: "Session",
    *,
    happening: str,
    kind: str,
    time: str = "",
    patient: str = "",
    second: str = "",
    what: str = "",
) -> None:
    paper = _paper(session, "down")
    if happening not in {found.id for found in session.scenario.of(Happening)}:
        raise ActionRefused("Nothing of that kind has happened.")
    if kind not in KINDS:
        raise ActionRefused("Choose what kind of entry it is.")
    if kind == "nothing":
        paper.written[happening] = Written("", "", "", kind, "")
        return
    clock_time = read_time(time)
    if not clock_time:
        raise ActionRefused("Write the time at which it happened, such as 14:05.")
    session.patient(patient)
    if len(second.strip()) < 4:
        raise ActionRefused("Write a second identifier beside the name: the hospital number or the date of birth.")
    if len(what.strip()) < 3:
        raise ActionRefused("Write in a few words what it was.")
    paper.written[happening] = Written(clock_time, patient, second.strip(), kind, what.strip())


@action
def end_downtime(session: "Session") -> None:
    paper = _paper(session, "down")
    left = sum(found.id not in paper.written for found in session.scenario.of(Happening))
    if left:
        raise ActionRefused(f"The EMR is still down, and {left} more thing{'s happen' if left > 1 else ' happens'}.")
    paper.phase = "back"
    for row in session.scenario.of(PaperRow):
        if row.entered:
            session.state.notes.append((row.patient, _note(session, row.at, row.by, row.kind, row.what)))
            if row.order:
                _add(session, row.patient, Administration(row.order, row.at, "given", row.by, f"{LATE}."))


@action
def enter_row(session: "Session", *, row: str, time: str, late: int) -> None:
    """Enter a row of the paper form; ``late`` is 1 where it is marked as entered afterwards, else 0."""
    paper = _paper(session, "back")
    written = row_of(session, row)
    if row in paper.entries:
        raise ActionRefused("This row is dealt with. Take that back first.")
    clock_time = read_time(time)
    if not clock_time:
        raise ActionRefused("Write the time that the entry carries, such as 14:05.")
    at = _moment(session, clock_time)
    made = _made(session, row, written, at, bool(late))
    for thing in made:
        _add(session, written.patient, thing)
    seq = len(session.state.events) + 1
    paper.entries[row] = Entry(clock_time, bool(late), "", seq, written.patient, made)
    _tick(session)


@action
def cross_off(session: "Session", *, row: str, why: str) -> None:
    paper = _paper(session, "back")
    row_of(session, row)
    if row in paper.entries:
        raise ActionRefused("This row is dealt with. Take that back first.")
    if why not in CROSSED:
        raise ActionRefused("Choose why it is not entered.")
    paper.entries[row] = Entry(crossed=why, seq=len(session.state.events) + 1)
    _tick(session)


@action
def take_row_back(session: "Session", *, row: str) -> None:
    paper = _paper(session, "back")
    entry = paper.entries.pop(row, None)
    if entry is None:
        raise ActionRefused("Nothing was done with this row yet.")
    for thing in entry.made:
        _remove(session, entry.patient, thing)
    _tick(session)


def read_time(words: str) -> str:
    """Return "14:05" for a time as people write it ("14.05", "9:30"), "" for anything else."""
    match = _TIME.fullmatch(words.strip())
    return f"{int(match[1]):02d}:{match[2]}" if match else ""


def rows(session: "Session") -> list[str]:
    """The ids of all rows to be dealt with, as they lie there: the learner's sheet, then the colleagues'."""
    written = session.state.part(Paper).written
    mine = [found.id for found in session.scenario.of(Happening) if written.get(found.id, _NOTHING).kind != "nothing"]
    return [*mine, *(row.id for row in session.scenario.of(PaperRow))]


def row_of(session: "Session", row: str) -> Written | PaperRow:
    """A row of the paper form. Raises ActionRefused where there is none."""
    if row not in rows(session):
        raise ActionRefused("There is no such row on the paper form.")
    return session.state.part(Paper).written.get(row) or next(r for r in session.scenario.of(PaperRow) if r.id == row)


_NOTHING = Written("", "", "", "nothing", "")


def _paper(session: "Session", phase: str = "") -> Paper:
    if outage(session) is None:
        raise ActionRefused("No outage is planned in this exercise.")
    paper = session.state.part(Paper)
    if phase and paper.phase != phase:
        raise ActionRefused(
            {
                "up": "The EMR works. Go over to paper when it stops.",
                "down": "The EMR is down. Wait until it is back.",
                "back": "The EMR is back: enter what is on the paper form.",
            }[paper.phase]
        )
    return paper


def _moment(session: "Session", clock_time: str) -> datetime:
    hours, minutes = map(int, clock_time.split(":"))
    return next(iter(session.scenario.of(Outage))).at.replace(hour=hours, minute=minutes)


def _note(session: "Session", at: datetime, by: str, kind: str, what: str, late: bool = True) -> Note:
    role = session.scenario.role if by == "You" and session.scenario.role != "all" else "clinician"
    return Note(at, by, role, LATE if late else "Note", f"{KINDS[kind]}: {what}")


def _made(session: "Session", row: str, written: Written | PaperRow, at: datetime, late: bool) -> tuple[Any, ...]:
    """What entering the row adds to the record: always a note; a dose or a set of observations where it was one."""
    source = next((h for h in session.scenario.of(Happening) if h.id == row), written)
    made: list[Any] = [_note(session, at, "You", written.kind, written.what, late)]
    person = session.patient(written.patient)
    order = getattr(source, "order", "")
    if written.kind == "given" and any(o.id == order for o in person.medicines):
        made.append(Administration(order, at, "given", source.by, f"{LATE}." if late else ""))
    values = getattr(source, "values", ())
    if written.kind == "observed" and values:
        made.append(Observation(at, *values))
    return tuple(made)


def _add(session: "Session", patient: str, thing: Any) -> None:
    if isinstance(thing, Note):
        session.state.notes.append((patient, thing))
        return
    person = session.patient(patient)
    name = "administrations" if isinstance(thing, Administration) else "observations"
    found = tuple(sorted((*getattr(person, name), thing), key=lambda one: one.at))
    session.state.records[patient] = replace(person, **{name: found})


def _remove(session: "Session", patient: str, thing: Any) -> None:
    if isinstance(thing, Note):
        session.state.notes.remove((patient, thing))
        return
    person = session.patient(patient)
    name = "administrations" if isinstance(thing, Administration) else "observations"
    found = list(getattr(person, name))
    found.remove(thing)
    session.state.records[patient] = replace(person, **{name: tuple(found)})


def _tick(session: "Session") -> None:
    """A task of kind "paper" is done while every row is dealt with."""
    entries = session.state.part(Paper).entries
    done = all(row in entries for row in rows(session))
    for task in session.scenario.tasks:
        if task.kind == "paper":
            (session.state.done.add if done else session.state.done.discard)(task.id)
