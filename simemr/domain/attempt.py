"""One attempt at an exercise on the learner's disk: nothing is called saved before it is in the log.

The only domain module that writes. A failed write is never silent: the action stands, ``save_error`` says
what happened, and the lines wait to be written again with the next one.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simemr.domain import load, log
from simemr.domain.log import Header, LogError, TornHeader
from simemr.domain.record import Hospital
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused, Session
from simemr.version import __version__


class InUse(RuntimeError):
    """The same exercise is open somewhere else on this machine; there is one writer."""


def utc_now() -> datetime:
    """The wall clock, for the times written in the log."""
    return datetime.now(UTC)


def new_seed() -> int:
    """A seed for a new attempt."""
    return int.from_bytes(os.urandom(4), "big")


def hospital_for(scenario: Scenario) -> Hospital:
    """Load the hospital as the scenario needs it."""
    return load.hospital(scenario.clock, scenario.patients)


def replay(text: str, scenario: Scenario, hospital: Hospital | None = None) -> tuple[Session, log.Log]:
    """Return the session that the log describes, and the log.

    Raises LogError, naming line and cause, for a damaged log, a log of another exercise, or an action that
    could not have been done.
    """
    read = log.read(text)
    if read.header.exercise != scenario.exercise:
        raise LogError(1, f"this is the log of '{read.header.exercise:.60}', not of '{scenario.exercise}'")
    session = Session(scenario, hospital or hospital_for(scenario), read.header.seed)
    for line in read.lines:
        try:
            session.apply(line.action, line.args, line.at)
        except ActionRefused as refusal:
            raise LogError(
                line.seq + 1, f"the action '{line.action:.40}' could not have been done: {refusal}"
            ) from None
    return session, read


class Attempt:
    """A session whose actions are written down as they are done.

    Use ``Attempt.open``; then ``do`` for each action. ``listeners`` are called with each event's line
    of text, for whoever streams them on.
    """

    _opened: dict[str, "Attempt"] = {}

    def __init__(
        self,
        scenario: Scenario,
        folder: Path,
        session: Session,
        header: Header,
        clock: Callable[[], datetime],
    ):
        self.scenario = scenario
        self.folder = folder
        self.session = session
        self.header = header
        self.saved: datetime | None = None
        self.save_error = ""
        self.recovered = False
        self.listeners: list[Callable[[str], None]] = []
        self._clock = clock
        self._digest = header.digest
        self._written: list[str] = []
        self._waiting: list[str] = []
        self._untold: list[str] = []
        self._size = 0
        self._lock: Any = None

    @property
    def path(self) -> Path:
        """Where the log of the running attempt stands."""
        return self.folder / f"{self.scenario.exercise}.jsonl"

    @classmethod
    def open(
        cls,
        scenario: Scenario,
        folder: Path | str = "answers",
        *,
        hospital: Hospital | None = None,
        seed: int | None = None,
        clock: Callable[[], datetime] = utc_now,
        set_aside: bool = False,
    ) -> "Attempt":
        """Go on with the attempt in ``folder``, or start the first one.

        Raises LogError for a damaged log (with ``set_aside`` it is kept under another name and a new attempt
        begins), InUse when another process has it open, DataError for a missing or wrong data file.
        """
        folder = Path(folder)
        path = folder / f"{scenario.exercise}.jsonl"
        key = str(path.absolute())
        running = cls._opened.get(key)
        if running is not None and not set_aside:
            return running
        hospital = hospital or hospital_for(scenario)
        text = _read_text(path)
        lock = running._lock if running is not None else _take_lock(path)
        try:
            if set_aside and text is not None:
                path.replace(_free_name(path, "damaged"))
                text = None
            attempt = cls._begin(scenario, folder, hospital, text, seed, clock)
        except BaseException:
            _release(lock)
            raise
        attempt._lock = lock
        cls._opened[key] = attempt
        return attempt

    @classmethod
    def _begin(
        cls,
        scenario: Scenario,
        folder: Path,
        hospital: Hospital,
        text: str | None,
        seed: int | None,
        clock: Callable[[], datetime],
    ) -> "Attempt":
        if text is not None:
            try:
                session, read = replay(text, scenario, hospital)
            except TornHeader:
                pass
            else:
                attempt = cls(scenario, folder, session, read.header, clock)
                attempt._resume(text, read)
                return attempt
        number = 1 + len(list(folder.glob(f"{scenario.exercise}.attempt-*.jsonl")))
        return cls._start(scenario, folder, hospital, seed, clock, number)

    @classmethod
    def _start(
        cls,
        scenario: Scenario,
        folder: Path,
        hospital: Hospital,
        seed: int | None,
        clock: Callable[[], datetime],
        number: int,
    ) -> "Attempt":
        seed = new_seed() if seed is None else seed
        header, line = log.header_line(scenario.exercise, __version__, seed, number)
        attempt = cls(scenario, folder, Session(scenario, hospital, seed), header, clock)
        attempt._waiting.append(line)
        attempt._write()
        return attempt

    def _resume(self, text: str, read: log.Log) -> None:
        good = text[: read.good]
        self.recovered = read.torn
        self._digest = read.digest
        self._written = [good if good.endswith("\n") else good + "\n"]
        self.saved = _moment(read.lines[-1].at) if read.lines else None
        if self._written[0] != text:
            self._rewrite()
        self._size = len(self._written[0].encode())

    def do(self, action: str, **args: Any) -> tuple[Any, ...]:
        """Do an action and write it down. Returns the alerts. Raises ActionRefused with nothing written."""
        alerts = self.act(action, **args)
        self.save()
        return alerts

    def act(self, action: str, **args: Any) -> tuple[Any, ...]:
        """Do an action that the next ``save`` writes down; otherwise as ``do``.

        For a view that shows what was done before it waits for the disk.
        """
        at = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        _, alerts = self.session.apply(action, args, at)
        digest, line = log.event_line(self._digest, len(self.session.state.events), at, action, args)
        self._digest = digest
        self._waiting.append(line)
        self._untold.append(line)
        return alerts

    def save(self) -> bool:
        """Write what waits to be written, and tell the listeners; returns whether all is saved now."""
        if self._waiting:
            self._write()
        untold, self._untold = self._untold, []
        for line in untold:
            for listener in self.listeners:
                listener(line)
        return not self._waiting

    def log_text(self) -> str:
        """The whole log, with what waits to be written."""
        return "".join(self._written) + "".join(self._waiting)

    def again(self, seed: int | None = None) -> "Attempt":
        """Keep this attempt's log under its number and start the next one in its place."""
        self.save()
        if self.path.exists():
            self.path.replace(_free_name(self.path, f"attempt-{self.header.attempt}"))
        fresh = self._start(
            self.scenario, self.folder, self.session.hospital, seed, self._clock, self.header.attempt + 1
        )
        fresh._lock, self._lock = self._lock, None
        fresh.listeners = self.listeners
        self._opened[str(self.path.absolute())] = fresh
        return fresh

    def take_over(self, text: str, keep: bool) -> "Attempt":
        """Go on from a saved log in this one's place; with ``keep`` this one's stays under another name.

        Raises LogError for a log that can't be trusted, OSError where it could not be written; this attempt then
        stands as it was.
        """
        session, read = replay(text, self.scenario, self.session.hospital)
        if keep:
            _write_whole(_free_name(self.path, "replaced"), self.log_text())
        fresh = Attempt(self.scenario, self.folder, session, read.header, self._clock)
        whole = text[: read.good].removesuffix("\n") + "\n"
        _write_whole(self.path, whole)
        fresh._resume(whole, read)
        fresh._lock, self._lock = self._lock, None
        fresh.listeners = self.listeners
        self._opened[str(self.path.absolute())] = fresh
        return fresh

    def kept(self) -> list[Path]:
        """The other logs of this exercise that are kept here, newest first: earlier, replaced and damaged ones."""
        found = self.folder.glob(f"{self.scenario.exercise}.*.jsonl")
        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)

    def close(self) -> None:
        """Give the exercise free for another process."""
        self._opened.pop(str(self.path.absolute()), None)
        _release(self._lock)
        self._lock = None

    def _write(self) -> None:
        text = "".join(self._waiting)
        try:
            if not self._append(text.encode()):
                _write_whole(self.path, "".join(self._written) + text)
        except OSError as error:
            self.save_error = f"Not saved: {error.strerror or error}."
            return
        self._size += len(text.encode())
        self._written.append(text)
        self._waiting.clear()
        self.saved = self._clock()
        self.save_error = ""

    def _append(self, data: bytes) -> bool:
        """Add to the file and see that it grew; False when it did not hold what it should have before.

        In the browser each question to the disk takes as long as all the rest of a click: there are but three here.
        """
        try:
            file = open(self.path, "ab")  # noqa: SIM115 - closed below
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = open(self.path, "ab")  # noqa: SIM115
        with file:
            if file.tell() != self._size:
                # it is gone, or a write that failed half way left a torn tail behind
                return False
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # a browser without storage accepts the write and keeps nothing: only the size tells
        if os.path.getsize(self.path) != self._size + len(data):
            raise OSError("the file did not grow as it should have")
        return True

    def _rewrite(self) -> None:
        text = "".join(self._written)
        _write_whole(self.path, text)
        self._size = len(text.encode())


def _write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises OSError, also where the write is accepted and nothing is kept."""
    data = text.encode()
    beside = path.with_suffix(".part")
    with open(beside, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    if os.path.getsize(path) != len(data):
        raise OSError("the file was not kept")


def _moment(at: str) -> datetime | None:
    try:
        return datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _read_text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _free_name(path: Path, label: str) -> Path:
    name = path.with_name(f"{path.stem}.{label}{path.suffix}")
    number = 2
    while name.exists():
        name = path.with_name(f"{path.stem}.{label}-{number}{path.suffix}")
        number += 1
    return name


def _take_lock(path: Path) -> Any:
    # in the browser the page itself sees to it that there is one writer, and a lock would lock nothing
    try:
        import fcntl
    except ImportError:
        return None
    if not hasattr(fcntl, "flock"):
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = open(path.with_suffix(".lock"), "w")  # noqa: SIM115 - held as long as the attempt
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise InUse("This exercise is already open in another window. Go on there, or close it first.") from None
    except OSError:
        pass
    return handle


def _release(lock: Any) -> None:
    if lock is not None:
        lock.close()
