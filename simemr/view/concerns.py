"""Reviewing a chart: a form below every part of the record, and the list that grows from it.

The form keeps to the bottom of the window, so that a concern is written where it is seen. What stands in the open part
of the record is what it offers first.
"""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.chart import require_open
from simemr.domain.actions.concerns import KINDS, PARTS, SOON, Concern, Review, things
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import concerns as page
from simemr.html.escape import el
from simemr.html.tables import empty
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, is_shown, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

# the part of the record that a tab shows
_SHOWN = {
    "summary": "front",
    "problems": "problem",
    "allergies": "allergy",
    "medicines": "order",
    "administration": "order",
    "orders": "order",
    "results": "result",
    "observations": "observation",
    "notes": "note",
}
_NONE_YET = "Nothing is written down yet. Read the record part by part, and write a concern where you see it."


class ConcernList(Panel):
    """What was written, the most urgent first; a line opens in the form."""

    alone = True
    # the chart of doses is only read here: its own panel, which would bring its looks, is not there
    style = "concerns.css administration.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return "concerns" in scenario.tabs

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.title = html()
        self.none = html(value=empty(_NONE_YET))
        self.lines: list[tuple[widgets.Box, widgets.HTML, widgets.Button, widgets.HTML]] = []
        self._shown: list[tuple[str, Concern]] = []
        self.list = box(classes=("em-reach-list",))
        self.widget = box(self.title, self.none, self.list, classes=("em-concerns",))

    def _line(self) -> None:
        index = len(self.lines)
        soon, name, around = html("em-concern-soon"), button("", "em-reach-name"), html("em-concern-around")
        name.on_click(self.shell.guarded(lambda _: self._open(index)))
        self.lines.append((box(soon, name, around, classes=("em-reach", "em-concern-row")), soon, name, around))
        self.list.children = [row for row, *_ in self.lines]

    def _open(self, index: int) -> None:
        form = next(below for below in self.shell.chart.below if isinstance(below, ConcernForm))
        form.change(*self._shown[index])

    def focus(self) -> None:
        """Go to the first line, if there is one."""
        if self._shown:
            self.lines[0][2].focus()

    def reset(self) -> None:
        """There is nothing half written here."""

    def refresh(self) -> None:
        """Show the open patient's concerns."""
        session = self.shell.session
        self._shown = page.in_order(session, session.state.patient)
        count = len(self._shown)
        put(self.title, el("h3", f"Your concerns · {count}" if count else "Your concerns"))
        show(self.none, not count)
        show(self.list, bool(count))
        while len(self.lines) < count:
            self._line()
        for index, (row, soon, name, around) in enumerate(self.lines):
            show(row, index < count)
            if index < count:
                concern = self._shown[index][1]
                put(soon, page.soon(concern))
                subject = page.about(session, concern)
                if name.description != subject:
                    name.description = subject
                put(around, page.line(concern))


