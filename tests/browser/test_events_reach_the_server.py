"""A running exercise's events reach a real server: each once and in order, also when the server goes and comes back.

The exercise goes on from them in another browser; where two browsers part ways, the one that is behind says so. Each
attempt is streamed as its own.
"""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import jupytext
import nbformat
import pytest

from grading.publish import lite, pages
from tests.conftest import free_port

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60_000  # ms; nothing here takes a fifth of it on a free machine
SLUG = "orientation"


class Server:
    """`course serve`, which can be stopped and started again at the same address."""

    def __init__(self, root):
        self.root = root
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        command = [sys.executable, "-m", "grading", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        line = self.process.stdout.readline()
        assert line.startswith("ready:"), line + self.process.stdout.read()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def log(self):
        """The log that the server keeps of the newest attempt."""
        with urllib.request.urlopen(f"{self.address}/api/log?exercise={SLUG}") as answer:
            return json.load(answer)["log"] or ""

    def tabs(self):
        """The tabs opened, in the order of the events that the server keeps."""
        lines = [json.loads(line) for line in self.log().splitlines()[1:]]
        return [line["args"]["tab"] for line in lines if line["action"] == "open_tab"]


def until(question, seconds=60):
    """Ask until the answer is true."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.25)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The course in a folder of its own, with a site of one exercise."""
    root = tmp_path_factory.mktemp("events") / "course"
    root.mkdir()
    for name in ("exercises", "notebooks", "simemr"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", root)
    site, book = root / "build" / "site", root / f"{SLUG}.ipynb"
    nbformat.write(jupytext.read(root / "exercises" / SLUG / "exercise.md"), book)
    lite.build_lite({book.name: book}, site / "lite", root=root, cache=ROOT / "build" / "cache")
    pages.write_pages([pages.exercise_page(root / "exercises" / SLUG / "scenario.toml")], site, "The course")
    (site / "index.html").write_text("<!doctype html><title>The course</title>")
    return root


@pytest.fixture
def server(root):
    shutil.rmtree(root / "build" / "server", ignore_errors=True)
    running = Server(root)
    yield running
    running.stop()


@pytest.fixture
def computer(browser):
    """A function that opens the exercise in a browser that knows nothing of the others, and returns its frame."""
    contexts = []

    def open_exercise(server):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{server.address}/exercise/{SLUG}.html")
        page.wait_for_selector("body.ready")
        return next(frame for frame in page.frames if "/lite/notebooks/" in frame.url)

    yield open_exercise
    for context in contexts:
        context.close()


def begin(frame):
    frame.click("button:visible:has-text('MARSH, Eleanor')")
    frame.wait_for_selector("text=Is this the right patient?")
    frame.click("label:has-text('Full name')")
    frame.click("label:has-text('Date of birth')")
    frame.click("button:visible:has-text('Confirm who this is')")
    frame.wait_for_selector("text=Identity confirmed.")


def open_tab(frame, name):
    frame.click(f"button:visible:has-text('{name}')")


def test_no_event_is_lost_while_the_server_is_away(server, computer):
    frame = computer(server)
    begin(frame)
    open_tab(frame, "Results")
    until(lambda: server.tabs() == ["results"])
    server.stop()
    for name in ("Notes", "Observations"):
        open_tab(frame, name)
        frame.page.wait_for_timeout(1500)
    server.start()
    # nothing is done meanwhile: the events come by themselves
    until(lambda: server.tabs() == ["results", "notes", "observations"])
    open_tab(frame, "Results")
    until(lambda: server.tabs() == ["results", "notes", "observations", "results"])


def test_the_exercise_goes_on_at_another_computer_and_the_first_one_says_so(server, computer):
    first = computer(server)
    begin(first)
    open_tab(first, "Results")
    until(lambda: server.tabs() == ["results"])
    second = computer(server)
    second.wait_for_selector("text=Identity confirmed")
    open_tab(second, "Notes")
    until(lambda: server.tabs() == ["results", "notes"])
    kept = server.log()
    open_tab(first, "Observations")
    first.wait_for_selector("text=This exercise has gone on at another computer")
    assert server.log() == kept


def test_another_attempt_is_streamed_as_its_own(server, computer):
    """After 'Try again' the new attempt's events reach the server, and the first attempt's stay as they were."""
    frame = computer(server)
    begin(frame)
    open_tab(frame, "Results")
    until(lambda: server.tabs() == ["results"])
    frame.click("button:visible:has-text('Hand in')")
    frame.click("button:visible:has-text('Hand in now')")
    frame.wait_for_selector("h2:has-text('Your debrief')")
    until(lambda: '"hand_in"' in server.log())
    frame.click("button:visible:has-text('Try again')")
    frame.wait_for_selector("text=Attempt 2 begins.")
    begin(frame)
    open_tab(frame, "Notes")
    until(lambda: server.tabs() == ["notes"])
    assert json.loads(server.log().splitlines()[0])["attempt"] == 2
    # and goes on being sent after the server was away
    server.stop()
    open_tab(frame, "Observations")
    server.start()
    until(lambda: server.tabs() == ["notes", "observations"])
