"""The exercise page in a real browser, with every host but this computer blocked.

A stub notebook stands in for an exercise where a test needs to see the page's own doing; the orientation exercise
shows that the real thing runs.
"""

import json
import shutil
import threading
from functools import partial
from http.cookies import SimpleCookie
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jupytext
import nbformat
import pytest

from grading.publish import lite, pages

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "cache"
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP ward.test 127.0.0.1",
]  # fmt: skip
START = 150_000  # ms; some 8 s where nothing else runs

#: Writes a line at each press and says whether it was kept, like the answer log.
STUB = """
import json, os
import ipywidgets as widgets
from simemr import place

PATH = "answers/stub.jsonl"
os.makedirs("answers", exist_ok=True)
count = sum(1 for _ in open(PATH)) if os.path.exists(PATH) else 0
head, told = widgets.HTML(), widgets.HTML()
head.add_class("stub-head")
look = widgets.HTML("<style>.stub-head { position: sticky; top: 0; background: white }</style>")

def show(kept=True):
    head.value = f"<h1>Stub</h1><p class='lines'>{count} lines, {place.storage}, {place.site_root}</p>"
    told.value = f"<p class='told'>{'kept' if kept else 'not kept'}</p>"

def press(_):
    global count
    line = json.dumps({"seq": count}) + "\\n"
    before = os.path.getsize(PATH) if os.path.exists(PATH) else 0
    with open(PATH, "a") as file:
        file.write(line)
    count += 1
    show(os.path.getsize(PATH) == before + len(line))

button = widgets.Button(description="Write a line")
button.on_click(press)
show()
widgets.VBox([look, head, button, told, widgets.Text(description="Note"), widgets.HTML("<p>line</p>" * 80)])
"""


class Handler(SimpleHTTPRequestHandler):
    """Serves the built site as a plain web server would."""

    protocol_version = "HTTP/1.1"
    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".ipynb": "application/json",
    }

    def log_message(self, *args):
        pass

    def do_GET(self):
        """Answers as the course server does for the learner that a cookie names, and as a file server else."""
        learner = SimpleCookie(self.headers.get("Cookie", "")).get("learner")
        if self.path != "/api/me" or learner is None:
            return super().do_GET()
        body = json.dumps({"learner": learner.value, "name": learner.value, "server": True}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self):
        if "isolated" in self.headers.get("Cookie", ""):
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what goes into the learner's package: an edit meanwhile changes nothing."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "simemr", root / "simemr", ignore=shutil.ignore_patterns("__pycache__"))
    for scenario in ROOT.glob("exercises/*/scenario.toml"):
        (root / "exercises" / scenario.parent.name).mkdir(parents=True)
        shutil.copy(scenario, root / "exercises" / scenario.parent.name)
    return root


@pytest.fixture(scope="module")
def folder(tmp_path_factory, course):
    """A site with a stub exercise, a broken one, a stub practice in a lesson, and orientation."""
    work = tmp_path_factory.mktemp("lite")
    notebooks = {"stub": STUB, "broken": "raise ValueError('the reason')"}
    for name, code in notebooks.items():
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        cells = [nbformat.v4.new_markdown_cell("# A heading"), nbformat.v4.new_code_cell(code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), work / f"{name}.ipynb")
    nbformat.write(jupytext.read(ROOT / "exercises/orientation/exercise.md"), work / "orientation.ipynb")
    out = work / "site"
    lite.build_lite({file.name: file for file in work.glob("*.ipynb")}, out / "lite", root=course, cache=CACHE)
    made = [
        pages.Page("stub", "A stub", "stub.ipynb", brief="Read **this** meanwhile."),
        pages.Page("broken", "A broken one", "broken.ipynb"),
        pages.Page("stub-practice", "Try it", "stub.ipynb", kind="practice"),
        pages.exercise_page(ROOT / "exercises/orientation/scenario.toml"),
    ]
    pages.write_pages(made, out, "The course")
    frame = '<iframe class="course-practice" src="practice/stub-practice.html" title="Try it"></iframe>'
    shutil.copy(ROOT / "book/_static/course.js", out)
    (out / "lesson.html").write_text(f'<!doctype html><script src="course.js"></script>{frame}')
    return out


