"""Small helpers that make sentences out of names and numbers. British English; no clinical knowledge."""

from collections.abc import Sequence


def mid(name: str) -> str:
    """Return a name as it stands in mid-sentence: "Potassium" loses its capital, "INR" and "HbA1c" don't."""
    first = name.split(" ")[0].split("-")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() or len(first) == 1 else name


def start(text: str) -> str:
    """Return the text with a capital at its start, except where that would change a name such as "eGFR"."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def stop(text: str) -> str:
    """Return the text, trimmed, with a full stop at its end where it has no other."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


def join(*sentences: str) -> str:
    """Return the sentences one after another; empty ones are left out."""
    return " ".join(stop(sentence) for sentence in sentences if sentence.strip())


def listed(items: Sequence[str], word: str) -> str:
    """Return "a", "a or b" or "a, b or c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def medicine(name: str) -> str:
    """Return a medicine's name for mid-sentence: "Diltiazem, modified release" is "modified-release diltiazem"."""
    plain = mid(name.split(" (")[0])
    head, comma, tail = plain.partition(", ")
    return f"{tail.replace(' ', '-')} {head}" if comma else plain
