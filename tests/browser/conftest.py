"""The course on a real server, and people's browsers on it: axe looks at what they see, other hosts are blocked.

COURSE_SHOTS names a folder to keep pictures of what was seen.
"""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from grading.server.identity import Roster, read_roster, secret
from tests.conftest import build_folder, free_port, until
from tests.look import SCHEMES, serious

ROOT = Path(__file__).resolve().parents[2]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WAIT = 150_000  # ms; nothing here takes a tenth of it on a free machine
COPIED = ("course.toml", "_config.yml", "requirements.txt", "exercises", "notebooks", "book", "simemr")
BUILT = ("site", "source", "release", "book", "notebooks", "gradebook.db", "nbgrader_config.py", "_toc.yml")
PEOPLE = """\
learner,name,unit,role,duty
ann,Ann Lee,Alder,nurse,
kim,Kim Ode,Alder,nurse,
bob,Bob Ray,Alder,doctor,
dora,Dora Ng,Birch,doctor,
nils,Nils Ek,Birch,nurse,
cleo,Cleo Ma,,,cmio
"""


class Served:
    """The course with its server; everyone on the roster has a link."""

    def __init__(self, root):
        self.root = root
        self.roster = root / "people.csv"
        self.roster.write_text(PEOPLE)
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "grading", "serve", "--port", str(port), "--roster", str(self.roster)]
        self.log = root / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=root, stdout=log, stderr=subprocess.STDOUT)
        until(lambda: "ready:" in self.log.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()

    def link(self, person):
        people = Roster(read_roster(self.roster), secret(self.root / "build" / "server"))
        return f"{self.address}/enter/{people.token(people.people[person])}"

    def graded(self, learner, exercise):
        """The learner's score in nbgrader's gradebook, once the grading worker has put it there."""
        from nbgrader.api import Gradebook, MissingEntry

        def look():
            with Gradebook(f"sqlite:///{self.root}/build/gradebook.db") as book:
                try:
                    found = book.find_submission(exercise, learner)
                except MissingEntry:
                    return None
                return None if found.needs_manual_grade or not found.max_score else (found.score, found.max_score)

        return until(look)


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The real course in a folder of its own, built there: what the checkout holds ready is used, never changed."""
    root = tmp_path_factory.mktemp("job") / "course"
    (root / "build").mkdir(parents=True)
    caches = shutil.ignore_patterns("__pycache__")
    with build_folder() as build:
        for names, source, target in ((COPIED, ROOT, root), (BUILT, build, root / "build")):
            for name in names:
                if (source / name).is_dir():
                    shutil.copytree(source / name, target / name, ignore=caches)
                elif (source / name).is_file():
                    shutil.copy2(source / name, target / name)
    (root / "build" / "cache").symlink_to(ROOT / "build" / "cache")
    built = subprocess.run([sys.executable, "-m", "grading", "build"], cwd=root, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    server = Served(root)
    yield server
    server.process.terminate()
    server.process.wait(60)


@pytest.fixture(scope="session")
def browser(launch):
    instance = launch(ARGS)
    yield instance
    instance.close()


class Job:
    """One person's browser, what axe found in it, and pictures of it."""

    def __init__(self, context, served, axe, shots):
        self.page = context.new_page()
        self.served, self.axe, self.shots = served, axe, shots
        self.found, self.faults = [], []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def enter(self, person):
        """Open the personal link; the course's first address leads on to its first page."""
        self.page.goto(self.served.link(person))
        self.page.wait_for_url(re.compile("/book/index.html$|/report$"))

    def look(self, name):
        """Have axe look at the page and at the frames in it, light and dark, and take a picture."""
        for scheme, rules in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            for frame in self.shown():
                self.found += [f"{name}, {scheme}: {fault}" for fault in serious(frame, self.axe, rules)]
            self.shot(f"{name}-{scheme}")

    def shown(self):
        """The page and, once it is on the screen, the exercise in it, both in the look asked for."""
        if not self.page.query_selector("body.ready"):
            return [self.page.main_frame]
        scheme = self.page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
        # JupyterLite follows the system a little later
        self.frame().wait_for_selector(f"body[data-jp-theme-light='{str(scheme).lower()}']")
        return [self.page.main_frame, self.frame()]

    def frame(self):
        return next(frame for frame in self.page.frames if "/lite/notebooks/" in frame.url)

    def shot(self, name, **options):
        if self.shots:
            self.page.screenshot(path=self.shots / f"{name}.png", **options)

    def settle(self):
        """Nothing was wrong up to here."""
        faults, found, self.faults, self.found = self.faults, self.found, [], []
        assert faults == []
        assert not found, "\n".join(found)

    def narrow(self, name, width=400):
        """Nothing sticks out on a phone, or on a screen of that width."""
        self.page.set_viewport_size({"width": width, "height": 2 * width})
        self.page.wait_for_timeout(300)
        over = self.exercise().evaluate("document.scrollingElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name}: {over} px"
        self.shot(f"{name}-{width}", full_page=False)
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.page.wait_for_timeout(300)

    def start(self, slug):
        """Open an exercise's page and wait for the exercise."""
        self.page.goto(f"{self.served.address}/exercise/{slug}.html")
        return self.exercise()

    def exercise(self):
        """The frame of the exercise, once it is there."""
        self.page.wait_for_selector("body.ready")
        self.frame().wait_for_selector("text=Saved")
        return self.frame()


@contextmanager
def job_of(browser, served, axe):
    """A browser profile of its own; at the end nothing went to another host and axe found nothing serious."""
    outside = []

    def gate(route):
        outside.append(route.request.url)
        route.abort()

    shots = Path(os.environ["COURSE_SHOTS"]) if os.environ.get("COURSE_SHOTS") else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT)
    context.route(lambda url: not url.startswith((served.address + "/", "data:", "blob:")), gate)
    made = Job(context, served, axe, shots)
    yield made
    context.close()
    assert outside == []
    made.settle()


@pytest.fixture
def job(browser, served, axe):
    with job_of(browser, served, axe) as made:
        yield made
