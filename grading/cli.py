"""The `course` command: what a trainer or whoever runs the course types.

Commands are thin: they call the rest of grading, show what happened, and turn an error that is the user's to
mend into one sentence. What is slow to import is imported by the command that needs it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="course",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    help="Run the course: build it, take hand-ins, grade them, and see who has completed what.",
    epilog=(
        "[bold]To run a cohort without a server[/bold]\n\n"
        "1. course build  (once, and after the course changed; put build/site on any web server)\n\n"
        "2. course collect hand-ins/  (a folder or a zip of what learners sent you)\n\n"
        "3. course grade\n\n"
        "4. course feedback  (a page for each learner, in build/feedback)\n\n"
        "5. course report --roster people.csv  (completion, in build/report)\n\n"
        "[bold]With a server[/bold]: course build, then course serve. Hand-ins are graded as they come.\n\n"
        "Every command can be stopped and run again: it goes on where it stopped."
    ),
)

Exercises = Annotated[list[str] | None, typer.Argument(help="Exercises, by their slug. Without any: all.")]
Roster = Annotated[
    Path | None,
    typer.Option(help="A CSV of people with the columns learner, name, unit, role (and duty for staff)."),
]


Dask = Annotated[
    str, typer.Option("--dask", metavar="ADDRESS", help="Use this Dask cluster; its workers need this folder.")
]


@app.callback()
def everywhere(
    db: Annotated[
        str,
        typer.Option(
            "--db",
            metavar="URL",
            envvar="COURSE_GRADEBOOK",
            help="The gradebook's address, such as postgresql://host/gradebook. Without it: course.toml's, or a file.",
        ),
    ] = "",
) -> None:
    if db:
        os.environ["COURSE_GRADEBOOK"] = db


def command(function: Callable) -> Callable:
    """A command of `course`, whose errors that are the user's to mend are told in a sentence, with exit code
    1.
    """

    @functools.wraps(function)
    def run(*args, **kwargs):
        from grading.course import CourseError
        from grading.scoring import Refused

        try:
            return function(*args, **kwargs)
        except (CourseError, Refused) as error:
            _fail(str(error))
        except OSError as error:
            _fail(f"{error.filename or 'The disk'}: {error.strerror or error}.")
        except KeyboardInterrupt:
            typer.echo("Stopped. Run the same command again to go on.", err=True)
            raise typer.Exit(130) from None

    return app.command()(run)


@command
def check() -> None:
    """Check the course: course.toml, every lesson and exercise, and that every answer gets the score it must.

    Names the file, and the line where there is one, of everything that is wrong.
    """
    from grading import checks, course

    problems = list(checks.problems(course.load(check_folders=False)))
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        _fail(f"{len(problems)} {'thing is' if len(problems) == 1 else 'things are'} wrong.")
    typer.echo("The course is in order.")


@command
def prepare() -> None:
    """Make the notebooks from the text, and nbgrader's settings, under build/. `build` does this too."""
    course = _prepare()
    typer.echo(f"{len(course.modules)} lessons and {len(course.exercises)} exercises are in build/.")


@command
def build() -> None:
    """Build all that learners get: notebooks, release, the site, and the exercises for the browser
    (build/site).

    Fetches the parts that run in the browser once, and keeps them in build/cache.
    """
    from grading import wiring
    from grading.course import CourseError
    from grading.publish import fetch, lite, notebooks, pages, site

    course = _prepare()
    released = wiring.release(course)
    practices = notebooks.write_practices(course)
    out = course.build / "site"
    try:
        with _busy("Building the site"):
            site.build_site(out, course.root)
        with _busy("Building the exercises for the browser"):
            runs = (*notebooks.write_for_browser(course, released), *practices)
            lite.build_lite(
                {file.name: file for file in runs}, out / "lite", root=course.root, full=course.pyodide, say=typer.echo
            )
            pages.write_pages(
                [
                    pages.exercise_page(
                        course.exercise_folder / slug / "scenario.toml",
                        home=f"notebooks/{course.module_of(slug).slug}.html",
                        counted=course.module_of(slug).counted,
                    )
                    for slug in course.exercises
                ]
                + [
                    pages.practice_page(file.stem, f"Practice: {module.title}", f"notebooks/{module.slug}.html")
                    for file, module in practices.items()
                ],
                out,
                course.title,
            )
    except (fetch.PublishError, site.SiteError) as error:
        raise CourseError(str(error)) from None
    typer.echo(f"The course is built: {out}")


