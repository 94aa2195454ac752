"""Order entry: write an order, meet what the record says about it, then change, cancel, override or sign."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr.domain.actions.orders import OVERRIDE_REASONS
from simemr.domain.formulary import Medicine
from simemr.domain.record import MedicineOrder
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.domain.state import Draft
from simemr.html import alerts as alert_pages
from simemr.html import orders as page
from simemr.html import words
from simemr.html.escape import el, join
from simemr.view.dose_fields import DoseFields
from simemr.view.order_sets import OrderSetForm
from simemr.view.panel import Panel, actions
from simemr.view.parts import box, button, field, html, is_shown, mark, options, put, show
from simemr.view.task_choice import TaskChoice

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_WHEN = (0, 1, 2, 4, 6, 8, 12, 24, 48, 72, 168)


_ORDERING = frozenset({"draft_order", "sign_order", "cancel_draft", "override_alert", "order_test", "stop_order"})


class OrderEntry(Panel):
    """What can be done under Orders, one thing at a time; a draft that waits takes their place."""

    style = "order_sets.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        ordering = any(task.kind == "order" for task in scenario.tasks) or actions(scenario) & _ORDERING
        return scenario.role == "doctor" or bool(ordering)

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.medicine = MedicineForm(shell)
        self.test = TestForm(shell)
        self.stop = StopForm(shell)
        self.sets = OrderSetForm(shell)
        self.forms = {"medicine": self.medicine, "test": self.test, "set": self.sets, "stop": self.stop}
        names = {
            "medicine": "Order a medicine", "test": "Order a test", "set": "Use an order set", "stop": "Stop an order",
        }  # fmt: skip
        self.choices: dict[str, widgets.Button] = {}
        for key, name in names.items():
            self.choices[key] = button(name, "em-segment")
            self.choices[key].on_click(shell.guarded(lambda _, chosen=key: self._open(chosen)))
        self.switch = box(*self.choices.values(), classes=("em-segments",))
        self.review = Review(shell, self)
        self.matter = html("em-matter")
        self.medicine.when_chosen = self._show_matter
        self.open = "medicine"
        self.widget = box(
            self.review.widget, self.switch, *(form.widget for form in self.forms.values()), self.matter,
            classes=("em-order-entry",),
        )  # fmt: skip
        self._patient = ""

    def _open(self, which: str) -> None:
        self.open = which
        self.refresh()

    def begin(self) -> None:
        """Start an order for a medicine, unless one is waiting."""
        if self.shell.session.state.draft is not None:
            self.review.focus()
            return
        self._open("medicine")
        self.medicine.name.focus()

    def after(self) -> None:
        """Put the focus where the next order starts."""
        self.refresh()
        self.choices[self.open].focus()

    def task_chosen(self, task_id: str) -> None:
        """Show the task that was chosen elsewhere."""
        for form in (self.medicine, self.test, self.sets):
            form.task.choose(task_id)

    def reset(self) -> None:
        """Empty every form."""
        for form in self.forms.values():
            form.reset()
        self._patient = ""
        self.open = "medicine"

    def refresh(self) -> None:
        """Show the draft, or the form that is open."""
        state = self.shell.session.state
        if state.patient != self._patient:
            # a dose thought out for one patient must not stand in another's form
            for form in self.forms.values():
                form.reset()
            self._patient = state.patient
        draft = state.draft
        show(self.switch, draft is None)
        for key, form in self.forms.items():
            show(form.widget, draft is None and key == self.open)
            mark(self.choices[key], "em-open", key == self.open)
            if is_shown(form.widget):
                form.refresh()
        self.review.refresh(draft)
        self._show_matter()

    def _show_matter(self) -> None:
        session = self.shell.session
        patient = session.open_patient
        draft = session.state.draft
        formulary = session.hospital.formulary
        medicine = formulary.medicines.get(draft.order.medicine) if draft else self.medicine.chosen()
        shown = patient is not None and (draft is not None or self.open in ("medicine", "test"))
        show(self.matter, shown)
        if shown:
            put(self.matter, page.matter(patient, medicine, session.hospital.tests, session.hospital.clock))


class MedicineForm:
    """Medicine, dose, unit, route, frequency, indication."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.when_chosen: Callable[[], None] = lambda: None
        formulary = shell.session.hospital.formulary
        self._ids = {m.name.casefold(): m.id for m in formulary.medicines.values()}
        # "co-amoxiclav" is enough for "Co-amoxiclav (amoxicillin with clavulanic acid)"
        for medicine in formulary.medicines.values():
            self._ids.setdefault(medicine.name.partition(" (")[0].casefold(), medicine.id)
        self.task = TaskChoice(shell)
        self.heading = html()
        names = sorted((m.name for m in formulary.medicines.values()), key=str.casefold)
        hint = "Type the first letters, then choose"
        self.name = field(widgets.Combobox, "Medicine", "em-medicine", options=names, placeholder=hint)
        self.usual = field(widgets.Dropdown, "Start from a usual order", "em-usual", options=[("", -1)])
        self.fields = DoseFields(shell)
        self.indication = field(widgets.Text, "Indication (what it is for)", "em-wide")
        self.check = button("Check this order", "em-primary")
        self.check.on_click(shell.guarded(lambda _: self._check()))
        self.clear = button("Clear the form")
        self.clear.on_click(shell.guarded(lambda _: self._clear()))
        self.widget = box(
            self.heading, self.task.widget, self.name, self.usual, *self.fields.widgets, self.indication,
            box(self.check, self.clear, classes=("em-line", "em-wide")), classes=("em-form",),
        )  # fmt: skip
        self._setting = False
        self._last = ""
        self.name.observe(shell.guarded(self._name_changed), "value")
        self.usual.observe(shell.guarded(self._usual_chosen), "value")
        self._offer(None)

    def chosen(self) -> Medicine | None:
        """The medicine whose name stands in the field, or None."""
        formulary = self.shell.session.hospital.formulary
        return formulary.medicines.get(self._ids.get(self.name.value.strip().casefold(), ""))

    def _name_changed(self, _: Any) -> None:
        if self._setting:
            return
        medicine = self.chosen()
        if (medicine.id if medicine else "") == self._last:
            return
        self._last = medicine.id if medicine else ""
        self._offer(medicine)
        self.when_chosen()

    def _offer(self, medicine: Medicine | None) -> None:
        """Offer what fits the medicine, starting from its first usual order."""
        formulary = self.shell.session.hospital.formulary
        self._setting = True
        self.fields.offer(medicine)
        self.fields.unit.value = self.fields.route.value = ""
        offers = [("A usual order", -1)]
        for index, usual in enumerate(medicine.usual if medicine else ()):
            order = MedicineOrder("", "", medicine.id, usual.dose, usual.unit, usual.route, usual.frequency)
            offers.append((words.dose(order, formulary), index))
        options(self.usual, offers, 0 if medicine and medicine.usual else -1)
        show(self.usual, len(offers) > 1)
        self._setting = False
        self._fill()

    def _usual_chosen(self, _: Any) -> None:
        if not self._setting:
            self._fill()

    def _fill(self) -> None:
        medicine = self.chosen()
        index = self.usual.value
        if medicine is None or index is None or index < 0:
            return
        usual = medicine.usual[index]
        self.fields.fill(medicine, usual.dose, usual.unit, usual.route, usual.frequency)

    def _check(self) -> None:
        shell = self.shell
        task = self.task.value()
        medicine = self.chosen()
        if medicine is None:
            self.name.focus()
            raise ActionRefused(self._which(self.name.value.strip()))
        dosed = self.fields.values()
        alerts = shell.do(
            "draft_order", patient=shell.session.state.patient, medicine=medicine.id, **dosed,
            indication=self.indication.value.strip(), task=task,
        )  # fmt: skip
        shell.chart.orders.review.focus(interrupted=any(a.severity == "interruptive" for a in alerts))

    def _which(self, typed: str) -> str:
        if not typed:
            return "Choose the medicine first."
        near = [name for name in self.name.options if typed.casefold() in name.casefold()]
        if 0 < len(near) <= 4:
            return f"Choose the medicine from the list: {'; '.join(near)}."
        return f"There is no “{typed:.40}” in the formulary. Choose a medicine from the list."

    def _clear(self) -> None:
        self.reset()
        self.when_chosen()
        self.name.focus()

    def take(self, draft: Draft) -> None:
        """Write an order into the form, wherever it came from: a set, or before the page was closed."""
        order = draft.order
        medicine = self.shell.session.hospital.formulary.medicines[order.medicine]
        self.name.value = medicine.name
        self.fields.fill(medicine, order.dose, order.unit, order.route, order.frequency)
        self.indication.value = order.indication
        self.task.choose(draft.task)

    def reset(self) -> None:
        """Empty the form; the chosen task stays."""
        self._setting = True
        self._last = ""
        for widget in (self.name, self.indication):
            widget.value = ""
        self.fields.fill(None)
        self._setting = False
        self._offer(None)

    def refresh(self) -> None:
        """Say for whom the order is."""
        session = self.shell.session
        patient = session.open_patient
        if patient is not None:
            put(self.heading, el("h3", f"Order a medicine for {patient.display_name}"))
        self.task.refresh()


