"""Judging a treatment by the chart: the doses of each medicine counted, a conclusion, the next steps."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.response import NOT_GIVEN, Account, Conclusion, Course, Response, Step
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import administration as page
from simemr.html.escape import el, sign
from simemr.html.tables import empty
from simemr.view.light import make
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_MOST = 6


class ResponseReview(Panel):
    """The chart over several days with the blood pressure below it, and what the learner makes of it."""

    alone = True
    style = "administration.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Course))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        scenario = shell.scenario
        self.chart = html("em-mar-box")
        self.none = html()
        self.counts = [CourseCount(shell, course) for course in scenario.of(Course)]
        self.conclusions: dict[str, widgets.Button] = {}
        for each in scenario.of(Conclusion):
            self.conclusions[each.id] = button(each.text, "em-due")
            self.conclusions[each.id].on_click(shell.guarded(lambda _, chosen=each: self._conclude(chosen)))
        self.steps = {
            step.id: make(widgets.Checkbox, "em-check", description=step.text, indent=False)
            for step in scenario.of(Step)
        }
        self.save = button("Save these next steps", "em-primary")
        self.save.on_click(shell.guarded(lambda _: self._plan()))
        self.saved = html()
        self.form = box(
            html(value=el("h3", "What was really given?")), *(count.widget for count in self.counts),
            html(value=el("h3", "What do you conclude?")), *self.conclusions.values(),
            html(value=el("h3", "What do you do next? Tick all that you would do")), *self.steps.values(),
            box(self.save, classes=("em-line",)), self.saved, classes=("em-response",),
        )  # fmt: skip
        self.widget = box(
            html(value=el("h3", "Administration chart")), self.chart, self.none, self.form, classes=("em-round",)
        )
        self._patient = ""

    def reset(self) -> None:
        """Untick and empty everything."""
        self._patient = ""
        for tick in self.steps.values():
            tick.value = False
        for count in self.counts:
            count.reset()

    def refresh(self) -> None:
        """Show the open patient's chart and what was concluded."""
        session = self.shell.session
        patient = session.open_patient
        if patient is None:
            return
        mine = {course.patient for course in session.scenario.of(Course)}
        here = patient.id in mine
        put(self.chart, page.chart(session, patient))
        put(self.none, "" if here else empty("You are not asked to judge this patient's treatment."))
        show(self.none, not here)
        show(self.form, here)
        if not here:
            return
        state = session.state.part(Response)
        if self._patient != patient.id:
            self._patient = patient.id
            for step, tick in self.steps.items():
                tick.value = step in state.plans.get(patient.id, ())
        for count in self.counts:
            count.refresh(state.accounts.get(count.course.id))
        for each, chosen in self.conclusions.items():
            mark(chosen, "em-open", state.conclusions.get(patient.id) == each)
        planned = state.plans.get(patient.id, ())
        put(
            self.saved,
            el("p", sign("✓ "), f"{len(planned)} next step{'' if len(planned) == 1 else 's'} saved.", class_="em-done")
            if planned
            else "",
        )

    def _conclude(self, chosen: Conclusion) -> None:
        self.shell.do("conclude", patient=chosen.patient, conclusion=chosen.id)
        self.shell.say("Your conclusion is saved. You can change it until you hand in.")
        self.conclusions[chosen.id].focus()

    def _plan(self) -> None:
        steps = [step for step, tick in self.steps.items() if tick.value]
        self.shell.do("plan_steps", patient=self.shell.session.state.patient, steps=steps)
        self.shell.say("Your next steps are saved. You can change them until you hand in.")
        self.save.focus()


class CourseCount:
    """One medicine: how many doses were given, and why the others were not."""

    def __init__(self, shell: "Shell", course: Course):
        self.shell, self.course = shell, course
        until = f"{course.until:%H:%M}"
        self.given = field(
            widgets.Dropdown, f"{course.name}: doses given before {until} today", "em-half",
            options=[("Count them on the chart", -1), *((str(n), n) for n in range(_MOST + 1))], value=-1,
        )  # fmt: skip
        self.reason = field(
            widgets.Dropdown, f"{course.name}: why most of the others were not", "em-half",
            options=[("Choose the reason", ""), *((text, key) for key, text in NOT_GIVEN.items())], value="",
        )  # fmt: skip
        self.save = button(f"Save {course.name.lower()}")
        self.save.on_click(shell.guarded(lambda _: self._save()))
        self.word = html()
        self.widget = box(
            self.given, self.reason, box(self.save, self.word, classes=("em-line", "em-wide")), classes=("em-form",)
        )

    def reset(self) -> None:
        """Empty both fields."""
        self.given.value, self.reason.value = -1, ""

    def refresh(self, account: Account | None) -> None:
        """Show what was saved."""
        if account is None:
            put(self.word, "")
            return
        if self.given.value == -1 and not self.reason.value:
            self.given.value, self.reason.value = account.given, account.reason
        words = f"Saved: {account.given} given. {NOT_GIVEN[account.reason]}."
        put(self.word, el("p", sign("✓ "), words, class_="em-done"))

    def _save(self) -> None:
        if self.given.value < 0:
            self.given.focus()
            raise ActionRefused(f"Say how many doses of {self.course.name.lower()} were given.")
        if not self.reason.value:
            self.reason.focus()
        self.shell.do("account_for", course=self.course.id, given=self.given.value, reason=self.reason.value)
        self.shell.say(f"{self.course.name}: saved. You can change it until you hand in.")
        self.save.focus()
