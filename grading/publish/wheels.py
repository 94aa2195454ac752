"""The Python packages that the browser loads: which, from where, and the lock file that names them.

Every package is a pure-Python wheel lying beside Pyodide on the course's own site. An exercise has no code
completion, no package installer and no terminal, so what serves only those is left out (see STAND_INS and
LEAVE_OUT), and what remains is compiled to bytecode beforehand. Together this halves the start in the browser.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import zipfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from jupyter_core.paths import jupyter_path

from grading.publish.fetch import PublishError, digest, digest_of, node_command, pip_command, replace_folder, run
from grading.publish.pyodide import PYTHON

ASSETS = Path(__file__).parent / "assets"
PINS = ASSETS / "wheels.txt"
KERNEL_EXTENSION = "@jupyterlite/pyodide-kernel-extension"

#: What each package needs in the browser: which is less than it declares, since it declares terminals,
#: debuggers and completion too. Names as in the lock file; a wheel that is not named here is refused.
NEEDS: dict[str, list[str]] = {
    "asttokens": [],
    "comm": [],
    "executing": [],
    "ipykernel": ["pyodide-kernel"],
    "ipython": ["matplotlib-inline", "pygments", "stack-data", "traitlets"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "jedi": [],
    "matplotlib-inline": ["traitlets"],
    "micropip": [],
    "piplite": ["micropip"],
    "pure-eval": [],
    "pygments": [],
    "pyodide-kernel": ["comm", "ipython"],
    "simemr": ["ipywidgets"],
    "stack-data": ["asttokens", "executing", "pure-eval"],
    "traitlets": [],
}

#: Packages that the kernel insists on by name and an exercise never calls: an empty package takes their place.
#: jedi (1.7 MB) serves code completion, and no exercise shows code. micropip and piplite install packages from
#: other hosts, and this site names none; the kernel still sets two attributes of a module of piplite's.
STAND_INS: dict[str, dict[str, str]] = {
    "jedi": {},
    "micropip": {},
    "piplite": {
        "piplite/__init__.py": "async def install(*args, **kwargs):\n"
        "    raise RuntimeError('This course installs no packages in the browser.')\n",
        "piplite/piplite.py": "",
    },
}
STAND_IN_VERSION = "0.0.1"

#: Wheels that the kernel's own extension brings, and an exercise uses.
KERNEL_WHEELS = ("ipykernel", "pyodide_kernel")

#: Files that no exercise uses, by package ("stdlib" for the standard library). Terminals, highlighters of other
#: languages, tests, and what needs an operating system below it.
LEAVE_OUT = {
    "ipython": r"IPython/(sphinxext|terminal/(?!__init__|pt_inputhooks)|terminal/tests)|.*/tests/",
    "ipywidgets": r".*/tests/",
    "pygments": r"pygments/(lexers|styles|formatters|filters)/"
    r"(?!__init__|_mapping|_builtins|python|special|default|html|terminal)",
    "stdlib": r"(turtle|pdb|doctest|mailbox|imaplib|smtplib|ftplib|poplib|xmlrpc|multiprocessing|wsgiref|venv|ensurepip"
    r"|idlelib|turtledemo|tkinter|curses|dbm|sqlite3|pydoc_data|lib2to3|webbrowser|antigravity|_pyrepl|pstats|profile"
    r"|trace|plistlib|_pydecimal)(/|\.py$)"
    r"|encodings/(big5|cp(?!437|1252)|euc|gb|hz|iso2022|iso8859_(?!1\.|15)|johab|koi8|kz|mac_|ptcp|shift_jis|tis)",
}


def name_of(wheel: Path | str) -> str:
    """Return a wheel's package name as the lock file writes it: ``pure_eval-0.2.4-...`` -> ``pure-eval``."""
    return re.sub(r"[-_.]+", "-", Path(wheel).name.split("-")[0]).lower()