class TestForm:
    """A laboratory test, now or later."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.task = TaskChoice(shell)
        self.heading = html()
        tests = sorted(shell.session.hospital.tests.values(), key=lambda t: t.name.casefold())
        self.test = field(
            widgets.Dropdown,
            "Test",
            "em-half",
            options=[("Choose the test", ""), *((t.name, t.id) for t in tests)],
            value="",
        )
        self.when = field(widgets.Dropdown, "When", "em-half", options=[(page.due(h).capitalize(), h) for h in _WHEN])
        self.order = button("Order this test", "em-primary")
        self.order.on_click(shell.guarded(lambda _: self._order()))
        self.widget = box(
            self.heading, self.task.widget, self.test, self.when, box(self.order, classes=("em-line", "em-wide")),
            classes=("em-form",),
        )  # fmt: skip

    def _order(self) -> None:
        shell = self.shell
        task = self.task.value()
        if not self.test.value:
            self.test.focus()
            raise ActionRefused("Choose the test first.")
        name = shell.session.hospital.tests[self.test.value].name
        shell.do(
            "order_test", patient=shell.session.state.patient, test=self.test.value, in_hours=self.when.value, task=task
        )
        shell.say(f"Ordered: {name}, {page.due(self.when.value)}.{shell.done_words(task)}")
        self.reset()

    def reset(self) -> None:
        """Empty the form."""
        self.test.value = ""
        self.when.value = 0

    def refresh(self) -> None:
        """Say for whom the test is."""
        session = self.shell.session
        patient = session.open_patient
        if patient is not None:
            put(self.heading, el("h3", f"Order a test for {patient.display_name}"))
        self.task.refresh()


class StopForm:
    """Stopping an active order, or cancelling a test that was asked for, with the reason."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.order = field(widgets.Dropdown, "Active order", "em-wide", options=[("Choose the order", "")])
        self.reason = field(widgets.Text, "Why it is stopped", "em-wide")
        self.stop = button("Stop this order", "em-primary")
        self.stop.on_click(shell.guarded(lambda _: self._stop()))
        self.heading = html()
        self.widget = box(
            self.heading, self.order, self.reason, box(self.stop, classes=("em-line", "em-wide")), classes=("em-form",)
        )

    def _stop(self) -> None:
        if not self.order.value:
            self.order.focus()
            raise ActionRefused("Choose the order to stop.")
        name = self.order.label
        if not self.reason.value.strip():
            self.reason.focus()
        kind, what = self.order.value
        if kind == "test":
            patient = self.shell.session.state.patient
            self.shell.do("cancel_test", patient=patient, test=what, reason=self.reason.value)
        else:
            self.shell.do("stop_order", order=what, reason=self.reason.value)
        self.reset()
        self.shell.say(f"Stopped: {name}.")

    def reset(self) -> None:
        """Empty the form."""
        self.order.value = ""
        self.reason.value = ""

    def refresh(self) -> None:
        """Offer the open patient's active orders."""
        session = self.shell.session
        patient = session.open_patient
        if patient is None:
            return
        put(self.heading, el("h3", f"Stop an order of {patient.display_name}"))
        formulary = session.hospital.formulary
        found = [
            (words.order(order, formulary), ("order", order_id))
            for order_id, order in session.state.orders.items()
            if order.patient == patient.id and order.status == "active"
        ]
        asked = {t.test: t for t in session.state.tests_ordered if t.patient == patient.id}
        tests = session.hospital.tests
        found += [(f"Test: {tests[t.test].name}, {page.due(t.in_hours)}", ("test", t.test)) for t in asked.values()]
        options(self.order, [("Choose the order", ""), *found], self.order.value)


