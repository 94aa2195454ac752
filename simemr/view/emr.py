"""The record: banner, identity, tabs and their screens."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain import interruption
from simemr.domain.record import Hospital, Patient
from simemr.domain.scenario import TABS
from simemr.html import banner
from simemr.html.escape import Markup, el
from simemr.html.tabs import TABS as SCREENS
from simemr.view.light import make
from simemr.view.orders import OrderEntry
from simemr.view.panel import Panel
from simemr.view.panels import BELOW, PANELS
from simemr.view.parts import box, button, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


def _banner(patient: Patient, hospital: Hospital) -> str:
    unit = hospital.units.get(patient.unit)
    where = f"{patient.bed}, {unit.name}" if unit else patient.bed
    return banner.banner(patient, hospital.clock, where, hospital.patients)


# what the screen of a tab is made from, besides the patient: nothing a learner does changes these
_STILL = frozenset({"problems", "allergies", "results", "observations"})


class Chart:
    """The middle of the window: one patient's record."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        scenario = shell.scenario
        self._made: dict[tuple[str, str], tuple[Patient, str]] = {}
        self.banner = html("em-banner-box")
        self.identity = Identity(shell) if scenario.identity else None
        self.tabs: dict[str, widgets.Button] = {}
        for tab in scenario.tabs:
            self.tabs[tab] = button(TABS[tab], "em-tab")
            self.tabs[tab].on_click(shell.guarded(lambda _, name=tab: self._open_tab(name)))
        self.strip = box(*self.tabs.values(), classes=("em-tabs",))
        self.screen = html("em-screen")
        self.panels: list[tuple[str, Panel]] = [
            (tab, kind(shell)) for tab, kind in PANELS if tab in scenario.tabs and kind.wanted(scenario)
        ]
        self.orders = next((panel for _, panel in self.panels if isinstance(panel, OrderEntry)), None)
        # where a panel is the whole tab, the picture would say everything twice
        self.alone = {tab for tab, panel in self.panels if panel.alone}
        self.below: list[Panel] = [kind(shell) for kind in BELOW if kind.wanted(scenario)]
        parts = [*(panel.widget for _, panel in self.panels), self.screen, *(panel.widget for panel in self.below)]
        self.body = box(*parts, classes=("em-body",))
        children = [self.banner]
        if self.identity is not None:
            children.append(self.identity.widget)
        self.widget = box(*children, self.strip, self.body, classes=("em-card", "em-record"))

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
        if self.identity is not None:
            self.identity.reset()
        for panel in (*(panel for _, panel in self.panels), *self.below):
            panel.reset()

    def refresh(self) -> None:
        """Show the open record's open screen."""
        state = self.shell.session.state
        patient = self.shell.session.open_patient
        for name, tab in self.tabs.items():
            mark(tab, "em-open", name == state.tab)
        for widget in (self.strip, self.body):
            show(widget, patient is not None)
        if self.identity is not None:
            self.identity.refresh()
        if patient is None:
            put(self.banner, banner.nobody())
            return
        put(self.banner, self._once(patient, "banner", self._banner))
        show(self.screen, state.tab not in self.alone)
        if state.tab not in self.alone:
            put(self.screen, self._screen(patient, state.tab))
        for tab, panel in self.panels:
            show(panel.widget, state.tab == tab)
            if state.tab == tab:
                panel.refresh()
        for panel in self.below:
            panel.refresh()

    def _once(self, patient: Patient, name: str, make: Callable[[Patient], str]) -> str:
        """Make what only the patient's record can change once for each state of that record."""
        made = self._made.get((patient.id, name))
        if made is None or made[0] is not patient:
            made = self._made[patient.id, name] = (patient, make(patient))
        return made[1]

    def _screen(self, patient: Patient, tab: str) -> str:
        session = self.shell.session
        if tab in _STILL:
            return self._once(patient, tab, lambda person: SCREENS[tab](session, person))
        return SCREENS[tab](session, patient)

    def _banner(self, patient: Patient) -> str:
        return _banner(patient, self.shell.session.hospital)


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
        if interruption.waiting(self.shell.session) is None:
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
        if confirmed is not None:
            # asked again, for instance after an interruption, the boxes are empty
            self.reset()
            self._patient = state.patient
        show(self.widget, bool(state.patient))
        show(self.ask, confirmed is None)
        put(self.done, banner.identity(confirmed) if confirmed else Markup(""))
