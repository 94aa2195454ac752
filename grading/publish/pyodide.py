"""Pyodide, the Python that runs in the learner's browser: its core files, from the npm registry.

The npm package holds the interpreter and the standard library and nothing else. That is all an exercise
needs; the scientific packages of the full distribution (hundreds of megabytes) are not fetched.
"""

from __future__ import annotations

import base64
import hashlib
import tarfile
import tempfile
from pathlib import Path

from grading.publish.fetch import PublishError, node_command, npm_command, replace_folder, run

ASSETS = Path(__file__).parent / "assets"
#: The version that jupyterlite-pyodide-kernel 0.8.6 is made for.
VERSION = "314.0.6"
#: What the registry says of that version's archive. A changed archive is refused.
INTEGRITY = "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="
#: The Python inside, for which wheels are chosen.
PYTHON = "3.14"
#: What the browser loads. The archive's own lock file names hundreds of files on an outside host, so it is
#: read for its ``info`` alone and never published.
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
#: The core files that are sent compressed; a brotli copy of each lies beside it.
BROTLI = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")


def core_files(cache: Path) -> Path:
    """Return a folder with Pyodide's core files and its original lock file, fetching them the first time.

    Raises PublishError when they are not in the cache and the registry cannot be reached, or when the
    archive is not the expected one.
    """
    folder = cache / f"pyodide-{VERSION}"
    if all((folder / name).is_file() for name in (*CORE, LOCK, *(f"{name}.br" for name in BROTLI))):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        run(
            [*npm_command(), "pack", f"pyodide@{VERSION}", "--silent", "--ignore-scripts"],
            Path(work),
            f"Pyodide {VERSION} is not in {cache} and could not be fetched from the npm registry: "
            "connect this computer to the registry once and run again",
        )
        archive = next(Path(work).glob("pyodide-*.tgz"), None)
        if archive is None:
            raise PublishError(f"npm fetched no archive for Pyodide {VERSION}: run again.")
        _check(archive)
        unpacked = Path(work) / "core"
        _unpack(archive, unpacked)
        run(
            [*node_command(), str(ASSETS / "brotli.mjs"), *(str(unpacked.resolve() / name) for name in BROTLI)],
            cache,
            "Pyodide could not be compressed",
        )
        replace_folder(unpacked, folder)
    return folder


def _check(archive: Path) -> None:
    with archive.open("rb") as stream:
        seen = base64.b64encode(hashlib.file_digest(stream, "sha512").digest()).decode()
    if seen != INTEGRITY:
        raise PublishError(
            f"The archive of Pyodide {VERSION} is not the one this course was made with "
            f"(sha512 {seen[:12]}..., expected {INTEGRITY[:12]}...): ask who runs your npm registry."
        )


def _unpack(archive: Path, folder: Path) -> None:
    folder.mkdir()
    with tarfile.open(archive) as tar:
        for name in (*CORE, LOCK):
            member = tar.extractfile(f"package/{name}")
            if member is None:
                raise PublishError(f"The archive of Pyodide {VERSION} holds no {name}.")
            (folder / name).write_bytes(member.read())
