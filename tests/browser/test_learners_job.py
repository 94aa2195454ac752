"""The learner's whole job against a real server: lesson, exercise, hand-in, debrief, gradebook, report.

With the mouse and with the keyboard alone; axe-core looks at every page and state on the way, light and dark. Every
host but this computer is blocked. COURSE_SHOTS names a folder to keep pictures of what was seen.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from grading.server.identity import Roster, read_roster, secret

ROOT = Path(__file__).resolve().parents[2]
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WAIT = 150_000  # ms; nothing here takes a tenth of it on a free machine
COPIED = ("course.toml", "_config.yml", "requirements.txt", "exercises", "notebooks", "book", "simemr")
BUILT = ("site", "source", "release", "book", "notebooks", "gradebook.db", "nbgrader_config.py", "_toc.yml")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that the dark look can change
AXE = "rules => axe.run(document, { runOnly: rules, iframes: false, resultTypes: ['violations'] })"
#: Colours fade from one look to the other: waits until they have.
FADED = "Promise.allSettled(document.getAnimations().filter((a) => a.transitionProperty).map((a) => a.finished)).then()"
PEOPLE = """\
learner,name,unit,role,duty
ann,Ann Lee,Alder,nurse,
kim,Kim Ode,Alder,nurse,
bob,Bob Ray,Alder,doctor,
cleo,Cleo Ma,,,cmio
"""


class Served:
    """The course with its server; everyone on the roster has a link."""

    def __init__(self, root):
        self.root = root
        self.roster = root / "people.csv"
        self.roster.write_text(PEOPLE)
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
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


def until(question, seconds=WAIT / 1000):
    """Ask until the answer is true; return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = question()
        if found:
            return found
        time.sleep(0.25)
    raise AssertionError("it did not happen in time")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The real course in a folder of its own, built there: what the checkout holds ready is used, never changed."""
    root = tmp_path_factory.mktemp("job") / "course"
    (root / "build").mkdir(parents=True)
    caches = shutil.ignore_patterns("__pycache__")
    for names, source, target in ((COPIED, ROOT, root), (BUILT, ROOT / "build", root / "build")):
        for name in names:
            if (source / name).is_dir():
                shutil.copytree(source / name, target / name, ignore=caches)
            elif (source / name).is_file():
                shutil.copy2(source / name, target / name)
    (ROOT / "build" / "cache").mkdir(parents=True, exist_ok=True)
    (root / "build" / "cache").symlink_to(ROOT / "build" / "cache")
    built = subprocess.run([sys.executable, "-m", "grading", "build"], cwd=root, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    server = Served(root)
    yield server
    server.process.terminate()
    server.process.wait(60)


@pytest.fixture(scope="module")
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
        for scheme, rules in (("dark", COLOURS), ("light", RULES)):
            self.page.emulate_media(color_scheme=scheme)
            for frame in self.shown():
                if not frame.evaluate("'axe' in window"):
                    frame.evaluate(self.axe)
                frame.evaluate(FADED)
                self.found += [
                    f"{name}, {scheme}: {fault['impact']} {fault['id']}: {node['html'][:160]} {node['failureSummary']}"
                    for fault in frame.evaluate(AXE, rules)["violations"]
                    if fault["impact"] in ("serious", "critical")
                    for node in fault["nodes"][:2]
                ]
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

    def narrow(self, name):
        """Nothing sticks out on a phone."""
        self.page.set_viewport_size({"width": 400, "height": 800})
        self.page.wait_for_timeout(300)
        over = self.exercise().evaluate("document.scrollingElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name}: {over} px"
        self.shot(f"{name}-400", full_page=False)
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


@pytest.fixture
def job(browser, served, axe):
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
    assert made.faults == []
    assert not made.found, "\n".join(made.found)


def named(words):
    """A button of the exercise."""
    return f"button:visible:has-text('{words}')"


def test_the_whole_job_with_the_mouse(job, served):
    page = job.page
    job.enter("ann")
    job.look("landing")
    page.click("a:has-text('Start as a nurse')")
    page.wait_for_selector("h1:visible:has-text('Start as a nurse')")
    job.look("door")
    page.click("main a:has-text('Finding your way')")
    page.wait_for_selector("h1:visible:has-text('Finding your way')")
    job.look("lesson")
    page.click("a.exercise-start")
    page.wait_for_selector("#brief")
    job.look("starting")
    frame = job.exercise()
    job.look("exercise")
    job.narrow("exercise")

    frame.click(named("MARSH, Eleanor"))
    frame.wait_for_selector("text=Is this the right patient?")
    job.look("record")
    job.narrow("record")
    frame.click("label:has-text('Full name')")
    frame.click("label:has-text('Date of birth')")
    frame.click(named("Confirm who this is"))
    frame.wait_for_selector("text=Identity confirmed.")
    frame.click(named("Results"))
    frame.wait_for_selector(".em-screen:has-text('Potassium')")
    job.look("results")
    frame.click(named("Notes"))
    frame.fill("textarea:visible", "Laboratory rang: potassium 5.6 mmol/L. Doctor told.")
    frame.click(named("Sign the note"))
    frame.wait_for_selector("text=Your note is in the record.")
    job.look("note")
    frame.click(named("Hand in"))
    frame.wait_for_selector("text=3 of 3 steps are done. Nothing is left open.")
    job.look("hand-in")
    frame.click(named("Hand in now"))
    finished(job, frame)
    job.look("debrief")
    job.narrow("debrief")
    scored(served, "ann")


def finished(job, frame):
    """The debrief stands in place of the record, with full marks."""
    frame.wait_for_selector("h2:has-text('Your debrief')")
    assert "✓ Passed" in frame.inner_text(".em-result")
    assert "4 of 4 points (100 %)" in frame.inner_text(".em-verdict-row")
    assert not frame.is_visible(".em-record")
    words = [word.inner_text() for word in frame.query_selector_all(".em-criteria .em-word")]
    assert words and all("✓" in word for word in words)


def scored(served, learner):
    assert served.graded(learner, "orientation") == (4, 4)


FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at.tagName === 'IFRAME') return '';
  const label = at.closest('label') || (at.id && document.querySelector(`label[for="${at.id}"]`)) ||
    at.parentElement?.querySelector('label');
  return `${at.tagName} ${at.getAttribute('aria-label') || ''} ${at.innerText || ''} ${label?.innerText || ''}`;
}"""


