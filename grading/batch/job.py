"""What goes between the stages of grading: a Job in, an Executed out, and the outcome that people are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode


@dataclass(frozen=True)
class Graded:
    """What became of one submission. `status` is "graded", "unchanged", "refused" or "failed"; `reason` says
    why.
    """

    learner: str
    exercise: str
    status: str
    reason: str = ""
    points: float | None = None
    max: float | None = None
    passed: bool | None = None

    @property
    def ok(self) -> bool:
        return self.status in ("graded", "unchanged")


@dataclass(frozen=True)
class Job:
    """One submission as it was when it was read: all that scoring it needs, but for the course itself.

    `rubric` is the exercise's fingerprint: whoever executes the job must have that very exercise. `seen` is the
    record of grading that was the last one then (0: none).
    """

    root: str
    build: str
    learner: str
    exercise: str
    rubric: str
    course_version: str
    released: str = field(repr=False)
    answers: bytes | None = field(repr=False)
    digest: str
    timestamp: str = ""
    seen: int = 0


@dataclass(frozen=True)
class Executed:
    """A Job and its score. `status` is "graded", "refused" or "failed"; `notebook` is the graded notebook's text, and
    `cells` what nbgrader's gradebook is told from: its graded cells, without what is only there to be read.

    `criteria` maps each criterion to its automatic points, None where a person has to grade it; `extras` what code
    earned beside them, None where it waits to be judged.
    """

    job: Job
    status: str
    reason: str = ""
    notebook: str = field(default="", repr=False)
    cells: tuple[NotebookNode, ...] = field(default=(), repr=False)
    criteria: Mapping[str, float | None] = field(default_factory=dict)
    extras: Mapping[str, float | None] = field(default_factory=dict)
    attempt: int = 0
    points: float | None = None
    max: float | None = None
    passed: bool | None = None

    @property
    def outcome(self) -> Graded:
        """What people are told of it."""
        return Graded(
            self.job.learner, self.job.exercise, self.status, self.reason, self.points, self.max, self.passed
        )  # fmt: skip
