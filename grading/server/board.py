"""The trainer's live board: who is where, who is stuck, while the room works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grading.course import Course
from grading.server.identity import Person
from grading.server.store import EventStore
from simemr.domain import scenario
from simemr.domain.attempt import hospital_for, replay
from simemr.domain.log import LogError
from simemr.domain.record import Hospital
from simemr.domain.scenario import Scenario

#: No action for so long, in seconds, with tasks left: the learner may be stuck. Never used to grade.
QUIET = 180


def page(course: Course) -> str:
    """The board's page; it asks for its rows by itself."""
    text = (Path(__file__).parent / "board.html").read_text(encoding="utf-8")
    return text.replace("{{title}}", course.title)


def rows(
    course: Course, store: EventStore, progress: Progress, people: Mapping[str, Person], now: datetime
) -> list[dict[str, Any]]:
    """A row an attempt: learner, name, unit, exercise, title, done, tasks, what they did last, seconds since."""
    found = []
    for row in store.board():
        person = people.get(row.learner)
        if person is None or row.exercise not in course.exercises:
            continue
        done, tasks, handed_in = progress.of(row.learner, row.exercise, row.digest)
        seen = row.last_seen if row.last_seen.tzinfo else row.last_seen.replace(tzinfo=UTC)
        quiet = int((now - seen).total_seconds())
        found.append(
            {
                "learner": row.learner,
                "name": person.name,
                "unit": person.unit,
                "exercise": row.exercise,
                "title": course.module_of(row.exercise).title,
                "attempt": row.attempt,
                "done": done,
                "tasks": tasks,
                "last": row.last_action.replace("_", " "),
                "seconds": quiet,
                "state": "handed in" if handed_in else "quiet" if quiet > QUIET else "working",
            }
        )
    return sorted(found, key=lambda r: (r["state"] != "quiet", r["name"], r["exercise"]))


class Progress:
    """How far each running attempt is: (tasks done, tasks, handed in), worked out anew only when it moved."""

    def __init__(self, course: Course, store: EventStore):
        self._course = course
        self._store = store
        self._scenarios: dict[str, tuple[Scenario, Hospital]] = {}
        self._known: dict[tuple[str, str], tuple[str, tuple[int, int, bool]]] = {}

    def of(self, learner: str, exercise: str, digest: str) -> tuple[int, int, bool]:
        """The progress of the attempt whose newest event has this digest."""
        known = self._known.get((learner, exercise))
        if known is None or known[0] != digest:
            known = (digest, self._replayed(learner, exercise))
            self._known[(learner, exercise)] = known
        return known[1]

    def _replayed(self, learner: str, exercise: str) -> tuple[int, int, bool]:
        if exercise not in self._scenarios:
            loaded = scenario.load(exercise, self._course.exercise_folder / exercise / "scenario.toml")
            self._scenarios[exercise] = (loaded, hospital_for(loaded))
        loaded, hospital = self._scenarios[exercise]
        try:
            session, _ = replay(self._store.log_text(learner, exercise) or "", loaded, hospital)
        except LogError:
            return 0, len(loaded.tasks), False
        return len(session.state.done), len(loaded.tasks), session.state.handed_in
