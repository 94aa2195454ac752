"""The notes of the stay, newest first."""

from collections.abc import Iterable
from datetime import datetime

from simemr.domain import when
from simemr.domain.record import Note
from simemr.html.escape import Markup, el, join
from simemr.html.tables import empty


def screen(notes: Iterable[Note], clock: datetime) -> Markup:
    """Return every note with its time, author and role."""
    ordered = sorted(notes, key=lambda n: n.at, reverse=True)
    return join(el("h3", "Notes"), [note(n, clock) for n in ordered] if ordered else empty("There is no note yet."))


def note(found: Note, clock: datetime, level: str = "h4") -> Markup:
    """Return one note."""
    kind = found.kind[:1].upper() + found.kind[1:]
    by = f" · {when.moment_text(found.at, clock)} · {found.author}, {found.role}"
    head = el(level, el("b", kind), by, class_="em-note-head")
    blocks = [block.strip() for block in found.text.strip().split("\n\n")]
    return el("article", head, [el("p", _lines(block)) for block in blocks if block], class_="em-note")


def _lines(block: str) -> Markup:
    lines = [line.strip() for line in block.splitlines()]
    return join(lines[0], [(el("br"), line) for line in lines[1:]])
