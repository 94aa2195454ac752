"""Grades what was handed in: lets the three stages work at the same time, and says what became of each submission.

Can be stopped or killed at any moment; the same call again goes on, and ends with the gradebook that an undisturbed run
gives, because what is graded already is known from the records that are saved with the grades.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass

from grading import audit, handin
from grading.batch import executors
from grading.batch.execute import execute
from grading.batch.job import Executed, Graded, Job
from grading.batch.prepare import job_of, prepare
from grading.batch.save import Saver
from grading.course import Course, CourseError
from grading.exercise import cached
from grading.scoring import Refused

#: How many submissions are saved in one transaction, and how many may be in the hands of the executor.
CHUNK, WINDOW = 24, 72
#: Up to so many submissions are executed in this process.
FEW = 12
#: Seconds without any news after which a cluster is asked whether anybody is there.
PATIENCE = 20
#: How often what a learner has replaced meanwhile is graded anew before it is saved as it was.
TRIES = 3

Told = Callable[[Graded, int, int], None]


@dataclass(frozen=True)
class Change:
    """A grade that a changed course would change, and the criteria whose points would."""

    learner: str
    exercise: str
    before: float
    after: float
    criteria: Mapping[str, tuple[float | None, float | None]]


def grade(
    course: Course,
    *,
    exercises: Iterable[str] | None = None,
    again: bool = False,
    executor: Executor | None = None,
    graded_by: str = "",
    on: Told = lambda outcome, done, total: None,
) -> list[Graded]:
    """Grade what was handed in and has not been graded as it is now; `again` grades everything.

    One submission that cannot be graded is told in its outcome, and the others go on. `on` is told of each outcome, how
    many are done, of how many. Without an executor, this machine's cores are used. Raises CourseError where the
    gradebook does not answer; what was graded until then is saved.
    """
    todo = list(_wanted(course, exercises))
    graded_by = graded_by or audit.whoever()
    with Workers(executor, len(todo)) as workers, Saver(course, graded_by) as saver:
        return _Batch(course, workers, saver, audit.standing(course), again, on).run(todo)


def grade_one(course: Course, learner: str, exercise: str, graded_by: str = "") -> Graded:
    """Grade one learner's exercise now, whether or not it was graded before."""
    graded_by = graded_by or audit.whoever()
    with Workers(executors.Here(), 1) as workers, Saver(course, graded_by) as saver:
        records = audit.standing(course)
        batch = _Batch(course, workers, saver, records, True, lambda outcome, done, total: None)
        return batch.run([(learner, exercise)])[0]


def changes(course: Course, exercises: Iterable[str] | None = None, executor: Executor | None = None) -> list[Change]:
    """The grades that grading would change because the course has changed since; writes nothing.

    What is handed in anew is no change of this kind, and what can't be graded is left to `grade` to tell.
    """
    records = audit.standing(course)
    jobs = {}
    for learner, slug in _wanted(course, exercises):
        record = records.get((learner, slug))
        if record is None or slug not in course.exercises or record.rubric == cached(course.root, slug).fingerprint:
            continue
        job = _as_it_would_be(course, learner, slug)
        if job is not None:
            jobs[learner, slug] = job
    found = []
    with Workers(executor, len(jobs)) as workers:
        for done in workers.each(jobs.values()):
            record = records[done.job.learner, done.job.exercise]
            if done.status != "graded" or done.criteria == record.criteria:
                continue
            names = [*record.criteria, *(name for name in done.criteria if name not in record.criteria)]
            pairs = {name: (record.criteria.get(name), done.criteria.get(name)) for name in names}
            differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
            found.append(Change(record.learner, record.exercise, record.points, done.points, differing))
    return sorted(found, key=lambda change: (change.exercise, change.learner))


