"""Who is asking: a roster of people, a personal link for each, and a signed cookie after the link was used.

Without a roster the server is for one person at one machine: it answers on the loopback address only, and
whoever sits there is the learner, the trainer and the CMIO.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grading import files
from grading.course import CourseError
from grading.handin import check_learner
from grading.scoring import Refused

#: What each kind of person may open. A learner sees their own work and nobody else's.
STAFF = {"trainer": frozenset({"board", "report"}), "cmio": frozenset({"report"})}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the course knows. `role` is the role path they take; `duty` is "learner", "trainer" or "cmio"."""

    id: str
    name: str
    unit: str = ""
    role: str = "all"
    duty: str = "learner"

    def may(self, page: str) -> bool:
        """Whether this person may open the staff page."""
        return page in STAFF.get(self.duty, frozenset()) or self.duty == "owner"


#: The one person of a server without a roster.
OWNER = Person("me", "You", duty="owner")


def read_roster(path: Path) -> dict[str, Person]:
    """Read a roster: a CSV file with the columns learner, name, unit, role and, for staff, duty.

    Raises CourseError naming file and line: an unknown duty, a bad or repeated learner id, a missing column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError(f"{path}: the roster can't be read ({error.strerror}).") from None
    reader = csv.DictReader(text.splitlines())
    missing = {"learner", "name"} - set(reader.fieldnames or ())
    if missing:
        raise CourseError(f"{path}:1: the roster lacks the column {', '.join(sorted(missing))}.")
    people: dict[str, Person] = {}
    for row in reader:
        values = {key: (value or "").strip() for key, value in row.items() if key}
        learner, duty = values["learner"], values.get("duty") or "learner"
        where = f"{path}:{reader.line_num}"
        try:
            check_learner(learner)
        except Refused:
            raise CourseError(
                f"{where}: '{learner[:80]}' can't be a learner's id: use letters, digits and . _ @ - only."
            ) from None
        # two ids that differ in capitals alone would share a folder on some disks
        if learner.casefold() in map(str.casefold, people):
            raise CourseError(f"{where}: the learner '{learner}' stands twice in the roster.")
        if duty != "learner" and duty not in STAFF:
            raise CourseError(f"{where}: the duty must be learner, {' or '.join(STAFF)}, not '{duty}'.")
        people[learner] = Person(learner, values["name"], values.get("unit", ""), values.get("role") or "all", duty)
    return people


def secret(folder: Path) -> bytes:
    """Return the server's secret, made on first use and kept in `folder`, readable by its owner alone."""
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        files.write(path, secrets.token_hex(32), mode=0o600)
    return path.read_text(encoding="ascii").encode()


class Roster:
    """The people of a course and their personal links. A link is a proof made with the server's secret."""

    def __init__(self, people: Mapping[str, Person], key: bytes):
        self.people = dict(people)
        self._key = key

    def token(self, person: Person) -> str:
        """The last part of the person's link. It stands for the person and duty; it can't be guessed."""
        text = f"{person.id}\n{person.duty}".encode()
        return f"{person.id}~{hmac.new(self._key, text, hashlib.sha256).hexdigest()[:32]}"

    def by_token(self, token: str) -> Person | None:
        """The person whose link this is, or None."""
        person = self.people.get(token.rpartition("~")[0])
        if person is not None and hmac.compare_digest(self.token(person).encode(), token.encode()):
            return person
        return None

    def links(self, root: str) -> list[tuple[Person, str]]:
        """Every person with their link below the site's address `root`."""
        return [(person, f"{root.rstrip('/')}/enter/{self.token(person)}") for person in self.people.values()]
