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

from grading.publish import distribution, pyodide, wheels
from grading.publish.distribution import Distribution
from grading.publish.fetch import PublishError, alone, digest, digest_of, replace_folder, run

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

#: What our part of the service worker is made from.
OFFLINE = Path(__file__).parent / "assets" / "offline.js"

#: The file that says what a finished build was made from.
KEY = "build-key.txt"

#: Kinds of file worth sending compressed. Wheels and the standard library are compressed already.
COMPRESS = {".js", ".mjs", ".wasm", ".json", ".css", ".html", ".svg", ".ipynb", ".webmanifest"}


def site_config(runtime: str, course: str) -> dict:
    """Return ``jupyter-lite.json``: what the browser reads first.

    ``runtime`` and ``course`` are the folders, from JupyterLite's root, of Pyodide and of the lock file.
    """
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Course",
            # The exercise page drives the application through this.
            "exposeAppInBrowser": True,
            "enableMemoryStorage": True,
            "disabledExtensions": DISABLED,
            "litePluginSettings": {
                KERNEL_PLUGIN: {
                    "disablePyPIFallback": True,
                    "pyodideUrl": f"./{runtime}/pyodide.mjs",
                    "loadPyodideOptions": {"packages": PACKAGES, "lockFileURL": f"./{course}/{pyodide.LOCK}"},
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
    full: str = "",
    say: Callable[[str], None] = lambda line: None,
) -> bool:
    """Build JupyterLite with the given notebooks into the folder ``out``.

    ``notebooks`` maps the path that a notebook has in the browser (``orientation.ipynb``) to the file to publish.
    ``root`` is the repository; ``cache`` keeps what was fetched (``build/cache`` there, unless told otherwise);
    ``full`` is where Pyodide's full distribution is, "" for a course that needs none of its packages.
    Returns False if ``out`` was already built from the same inputs, and then touches nothing.
    Raises PublishError with one sentence if something cannot be fetched or built.
    """
    cache = (cache or root / "build" / "cache").resolve()
    for target, source in notebooks.items():
        _check_notebook(target, source)
    cache.mkdir(parents=True, exist_ok=True)
    with alone(cache / "lite.lock"):
        if not (cache / f"pyodide-{pyodide.VERSION}").is_dir():
            say("Fetching what runs in the learner's browser (once)")
        core = pyodide.core_files(cache)
        runtime, course = wheels.runtime(core, cache), wheels.course_wheel(root, core, cache)
        more = distribution.find(full, root, cache) if full else None
        key = _key(notebooks, runtime, course, more)
        if (out / KEY).is_file() and (out / KEY).read_text(encoding="utf-8") == key:
            say("The exercises for the browser are up to date")
            return False
        say("Building the exercises for the browser")
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="lite-") as work:
            source, built = Path(work) / "lite", Path(work) / "out"
            source.mkdir()
            _stage(source, notebooks)
            run(
                [sys.executable, "-m", "jupyterlite_core", "build", f"--lite-dir={source}", f"--output-dir={built}"],
                source,
                "JupyterLite could not be built",
            )
            _add_runtime(built, core, runtime, course, more)
            _tidy(built)
            _add_offline(built)
            refuse_outside_hosts(built)
            compress(built)
            write_manifest(built)
            (built / KEY).write_text(key, encoding="utf-8")
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
        kept = {
            "cell_type": cell["cell_type"],
            "id": cell.get("id", f"cell-{len(cells)}"),
            "metadata": {},
            "source": cell["source"],
        }
        cells.append({**kept, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else kept)
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    metadata_ = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata_, "nbformat": 4, "nbformat_minor": 5}


