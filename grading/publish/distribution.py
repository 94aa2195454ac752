"""Pyodide's full distribution, for a course whose exercises need more than the standard library: numpy, pandas, …

The archive is the one that `jupyter lite build --pyodide` takes. The core stays the one of the npm registry, which is
the same; the distribution adds its packages, and a browser fetches of them only what a notebook imports.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from grading.publish.fetch import PublishError, digest, digest_of, replace_folder
from grading.publish.pyodide import LOCK, VERSION


@dataclass(frozen=True)
class Distribution:
    """An unpacked distribution: its folder, and its lock file's packages by name."""

    folder: Path
    packages: dict[str, dict]

    def added(self, have: set[str]) -> dict[str, dict]:
        """The packages that the course does not bring itself. Raises PublishError for a file that is not whole."""
        chosen = {name: package for name, package in self.packages.items() if name not in have}
        for name, package in chosen.items():
            file = self.folder / package["file_name"]
            if Path(package["file_name"]).name != package["file_name"] or not file.is_file():
                raise PublishError(f"The Pyodide distribution has no file for {name} ({package['file_name']}).")
            if digest(file) != package["sha256"]:
                raise PublishError(f"{package['file_name']} in the Pyodide distribution is damaged: fetch it again.")
        return chosen


def find(where: str, root: Path, cache: Path) -> Distribution:
    """Return the distribution at ``where``: an unpacked folder, the archive, or its https address (fetched once).

    A path is taken from ``root``. Raises PublishError when it cannot be had, or is of another version than the course
    runs.
    """
    if where.startswith("https://"):
        return read(_unpacked(_fetched(where, cache), cache))
    path = root / where
    if path.is_dir():
        return read(path)
    if not path.is_file():
        raise PublishError(f"course.toml names a Pyodide distribution, and there is no {path}.")
    return read(_unpacked(path, cache))


def read(folder: Path) -> Distribution:
    """Return the distribution in a folder, or in its folder ``pyodide``."""
    inside = folder if (folder / LOCK).is_file() else folder / "pyodide"
    try:
        lock = json.loads((inside / LOCK).read_text(encoding="utf-8"))
        version, packages = lock["info"]["version"], dict(lock["packages"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublishError(f"{folder}: this is no Pyodide distribution ({type(error).__name__}).") from None
    if version != VERSION:
        raise PublishError(f"The Pyodide distribution is version {version}, and the course runs {VERSION}.")
    return Distribution(inside, packages)


def _fetched(address: str, cache: Path) -> Path:
    target = cache / f"pyodide-full-{digest_of([address])[:16]}.tar.bz2"
    if not target.is_file():
        part = target.with_suffix(".part")
        try:
            with urllib.request.urlopen(address, timeout=60) as answer, part.open("wb") as file:  # noqa: S310 - https
                shutil.copyfileobj(answer, file)
        except (OSError, ValueError) as error:
            raise PublishError(f"The Pyodide distribution could not be fetched from {address} ({error}).") from None
        part.rename(target)
    return target


def _unpacked(archive: Path, cache: Path) -> Path:
    folder = cache / f"pyodide-full-{digest(archive)[:16]}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=cache) as work:
            unpacked = Path(work) / "unpacked"
            try:
                with tarfile.open(archive) as tar:
                    tar.extractall(unpacked, filter="data")
            except (tarfile.TarError, OSError, EOFError) as error:
                raise PublishError(f"{archive}: this is no Pyodide distribution ({error}).") from None
            read(unpacked)
            replace_folder(unpacked, folder)
    return folder
