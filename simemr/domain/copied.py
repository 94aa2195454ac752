"""What of a text was copied from another: runs of the same words, found by the standard library's difflib.

Upper and lower case and punctuation do not matter, and a run of a few words is chance. Nothing here knows who wrote
what, or whether it is true.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

#: Fewer words than these in a row are not taken for a copy: "to continue" is nobody's.
SHORTEST_RUN = 4
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that is copied, or that is not."""

    text: str
    copied: bool


def pieces(text: str, source: str) -> list[Piece]:
    """Cut the text into what is copied from the source and what is not; together they are the text again."""
    words = list(_WORD.finditer(text))
    new, old = [_plain(w.group()) for w in words], [_plain(w) for w in source.split()]
    made: list[Piece] = []
    end = 0
    for run in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if run.size < SHORTEST_RUN:
            continue
        first, last = words[run.b].start(), words[run.b + run.size - 1].end()
        made += [Piece(text[end:first], False), Piece(text[first:last], True)]
        end = last
    made.append(Piece(text[end:], False))
    return [piece for piece in made if piece.text]


def share(texts: Iterable[str], source: str) -> float:
    """Return how much of the texts' words is copied from the source, 0 to 1; of no words it is 0."""
    copied = whole = 0
    for text in texts:
        for piece in pieces(text, source):
            count = len(piece.text.split())
            whole += count
            copied += count * piece.copied
    return copied / whole if whole else 0.0


def _plain(word: str) -> str:
    return word.casefold().strip(".,;:!?()“”\"'")
