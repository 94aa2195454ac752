"""Where jobs are executed: in this process, on this machine's cores, or on a Dask cluster; each an Executor."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from grading.course import CourseError

#: Seconds to wait for a cluster's scheduler.
PATIENCE = 15


class Here(Executor):
    """Runs everything at once in this process: for a few jobs, starting workers takes longer."""

    def submit(self, function: Callable, /, *args: Any, **more: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(function(*args, **more))
        except Exception as error:
            future.set_exception(error)
        return future


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def local(workers: int = 0) -> ProcessPoolExecutor:
    """Worker processes on this machine, one a core unless `workers` says how many."""
    # A fork starts at once, but is safe only while there is no other thread and where the system's libraries bear it.
    fork = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if fork else "forkserver")
    if not fork:
        context.set_forkserver_preload(["grading.batch.execute"])
    pool = ProcessPoolExecutor(workers or cores(), mp_context=context, initializer=_worker)
    if fork:
        pool.submit(int).result()  # all of them start now, before there is anything that they must not inherit
    return pool


class Cluster(Executor):
    """A Dask cluster's workers. One that dies is no loss while there is another: Dask gives its jobs to that one."""

    def __init__(self, client: Any, address: str) -> None:
        self._client, self._address = client, address
        # A job's result depends on the job alone, but its key must not: the same job may be asked for again.
        self._executor = client.get_executor(pure=False)

    def submit(self, function: Callable, /, *args: Any, **more: Any) -> Future:
        return self._executor.submit(function, *args, **more)

    def check(self) -> None:
        """Raise CourseError where nobody is left to execute anything."""
        if not self._client.scheduler_info()["workers"]:
            raise CourseError(
                f"The Dask cluster at {self._address} has no worker: start one with `dask worker {self._address}`, and "
                "run the same command again."
            )


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """A Dask cluster's workers. Raises CourseError where there are none."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise CourseError(
            "Grading on a Dask cluster needs the package 'distributed': pip install 'emr-course[dask]'."
        ) from None
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise CourseError(f"There is no Dask scheduler at {address} ({str(error)[:200] or 'no answer'}).") from None
    try:
        cluster = Cluster(client, address)
        cluster.check()
        yield cluster
    finally:
        client.close()


def _worker() -> None:
    """A worker leaves Ctrl-C to the process that started it, and ends when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end_with_parent() -> None:
    """End this process when the one that started it ends: one that is killed can't see to it."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
