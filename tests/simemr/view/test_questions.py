"""Practice questions with real widgets, answered through the widgets' own messages and handlers."""

import json
from datetime import UTC, datetime

import ipywidgets as widgets
import pytest

from simemr import place, practice
from simemr.domain import log
from simemr.domain.attempt import Attempt
from simemr.domain.questions import Choice, QuestionError
from simemr.html.questions import Saved
from simemr.view.questions import QuestionView
from tests.simemr.domain.test_questions import CELLS, CHOICE, GROUPED, MARKED, MATCHING, NUMBER, ORDERING, SEVERAL


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Each test is a learner of its own, and leaves no log open."""
    monkeypatch.chdir(tmp_path)
    yield
    for attempt in list(Attempt._opened.values()):
        attempt.close()


def answers(folder, lesson="demo"):
    """[(question, value), ...] as the lesson's log on disk holds them."""
    text = (folder / "answers" / f"practice-{lesson}.jsonl").read_text(encoding="utf-8")
    return [(line.args["question"], line.args["value"]) for line in log.read(text).lines]


def reopen():
    """What a new kernel starts with."""
    for attempt in list(Attempt._opened.values()):
        attempt.close()


def from_page(widget, **state):
    """What the page sends when the learner changes a field."""
    widget.set_state(state)


def press(button):
    """What the page sends when the learner presses a button."""
    button._handle_custom_msg({"event": "click"}, [])


def enter(view, value):
    """Enter a value as the page would."""
    fields, question = view.fields, view.question
    if question is CHOICE:
        from_page(fields.widget, index=list(question.options).index(value))
    elif question is SEVERAL:
        for text, box in zip(question.options, fields.widget.children, strict=True):
            from_page(box, value=text in value)
    elif question is NUMBER:
        from_page(fields.widget, value=str(value))
    elif question in (ORDERING, GROUPED):
        for target, line in enumerate(value):
            while (at := fields.read().index(line)) > target:
                press(fields._ups[at])
    elif question is MATCHING:
        for left, dropdown in zip(question.pairs, fields.widget.children, strict=True):
            from_page(dropdown, index=1 + question.choices.index(value[left]))
    else:
        for place_, cell in fields._cells.items():
            from_page(cell, value=list(place_) in value)


WRONG = {
    "choice": "Sign",
    "several": ["Name", "Bed"],
    "number": "6600",
    "ordering": None,
    "matching": {"Co-amoxiclav": "Age", "Zopiclone 7.5 mg": "Age", "Paracetamol 6 g": "Route"},
    "cells": [[1, "Weight"]],
}


@pytest.mark.parametrize("question", MARKED, ids=lambda question: question.id)
def test_the_right_answer_entered_in_the_widgets_is_right(question):
    view = QuestionView(question)
    enter(view, question.right)
    press(view.check_button)
    assert view.fields.read() == (str(question.right) if question is NUMBER else question.right)
    assert "q-feedback q-yes" in view.feedback.value
    assert "✓" in view.feedback.value


@pytest.mark.parametrize("question", MARKED, ids=lambda question: question.id)
def test_a_wrong_answer_is_explained_can_be_shown_and_tried_again(question):
    view = QuestionView(question)
    assert "q-hidden" in view.show_button._dom_classes
    enter(view, WRONG[question.kind] or question.shown)
    press(view.check_button)
    assert "q-feedback q-no" in view.feedback.value
    assert "q-hidden" not in view.show_button._dom_classes
    entered = view.fields.read()
    press(view.show_button)
    assert "q-feedback q-note" in view.feedback.value
    assert view.fields.read() == entered
    enter(view, question.right)
    press(view.check_button)
    assert "q-feedback q-yes" in view.feedback.value


def test_nothing_entered_is_asked_for_and_not_saved():
    for question in (CHOICE, SEVERAL, NUMBER, MATCHING, CELLS):
        kept = []
        view = QuestionView(question, lambda value, kept=kept: kept.append(value) or Saved(True, "Saved"))
        press(view.check_button)
        assert "q-feedback q-note" in view.feedback.value
        assert kept == []


def test_a_number_is_judged_when_it_is_entered_and_kept_once():
    """Enter and leaving the field both send the value; the press on the button comes after it."""
    kept = []
    view = QuestionView(NUMBER, lambda value: kept.append(value) or Saved(True, "Saved"))
    assert view.fields.widget.continuous_update is False
    from_page(view.fields.widget, value="66")
    assert "10 times too little" in view.feedback.value
    press(view.check_button)
    from_page(view.fields.widget, value="660")
    press(view.check_button)
    assert "q-yes" in view.feedback.value
    assert kept == ["66", "660"]


def test_an_answer_that_could_not_be_saved_is_tried_again_at_the_next_press():
    kept = []
    view = QuestionView(CHOICE, lambda value: kept.append(value) or Saved(len(kept) > 1, "word"))
    enter(view, "Sign")
    for _ in range(3):
        press(view.check_button)
    assert kept == ["Sign", "Sign"]


