"""A synthetic cohort, to see what grading and the reports look like before there is a real one.

Everything is invented and says so. The answers are the exercises' own model and wrong answers, handed in as
zips and taken, graded, told and reported through the same code as real ones, in a build folder of their own.
"""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from grading import collect, exercise, report, wiring
from grading.answers import START
from grading.course import Course
from grading.exercise import Exercise
from grading.publish import notebooks

LABEL = "Synthetic cohort: nobody here is real, and these results are made up."
UNITS = ("Alder ward", "Birch ward", "Intensive care")
#: How a learner fares with an exercise, and how often out of ten: not begun, wrong, wrong and then right,
#: right.
FARES = ["not begun"] * 1 + ["wrong"] * 2 + ["wrong, then right"] * 3 + ["right"] * 4


@dataclass(frozen=True)
class Learner:
    """Someone who does not exist."""

    id: str
    name: str
    unit: str
    role: str
    duty: str = "learner"


def cohort(course: Course, number: int, seed: int = 1) -> list[Learner]:
    """`number` learners over three units and the roles that take the course; the same for the same seed."""
    chance = random.Random(seed)
    roles = [role for role in course.roles if course.path(role)]
    # Mostly the first two roles of the course (doctors and nurses), a few of each other.
    weights = [8 if place < 2 else 1 for place, _ in enumerate(roles)]
    return [
        Learner(
            id=f"synthetic-{count:02}",
            name=f"Synthetic learner {count:02}",
            unit=UNITS[count % len(UNITS)],
            role=chance.choices(roles, weights)[0],
        )
        for count in range(1, number + 1)
    ]


def hand_ins(
    course: Course, exercises: dict[str, Exercise], learners: list[Learner], seed: int = 1
) -> dict[str, bytes]:
    """What the cohort hands in: a zip's path -> its content, in the order in which they hand in."""
    chance = random.Random(seed)
    made: dict[str, bytes] = {}
    for place, learner in enumerate(learners):
        for module in course.path(learner.role):
            slug = chance.choice(module.exercises_for(learner.role))
            fares = chance.choice(FARES)
            tries = [] if fares == "not begun" else ["wrong"] if fares == "wrong" else ["right"]
            if fares == "wrong, then right":
                tries = ["wrong", "right"]
            for attempt, kind in enumerate(tries, start=1):
                authored = exercises[slug]
                wrong = chance.choice(sorted(authored.wrong))
                # Each log must be of its own making: other learners, other times, other seeds.
                log = authored.log_text(
                    authored.model if kind == "right" else authored.wrong[wrong].actions,
                    attempt=attempt,
                    seed=chance.randrange(2**32),
                    start=START + timedelta(hours=place, minutes=7 * attempt),
                )
                name = f"round-{attempt}/{learner.id}__{slug}.zip"
                made[name] = zipped({f"answers/{slug}.jsonl": log})
    return dict(sorted(made.items()))


def zipped(contents: dict[str, str]) -> bytes:
    """A zip of these texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return out.getvalue()


def run(
    course: Course,
    number: int = 30,
    *,
    seed: int = 1,
    on: Callable[[str, int, int], None] = lambda step, done, total: None,
) -> tuple[report.Report, list[Path]]:
    """Make the cohort's work anew in build/demo, grade it and write its report; returns both. Raises
    CourseError.
    """
    course = replace(course, build=course.build / "demo", database="", label=LABEL)
    shutil.rmtree(course.build, ignore_errors=True)
    exercises = exercise.load_all(course)
    notebooks.write_exercises(course, exercises.values())
    wiring.write_config(course)
    wiring.release(course)

    learners = cohort(course, number, seed)
    folder = course.build / "hand-ins"
    work = hand_ins(course, exercises, learners, seed)
    for name, content in work.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    lines = ["learner,name,unit,role", *(f"{one.id},{one.name},{one.unit},{one.role}" for one in learners)]
    (course.build / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    taken = 0

    def count(row: collect.Row) -> None:
        nonlocal taken
        taken += 1
        on("Collecting", taken, len(work))

    collect.collect(course, folder, on=count)
    wiring.grade(course, on=lambda outcome, done, total: on("Grading", done, total))
    wiring.feedback(course, on=lambda outcome, done, total: on("Feedback", done, total))
    made = report.completion(course, {one.id: one for one in learners})
    return made, report.write(made, course.build / "report")