@pytest.fixture(scope="module")
def site(folder):
    """The address of that site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(launch):
    instance = launch(ARGS)
    yield instance
    instance.close()


@pytest.fixture
def visit(browser, site):
    """Return a function that opens a browser profile of its own; at the end nothing may have gone elsewhere."""
    outside, contexts = [], []

    def mine(url):
        return url.startswith(("http://127.0.0.1:", "http://ward.test:", "data:", "blob:"))

    def refuse(route):
        outside.append(route.request.url)
        route.abort()

    def profile(**options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.route(lambda url: not mine(url), refuse)
        context.set_default_timeout(START)
        contexts.append(context)
        return context

    yield profile
    for context in contexts:
        context.close()
    assert outside == []


def ready(page, address):
    """Go to an exercise page and return the frame of the exercise once it is there."""
    page.goto(address)
    page.wait_for_selector("body.ready")
    return exercise(page)


def exercise(page):
    return next(frame for frame in page.frames if "/lite/notebooks/" in frame.url)


def press(frame, lines):
    """Press the stub's button and wait until it says so many lines."""
    frame.click("button:has-text('Write a line')")
    frame.wait_for_selector(f".lines:has-text('{lines} lines')")


def test_exercise_alone_on_the_page_and_answers_survive(visit, site):
    context = visit()
    page = context.new_page()
    page.goto(f"{site}/exercise/stub.html")
    page.wait_for_selector("#loading:not([hidden])")
    assert page.inner_text("#brief p") == "Read this meanwhile."
    assert page.title() == "A stub · The course"
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    page.wait_for_selector("body.ready")
    frame = exercise(page)
    assert frame.inner_text(".lines") == f"0 lines, browser, {site}/"
    assert frame.evaluate("document.activeElement.textContent") == "Stub"
    for hidden in ("#top-panel-wrapper", "#menu-panel", ".jp-Toolbar", ".jp-InputArea", ".jp-InputPrompt"):
        assert all(not part.is_visible() for part in frame.query_selector_all(hidden)), hidden
    assert not frame.is_visible("text=A heading")
    assert frame.query_selector_all("[role=feed]") == []
    # keys that would delete the cell in a notebook
    press(frame, 1)
    frame.focus("button:has-text('Write a line')")
    for key in ("d", "d", "x", "Control+s"):
        page.keyboard.press(key)
    press(frame, 2)
    # the document scrolls, and a header of the view's own stays
    assert frame.evaluate("scrollTo(0, 900), document.querySelector('.stub-head').getBoundingClientRect().top") == 0
    page.close(run_before_unload=True)
    again = context.new_page()
    frame = ready(again, f"{site}/exercise/stub.html")
    assert frame.inner_text(".lines").startswith("2 lines")
    again.reload()
    again.wait_for_selector("body.ready")
    assert exercise(again).inner_text(".lines").startswith("2 lines")


def test_one_writer(visit, site):
    context = visit()
    first, second = context.new_page(), context.new_page()
    frame = ready(first, f"{site}/exercise/stub.html")
    press(frame, 1)
    second.goto(f"{site}/exercise/stub.html")
    second.wait_for_selector("#offer-title:has-text('open in another tab')")
    second.click("#offer-button")
    second.wait_for_selector("body.ready")
    assert exercise(second).inner_text(".lines").startswith("1 lines")
    first.wait_for_selector("#trouble-title:has-text('You went on in another tab')")
    assert first.query_selector("iframe") is None
    press(exercise(second), 2)
    first.click("#trouble-button")
    first.wait_for_selector("body.ready")
    assert exercise(first).inner_text(".lines").startswith("2 lines")


