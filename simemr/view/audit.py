"""The audit log on the screen: choose a row, judge it, say what in it tells you so."""

import ipywidgets as widgets

from simemr.domain.actions.audit import VERDICTS, WHYS, Audit, AuditRow
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import audit as page
from simemr.html.escape import Markup, el
from simemr.view.list_desk import ListDesk, choice
from simemr.view.parts import box, button


class AuditDesk(ListDesk):
    """The log's rows, and the judgement of the chosen one."""

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(AuditRow))

    def every(self) -> list[str]:
        return [row.id for row in self.shell.scenario.of(AuditRow)]

    def _row(self, item: str) -> AuditRow:
        return next(row for row in self.shell.scenario.of(AuditRow) if row.id == item)

    def line(self, item: str) -> str:
        return page.line(self.shell.session, self._row(item))

    def detail(self, item: str) -> Markup:
        return page.full(self.shell.session, self._row(item))

    def is_done(self, item: str) -> bool:
        return item in self.shell.session.state.part(Audit).judged

    def make_form(self) -> list[widgets.Widget]:
        self.verdict = choice("What should happen?", "Choose", VERDICTS)
        self.why = choice("What in the row tells you so?", "Choose", WHYS)
        self.save = button("Keep this judgement")
        self.save.on_click(self.shell.guarded(lambda _: self._save()))
        return [self.verdict, self.why, box(self.save, classes=("em-line",))]

    def fill(self, item: str) -> None:
        judged = self.shell.session.state.part(Audit).judged.get(item)
        self.verdict.value, self.why.value = (judged.verdict, judged.why) if judged else ("", "")

    def first(self) -> widgets.Widget:
        return self.verdict

    def summary(self) -> Markup:
        found = self.every()
        done = sum(map(self.is_done, found))
        text = (
            f"{done} of {len(found)} judged. The log shows who opened a record, and what the rota and the bed list say"
            " of their part in the care. It does not show what anybody thought."
        )
        return el("p", text)

    def after(self) -> Markup:
        return page.own(self.shell.session)

    def _save(self) -> None:
        for widget, words in ((self.verdict, "Choose what should happen."), (self.why, "Choose what tells you so.")):
            if not widget.value:
                widget.focus()
                raise ActionRefused(words)
        self.shell.do("judge_access", row=self.chosen, verdict=self.verdict.value, why=self.why.value)
        self.answered("Kept.")