@command
def release(exercises: Exercises = None) -> None:
    """Release exercises with nbgrader: what learners get, and what is graded, enter the gradebook."""
    from grading import wiring

    course = _prepare()
    with _busy("Releasing"):
        released = wiring.release(course, exercises)
    typer.echo(f"Released: {', '.join(file.stem for file in released)}.")


@command
def collect(
    source: Annotated[Path, typer.Argument(help="A folder or a zip of hand-ins.")],
) -> None:
    """Take hand-ins from a folder or a zip.

    Each is called <learner>__<exercise>.zip (or is a folder of that name). Nothing is unpacked: the answers
    are read, checked and kept under build/attempts, and the learner's best attempt waits to be graded. What
    is refused is named with its reason, and the rest is taken.
    """
    from grading import collect as collecting

    course = _load()
    with _busy(f"Reading {source}"):
        rows = collecting.collect(course, source)
    _table(
        ["Hand-in", "", "Points", "Why"],
        [(row.name, row.status, _points(row), row.reason) for row in rows],
    )
    counts = {status: sum(row.status == status for row in rows) for status in ("taken", "known", "refused")}
    typer.echo(f"{counts['taken']} taken, {counts['known']} known already, {counts['refused']} refused.")
    if not rows:
        _fail(f"There is no hand-in in {source}.")
    if counts["refused"]:
        raise typer.Exit(1)


@command
def grade(
    exercises: Exercises = None,
    again: Annotated[bool, typer.Option("--again", help="Grade everything, also what has not changed.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be graded, and whose marks would change.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask before marks change because the course has changed.")
    ] = False,
    dask: Dask = "",
) -> None:
    """Grade what was handed in, with nbgrader. What has been graded and has not changed is left as it is.

    It uses every core of this machine, or a Dask cluster. Where the course has changed since something was graded, it
    shows whose marks would change, and asks before it changes them. Stopped or killed, it goes on when it is run again.
    """
    import time

    from grading.batch import run

    course = _load()
    with _executor(dask) as executor:
        with _busy("Looking for marks that would change"):
            changes = run.changes(course, exercises, executor)
        _table(
            ["Learner", "Exercise", "Now", "Then", "Because of"],
            [
                (one.learner, one.exercise, f"{one.before:g}", f"{one.after:g}", ", ".join(one.criteria))
                for one in changes
            ],
        )
        if changes:
            marks = "1 mark" if len(changes) == 1 else f"{len(changes)} marks"
            typer.echo(f"The course has changed since they were graded: {marks} would change.")
        if dry_run:
            waiting = len(run.pending(course, exercises))
            typer.echo(f"{waiting} to grade. Nothing was written.")
            return
        if changes and not yes:
            _ask("Change them?", "Nothing was written. To change them: course grade --yes")
        began = time.monotonic()
        with _progress("Grading") as told:
            outcomes = run.grade(
                course, exercises=exercises, again=again, executor=executor, on=lambda one, done, of: told(done, of)
            )
        seconds = time.monotonic() - began
    bad = [one for one in outcomes if not one.ok]
    _table(
        ["Learner", "Exercise", "", "Why"],
        [(one.learner, one.exercise, one.status, one.reason) for one in bad],
    )
    counts = {
        status: sum(one.status == status for one in outcomes) for status in ("graded", "unchanged", "refused", "failed")
    }
    typer.echo(f"{', '.join(f'{count} {status}' for status, count in counts.items())}. It took {seconds:.1f} s.")
    if not outcomes:
        typer.echo("Nothing has been handed in. `course collect` takes hand-ins from a folder or a zip.")
    if bad:
        raise typer.Exit(1)


@command
def verify(
    exercise: Annotated[list[str] | None, typer.Option(help="Only this exercise; may be given several times.")] = None,
    learner: Annotated[list[str] | None, typer.Option(help="Only this learner; may be given several times.")] = None,
    dask: Dask = "",
) -> None:
    """Recompute grades from the stored logs, and say which do not agree with the gradebook.

    Nothing is written. The exit code is 1 where a grade does not agree, and where there is none.
    """
    from grading import verify as verifying

    course = _load()
    with _executor(dask) as executor, _progress("Verifying") as told:
        verdicts = verifying.verify(
            course, exercises=exercise or (), learners=learner or (), executor=executor,
            on=lambda one, done, of: told(done, of),
        )  # fmt: skip
    bad = [one for one in verdicts if not one.agrees]
    if len(verdicts) == 1 and verdicts[0].record:
        _said_of(verdicts[0].record)
    _table(["Learner", "Exercise", "Why it does not agree"], [(one.learner, one.exercise, one.reason) for one in bad])
    if not verdicts:
        _fail("There is no such grade.")
    grades = "1 grade was" if len(verdicts) == 1 else f"{len(verdicts)} grades were"
    typer.echo(f"{grades} recomputed: {len(verdicts) - len(bad)} agree, {len(bad)} do not.")
    if bad:
        raise typer.Exit(1)


