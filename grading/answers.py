"""Answers written by the course's authors, as actions: a model answer and wrong ones, with the score each
gets.

An exercise's answers.py holds MODEL, a list of (action, arguments), and WRONG, a dict of name -> Wrong. They
test the rubric: the model earns everything, each wrong answer exactly its stated score and misses what it
says.

Most answers are the model's with a step or two done otherwise:

    STEPS = {"open": [("open_patient", {"patient": ROSE})], "hip-side": edit(2, "M80.052A"), ...}
    answer = by_steps(STEPS)
    MODEL = answer()
    WRONG = {"the wrong side": Wrong(answer(hip_side=edit(2, "M80.051A")), score=27, misses={"hip"})}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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


def by_steps(steps: Mapping[str, Sequence[Action]]) -> Callable[..., list[Action]]:
    """A function that gives all the steps one after the other, handed in, with those done otherwise that it is told.

    A step is named with underscores for hyphens; None leaves it out. Raises AnswerError for a name that is no step's.
    """
    names = [name.replace("-", "_") for name in steps]

    def answer(**otherwise: Sequence[Action] | None) -> list[Action]:
        changed = {name.replace("-", "_"): actions for name, actions in otherwise.items()}
        if unknown := changed.keys() - set(names):
            raise AnswerError(f"there is no step {', '.join(sorted(unknown))}")
        done = [changed.get(name, actions) or () for name, actions in zip(names, steps.values(), strict=True)]
        return [*(action for actions in done for action in actions), ("hand_in", {})]

    return answer


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
