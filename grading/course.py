"""course.toml as typed values: the modules in order, who takes them and what counts as passed.

Reads course.toml and the names of the folders it speaks of; never opens an exercise or a lesson.
"""

from __future__ import annotations

import importlib.util
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from grading.sandbox.limits import Limits, from_settings

#: A slug is also a folder, an nbgrader assignment, a notebook's name and a part of an address.
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SLUG_RULE = "lower-case words joined by hyphens, such as 'orders-and-alerts'"
SLUG_LONGEST = 64
COMPETENCY = re.compile(r"HEE[1-6]|T[1-6]|CIS[1-5]")
VERSION = re.compile(r"\d+\.\d+\.\d+")
EVERY_ROLE = "all"


class CourseError(Exception):
    """Something of the course's own is wrong; the text names the file, the line where there is one, the
    cause.
    """


@dataclass(frozen=True)
class Objective:
    """Something a learner can be seen to do. Criteria name the objective they bear on by its id."""

    id: str
    text: str


@dataclass(frozen=True)
class Module:
    """A lesson and its exercises. `exercises` maps a role, or "all", to an exercise's slug."""

    slug: str
    title: str
    part: str
    roles: tuple[str, ...]
    minutes: int
    exercises: Mapping[str, str]
    objectives: tuple[Objective, ...]
    competencies: tuple[str, ...]
    pass_mark: float
    counted: bool = True

    def exercises_for(self, role: str) -> tuple[str, ...]:
        """The exercises any one of which completes the module for `role`.

        A doctor completes a module with the doctor's variant. A role with no variant of its own, or nobody
        knows which, completes it with any.
        """
        for key in (role, EVERY_ROLE):
            if key in self.exercises:
                return (self.exercises[key],)
        return tuple(dict.fromkeys(self.exercises.values()))


@dataclass(frozen=True)
class Course:
    """The whole course, and where its files are.

    `build` is nbgrader's course directory, with everything else that is made and never committed; `database`
    the address of a gradebook elsewhere; `label` what every report of it must say at its head;
    `pyodide` where Pyodide's full distribution is, if the exercises need one.
    """

    root: Path
    build: Path
    title: str
    version: str
    pass_mark: float
    roles: Mapping[str, str]
    modules: tuple[Module, ...]
    _by_exercise: Mapping[str, Module] = field(repr=False, compare=False)
    database: str = ""
    label: str = ""
    pyodide: str = ""
    limits: Limits = Limits()

    @property
    def gradebook(self) -> str:
        """The gradebook's SQLAlchemy address. SQLite waits up to 30 s for another process that writes."""
        from sqlalchemy.engine import URL

        # URL.create writes a folder's name as this version of SQLAlchemy reads it, whatever is in the name.
        own = URL.create("sqlite", database=str(self.build / "gradebook.db"), query={"timeout": "30"})
        return _address(self.database) if self.database else own.render_as_string(hide_password=False)

    @property
    def lessons(self) -> Path:
        return self.root / "notebooks"

    @property
    def exercise_folder(self) -> Path:
        return self.root / "exercises"

    @property
    def exercises(self) -> tuple[str, ...]:
        """Every exercise's slug, in the course's order."""
        return tuple(self._by_exercise)

    def module_of(self, exercise: str) -> Module:
        """The module an exercise belongs to. Raises CourseError for a slug the course does not have."""
        try:
            return self._by_exercise[exercise]
        except KeyError:
            raise CourseError(
                f"The course has no exercise called '{exercise}'. It has: {', '.join(self.exercises)}."
            ) from None

    def path(self, role: str) -> tuple[Module, ...]:
        """The modules of a role, in order."""
        return tuple(module for module in self.modules if role in module.roles)