class Review:
    """The order as written, with what the record says about it. The safe act is the prominent one."""

    def __init__(self, shell: "Shell", entry: OrderEntry):
        self.shell, self.entry = shell, entry
        self.alerts = html("em-alerts")
        self.text = html("em-review-text")
        self.sign = button("Sign the order", "em-primary")
        self.sign.on_click(shell.guarded(lambda _: self._sign()))
        self.cancel = button("Cancel the order")
        self.cancel.on_click(shell.guarded(lambda _: self._cancel()))
        self.change = button("Change the order")
        self.change.on_click(shell.guarded(lambda _: self._change()))
        self.rows: list[OverrideRow] = []
        self.overrides = box(classes=("em-overrides",))
        self.widget = box(
            self.alerts, self.text, box(self.sign, self.cancel, self.change, classes=("em-line",)), self.overrides,
            classes=("em-review", "em-off"),
        )  # fmt: skip

    def focus(self, interrupted: bool = True) -> None:
        """Put the focus on the first button: cancelling while an alert stands, else signing."""
        draft = self.shell.session.state.draft
        if draft is not None:
            (self.cancel if draft.unanswered else self.sign).focus()

    def refresh(self, draft: Draft | None) -> None:
        """Show the draft, or nothing."""
        show(self.widget, draft is not None)
        if draft is None:
            put(self.alerts, "")
            return
        session = self.shell.session
        formulary = session.hospital.formulary
        waiting = draft.unanswered
        advice = [a for a in draft.alerts if a.severity != "interruptive"]
        put(self.alerts, alert_pages.interrupting(waiting))
        show(self.alerts, bool(waiting))
        put(
            self.text,
            join(
                page.review(draft.order, session.patient(draft.order.patient), formulary),
                alert_pages.overridden(draft.overrides, draft.alerts, OVERRIDE_REASONS),
                alert_pages.advisory(advice),
            ),
        )
        mark(self.widget, "em-stop", bool(waiting))
        show(self.sign, not waiting)
        mark(self.cancel, "em-primary", bool(waiting))
        show(self.overrides, bool(waiting))
        while len(self.rows) < len(waiting):
            self.rows.append(OverrideRow(self.shell, self))
            self.overrides.children = [row.widget for row in self.rows]
        for index, row in enumerate(self.rows):
            row.show(waiting[index] if index < len(waiting) else None, len(waiting) > 1)

    def _sign(self) -> None:
        draft = self.shell.session.state.draft
        if draft is None:
            return
        self.shell.do("sign_order")
        name = words.order(draft.order, self.shell.session.hospital.formulary)
        self.entry.medicine.reset()
        self.shell.choose_task("")
        self.shell.say(f"Signed: {name}.{self.shell.done_words(draft.task)}")
        self.entry.after()

    def _cancel(self) -> None:
        if self.shell.session.state.draft is None:
            return
        self.shell.do("cancel_draft")
        self.entry.medicine.reset()
        self.shell.say("The order is cancelled. Nothing was ordered.")
        self.entry.after()

    def _change(self) -> None:
        draft = self.shell.session.state.draft
        if draft is None:
            return
        self.shell.do("cancel_draft")
        self.entry.open = "medicine"
        self.entry.medicine.take(draft)
        self.entry.refresh()
        self.shell.say("Change what you need, then check the order again.")
        self.entry.medicine.name.focus()


