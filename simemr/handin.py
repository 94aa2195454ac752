"""The learner's end of handing in: the answer log goes to the course's server, or into one file.

Never raises for what networks and disks do: an Outcome says in a sentence what happened and what to do.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simemr import place
from simemr.domain.learner import fault
from simemr.version import __version__

SECONDS = 30
#: Stands for the learner in the name of a file that does not say whose it is.
NOBODY = "me"
#: Beside the logs: the id that the learner gave where no server knows it.
REMEMBERED = "learner.txt"
# what a web server that only serves files answers to a hand-in
_NO_SERVER = frozenset({404, 405, 501})

#: (address, JSON text) -> (HTTP status, body). Raises OSError when the server can't be reached.
Post = Callable[[str, str], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a hand-in.

    ``debrief`` is the server's answer, or None. ``problem`` is a sentence to show, "" when all went well.
    ``served`` tells whether a course server is expected to take the hand-in; without one the file is the hand-in.
    """

    debrief: dict[str, Any] | None = None
    problem: str = ""
    served: bool = True


def site() -> str:
    """Return the address of the course's site, "" where none is known."""
    return (place.site_root if place.in_browser() else os.environ.get("COURSE_SERVER")) or ""


def address() -> str:
    """Return where hand-ins are sent, "" where no course server is known."""
    return f"{site().rstrip('/')}/api/hand-in" if site() else ""


def send(exercise: str, log_text: str, post: Post | None = None) -> Outcome:
    """Hand the log in at the course's server and return its debrief, or what stood in the way."""
    url = address()
    if not url:
        return Outcome(served=False)
    post = post or (_post_in_browser if place.in_browser() else _post)
    try:
        status, body = post(url, json.dumps({"exercise": exercise, "log": log_text}))
    except OSError:
        if place.in_browser() and not place.server:
            # there was no server when the page opened: the connection to a file server is not missed
            return Outcome(served=False)
        return Outcome(
            problem="The course's server could not be reached. Your answers are safe here; try again in a moment."
        )
    if status in _NO_SERVER and place.in_browser():
        return Outcome(served=False)
    return _read(status, body)


def _read(status: int, body: str) -> Outcome:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        answer = {}
    if status == 200 and isinstance(answer.get("criteria"), list):
        return Outcome(debrief=answer)
    if isinstance(answer.get("error"), str) and answer["error"]:
        return Outcome(problem=answer["error"])
    return Outcome(
        problem=f"The course's server did not take the hand-in (answer {status}). Try again, or hand in the file."
    )


def learner(folder: Path) -> str:
    """The learner's id: as the server knows it, or as the learner gave it here before; "" where nobody has."""
    if place.learner and place.learner != NOBODY:
        return place.learner
    try:
        given = (folder / REMEMBERED).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
    return "" if id_fault(given) else given


def id_fault(given: str) -> str:
    """Return a sentence that says why this can't be the id of a learner, "" when it can."""
    if given.lower() == NOBODY:
        return f"'{given}' stands for a file without an id. Give the id that your trainer gave you."
    return fault(given)


def remember(folder: Path, given: str) -> None:
    """Keep the id beside the logs, for the next hand-in; where that does not work it is asked for again."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / REMEMBERED).write_text(f"{given}\n", encoding="utf-8")
    except OSError:
        return


def file_name(exercise: str, learner: str = "") -> str:
    """The name of the one file that is handed in where no server takes it."""
    return f"{learner or NOBODY}__{exercise}.zip"


def archive(exercise: str, attempt: int, log_text: str, learner: str = "") -> bytes:
    """Return the hand-in file: the log, and a manifest with its SHA-256 and whose it is ("" where nobody said).

    The same log gives the same bytes.
    """
    data = log_text.encode()
    name = f"answers/{exercise}.jsonl"
    manifest = {
        "schema": 1,
        "learner": learner,
        "exercise": exercise,
        "attempt": attempt,
        "course_version": __version__,
        "files": {name: hashlib.sha256(data).hexdigest()},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in (("manifest.json", json.dumps(manifest, indent=1, sort_keys=True).encode()), (name, data)):
            file.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def keep(folder: Path, name: str, content: bytes) -> Path | None:
    """Write the hand-in file beside the notebook; None where that did not work."""
    path = folder / name
    part = path.with_name(f"{name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError:
        return None
    return path


def _post(url: str, text: str) -> tuple[int, str]:
    import http.client
    import urllib.error
    import urllib.request

    headers = {"Content-Type": "application/json"}
    try:
        request = urllib.request.Request(url, data=text.encode(), headers=headers, method="POST")
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the address is the course's own
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")
    except (ValueError, http.client.HTTPException) as error:
        # an address that is none, or an answer that is not HTTP
        raise OSError(str(error)) from None


def _post_in_browser(url: str, text: str) -> tuple[int, str]:
    from js import XMLHttpRequest

    request = XMLHttpRequest.new()
    # Python runs in a worker, where a synchronous request blocks nobody's screen
    request.open("POST", url, False)
    request.setRequestHeader("Content-Type", "application/json")
    try:
        request.send(text)
    except Exception as error:  # pyodide's JsException, which only exists there
        raise OSError(str(error)) from None
    if request.status == 0:
        raise OSError("no answer")
    return int(request.status), str(request.responseText)
