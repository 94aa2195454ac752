"""Questions as widgets: an answer, a word on it at once, and as many tries as one likes.

Everything works from the keyboard: arrows and space in a group of options, Tab to the next button, Enter in a
number's field. A press that moves a line takes the focus along with the line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from simemr.domain.questions import Cells, Choice, Matching, Number, Ordering, Question, Several
from simemr.html import questions as html
from simemr.html.questions import Saved
from simemr.view.css import sheet
from simemr.view.light import make

_NO_PARTNER = "Choose…"


class QuestionView:
    """One question with its fields, its 'Check' button and the word on the answer.

    question: with or without an answer of its own; without one, the answer is kept and not judged.
    save: called with each complete answer; returns a Saved. None keeps nothing and says nothing.
    value: an earlier answer to begin with; anything that no longer fits the question is ignored.
    note: what to say about saving before the first answer.
    widget: what to display.
    """

    def __init__(
        self,
        question: Question,
        save: Callable[[Any], Saved] | None = None,
        value: Any = None,
        note: Saved = Saved(True, ""),  # noqa: B008 - it cannot be changed
    ):
        self.question = question
        self._save = save
        self._saved = note
        self._kept: Any = None
        self.fields = _FIELDS[type(question)](question, self.check)
        self.check_button = make(
            widgets.Button, "q-main", description="Check my answer" if question.marked else "Save my answer"
        )
        self.check_button.on_click(lambda _: self.check())
        self.show_button = make(widgets.Button, "q-hidden", description="Show the answer")
        self.show_button.on_click(lambda _: self.show_answer())
        self.feedback = make(widgets.HTML, "q-wide")
        if value is not None and not question.problem(value):
            self.fields.write(value)
            self._judge(value, announce=False)
        else:
            self._say("")
        ask = make(widgets.HTML, "q-wide", value=html.asked(question))
        self.widget = make(
            widgets.Box,
            *(("simemr-practice", "q-broad") if isinstance(question, Cells) else ("simemr-practice",)),
            children=[
                sheet("questions.css"),
                ask,
                self.fields.widget,
                self.check_button,
                self.show_button,
                self.feedback,
            ],
        )

    def check(self) -> None:
        """Keep the answer if it is complete, and say what there is to say about it."""
        value = self.fields.read()
        known = self._saved.ok and value == self._kept  # to press twice is not to answer twice
        if self._save is not None and not known and not self.question.problem(value):
            self._saved = self._save(value)
            self._kept = value
        self._judge(value)

    def show_answer(self) -> None:
        """Show the right answer with every explanation; what the learner entered stays as it is."""
        self._say(html.feedback(self.question.reveal()))

    def _judge(self, value: Any, announce: bool = True) -> None:
        if not self.question.marked and not self.question.problem(value):
            self._say("")  # that it is saved says it all
            return
        feedback = self.question.check(value)
        if feedback.correct is False:
            self.show_button.remove_class("q-hidden")
        self._say(html.feedback(feedback, announce))

    def _say(self, words: str) -> None:
        self.feedback.value = words + html.saved(self._saved)


class _Options:
    """One of several texts."""

    def __init__(self, question: Choice, _submit: Callable[[], None]):
        self.widget = make(widgets.RadioButtons, "q-wide", "q-options", options=list(question.options), value=None)

    def read(self) -> str | None:
        return self.widget.value

    def write(self, value: str) -> None:
        self.widget.value = value


class _Checks:
    """Any of several texts."""

    def __init__(self, question: Several, _submit: Callable[[], None]):
        self._boxes = {text: make(widgets.Checkbox, description=text, indent=False) for text in question.options}
        self.widget = make(widgets.Box, "q-wide", "q-options", children=list(self._boxes.values()))

    def read(self) -> list[str]:
        return [text for text, box in self._boxes.items() if box.value]

    def write(self, value: list[str]) -> None:
        for text, box in self._boxes.items():
            box.value = text in value


class _Figure:
    """A number as it is typed, so that it can be judged as written."""

    def __init__(self, question: Number, submit: Callable[[], None]):
        unit = f" in {question.unit}" if question.unit else ""
        # The number crosses, and is judged, when Enter is pressed or the field is left. Sent at each key it is slower
        # than the message of the Enter key, which then finds half a number.
        self.widget = make(
            widgets.Text, "q-wide", "q-number", description=f"Your answer{unit}", continuous_update=False
        )
        self._submit = submit
        self.widget.observe(self._changed, "value")

    def _changed(self, _change: object) -> None:
        if self.widget.value.strip():
            self._submit()

    def read(self) -> str:
        return self.widget.value

    def write(self, value: object) -> None:
        self.widget.unobserve(self._changed, "value")
        self.widget.value = f"{value}"
        self.widget.observe(self._changed, "value")


class _Lines:
    """Lines that move up and down."""

    def __init__(self, question: Ordering, _submit: Callable[[], None]):
        self._order = question.shown
        self._texts, self._ups, self._downs = [], [], []
        cells = []
        for place in range(len(self._order)):
            text = make(widgets.HTML, "q-line")
            up = make(widgets.Button, "q-move", icon="arrow-up")
            down = make(widgets.Button, "q-move", icon="arrow-down")
            up.on_click(lambda _, place=place: self.move(place, -1))
            down.on_click(lambda _, place=place: self.move(place, +1))
            self._texts.append(text)
            self._ups.append(up)
            self._downs.append(down)
            cells += [text, up, down]
        self._news = make(widgets.HTML, "q-news")
        self.widget = make(widgets.Box, "q-wide", "q-lines", children=[*cells, self._news])
        self._show()

    def move(self, place: int, by: int) -> None:
        """Move the line at a place (from 0) up (-1) or down (+1), and the focus with it."""
        line, target = self._order[place], place + by
        if not 0 <= target < len(self._order):
            self._news.value = html.moved(f"{line} is already {'first' if by < 0 else 'last'}.")
            return
        self._order[place], self._order[target] = self._order[target], self._order[place]
        self._show()
        self._news.value = html.moved(f"{line} is now number {target + 1} of {len(self._order)}.")
        (self._ups if by < 0 else self._downs)[target].focus()

    def read(self) -> list[str]:
        return list(self._order)

    def write(self, value: list[str]) -> None:
        self._order = list(value)
        self._show()

    def _show(self) -> None:
        for place, line in enumerate(self._order):
            self._texts[place].value = html.line(place + 1, line)
            self._ups[place].tooltip = f"Move up: {line}"
            self._downs[place].tooltip = f"Move down: {line}"


class _Partners:
    """A list of partners for each line."""

    def __init__(self, question: Matching, _submit: Callable[[], None]):
        options = [(_NO_PARTNER, ""), *((text, text) for text in question.choices)]
        self._lists = {
            left: make(widgets.Dropdown, "q-pair", description=left, options=options, value="")
            for left in question.pairs
        }
        self.widget = make(widgets.Box, "q-wide", "q-pairs", children=list(self._lists.values()))

    def read(self) -> dict[str, str]:
        return {left: partners.value for left, partners in self._lists.items() if partners.value}

    def write(self, value: dict[str, str]) -> None:
        for left, partners in self._lists.items():
            partners.value = value[left]


class _Grid:
    """A table of cells to press."""

    def __init__(self, question: Cells, _submit: Callable[[], None]):
        self._cells: dict[tuple[int, str], widgets.ToggleButton] = {}
        children = [self._head("Row", "q-row"), *map(self._head, question.columns)]
        for number, row in enumerate(question.rows, 1):
            children.append(self._head(str(number), "q-row"))
            for title, text in zip(question.columns, row, strict=True):
                where = f"Row {number}, {title}"
                cell = make(widgets.ToggleButton, "q-cell", description=text or "(empty)", tooltip=where)
                self._cells[number, title] = cell
                children.append(cell)
        layout = widgets.Layout(grid_template_columns=f"max-content repeat({len(question.columns)}, auto)")
        grid = make(widgets.GridBox, "q-grid", children=children, layout=layout)
        self.widget = make(widgets.Box, "q-wide", "q-scroll", children=[grid])

    def _head(self, text: str, *classes: str) -> widgets.HTML:
        return make(widgets.HTML, "q-head", *classes, value=html.heading(text))

    def read(self) -> list[list]:
        return [[row, column] for (row, column), cell in self._cells.items() if cell.value]

    def write(self, value: list) -> None:
        marked = {tuple(cell) for cell in value}
        for place, cell in self._cells.items():
            cell.value = place in marked


_FIELDS = {
    Choice: _Options,
    Several: _Checks,
    Number: _Figure,
    Ordering: _Lines,
    Matching: _Partners,
    Cells: _Grid,
}