def _key(notebooks: Mapping[str, Path], runtime: Path, course: Path, more: Distribution | None) -> str:
    return digest_of(
        [
            json.dumps(more.packages if more else {}, sort_keys=True),
            pyodide.INTEGRITY,
            *(f"{name} {metadata.version(name)}" for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel")),
            *(f"{name} {metadata.version(name)}" for name in ("jupyterlab-widgets",)),
            *(f"{path.name} {digest(path)}" for path in (*sorted(runtime.iterdir()), course)),
            *(f"{target} {digest(source)}" for target, source in sorted(notebooks.items())),
            digest(OFFLINE),
            *(digest(Path(module.__file__)) for module in (sys.modules[__name__], distribution, wheels, pyodide)),
        ]
    )


def _stage(folder: Path, notebooks: Mapping[str, Path]) -> None:
    """Lay out the folder from which JupyterLite builds."""
    for target, source in notebooks.items():
        place = folder / "files" / target
        place.parent.mkdir(parents=True, exist_ok=True)
        _write_json(place, published(json.loads(source.read_text(encoding="utf-8"))))
    _write_json(folder / "overrides.json", overrides())
    _write_json(folder / "jupyter_lite_config.json", build_config())


def _add_runtime(built: Path, core: Path, runtime: Path, course: Path, more: Distribution | None) -> None:
    """Put Pyodide, the packages and the lock file into the site, and say where they are.

    The folders are named after their content, so that a browser may keep them for good: an upgraded course is
    fetched anew, and an upgrade of the course alone leaves the large part where it is.
    """
    files = [*(core / name for name in pyodide.CORE if not (runtime / name).is_file()), *sorted(runtime.iterdir())]
    large = _hashed_folder(built, files)
    info = json.loads((core / pyodide.LOCK).read_text(encoding="utf-8"))["info"]
    listed = [(wheel, f"../{large.name}/{wheel.name}") for wheel in files if wheel.suffix == ".whl"]
    lock = wheels.lock_file(info, [*listed, (course, course.name)])
    if more is not None:
        lock["packages"] = {**_add_packages(built, more, set(lock["packages"])), **lock["packages"]}
    with tempfile.TemporaryDirectory() as work:
        _write_json(Path(work) / pyodide.LOCK, lock)
        small = _hashed_folder(built, [course, Path(work) / pyodide.LOCK])
    config = json.loads((built / "jupyter-lite.json").read_text(encoding="utf-8"))
    ours = site_config(*(folder.relative_to(built).as_posix() for folder in (large, small)))
    data = config["jupyter-config-data"]
    for name, value in ours["jupyter-config-data"].items():
        data[name] = {**data.get(name, {}), **value} if isinstance(value, dict) else value
    _write_json(built / "jupyter-lite.json", config)


def _add_packages(built: Path, more: Distribution, have: set[str]) -> dict[str, dict]:
    """Put a distribution's packages beside the runtime and return their part of the lock file.

    Not among what a page fetches beforehand: a notebook that imports one has it fetched then.
    """
    added = more.added(have)
    folder = built / "static" / "wheels" / digest_of(package["sha256"] for package in added.values())[:16]
    folder.mkdir(parents=True)
    for package in added.values():
        shutil.copyfile(more.folder / package["file_name"], folder / package["file_name"])
    address = f"../../wheels/{folder.name}"
    return {name: {**package, "file_name": f"{address}/{package['file_name']}"} for name, package in added.items()}


def _hashed_folder(built: Path, files: list[Path]) -> Path:
    folder = built / "static" / "pyodide" / digest_of(f"{path.name} {digest(path)}" for path in files)[:16]
    folder.mkdir(parents=True)
    for path in files:
        shutil.copyfile(path, folder / path.name)
        packed = path.with_name(f"{path.name}.br")
        if packed.is_file():
            shutil.copyfile(packed, folder / packed.name)
    return folder


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _tidy(built: Path) -> None:
    """Remove what JupyterLite's build leaves in the site and no browser asks for."""
    for name in ("rspack.config.js", "rspack.config.analyze.js", "rspack.config.watch.js", "package.json", "doc"):
        path = built / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for path in built.glob("*-jupyterlite.tgz"):
        path.unlink()


def _add_offline(built: Path) -> None:
    """Let JupyterLite's service worker keep what it fetches, for a start without a connection (see offline.js)."""
    worker = built / "service-worker.js"
    ours = OFFLINE.read_text(encoding="utf-8")
    worker.write_text(ours + worker.read_text(encoding="utf-8"), encoding="utf-8")


def refuse_outside_hosts(built: Path) -> None:
    """Raise PublishError if what the browser is told to load lies anywhere but in the built folder."""
    config = json.loads((built / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    kernel = config["litePluginSettings"][KERNEL_PLUGIN]
    addresses = [kernel["pyodideUrl"], kernel["loadPyodideOptions"]["lockFileURL"]]
    for address in addresses:
        if not (built / address).is_file():
            raise PublishError(f"JupyterLite would load {address}, which is not in the built site.")
    lock = built / addresses[1]
    for name, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if not (lock.parent / package["file_name"]).is_file():
            raise PublishError(f"{name}: {package['file_name']} is not in the built site.")


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
        if path.is_file() and path.suffix not in (".gz", ".br"):
            copies = [path.with_name(path.name + ending) for ending in (".br", ".gz")]
            sent = min(copy.stat().st_size for copy in (path, *copies) if copy.is_file())
            where = path.relative_to(built).as_posix()
            files.append({"path": where, "bytes": sent, "unpacked": path.stat().st_size})
    config = json.loads((built / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    total = sum(file["bytes"] for file in files)
    _write_json(built / "manifest.json", {"version": config["appVersion"], "bytes": total, "files": files})
