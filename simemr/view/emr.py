"""The record: banner, identity, tabs and their screens."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.record import Hospital, Patient
from simemr.domain.scenario import Task
from simemr.html import allergies, banner, medicines, notes, observations, problems, results, summary
from simemr.html import orders as order_pages
from simemr.html.escape import Markup, el
from simemr.view.light import make
from simemr.view.notes import NoteEntry
from simemr.view.orders import OrderEntry
from simemr.view.parts import box, button, html, mark, put, show
from simemr.view.questions_panel import questions_panel
from simemr.view.verification import Checks

if TYPE_CHECKING:
    from simemr.view.shell import Shell

TITLES = {
    "summary": "Summary", "problems": "Problems", "allergies": "Allergies", "medicines": "Medicines",
    "orders": "Orders", "results": "Results", "observations": "Observations", "notes": "Notes",
}  # fmt: skip


def _banner(patient: Patient, hospital: Hospital) -> str:
    unit = hospital.units.get(patient.unit)
    return banner.banner(patient, hospital.clock, f"{patient.bed}, {unit.name}" if unit else patient.bed)


# what nothing a learner does can change
_STILL = {
    "banner": _banner,
    "problems": lambda p, h: problems.screen(p.problems, h.clock),
    "allergies": lambda p, h: allergies.screen(p),
    "results": lambda p, h: results.screen(p, h.tests, h.clock),
    "observations": lambda p, h: observations.screen(p, h.clock),
}
_ORDERING = frozenset({"draft_order", "sign_order", "cancel_draft", "override_alert", "order_test", "stop_order"})


class Chart:
    """The middle of the window: one patient's record."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        scenario = shell.scenario
        self._made: dict[tuple[str, str], str] = {}
        self.banner = html("em-banner-box")
        self.identity = Identity(shell) if scenario.identity else None
        self.tabs: dict[str, widgets.Button] = {}
        for tab in scenario.tabs:
            self.tabs[tab] = button(TITLES[tab], "em-tab")
            self.tabs[tab].on_click(shell.guarded(lambda _, name=tab: self._open_tab(name)))
        self.strip = box(*self.tabs.values(), classes=("em-tabs",))
        self.screen = html("em-screen")
        actions = _actions(scenario.tasks)
        writes = scenario.role == "doctor" or any(t.kind == "order" for t in scenario.tasks) or actions & _ORDERING
        self.orders = OrderEntry(shell) if writes and "orders" in scenario.tabs else None
        self.checks = Checks(shell) if scenario.orders else None
        self.note = NoteEntry(shell) if "write_note" in actions else None
        panels = [p.widget for p in (self.checks, self.orders, self.note) if p is not None]
        self.body = box(*panels, self.screen, classes=("em-body",))
        children = [self.banner]
        if self.identity is not None:
            children.append(self.identity.widget)
        record = box(*children, self.strip, self.body, classes=("em-card", "em-record"))
        asked = questions_panel(shell)
        self.widget = box(record, *([asked] if asked is not None else []), classes=("em-middle",))

    def _open_tab(self, tab: str) -> None:
        if self.shell.session.state.tab != tab:
            self.shell.do("open_tab", tab=tab)

    def focus_tab(self) -> None:
        """Put the focus on the open tab: what had it is gone."""
        tab = self.tabs.get(self.shell.session.state.tab)
        if tab is not None:
            tab.focus()

    def task_chosen(self, task_id: str) -> None:
        """Tell the order form which task is chosen."""
        if self.orders is not None:
            self.orders.task_chosen(task_id)

    def write_order(self) -> None:
        """Go to the order form."""
        self._open_tab("orders")
        if self.orders is not None:
            self.orders.begin()

    def reset(self) -> None:
        """Forget what was half written: another attempt begins."""
        for part in (self.identity, self.orders, self.checks, self.note):
            if part is not None:
                part.reset()

    def refresh(self) -> None:
        """Show the open record's open screen."""
        session = self.shell.session
        state, hospital = session.state, session.hospital
        patient = hospital.patients.get(state.patient)
        for name, tab in self.tabs.items():
            mark(tab, "em-open", name == state.tab)
        for widget in (self.strip, self.body):
            show(widget, patient is not None)
        if self.identity is not None:
            self.identity.refresh()
        if patient is None:
            put(self.banner, banner.nobody())
            return
        put(self.banner, self._once(patient, "banner"))
        put(self.screen, self._screen(state.tab))
        for panel, tab in ((self.orders, "orders"), (self.checks, "orders"), (self.note, "notes")):
            if panel is not None:
                show(panel.widget, state.tab == tab)
                if state.tab == tab:
                    panel.refresh()

    def _once(self, patient: Patient, name: str) -> str:
        """Make what nothing can change only once a patient."""
        key = (patient.id, name)
        if key not in self._made:
            self._made[key] = _STILL[name](patient, self.shell.session.hospital)
        return self._made[key]

    def _screen(self, tab: str) -> str:
        session = self.shell.session
        state, hospital = session.state, session.hospital
        patient, formulary, clock = hospital.patients[state.patient], hospital.formulary, hospital.clock
        if tab in _STILL:
            return self._once(patient, tab)
        orders = [o for o in state.orders.values() if o.patient == patient.id]
        written = [note for owner, note in state.notes if owner == patient.id]
        if tab == "medicines":
            return medicines.screen(patient, orders, formulary, clock)
        if tab == "orders":
            asked = [t for t in state.tests_ordered if t.patient == patient.id]
            return order_pages.active(
                [o for o in orders if o.status == "active"], asked, formulary, hospital.tests, clock
            )
        if tab == "notes":
            return notes.screen([*patient.notes, *written], clock)
        return summary.screen(patient, orders, [*patient.notes, *written], hospital.tests, formulary, clock)