@pytest.mark.parametrize("case", ["no service worker", "plain http"])
def test_answers_survive_without_a_service_worker(visit, site, case):
    address = f"{site}/exercise/stub.html"
    options = {"service_workers": "block"}
    if case == "plain http":
        address, options = address.replace("127.0.0.1", "ward.test"), {}
    context = visit(**options)
    page = context.new_page()
    frame = ready(page, address)
    assert ", page, " in frame.inner_text(".lines")
    press(frame, 1)
    press(frame, 2)
    page.wait_for_timeout(1500)
    page.close(run_before_unload=True)
    assert ready(context.new_page(), address).inner_text(".lines").startswith("2 lines, page")


def test_no_storage_is_said_before_the_first_action(visit, site):
    page = visit().new_page()
    page.add_init_script("if (top === self) IDBFactory.prototype.open = () => { throw new Error('blocked'); }")
    page.goto(f"{site}/exercise/stub.html")
    page.wait_for_selector("#offer-title:has-text('This browser keeps nothing')")
    assert "hand-in file" in page.inner_text("#offer-text")
    assert page.query_selector("iframe") is None
    page.click("#offer-button")
    page.wait_for_selector("body.ready")
    assert "save the hand-in file" in page.inner_text("#warning")


def test_full_disk_is_noticed_and_does_not_hang(visit, site):
    page = visit().new_page()
    frame = ready(page, f"{site}/exercise/stub.html")
    press(frame, 1)
    assert frame.inner_text(".told") == "kept"
    frame.evaluate(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('The disk is full', 'QuotaExceededError'); }; 0"
    )
    press(frame, 2)
    frame.wait_for_selector(".told:has-text('not kept')")


def test_lost_connection_is_one_sentence_and_can_be_tried_again(visit, site):
    page = visit().new_page()
    page.route("**/python_stdlib.zip", lambda route: route.abort())
    page.goto(f"{site}/exercise/stub.html")
    page.wait_for_selector("#trouble:not([hidden])")
    assert page.inner_text("#trouble-title") == "The connection was lost while the exercise was being fetched."
    page.unroute("**/python_stdlib.zip")
    page.click("#trouble-button")
    page.wait_for_selector("body.ready")


def test_a_faulty_exercise_is_one_sentence(visit, site):
    page = visit().new_page()
    page.goto(f"{site}/exercise/broken.html")
    page.wait_for_selector("#trouble:not([hidden])")
    assert page.inner_text("#trouble-title") == "The exercise could not be opened."
    assert "the reason" in page.text_content("#trouble-detail")
    assert "the reason" not in page.inner_text("body")


def test_a_saved_copy_never_hides_the_published_notebook(visit, site):
    context = visit()
    page = context.new_page()
    frame = ready(page, f"{site}/exercise/stub.html")
    stale = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    frame.evaluate(
        "async (book) => { await jupyterapp.serviceManager.contents.save('stub.ipynb',"
        " {type: 'notebook', format: 'json', content: book}) }",
        stale,
    )
    page.close()
    assert ready(context.new_page(), f"{site}/exercise/stub.html").inner_text(".lines").startswith("0 lines")


def test_practice_in_a_lesson_starts_when_asked_and_takes_its_height(visit, site):
    page = visit().new_page()
    page.goto(f"{site}/lesson.html")
    practice = page.wait_for_selector("iframe").content_frame()
    practice.click("#offer-button")
    practice.wait_for_selector("body.ready")
    frame = exercise(page)
    frame.wait_for_selector(".lines")
    page.wait_for_timeout(500)
    outer = page.evaluate("document.querySelector('iframe').offsetHeight")
    assert frame.evaluate("document.body.scrollHeight") <= outer <= frame.evaluate("document.body.scrollHeight") + 40


def test_two_practices_started_at_once_in_a_fresh_browser_both_run(visit, site):
    for _ in range(3):
        page = visit().new_page()
        page.goto(f"{site}/lesson.html")
        frames = "<iframe src='practice/stub-practice.html?start'></iframe><iframe src='exercise/stub.html'></iframe>"
        page.evaluate("(frames) => { document.body.innerHTML = frames; }", frames)
        for frame in page.query_selector_all("iframe"):
            inside = frame.content_frame()
            inside.wait_for_selector("body.ready, #trouble:not([hidden])", state="attached")
            assert inside.query_selector("body.ready"), inside.text_content("#trouble-detail")


