"""A log that comes back as a file the learner saved: may the exercise go on from it, and what would it replace?

Never touches a disk. It trusts a file no more than the grader does.
"""

from simemr.domain import log
from simemr.domain.attempt import replay
from simemr.domain.log import Log, LogError
from simemr.domain.record import Hospital
from simemr.domain.scenario import Scenario
from simemr.version import __version__, release

#: No real attempt takes more.
MOST_BYTES = 5 * 2**20


class Unusable(ValueError):
    """The exercise can't go on from this file; the text says why, for the learner."""


def read(content: bytes, scenario: Scenario, hospital: Hospital) -> tuple[str, Log]:
    """Return the file's log as text, and read. Raises Unusable for one that can't be gone on from."""
    if len(content) > MOST_BYTES:
        raise Unusable("It is larger than any saved copy is.")
    if content[:2] == b"PK":
        raise Unusable(f"It is a zip, and so no saved copy: that is called {scenario.exercise}.jsonl.")
    text = content.decode("utf-8", errors="replace")
    try:
        found = log.read(text)
    except LogError as error:
        raise Unusable(f"It is damaged, or is no saved copy: {error}.") from None
    except (ValueError, RecursionError):  # what no attempt writes, such as half a character
        raise Unusable("It is no saved copy.") from None
    if found.header.exercise != scenario.exercise:
        raise Unusable(f"It is from another exercise, '{found.header.exercise:.60}': open that one and use it there.")
    if release(found.header.course_version) != release(__version__):
        raise Unusable(
            f"It was made with version {found.header.course_version:.20} of the course, and this is version "
            f"{__version__}: what it holds may mean something else here. Begin the exercise again."
        )
    try:
        replay(text, scenario, hospital)
    except LogError as error:
        raise Unusable(f"It is damaged: {error}.") from None
    except (ValueError, RecursionError):
        raise Unusable("It is damaged.") from None
    return text, found


def only_here(here: str, file: Log) -> int:
    """How many actions of the log ``here`` the file does not have: what would be replaced."""
    mine = log.read(here)
    if mine.header != file.header:
        return len(mine.lines)
    same = 0
    for one, other in zip(mine.lines, file.lines, strict=False):
        if one.digest != other.digest:
            break
        same += 1
    return len(mine.lines) - same
