"""The one gate for hand-ins: whatever comes from a learner, by the server or in a file, passes here.

A hand-in is an answer log. It is checked by replaying it, kept for ever under build/attempts/, and the
learner's best attempt is placed in build/submitted/ where nbgrader grades it. Nothing here opens a learner's
notebook or runs anything of theirs, and nothing here starts nbgrader.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grading import exercise as exercise_file
from grading import files
from grading.course import Course, CourseError
from grading.exercise import Exercise
from grading.scoring import MOST_BYTES, GradingError, Refused, Result, judge, open_log
from simemr.domain.learner import fault

MANIFEST = "manifest.json"
SCHEMA = 1


class AlreadyHandedIn(Refused):
    """The very same log was handed in by `owner`. The text does not say who: it is shown to a learner."""

    def __init__(self, owner: str) -> None:
        super().__init__(
            "These answers were handed in before under another name. Each learner does the exercise "
            "themselves; if the other name was a mistake, tell your trainer."
        )
        self.owner = owner


@dataclass(frozen=True)
class Attempt:
    """An attempt that was handed in, as its manifest says. `score` is None while the rubric can't judge
    it.
    """

    learner: str
    exercise: str
    attempt: int
    received: str
    sha256: str
    events: int
    finished: bool
    torn: bool
    course_version: str
    fingerprint: str
    score: float | None
    max: float
    passed: bool
    schema: int = SCHEMA


@dataclass(frozen=True)
class HandIn:
    """What became of a hand-in.

    `new` is False when this very log had been handed in before; `changed` says that it is now the one that
    counts, so that there is something for nbgrader to grade.
    """

    attempt: Attempt
    result: Result
    folder: Path
    new: bool
    changed: bool


def check_learner(learner: str) -> str:
    """The learner's id, if it can be one: it becomes a folder's name. Raises Refused."""
    said = fault(learner)
    if said:
        raise Refused(said)
    return learner


def accept(
    course: Course, learner: str, exercise: str, content: str | bytes, *, received: datetime | None = None
) -> HandIn:
    """Take a hand-in: check it, keep it, score it, and place the learner's best attempt for nbgrader.

    When this returns, the attempt is on the disk for good. The same log again is the same attempt. Raises
    Refused with one sentence, and keeps nothing, for a hand-in that cannot be right; GradingError, the
    attempt kept, when the rubric fails to judge it.
    """
    try:
        check_learner(learner)
        data = _bytes(content)
        made = _exercise(course, exercise)
        session, read = open_log(made, data)
        sha256 = digest(data)
        failed: GradingError | None = None
        try:
            result = judge(made, session, read)
        except GradingError as error:
            result, failed = None, error
        attempt = Attempt(
            learner=learner,
            exercise=exercise,
            attempt=read.header.attempt,
            received=f"{received or datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            sha256=sha256,
            events=len(session.state.events),
            finished=session.state.handed_in,
            torn=read.torn,
            course_version=read.header.course_version,
            fingerprint=made.fingerprint,
            score=result.points if result else None,
            max=made.max,
            passed=bool(result and result.passed),
        )
        with files.lock(lock_of(course, learner)):
            folder, new = _keep(course, attempt, data)
            changed = place_best(course, learner, exercise)
    except Refused as error:
        note_incident(course, learner, exercise, "refused", str(error))
        raise
    if failed:
        note_incident(course, learner, exercise, "failed", str(failed))
        raise failed
    return HandIn(attempt, result, folder, new, changed)


def attempts(course: Course, learner: str, exercise: str) -> list[tuple[Attempt, Path]]:
    """The learner's attempts at an exercise with the folders that hold them, in the order they came."""
    return sorted(_attempts(course, learner, exercise), key=lambda pair: (pair[0].received, pair[0].attempt))


