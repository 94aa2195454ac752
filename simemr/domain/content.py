"""What a scenario may give to one part of the EMR: a table of scenario.toml for each, as values of its class.

A part registers its class where its actions are defined:

    @content("message")
    @dataclass(frozen=True, slots=True)
    class Message:
        id: str
        at: datetime
        text: str

Then ``[[message]]`` tables may stand in a scenario, and ``scenario.of(Message)`` returns them in order. Where the
tables change what a record says from the start, the class has a static method ``begin(session, messages)``, which is
called once before anything is done.
"""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T", bound=type)

CONTENT: dict[str, type] = {}


def content(table: str) -> Callable[[T], T]:
    """Register the decorated dataclass as what ``[[table]]`` in a scenario holds.

    A field of type datetime is written as a moment ("D-1 08:30"); an array becomes a tuple. ``id``, where there
    is one, must be unique in the table; ``patient`` must be on the scenario's list, or empty.
    """

    def add(kind: T) -> T:
        CONTENT[table] = kind
        return kind

    return add