def third_party(cache: Path) -> list[Path]:
    """Return the pinned wheels, fetching them the first time.

    Raises PublishError when the package index cannot be reached or gives a wheel with another hash.
    """
    folder = cache / f"wheels-{digest(PINS)[:12]}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        new = cache / f"{folder.name}.new"
        run(
            [
                *pip_command(), "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                "--require-hashes", "--only-binary=:all:", f"--python-version={PYTHON}", "--implementation=py",
                "--abi=none", "--platform=any", f"--dest={new.resolve()}", f"--requirement={PINS}",
            ],
            cache,
            "The packages for the learner's browser are not in the cache and could not be fetched from the "
            "package index: connect this computer to the index once and run again",
        )  # fmt: skip
        replace_folder(new, folder)
    return sorted(folder.glob("*.whl"))


def kernel_extension() -> Path:
    """Return the folder of JupyterLite's Pyodide kernel as installed."""
    return lab_extension(KERNEL_EXTENSION)


def lab_extension(name: str) -> Path:
    """Return the folder of an installed JupyterLab extension, e.g. ``@jupyter-widgets/jupyterlab-manager``."""
    prefix = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    for folder in (prefix, *map(Path, jupyter_path("labextensions"))):
        if (folder / name / "package.json").is_file():
            return folder / name
    raise PublishError(f"The JupyterLab extension {name} is not installed in this Python: install the course again.")


def kernel_wheels() -> list[Path]:
    """Return the wheels that JupyterLite's Pyodide kernel brings with it and an exercise uses."""
    found = sorted((kernel_extension() / "static" / "pypi").glob("*.whl"))
    wheels = [wheel for wheel in found if wheel.name.split("-")[0] in KERNEL_WHEELS]
    if len(wheels) != len(KERNEL_WHEELS):
        version = metadata.version("jupyterlite-pyodide-kernel")
        raise PublishError(f"jupyterlite-pyodide-kernel {version} lacks one of {', '.join(KERNEL_WHEELS)}.")
    return wheels


def stand_in(name: str) -> tuple[str, bytes]:
    """Return the file name and content of a wheel that satisfies a need for ``name`` with next to nothing."""
    info = f"{name}-{STAND_IN_VERSION}.dist-info"
    return f"{name}-{STAND_IN_VERSION}-py3-none-any.whl", zipped(
        {
            **STAND_INS[name],
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {STAND_IN_VERSION}\n"
            "Summary: A stand-in: this course does not use the package of this name.\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: emr-course\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }
    )


def zipped(files: dict[str, str | bytes]) -> bytes:
    """Return a zip archive with the given files, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def lightened(archive: Path, package: str) -> bytes:
    """Return a wheel, or the standard library's archive, without the files that LEAVE_OUT names for it."""
    unused = re.compile(LEAVE_OUT[package]) if package in LEAVE_OUT else None
    with zipfile.ZipFile(archive) as old:
        names = [name for name in old.namelist() if not name.endswith("/") and not (unused and unused.match(name))]
        return zipped({name: old.read(name) for name in names})


def compiled(archives: dict[str, bytes], core: Path, cache: Path, label: str) -> Path:
    """Return a folder with the given zip archives, their Python compiled to bytecode; unchanged ones from the cache.

    The browser's own Python compiles them, run by Node.js. Raises PublishError when that fails.
    """
    script = ASSETS / "compile.mjs"
    key = digest_of([script.read_bytes(), *(part for name in sorted(archives) for part in (name, archives[name]))])
    folder = cache / f"{label}-{key[:16]}"
    if not folder.is_dir():
        new, source = cache / f"{folder.name}.new", cache / f"{folder.name}.source"
        for path in (new, source):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
        for name, content in archives.items():
            (source / name).write_bytes(content)
        run(
            [*node_command(), str(script), str(core.resolve()), str(source.resolve()), str(new.resolve())],
            cache,
            "The Python for the learner's browser could not be compiled",
        )
        shutil.rmtree(source)
        _forget(cache, label)
        replace_folder(new, folder)
    return folder


def _forget(cache: Path, label: str) -> None:
    """Remove the earlier results of a step from the cache."""
    for old in cache.glob(f"{label}-*"):
        if not old.name.endswith(".new"):
            shutil.rmtree(old)


def runtime(core: Path, cache: Path) -> Path:
    """Return a folder with the standard library and every package but the course's own, ready for the browser."""
    wheels = [*third_party(cache), *kernel_wheels()]
    archives = {wheel.name: lightened(wheel, name_of(wheel)) for wheel in wheels}
    archives.update(stand_in(name) for name in STAND_INS)
    archives["python_stdlib.zip"] = lightened(core / "python_stdlib.zip", "stdlib")
    return compiled(archives, core, cache, "runtime")


def course_wheel(root: Path, core: Path, cache: Path) -> Path:
    """Return the learner's wheel ready for the browser."""
    wheel = learner_wheel(root, cache)
    return compiled({wheel.name: wheel.read_bytes()}, core, cache, "course") / wheel.name


def learner_wheel(root: Path, cache: Path) -> Path:
    """Build the learner's wheel ``simemr`` from the repository at ``root``; an unchanged one comes from the cache.

    Raises PublishError when it cannot be built, or would give a learner anything of the staff's side.
    """
    sources = [p for p in sorted((root / "simemr").rglob("*")) if p.is_file() and "__pycache__" not in p.parts]
    sources += sorted(root.glob("exercises/*/scenario.toml"))
    key = digest_of(part for p in sources for part in (str(p.relative_to(root)), p.read_bytes()))
    folder = cache / f"simemr-{key[:16]}"
    if not folder.is_dir():
        _forget(cache, "simemr")
        new = cache / f"{folder.name}.new"
        run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(new.resolve())],
            root / "simemr",
            "The learner's package simemr could not be built",
        )
        for wheel in new.glob("*.whl"):
            refuse_staff_files(wheel)
        replace_folder(new, folder)
    return next(folder.glob("simemr-*.whl"))