@command
def feedback(exercises: Exercises = None) -> None:
    """Make each learner's feedback page from what was graded: build/feedback/<learner>/<exercise>/."""
    from grading import wiring

    course = _load()
    with _progress("Feedback") as told:
        outcomes = wiring.feedback(course, exercises=exercises, on=lambda one, done, of: told(done, of))
    bad = [one for one in outcomes if not one.ok]
    _table(["Learner", "Exercise", "Why"], [(one.learner, one.exercise, one.reason) for one in bad])
    typer.echo(f"{len(outcomes) - len(bad)} feedback pages are in {course.build / 'feedback'}.")
    if bad:
        raise typer.Exit(1)


@command
def report(
    roster: Roster = None,
    out: Annotated[Path | None, typer.Option(help="The folder to write to. Without it: build/report.")] = None,
) -> None:
    """Write who has completed what: a page to read and a CSV, by unit, role and module."""
    from grading import report as reporting

    course = _load()
    made = reporting.completion(course, _people(roster))
    written = reporting.write(made, out or course.build / "report")
    complete = sum(line.complete for line in made.lines)
    typer.echo(f"{complete} of {len(made.lines)} people have completed their path.")
    for file in written:
        typer.echo(str(file))


@command
def fhir(
    patient: Annotated[str | None, typer.Argument(help="A patient, by the name of the file: marsh-eleanor.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="All patients of the simulated hospital.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to, a file for each patient. Without it: the screen.")
    ] = None,
    at: Annotated[datetime, typer.Option(help="The moment at which the record is seen.")] = datetime(2026, 3, 12, 14),
) -> None:
    """Write a patient's record as HL7 FHIR R4: a bundle of resources, in JSON."""
    from grading import records

    if everybody == bool(patient):
        _fail("Name one patient, or ask for --all.")
    made = records.bundles(at, patient)
    if out is None:
        for text in made.values():
            typer.echo(text)
        return
    for file in records.write(made, out):
        typer.echo(str(file))


@command
def demo(
    learners: Annotated[int, typer.Option(min=1, max=500, help="How many there are.")] = 30,
) -> None:
    """Make a synthetic cohort in build/demo: hand-ins, grades, feedback and the report.

    The real gradebook is not touched.
    """
    from grading import demo as demonstration

    course = _load()
    with _progress("Synthetic cohort") as told:
        made, written = demonstration.run(course, learners, on=lambda step, done, of: told(done, of, step))
    complete = sum(line.complete for line in made.lines)
    typer.echo(made.course.label)
    typer.echo(f"{complete} of {len(made.lines)} have completed their path.")
    for file in written:
        typer.echo(str(file))


@command
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    address: Annotated[
        str, typer.Option(help="The address to listen on; 127.0.0.1 is this machine only.")
    ] = "127.0.0.1",
    roster: Roster = None,
    tls: Annotated[
        bool,
        typer.Option("--tls", help="Serve https with a certificate made for this machine: for a classroom's network."),
    ] = False,
    certificate: Annotated[Path | None, typer.Option(help="A TLS certificate (PEM), with --key.")] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's private key (PEM).")] = None,
) -> None:
    """Serve the built course: the site, hand-ins with an answer at once, the trainer's board and the
    report.
    """
    from grading.course import CourseError

    try:
        from grading.server.app import serve as run
    except ModuleNotFoundError as error:
        raise CourseError(f"The server cannot start: {error}.") from None
    if bool(certificate) != bool(key):
        raise CourseError("A certificate needs its key, and a key its certificate: give both --certificate and --key.")
    course = _load()
    pair = (certificate, key) if certificate and key else None
    if tls and pair is None:
        from grading.server.tls import local_certificate, names_of_this_machine

        pair = local_certificate(course.build / "server", names_of_this_machine(address))
        typer.echo(f"Browsers trust this server once {course.build / 'server' / 'authority.pem'} is installed there.")
    run(course, port=port, address=address, roster=roster, tls=pair, say=typer.echo)


