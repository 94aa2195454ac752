"""Answers written by the course's authors, as actions: a model answer and wrong ones, with the score each
gets.

An exercise's answers.py holds MODEL, a list of (action, arguments), and WRONG, a dict of name -> Wrong. They
test the rubric: the model earns everything, each wrong answer exactly its stated score and misses what it
says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from simemr.domain import log
from simemr.domain.action import ActionRefused
from simemr.domain.session import Session

#: An action's name and its arguments.
Action = tuple[str, Mapping[str, Any]]

#: The moment at which an author's answer begins. Times in a log decide nothing; they are only shown.
START = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


class AnswerError(ValueError):
    """An author's answer cannot be played; the text says which action and why."""


@dataclass(frozen=True)
class Wrong:
    """A wrong answer: its actions, the points it must get and the ids of the criteria it must miss."""

    actions: Sequence[Action]
    score: float
    misses: frozenset[str] | set[str] = field(default_factory=frozenset)


def log_text(
    scenario: Any,
    hospital: Any,
    actions: Iterable[Action],
    *,
    course_version: str,
    seed: int = 1,
    attempt: int = 1,
    start: datetime = START,
    pace: timedelta = timedelta(seconds=9),
) -> str:
    """The answer log of someone who does `actions` one after the other, `pace` apart.

    Raises AnswerError when the session refuses one: such a log could not have been made.
    """
    session = Session(scenario, hospital, seed)
    header, line = log.header_line(scenario.exercise, course_version, seed, attempt)
    lines, digest = [line], header.digest
    for number, (action, args) in enumerate(actions, start=1):
        at = (start + number * pace).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            session.apply(action, dict(args), at)
        except ActionRefused as refusal:
            raise AnswerError(f"action {number} ({action}) is refused: {refusal}") from None
        digest, line = log.event_line(digest, number, at, action, dict(args))
        lines.append(line)
    return "".join(lines)