def test_an_earlier_number_is_not_answered_again_by_showing_it():
    kept = []
    QuestionView(NUMBER, lambda value: kept.append(value) or Saved(True, "Saved"), value="660")
    assert kept == []


def test_moving_a_line_takes_the_focus_with_it_and_says_where_it_is(monkeypatch):
    focused = []
    monkeypatch.setattr(widgets.Button, "focus", lambda button: focused.append(button.tooltip))
    view = QuestionView(ORDERING)
    first, second = view.fields.read()[:2]
    press(view.fields._downs[0])
    assert view.fields.read()[:2] == [second, first]
    assert focused == [f"Move down: {first}"]
    assert f"{first} is now number 2 of 4." in view.fields._news.value


def test_moving_beyond_the_end_changes_nothing_and_says_so():
    view = QuestionView(ORDERING)
    before = view.fields.read()
    press(view.fields._ups[0])
    assert view.fields.read() == before
    assert "is already first" in view.fields._news.value


def test_every_field_has_a_name_of_its_own():
    """A label, a description, or (on a button without words) a title."""
    for question in MARKED:
        view = QuestionView(question)
        for widget in descendants(view.widget):
            if isinstance(widget, widgets.RadioButtons):
                assert all(widget.options)
            elif isinstance(widget, (widgets.Button, widgets.Checkbox, widgets.Dropdown, widgets.Text)):
                assert widget.description or widget.tooltip
            elif isinstance(widget, widgets.ToggleButton):
                assert widget.description
                assert widget.tooltip.startswith("Row ")


def test_a_view_makes_few_widgets():
    QuestionView(CHOICE)  # what all views share is made once
    made = []
    widgets.Widget.on_widget_constructed(made.append)
    try:
        QuestionView(CHOICE)
        assert len(made) <= 6
        made.clear()
        QuestionView(ORDERING)
        assert len(made) <= 3 * 4 + 7
        made.clear()
        QuestionView(CELLS)
        assert len(made) <= 4 * 4 + 8
    finally:
        widgets.Widget.on_widget_constructed(None)


def test_the_style_sheet_goes_with_every_view_and_is_made_again_when_closed():
    one, two = QuestionView(CHOICE), QuestionView(NUMBER)
    sheet = one.widget.children[0]
    assert sheet is two.widget.children[0]
    assert "--focus" in sheet.value
    sheet.close()
    for part in (one.check_button.style, one.check_button.layout):
        part.close()
    three = QuestionView(CHOICE)
    assert three.widget.children[0].comm is not None
    assert three.check_button.style.comm is not None


def test_what_is_written_in_a_question_is_shown_as_text():
    nasty = "<img src=x onerror=alert(1)>"
    shown = practice.choice(
        "nasty",
        lesson="demo",
        ask=nasty,
        options={nasty: nasty, "b": '"><script>'},
        answer="b",
        why="<b>why</b>",
    )
    view = shown.view
    enter_choice = view.fields.widget
    from_page(enter_choice, index=0)
    press(view.check_button)
    for text in (shown.static(), view.feedback.value, view.widget.children[1].value):
        assert "<img" not in text
        assert "<script" not in text
        assert "<b>why" not in text
        assert "&lt;" in text


def test_a_question_without_a_key_is_saved_and_not_judged():
    kept = []
    question = Choice(id="q", ask="Which?", options=["a", "b"])
    view = QuestionView(question, lambda value: kept.append(value) or Saved(True, "Saved 14:02."))
    from_page(view.fields.widget, index=1)
    press(view.check_button)
    assert kept == ["b"]
    assert view.check_button.description == "Save my answer"
    assert "Saved 14:02." in view.feedback.value
    assert "q-feedback" not in view.feedback.value


@pytest.mark.parametrize("question", MARKED, ids=lambda question: question.id)
def test_an_answer_is_saved_and_there_again_on_reopening(question, tmp_path):
    shown = practice.Practice(question, "demo")
    right = str(question.right) if question is NUMBER else question.right
    enter(shown.view, question.right)
    press(shown.view.check_button)
    assert "Saved " in shown.view.feedback.value
    assert answers(tmp_path) == [(question.id, right)]
    reopen()
    again = practice.Practice(question, "demo").view
    assert again.fields.read() == right
    assert "q-yes" in again.feedback.value
    assert "from before" in again.feedback.value
    assert 'role="alert"' not in again.feedback.value


def test_all_questions_of_a_lesson_share_a_log_and_each_try_is_in_it(tmp_path):
    one, two = practice.Practice(CHOICE, "demo"), practice.Practice(NUMBER, "demo")
    for value in ("Sign", "Check who it is"):
        enter(one.view, value)
        press(one.view.check_button)
    enter(two.view, "12")
    press(two.view.check_button)
    assert answers(tmp_path) == [
        ("first-step", "Sign"),
        ("first-step", "Check who it is"),
        ("paracetamol", "12"),
    ]


