"""The trusted end of the sandbox: starts a template, orders runs from it, watches each, and reads what comes out.

One template serves a process; it is started with the first run. A learner's code is never run outside the walls: where
none stand, Unavailable is raised and nothing is run.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import select
import selectors
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.sandbox import plain, walls
from grading.sandbox.limits import Limits
from grading.sandbox.walls import Unavailable

#: How long a template may take to start, and a box to be made, on a machine that is busy.
SECONDS_TO_START = 60
#: The grader itself ends a box that has not ended itself this long after its time.
GRACE = 1.0
#: A run is looked at this often, once it has gone on for longer.
TICK = 0.1
PAGE = os.sysconf("SC_PAGE_SIZE")
SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cell:
    """A cell to run: its source, and the names of the variables that are wanted afterwards."""

    id: str
    source: str
    emit: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """What a cell left: values as they came out (see plain.typed), why others did not, the error it ended with."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Ran:
    """A run. `cells` holds those that came to their end; `stopped` is "" or why the run did not.

    `output` is what was printed, cut at the limit. `timed_out` says that the run was stopped for its time.
    """

    cells: dict[str, Left]
    output: str
    stopped: str = ""
    timed_out: bool = False
    cut: bool = False


def run(
    cells: Sequence[Cell],
    *,
    tables: dict[str, dict[str, list]] | None = None,
    limits: Limits | None = None,
    kept_out: Iterable[Path] = (),
    kind: str = "",
) -> Ran:
    """Run the cells in order, in a box, and return what they left. Raises Unavailable where there are no walls.

    A cell that ends its process is left out, and the others are run without it, within the same limits. tables: name ->
    {"columns", "rows"}, which the code finds as pandas tables. kind: the walls, where not whichever work.
    """
    limits = limits or Limits()
    template = _template(kind, tuple(str(Path(folder).resolve()) for folder in kept_out))
    end = time.monotonic() + limits.wall
    todo, ran, outputs = list(cells), {}, []
    stopped, timed_out, cut = "", False, False
    while todo:
        wall = max(0.1, end - time.monotonic())
        one = template.run({"cells": [vars(cell) for cell in todo], "tables": tables or {}}, limits, wall)
        ran.update(one.cells)
        outputs.append(one.output)
        cut |= one.cut
        if not one.stopped:
            break
        stopped, timed_out = one.stopped, one.timed_out
        done = [cell for cell in todo if cell.id in one.cells]
        if timed_out or len(done) == len(todo):
            break
        # the rest is run again without the one that ended the process, and with what came before it
        todo = done + todo[len(done) + 1 :]
        if len(todo) == len(done):
            break
    return Ran(ran, "".join(outputs), stopped, timed_out, cut)


@dataclass(frozen=True)
class Status:
    """Whether one kind of wall works here, and why not."""

    kind: str
    works: bool
    why: str = ""


def status(kept_out: Iterable[Path] = ()) -> list[Status]:
    """Each kind of wall, tried out; the first that works is the one that is used."""
    found = []
    for kind in walls.KINDS:
        try:
            template = Template(kind, kept_out)
        except Unavailable as error:
            found.append(Status(kind, False, str(error)))
            continue
        try:
            template.run({"cells": [vars(Cell("try", "x = 1", ("x",)))], "tables": {}}, Limits(), 10)
            found.append(Status(kind, True))
        except Unavailable as error:
            found.append(Status(kind, False, str(error)))
        finally:
            template.close()
    return found


_templates: dict[tuple[str, tuple[str, ...]], Template] = {}
_lock = threading.Lock()
_owner = os.getpid()


def _template(kind: str, kept_out: tuple[str, ...]) -> Template:
    """This process's template, started if need be: of that kind, or of the first that works."""
    global _owner
    with _lock:
        if _owner != os.getpid():  # forked: the templates are the parent's
            _templates.clear()
            _owner = os.getpid()
        known = _templates.get((kind, kept_out))
        if known and known.alive:
            return known
        reasons = []
        for one in [kind] if kind else walls.KINDS:
            try:
                made = Template(one, kept_out)
                made.run({"cells": [], "tables": {}}, Limits(), 10)
            except Unavailable as error:
                reasons.append(f"{one}: {error}")
                continue
            _templates[kind, kept_out] = made
            return made
    raise Unavailable(". ".join(reasons))


@atexit.register
def close() -> None:
    """End this process's templates."""
    if _owner == os.getpid():
        while _templates:
            _templates.popitem()[1].close()


