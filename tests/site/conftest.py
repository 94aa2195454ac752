"""A small course to build quickly, the real site, a server of files and a browser that reaches no other host."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grading.publish.site import build_site
from tests.conftest import build_folder

ROOT = Path(__file__).resolve().parents[2]

COURSE = """
[course]
title = "A small course"
version = "1.0.0"
pass_mark = 0.75

[roles]
doctor = "Doctor"
nurse = "Nurse"

[[module]]
slug = "first-steps"
title = "First steps"
part = "Start"
roles = ["doctor", "nurse"]
minutes = 10
exercises = { all = "first-steps" }
counted = false
objectives = [{ id = "find", text = "Find <the> patient." }]
competencies = ["HEE5"]

[[module]]
slug = "two-roles"
title = "Two roles"
part = "Work"
roles = ["doctor", "nurse"]
minutes = 25
exercises = { doctor = "two-roles-doctor", nurse = "two-roles-nurse" }
objectives = [{ id = "write", text = "Write it down." }]
competencies = ["HEE5"]
"""
HEAD = """---
kernelspec: {name: python3, display_name: Python 3, language: python}
jupytext: {text_representation: {extension: .md, format_name: myst}}
---
"""
FIRST = f"""{HEAD}
# First steps

A share: $\\frac{{a}}{{b}}$.

```{{code-cell}}
:tags: [remove-input]
class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {{
            "text/plain": "a widget",
            "text/html": '<div class="practice" data-lesson="first-steps" data-practice="who">'
            '<div class="q-ask"><p>Who is it?</p></div>'
            '<button type="button" class="practice-start">Start</button></div>',
            "application/vnd.jupyter.widget-view+json": {{"model_id": "0", "version_major": 2, "version_minor": 0}},
        }}
Shown()
```

```{{exercise}} first-steps
```
"""
SECOND = f"""{HEAD}
# Two roles

## You will be able to

```{{objectives}}
```

## The exercise

```{{exercise}} two-roles
```
"""
PAGE = "# {title}\n\nText about {title}.\n"
TOC = """
format: jb-book
root: book/index
parts:
  - caption: Welcome
    chapters: [{file: book/how-it-works}]
  - insert: lessons
  - caption: Look it up
    chapters: [{file: book/notices}, {file: book/accessibility}]
"""


def make_course(root: Path) -> Path:
    """Write a course of two modules, with the real settings, extension and style of the site."""
    for folder in ("_ext", "_static", "_templates"):
        shutil.copytree(ROOT / "book" / folder, root / "book" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "requirements.txt", "book/references.bib"):
        shutil.copyfile(ROOT / name, root / name)
    files = {
        "course.toml": COURSE,
        "book/_toc.yml": TOC,
        "book/index.md": "# Home\n\n```{modules} nurse\n```\n\n{cite:p}`adelman2013`\n\n```{bibliography}\n```\n",
        "book/how-it-works.md": PAGE.format(title="How it works"),
        "book/notices.md": PAGE.format(title="Notices"),
        "book/accessibility.md": PAGE.format(title="Accessibility"),
        "notebooks/first-steps.md": FIRST,
        "notebooks/two-roles.md": SECOND,
        "exercises/first-steps/scenario.toml": 'title = "Steps & stairs"\nminutes = 5\n',
        "exercises/two-roles-doctor/scenario.toml": 'title = "Roles, for doctors"\nminutes = 20\n',
        "simemr/view/questions.css": ".practice { color: inherit }\n",
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def small_course(tmp_path_factory) -> Path:
    """A small course whose site stands in build/site. Tests that change it take a copy."""
    root = make_course(tmp_path_factory.mktemp("course"))
    build_site(root / "build" / "site", root)
    return root


@pytest.fixture(scope="session")
def real_site() -> Path:
    """The site of the real course."""
    with build_folder() as build:
        return build_site(build / "site", ROOT)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """A function that serves a folder on this machine and returns its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    servers: list[http.server.ThreadingHTTPServer] = []

    def start(folder: Path) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def chromium(launch):
    """A headless Chromium."""
    browser = launch(
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    )
    yield browser
    browser.close()


@contextmanager
def pages_of(chromium) -> Iterator[Callable]:
    """A function that opens an empty page which can reach one address only; what else it asked for is collected."""
    contexts = []

    def new(address: str, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.asked_outside = []
        page.faults = []

        def gate(route):
            if route.request.url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                page.asked_outside.append(route.request.url)
                route.abort()

        context.route("**/*", gate)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("response", lambda got: got.status >= 400 and page.faults.append(f"{got.status} {got.url}"))
        return page

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def new_page(chromium) -> Iterator[Callable]:
    """A function that opens a page for this test, as ``pages_of`` does."""
    with pages_of(chromium) as new:
        yield new
