"""The mailbox on the screen: choose a message, look at it closely, say what it is and what you do with it."""

import ipywidgets as widgets

from simemr.domain.actions.mail import ACTS, SIGNS, VERDICTS, Mail, Mailbox, Ours
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import mail as page
from simemr.html.escape import Markup, el
from simemr.view.light import make
from simemr.view.list_desk import ListDesk, choice
from simemr.view.parts import box, button, html


class MailDesk(ListDesk):
    """The messages, and the answer to the chosen one."""

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Mail))

    def every(self) -> list[str]:
        return [mail.id for mail in self.shell.scenario.of(Mail)]

    def _mail(self, item: str) -> Mail:
        return next(mail for mail in self.shell.scenario.of(Mail) if mail.id == item)

    def line(self, item: str) -> str:
        return page.line(self.shell.session, self._mail(item))

    def detail(self, item: str) -> Markup:
        return page.full(self.shell.session, self._mail(item))

    def is_done(self, item: str) -> bool:
        return item in self.shell.session.state.part(Mailbox).sorted

    def make_form(self) -> list[widgets.Widget]:
        self.verdict = choice("What is it?", "Choose", VERDICTS)
        self.signs = {
            key: make(widgets.Checkbox, "em-check", description=words, indent=False) for key, words in SIGNS.items()
        }
        self.act = choice("What do you do with it?", "Choose", ACTS)
        self.save = button("Keep this answer")
        self.save.on_click(self.shell.guarded(lambda _: self._save()))
        signs = box(
            html(value=el("h4", "What in it makes you wary? None, one or several")),
            *self.signs.values(),
            classes=("em-signs",),
        )
        return [self.verdict, signs, self.act, box(self.save, classes=("em-line",))]

    def fill(self, item: str) -> None:
        found = self.shell.session.state.part(Mailbox).sorted.get(item)
        self.verdict.value, self.act.value = (found.verdict, found.act) if found else ("", "")
        for key, tick in self.signs.items():
            tick.value = bool(found) and key in found.signs

    def first(self) -> widgets.Widget:
        return self.verdict

    def summary(self) -> Markup:
        found = self.every()
        done = sum(map(self.is_done, found))
        ours = "".join(f" Our own addresses all end in {one.ending}." for one in self.shell.scenario.of(Ours))
        text = f"{done} of {len(found)} judged.{ours} Nothing here can be clicked: each link shows where it would lead."
        return el("p", text)

    def _save(self) -> None:
        if not self.verdict.value:
            self.verdict.focus()
            raise ActionRefused("Choose what you take the message for.")
        if not self.act.value:
            self.act.focus()
            raise ActionRefused("Choose what you do with the message.")
        signs = [key for key, tick in self.signs.items() if tick.value]
        self.shell.do(
            "judge_mail", mail=self.chosen, verdict=self.verdict.value, signs=signs, act=self.act.value
        )  # fmt: skip
        self.answered("Kept.")
