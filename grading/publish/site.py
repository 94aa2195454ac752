"""Makes the course's site: runs jupyter-book over the pages and the lessons, and lays the result in a folder.

Never touches what others put in that folder (JupyterLite, the exercise and practice pages): it removes only files
that it laid there itself on an earlier run.
"""

from __future__ import annotations

import fcntl
import filecmp
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from grading import course as course_file

ROOT = Path(__file__).resolve().parents[2]
MARKER = {"insert": "lessons"}

#: What decides how the site looks. A folder is taken whole, less what Python leaves behind.
INPUTS = ("_config.yml", "course.toml", "requirements.txt", "book", "notebooks", "simemr", "grading/publish/site.py")
#: What an executed lesson shows also depends on the simulated EMR and on the files that it reads; jupyter-cache looks
#: at the lesson alone.
EXECUTION_INPUTS = ("requirements.txt", "simemr", "exercises/*/scenario.toml", "notebooks/data")


class SiteError(Exception):
    """The site could not be made; the message says what to mend, and where the whole log is."""


def toc(template: dict, modules: Iterable[course_file.Module]) -> dict:
    """The table of contents: `template` with the marker replaced by one part for each `part` of the course, in order.

    Raises SiteError when the marker is not there exactly once.
    """
    parts = template.get("parts", [])
    if parts.count(MARKER) != 1:
        raise SiteError("book/_toc.yml: it must say `- insert: lessons` exactly once, under `parts`.")
    lessons: dict[str, list[dict]] = {}
    for module in modules:
        lessons.setdefault(module.part, []).append({"file": f"notebooks/{module.slug}"})
    made = [{"caption": caption, "chapters": chapters} for caption, chapters in lessons.items()]
    at = parts.index(MARKER)
    return {**template, "parts": [*parts[:at], *made, *parts[at + 1 :]]}