def best(kept: list[tuple[Attempt, Path]]) -> tuple[Attempt, Path] | None:
    """The attempt that counts: of the passed ones, else of all, the one with the most points; the first, if
    several.
    """
    scored = [pair for pair in kept if pair[0].score is not None]
    return max(scored, key=lambda pair: (pair[0].passed, pair[0].score), default=None)


def submissions(course: Course) -> list[tuple[str, str]]:
    """Every (learner, exercise) that was handed in, in order: placed for nbgrader, or only kept when something was
    killed.
    """
    found = set()
    for folder in (course.build / "submitted", course.build / "attempts"):
        for learner in _folders(folder):
            found.update((learner.name, exercise.name) for exercise in _folders(learner))
    return sorted(found)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [inside for inside in folder.iterdir() if not inside.name.startswith(".") and inside.is_dir()]


def read_submission(folder: Path, slug: str) -> bytes | None:
    """The answer log in a submission's folder, or None if there is none.

    Raises Refused for anything that is not a plain file of a sane size: a link could show another's file.
    """
    answers = folder / "answers"
    file = answers / f"{slug}.jsonl"
    for path in (folder, answers, file):
        if path.is_symlink():
            raise Refused(f"The hand-in holds a link in the place of {path.name}.")
    if not file.exists():
        return None
    if not file.is_file():
        raise Refused(f"The hand-in holds something else than a file in the place of {file.name}.")
    if file.stat().st_size > MOST_BYTES:
        raise Refused(f"The answers take more than {MOST_BYTES // 2**20} MiB, which no real attempt does.")
    return file.read_bytes()


def digest(content: bytes | None) -> str:
    """A digest that stands for an answer log, or for its absence."""
    return hashlib.sha256(content or b"").hexdigest()


def rescored(exercise: Exercise, kept: list[tuple[Attempt, Path]]) -> list[tuple[Attempt, Path]]:
    """These attempts with their scores as the exercise is now; writes nothing. Raises GradingError.

    An attempt that the changed exercise cannot replay keeps the score it had: it was earned.
    """
    fresh = []
    for attempt, folder in kept:
        if attempt.score is None or attempt.fingerprint != exercise.fingerprint:
            with contextlib.suppress(Refused):
                session, read = open_log(exercise, (folder / f"{exercise.slug}.jsonl").read_bytes())
                result = judge(exercise, session, read)
                attempt = replace(
                    attempt,
                    fingerprint=exercise.fingerprint,
                    score=result.points,
                    max=result.max,
                    passed=result.passed,
                )
        fresh.append((attempt, folder))
    return fresh


def rescore(course: Course, exercise: Exercise, learner: str) -> None:
    """Score a learner's attempts again where the exercise has changed since, and see to it that the best is placed:
    whoever was to do so may have been killed. Hold the lock.
    """
    kept = attempts(course, learner, exercise.slug)
    fresh = rescored(exercise, kept)
    placed = course.build / "submitted" / learner / exercise.slug
    # What no attempt explains was put there by hand, or is damaged: it stays, and is judged as it is.
    if not placed.is_dir() or digest(read_submission(placed, exercise.slug)) in {one.sha256 for one, _ in fresh}:
        place_best(course, learner, exercise.slug, fresh)
    # Last, so that if this is cut short it is done again.
    for (before, _), (attempt, folder) in zip(kept, fresh, strict=True):
        if attempt != before:
            files.write(folder / MANIFEST, _json(asdict(attempt)))


def place_best(
    course: Course, learner: str, exercise: str, attempted: list[tuple[Attempt, Path]] | None = None
) -> bool:
    """Put the attempt that counts where nbgrader finds it; returns whether that changed. Hold the learner's
    lock.
    """
    chosen = best(attempts(course, learner, exercise) if attempted is None else attempted)
    if chosen is None:
        return False
    attempt, kept = chosen
    log = (kept / f"{exercise}.jsonl").read_bytes()
    folder = course.build / "submitted" / learner / exercise
    with contextlib.suppress(OSError):
        if (folder / "answers" / f"{exercise}.jsonl").read_bytes() == log and (folder / "timestamp.txt").exists():
            return False
    contents: dict[str, str | bytes] = {
        f"answers/{exercise}.jsonl": log,
        "timestamp.txt": f"{attempt.received[:10]} {attempt.received[11:19]} UTC\n",
    }
    released = course.build / "release" / exercise / f"{exercise}.ipynb"
    if released.is_file():
        contents[f"{exercise}.ipynb"] = released.read_bytes()
    files.write_folder(folder, contents)
    return True


