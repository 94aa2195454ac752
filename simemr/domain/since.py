"""When a problem began or ended, as exactly as it is known: a year, a month or a day.

Kept as "2019", "2019-03" or "2019-03-08", which sort and compare as they stand.
"""

import re
from datetime import date, datetime

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_WORDS = re.compile(r"(?:(\d{1,2})\s+)?([a-z]{3,9})\.?\s+(\d{4})")
EXPECTED = 'Write a year, a month or a day, for example "2019", "March 2019" or "8 March 2019".'


def read(text: str, clock: datetime, born: date) -> str:
    """Return what was written in the one form. Raises ValueError, saying what is expected, for anything else.

    A date with numbers alone (8/3/2019) is refused: it is two days of the year.
    """
    words = " ".join(text.strip().casefold().replace(",", " ").split())
    if words == "today":
        return clock.date().isoformat()
    found = _ISO.fullmatch(words)
    if found:
        year, month, day = (int(part) if part else 0 for part in found.groups())
    else:
        found = _WORDS.fullmatch(words)
        if not found:
            raise ValueError(EXPECTED)
        year, month, day = int(found[3]), _month(found[2]), int(found[1] or 0)
    try:
        earliest = date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(EXPECTED) from None
    if earliest > clock.date():
        raise ValueError("That is in the future.")
    if (year, month or 12, day or 31) < (born.year, born.month, born.day):
        raise ValueError("That is before the patient was born.")
    return f"{year}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def _month(name: str) -> int:
    found = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)]
    if name == "sept":
        return 9
    if len(found) != 1:
        raise ValueError(EXPECTED)
    return found[0]


def text(kept: str) -> str:
    """Return "8 Mar 2019", "Mar 2019" or "2019"; anything else as it stands."""
    found = _ISO.fullmatch(kept)
    if not found:
        return kept
    year, month, day = found.groups()
    parts = [str(int(day)) if day else "", _SHORT[int(month) - 1] if month else "", year]
    return " ".join(part for part in parts if part)
