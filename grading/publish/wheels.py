"""The Python packages that the browser loads: which, from where, and the lock file that names them.

Every package is a pure-Python wheel lying beside Pyodide on the course's own site. An exercise has no code
completion, no package installer and no terminal, so what serves only those is left out (see STAND_INS and
LEAVE_OUT), and what remains is compiled to bytecode beforehand. Together this halves the start in the browser.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from jupyter_core.paths import jupyter_path

from grading.publish.fetch import PublishError, digest, digest_of, pip_command, replace_folder, run
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
    "ipython": ["ipython-pygments-lexers", "matplotlib-inline", "pygments", "stack-data", "traitlets"],
    "ipython-pygments-lexers": ["pygments"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "jedi": [],
    "matplotlib-inline": ["traitlets"],
    "micropip": ["packaging"],
    "packaging": [],
    "piplite": ["micropip"],
    "pure-eval": [],
    "pygments": [],
    "pyodide-kernel": ["comm", "ipython"],
    "simemr": ["ipywidgets"],
    "stack-data": ["asttokens", "executing", "pure-eval"],
    "traitlets": [],
}

#: Packages that the kernel insists on by name and an exercise never calls: an empty package takes their place.
#: jedi (1.7 MB) serves code completion, and no exercise shows code.
STAND_INS = {"jedi": "0.19.999"}

#: Wheels that the kernel's own extension brings, and an exercise uses.
KERNEL_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")


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


def stand_in(name: str, version: str) -> tuple[str, bytes]:
    """Return the file name and content of an empty wheel that satisfies a need for ``name``."""
    info = f"{name}-{version}.dist-info"
    return f"{name}-{version}-py3-none-any.whl", zipped(
        {
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            "Summary: An empty stand-in: this course does not use the package of this name.\n",
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


def learner_wheel(root: Path, cache: Path) -> Path:
    """Build the learner's wheel ``simemr`` from the repository at ``root``; an unchanged one comes from the cache.

    Raises PublishError when it cannot be built, or would give a learner anything of the staff's side.
    """
    sources = [p for p in sorted((root / "simemr").rglob("*")) if p.is_file() and "__pycache__" not in p.parts]
    sources += sorted(root.glob("exercises/*/scenario.toml"))
    key = digest_of(part for p in sources for part in (str(p.relative_to(root)), p.read_bytes()))
    folder = cache / f"simemr-{key[:16]}"
    if not folder.is_dir():
        for old in cache.glob("simemr-*"):
            replace_with_nothing(old)
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


def replace_with_nothing(folder: Path) -> None:
    """Remove a folder of the cache."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


#: A file that no learner may get, by its path or by what it says.
STAFF_PATHS = re.compile(r"(^|/)(grading|rubric|answers|exercises)(/|\.py$|\.toml$|$)")
STAFF_TEXT = re.compile(r"^\s*(from|import)\s+grading\b|@rubric\.criterion|^\s*(MODEL|WRONG|CRITERIA)\s*=", re.MULTILINE)


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
        tops = {path.split("/")[0] for path in archive.namelist() if path.endswith(".py")}
    return sorted(top.removesuffix(".py") for top in tops if not top.endswith((".dist-info", ".data")))


def lock_file(info: dict, wheels: Iterable[Path]) -> dict:
    """Return the lock file for the given wheels, which all lie beside it.

    ``info`` is the ``info`` table of the lock file that came with Pyodide. Raises PublishError when a package
    is missing, or not one that the course knows.
    """
    packages = {}
    for wheel in wheels:
        name = name_of(wheel)
        if name not in NEEDS:
            raise PublishError(f"{wheel.name} is not a package that the browser build knows: see NEEDS in wheels.py.")
        packages[name] = {
            "name": name,
            "version": wheel.name.split("-")[1],
            "file_name": wheel.name,
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
