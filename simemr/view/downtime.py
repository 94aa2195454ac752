"""Downtime on the screen: the banner over everything, and the kit with what happens and the paper form."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.downtime import CROSSED, KINDS, read_time, row_of, rows
from simemr.domain.downtime import Happening, Outage, Paper, PaperRow, outage
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import downtime as page
from simemr.html.escape import Markup, el
from simemr.view.light import make
from simemr.view.list_desk import ListDesk, choice
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class DowntimeBanner(Panel):
    """Over every screen: the outage is announced, the EMR is down, or it is back."""

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Outage))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.text = html()
        self.start = button("Go over to paper")
        self.start.on_click(shell.guarded(lambda _: self._start()))
        self.kit = button("Open the kit")
        self.kit.on_click(shell.guarded(lambda _: self._kit()))
        self.acts = box(self.start, self.kit, classes=("em-line",))
        self.widget = box(self.text, self.acts, classes=("em-card", "em-call", "em-outage"))

    def _start(self) -> None:
        self.shell.do("start_downtime")
        self.shell.say("The EMR is down. Take the paper form out of the kit.")
        if self.shell.session.state.desk == "downtime":
            self._first()
        else:
            self.kit.focus()

    def _kit(self) -> None:
        if self.shell.session.state.desk != "downtime":
            self.shell.do("open_desk", desk="downtime")
        self._first()

    def _first(self) -> None:
        panel = next((p for name, p in self.shell.desk.panels if name == "downtime"), None)
        if panel is not None and panel.here():
            panel.rows[panel.here()[0]].focus()

    def reset(self) -> None:
        """Nothing is half written here."""

    def refresh(self) -> None:
        """Say where the outage stands."""
        session = self.shell.session
        phase = session.state.part(Paper).phase
        put(self.text, page.banner(session, outage(session)))
        show(self.start, phase == "up")
        leads = phase != "up" and session.state.desk != "downtime"
        show(self.kit, leads)
        show(self.acts, leads or phase == "up")
        mark(self.widget, "em-waiting-call", phase == "down")


class DowntimeKit(ListDesk):
    """While it is down: what happens, and the form. When it is back: the form's rows, each to enter or cross off."""

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Outage))

    def every(self) -> list[str]:
        scenario = self.shell.scenario
        return [*(found.id for found in scenario.of(Happening)), *(row.id for row in scenario.of(PaperRow))]

    @property
    def phase(self) -> str:
        return self.shell.session.state.part(Paper).phase

    def here(self) -> list[str]:
        if self.phase == "down":
            return [found.id for found in self.shell.scenario.of(Happening)]
        return rows(self.shell.session) if self.phase == "back" else []

    def _happening(self, item: str) -> Happening:
        return next(found for found in self.shell.scenario.of(Happening) if found.id == item)

    def line(self, item: str) -> str:
        session = self.shell.session
        if self.phase == "back":
            return page.row_line(session, item)
        return page.happening_line(session, self._happening(item))

    def detail(self, item: str) -> Markup:
        session = self.shell.session
        if self.phase == "back":
            return page.row_full(session, item)
        return page.happening(session, self._happening(item))

    def is_done(self, item: str) -> bool:
        paper = self.shell.session.state.part(Paper)
        return item in (paper.entries if self.phase == "back" else paper.written)

    def make_form(self) -> list[widgets.Widget]:
        on = self.shell.guarded
        people = sorted(self.shell.session.hospital.patients.values(), key=lambda p: p.display_name)
        self.kind = choice("What kind of entry is it?", "Choose", KINDS)
        self.kind.observe(on(lambda _: self._chosen()), "value")
        self.time = field(widgets.Text, "Time it happened", placeholder="14:05")
        self.patient = choice("Name", "Choose the patient", {p.id: p.display_name for p in people})
        self.second = field(widgets.Text, "Second identifier: hospital number or date of birth")
        self.what = field(widgets.Textarea, "What, and by whom", rows=2)
        self.write = button("Write it on the form")
        self.write.on_click(on(lambda _: self._write()))
        self.rest = box(
            box(self.time, self.patient, classes=("em-two-fields",)), self.second, self.what, classes=("em-paper",)
        )
        self.paper = box(self.kind, self.rest, box(self.write, classes=("em-line",)), classes=("em-paper",))

        self.entry_time = field(widgets.Text, "Time that the entry carries", placeholder="14:05")
        self.late = make(
            widgets.Checkbox, "em-check", description="Mark it as entered afterwards from the paper form", indent=False
        )
        self.enter = button("Enter it into the record")
        self.enter.on_click(on(lambda _: self._enter()))
        self.why = choice("Or do not enter it, because", "Choose why not", CROSSED)
        self.cross = button("Cross it off")
        self.cross.on_click(on(lambda _: self._cross()))
        self.record = button("Open the record")
        self.record.on_click(on(lambda _: self._record()))
        self.again = button("Take that back")
        self.again.on_click(on(lambda _: self._again()))
        self.choices = box(
            self.entry_time, self.late, box(self.enter, self.record, classes=("em-line",)), self.why,
            box(self.cross, classes=("em-line",)), classes=("em-paper",),
        )  # fmt: skip
        self.back = box(self.choices, box(self.again, classes=("em-line",)), classes=("em-paper",))

        self.end = button("Look whether the EMR is back")
        self.end.on_click(on(lambda _: self._end()))
        return [self.paper, self.back, self.end]

    def fill(self, item: str) -> None:
        found = self.shell.session.state.part(Paper).written.get(item)
        self.kind.value = found.kind if found else ""
        self.time.value, self.patient.value = (found.time, found.patient) if found else ("", "")
        self.second.value, self.what.value = (found.second, found.what) if found else ("", "")
        self.entry_time.value, self.late.value, self.why.value = "", False, ""
        self._chosen()

    def _chosen(self) -> None:
        show(self.rest, self.kind.value not in ("", "nothing"))

    def first(self) -> widgets.Widget:
        if self.phase == "down":
            return self.kind
        return self.again if self.is_done(self.chosen) else self.entry_time

    def summary(self) -> Markup:
        texts = {
            "up": "In the kit: forms for eight hours, a pen on a string, this page's telephone numbers. When the EMR"
            " stops, go over to paper.",
            "down": "What happens on the ward, as it happens. Write on the form what belongs there: time, name and a"
            " second identifier, what and by whom. The copy of the record can be read in the ward list.",
            "back": "The paper form: your sheet and the sheet of a colleague who is away. Compare it with the record"
            " before you enter anything.",
        }
        return el("p", texts[self.phase])

    def refresh(self) -> None:
        """Show the list, and the form that fits the phase."""
        super().refresh()
        show(self.paper, self.phase == "down")
        show(self.back, self.phase == "back")
        done = bool(self.chosen) and self.is_done(self.chosen)
        show(self.choices, not done)
        show(self.again, done)
        written = all(map(self.is_done, self.here()))
        show(self.end, self.phase == "down" and written)
        mark(self.end, "em-primary", written)

    def _write(self) -> None:
        kind = self.kind.value
        args = {"happening": self.chosen, "kind": kind}
        if kind and kind != "nothing":
            for widget, fits, words in (
                (self.time, read_time(self.time.value), "Write the time at which it happened, such as 14:05."),
                (self.patient, self.patient.value, "Choose whose entry it is."),
                (self.second, self.second.value.strip(), "Write a second identifier beside the name."),
                (self.what, len(self.what.value.strip()) >= 3, "Write in a few words what it was."),
            ):
                if not fits:
                    widget.focus()
                    raise ActionRefused(words)
            args |= {"time": self.time.value, "patient": self.patient.value}
            args |= {"second": self.second.value, "what": self.what.value}
        self.shell.do("write_paper", **args)
        self.answered("Written." if kind != "nothing" else "Left off the form.")
        if all(map(self.is_done, self.here())):
            self.end.focus()

    def _end(self) -> None:
        self.shell.do("end_downtime")
        self.chosen = ""
        self.refresh()
        self.shell.say("The EMR is back. Now the paper goes into it, and nothing twice.")
        self.rows[self.here()[0]].focus()

    def _enter(self) -> None:
        if not read_time(self.entry_time.value):
            self.entry_time.focus()
            raise ActionRefused("Write the time that the entry carries, such as 14:05.")
        self.shell.do("enter_row", row=self.chosen, time=self.entry_time.value, late=int(self.late.value))
        self.answered("Entered.")

    def _cross(self) -> None:
        if not self.why.value:
            self.why.focus()
            raise ActionRefused("Choose why it is not entered.")
        self.shell.do("cross_off", row=self.chosen, why=self.why.value)
        self.answered("Crossed off.")

    def _again(self) -> None:
        self.shell.do("take_row_back", row=self.chosen)
        self.fill(self.chosen)
        self.shell.say("Taken back.")
        self.entry_time.focus()

    def _record(self) -> None:
        self.shell.open_patient(row_of(self.shell.session, self.chosen).patient)
        self.shell.chart.focus_tab()
