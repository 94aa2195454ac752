"""Grading on a Dask cluster: a scheduler and two workers that are processes of their own, one of them killed."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from grading import cli, exercise
from grading.batch import executors, run
from grading.course import CourseError
from grading.verify import verify
from tests.grading.help import REPOSITORY, book, copy_of, hand_in, records

pytest.importorskip("distributed", reason="needs the extra 'dask'")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The scheduler's address and its workers' processes."""
    folder = tmp_path_factory.mktemp("dask")
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "text": True}
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", *here],
        stderr=subprocess.PIPE, env=environment, **quiet,
    )  # fmt: skip
    processes = [scheduler]
    try:
        address = next(found[0] for line in scheduler.stderr if (found := re.search(r"tcp://[\d.]+:\d+", line)))
        for _ in range(2):
            worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
            worker += ["--local-directory", str(folder), *here]
            processes.append(subprocess.Popen(worker, stderr=subprocess.DEVNULL, env=environment, **quiet))
        wait_for(address, 2)
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for(address, workers):
    from distributed import Client

    with Client(address, timeout=60) as client:
        client.wait_for_workers(workers, timeout=120)


@pytest.fixture
def cohort(released, fluid):
    answers = [fluid.model, *(wrong.actions for wrong in fluid.wrong.values())]
    for number in range(12):
        hand_in(released, fluid, f"learner-{number:02}", answers[number % len(answers)])
    return released


def test_a_cluster_that_is_not_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with (
        pytest.raises(CourseError, match="no Dask scheduler at tcp://127.0.0.1:1"),
        executors.dask("tcp://127.0.0.1:1"),
    ):
        pass


def test_the_command_grades_on_a_cluster_as_it_does_here(cluster, cohort, monkeypatch, tmp_path):
    here = copy_of(cohort, tmp_path / "here")
    run.grade(here)
    monkeypatch.chdir(cohort.root)
    exercise.cached.cache_clear()
    said = CliRunner().invoke(cli.app, ["grade", "--dask", cluster[0]])
    assert said.exit_code == 0 and "12 graded, 0 unchanged, 0 refused, 0 failed." in said.output
    assert (book(cohort), records(cohort)) == (book(here), records(here))


def test_a_worker_that_is_killed_on_the_way_costs_nothing(cluster, cohort, monkeypatch):
    address, workers = cluster
    monkeypatch.setattr(run, "CHUNK", 2)
    monkeypatch.setattr(run, "WINDOW", 6)

    def kill(outcome, done, total):
        if done == 2:
            os.kill(workers[0].pid, signal.SIGKILL)

    with executors.dask(address) as executor:
        outcomes = run.grade(cohort, executor=executor, on=kill)
        assert workers[0].wait(10) == -signal.SIGKILL
        assert {one.status for one in outcomes} == {"graded"} and len(records(cohort)) == 12
        assert all(one.agrees for one in verify(cohort, executor=executor)), "one worker is enough"


def test_a_cluster_that_has_lost_all_its_workers_is_a_sentence(cluster, cohort, monkeypatch):
    monkeypatch.setattr(run, "PATIENCE", 1)
    address, workers = cluster
    with executors.dask(address) as executor:
        for worker in workers:
            worker.kill()
            worker.wait()
        time.sleep(0.5)
        with pytest.raises(CourseError, match="has no worker"):
            run.grade(cohort, executor=executor)
    with pytest.raises(CourseError, match="has no worker"), executors.dask(address):
        pass
