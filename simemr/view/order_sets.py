"""Order sets: tick what this patient needs, and it is written line by line as if each had been ordered alone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr.domain.actions import orders
from simemr.domain.order_sets import MedicineLine, OrderSet, TestLine
from simemr.domain.rules import Alert
from simemr.domain.session import ActionRefused
from simemr.html import order_sets as page
from simemr.html import words
from simemr.html.escape import el
from simemr.html.orders import due
from simemr.view.light import make
from simemr.view.parts import box, button, field, html, options, put
from simemr.view.task_choice import TaskChoice

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class OrderSetForm:
    """A set to choose, its lines to tick. What raises a stop for this patient starts without a tick."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.task = TaskChoice(shell)
        self.heading = html()
        self.choice = field(widgets.Dropdown, "Order set", "em-wide", options=[("", "")])
        self.choice.observe(shell.guarded(lambda _: self._chosen()), "value")
        self.advice = html("em-wide")
        self.rows: list[LineRow] = []
        self.lines = box(classes=("em-set-lines", "em-wide"))
        self.order = button("Order what is ticked", "em-primary")
        self.order.on_click(shell.guarded(lambda _: self._order()))
        self.widget = box(
            self.heading, self.task.widget, self.choice, self.advice, self.lines,
            box(self.order, classes=("em-line", "em-wide")), classes=("em-form",),
        )  # fmt: skip
        sets = sorted(shell.session.hospital.order_sets.values(), key=lambda found: found.name)
        options(self.choice, [("Choose the set", ""), *((found.name, found.id) for found in sets)], "")

    @property
    def chosen(self) -> OrderSet | None:
        """The set whose lines are shown."""
        return self.shell.session.hospital.order_sets.get(self.choice.value)

    def reset(self) -> None:
        """Put the set away."""
        self.choice.value = ""

    def refresh(self) -> None:
        """Say for whom the set is, and what the record says about its lines now."""
        patient = self.shell.session.open_patient
        if patient is not None:
            put(self.heading, el("h3", f"Use an order set for {patient.display_name}"))
        self.task.refresh()
        found = self.chosen
        known = {f"corollary:{line.test}" for line in found.tests} if found else set()
        for row in self.rows:
            # a test that stands in the same set needs no reminder
            put(row.note, page.notes(alert for alert in self._alerts(row.line) if alert.id not in known))

    def _chosen(self) -> None:
        found = self.chosen
        put(self.advice, page.advice(found.advice) if found else "")
        self.rows = [LineRow(line, self._words(line)) for line in (*found.medicines, *found.tests)] if found else []
        for row in self.rows:
            row.tick.value = row.line.ticked and not stopping(self._alerts(row.line))
        self.lines.children = [row.widget for row in self.rows]
        self.refresh()

    def _words(self, line: MedicineLine | TestLine) -> str:
        hospital = self.shell.session.hospital
        if isinstance(line, TestLine):
            return f"Test: {hospital.tests[line.test].name}, {due(line.in_hours)}"
        return words.order(line.order(""), hospital.formulary)

    def _alerts(self, line: MedicineLine | TestLine) -> tuple[Alert, ...]:
        session = self.shell.session
        if isinstance(line, TestLine) or not session.state.patient:
            return ()
        return orders.warnings(session, line.order(session.state.patient))

    def _order(self) -> None:
        task = self.task.value()
        ticked = [row for row in self.rows if row.tick.value]
        if not ticked:
            self.choice.focus()
            raise ActionRefused("Tick what you want to order." if self.rows else "Choose the set first.")
        # tests and plain lines first; then one that needs a decision, which the others wait for
        stops = [row for row in ticked if stopping(self._alerts(row.line))]
        plain = [row for row in ticked if row not in stops]
        plain.sort(key=lambda row: isinstance(row.line, MedicineLine))
        acts = [act for row in plain for act in self._acts(row.line, task)]
        for row in stops[:1]:
            acts += self._acts(row.line, task)[:1]
        self.shell.do_all(acts)
        for row in [*plain, *stops[:1]]:
            row.tick.value = False
        done = f"Ordered: {'; '.join(self._words(row.line) for row in plain)}." if plain else ""
        if not stops:
            self.reset()
            self.shell.choose_task("")
            self.choice.focus()
            self.shell.say(f"{done}{self.shell.done_words(task)}")
        else:
            self.shell.say(f"{done} One line needs your decision.".strip())
            self.shell.chart.orders.review.focus()

    def _acts(self, line: MedicineLine | TestLine, task: str) -> list[tuple[str, dict[str, Any]]]:
        """The line as actions: what would be done to order it alone."""
        patient = self.shell.session.state.patient
        if isinstance(line, TestLine):
            return [("order_test", {"patient": patient, "test": line.test, "in_hours": line.in_hours, "task": task})]
        return [("draft_order", {"patient": patient, **line.written(), "task": task}), ("sign_order", {})]


class LineRow:
    """One line: its tick, and below it what the record says."""

    def __init__(self, line: MedicineLine | TestLine, said: str):
        self.line = line
        self.tick = make(widgets.Checkbox, "em-check", description=said, indent=False)
        self.note = html("em-set-note")
        self.widget = box(self.tick, self.note, classes=("em-set-line",))


def stopping(alerts: Iterable[Alert]) -> bool:
    """Whether one of the alerts needs a decision before the order can be signed."""
    return any(alert.interrupts for alert in alerts)