class Keys:
    """The keyboard, and nothing else."""

    def __init__(self, page):
        self.page = page

    def focused(self):
        for frame in reversed(self.page.frames):
            if frame.evaluate("document.hasFocus()"):
                words = frame.evaluate(FOCUSED)
                if words:
                    return " ".join(words.split())
        return ""

    def to(self, words, kind="", key="Tab", most=120):
        """Press Tab until what has the focus says these words."""
        seen = []
        for _ in range(most):
            seen.append(self.focused())
            if words in seen[-1] and seen[-1].startswith(kind):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the Tab key does not lead to {words!r}: {seen}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)


def test_the_whole_job_with_the_keyboard_alone(job, served):
    page = job.page
    job.enter("kim")
    page.goto(f"{served.address}/notebooks/orientation.html")
    keys = Keys(page)
    keys.to("Start the exercise", "A")
    keys.press("Enter")
    page.wait_for_selector("#brief")
    frame = job.exercise()

    keys.to("MARSH, Eleanor", "BUTTON")
    keys.press("Enter")
    frame.wait_for_selector("text=Is this the right patient?")
    keys.to("Full name", "INPUT")
    keys.press("Space")
    keys.to("Date of birth", "INPUT")
    keys.press("Space")
    keys.to("Confirm who this is", "BUTTON")
    keys.press("Enter")
    frame.wait_for_selector("text=Identity confirmed.")
    keys.to("Notes", "BUTTON")
    keys.press("Space")
    frame.wait_for_selector("text=Write a note")
    keys.to("What the next reader needs to know", "TEXTAREA")
    page.keyboard.type("Laboratory rang: potassium 5.6 mmol/L. Doctor told.")
    keys.to("Sign the note", "BUTTON")
    keys.press("Enter")
    frame.wait_for_selector("text=Your note is in the record.")
    # back to the header
    keys.to("Hand in", "BUTTON", key="Shift+Tab")
    keys.press("Enter")
    frame.wait_for_selector("text=Nothing is left open.")
    # the careful answer has the focus
    frame.wait_for_selector("button:focus:has-text('Not yet')")
    keys.press("Shift+Tab")
    assert "Hand in now" in keys.focused()
    keys.press("Enter")
    finished(job, frame)
    frame.wait_for_selector(":focus:has-text('is finished')")
    keys.to("Try again", "BUTTON")
    job.look("keyboard")
    scored(served, "kim")


