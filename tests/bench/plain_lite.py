"""JupyterLite as anybody would build it: the peer of the course's own build in in_browser.py. Measures nothing itself.

The same notebook, Pyodide and ipywidgets, no package from another host; nothing left out, compiled or put off.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import threading
import zipfile
from email.parser import Parser
from pathlib import Path

import tornado.web
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from grading.publish import lite, pyodide, wheels
from grading.publish.fetch import pip_command, run

#: What ours leaves out; the rest is the same wheels as ours, as the package index has them. psutil has no wheel that a
#: browser could run, and nothing there asks for it.
MORE = (
    "decorator==5.3.1", "ipython_pygments_lexers==1.1.1", "jedi==0.20.1", "micropip==0.11.1", "packaging==26.4",
    "parso==0.8.7", "prompt_toolkit==3.0.53", "wcwidth==0.9.4",
)  # fmt: skip
#: What the kernel asks for at its start.
PACKAGES = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
BROWSER = {"python_version": "3.14", "sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix"}


def found() -> dict[str, str]:
    """An environment in which a server in another folder runs this checkout's own code."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def build(notebook: Path, out: Path, root: Path, cache: Path) -> None:
    """Build the notebook's site into the folder ``out``."""
    core = pyodide.core_files(cache)
    brought = sorted((wheels.kernel_extension() / "static" / "pypi").glob("*.whl"))
    # the older widgetsnbextension is for an older ipywidgets
    listed = [*_wheels(cache), *(wheel for wheel in brought if "widgetsnbextension-3" not in wheel.name)]
    listed.append(wheels.learner_wheel(root, cache))
    with tempfile.TemporaryDirectory() as work:
        source = Path(work)
        (source / "files").mkdir()
        shown = lite.published(json.loads(notebook.read_text()))  # for the browser's kernel, as ours
        (source / "files" / notebook.name).write_text(json.dumps(shown))
        beside = source / "static" / "pyodide"
        beside.mkdir(parents=True)
        for path in (*(core / name for name in pyodide.CORE), *listed):
            shutil.copy(path, beside)
        info = json.loads((core / pyodide.LOCK).read_text())["info"]
        (beside / pyodide.LOCK).write_text(json.dumps(_lock(info, listed)))
        settings = {
            "jupyter-lite-schema-version": 0,
            "jupyter-config-data": {
                "exposeAppInBrowser": True,  # so that the notebook can be run without a hand
                "litePluginSettings": {
                    lite.KERNEL_PLUGIN: {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": PACKAGES}}
                },
            },
        }
        (source / "jupyter-lite.json").write_text(json.dumps(settings))
        extensions = [str(wheels.kernel_extension()), str(wheels.lab_extension(lite.WIDGETS_EXTENSION))]
        # not what else happens to be installed here
        config = {"LiteBuildConfig": {"ignore_sys_prefix": True, "federated_extensions": extensions}}
        (source / "jupyter_lite_config.json").write_text(json.dumps(config))
        command = [sys.executable, "-m", "jupyterlite_core", "build", f"--lite-dir={source}", f"--output-dir={out}"]
        run(command, source, "The plain JupyterLite could not be built")
    lite.compress(out)


def _wheels(cache: Path) -> list[Path]:
    folder = cache / "bench-wheels"
    if not folder.is_dir():
        run(
            [
                *pip_command(), "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                "--only-binary=:all:", f"--python-version={pyodide.PYTHON}", "--implementation=py", "--abi=none",
                "--platform=any", f"--dest={folder}.new", *MORE,
            ],
            cache,
            "The packages of the plain JupyterLite could not be fetched",
        )  # fmt: skip
        Path(f"{folder}.new").rename(folder)
    return [*wheels.third_party(cache), *sorted(folder.glob("*.whl"))]


def _lock(info: dict, listed: list[Path]) -> dict:
    """A lock file in which each package asks for what its metadata says, of what is there."""
    told = {wheels.name_of(wheel): wheel for wheel in listed}
    packages = {}
    for name, wheel in told.items():
        packages[name] = {
            "name": name, "version": wheel.name.split("-")[1], "file_name": wheel.name, "install_dir": "site",
            "sha256": wheels.digest(wheel), "package_type": "package", "imports": wheels.imports_of(wheel),
            "depends": [need for need in _needs(wheel) if need in told], "unvendored_tests": False,
        }  # fmt: skip
    return {"info": info, "packages": packages}


def _needs(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        path = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(path).decode())
    needs = map(Requirement, metadata.get_all("Requires-Dist") or [])
    return [canonicalize_name(n.name) for n in needs if n.marker is None or n.marker.evaluate({**BROWSER, "extra": ""})]


class _Files(tornado.web.StaticFileHandler):
    """Files, with their gzip copy where the browser takes one."""

    def initialize(self, path: str) -> None:
        super().initialize(path, default_filename="index.html")

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        path = super().validate_absolute_path(root, absolute_path)
        self._packed = path is not None and Path(f"{path}.gz").exists()
        return f"{path}.gz" if self._packed else path

    def get_content_size(self) -> int:
        return Path(self.absolute_path).stat().st_size

    def get_content_type(self) -> str:
        plain = self.absolute_path.removesuffix(".gz") if self._packed else self.absolute_path
        known = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}
        kind = {**known, ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml", ".json": "application/json"}
        return kind.get(Path(plain).suffix, "application/octet-stream")

    def set_extra_headers(self, path: str) -> None:
        if self._packed:
            self.set_header("Content-Encoding", "gzip")
        self.set_header("Vary", "Accept-Encoding")


class serve:  # noqa: N801 - used like a function
    """Serves a folder on this machine from a thread until ``stop``."""

    def __init__(self, folder: Path):
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(folder, ready), daemon=True).start()
        ready.wait()

    def _run(self, folder: Path, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        sockets = bind_sockets(0, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]

        async def begin() -> None:
            handlers = [(r"/(.*)", _Files, {"path": str(folder)})]
            server = HTTPServer(tornado.web.Application(handlers, log_function=lambda _: None))
            server.add_sockets(sockets)

        self._loop.run_until_complete(begin())
        ready.set()
        self._loop.run_forever()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
