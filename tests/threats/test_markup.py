"""Markup, scripts and terminal codes in what a learner wrote: shown as text to everybody who reads it."""

import html
import json

import nbformat
import pytest

from grading import report, wiring
from tests.grading.help import hand_in
from tests.threats.help import with_code

case = pytest.mark.case
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J\x1b]0;title\x07‮tluciffid<b>"


def without_tags(text):
    assert "<script" not in text and "<img src=x" not in text, "no markup of the learner's"
    assert "\x1b" not in text and "\x07" not in text and "‮" not in text, "no codes for a terminal, no turned text"


@case("HTML, script, ANSI and turned text in a text answer", "shown as text in the graded notebook and the feedback")
def test_in_a_text_answer(released, fluid):
    words = ("answer", {"question": "words", "value": f"in doubt {EVIL}"})
    hand_in(released, fluid, "ada", [*fluid.model[:2], words, fluid.model[-1]])
    assert wiring.grade(released)[0].ok and wiring.feedback(released)[0].ok
    graded = nbformat.read(released.build / "autograded" / "ada" / "fluid-chart" / "fluid-chart.ipynb", as_version=4)
    shown = [output.data for cell in graded.cells for output in cell.get("outputs", [])]
    assert any("&lt;script&gt;" in data.get("text/html", "") for data in shown), "it is there, as text"
    for data in shown:
        without_tags(data.get("text/html", ""))
        assert "\x1b" not in data["text/plain"]
    page = (released.build / "feedback" / "ada" / "fluid-chart" / "fluid-chart.html").read_text()
    without_tags(page)
    assert html.escape("alert(1)") in page


@pytest.mark.parametrize(
    "source",
    [
        f"print({EVIL!r})\ntotal = 1",
        f"raise ValueError({EVIL!r})",
        f"total = {EVIL!r}",
        f"by_ward = {{{EVIL!r}: 1}}\ntotal = 24",
        f"# {EVIL!r}\nfrom IPython.display import HTML, display\ndisplay(HTML({EVIL!r}))\ntotal = 24",
    ],
    ids=["printed", "raised", "emitted", "a key", "displayed"],
)
@case("the same in code: printed, raised, emitted, as a key, as a rich display, in a comment", "shown as text")
def test_in_code(code_course, beds, source):
    hand_in(code_course, beds, "ada", with_code(beds, count=source))
    assert wiring.grade(code_course)[0].ok and wiring.feedback(code_course)[0].ok
    graded = nbformat.read(code_course.build / "autograded" / "ada" / "bed-days" / "bed-days.ipynb", as_version=4)
    for cell in graded.cells:
        for output in cell.get("outputs", []):
            assert set(output.data) <= {"text/plain", "text/html"} and output.output_type != "error"
            without_tags(output.data.get("text/html", ""))
            assert "\x1b" not in output.data["text/plain"]
    without_tags((code_course.build / "feedback" / "ada" / "bed-days" / "bed-days.html").read_text())


@case("markup in a name, unit or role of the roster", "shown as text in the report, and as text in its CSV")
def test_in_the_report(released, fluid):
    from types import SimpleNamespace

    hand_in(released, fluid, "ada", fluid.model)
    assert wiring.grade(released)[0].ok
    person = SimpleNamespace(id="ada", name=f"Ada {EVIL}", unit='=HYPERLINK("http://x")', role="doctor", duty="learner")
    made = report.completion(released, {"ada": person})
    page = report.page(made)
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "'=HYPERLINK" in report.csv_text(made), "a spreadsheet does not run it"


@case("line breaks and quotes in what is refused", "one whole line of JSON an incident")
def test_in_the_incidents(released):
    from grading import handin
    from grading.scoring import Refused

    with pytest.raises(Refused):
        handin.accept(released, f"a\n{EVIL}", 'x"\n', "log")
    (line,) = (released.build / "incidents.jsonl").read_text().splitlines()
    assert json.loads(line)["status"] == "refused" and "\x1b" not in line