def ready(frame, patient):
    """Open a record and confirm whose it is."""
    frame.click(named(patient))
    frame.wait_for_selector(f".em-banner-box:has-text('{patient}')")
    frame.click("label:has-text('Full name')")
    frame.click("label:has-text('Date of birth')")
    frame.click(named("Confirm who this is"))
    frame.wait_for_selector("text=Identity confirmed.")


def choose(frame, label, start):
    """Choose from a list the one that begins with these words, as a learner reads them."""
    field = frame.locator(f".em-field:visible:has(label:text-is('{label}')) select")
    field.wait_for()
    words = field.locator("option").all_inner_texts()
    field.select_option(label=next(word for word in words if word.startswith(start)))


def test_a_doctor_meets_an_alert_and_writes_a_safe_order(job):
    job.enter("bob")
    frame = job.start("orders-and-alerts-doctor")
    job.look("doctor")
    job.narrow("doctor")
    frame.click(".em-task-line:has-text('antibiotic by mouth')")
    frame.wait_for_selector(named("Write this order"))
    ready(frame, "MARSH, Eleanor")
    frame.click(named("Write this order"))
    frame.wait_for_selector("h3:has-text('Order a medicine for MARSH, Eleanor')")
    order(frame, "Co-amoxiclav")
    job.look("order")
    frame.click(named("Check this order"))
    frame.wait_for_selector(".em-alert:visible >> text=Instead:")
    frame.wait_for_selector("button:focus:has-text('Cancel the order')")
    job.look("alert")
    job.narrow("alert")
    frame.click(named("Cancel the order"))
    frame.wait_for_selector("text=Nothing was ordered.")
    frame.click(named("Write this order"))
    order(frame, "Doxycycline")
    frame.click(named("Check this order"))
    frame.wait_for_selector(named("Sign the order"))
    job.look("safe-order")
    frame.click(named("Sign the order"))
    frame.wait_for_selector("text=Signed: Doxycycline")
    job.look("signed")


def order(frame, medicine):
    """Fill the form from the medicine's first usual order."""
    field = frame.locator(".em-medicine:visible input")
    field.fill(medicine)
    field.blur()
    frame.wait_for_selector(".em-usual:visible")


def test_a_defect_is_marked_and_what_is_handed_in_is_in_the_report(job, served):
    job.enter("bob")
    frame = job.start("data-quality")
    job.look("extract")
    job.narrow("extract")
    frame.click(".em-cells button:has-text('1.4')")
    frame.wait_for_selector(".em-chosen-cell:has-text('Row 16, Creatinine: 1.4')")
    job.look("cell")
    choose(frame, "What kind of defect", "Conformance")
    choose(frame, "What to do about it", "Fix")
    frame.click(named("Mark it"))
    frame.wait_for_selector(".em-marked-line:visible:has-text('Row 16, Creatinine: 1.4')")
    frame.wait_for_selector("text=Marked defects: 1")
    job.look("marked")
    frame.click(named("Hand in"))
    frame.click(named("Hand in now"))
    frame.wait_for_selector(".em-result:has-text('Not passed yet')")
    job.look("not-passed")
    score, _ = served.graded("bob", "data-quality")
    assert score > 0

    job.enter("cleo")
    assert job.page.url == f"{served.address}/report"
    row = job.page.inner_text("tr:has-text('Bob Ray')")
    assert "Doctor" in row and "0 of 2" in row and row.count("Not started") == 1, row
    assert "Data quality" in job.page.inner_text("table:has-text('Bob Ray') thead")
    job.look("report")


def test_a_nurse_challenges_an_order(job):
    job.enter("ann")
    frame = job.start("orders-and-alerts-nurse")
    frame.wait_for_selector("text=0 of 10")
    ready(frame, "MARSH, Eleanor")
    job.look("check")
    job.narrow("check")
    frame.click(named("Challenge…"))
    choose(frame, "What is wrong with it", "Allergy")
    frame.fill(".em-challenge textarea:visible", "Anaphylaxis to amoxicillin in 2009. Please choose another.")
    job.look("challenge")
    frame.click(named("Send the challenge"))
    frame.wait_for_selector("text=Challenged: Co-amoxiclav")
    frame.wait_for_selector("text=1 of 10")
    job.look("challenged")
