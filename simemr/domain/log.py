"""The answer log: what a learner did, a line an event, append-only, each line chained to the one before.

The chain finds damage and careless edits; it is no proof against its owner, whose own machine holds it.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

SCHEMA = 1
MAX_LINES = 50_000


class LogError(ValueError):
    """The log can't be trusted. The text is ``line N: the cause``."""

    def __init__(self, line: int, cause: str):
        super().__init__(f"line {line}: {cause}")
        self.line = line
        self.cause = cause


class TornHeader(LogError):
    """Only the beginning of a first line was ever written: there is nothing to lose."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a log."""

    exercise: str
    course_version: str
    seed: int
    attempt: int
    schema: int = SCHEMA
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An event as it stands in the log."""

    seq: int
    at: str
    action: str
    args: dict[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Log:
    """A log that was read. ``good`` is how many characters of the text hold whole lines."""

    header: Header
    lines: tuple[Line, ...]
    torn: bool
    good: int

    @property
    def digest(self) -> str:
        """The digest that stands for everything in the log."""
        return self.lines[-1].digest if self.lines else self.header.digest


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces. Raises ValueError for NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _digest(before: str, value: Any) -> str:
    return hashlib.sha256(f"{before}{canonical(value)}".encode()).hexdigest()[:16]


def header_line(exercise: str, course_version: str, seed: int, attempt: int) -> tuple[Header, str]:
    """Return a new log's header and its line of text (with the newline)."""
    fields = {
        "schema": SCHEMA,
        "exercise": exercise,
        "course_version": course_version,
        "seed": seed,
        "attempt": attempt,
    }
    digest = _digest("", fields)
    return Header(exercise, course_version, seed, attempt, SCHEMA, digest), canonical(
        {**fields, "digest": digest}
    ) + "\n"


def event_line(before: str, seq: int, at: str, action: str, args: dict[str, Any]) -> tuple[str, str]:
    """Return (digest, line of text with the newline) for the event that follows the digest ``before``."""
    fields = {"seq": seq, "at": at, "action": action, "args": args}
    digest = _digest(before, fields)
    return digest, canonical({**fields, "digest": digest}) + "\n"


_HEADER = {"schema": int, "exercise": str, "course_version": str, "seed": int, "attempt": int, "digest": str}
_EVENT = {"seq": int, "at": str, "action": str, "args": dict, "digest": str}


def read(text: str) -> Log:
    """Read a log. A torn last line (cut off in mid-write) is dropped and ``torn`` says so.

    Raises TornHeader when not even the first line was written whole, LogError(line, cause) for any other
    damage: nothing is guessed at.
    """
    lines = text.split("\n")
    whole = lines.pop() == ""
    if not whole:
        # the last line lacks its newline: it may still be whole, cut exactly before the newline
        last = text.rsplit("\n", 1)[-1]
        lines.append(last)
    if not lines or (len(lines) == 1 and not whole and _parse(lines[0]) is None):
        raise TornHeader(1, "the log has no whole first line")
    if len(lines) > MAX_LINES:
        raise LogError(MAX_LINES + 1, f"the log has more than {MAX_LINES} lines")
    header = _read_header(lines[0])
    events: list[Line] = []
    before, good, torn = header.digest, len(lines[0]) + 1, False
    for number, line in enumerate(lines[1:], start=2):
        if number == len(lines) and not whole and _parse(line) is None:
            torn = True
            break
        event = _read_event(line, number, before, len(events) + 1)
        events.append(event)
        before = event.digest
        good += len(line) + 1
    return Log(header, tuple(events), torn, min(good, len(text)))


def seq_of(line: str) -> int:
    """Return the sequence number an event's line claims. Raises LogError for what is no such line."""
    value = _parse(line)
    seq = value.get("seq") if value else None
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
        raise LogError(1, "this is not a line of an answer log")
    return seq


def follow(line: str, before: str, seq: int) -> Line:
    """Return the event of ``line``, which must be number ``seq`` and follow the digest ``before``.

    Raises LogError, its line number counted as in the whole log.
    """
    return _read_event(line.removesuffix("\n"), seq + 1, before, seq)


def _parse(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _fields(line: str, number: int, expected: dict[str, type]) -> dict[str, Any]:
    value = _parse(line)
    if value is None:
        raise LogError(number, "this is not a line of an answer log")
    if set(value) != set(expected):
        odd = sorted(set(value) ^ set(expected))
        raise LogError(number, f"it has the wrong parts ({', '.join(odd)[:80]})")
    for key, kind in expected.items():
        if not isinstance(value[key], kind) or isinstance(value[key], bool):
            raise LogError(number, f"'{key}' has the wrong type")
    return value


def _read_header(line: str) -> Header:
    value = _parse(line)
    if value is not None and value.get("schema") not in (None, SCHEMA):
        raise LogError(1, f"it was written by another version of the course (log schema {value['schema']!r:.20})")
    value = _fields(line, 1, _HEADER)
    digest = value.pop("digest")
    if digest != _digest("", value):
        raise LogError(1, "the first line was changed after it was written")
    return Header(digest=digest, **value)


def _read_event(line: str, number: int, before: str, seq: int) -> Line:
    value = _fields(line, number, _EVENT)
    if value["seq"] != seq:
        cause = "an event is missing or in the wrong place" if value["seq"] > seq else "an event is repeated"
        raise LogError(number, f"{cause} (event {value['seq']} where {seq} belongs)")
    digest = value.pop("digest")
    try:
        expected = _digest(before, value)
    except ValueError:
        raise LogError(number, "it holds a number that is not a number") from None
    if digest != expected:
        raise LogError(number, "this line, or one before it, was changed after it was written")
    return Line(digest=digest, **value)