class Template:
    """A process behind one kind of wall, from which runs are forked. Raises Unavailable where it can't be started."""

    def __init__(self, kind: str, kept_out: Iterable[str | Path] = ()) -> None:
        self.kind = kind
        command = walls.command(kind, kept_out=[Path(folder) for folder in kept_out])
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        try:
            self._process = subprocess.Popen(
                command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={}, cwd="/"
            )
        except OSError as error:
            raise Unavailable(f"it does not start ({error})") from None
        finally:
            theirs.close()
        self._orders.settimeout(SECONDS_TO_START)
        try:
            ready = self._orders.recv(16) == b"ready"
        except OSError:
            ready = False
        if not ready:
            raise Unavailable(f"it does not work here ({self._last_words()})")
        # what the template itself takes is no learner's
        self._base = max((_usage(pid) for pid in family_of(self._process.pid)), key=lambda usage: usage.size)
        self._drain = threading.Thread(target=self._process.stderr.read, daemon=True)
        self._drain.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the template."""
        self._orders.close()
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()

    def _last_words(self) -> str:
        self._orders.close()
        self._process.kill()
        said = self._process.stderr.read().decode("utf-8", "replace").strip().splitlines()
        self._process.wait()
        return said[-1][:200] if said else "it ended without a word"

    def order(self, kind: str, job: dict, limits: Limits, wall: float | None, handles: Sequence[int]) -> int:
        """Have a box made and begun: returns a handle (pidfd) of its first process. Raises Unavailable.

        handles: where output, results and the box's fate are written.
        """
        words = limits.words() | {"wall": wall, "memory": limits.memory + self._base.size}
        text = json.dumps({"kind": kind, "limits": words}).encode()
        work = os.memfd_create("job", os.MFD_CLOEXEC)
        try:
            with open(work, "wb", closefd=False) as file:
                file.write(json.dumps(job).encode())
            os.lseek(work, 0, os.SEEK_SET)
            with self._lock:
                socket.send_fds(self._orders, [text], [work, *handles])
                answer, held, _, _ = socket.recv_fds(self._orders, 4096, 1)
        except OSError as error:
            raise Unavailable(f"the sandbox has ended ({error})") from None
        finally:
            os.close(work)
        if not held:
            why = json.loads(answer)["error"] if answer else "its template has ended"
            raise Unavailable(f"no box can be made ({why})")
        return held[0]

    def over(self, pid: int, limits: Limits) -> str:
        """The limit that the box is over whose first process this is, or ""."""
        return over(pid, limits, self._base)

    def run(self, job: dict, limits: Limits, wall: float) -> Ran:
        """Run the job's cells in one process, once. Raises Unavailable."""
        pipes = [os.pipe() for _ in range(3)]
        try:
            first = self.order("cells", job, limits, wall, [end for _, end in pipes])
        except BaseException:
            for pipe in pipes:
                os.close(pipe[0])
            raise
        finally:
            for pipe in pipes:
                os.close(pipe[1])
        try:
            said, broke = _watch(first, [start for start, _ in pipes], limits, wall, self._base)
        finally:
            kill(first)
            os.close(first)
            for pipe in pipes:
                os.close(pipe[0])
        return _read(job, *said, broke, limits)


@dataclass(frozen=True)
class Usage:
    """What a process takes: bytes of address space and of memory, seconds of processor."""

    size: int = 0
    memory: int = 0
    cpu: float = 0.0


def _watch(
    first: int, sources: list[int], limits: Limits, wall: float, base: Usage
) -> tuple[list[tuple[bytes, bool]], str]:
    """Read what the box writes until it ends: for each source what was read and whether it was cut; and the limit
    for which the box was ended from here.
    """
    pid = pid_of(first)
    end = time.monotonic() + wall + GRACE
    kept = [bytearray() for _ in sources]
    cut = [False] * len(sources)
    broke = ""
    with selectors.DefaultSelector() as ready:
        ready.register(first, selectors.EVENT_READ, None)
        for number, source in enumerate(sources):
            os.set_blocking(source, False)
            ready.register(source, selectors.EVENT_READ, number)
        look = time.monotonic() + TICK
        while True:
            ended = False
            for key, _ in ready.select(TICK):
                if key.data is None:
                    ended = True
                elif _take(sources[key.data], kept[key.data], limits.output) is not None:
                    cut[key.data] |= len(kept[key.data]) > limits.output
                else:
                    ready.unregister(sources[key.data])
            if ended:
                break
            now = time.monotonic()
            if now >= end and not broke:
                broke = "wall"
                kill(first)
            if now >= look:
                broke = broke or over(pid, limits, base)
                if broke:
                    kill(first)
                look = time.monotonic() + TICK
    for number, source in enumerate(sources):  # what was written last
        for _ in range(64):
            if not _take(source, kept[number], limits.output):
                break
        cut[number] |= len(kept[number]) > limits.output
    return [(bytes(data[: limits.output]), was_cut) for data, was_cut in zip(kept, cut, strict=True)], broke