def digest(root: Path, names: Iterable[str]) -> str:
    """A digest of the names and contents of the files that `names` (files, folders, patterns) stand for."""
    total = hashlib.sha256()
    for file in _files(root, names):
        total.update(str(file.relative_to(root)).encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def problems(log: str, root: Path) -> list[str]:
    """The lines of jupyter-book's output that name what is wrong, paths from `root`, each once, in order."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    wanted = re.compile(r"\b(WARNING|ERROR|CRITICAL): |^(Extension error|Exception occurred|\w+Error: .)")
    found: dict[str, None] = {}
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if wanted.search(line):
            # Sphinx puts what an extension complained of on the line after.
            told = f"{line} {following}" if line.startswith("Extension error") else line
            found[told.replace(f"{root}/", "")] = None
    return list(found)


def build_site(out: Path, root: Path = ROOT) -> Path:
    """Make the site of the course in `root` and lay it in `out`; returns `out`.

    Says nothing. Does nothing when neither the inputs nor `out` changed since the last run. Raises SiteError with the
    causes when jupyter-book warns or fails, CourseError when course.toml does.
    """
    root, out = root.resolve(), out.resolve()
    work = root / "build" / "book"
    work.mkdir(parents=True, exist_ok=True)
    course = course_file.load(root, check_folders=False)
    for module in course.modules:
        if not (course.lessons / f"{module.slug}.md").is_file():
            raise SiteError(
                f"course.toml lists the module '{module.slug}', but notebooks/{module.slug}.md is not there."
            )
    with _alone(work / "lock"):
        stamp, laid = work / "stamp.json", _read(work / "laid.json")
        scenarios = [f"exercises/{slug}/scenario.toml" for slug in course.exercises]
        now = {
            "inputs": digest(root, [*INPUTS, *scenarios]),
            "look": digest(root, ("book/_static", "book/_templates", "book/_ext")),
            "python": sys.version,
        }
        last = _read(stamp)
        if last == now and _intact(out, laid):
            return out
        if last.get("look") != now["look"]:
            # Sphinx copies scripts and style sheets only when some page has changed as well.
            shutil.rmtree(work / "_build", ignore_errors=True)
        _write_toc(root, course)
        _forget_stale_runs(root)
        _run(root, work)
        laid[str(out)] = _lay(work / "_build" / "html", out, laid.get(str(out), {}))
        (work / "laid.json").write_text(json.dumps(laid, indent=1), encoding="utf-8")
        stamp.write_text(json.dumps(now), encoding="utf-8")
    return out


def _files(root: Path, names: Iterable[str]) -> list[Path]:
    found: set[Path] = set()
    for name in names:
        for path in root.glob(name):
            found.update(path.rglob("*") if path.is_dir() else [path])
    return sorted(
        one for one in found if one.is_file() and one.suffix != ".pyc" and ".ipynb_checkpoints" not in one.parts
    )


def _write_toc(root: Path, course: course_file.Course) -> None:
    source = root / "book" / "_toc.yml"
    try:
        template = yaml.safe_load(source.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise SiteError(f"book/_toc.yml: this is not valid YAML ({' '.join(str(error).split())}).") from None
    text = "# Made from book/_toc.yml and course.toml; edit those.\n"
    text += yaml.safe_dump(toc(template, course.modules), sort_keys=False, allow_unicode=True)
    target = root / "build" / "_toc.yml"
    if not target.is_file() or target.read_text(encoding="utf-8") != text:
        # Sphinx leaves the page of a file that is no longer in the table of contents where it was.
        shutil.rmtree(root / "build" / "book" / "_build" / "html", ignore_errors=True)
        target.write_text(text, encoding="utf-8")


def _forget_stale_runs(root: Path) -> None:
    """Drop the outputs of lessons that ran with another simulated EMR, and the pages that show them."""
    stamp = root / "build" / "cache" / "notebooks.digest"
    now = digest(root, EXECUTION_INPUTS)
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != now:
        shutil.rmtree(root / "build" / "cache" / "notebooks", ignore_errors=True)
        shutil.rmtree(root / "build" / "book" / "_build" / ".doctrees", ignore_errors=True)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(now, encoding="utf-8")


def _run(root: Path, work: Path) -> None:
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(root)]
    command += [
        "--path-output",
        str(work),
        "--config",
        str(root / "_config.yml"),
        "--toc",
        str(root / "build" / "_toc.yml"),
    ]
    command += ["-W", "-n", "--keep-going"]
    result = subprocess.run(  # noqa: S603
        command, cwd=root, env=_environment(root), text=True, encoding="utf-8", errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    log = work / "site.log"
    log.write_text(result.stdout, encoding="utf-8")
    if result.returncode:
        # Sphinx keeps the pages it has read, so a second run would not read the faulty one again and would pass.
        shutil.rmtree(work / "_build" / ".doctrees", ignore_errors=True)
        (work / "stamp.json").unlink(missing_ok=True)
        lines = problems(result.stdout, root) or [line for line in result.stdout.splitlines() if line.strip()][-5:]
        shown = "\n".join(f"  {line}" for line in lines[:10])
        more = f"\n  and {len(lines) - 10} more" if len(lines) > 10 else ""
        raise SiteError(f"The site could not be made:\n{shown}{more}\nThe whole log is in {log.relative_to(root)}.")


def _environment(root: Path) -> dict[str, str]:
    """The lessons' kernels find the course's own packages, and none of the user's own start-up files."""
    path = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    mine = {
        "PYTHONPATH": path,
        "PYTHONUTF8": "1",
        "IPYTHONDIR": str(root / "build" / "cache" / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COURSE_")}
    return kept | mine


def _lay(made: Path, out: Path, before: dict[str, int]) -> dict[str, int]:
    """Copy what changed from `made` to `out`; remove what an earlier run laid and this one did not. Sizes by name."""
    now: dict[str, int] = {}
    for source in sorted(made.rglob("*")):
        name = source.relative_to(made).as_posix()
        if not source.is_file() or name.startswith("_sources/") or name == ".buildinfo":
            continue
        target = out / name
        if not target.is_file() or not filecmp.cmp(source, target, shallow=False):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        now[name] = source.stat().st_size
    for name in before.keys() - now.keys():
        (out / name).unlink(missing_ok=True)
    return now


def _intact(out: Path, laid: dict[str, dict[str, int]]) -> bool:
    files = laid.get(str(out))
    return bool(files) and all(
        (out / name).is_file() and (out / name).stat().st_size == size for name, size in files.items()
    )


def _read(file: Path) -> dict:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two builds at once would write over each other's pages: the second waits."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
