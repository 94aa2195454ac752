"""Takes hand-ins out of a folder or a zip, as a trainer gets them by mail or from an LMS.

A hand-in is called `<learner>__<exercise>` and is a zip, a folder or the answer log itself (.jsonl). Nothing
is ever unpacked onto the disk: the one file that matters is read, within limits, and goes through the gate in
grading.handin.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grading import handin
from grading.course import SLUG, Course, CourseError
from grading.scoring import GradingError, Refused
from simemr.domain.learner import DEVICE, ID
from simemr.handin import NOBODY

#: Limits on one hand-in, and on a zip of many.
PACKED = 5 * 2**20
UNPACKED = 20 * 2**20
FILES = 200
FILES_OF_ALL = 20_000
DEPTH = 4

NAME = re.compile(rf"(?P<learner>.+)__(?P<exercise>{SLUG.pattern})")
#: What a file manager or an LMS adds by itself.
CLUTTER = re.compile(r"__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\..*", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """What became of one thing that was found. `status` is "taken", "known" (handed in before) or
    "refused".
    """

    name: str
    status: str
    learner: str = ""
    exercise: str = ""
    reason: str = ""
    points: float | None = None
    max: float | None = None
    passed: bool | None = None


@dataclass(frozen=True)
class Inside:
    """What is in a hand-in: the answer log, and whose its manifest says it is ("" where it says nothing)."""

    log: bytes
    learner: str = ""


@dataclass(frozen=True)
class Found:
    """Something called like a hand-in. `read` gives what is in it, or raises Refused."""

    name: str
    learner: str
    exercise: str
    read: Callable[[], Inside]


def collect(
    course: Course, source: Path, *, on: Callable[[Row], None] = lambda row: None, exercise: str = ""
) -> list[Row]:
    """Take every hand-in in `source` (a folder or a zip) through the gate, and say what became of each.

    With `exercise`, only hand-ins of that one. Raises CourseError when `source` is neither a folder nor a
    zip.
    """
    rows = []
    for found in find(source):
        if isinstance(found, Found) and exercise and found.exercise != exercise:
            continue
        rows.append(_take(course, found) if isinstance(found, Found) else found)
        if rows[-1].status == "refused" and not isinstance(found, Found):
            handin.note_incident(course, "", "", "refused", f"{rows[-1].name}: {rows[-1].reason}")
        on(rows[-1])
    return rows


def find(source: Path) -> Iterator[Found | Row]:
    """Everything in a folder or a zip that is called like a hand-in, and a refused Row for everything that is
    not.
    """
    source = Path(source)
    if source.is_dir():
        yield from _in_folder(source, "", DEPTH)
    elif source.is_file() and _named(source.name):
        yield _found(source.name, _file(source))
    elif source.is_file() and zipfile.is_zipfile(source):
        yield from _in_zip_of_many(source)
    elif source.exists():
        raise CourseError(f"{source}: this is neither a folder nor a zip.")
    else:
        raise CourseError(f"{source}: there is no such file or folder.")


def inside_zip(data: bytes, exercise: str) -> Inside:
    """What is in a hand-in's zip. Raises Refused for one that is damaged, too large or built to do harm."""
    if len(data) > PACKED:
        raise Refused(f"The zip is larger than {PACKED // 2**20} MiB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inside(archive, archive.infolist(), exercise)
    except Refused:
        raise
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused(f"The zip is damaged ({error}).") from None
    except Exception as error:  # zlib, lzma and bz2 each raise their own
        raise Refused(f"The zip is damaged ({type(error).__name__}).") from None


def _take(course: Course, found: Found) -> Row:
    try:
        if found.learner == NOBODY:
            raise Refused(
                f"It does not say whose it is: put the learner's id in the place of '{NOBODY}' in its name, "
                "or put it in a folder that is called by the learner's id."
            )
        inside = found.read()
        if inside.learner and inside.learner != found.learner:
            raise Refused(
                f"Its name says that it is from {found.learner[:80]}, and inside it says {inside.learner[:80]}: ask "
                "whoever did the exercise to make the file again, with their own id."
            )
        taken = handin.accept(course, found.learner, found.exercise, inside.log)
    except handin.AlreadyHandedIn as error:
        reason = f"The same answers were handed in before by {error.owner}."
        return Row(found.name, "refused", found.learner, found.exercise, reason)
    except Refused as error:
        return Row(found.name, "refused", found.learner, found.exercise, str(error))
    except GradingError as error:
        return Row(found.name, "taken", found.learner, found.exercise, f"Kept, but not scored. {error}")
    result = taken.result
    return Row(
        found.name,
        "taken" if taken.new else "known",
        found.learner,
        found.exercise,
        "" if taken.new else "The same answers were handed in before.",
        result.points,
        result.max,
        result.passed,
    )


def _in_folder(folder: Path, above: str, depth: int) -> Iterator[Found | Row]:
    for path in sorted(folder.iterdir()):
        name = f"{above}{path.name}"
        if CLUTTER.fullmatch(path.name):
            continue
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            yield Row(name, "refused", reason="It is a link, not a file.")
        elif stat.S_ISDIR(mode) and _named(path.name):
            yield _found(name, lambda path=path: _inside_folder(path, _split(path.name)[1]))
        elif stat.S_ISDIR(mode) and depth:
            yield from _in_folder(path, f"{name}/", depth - 1)
        elif stat.S_ISREG(mode) and _named(path.name):
            yield _found(name, _file(path))
        elif stat.S_ISREG(mode) and path.suffix.lower() == ".zip" and zipfile.is_zipfile(path):
            yield from _in_zip_of_many(path, f"{name}/")
        else:
            yield Row(name, "refused", reason=_UNNAMED)


_UNNAMED = "It is not called <learner>__<exercise>.zip, as a hand-in is."


def _file(path: Path) -> Callable[[], Inside]:
    """A reader of one hand-in that is a file: the log itself, or a zip that holds it."""

    def read() -> Inside:
        if path.stat().st_size > PACKED:
            raise Refused(f"The file is larger than {PACKED // 2**20} MiB.")
        data = path.read_bytes()
        return Inside(data) if path.suffix == ".jsonl" else inside_zip(data, _split(path.name)[1])

    return read


def _inside_folder(folder: Path, exercise: str) -> Inside:
    total = 0
    for number, path in enumerate(folder.rglob("*"), start=1):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise Refused(f"It holds a link ({path.name[:80]}).")
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise Refused(f"It holds something that is no file ({path.name[:80]}).")
        total += path.lstat().st_size if stat.S_ISREG(mode) else 0
        if number > FILES:
            raise Refused(f"It holds more than {FILES} files.")
        if total > UNPACKED:
            raise Refused(f"It takes more than {UNPACKED // 2**20} MiB.")
    for path in (folder / "answers" / f"{exercise}.jsonl", folder / f"{exercise}.jsonl"):
        if path.is_file():
            manifest = folder / handin.MANIFEST
            return _checked(path.read_bytes(), manifest.read_bytes() if manifest.is_file() else None, exercise)
    raise Refused(f"It holds no answers/{exercise}.jsonl.")


def _in_zip_of_many(source: Path, above: str = "") -> Iterator[Found | Row]:
    """The hand-ins in a zip of zips, of folders or of logs. The zip stays open while they are read."""
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            if len(entries) > FILES_OF_ALL:
                raise CourseError(f"{source}: it holds {len(entries)} files; at most {FILES_OF_ALL} are read.")
            folders: dict[str, list[zipfile.ZipInfo]] = {}
            for entry in entries:
                try:
                    path = _safe(entry)
                except Refused as error:
                    yield Row(f"{above}{entry.filename[:80]!r}", "refused", reason=str(error))
                    continue
                if entry.is_dir() or any(CLUTTER.fullmatch(part) for part in path.parts):
                    continue
                owner = next((part for part in path.parent.parts if _named(part)), "")
                if owner:
                    folders.setdefault(str(path)[: str(path).index(owner) + len(owner)], []).append(entry)
                elif _named(path.name):
                    yield _found(f"{above}{path}", _entry(archive, entry, path.name))
                else:
                    yield Row(f"{above}{path}", "refused", reason=_UNNAMED)
            for folder, inside in sorted(folders.items()):
                name = PurePosixPath(folder).name
                yield _found(
                    f"{above}{folder}",
                    lambda inside=inside, name=name: _inside(archive, inside, _split(name)[1]),
                )
    except zipfile.BadZipFile as error:
        raise CourseError(f"{source}: the zip is damaged ({error}).") from None


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Callable[[], Inside]:
    def read() -> Inside:
        data = _unpack(archive, entry, PACKED)
        return Inside(data) if name.endswith(".jsonl") else inside_zip(data, _split(name)[1])

    return read


def _inside(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], exercise: str) -> Inside:
    """Check every entry of one hand-in, and read its log and its manifest."""
    if len(entries) > FILES:
        raise Refused(f"The zip holds more than {FILES} files.")
    if sum(entry.file_size for entry in entries) > UNPACKED:
        raise Refused(f"The zip unpacks to more than {UNPACKED // 2**20} MiB.")
    paths = [_safe(entry) for entry in entries]
    wanted = [
        entry
        for entry, path in zip(entries, paths, strict=True)
        if path.name == f"{exercise}.jsonl" and not entry.is_dir() and "__MACOSX" not in path.parts
    ]
    if not wanted:
        raise Refused(f"The zip holds no answers/{exercise}.jsonl.")
    if len(wanted) > 1:
        raise Refused(f"The zip holds {len(wanted)} files called {exercise}.jsonl; it must hold one.")
    beside = paths[entries.index(wanted[0])].parent
    above = {beside / handin.MANIFEST, beside.parent / handin.MANIFEST}
    told = next((entry for entry, path in zip(entries, paths, strict=True) if path in above), None)
    manifest = _unpack(archive, told, PACKED) if told else None
    return _checked(_unpack(archive, wanted[0], UNPACKED), manifest, exercise)