def lock_of(course: Course, learner: str) -> Path:
    """The lock on everything of one learner's. Grading holds it too, so that neither sees half of the other's
    work.
    """
    return course.build / "locks" / f"{learner}.learner.lock"


def gradebook_lock(course: Course) -> Path:
    """The lock on the gradebook. Who holds it may ask for a learner's lock, and never the other way round."""
    return course.build / "locks" / "gradebook.lock"


def note_incident(course: Course, learner: str, exercise: str, status: str, reason: str) -> None:
    """Add a line to build/incidents.jsonl: what was refused or failed, and why."""
    line = json.dumps(
        {
            "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "learner": learner[:80],
            "exercise": exercise[:80],
            "status": status,
            "reason": reason[:500],
        }
    )
    course.build.mkdir(parents=True, exist_ok=True)
    # One write to a file opened for appending stays whole among several processes.
    handle = os.open(course.build / "incidents.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, f"{line}\n".encode())
    finally:
        os.close(handle)


def _exercise(course: Course, slug: str) -> Exercise:
    if slug not in course.exercises:
        raise Refused(f"The course has no exercise called '{slug[:80]}'.")
    return exercise_file.cached(course.root, slug)


def _bytes(content: str | bytes) -> bytes:
    try:
        return content.encode() if isinstance(content, str) else content
    except UnicodeEncodeError:
        raise Refused("The answers cannot be read: they hold something that is no text.") from None


def _keep(course: Course, attempt: Attempt, data: bytes) -> tuple[Path, bool]:
    """Store an attempt for good, unless it is there; returns its folder, and whether it is new."""
    parent = course.build / "attempts" / attempt.learner / attempt.exercise
    short = attempt.sha256[:16]
    there = sorted(parent.glob(f"*-{short}"))
    if there:
        return there[0], False
    _claim(course, attempt)
    stamp = attempt.received.replace("-", "").replace(":", "")
    folder = parent / f"{stamp}-{short}"
    files.write_folder(folder, {f"{attempt.exercise}.jsonl": data, MANIFEST: _json(asdict(attempt))})
    return folder, True


def _claim(course: Course, attempt: Attempt) -> None:
    """Remember whose log this is. Two people cannot have done the same things at the same seconds from the
    same seed.
    """
    claims = course.build / "attempts" / ".claims"
    claims.mkdir(parents=True, exist_ok=True)
    claim = claims / attempt.sha256
    try:
        with open(claim, "x", encoding="utf-8") as file:
            file.write(attempt.learner)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        owner = claim.read_text(encoding="utf-8")
        # An empty claim is one whose writer was killed: nothing was kept under it.
        if owner and owner != attempt.learner:
            raise AlreadyHandedIn(owner) from None
        if not owner:
            files.write(claim, attempt.learner)


def _attempts(course: Course, learner: str, exercise: str) -> Iterator[tuple[Attempt, Path]]:
    parent = course.build / "attempts" / learner / exercise
    for file in parent.glob(f"*/{MANIFEST}"):
        if file.parent.name.startswith("."):
            continue  # a folder whose writer was killed
        try:
            yield Attempt(**json.loads(file.read_text(encoding="utf-8"))), file.parent
        except (ValueError, TypeError) as error:
            raise CourseError(f"{file}: this manifest is damaged ({error}).") from None


def _json(value: dict) -> str:
    return json.dumps(value, indent=1, sort_keys=True) + "\n"
