"""An exercise in a real browser: what it costs to start, beside a plain JupyterLite build of the same notebook, and a
click on it.

Ours is served by `course serve`, the plain one by a web server that sends gzip and names no time to keep. What
travels is counted on the wire. Rounds alternate, so that whatever else the machine does hits both.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from playwright.sync_api import sync_playwright

from grading.publish import lite, pages
from tests.bench import plain_lite
from tests.bench.row import Row
from tests.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "cache"
SLUG = "orders-and-alerts-doctor"
ROUNDS, CLICKS = 3, 80
WAIT = 300_000
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

#: In the plain page: runs the notebook as soon as it can be run, as the quickest of learners would.
RUN_ALL = """() => Promise.race([
  new Promise((_, reject) => setTimeout(() => reject(new Error("the notebook did not start")), 240_000)),
  (async () => {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  while (!window.jupyterapp) await pause(20);
  const app = window.jupyterapp;
  await app.restored;
  while (!app.shell.currentWidget?.context) await pause(20);
  const panel = app.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  await app.commands.execute("notebook:run-all-cells");
  })(),
])"""

#: Clicks, and resolves with the milliseconds until the frame after the record has changed: null if it never does.
CLICK = """([selector, index]) => new Promise((resolve) => {
  const shown = () => [".em-screen", ".em-banner-box"].map((part) => document.querySelector(part)?.innerHTML).join();
  const before = shown();
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    if (shown() === before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true });
  setTimeout(() => resolve(null), 5000);
  document.querySelectorAll(selector)[index].click();
})"""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / f"{SLUG}.ipynb"
        nbformat.write(jupytext.read(ROOT / "exercises" / SLUG / "exercise.md"), notebook)
        with Course(Path(folder) / "course", notebook) as ours, Plain(Path(folder) / "plain", notebook) as plain:
            measured, clicks = _measure(ours, plain)
    for name, unit, most in (("bytes", "MB", 0.7), ("cold", "s", 0.8), ("second", "s", 0.6)):
        words = {
            "bytes": "a first start: what travels to a usable exercise",
            "cold": "a first start: time to a usable exercise",
            "second": "a second visit: time to a usable exercise",
        }[name]
        mine, theirs = (statistics.median(one[name] for one in measured[site]) for site in (ours, plain))
        yield Row(f"{words} (at most {most} of plain JupyterLite)", unit, mine, goal=1 / most, peer=theirs)
    p95 = statistics.quantiles(clicks, n=20)[-1]
    yield Row(f"a click to the changed screen in the browser, 95th percentile of {len(clicks)}", "ms", p95, goal=150)


def _measure(ours: Site, plain: Site) -> tuple[dict[Site, list[dict[str, float]]], list[float]]:
    measured: dict[Site, list[dict[str, float]]] = {ours: [], plain: []}
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        raise RuntimeError("This figure needs Chromium (Debian and Ubuntu: apt-get install chromium).")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=ARGS)
        for number in range(ROUNDS):
            for site in (ours, plain) if number % 2 else (plain, ours):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.set_default_timeout(WAIT)
                sent = site.wire.sent
                cold, page = _start(context, site)
                travelled = site.wire.sent - sent
                page.close(run_before_unload=False)
                second, page = _start(context, site)
                measured[site].append({"bytes": travelled / 1e6, "cold": cold, "second": second})
                if site is ours and len(measured[ours]) == ROUNDS:
                    clicks = _click(site.frame(page))
                context.close()
        browser.close()
    return measured, clicks


def _start(context, site: Site) -> tuple[float, object]:
    """Seconds from asking for the page to an exercise that can be used, and the page."""
    page = context.new_page()
    begun = time.perf_counter()
    site.open(page)
    site.frame(page).wait_for_selector(".em-title")
    return time.perf_counter() - begun, page


def _click(frame) -> list[float]:
    patients = len(frame.query_selector_all(".em-patient"))
    frame.evaluate(CLICK, [".em-patient", 0])
    tabs = len(frame.query_selector_all(".em-tab"))
    taken = []
    for number in range(CLICKS):
        # a patient, then each of its tabs, as in a round of the ward
        place = number % (tabs + 1)
        clicked = [".em-tab", place - 1] if place else [".em-patient", (number // (tabs + 1) + 1) % patients]
        taken.append(frame.evaluate(CLICK, clicked))
        # a learner reads before the next click
        frame.page.wait_for_timeout(250)
    # the first tab of a record is open already: a click on it changes nothing
    return [one for one in taken if one is not None]


class Wire:
    """A port that leads on to another one and counts what comes back from there."""

    def __init__(self, target: int):
        self.sent, self.port = 0, 0
        self._target = target
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(self._pass(reader, back, False), self._pass(there, writer, True), return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: bool) -> None:
        try:
            while data := await reader.read(1 << 16):
                self.sent += len(data) if counted else 0
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


class Site(ABC):
    """A served build of the exercise."""

    wire: Wire

    def __enter__(self) -> Site:
        return self

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...

    @abstractmethod
    def open(self, page) -> None:
        """Go there and have the notebook run."""

    @abstractmethod
    def frame(self, page):
        """Where the exercise appears."""


class Course(Site):
    """The course's own site, by the course's own server."""

    def __init__(self, root: Path, notebook: Path):
        for name in ("exercises", "notebooks", "simemr"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "course.toml", root)
        site = root / "build" / "site"
        lite.build_lite({notebook.name: notebook}, site / "lite", root=root, cache=CACHE)
        pages.write_pages([pages.exercise_page(root / "exercises" / SLUG / "scenario.toml")], site, "The course")
        (site / "index.html").write_text("<!doctype html><title>The course</title>")
        port = free_port()
        command = [sys.executable, "-m", "grading", "serve", "--port", str(port)]
        self._process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, env=plain_lite.found())
        line = self._process.stdout.readline()
        if not line.startswith("ready:"):
            raise RuntimeError(f"The server did not start: {line}")
        self.wire = Wire(port)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def open(self, page) -> None:
        page.goto(f"http://127.0.0.1:{self.wire.port}/exercise/{SLUG}.html")
        page.wait_for_selector("body.ready, #trouble:not([hidden])", state="attached")
        if page.query_selector("body.ready") is None:
            raise RuntimeError(page.text_content("#trouble"))

    def frame(self, page):
        return next(frame for frame in page.frames if "/lite/notebooks/" in frame.url)


class Plain(Site):
    """JupyterLite as it comes, with ipywidgets and the same Pyodide."""

    def __init__(self, folder: Path, notebook: Path):
        plain_lite.build(notebook, folder, ROOT, CACHE)
        self._server = plain_lite.serve(folder)
        self.wire = Wire(self._server.port)

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def open(self, page) -> None:
        page.goto(f"http://127.0.0.1:{self.wire.port}/notebooks/index.html?path={SLUG}.ipynb")
        page.evaluate(RUN_ALL)

    def frame(self, page):
        return page.main_frame


if __name__ == "__main__":
    for row in rows():
        print(json.dumps(row.__dict__, indent=1))
