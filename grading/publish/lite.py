"""JupyterLite, for this course: one notebook application, one kernel, local files only.

``build_lite`` makes a folder that any web server can serve. Nothing in it names an outside host, and the
exercise pages (see pages.py) are the only door a learner uses.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path, PurePosixPath

from grading.publish import pyodide, wheels
from grading.publish.fetch import PublishError, digest, digest_of, replace_folder, run

KERNEL_PLUGIN = f"{wheels.KERNEL_EXTENSION}:kernel"
WIDGETS_EXTENSION = "@jupyter-widgets/jupyterlab-manager"

#: Parts of JupyterLite that would act on the exercise (keys, menus, saving, closing), that ask other hosts for news,
#: or that only cost time because nobody sees them.
DISABLED = [
    "@jupyter-notebook/application-extension:dirty",
    "@jupyter-notebook/application-extension:shortcuts",
    "@jupyter-notebook/console-extension",
    "@jupyter-notebook/help-extension",
    "@jupyter-notebook/notebook-extension:checkpoints",
    "@jupyter-notebook/notebook-extension:kernel-status",
    "@jupyter-notebook/notebook-extension:scroll-output",
    "@jupyter-notebook/notebook-extension:tab-icon",
    "@jupyterlab/application-extension:context-menu",
    "@jupyterlab/application-extension:dirty",
    "@jupyterlab/application-extension:faviconbusy",
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/apputils-extension:notification",
    "@jupyterlab/apputils-extension:splash",
    "@jupyterlab/celltags-extension",
    "@jupyterlab/completer-extension:inline-completer",
    "@jupyterlab/console-extension:foreign",
    "@jupyterlab/docmanager-extension:recents",
    "@jupyterlab/documentsearch-extension:plugin",
    "@jupyterlab/help-extension",
    "@jupyterlab/inspector-extension",
    "@jupyterlab/launcher-extension",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/mainmenu-extension:recents",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/notebook-extension:log-output",
    "@jupyterlab/notebook-extension:search",
    "@jupyterlab/notebook-extension:toc",
    "@jupyterlab/shortcuts-extension:shortcuts",
    "@jupyterlab/toc-extension",
    "@jupyterlab/tooltip-extension",
    "@jupyterlite/application-extension:lsp-connection-manager",
    "@jupyterlite/application-extension:share-file",
    "@jupyterlite/apputils-extension:kernel-status",
]

#: What the kernel loads before it says that it is ready; all at once, so nothing is fetched later.
PACKAGES = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", "ipywidgets", "simemr"]

#: The file that says what a finished build was made from.
KEY = "build-key.txt"

#: Kinds of file worth sending compressed. Wheels and the standard library are compressed already.
COMPRESS = {".js", ".mjs", ".wasm", ".json", ".css", ".html", ".svg", ".ipynb", ".webmanifest"}


def site_config() -> dict:
    """Return ``jupyter-lite.json``: what the browser reads first."""
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Course",
            # The exercise page drives the application through this.
            "exposeAppInBrowser": True,
            # Where the browser keeps files. The name must never change: answers are found again by it.
            "contentsStorageName": "EMR course files",
            "settingsStorageName": "EMR course settings",
            "workspacesStorageName": "EMR course workspaces",
            "enableMemoryStorage": True,
            "disabledExtensions": DISABLED,
            "litePluginSettings": {
                KERNEL_PLUGIN: {
                    "disablePyPIFallback": True,
                    "loadPyodideOptions": {"packages": PACKAGES},
                }
            },
        },
    }


def overrides() -> dict:
    """Return ``overrides.json``: JupyterLab's settings."""
    return {
        "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True, "theme-scrollbars": False},
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
            "doNotDisturbMode": True,
        },
        # A saved copy of a notebook would hide the one of an upgraded course, so none is ever saved.
        "@jupyterlab/docmanager-extension:plugin": {"autosave": False, "confirmClosingDocument": False},
        "@jupyterlab/completer-extension:manager": {"autoCompletion": False},
        # Every cell is laid out at once: the exercise must be there when it is told to show.
        "@jupyterlab/notebook-extension:tracker": {
            "windowingMode": "none",
            "recordTiming": False,
        },
    }


