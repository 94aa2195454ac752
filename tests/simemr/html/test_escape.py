"""Text stays text: no value of a record or a log becomes markup."""

from hypothesis import given
from hypothesis import strategies as st

from simemr.html.escape import Markup, bold, el, hidden, join, prose, text
from tests.simemr.html.pages import Page

HOSTILE = "<script>alert('1')</script>&\"'"


def test_text_in_an_element_is_escaped():
    assert el("p", "a < b & c") == "<p>a &lt; b &amp; c</p>"


def test_markup_is_not_escaped_again():
    assert el("p", el("b", "x"), " and ", el("i", "y")) == "<p><b>x</b> and <i>y</i></p>"


def test_attributes_are_escaped_and_named_as_in_html():
    made = el("div", class_="a", aria_label=HOSTILE, data_label="n", hidden=True, title="", id=None, open=False)
    [attributes] = Page(made).all("div")
    assert attributes == {"class": "a", "aria-label": HOSTILE, "data-label": "n", "hidden": ""}


def test_lists_are_walked_and_none_is_nothing():
    assert join(["a", ("b", None)], el("br")) == "ab<br/>"


@given(st.text())
def test_any_text_reads_back_as_itself(words):
    read = Page(el("span", words))
    assert "".join(read.words) == words and [tag for tag, _ in read.tags] == ["span"]


@given(st.text())
def test_prose_never_lets_a_tag_through(words):
    assert {tag for tag, _ in Page(prose(words + HOSTILE)).tags} <= {"p", "ul", "li", "strong"}


def test_prose_has_paragraphs_lists_and_bold():
    made = prose("One **two**\nthree.\n\nRules:\n- first,\n  goes on\n- second")
    assert made == (
        "<p>One <strong>two</strong> three.</p><p>Rules:</p><ul><li>first, goes on</li><li>second</li></ul>"
    )


def test_bold_needs_both_ends():
    assert bold("2 ** 3") == "2 ** 3"


def test_text_keeps_markup_and_hidden_words_are_there():
    assert text(Markup("<b>x</b>")) == "<b>x</b>"
    assert Page(hidden("Open")).text == "Open"