class OverrideRow:
    """Overriding one alert: a reason from the list and words of one's own."""

    def __init__(self, shell: "Shell", review: Review):
        self.shell, self.review = shell, review
        self.alert = ""
        self.label = html("em-override-label")
        self.reason = field(
            widgets.Dropdown, "Override, because", "em-reason-field",
            options=[("Select a reason…", ""), *((text, key) for key, text in OVERRIDE_REASONS.items())], value="",
        )  # fmt: skip
        self.note = field(widgets.Text, "In your own words", "em-reason-note")
        self.go = button("Override")
        self.go.on_click(shell.guarded(lambda _: self._override()))
        self.widget = box(self.label, self.reason, self.note, self.go, classes=("em-override", "em-off"))

    def show(self, alert: Any | None, named: bool) -> None:
        """Offer to override this alert; None for none."""
        show(self.widget, alert is not None)
        if alert is None:
            self.alert = ""
            return
        if alert.id != self.alert:
            self.alert = alert.id
            self.reason.value, self.note.value = "", ""
        put(self.label, el("p", el("b", alert.title)) if named else "")

    def _override(self) -> None:
        if not self.reason.value:
            self.reason.focus()
            raise ActionRefused("Choose a reason to override the alert.")
        if len(self.note.value.strip()) < 3:
            self.note.focus()
            raise ActionRefused("Say in your own words why you go on: the next reader needs to know.")
        self.shell.do("override_alert", alert=self.alert, reason=self.reason.value, note=self.note.value.strip())
        self.review.focus()
