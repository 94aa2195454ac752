"""Clinical times, written relative to the session's day, and how they read on the screen."""

import re
from datetime import date, datetime, timedelta

_RELATIVE = re.compile(r"D(0|[+-]\d{1,4}) ([01]\d|2[0-3]):([0-5]\d)")


def parse(text: str, clock: datetime) -> datetime:
    """Return the moment that ``text`` ("D-2 21:40") means for a session whose clock reads ``clock``.

    Raises ValueError, saying what was expected, for any other form.
    """
    match = _RELATIVE.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a time like \"D-2 21:40\" (days from the session's day, then the clock)")
    days, hours, minutes = (int(part) for part in match.groups())
    midnight = clock.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days, hours=hours, minutes=minutes)


def age(born: date, on: date | datetime) -> int:
    """Return the age in whole years on the day ``on``."""
    day = on.date() if isinstance(on, datetime) else on
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def day_text(day: date | datetime) -> str:
    """Return "12 Mar 1952": no locale, the same on every machine."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day.day} {months[day.month - 1]} {day.year}"


def moment_text(moment: datetime, clock: datetime) -> str:
    """Return "today 07:10", "yesterday 21:40" or "10 Mar 21:40", as seen from ``clock``."""
    days = (clock.date() - moment.date()).days
    if days == 0:
        name = "today"
    elif days == 1:
        name = "yesterday"
    elif days == -1:
        name = "tomorrow"
    else:
        name = day_text(moment).rsplit(" ", 1)[0] if moment.year == clock.year else day_text(moment)
    return f"{name} {moment:%H:%M}"
