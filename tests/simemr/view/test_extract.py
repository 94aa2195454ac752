"""Marking defects in a ward extract, by mouse and by name."""

import ipywidgets as widgets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.view.extract import distinct


def press_cell(window, words, nth=0):
    """Press the nth cell whose words these are."""
    grid = window.shell.chart.grid
    index = [i for i, label in enumerate(grid._options_labels) if label.rstrip("\u200b\u200c\u2060\u200d") == words][
        nth
    ]
    grid.set_state({"index": index})


def mark(window, kind, decision):
    window.fill("What kind of defect", kind)
    window.fill("What to do about it", decision)
    window.press("Mark it")


def test_a_cell_is_pressed_and_marked(extract, focus):
    press_cell(extract, "780")
    assert "Row 4, Weight: 780" in extract.text
    assert extract.field("Row").value == "A-1004" and extract.field("Column").value == "weight"
    assert focus[-1] is extract.field("What kind of defect")
    mark(extract, "Plausibility", "Ask")
    assert {place: (f.kind, f.decision) for place, f in extract.state.flags.items()} == {
        ("A-1004", "weight"): ("plausibility", "ask")
    }
    assert extract.shell.chart.count.value == "Marked defects: 1"
    place = extract.shell.chart.places.index(("A-1004", "weight"))
    assert extract.shell.chart.grid.tooltips[place].startswith("Marked. Row 4")


def test_a_cell_is_chosen_by_its_names(extract):
    extract.fill("Row", "Row 3")
    extract.fill("Column", "Potassium")
    assert extract.shell.chart.places[extract.shell.chart.grid.index] == ("A-1003", "potassium")
    mark(extract, "Completeness", "Ask")
    assert ("A-1003", "potassium") in extract.state.flags


def test_equal_values_are_different_cells(extract):
    press_cell(extract, "82", nth=1)
    assert "Row 6, Weight: 82" in extract.text


@pytest.mark.parametrize(("words", "place"), [("Potassium", ("all", "potassium")), ("6", ("A-1006", "row"))])
def test_a_whole_column_or_row_is_pressed(extract, words, place):
    press_cell(extract, words)
    mark(extract, "Conformance", "Fix")
    assert place in extract.state.flags


def test_a_whole_row_of_a_whole_column_is_no_choice(extract):
    extract.fill("Row", "The whole column")
    extract.fill("Column", "The whole row")
    assert extract.shell.chart.place() == ("", "row")


def test_what_is_missing_is_said(extract):
    extract.press("Mark it")
    assert "Choose a cell, a row or a column first" in extract.message
    press_cell(extract, "41")
    extract.press("Mark it")
    assert "Choose what kind of defect this is" in extract.message
    extract.fill("What kind of defect", "Plausibility")
    extract.press("Mark it")
    assert "Choose what to do about it" in extract.message
    assert extract.state.flags == {}


def test_a_mark_is_removed_and_the_focus_stays_in_the_list(extract, focus):
    for words in ("780", "41"):
        press_cell(extract, words)
        mark(extract, "Plausibility", "Ask")
    removes = [b for b in extract.every(widgets.Button) if b.description == "Remove"]
    assert len(removes) == 2 and removes[0].tooltip == "Remove: Row 4, Weight: 780"
    removes[0]._handle_custom_msg({"event": "click"}, [])
    assert list(extract.state.flags) == [("A-1005", "potassium")]
    assert focus[-1] is [b for b in extract.every(widgets.Button) if b.description == "Remove"][0]


def test_a_marked_cell_shows_what_was_said_of_it(extract):
    press_cell(extract, "780")
    mark(extract, "Plausibility", "Ask")
    press_cell(extract, "780")
    assert extract.field("What kind of defect").value == "plausibility"
    assert extract.field("What to do about it").value == "ask"


def test_the_table_can_be_passed_by(extract, focus):
    extract.press("Skip the table")
    assert focus[-1] is extract.shell.chart.count


def test_the_exercise_s_questions_are_kept(extract):
    [text] = [w for w in extract.every(widgets.Textarea)]
    text.set_state({"value": "It feeds the dose."})
    saves = [b for b in extract.every(widgets.Button) if b.description == "Save my answer"]
    [radio] = extract.every(widgets.RadioButtons)
    radio.set_state({"index": 0})
    for save in saves:
        save._handle_custom_msg({"event": "click"}, [])
    assert extract.state.answers == {"worst": "Weight", "why": "It feeds the dose."}


@given(st.lists(st.sampled_from(["", "a", "b", "(empty)"]), max_size=400))
def test_equal_words_become_distinct_and_read_the_same(words):
    made = distinct(words)
    assert len(set(made)) == len(made)
    assert [word.rstrip("\u200b\u200c\u2060\u200d") for word in made] == words