def test_opening_a_lesson_makes_no_file(tmp_path):
    for question in MARKED:
        assert practice.Practice(question, "demo")._repr_mimebundle_()
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_no_longer_fits_its_question_is_not_shown():
    shown = practice.Practice(CHOICE, "demo")
    shown.log.keep(CHOICE.id, "an option of last year")
    reopen()
    view = practice.Practice(CHOICE, "demo").view
    assert view.fields.read() is None
    assert view.feedback.value == ""


def test_a_disk_that_takes_nothing_is_said_loudly_and_practice_goes_on(tmp_path):
    (tmp_path / "answers").write_text("a file where the folder should be")
    shown = practice.Practice(CHOICE, "demo")
    enter(shown.view, "Check who it is")
    press(shown.view.check_button)
    assert "q-yes" in shown.view.feedback.value
    assert "Not saved:" in shown.view.feedback.value
    assert "q-saved" not in shown.view.feedback.value


def test_a_browser_without_storage_is_said_loudly(monkeypatch):
    monkeypatch.setattr(place, "storage", "none")
    shown = practice.Practice(CHOICE, "demo")
    enter(shown.view, "Check who it is")
    press(shown.view.check_button)
    assert "Not saved:" in shown.view.feedback.value


def test_an_answer_too_long_to_keep_is_said_to_be_not_saved():
    saved = practice.PracticeLog("demo").keep("q", "x" * 5000)
    assert not saved.ok
    assert saved.text.startswith("Not saved: ")


def test_a_damaged_log_is_put_aside_untouched_and_practice_goes_on(tmp_path):
    practice.PracticeLog("demo").keep("first-step", "Sign")
    reopen()
    path = tmp_path / "answers" / "practice-demo.jsonl"
    damaged = path.read_text().replace("Sign", "Sing")
    path.write_text(damaged)
    shown = practice.Practice(CHOICE, "demo")
    assert "could not be read (line 2" in shown.view.feedback.value
    enter(shown.view, "Check who it is")
    press(shown.view.check_button)
    assert answers(tmp_path) == [("first-step", "Check who it is")]
    others = [other for other in path.parent.glob("*.jsonl") if other != path]
    assert [other.read_text() for other in others] == [damaged]


def test_the_log_is_an_answer_log_like_any_other(tmp_path):
    practice.PracticeLog("demo").keep("first-step", "Sign")
    first, second = (tmp_path / "answers" / "practice-demo.jsonl").read_text().splitlines()
    assert json.loads(first)["exercise"] == "practice-demo"
    at = datetime.strptime(json.loads(second)["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60


def test_a_notebook_gets_text_html_and_widgets_and_a_page_only_what_stands_still(monkeypatch):
    shown = practice.Practice(CHOICE, "demo")
    made = shown._repr_mimebundle_()
    assert set(made) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    monkeypatch.setenv("SIMEMR_STATIC", "1")
    assert set(shown._repr_mimebundle_()) == {"text/plain", "text/html"}


@pytest.mark.parametrize("question", MARKED, ids=lambda question: question.id)
def test_the_page_can_be_read_and_printed_without_scripts(question):
    page = practice.Practice(question, "demo").static()
    assert page == practice.Practice(question, "demo").static()
    assert page.startswith(f'<div class="practice" data-lesson="demo" data-practice="{question.id}">')
    assert page.count('<button type="button" class="practice-start"') == 1
    assert "<script" not in page
    assert "<details" in page
    before_the_answer = page.split("<details")[0]
    assert "q-feedback" not in before_the_answer
    if question in (ORDERING, GROUPED):
        places = [before_the_answer.index(f"<li>{text}</li>") for text in question.shown]
        assert places == sorted(places)
    if question is MATCHING:
        assert all(text in before_the_answer for text in (*question.pairs, *question.choices))
    if question is CELLS:
        assert '<th scope="col">Potassium</th>' in page
        assert '<th scope="row">3</th>' in page


def test_the_functions_of_a_lesson_make_the_six_kinds():
    made = [
        practice.choice("a", lesson="demo", ask="?", options={"x": "1", "y": "2"}, answer="x"),
        practice.several("b", lesson="demo", ask="?", options={"x": "1", "y": "2"}, answer=["x", "y"]),
        practice.number("c", lesson="demo", ask="?", answer=3, unit="mg", why="So."),
        practice.ordering("d", lesson="demo", ask="?", items={"x": "1", "y": "2", "z": "3"}),
        practice.ordering("e", lesson="demo", ask="?", items=["x", "y", "z"], answer=[["x", "y"], "z"], why="So."),
        practice.matching("f", lesson="demo", ask="?", pairs={"x": "1", "y": "2"}, why="So."),
        practice.cells("g", lesson="demo", ask="?", columns=["x"], rows=[[1], [2]], answer={(2, "x"): "So."}),
    ]
    for one in made:
        assert one.question.check(one.question.right).correct
        assert one.view.widget.children
    assert made[3].question.right == ["x", "y", "z"]


def test_a_lesson_that_is_no_slug_is_refused():
    with pytest.raises(QuestionError, match="question 'a': a lesson is lower-case words"):
        practice.choice("a", lesson="../x", ask="?", options={"x": "1", "y": "2"}, answer="x")


def descendants(widget):
    """The widget and all below it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)
