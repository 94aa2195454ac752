"""What the parts of the extension share: the course, its words, and links to pages that Sphinx does not make."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri

from grading import course as course_file

_PLURALS = {
    "all": "everyone",
    "doctor": "doctors",
    "nurse": "nurses",
    "champion": "champions",
    "cmio": "CMIOs",
    "trainer": "trainers",
}
_read: dict[tuple[str, int], course_file.Course] = {}


def course(env: BuildEnvironment) -> course_file.Course:
    """The course, read again only when course.toml changed; the page being read is made to depend on it."""
    file = Path(env.srcdir) / "course.toml"
    key = (str(file), file.stat().st_mtime_ns if file.is_file() else 0)
    if key not in _read:
        _read.clear()
        try:
            _read[key] = course_file.load(Path(env.srcdir), check_folders=False)
        except course_file.CourseError as error:
            raise ExtensionError(str(error)) from None
    env.note_dependency(str(file))
    return _read[key]


def module(env: BuildEnvironment, slug: str) -> course_file.Module | None:
    """The module with this slug, or None."""
    return next((one for one in course(env).modules if one.slug == slug), None)


def scenario_head(env: BuildEnvironment, exercise: str) -> dict:
    """Title and minutes of an exercise, from its scenario, which learners get anyway; nothing else there is read."""
    file = Path(env.srcdir) / "exercises" / exercise / "scenario.toml"
    if not file.is_file():
        return {}
    env.note_dependency(str(file))
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ExtensionError(f"{file}: {error}") from None
    return {key: data[key] for key in ("title", "minutes") if key in data}


def readers(roles: tuple[str, ...] | list[str]) -> str:
    """Roles as a reader meets them: 'doctors, nurses and trainers'."""
    names = [_PLURALS.get(role, role) for role in roles]
    return "".join(names) if len(names) < 2 else ", ".join(names[:-1]) + " and " + names[-1]


def site_uri(builder, docname: str, target: str) -> str:
    """A link from the page of `docname` to `target`, a path from the site's root, whatever the site's own address."""
    return relative_uri(builder.get_target_uri(docname), target)
