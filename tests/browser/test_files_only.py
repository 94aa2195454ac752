"""The course on a web server that only serves files: a saved copy is loaded at another computer, and the hand-in is a
file that `course collect` takes under the learner's own name.
"""

import json
import shutil
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jupytext
import nbformat
import pytest

from grading.publish import lite, pages

ROOT = Path(__file__).resolve().parents[2]
WAIT = 150_000  # ms; nothing here takes a tenth of it on a free machine
SLUG = "orientation"
AXE = "() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], iframes: false })"


class Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The course in a folder of its own, with a site of one exercise."""
    root = tmp_path_factory.mktemp("files") / "course"
    root.mkdir()
    for name in ("exercises", "notebooks", "simemr"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "course.toml", root)
    book = root / f"{SLUG}.ipynb"
    nbformat.write(jupytext.read(root / "exercises" / SLUG / "exercise.md"), book)
    lite.build_lite({book.name: book}, root / "build" / "site" / "lite", root=root, cache=ROOT / "build" / "cache")
    pages.write_pages(
        [pages.exercise_page(root / "exercises" / SLUG / "scenario.toml")], root / "build" / "site", "The course"
    )
    return root


@pytest.fixture(scope="module")
def site(root):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root / "build" / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def computer(browser, site):
    """A function that opens the exercise in a browser that knows nothing of the others; all other hosts are blocked."""
    contexts, outside = [], []

    def gate(route):
        outside.append(route.request.url)
        route.abort()

    def open_exercise():
        context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
        context.set_default_timeout(WAIT)
        context.route(lambda url: not url.startswith((f"{site}/", "data:", "blob:")), gate)
        contexts.append(context)
        return show(context.new_page(), site)

    yield open_exercise
    for context in contexts:
        context.close()
    assert outside == []


def show(page, site):
    page.goto(f"{site}/exercise/{SLUG}.html")
    page.wait_for_selector("body.ready")
    frame = next(frame for frame in page.frames if "/lite/notebooks/" in frame.url)
    frame.wait_for_selector("text=Saved")
    return frame


def named(words):
    return f"button:visible:has-text('{words}')"


def work(frame, tab):
    """Open the record, where it is not open, and one of its tabs."""
    if not frame.is_visible(".em-tabs"):
        frame.click(named("MARSH, Eleanor"))
        frame.wait_for_selector("text=Is this the right patient?")
    frame.click(named(tab))
    frame.wait_for_selector(f".em-tab.em-open:has-text('{tab}')")


def saved_copy(frame, tmp_path):
    """Save a copy from the 'Leave' panel, as a learner does."""
    frame.click(named("Leave"))
    with frame.page.expect_download() as download:
        frame.click(".em-ask a:visible:has-text('Save a copy')")
    assert download.value.suggested_filename == f"{SLUG}.jsonl"
    download.value.save_as(tmp_path / f"{SLUG}.jsonl")
    frame.click(named("Stay here"))
    return tmp_path / f"{SLUG}.jsonl"


def no_faults(frame, axe):
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(axe)
    found = frame.evaluate(AXE)["violations"]
    serious = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    assert not serious, json.dumps([(f["id"], f["nodes"][0]["html"][:200]) for f in serious], indent=1)


def test_a_saved_copy_goes_on_at_another_computer_with_the_keyboard_alone(computer, site, tmp_path, axe):
    first = computer()
    work(first, "Results")
    copy = saved_copy(first, tmp_path)
    second = computer()
    page = second.page
    second.focus(named("I have a saved file"))
    page.keyboard.press("Enter")
    second.wait_for_selector("button:focus.em-upload")
    no_faults(second, axe)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(copy)
    second.wait_for_selector("text=You go on from the saved file: attempt 1, 2 actions")
    second.wait_for_selector(".em-tab.em-open:has-text('Results')")
    second.wait_for_selector("button:focus:has-text('Leave')")
    no_faults(second, axe)
    # it is kept here as the learner's own
    work(second, "Notes")
    again = show(page, site)
    again.wait_for_selector(".em-tab.em-open:has-text('Notes')")


def test_work_that_is_further_on_is_asked_about_and_found_again(computer, tmp_path, axe):
    frame = computer()
    work(frame, "Results")
    copy = saved_copy(frame, tmp_path)
    work(frame, "Notes")

    def choose(file):
        frame.click(named("Leave"))
        frame.click(named("Go on from a saved file"))
        with frame.page.expect_file_chooser() as chooser:
            frame.click("button.em-upload:visible")
        chooser.value.set_files(file)

    torn = tmp_path / "torn.jsonl"
    torn.write_text(copy.read_text().replace('"tab":"results"', '"tab":"notes"'))
    choose(torn)
    frame.wait_for_selector("text=This file can't be used")
    frame.wait_for_selector("text=line 3: this line, or one before it, was changed")
    frame.click(named("Cancel"))
    choose(copy)
    frame.wait_for_selector("text=Here stands 1 action that it does not have.")
    frame.wait_for_selector("button:focus:has-text('Keep what is here')")
    no_faults(frame, axe)
    frame.click(named("Go on from the file"))
    frame.wait_for_selector(".em-tab.em-open:has-text('Results')")
    frame.click(named("Leave"))
    frame.click(named("Go on from a saved file"))
    with frame.page.expect_download() as download:
        frame.click(".em-kept a:visible")
    assert '"tab":"notes"' in Path(download.value.path()).read_text()


def test_the_hand_in_is_one_file_that_collect_takes_under_the_learners_name(computer, root, tmp_path, axe):
    frame = computer()
    work(frame, "Results")
    frame.click(named("Hand in"))
    frame.click(named("Hand in now"))
    frame.wait_for_selector("text=whose answers are these?")
    no_faults(frame, axe)
    frame.fill("label:has-text('Your learner id') + input", "amara o")
    frame.click(named("Make my file"))
    frame.wait_for_selector("text=cannot be a learner's id")
    frame.fill("label:has-text('Your learner id') + input", "amara.o")
    frame.click(named("Make my file"))
    frame.wait_for_selector("text=It says that it is from amara.o.")
    no_faults(frame, axe)
    inbox = tmp_path / "hand-ins"
    with frame.page.expect_download() as download:
        frame.click(f"a:visible:has-text('Download amara.o__{SLUG}.zip')")
    file = inbox / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"amara.o__{SLUG}.zip"
    with zipfile.ZipFile(file) as made:
        assert json.loads(made.read("manifest.json"))["learner"] == "amara.o"
    command = [sys.executable, "-m", "grading", "collect", str(inbox)]
    taken = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "1 taken, 0 known already, 0 refused." in taken.stdout
    assert (root / "build" / "submitted" / "amara.o" / SLUG / "answers" / f"{SLUG}.jsonl").is_file()
