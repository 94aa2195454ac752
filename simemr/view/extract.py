"""A table taken out of the record, in which a cell, a column or a row can be chosen and marked as a defect.

The table is one widget of many buttons, because a widget a cell would take seconds to make in the browser. Its
order, header first and then row by row, is also the order of its options.
"""

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr.domain.actions.extract import DECISIONS, KINDS, WHOLE_COLUMN, WHOLE_ROW
from simemr.domain.session import ActionRefused
from simemr.html import extract as page
from simemr.html.tables import empty
from simemr.view.light import make
from simemr.view.parts import anchor, box, button, field, html, put, show
from simemr.view.questions_panel import questions_panel

if TYPE_CHECKING:
    from simemr.view.shell import Shell

# the page tells buttons apart by their words, so equal words get different invisible tails
_TAILS = ("\u200b", "\u200c", "\u2060", "\u200d")


class ExtractView:
    """The middle of the window in an exercise on data."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.extract = shell.scenario.extract
        columns, rows = self.extract.columns, self.extract.rows
        self.places: list[tuple[str, str]] = [("", ""), *((WHOLE_COLUMN, c.id) for c in columns)]
        words = ["Row", *(c.title for c in columns)]
        for number, row in enumerate(rows, start=1):
            self.places += [(row[0], WHOLE_ROW), *((row[0], c.id) for c in columns)]
            words += [str(number), *(value or page.EMPTY for value in row)]
        self.grid = make(
            widgets.ToggleButtons, "em-cells", options=[(w, i) for i, w in enumerate(distinct(words))], index=None,
        )  # fmt: skip
        self.grid.observe(shell.guarded(self._pressed), "index")
        row_choices = [("Choose a row", ""), ("The whole column", WHOLE_COLUMN)]
        row_choices += [(f"Row {n}", row[0]) for n, row in enumerate(rows, start=1)]
        column_choices = [("Choose a column", ""), ("The whole row", WHOLE_ROW), *((c.title, c.id) for c in columns)]
        self.row = field(widgets.Dropdown, "Row", options=row_choices, value="")
        self.column = field(widgets.Dropdown, "Column", options=column_choices, value="")
        for widget in (self.row, self.column):
            widget.observe(shell.guarded(self._chosen_by_name), "value")
        self.kind = field(
            widgets.Dropdown, "What kind of defect", "em-kind-field",
            options=[("Choose", ""), *((text, key) for key, text in KINDS.items())], value="",
        )  # fmt: skip
        self.decision = field(
            widgets.Dropdown, "What to do about it", "em-kind-field",
            options=[("Choose", ""), *((text, key) for key, text in DECISIONS.items())], value="",
        )  # fmt: skip
        self.marks = button("Mark it", "em-primary")
        self.marks.on_click(shell.guarded(lambda _: self._mark()))
        self.chosen = html("em-chosen-cell")
        panel = box(
            self.chosen, self.row, self.column, self.kind, self.decision, self.marks, classes=("em-mark-panel",)
        )
        self.shape = html(value=f"<style>{_shape(columns)}</style>")
        self.highlight = html()
        self.skip = button("Skip the table", "em-skip")
        self.skip.on_click(shell.guarded(lambda _: self.count.focus()))
        table = box(self.shape, self.highlight, self.grid, classes=("em-table-box",))
        about = html("em-about", value=page.about(self.extract))
        card = box(about, panel, self.skip, table, classes=("em-card", "em-extract"))
        self.count = anchor("em-count")
        self.none = html(value=empty("Nothing is marked yet."))
        self.lines: list[tuple[widgets.Box, widgets.HTML, widgets.Button]] = []
        self.list = box()
        self._listed: list[tuple[str, str]] = []
        marked = box(self.count, self.none, self.list, classes=("em-card", "em-marked"))
        asked = questions_panel(shell)
        self.widget = box(card, marked, *([asked] if asked is not None else []), classes=("em-middle",))
        self._setting = False

    def place(self) -> tuple[str, str]:
        """The (row, column) that is chosen, with an empty part where nothing is."""
        return self.row.value, self.column.value

    def _pressed(self, change: Any) -> None:
        if self._setting or change["new"] is None:
            return
        row, column = self.places[change["new"]]
        self._choose(row, column)
        if row:
            self.kind.focus()

    def _chosen_by_name(self, change: Any) -> None:
        if self._setting:
            return
        row, column = self.place()
        # whole row and whole column exclude each other: what was just chosen counts
        if row == WHOLE_COLUMN and column == WHOLE_ROW:
            row, column = ("", column) if change["owner"] is self.column else (row, "")
        self._choose(row, column)

    def _choose(self, row: str, column: str) -> None:
        self._setting = True
        self.row.value, self.column.value = row, column
        place = (row, column)
        index = self.places.index(place) if row and column else None
        if self.grid.index != index:
            self.grid.index = index
        self._setting = False
        put(self.highlight, f"<style>{_chosen_style(self.places, index, len(self.extract.columns) + 1)}</style>")
        put(self.chosen, page.chosen(page.name(self.extract, row, column) if row and column else ""))
        flag = self.shell.session.state.flags.get(place)
        if flag is not None:
            self.kind.value, self.decision.value = flag.kind, flag.decision

    def _mark(self) -> None:
        row, column = self.place()
        if not (row and column):
            self.row.focus()
            raise ActionRefused("Choose a cell, a row or a column first.")
        for widget, what in ((self.kind, "what kind of defect this is"), (self.decision, "what to do about it")):
            if not widget.value:
                widget.focus()
                raise ActionRefused(f"Choose {what}.")
        self.shell.do("flag_cell", row=row, column=column, kind=self.kind.value, decision=self.decision.value)
        self.shell.say(f"Marked: {page.name(self.extract, row, column)}.")
        self.kind.value, self.decision.value = "", ""
        self._choose("", "")

    def _remove(self, index: int) -> None:
        if index >= len(self._listed):
            return
        row, column = self._listed[index]
        self.shell.do("unflag_cell", row=row, column=column)
        self.shell.say(f"No longer marked: {page.name(self.extract, row, column)}.")
        if self._listed:
            self.lines[min(index, len(self._listed) - 1)][2].focus()
        else:
            self.row.focus()

    def reset(self) -> None:
        """Forget what was half chosen."""
        self.kind.value, self.decision.value = "", ""
        self._choose("", "")

    def task_chosen(self, task_id: str) -> None:
        """No order is written here."""

    def write_order(self) -> None:
        """No order is written here."""

    def refresh(self) -> None:
        """Show what is marked."""
        flags = self.shell.session.state.flags
        tips = []
        for row, column in self.places:
            words = page.name(self.extract, row, column) if row else "Row numbers: press one to choose the whole row"
            tips.append(f"Marked. {words}" if (row, column) in flags else words)
        if list(self.grid.tooltips) != tips:
            self.grid.tooltips = tips
        if not self.chosen.value:
            put(self.chosen, page.chosen(""))
        self._listed = list(flags)
        count = len(flags)
        words = f"Marked defects: {count}"
        if self.count.value != words:
            self.count.value = words
        show(self.none, not count)
        while len(self.lines) < count:
            index = len(self.lines)
            text, remove = html(), button("Remove")
            remove.on_click(self.shell.guarded(lambda _, n=index: self._remove(n)))
            self.lines.append((box(text, remove, classes=("em-marked-line",)), text, remove))
            self.list.children = [line for line, _, _ in self.lines]
        for index, (line, text, remove) in enumerate(self.lines):
            show(line, index < count)
            if index < count:
                place = self._listed[index]
                words = page.name(self.extract, *place)
                put(text, page.flagged(words, flags[place]))
                remove.tooltip = f"Remove: {words}"


def distinct(words: list[str]) -> list[str]:
    """Return the words, equal ones told apart by invisible characters at their ends."""
    seen: dict[str, int] = {}
    made = []
    for word in words:
        number = seen.get(word, 0)
        seen[word] = number + 1
        tail = ""
        while number:
            number, digit = divmod(number - 1, len(_TAILS))
            tail += _TAILS[digit]
        made.append(word + tail)
    return made


def _chosen_style(places: list[tuple[str, str]], index: int | None, width: int) -> str:
    """Return the rule that tints the whole column or row that is chosen."""
    if index is None:
        return ""
    row, column = places[index]
    if row == WHOLE_COLUMN:
        cells = f":nth-child({width}n + {index + 1})"
    elif column == WHOLE_ROW:
        cells = f":nth-child(n + {index + 1}):nth-child(-n + {index + width})"
    else:
        return ""
    return f".em-cells.em-cells > div > button{cells} {{ background: var(--sel); }}"


def _shape(columns: tuple) -> str:
    """Return the style rules that lay the buttons out in columns and align numbers to the right."""
    width = len(columns) + 1
    rules = [f".em-cells > div {{ grid-template-columns: repeat({width}, max-content); }}"]
    head = f".em-cells > div > button:nth-child(-n + {width})"
    rules.append(f"{head} {{ position: sticky; top: 0; z-index: 2; background: var(--page); font-weight: 650; }}")
    first = f".em-cells > div > button:nth-child({width}n + 1)"
    rules.append(f"{first} {{ position: sticky; left: 0; z-index: 1; background: var(--page); text-align: right; }}")
    rules.append(".em-cells > div > button:nth-child(1) { z-index: 3; }")
    for index, column in enumerate(columns, start=2):
        if column.kind == "number":
            rules.append(f".em-cells > div > button:nth-child({width}n + {index}) {{ text-align: right; }}")
    return "\n".join(rules)
