"""The learner's whole job against a real server: lesson, exercise, hand-in, debrief, gradebook, report.

With the mouse and with the keyboard alone; axe-core looks at every page and state on the way, light and dark.
"""

from grading import course


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
    # the widget writes its options with spaces that do not break
    words = [word.replace("\u00a0", " ") for word in field.locator("option").all_inner_texts()]
    field.select_option(index=next(index for index, word in enumerate(words) if word.startswith(start)))


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
    frame.click(named("Use an order set"))
    frame.wait_for_selector("h3:has-text('Use an order set for MARSH, Eleanor')")
    choose(frame, "For which task", "None of these tasks")
    choose(frame, "Order set", "Pain and nausea after an operation")
    frame.wait_for_selector("text=You will be asked about it.")
    job.look("order-set")
    job.narrow("order-set")
    frame.click("label:visible:has-text('Ibuprofen')")
    frame.click(named("Order what is ticked"))
    frame.wait_for_selector("button:focus:has-text('Cancel the order')")


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
    counted = [module for module in course.load().path("doctor") if module.counted]
    assert "Doctor" in row and f"0 of {len(counted)}" in row and "✗ Not passed" in row, row
    assert row.count("Not started") == len(counted) - 1, row
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