def _checked(log: bytes, manifest: bytes | None, exercise: str) -> Inside:
    """The log, if its manifest does not say otherwise. A hand-in made by hand may have none."""
    if manifest is None:
        return Inside(log)
    try:
        told = json.loads(manifest)
        learner, sums = told.get("learner", ""), told["files"]
        (sha256,) = (value for path, value in sums.items() if PurePosixPath(path).name == f"{exercise}.jsonl")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refused(f"Its {handin.MANIFEST} is damaged, or is of another exercise.") from None
    if sha256 != hashlib.sha256(log).hexdigest():
        raise Refused(f"Its answers are not those that its {handin.MANIFEST} was made for.")
    return Inside(log, learner if isinstance(learner, str) else "")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Read one entry, and no more than `most` whatever size the zip says it has."""
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except Refused:
        raise
    except Exception as error:  # zipfile, zlib, lzma and bz2 each raise their own
        raise Refused(f"The zip is damaged ({type(error).__name__}: {error}).") from None
    if len(data) > most:
        raise Refused(f"A file in the zip unpacks to more than {most // 2**20} MiB.")
    return data


def _safe(entry: zipfile.ZipInfo) -> PurePosixPath:
    """An entry's path. Raises Refused for one that would lead anywhere but below, or that is no plain
    file.
    """
    name = entry.orig_filename
    path = PurePosixPath(name)
    if "\0" in name or "\\" in name or path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name):
        raise Refused(f"The zip holds a path that leads out of it ({name[:80]!r}).")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(f"The zip holds a link ({name[:80]!r}).")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(f"The zip holds something that is no file ({name[:80]!r}).")
    if entry.flag_bits & 0x1:
        raise Refused("The zip is locked with a password.")
    for part in path.parts:
        if DEVICE.fullmatch(part):
            raise Refused(f"The zip holds the name of a device ({name[:80]!r}).")
    return path


def _named(name: str) -> bool:
    return _split(name) is not None


def _split(name: str) -> tuple[str, str] | None:
    """(learner, exercise) of a hand-in's name, or None."""
    # a browser that saves the same file again numbers it
    stem = re.sub(r"( ?\(\d+\))?\.(zip|jsonl)$", "", name, flags=re.IGNORECASE)
    match = NAME.fullmatch(stem)
    return (match["learner"], match["exercise"]) if match else None


def _found(name: str, read: Callable[[], Inside]) -> Found:
    """The hand-in of that name. One that a learner did not rename is theirs by the folder that it lies in."""
    path = PurePosixPath(name)
    learner, exercise = _split(path.name)
    if learner == NOBODY and ID.fullmatch(path.parent.name):
        learner = path.parent.name
    return Found(name, learner, exercise, read)