@command
def doctor() -> None:
    """Say whether this machine has what the course needs, and how a learner's code is kept in.

    Each kind of wall is tried out. Where none stands, code is not run: it waits for a person, and all else is graded.
    """
    import shutil
    import sys

    from grading import course as courses
    from grading import sandbox

    course = courses.load(check_folders=False)
    tried = sandbox.status([course.root])
    used = next((one.kind for one in tried if one.works), "")
    rows = [("Python", "works", f"{sys.version_info.major}.{sys.version_info.minor} in {sys.prefix}")]
    for one in tried:
        works = "used" if one.kind == used else "works" if one.works else "does not work"
        rows.append((f"Sandbox: {one.kind}", works, one.why))
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
    rows.append(("Chromium", "works" if browser else "not there", browser or "Only the browser tests need it."))
    _table(["This machine", "", ""], rows)
    most, mib = course.limits, 2**20
    typer.echo(
        f"A learner's code may take {most.wall} s, {most.cpu} s of processor, {most.memory // mib} MiB of memory and "
        f"{most.processes} processes, and write {most.written // mib} MiB; {most.output // mib} MiB of what it prints "
        "is kept."
    )
    if not used:
        typer.echo(
            "Code cells can't be run safely here, so they are left for manual grading. On Debian and Ubuntu: "
            "apt-get install bubblewrap."
        )


@command
def links(
    roster: Annotated[Path, typer.Argument(help="The CSV of people that `course serve --roster` is given.")],
    root: Annotated[
        str, typer.Option(help="The address people open, e.g. https://course.hospital.example")
    ] = "http://127.0.0.1:8000",
) -> None:
    """Print each person's personal link, as CSV: learner, name, duty, link. Whoever has a link is that person."""
    import csv
    import sys

    from grading.server.identity import Roster as People
    from grading.server.identity import read_roster, secret

    people = People(read_roster(roster), secret(_load().build / "server"))
    writer = csv.writer(sys.stdout)
    writer.writerow(["learner", "name", "duty", "link"])
    for person, link in people.links(root):
        writer.writerow([person.id, person.name, person.duty, link])


def _load():
    from grading import course

    return course.load()


def _prepare():
    """The course with its notebooks made."""
    from grading import exercise, wiring
    from grading.publish import notebooks

    course = _load()
    exercises = exercise.load_all(course)
    notebooks.write_lessons(course)
    notebooks.write_exercises(course, exercises.values())
    wiring.write_config(course)
    return course


def _people(roster: Path | None):
    if roster is None:
        return None
    from grading.server.identity import read_roster

    return read_roster(roster)


@contextmanager
def _executor(dask: str) -> Iterator:
    """What executes the jobs: None is this machine's cores."""
    from grading.batch import executors

    if not dask:
        yield None
        return
    with executors.dask(dask) as executor:
        yield executor


def _ask(question: str, otherwise: str) -> None:
    """Ask whoever sits at the terminal; without one, or a yes, nothing happens."""
    import sys

    if not sys.stdin.isatty() or not typer.confirm(question):
        _fail(otherwise)


def _said_of(record) -> None:
    """A record of a grade, in words."""
    from grading.account import plain

    typer.echo(
        plain(
            f"{record.points:g} of {record.max:g} points, {'passed' if record.passed else 'not passed'}, for attempt "
            f"{record.attempt}. Graded {record.at} by {record.graded_by}, with version {record.course_version} of the "
            f"course and rubric {record.rubric}; the answers' SHA-256 is {record.answers}."
        )
    )


def _points(row) -> str:
    return "" if row.points is None else f"{row.points:g} of {row.max:g}"


def _fail(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _table(columns: list[str], rows: list[tuple]) -> None:
    """Show rows as a table; nothing where there are none. What came from outside is shown as text."""
    if not rows:
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from grading.account import plain

    table = Table(*columns, show_edge=False)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    Console().print(table)


@contextmanager
def _busy(what: str) -> Iterator[None]:
    """Show that something is going on, on a terminal."""
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


@contextmanager
def _progress(what: str) -> Iterator[Callable[..., None]]:
    """A bar with the time that is left; yields a function of (done, of, and perhaps what is going on)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)

        def told(done: int, of: int, step: str = what) -> None:
            progress.update(task, completed=done, total=of, description=step)

        yield told