def test_learners_who_share_a_computer_keep_their_answers_apart(visit, site):
    context = visit()
    for learner, before in (("ada", 0), ("ben", 0), ("ada", 1)):
        context.add_cookies([{"name": "learner", "value": learner, "url": site}])
        page = context.new_page()
        frame = ready(page, f"{site}/exercise/stub.html")
        assert frame.inner_text(".lines").startswith(f"{before} lines")
        press(frame, before + 1)
        page.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_orientation_runs(visit, site, width):
    """Also where the server isolates its pages from others, as the course's own does."""
    context = visit(viewport={"width": width, "height": 800}, color_scheme="dark")
    context.add_cookies([{"name": "isolated", "value": "yes", "url": site}])
    page = context.new_page()
    failed = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    frame = ready(page, f"{site}/exercise/orientation.html")
    frame.wait_for_selector("text=Saved")
    assert frame.evaluate("document.scrollingElement.scrollWidth") <= width
    # JupyterLite looks for folders that exist only in the browser, and the page for a course server
    assert [url for url in failed if not url.endswith(("/all.json", "/api/me"))] == []


def test_what_was_open_once_opens_again_without_a_connection(visit, site, folder):
    """The page and all that the exercise is made of are kept after a first start, and the answers as ever."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    context = visit()
    page = context.new_page()
    page.goto(f"{address}/lesson.html")
    frame = ready(page, f"{address}/exercise/stub.html")
    press(frame, 1)
    page.wait_for_selector("body[data-kept]")
    page.close()
    server.shutdown()
    server.server_close()
    page = context.new_page()
    frame = ready(page, f"{address}/exercise/stub.html")
    assert frame.inner_text(".lines").startswith("1 lines, browser")
    press(frame, 2)
    kept = page.evaluate("async () => (await (await caches.open('course:/')).keys()).map((asked) => asked.url)")
    assert f"{address}/exercise/stub.html" in kept and any("python_stdlib.zip" in url for url in kept)
    # who somebody is, and what was never open, is not there
    assert not [url for url in kept if "/api/me" in url or "/api/drive" in url]
    page.goto(f"{address}/exercise/stub.html")
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{address}/exercise/orientation.html")


def test_a_page_is_never_older_than_the_servers(visit, site, folder):
    context = visit()
    page = context.new_page()
    file = folder / "exercise" / "stub.html"
    before = file.read_text()
    ready(page, f"{site}/exercise/stub.html")
    page.wait_for_selector("body[data-kept]")
    try:
        file.write_text(before.replace("<title>A stub", "<title>A newer stub"))
        page.goto(f"{site}/exercise/stub.html")
        assert page.title() == "A newer stub · The course"
    finally:
        file.write_text(before)


def test_a_learner_goes_on_as_themselves_without_a_connection(visit, site):
    context = visit()
    context.add_cookies([{"name": "learner", "value": "ada", "url": site}])
    page = context.new_page()
    press(ready(page, f"{site}/exercise/stub.html"), 1)
    page.route("**/api/me", lambda route: route.abort())
    assert ready(page, f"{site}/exercise/stub.html").inner_text(".lines").startswith("1 lines")
    # and is forgotten where the server no longer knows them
    page.unroute("**/api/me")
    context.clear_cookies()
    assert ready(page, f"{site}/exercise/stub.html").inner_text(".lines").startswith("0 lines")


def test_second_build_needs_no_network(site, course, tmp_path, monkeypatch):
    """After a build everything is in the cache, and an unchanged build is not made again."""

    def refuse():
        raise AssertionError("the network was asked")

    monkeypatch.setattr("grading.publish.wheels.pip_command", refuse)
    monkeypatch.setattr("grading.publish.pyodide.npm_command", refuse)
    notebook = tmp_path / "a.ipynb"
    notebook.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert lite.build_lite({"a.ipynb": notebook}, tmp_path / "lite", root=course, cache=CACHE)
    assert not lite.build_lite({"a.ipynb": notebook}, tmp_path / "lite", root=course, cache=CACHE)