def pending(course: Course, exercises: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """What `grade` would look at because it is new, or because the course has changed; writes nothing."""
    records = audit.standing(course)
    waiting = set(audit.waiting(course))
    return [
        pair
        for pair in _wanted(course, exercises)
        if pair in waiting
        or pair[1] not in course.exercises
        or records[pair].rubric != cached(course.root, pair[1]).fingerprint
    ]


def _wanted(course: Course, exercises: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    wanted = set(exercises or course.exercises)
    for slug in wanted:
        course.module_of(slug)
    for learner, slug in handin.submissions(course):
        # a folder that is no exercise's is named, unless certain exercises were asked for
        if slug in wanted or (slug not in course.exercises and not exercises):
            yield learner, slug


def _as_it_would_be(course: Course, learner: str, slug: str) -> Job | None:
    """The job of the attempt that would count, were the learner's attempts scored now."""
    exercise = cached(course.root, slug)
    try:
        chosen = handin.best(handin.rescored(exercise, handin.attempts(course, learner, slug)))
        if chosen:
            answers = (chosen[1] / f"{slug}.jsonl").read_bytes()
        else:
            answers = handin.read_submission(course.build / "submitted" / learner / slug, slug)
        return job_of(course, exercise, learner, answers)
    except (CourseError, Refused, OSError):
        return None


class Workers:
    """An executor that outlives its workers: when a job takes them down, the others are executed all the same."""

    def __init__(self, executor: Executor | None, jobs: int) -> None:
        self._given = executor
        self._jobs = jobs
        self._own: Executor | None = None

    def __enter__(self) -> Workers:
        if self._given is None:
            self._own = executors.Here() if self._jobs <= FEW else executors.local()
        return self

    def __exit__(self, *_: object) -> None:
        if self._own is not None:
            self._own.shutdown(cancel_futures=True)

    def submit(self, job: Job) -> Future:
        try:
            return (self._given or self._own).submit(execute, job)
        except BrokenExecutor as error:
            future: Future = Future()
            future.set_exception(error)
            return future

    def each(self, jobs: Iterable[Job]) -> Iterator[Executed]:
        """Execute jobs and yield what comes of them, as it comes."""
        waiting, running = deque(jobs), {}
        while waiting or running:
            while waiting and len(running) < WINDOW:
                job = waiting.popleft()
                running[self.submit(job)] = job
            yield from self.finished(running)

    def finished(self, running: dict[Future, Job]) -> list[Executed]:
        """Wait for some of the running jobs, and take them out."""
        done: set[Future] = set()
        while not done:
            done, _ = wait(running, PATIENCE, return_when=FIRST_COMPLETED)
            if not done and isinstance(self._given, executors.Cluster):
                self._given.check()
        suspects = [running[future] for future in done if isinstance(future.exception(), BrokenExecutor)]
        executed = [
            self._result(running.pop(future), future)
            for future in done
            if not isinstance(future.exception(), BrokenExecutor)
        ]
        if suspects:
            # Every job that ran then failed with it. Each is tried by itself, so that only the one to blame fails.
            suspects += [running[future] for future in running if future not in done]
            running.clear()
            executed += self._alone(suspects)
        return executed

    def _alone(self, jobs: list[Job]) -> list[Executed]:
        if self._given is not None:
            raise CourseError(
                "The workers ended. What was graded before is saved; run the same command again to go on."
            )
        executed = []
        for job in jobs:
            with executors.local(1) as single:
                try:
                    executed.append(self._result(job, single.submit(execute, job)))
                except BrokenExecutor:
                    reason = f"The process that graded '{job.exercise}' was ended by the system."
                    executed.append(Executed(job, "failed", reason))
        self._own = executors.local()
        return executed

    @staticmethod
    def _result(job: Job, future: Future) -> Executed:
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            raise error
        if error is not None:
            return Executed(job, "failed", f"'{job.exercise}' could not be graded ({type(error).__name__}: {error}).")
        return future.result()


class _Batch:
    """One run over some submissions."""

    def __init__(
        self,
        course: Course,
        workers: Workers,
        saver: Saver,
        records: Mapping[tuple[str, str], audit.Record],
        again: bool,
        on: Told,
    ) -> None:
        self._course, self._workers, self._saver = course, workers, saver
        self._records, self._again, self._on = records, again, on
        self._outcomes: dict[tuple[str, str], Graded] = {}

    def run(self, todo: list[tuple[str, str]]) -> list[Graded]:
        """Grade these; the outcomes in the same order."""
        self._total = len(todo)
        queue, running, ready = deque((pair, 1) for pair in todo), {}, []
        tries: dict[tuple[str, str], int] = {}
        while queue or running or ready:
            while queue and len(running) < WINDOW:
                pair, tried = queue.popleft()
                tries[pair] = tried
                prepared = prepare(self._course, *pair, record=self._records.get(pair), again=self._again or tried > 1)
                if isinstance(prepared, Graded):
                    self._tell(prepared)
                else:
                    running[self._workers.submit(prepared)] = prepared
            if running:
                for done in self._workers.finished(running):
                    if done.status == "graded":
                        ready.append(done)
                    else:
                        self._tell(done.outcome)
            if len(ready) >= CHUNK or not running:
                for done, outcome in self._saved(ready, tries):
                    pair = (done.job.learner, done.job.exercise)
                    if outcome is None:
                        queue.append((pair, tries[pair] + 1))
                    else:
                        self._tell(outcome)
                ready = []
        return [self._outcomes[pair] for pair in todo]

    def _saved(
        self, ready: list[Executed], tries: Mapping[tuple[str, str], int]
    ) -> Iterator[tuple[Executed, Graded | None]]:
        for patient in (True, False):
            some = [one for one in ready if (tries[one.job.learner, one.job.exercise] < TRIES) == patient]
            for start in range(0, len(some), CHUNK):
                part = some[start : start + CHUNK]
                yield from zip(part, self._saver.save(part, stale_too=not patient), strict=True)

    def _tell(self, outcome: Graded) -> None:
        if not outcome.ok:
            handin.note_incident(self._course, outcome.learner, outcome.exercise, outcome.status, outcome.reason)
        self._outcomes[outcome.learner, outcome.exercise] = outcome
        self._on(outcome, len(self._outcomes), self._total)