def _take(source: int, kept: bytearray, most: int) -> int | None:
    """Read some of a source and keep it up to the limit; None at its end, 0 where there is nothing now."""
    try:
        data = os.read(source, 65536)
    except BlockingIOError:
        return 0
    if not data:
        return None
    if len(kept) <= most:
        kept += data
    return len(data)


def over(pid: int, limits: Limits, base: Usage) -> str:
    """The limit that all processes of a box together are over, or ""."""
    family = [_usage(one) for one in family_of(pid)]
    if sum(max(0, usage.memory - base.memory) for usage in family) > limits.memory:
        return "memory"
    if sum(usage.cpu for usage in family) > limits.cpu + GRACE:
        return "cpu"
    return ""


def family_of(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found, todo = [], [pid]
    while todo and len(found) < 10_000:
        one = todo.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{thread}/children", encoding="ascii") as file:
                    todo.extend(map(int, file.read().split()))
    return found


def _usage(pid: int) -> Usage:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return Usage()
    # after the name: 11 to 14 are times of its own and of the children it waited for, 20 and 21 its size
    return Usage(int(fields[20]), int(fields[21]) * PAGE, sum(map(int, fields[11:15])) / SECOND)


def warm(kind: str = "", kept_out: tuple[str, ...] = ()) -> Template:
    """This process's template, started and warm. Raises Unavailable."""
    return _template(kind, kept_out)


def has_ended(handle: int) -> bool:
    """Whether the process that a pidfd stands for has ended."""
    return bool(select.select([handle], [], [], 0)[0])


def pid_of(handle: int) -> int:
    """The number of the process that a pidfd stands for, as it is called here; 0 once it is gone."""
    told = Path(f"/proc/self/fdinfo/{handle}").read_text(encoding="ascii")
    return max(0, int(re.search(r"^Pid:\s*(-?\d+)", told, re.MULTILINE)[1]))


def kill(handle: int) -> None:
    """End the process that a pidfd stands for, and with it the box whose first process it is."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGKILL)


def _read(job: dict, output: tuple, result: tuple, fate: tuple, broke: str, limits: Limits) -> Ran:
    """What came out of a box, as far as it can be understood. Raises Unavailable where the walls did not stand."""
    ended = _fate(fate[0])
    if ended.get("end") == "walls":
        raise Unavailable(f"no box can be made ({str(ended.get('why'))[:200]})")
    printed = output[0].decode("utf-8", "replace")
    asked = [cell["id"] for cell in job["cells"]]
    cells: dict[str, Left] = {}
    if result[1]:
        return Ran({}, printed, f"what it left takes more than {limits.output // 2**20} MiB", cut=output[1])
    for line in result[0].splitlines():
        try:
            told = plain.read(line)
        except plain.NotPlain:
            told = {}
        # One line a cell, in order: anything else was not written by the run.
        if len(cells) >= len(asked) or told.get("cell") != asked[len(cells)] or not _is_left(told):
            return Ran({}, printed, "what it left can't be read", cut=output[1])
        cells[told["cell"]] = Left(told["values"], told["faults"], told["error"])
    why, timed_out = _why(ended, broke, limits)
    if not why and len(cells) < len(asked):
        why = "it ended before its end"
    return Ran(cells, printed, why, timed_out, output[1])


def _is_left(told: dict) -> bool:
    return (
        isinstance(told.get("values"), dict)
        and isinstance(told.get("faults"), dict)
        and all(isinstance(why, str) for why in told["faults"].values())
        and isinstance(told.get("error"), str)
    )


def _fate(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _why(ended: dict, broke: str, limits: Limits) -> tuple[str, bool]:
    """Why a run was stopped, in words, and whether that was for its time."""
    end, cpu = ended.get("end"), ended.get("cpu", 0)
    if broke == "memory":
        return f"it used more than {limits.memory // 2**20} MiB of memory", False
    if broke == "cpu" or (end == "signal" and isinstance(cpu, float) and cpu >= limits.cpu - 0.5):
        return f"it computed for longer than {limits.cpu} seconds", True
    if broke == "wall" or end == "wall":
        return f"it took longer than {limits.wall} seconds", True
    if end == "signal":
        return f"its process was ended by signal {ended.get('signal')}", False
    if end == "exit":
        return "", False
    return "its process ended without a word", False
