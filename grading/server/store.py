"""The events learners stream while they work, kept so that each is stored once, however often it is sent.

A row an event, keyed by learner, exercise, attempt and sequence number. Many requests a second share one
transaction: a request is answered when its events are committed, never before.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from simemr.domain import log

metadata = sa.MetaData()

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("learner", sa.String(64), primary_key=True),
    sa.Column("exercise", sa.String(64), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("have", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(16), nullable=False),
    sa.Column("last_action", sa.String(64), nullable=False, default=""),
    sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
)
events = sa.Table(
    "events",
    metadata,
    sa.Column("learner", sa.String(64), primary_key=True),
    sa.Column("exercise", sa.String(64), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("line", sa.Text, nullable=False),
)

looks = sa.Table(
    "looks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("what", sa.String(200), nullable=False),
)

#: The most log lines one request may bring, and the most characters of one line.
MOST_LINES = 2_000
LONGEST_LINE = 16_384


class Conflict(ValueError):
    """The events do not follow from those the server has: the exercise went on somewhere else."""


@dataclass(frozen=True, slots=True)
class Append:
    """A request to keep some lines of one learner's log."""

    learner: str
    header: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the server has after it: the sequence number of the newest event, and the digest that stands for all."""

    have: int
    digest: str


class EventStore:
    """Events in SQLite or PostgreSQL, by URL. Safe to call from any thread; closes its one writer on `close`."""

    def __init__(self, url: str):
        options: dict[str, Any] = {"connect_args": {"check_same_thread": False}} if url.startswith("sqlite") else {}
        self._engine = sa.create_engine(url, **options)
        if url.startswith("sqlite"):
            sa.event.listen(self._engine, "connect", _sqlite_settings)
        metadata.create_all(self._engine)
        self._queue: queue.Queue[tuple[Append, Future[Kept]] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="event-writer", daemon=True)
        self._thread.start()

    async def append(self, request: Append) -> Kept:
        """Keep the lines and return what the server has now; lines it already has are passed over.

        Raises log.LogError for a damaged line, Conflict where the lines do not follow from what is there.
        """
        future: Future[Kept] = Future()
        self._queue.put((request, future))
        return await asyncio.wrap_future(future)

    def log_text(self, learner: str, exercise: str) -> str | None:
        """The learner's newest streamed log of the exercise as text, or None if there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(attempts.c.attempt, attempts.c.header)
                .where(attempts.c.learner == learner, attempts.c.exercise == exercise)
                .order_by(attempts.c.attempt.desc())
                .limit(1)
            ).first()
            if row is None:
                return None
            lines = connection.execute(
                sa.select(events.c.line)
                .where(
                    events.c.learner == learner,
                    events.c.exercise == exercise,
                    events.c.attempt == row.attempt,
                )
                .order_by(events.c.seq)
            ).scalars()
            return row.header + "".join(lines)

    def board(self) -> list[Any]:
        """The newest attempt of each learner at each exercise, as rows of `attempts`."""
        newest = (
            sa.select(attempts.c.learner, attempts.c.exercise, sa.func.max(attempts.c.attempt).label("attempt"))
            .group_by(attempts.c.learner, attempts.c.exercise)
            .subquery()
        )
        joined = sa.select(attempts).join(
            newest,
            sa.and_(
                attempts.c.learner == newest.c.learner,
                attempts.c.exercise == newest.c.exercise,
                attempts.c.attempt == newest.c.attempt,
            ),
        )
        with self._engine.connect() as connection:
            return list(connection.execute(joined))

    def note_look(self, who: str, what: str) -> None:
        """Write down that `who` looked at `what`: results are personal data."""
        with self._engine.begin() as connection:
            connection.execute(looks.insert().values(at=datetime.now(UTC), who=who, what=what[:200]))

    def erase(self, learner: str) -> int:
        """Forget all that was streamed by the learner; returns how many events that were."""
        with self._engine.begin() as connection:
            connection.execute(attempts.delete().where(attempts.c.learner == learner))
            return connection.execute(events.delete().where(events.c.learner == learner)).rowcount

    def close(self) -> None:
        """Write what waits, then stop."""
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        while True:
            item = self._queue.get()
            if item is None:
                return
            batch = [item]
            stop = False
            # whoever came while the last transaction ran is written in one go
            while len(batch) < 500:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    stop = True
                    break
                batch.append(more)
            self._write(batch)
            if stop:
                return

    def _write(self, batch: list[tuple[Append, Future[Kept]]]) -> None:
        outcomes: list[tuple[Future[Kept], Kept | Exception]] = []
        try:
            with self._engine.begin() as connection:
                for request, future in batch:
                    try:
                        outcomes.append((future, _keep(connection, request)))
                    except (log.LogError, Conflict) as refusal:
                        outcomes.append((future, refusal))
        except Exception as error:  # noqa: BLE001 - each waiting request must be told, whatever went wrong
            outcomes = [(future, error) for _, future in batch]
        for future, outcome in outcomes:
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


def _sqlite_settings(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=normal")
    cursor.close()


def _keep(connection: sa.Connection, request: Append) -> Kept:
    header = log.read(request.header).header
    where = sa.and_(
        attempts.c.learner == request.learner,
        attempts.c.exercise == header.exercise,
        attempts.c.attempt == header.attempt,
    )
    known = connection.execute(sa.select(attempts).where(where)).first()
    key = {"learner": request.learner, "exercise": header.exercise, "attempt": header.attempt}
    if known is not None and known.header != request.header:
        raise Conflict("This attempt was begun at another computer.")
    have, digest = (known.have, known.digest) if known is not None else (0, header.digest)
    fresh: list[dict[str, Any]] = []
    last = known.last_action if known is not None else ""
    for text in request.lines:
        seq = log.seq_of(text)
        if seq <= have:
            _require_same(connection, key, seq, text)
            continue
        if have >= log.MAX_LINES:
            raise log.LogError(have + 1, f"the log has more than {log.MAX_LINES} lines")
        line = log.follow(text, digest, have + 1)
        fresh.append({**key, "seq": line.seq, "line": text})
        have, digest, last = line.seq, line.digest, line.action
    now = datetime.now(UTC)
    if known is None:
        connection.execute(
            attempts.insert().values(
                **key, header=request.header, have=have, digest=digest, last_action=last, last_seen=now
            )
        )
    else:
        connection.execute(
            attempts.update().where(where).values(have=have, digest=digest, last_action=last, last_seen=now)
        )
    if fresh:
        connection.execute(events.insert(), fresh)
    return Kept(have, digest)


def _require_same(connection: sa.Connection, key: dict[str, Any], seq: int, text: str) -> None:
    stored = connection.execute(
        sa.select(events.c.line).where(
            events.c.learner == key["learner"],
            events.c.exercise == key["exercise"],
            events.c.attempt == key["attempt"],
            events.c.seq == seq,
        )
    ).scalar_one()
    if stored != text:
        raise Conflict("This attempt went on at another computer.")