def find(start: Path | None = None) -> Path:
    """The folder that holds course.toml: `start`, or the nearest folder above it. Raises CourseError."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file():
            return folder
    raise CourseError(
        f"There is no course.toml in {here} or any folder above it. Run `course` inside the course's folder."
    )


def load(root: Path | None = None, *, check_folders: bool = True, build: Path | None = None) -> Course:
    """Read and validate course.toml. Raises CourseError("course.toml:LINE: sentence").

    What is made goes to `build`, or else to build/ in the course's folder, with the gradebook there or where
    the environment's COURSE_GRADEBOOK says, or course.toml.

    With `check_folders`, the modules and the folders must agree both ways: a lesson or an exercise that is
    not in course.toml is as wrong as one that is only there.
    """
    root = Path(root).resolve() if root else find()
    file = root / "course.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CourseError(f"{file}: there is no such file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{file}: it cannot be read ({error}).") from None
    course = parse(text, root)
    if check_folders:
        for problem in folder_problems(course):
            raise problem
    if build:
        return replace(course, build=Path(build).resolve(), database="")
    return replace(course, database=os.environ.get("COURSE_GRADEBOOK") or course.database)


def parse(text: str, root: Path) -> Course:
    """course.toml's text as a Course; looks at no folder. Raises CourseError."""
    source = _Source(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise source.error(int(line[1]) if line else len(source.lines), f"this is not valid TOML: {error}.") from None

    top = _Table(data, source, "", 0)
    top.only("course", "roles", "module", "sandbox")
    head = _Table(top.take("course", dict), source, "course", 0)
    head.only("title", "version", "pass_mark", "gradebook", "pyodide")
    roles = _Table(top.take("roles", dict), source, "roles", 0)
    names = {slug: roles.take(slug, str) for slug in roles.data}
    for slug in names:
        if slug == EVERY_ROLE or not SLUG.fullmatch(slug):
            raise roles.error(slug, f"'{slug}' cannot be a role: use {SLUG_RULE}, and not '{EVERY_ROLE}'.")
    version = head.take("version", str)
    if not VERSION.fullmatch(version):
        raise head.error("version", f"the version must be three numbers, such as 0.1.0, not '{version}'.")
    pass_mark = head.share("pass_mark", default=None)

    modules: list[Module] = []
    seen: dict[str, dict[str, int]] = {"module": {}, "objective": {}, "exercise": {}}
    for number, item in enumerate(top.take("module", list)):
        if not isinstance(item, dict):
            raise source.error(source.find("module", number), "a module must be a [[module]] table.")
        modules.append(_module(_Table(item, source, "module", number), names, pass_mark, seen))
    if not modules:
        raise source.error(1, "the course has no module.")
    by_exercise = {slug: module for module in modules for slug in dict.fromkeys(module.exercises.values())}
    return Course(
        root=root,
        build=root / "build",
        title=head.take("title", str),
        version=version,
        pass_mark=pass_mark,
        roles=MappingProxyType(names),
        modules=tuple(modules),
        _by_exercise=MappingProxyType(by_exercise),
        database=head.take("gradebook", str, default=""),
        pyodide=head.take("pyodide", str, default=""),
        limits=_limits(_Table(top.take("sandbox", dict, default={}), source, "sandbox", 0)),
    )


def _limits(table: _Table) -> Limits:
    """What a learner's code may use: [sandbox], where it is there."""
    try:
        return from_settings(table.data)
    except ValueError as error:
        key, sentence = error.args
        raise table.error(key, sentence) from None


def _module(table: _Table, roles: Mapping[str, str], pass_mark: float, seen: dict[str, dict[str, int]]) -> Module:
    """One [[module]] table. `seen` holds the ids so far, to refuse a second use."""
    table.only(
        "slug",
        "title",
        "part",
        "roles",
        "minutes",
        "exercises",
        "objectives",
        "competencies",
        "counted",
        "pass_mark",
    )
    slug = table.slug("slug", table.take("slug", str))
    table.once(seen["module"], "module", slug, "slug")

    for_roles = table.strings("roles")
    for role in for_roles:
        if role not in roles:
            raise table.error("roles", f"module '{slug}' is for the role '{role}', which [roles] does not have.", role)
    minutes = table.take("minutes", int)
    if not 1 <= minutes <= 240:
        raise table.error("minutes", f"module '{slug}' takes {minutes} minutes; it must be 1 to 240.")

    exercises = table.take("exercises", dict)
    if not exercises:
        raise table.error("exercises", f"module '{slug}' has no exercise.")
    for role, exercise in exercises.items():
        if role != EVERY_ROLE and role not in roles:
            raise table.error(
                "exercises",
                f"module '{slug}' has an exercise for '{role}', which [roles] does not have.",
                role,
            )
        if role != EVERY_ROLE and role not in for_roles:
            raise table.error("exercises", f"module '{slug}' has an exercise for '{role}', who does not take it.", role)
        if not isinstance(exercise, str):
            raise table.error("exercises", f"the exercise of module '{slug}' for '{role}' must be a slug.", role)
        table.slug("exercises", exercise)
    if EVERY_ROLE in exercises and len(exercises) > 1:
        raise table.error("exercises", f"module '{slug}' has an exercise for '{EVERY_ROLE}', so it can have no other.")
    for exercise in dict.fromkeys(exercises.values()):
        table.once(seen["exercise"], "exercise", exercise, "exercises")

    objectives = []
    for item in table.take("objectives", list):
        if (
            not isinstance(item, dict)
            or set(item) != {"id", "text"}
            or not all(isinstance(v, str) for v in item.values())
        ):
            raise table.error(
                "objectives", f'an objective of module \'{slug}\' must be {{ id = "...", text = "..." }}.'
            )
        table.slug("objectives", item["id"])
        table.once(seen["objective"], "objective", item["id"], "objectives")
        objectives.append(Objective(item["id"], item["text"]))
    if not objectives:
        raise table.error("objectives", f"module '{slug}' has no objective.")

    competencies = table.strings("competencies")
    for tag in competencies:
        if not COMPETENCY.fullmatch(tag):
            raise table.error(
                "competencies",
                f"'{tag}' is not a competency: use HEE1 to HEE6, T1 to T6 or CIS1 to CIS5.",
                tag,
            )

    return Module(
        slug=slug,
        title=table.take("title", str),
        part=table.take("part", str),
        roles=for_roles,
        minutes=minutes,
        exercises=MappingProxyType(dict(exercises)),
        objectives=tuple(objectives),
        competencies=competencies,
        pass_mark=table.share("pass_mark", default=pass_mark),
        counted=table.take("counted", bool, default=True),
    )


def folder_problems(course: Course) -> Iterator[CourseError]:
    """An error for every module without its folder, and for every folder without its module."""
    source = _Source((course.root / "course.toml").read_text(encoding="utf-8"))
    for number, module in enumerate(course.modules):
        if not (course.lessons / f"{module.slug}.md").is_file():
            line = source.find("module", number, "slug")
            yield source.error(line, f"module '{module.slug}' has no lesson: notebooks/{module.slug}.md is not there.")
        for slug in module.exercises.values():
            if not (course.exercise_folder / slug).is_dir():
                line = source.find("module", number, "exercises", slug)
                yield source.error(line, f"module '{module.slug}' has no folder exercises/{slug}.")
    end = len(source.lines)
    for folder in _folders(course.exercise_folder):
        if folder not in course.exercises:
            yield source.error(end, f"exercises/{folder} is in no module: add it to one, or delete the folder.")
    lessons = {module.slug for module in course.modules}
    for file in sorted(course.lessons.glob("*.md")) if course.lessons.is_dir() else ():
        if file.stem not in lessons:
            yield source.error(end, f"notebooks/{file.name} is no module's lesson: add the module, or delete the file.")


def _folders(parent: Path) -> Iterable[str]:
    if not parent.is_dir():
        return ()
    return sorted(p.name for p in parent.iterdir() if p.is_dir() and not p.name.startswith((".", "_")))


def _address(text: str) -> str:
    """A gradebook's address as SQLAlchemy reads it, with the driver that the course brings. Raises CourseError."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text)
    except ArgumentError:
        raise CourseError("The gradebook's address must be one such as postgresql://host/gradebook.") from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        if not importlib.util.find_spec("psycopg"):
            raise CourseError(
                "A gradebook on PostgreSQL needs the package psycopg: pip install 'emr-course[postgresql]'."
            )
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


class _Source:
    """course.toml's lines, so that an error can say where: tomllib keeps no line numbers."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines() or [""]

    def error(self, line: int, sentence: str) -> CourseError:
        return CourseError(f"course.toml:{line}: {sentence}")

    def find(self, table: str, number: int, key: str = "", value: str = "") -> int:
        """The line of `value` under `key` in the `number`th [table] or [[table]], as near as can be found."""
        start, end = self._table(table, number)
        line = start
        if key:
            pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
            line = next((n for n in range(start, end + 1) if pattern.match(self.lines[n - 1])), start)
        if value:
            word = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])")
            hits = [n for n in range(line, end + 1) if word.search(self.lines[n - 1])]
            line = hits[0] if hits else line
        return line

    def _table(self, table: str, number: int) -> tuple[int, int]:
        heads = [n for n, line in enumerate(self.lines, 1) if re.match(r"\s*\[\[?\s*[\w\"'.-]+\s*\]", line)]
        mine = (
            [n for n in heads if re.match(rf"\s*\[\[?\s*{re.escape(table)}\s*\]", self.lines[n - 1])] if table else []
        )
        if number >= len(mine):
            return 1, len(self.lines)
        start = mine[number]
        return start, next((n - 1 for n in heads if n > start), len(self.lines))


