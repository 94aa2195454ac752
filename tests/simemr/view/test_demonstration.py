"""Demonstrations: narration, buttons and the picture of the record, with patients of the hospital."""

import re
from html.parser import HTMLParser

import ipywidgets as widgets
import pytest

import simemr
from simemr.domain.load import DataError
from simemr.domain.scenario import TABS, Column, Extract
from simemr.domain.walk import WalkError
from simemr.html.screen import screen

MARSH = {"patient": "marsh-eleanor"}
ORDER = {
    **MARSH,
    "medicine": "co-amoxiclav",
    "dose": 1200,
    "unit": "mg",
    "route": "intravenous",
    "frequency": "every-8-hours",
    "indication": "pneumonia",
}
STEPS = [
    "Two patients named Marsh lie on this ward.",
    ("Open the right record.", "open_patient", MARSH),
    ("Confirm two identifiers.", "confirm_identity", {**MARSH, "identifiers": ["name", "born"]}),
    ("Order.", "draft_order", ORDER),
    ("Signing is stopped.", "sign_order", {}, True),
    ("Cancel.", "cancel_draft"),
]
VOID = {"br", "img", "circle", "polyline", "path", "rect", "line"}


@pytest.fixture(scope="module")
def shown():
    return simemr.demonstration(
        "marsh", lesson="right-patient", patients=["marsh-eleanor", "marsh-elaine"], steps=STEPS
    )


@pytest.fixture
def view(shown):
    shown.view.go(0)
    return shown.view


def press(button):
    button._handle_custom_msg({"event": "click"}, [])


def test_the_buttons_walk_forward_back_and_to_the_start(view):
    assert "Two patients" not in view.narration.value
    press(view.next_button)
    assert "Step 1 of 6" in view.narration.value
    assert "Two patients named Marsh" in view.narration.value
    press(view.next_button)
    press(view.next_button)
    assert "Identity confirmed by full name and date of birth" in view.record.value
    press(view.back_button)
    assert "Step 2 of 6" in view.narration.value
    assert "Identity confirmed" not in view.record.value
    press(view.again_button)
    assert view.walk.at == 0
    assert "No record is open" in view.record.value


def test_after_the_last_step_it_can_be_watched_again(view):
    for _ in STEPS:
        press(view.next_button)
    assert view.walk.at == len(STEPS)
    assert view.next_button.description == "Watch it again"
    press(view.next_button)
    assert view.walk.at == 0


def test_back_at_the_start_the_focus_goes_to_the_button_that_is_left(view, monkeypatch):
    focused = []
    monkeypatch.setattr(widgets.Button, "focus", lambda button: focused.append(button.description))
    press(view.next_button)
    assert focused == []
    press(view.back_button)
    assert focused == ["First step"]
    assert "q-hidden" in view.back_button._dom_classes
    assert "q-hidden" in view.again_button._dom_classes


def test_an_alert_and_a_refusal_are_seen(view):
    view.go(4)
    assert "em-alert" in view.record.value
    assert view.record.value.index("You are ordering") < view.record.value.index("Admitted ")
    view.go(5)
    assert "The record refuses: An alert still needs your decision" in view.narration.value
    view.go(6)
    assert "em-alert" not in view.record.value


@pytest.mark.parametrize("tab", TABS)
def test_every_part_of_the_record_can_be_shown(shown, tab):
    steps = [("Open.", "open_patient", MARSH), ("Look.", "open_tab", {"tab": tab})]
    walk = simemr.demonstration("tabs", lesson="demo", patients=["marsh-eleanor"], tabs=[tab], steps=steps).walk
    walk.go(2)
    picture = screen(walk.session)
    assert "MARSH, Eleanor" in picture
    assert "Synthetic patient" in picture
    assert re.search(rf'class="q-on"><b>{TABS[tab]}</b>', picture)
    assert "<button" not in picture
    assert "<input" not in picture
    assert_balanced(picture)


def test_an_extract_is_shown_with_its_marks_and_nothing_in_it_is_markup():
    extract = Extract((Column("id", "Id"), Column("k", "<b>K</b>")), (("1", "<img src=x>"), ("2", "")))
    flag = {"kind": "completeness", "decision": "ask"}
    made = simemr.demonstration(
        "marks",
        lesson="data-quality",
        extract=extract,
        steps=[
            ("<script>alert(1)</script>", "flag_cell", {"row": "2", "column": "k", **flag}),
            ("The column.", "flag_cell", {"row": "all", "column": "k", **flag}),
            ("The row.", "flag_cell", {"row": "1", "column": "row", **flag}),
        ],
    )
    made.walk.go(3)
    picture = screen(made.walk.session)
    assert picture.count("Completeness: Ask") == 3
    assert "(empty)" in picture
    for text in (picture, made.static(), made.view.narration.value):
        assert "<img" not in text
        assert "<script" not in text
        assert "<b>K" not in text
    assert_balanced(picture)


def test_the_page_has_the_narration_as_a_numbered_list_and_a_start_button(shown):
    page = shown.static()
    assert page.startswith('<div class="practice demonstration" data-lesson="right-patient" data-practice="marsh">')
    assert page.count("<li>") == len(STEPS)
    assert "<ol" in page
    assert page.count("practice-start") == 1
    assert "The record refuses" in page
    assert_balanced(page)


def test_a_notebook_gets_text_html_and_widgets_and_a_page_only_what_stands_still(shown, monkeypatch):
    made = shown._repr_mimebundle_()
    assert set(made) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert made["text/plain"].splitlines()[1] == "2. Open the right record."
    monkeypatch.setenv("SIMEMR_STATIC", "1")
    assert set(shown._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_a_demonstration_can_use_an_exercise():
    made = simemr.demonstration("tour", lesson="orientation", exercise="orientation", steps=["Look around."])
    assert made.walk.session.scenario.exercise == "orientation"
    assert made.walk.session.hospital.patients


def test_what_is_not_there_is_named():
    with pytest.raises(DataError, match="nobody-here"):
        simemr.demonstration("x", lesson="demo", patients=["nobody-here"], steps=["Look."])
    with pytest.raises(WalkError, match="step 1: 'open_patient' is refused"):
        simemr.demonstration("x", lesson="demo", patients=["marsh-elaine"], steps=[("Open.", "open_patient", MARSH)])
    with pytest.raises(WalkError, match="a lesson is lower-case words"):
        simemr.demonstration("x", lesson="Not a slug", patients=[], steps=["Look."])


def assert_balanced(text):
    """Every element that is opened is closed, in order."""

    class Parser(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attrs):
            if tag not in VOID:
                self.open.append(tag)

        def handle_endtag(self, tag):
            if tag not in VOID:
                assert self.open.pop() == tag

    parser = Parser()
    parser.feed(text)
    assert parser.open == []
