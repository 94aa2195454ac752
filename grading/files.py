"""Files that survive a crash: written whole or not at all, and locks that let one writer in at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path


def write(path: Path, content: str | bytes, *, mode: int = 0o644) -> None:
    """Put `content` at `path` so that a reader, or a machine that loses power, sees the old file or the new
    one.

    `mode` is set before the file has its name: a secret is never readable by others, not even for a moment.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    sync_folder(path.parent)


def write_folder(folder: Path, contents: Mapping[str, str | bytes], *, mode: int = 0o644) -> None:
    """Put a new folder of files at `folder`, whole or not at all, in place of one that may be there.

    `contents` maps a path inside the folder to what it holds, in files of `mode`. The caller holds the lock that
    keeps readers out: a folder cannot be exchanged for another in one step everywhere.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=folder.parent))
    try:
        for name, content in contents.items():
            _put(fresh / name, content, mode)
        os.chmod(fresh, 0o755)
        for inside in {(fresh / name).parent for name in contents} | {fresh}:
            sync_folder(inside)
        if folder.exists():
            old = fresh.with_suffix(".old")
            os.rename(folder, old)
            os.rename(fresh, folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.rename(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def _put(path: Path, content: str | bytes, mode: int) -> None:
    """A file in a folder that nobody sees yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(path, mode)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock that `path` stands for; waits for whoever has it. The system frees it when a process
    dies.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
