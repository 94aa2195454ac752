"""What decision support says, and what the debrief says."""

from simemr.domain.rules import Alert
from simemr.domain.state import Override
from simemr.html import alerts, debrief
from tests.simemr.html.pages import Page

HOSTILE = "<script>x</script>"
ALERT = Alert(
    "allergy:penicillin", "allergy", "interruptive", "It is a penicillin.", "She is allergic.", "Doxycycline.", "s"
)


def criterion(**changes):
    return {
        "id": "allergy",
        "title": "Allergy",
        "points": 0,
        "max": 2,
        "met": False,
        "critical": True,
        "debrief": "Read the banner.",
        "evidence": "Signed at step 3.",
        "read": "Allergies",
        "read_url": "notebooks/a.html#b",
        **changes,
    }


def made(*criteria, **changes):
    return {
        "exercise": "e",
        "title": "Orders",
        "attempt": 1,
        "score": 2,
        "max": 4,
        "passed": False,
        "pass_mark": 0.8,
        "counted": True,
        "criteria": list(criteria),
        **changes,
    }


def test_an_alert_says_what_why_and_what_instead_and_is_read_out():
    page = Page(alerts.interrupting([ALERT]))
    assert page.text == "Stop: It is a penicillin. She is allergic. Instead: Doxycycline."
    assert page.all("div")[0]["role"] == "alert"
    assert alerts.interrupting([]) == ""


def test_advice_does_not_interrupt():
    page = Page(alerts.advisory([ALERT]))
    assert "Worth knowing" in page.text and not any(d.get("role") for d in page.all("div"))


def test_an_override_is_shown_with_its_reason():
    page = Page(
        alerts.overridden([Override(ALERT.id, "will-monitor", HOSTILE)], [ALERT], {"will-monitor": "I will monitor"})
    )
    assert "It is a penicillin. You go on: I will monitor." in page.text and HOSTILE in page.text


def test_each_criterion_is_met_or_not_in_a_word():
    page = Page(debrief.debrief(made(criterion(), criterion(met=True, points=2), criterion(points=1, critical=False))))
    assert "✗ Not met Allergy 0 of 2 points" in page.text
    assert "✓ Met Allergy 2 of 2 points" in page.text
    assert "◐ Partly met Allergy 1 of 2 points" in page.text
    assert page.text.count("What the log shows: Signed at step 3.") == 3
    assert page.text.count("Read again: ") == 2


def test_a_missed_safety_step_is_said_before_points_are():
    assert "A step that keeps patients safe was missed" in debrief.debrief(made(criterion()))
    assert "It takes 80 % of the points" in debrief.debrief(made(criterion(critical=False)))
    assert "You reached what this exercise asks for." in debrief.debrief(made(criterion(met=True), passed=True))
    assert "does not count" in debrief.debrief(made(criterion(met=True), passed=True, counted=False))


def test_parts_to_read_are_linked_only_within_the_site():
    root = "https://course.example/"
    [link] = Page(debrief.debrief(made(criterion()), root=root)).all("a")
    assert link["href"] == "https://course.example/notebooks/a.html#b"
    for url in ("javascript:alert(1)", "https://elsewhere.example/", "//elsewhere.example/", "", "data:text/html,x"):
        assert not Page(debrief.debrief(made(criterion(read_url=url)), root=root)).all("a"), url
    assert not Page(debrief.debrief(made(criterion()))).all("a")


def test_a_debrief_never_becomes_markup():
    hostile = criterion(title=HOSTILE, debrief=HOSTILE, evidence=HOSTILE, read=HOSTILE, read_url=HOSTILE)
    page = Page(debrief.debrief(made(hostile, title=HOSTILE), closing=HOSTILE, root="https://c.example"))
    assert not page.all("script")


def test_a_debrief_with_parts_missing_is_still_a_page():
    assert "0 of 0 points" in Page(debrief.debrief({"criteria": [{}]})).text
