"""The course server under a classroom's and a hospital's load, on this machine: debriefs, streamed events, memory.

The server is a process of its own on the real course's exercises; the clients are sockets that stay open, as
browsers keep theirs. Every event is looked for afterwards in what the server kept.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from grading import course as course_file
from grading import exercise as exercise_file
from grading import wiring
from grading.publish import notebooks
from grading.server.identity import Roster, read_roster, secret
from simemr.domain import log
from tests.bench.grading_rate import SLUG
from tests.bench.row import Row

REPOSITORY = Path(__file__).resolve().parents[2]
LEARNERS, SECONDS = 500, 10
ROOM, WITHIN = 50, 10


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        root = _course(Path(folder) / "course")
        process, port, cookies = _start(root)
        try:
            waits = asyncio.run(_hand_ins(root, port, cookies))
            sent, seconds = asyncio.run(_events(port, cookies))
            memory = _memory_mb(process.pid)
        finally:
            process.terminate()
            process.wait()
        engine = sa.create_engine(f"sqlite:///{root}/build/server/events.db")
        with engine.connect() as connection:
            kept = connection.execute(sa.text("select count(*) from events")).scalar_one()
    p95 = statistics.quantiles(waits, n=20)[18]
    yield Row(f"hand-in to debrief, {ROOM} learners within {WITHIN} s, 95th percentile", "ms", 1000 * p95, 1000)
    yield Row(f"events lost of {sent} from {LEARNERS} learners at one a second", "events", sent - kept, 0)
    # the learners begin spread over the first second
    yield Row(f"how long {SECONDS} s of those events took", "s", seconds, SECONDS + 2)
    yield Row(f"the server's memory with {LEARNERS} learners", "MB", memory, 300)


def _course(root: Path) -> Path:
    for name in ("exercises", "notebooks", "simemr"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "course.toml", root)
    course = course_file.load(root)
    notebooks.write_exercises(course, exercise_file.load_all(course).values())
    wiring.write_config(course)
    wiring.release(course)
    (root / "build" / "site").mkdir(parents=True, exist_ok=True)
    (root / "build" / "site" / "index.html").write_text("<!doctype html><title>The course</title>")
    people = "".join(f"learner{n},Learner {n}\n" for n in range(LEARNERS))
    (root / "people.csv").write_text("learner,name\n" + people)
    return root


def _start(root: Path) -> tuple[subprocess.Popen, int, list[str]]:
    command = [sys.executable, "-m", "grading", "serve", "--port", "8791", "--roster", str(root / "people.csv")]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    from tornado.web import create_signed_value

    key = secret(root / "build" / "server")
    roster = Roster(read_roster(root / "people.csv"), key)
    cookies = [
        "course-person=" + create_signed_value(key, "course-person", roster.token(person)).decode()
        for person in roster.people.values()
    ]
    return process, 8791, cookies


class _Browser:
    """One learner's open connection."""

    def __init__(self, port: int, cookie: str):
        self._port, self._cookie = port, cookie

    async def open(self) -> _Browser:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def post(self, path: str, data: dict) -> dict:
        body = json.dumps(data).encode()
        self._writer.write(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._cookie}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(x.split(":")[1]) for x in head.split("\r\n") if x.lower().startswith("content-length"))
        answer = await self._reader.readexactly(length)
        if " 200 " not in head.split("\r\n")[0]:
            raise RuntimeError(f"{head.splitlines()[0]} {answer[:200]}")
        return json.loads(answer)

    def close(self) -> None:
        self._writer.close()


async def _hand_ins(root: Path, port: int, cookies: list[str]) -> list[float]:
    exercise = exercise_file.load_all(course_file.load(root))[SLUG]
    answers = [exercise.model, *(wrong.actions for wrong in exercise.wrong.values())]
    texts = [exercise.log_text(answers[n % len(answers)], seed=n) for n in range(ROOM)]

    async def one(number: int) -> float:
        await asyncio.sleep(number * WITHIN / ROOM)
        browser = await _Browser(port, cookies[number]).open()
        begun = time.perf_counter()
        await browser.post("/api/hand-in", {"exercise": SLUG, "log": texts[number]})
        browser.close()
        return time.perf_counter() - begun

    return list(await asyncio.gather(*(one(n) for n in range(ROOM))))


async def _events(port: int, cookies: list[str]) -> tuple[int, float]:
    async def one(number: int) -> None:
        browser = await _Browser(port, cookies[number]).open()
        header, head = log.header_line("orientation", "0.1.0", number, 1)
        digest = header.digest
        await asyncio.sleep(number / LEARNERS)
        begun = time.perf_counter()
        for seq in range(1, SECONDS + 1):
            digest, line = log.event_line(digest, seq, "2026-03-12T14:00:00Z", "open_tab", {"tab": "notes"})
            await browser.post("/api/events", {"header": head, "lines": [line]})
            await asyncio.sleep(max(0, begun + seq - time.perf_counter()))
        browser.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one(n) for n in range(len(cookies))))
    return len(cookies) * SECONDS, time.perf_counter() - begun


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not tell the server's memory")