def build_config() -> dict:
    """Return ``jupyter_lite_config.json``: what JupyterLite's own build reads."""
    return {
        "LiteBuildConfig": {
            "apps": ["notebooks"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "ignore_sys_prefix": True,
            "federated_extensions": [
                str(wheels.kernel_extension()),
                str(wheels.lab_extension(WIDGETS_EXTENSION)),
            ],
        }
    }


def build_lite(
    notebooks: Mapping[str, Path],
    out: Path,
    *,
    root: Path,
    cache: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> bool:
    """Build JupyterLite with the given notebooks into the folder ``out``.

    ``notebooks`` maps the path that a notebook has in the browser (``orientation.ipynb``) to the file to publish.
    ``root`` is the repository; ``cache`` keeps what was fetched (``build/cache`` there, unless told otherwise).
    Returns False if ``out`` was already built from the same inputs, and then touches nothing.
    Raises PublishError with one sentence if something cannot be fetched or built.
    """
    cache = cache or root / "build" / "cache"
    for target, source in notebooks.items():
        _check_notebook(target, source)
    say("Fetching Pyodide and its packages" if not cache.is_dir() else "Checking Pyodide and its packages")
    core = pyodide.core_files(cache)
    packages = [*wheels.third_party(cache), *wheels.kernel_wheels(), wheels.learner_wheel(root, cache)]
    key = _key(notebooks, packages)
    if (out / KEY).is_file() and (out / KEY).read_text() == key:
        say("The exercises for the browser are up to date")
        return False
    say("Building the exercises for the browser")
    cache.mkdir(parents=True, exist_ok=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        source, built = Path(work) / "lite", Path(work) / "out"
        _stage(source, notebooks, core, packages)
        run(
            [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(source), "--output-dir", str(built)],
            source,
            "JupyterLite could not be built",
        )
        _tidy(built)
        refuse_outside_hosts(built)
        compress(built)
        write_manifest(built)
        (built / KEY).write_text(key)
        replace_folder(built, out)
    return True


def _check_notebook(target: str, source: Path) -> None:
    path = PurePosixPath(target)
    if path.is_absolute() or ".." in path.parts or path.suffix != ".ipynb":
        raise PublishError(f"{target!r} cannot be the path of a notebook in the browser.")
    try:
        notebook = json.loads(source.read_text(encoding="utf-8"))
    except OSError as error:
        raise PublishError(f"{source}: the notebook cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise PublishError(f"{source}: this is not a notebook ({error}).") from error
    if not isinstance(notebook, dict) or "cells" not in notebook:
        raise PublishError(f"{source}: this is not a notebook (it has no cells).")


def published(notebook: dict) -> dict:
    """Return a notebook as a learner's browser gets it: no graded cells, no outputs, the browser's own kernel."""
    cells = []
    for cell in notebook["cells"]:
        if cell.get("metadata", {}).get("nbgrader", {}).get("grade"):
            continue
        kept = {"cell_type": cell["cell_type"], "id": cell.get("id", f"cell-{len(cells)}"), "metadata": {}, "source": cell["source"]}
        cells.append({**kept, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else kept)
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    metadata_ = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata_, "nbformat": 4, "nbformat_minor": 5}


def _key(notebooks: Mapping[str, Path], packages: list[Path]) -> str:
    return digest_of(
        [
            pyodide.INTEGRITY,
            *(f"{name} {metadata.version(name)}" for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel")),
            *(f"{wheel.name} {digest(wheel)}" for wheel in packages),
            *(f"{target} {digest(source)}" for target, source in sorted(notebooks.items())),
            *(digest(Path(module.__file__)) for module in (sys.modules[__name__], wheels, pyodide)),
        ]
    )


def _stage(folder: Path, notebooks: Mapping[str, Path], core: Path, packages: list[Path]) -> None:
    """Lay out the folder from which JupyterLite builds."""
    runtime = folder / "static" / "pyodide"
    runtime.mkdir(parents=True)
    for name in pyodide.CORE:
        shutil.copyfile(core / name, runtime / name)
    for wheel in packages:
        shutil.copyfile(wheel, runtime / wheel.name)
    for name, version in wheels.STAND_INS.items():
        file_name, content = wheels.stand_in(name, version)
        (runtime / file_name).write_bytes(content)
    info = json.loads((core / pyodide.LOCK).read_text(encoding="utf-8"))["info"]
    _write_json(runtime / pyodide.LOCK, wheels.lock_file(info, sorted(runtime.glob("*.whl"))))
    for target, source in notebooks.items():
        place = folder / "files" / target
        place.parent.mkdir(parents=True, exist_ok=True)
        _write_json(place, published(json.loads(source.read_text(encoding="utf-8"))))
    _write_json(folder / "jupyter-lite.json", site_config())
    _write_json(folder / "overrides.json", overrides())
    _write_json(folder / "jupyter_lite_config.json", build_config())


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _tidy(built: Path) -> None:
    """Remove what JupyterLite's build leaves in the site and no browser asks for."""
    for name in ("rspack.config.js", "rspack.config.analyze.js", "rspack.config.watch.js", "package.json", "doc"):
        path = built / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in built.glob("*-jupyterlite.tgz"):
        path.unlink()


def refuse_outside_hosts(built: Path) -> None:
    """Raise PublishError if what the browser is told to load lies on another host."""
    lock = json.loads((built / "static" / "pyodide" / pyodide.LOCK).read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        if "/" in package["file_name"] or not (built / "static" / "pyodide" / package["file_name"]).is_file():
            raise PublishError(f"{name}: {package['file_name']} is not a local file of the site.")
    config = json.loads((built / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    if not config["litePluginSettings"][KERNEL_PLUGIN]["pyodideUrl"].startswith("./"):
        raise PublishError("JupyterLite would load Pyodide from another host.")


def compress(built: Path) -> None:
    """Put a gzip copy beside each file that is worth it, for a server that sends such copies."""
    for path in sorted(built.rglob("*")):
        if path.is_file() and path.suffix in COMPRESS and path.stat().st_size > 1024:
            packed = gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
            path.with_name(path.name + ".gz").write_bytes(packed)


def write_manifest(built: Path) -> None:
    """Write ``manifest.json``: what the exercise page fetches beforehand, in bytes as sent and as unpacked."""
    files = []
    for path in sorted((built / "static" / "pyodide").rglob("*")):
        if path.is_file() and path.suffix != ".gz":
            packed = path.with_name(path.name + ".gz")
            sent = packed.stat().st_size if packed.is_file() else path.stat().st_size
            where = path.relative_to(built).as_posix()
            files.append({"path": where, "bytes": sent, "unpacked": path.stat().st_size})
    _write_json(built / "manifest.json", {"files": files, "bytes": sum(file["bytes"] for file in files)})