class _Table:
    """One table of course.toml, taken apart key by key; every complaint carries its line."""

    def __init__(self, data: Mapping, source: _Source, name: str, number: int) -> None:
        self.data, self.source, self.name, self.number = data, source, name, number

    def error(self, key: str, sentence: str, value: str = "") -> CourseError:
        # At the top of the file a key is a table of its own.
        table, name = (self.name, key) if self.name else (key, "")
        return self.source.error(self.source.find(table, self.number, name, value), sentence)

    def only(self, *keys: str) -> None:
        for key in self.data:
            if key not in keys:
                where = f"[{self.name}]" if self.name else "course.toml"
                raise self.error(key, f"{where} has no setting called '{key}'. It has: {', '.join(keys)}.")

    def take(self, key: str, kind: type, **default):
        if key not in self.data:
            if "default" in default:
                return default["default"]
            raise self.error("", f"'{key}' is missing from {f'[{self.name}]' if self.name else 'course.toml'}.")
        value = self.data[key]
        # A TOML true is not a number, although Python's bool is an int.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            kinds = {
                str: "text",
                int: "a whole number",
                float: "a number",
                bool: "true or false",
                list: "a list",
                dict: "a table",
            }
            raise self.error(key, f"'{key}' must be {kinds[kind]}, not {value!r}.")
        if kind is str and not value.strip():
            raise self.error(key, f"'{key}' is empty.")
        return value

    def share(self, key: str, default: float | None) -> float:
        if key not in self.data and default is not None:
            return default
        value = self.data[key] if key in self.data else self.take(key, float)
        if isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, float) or not 0 < value <= 1:
            raise self.error(key, f"'{key}' must be a share above 0 and up to 1, such as 0.80, not {value!r}.")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        values = self.take(key, list)
        if not values or not all(isinstance(value, str) and value for value in values):
            raise self.error(key, f"'{key}' must be a list of words, with at least one.")
        if len(set(values)) < len(values):
            twice = next(value for value in values if values.count(value) > 1)
            raise self.error(key, f"'{key}' names '{twice}' twice.", twice)
        return tuple(values)

    def slug(self, key: str, value: str) -> str:
        if not SLUG.fullmatch(value) or len(value) > SLUG_LONGEST:
            raise self.error(key, f"'{value}' must be {SLUG_RULE}, at most {SLUG_LONGEST} characters.", value)
        return value

    def once(self, seen: dict[str, int], what: str, value: str, key: str) -> None:
        line = self.source.find(self.name, self.number, key, value)
        if value in seen:
            raise self.source.error(
                line, f"the {what} '{value}' is here a second time; the first is in line {seen[value]}."
            )
        seen[value] = line