class ConcernForm(Panel):
    """Writes a concern, or changes one; below every part of the record."""

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return "concerns" in scenario.tabs

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self._number = ""
        self._patient = self._tab = ""
        self.begin = button("Write a concern", "em-primary")
        self.begin.on_click(shell.guarded(lambda _: self._begin()))
        self.count = html("em-concern-count")
        self.bar = box(self.begin, self.count, classes=("em-line",))
        self.heading = html("em-concern-wide")
        self.part = field(
            widgets.Dropdown, "Where it stands", options=[(text, key) for key, text in PARTS.items()], value="front"
        )
        self.part.observe(shell.guarded(lambda _: self._offer()), "value")
        self.about = field(widgets.Dropdown, "What it is about", options=[("Choose", "")], value="")
        self.kind = field(
            widgets.Dropdown, "What kind of concern",
            options=[("Choose", ""), *((text, key) for key, text in KINDS.items())], value="",
        )  # fmt: skip
        self.soon = field(
            widgets.Dropdown,
            "How soon",
            options=[("Choose", ""), *((text, key) for key, text in SOON.items())],
            value="",
        )
        self.plan = field(widgets.Text, "What you would do", "em-concern-wide", placeholder="An act, in a few words")
        self.save = button("Save this concern", "em-primary")
        self.save.on_click(shell.guarded(lambda _: self._save()))
        self.remove = button("Take it off the list")
        self.remove.on_click(shell.guarded(lambda _: self._remove()))
        self.close = button("Close")
        self.close.on_click(shell.guarded(lambda _: self._close()))
        acts = box(self.save, self.remove, self.close, classes=("em-line", "em-concern-wide"))
        self.form = box(
            self.heading, self.part, self.about, self.kind, self.soon, self.plan, acts,
            classes=("em-concern-form", "em-off"),
        )  # fmt: skip
        self.widget = box(self.bar, self.form, classes=("em-concern-tray",))

    # -- opening and closing

    def _begin(self) -> None:
        require_open(self.shell.session, self.shell.session.state.patient)
        self._empty()
        self._follow()
        self._open()
        self.about.focus()

    def change(self, number: str, concern: Concern) -> None:
        """Open the form with a concern of the list."""
        self._empty()
        self._number = number
        self.part.value = concern.about.partition("/")[0]
        self._offer()
        self.about.value, self.kind.value, self.soon.value = concern.about, concern.kind, concern.soon
        self.plan.value = concern.plan
        self._open()
        self.about.focus()

    def _open(self) -> None:
        put(self.heading, el("h3", "Change this concern" if self._number else "A concern"))
        show(self.remove, bool(self._number))
        show(self.form, True)
        show(self.bar, False)

    def _close(self) -> None:
        self._shut()
        self.begin.focus()

    def _shut(self) -> None:
        self._empty()
        show(self.form, False)
        show(self.bar, True)

    # -- what is offered

    def _follow(self) -> None:
        """Offer first what the open tab shows."""
        shown = _SHOWN.get(self.shell.session.state.tab)
        if shown and self.part.value != shown:
            self.part.value = shown
        self._offer()

    def _offer(self) -> None:
        session = self.shell.session
        patient = session.open_patient
        if patient is None:
            return
        found = things(session, patient.id, self.part.value)
        made = [("Choose", ""), *((page.thing(session, patient, which), which) for which in found)]
        options(self.about, made, self.about.value)

    # -- what is done

    def _save(self) -> None:
        needed = ((self.about, "what it is about"), (self.kind, "what kind of concern it is"), (self.soon, "how soon"))
        for widget, what in needed:
            if not widget.value:
                widget.focus()
                raise ActionRefused(f"Choose {what}.")
        if len(self.plan.value.strip()) < 3:
            self.plan.focus()
            raise ActionRefused("Write in a few words what you would do.")
        subject, number = self.about.label, self._number
        values = {"about": self.about.value, "kind": self.kind.value, "soon": self.soon.value, "plan": self.plan.value}
        if number:
            self.shell.do("change_concern", concern=number, **values)
        else:
            self.shell.do("write_concern", patient=self.shell.session.state.patient, **values)
        self._shut()
        self.shell.say(f"{'Changed' if number else 'Written down'}: {subject}.")
        self._leave(bool(number))

    def _remove(self) -> None:
        self.shell.do("remove_concern", concern=self._number)
        subject = self.about.label
        self._shut()
        self.shell.say(f"Taken off the list: {subject}.")
        self._leave(True)

    def _leave(self, to_list: bool) -> None:
        chart = self.shell.chart
        if to_list and self.shell.session.state.tab == "concerns":
            next(panel for _, panel in chart.panels if isinstance(panel, ConcernList)).focus()
        else:
            self.begin.focus()

    def _empty(self) -> None:
        self._number = ""
        self.about.value = self.kind.value = self.soon.value = self.plan.value = ""

    def reset(self) -> None:
        """Forget what was half written."""
        self._patient = self._tab = ""
        self._shut()

    def refresh(self) -> None:
        """Show how many there are; an open form follows the record until something is picked."""
        session = self.shell.session
        state = session.state
        if state.patient != self._patient:
            self._shut()
            self._patient = state.patient
        count = len(session.state.part(Review).of(state.patient))
        put(self.count, el("p", page.count(count)))
        if state.tab != self._tab:
            self._tab = state.tab
            if is_shown(self.form) and not self.about.value:
                self._follow()