#: A file that no learner may get, by its path or by what it says.
STAFF_PATHS = re.compile(r"(^|/)(grading|rubric|answers|exercises)(/|\.py$|\.toml$|$)")
STAFF_TEXT = re.compile(
    r"^\s*(from|import)\s+grading\b|@rubric\.criterion|^\s*(MODEL|WRONG|CRITERIA)\s*=", re.MULTILINE
)


def refuse_staff_files(wheel: Path) -> None:
    """Raise PublishError if a wheel for learners holds a rubric, an answer or code of the staff's side."""
    with zipfile.ZipFile(wheel) as archive:
        for path in archive.namelist():
            text = archive.read(path).decode("utf-8", "replace")
            if STAFF_PATHS.search(path) or STAFF_TEXT.search(text):
                raise PublishError(f"{path} belongs to the staff's side and must not go into the learner's package.")


def imports_of(wheel: Path) -> list[str]:
    """Return the top-level names that a wheel lets Python import."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {path.split("/")[0] for path in archive.namelist() if path.endswith((".py", ".pyc"))}
    return sorted(top.split(".")[0] for top in tops if not top.endswith((".dist-info", ".data")))


def lock_file(info: dict, wheels: Iterable[tuple[Path, str]]) -> dict:
    """Return the lock file for the given wheels, each with its address from the lock file's place.

    ``info`` is the ``info`` table of the lock file that came with Pyodide. Raises PublishError when a package
    is missing, or not one that the course knows.
    """
    packages = {}
    for wheel, address in wheels:
        name = name_of(wheel)
        if name not in NEEDS:
            raise PublishError(f"{wheel.name} is not a package that the browser build knows: see NEEDS in wheels.py.")
        packages[name] = {
            "name": name,
            "version": wheel.name.split("-")[1],
            "file_name": address,
            "install_dir": "site",
            "sha256": digest(wheel),
            "package_type": "package",
            "imports": imports_of(wheel),
            "depends": NEEDS[name],
            "unvendored_tests": False,
        }
    missing = sorted(set(NEEDS) - set(packages))
    if missing:
        raise PublishError(f"The browser build lacks the package{'s' * (len(missing) > 1)} {', '.join(missing)}.")
    return {"info": info, "packages": dict(sorted(packages.items()))}