def _actions(tasks: Iterable[Task]) -> set[str]:
    """The actions that tasks wait for."""
    found: set[str] = set()
    for task in tasks:
        action = task.done.get("action")
        found.update(action if isinstance(action, list) else [action] if action else [])
    return found


class Identity:
    """Asks which two identifiers were compared before anything is written in the record."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        names = {**{key: words.capitalize() for key, words in banner.IDENTIFIERS.items()}, "bed": "Bed"}
        self.boxes = {
            key: make(widgets.Checkbox, "em-check", description=words, indent=False) for key, words in names.items()
        }
        self.confirm = button("Confirm who this is", "em-primary")
        self.confirm.on_click(shell.guarded(lambda _: self._confirm()))
        about = "Before you write in this record, say which identifiers you compared with the request. It takes two."
        intro = el("div", el("h3", "Is this the right patient?"), el("p", about))
        answer = box(*self.boxes.values(), self.confirm, classes=("em-line",))
        self.ask = box(html(value=intro), answer, classes=("em-identity",))
        self.done = html("em-confirmed-box")
        self.widget = box(self.ask, self.done)
        self._patient = ""

    def _confirm(self) -> None:
        patient = self.shell.session.state.patient
        chosen = [key for key, tick in self.boxes.items() if tick.value]
        self.shell.do("confirm_identity", patient=patient, identifiers=chosen)
        self.shell.say("Identity confirmed. You can write in this record now.")
        self.shell.chart.focus_tab()

    def reset(self) -> None:
        """Untick all."""
        self._patient = ""
        for tick in self.boxes.values():
            tick.value = False

    def refresh(self) -> None:
        """Ask, or show what was confirmed."""
        state = self.shell.session.state
        if state.patient != self._patient:
            self.reset()
            self._patient = state.patient
        confirmed = state.confirmed.get(state.patient)
        show(self.widget, bool(state.patient))
        show(self.ask, confirmed is None)
        put(self.done, banner.identity(confirmed) if confirmed else Markup(""))
