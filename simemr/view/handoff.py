"""Handing over with I-PASS on the screen: write four elements, give them, listen, correct."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.handoff import SEVERITIES, WHEN, Handoff, ReadBack, handoff_of, readback_of, sheet_of
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import handoff as page
from simemr.html.escape import el
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class HandoffPanel(Panel):
    """The handover of the open patient."""

    alone = True
    style = "handoff.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Handoff))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.none = html(value=page.nobody())
        self.heading = html()
        self.severity = field(
            widgets.Dropdown, "How ill is the patient?",
            options=[("Choose", ""), *((text, key) for key, text in SEVERITIES.items())], value="",
        )  # fmt: skip
        self.summary = field(widgets.Textarea, "Who this is, what happened, what matters now", rows=3)
        self.keep = button("Save these two")
        self.keep.on_click(shell.guarded(lambda _: self._keep()))
        self.what = field(widgets.Text, "What is to be done", "em-grow")
        self.when = field(
            widgets.Dropdown,
            "By when",
            options=[("Choose", ""), *((text, key) for key, text in WHEN.items())],
            value="",
        )
        self.add = button("Add to the action list")
        self.add.on_click(shell.guarded(lambda _: self._add()))
        self.if_ = field(widgets.Text, "If this happens", "em-grow")
        self.then = field(widgets.Text, "Then do this", "em-grow")
        self.plan = button("Add to the plan")
        self.plan.on_click(shell.guarded(lambda _: self._plan()))
        self.actions = Lines(shell.guarded(self._drop), "action")
        self.contingencies = Lines(shell.guarded(self._unplan), "plan")
        self.give = button("Give the handover", "em-primary")
        self.give.on_click(shell.guarded(lambda _: self._give()))
        self.form = box(
            box(html(value=page.element("severity")), self.severity, classes=("em-form-box",)),
            box(html(value=page.element("summary")), self.summary, box(self.keep, classes=("em-line",)),
                classes=("em-form-box",)),
            box(html(value=page.element("actions")), self.actions.widget,
                box(self.what, self.when, self.add, classes=("em-adding",)), classes=("em-form-box",)),
            box(html(value=page.element("contingencies")), self.contingencies.widget,
                box(self.if_, self.then, self.plan, classes=("em-adding",)), classes=("em-form-box",)),
            box(self.give, classes=("em-line",)),
            classes=("em-handoff-form",),
        )  # fmt: skip
        self.said = html("em-handoff-said")
        self.more = button("Say something more")
        self.more.on_click(shell.guarded(lambda _: self._more()))
        longest = max(
            (len([line for line in shell.scenario.of(ReadBack) if line.patient == h.patient])
             for h in shell.scenario.of(Handoff)), default=0,
        )  # fmt: skip
        self.cards = [Said(shell, self) for _ in range(longest)]
        self.close = button("Close the handover", "em-primary")
        self.close.on_click(shell.guarded(lambda _: self._close()))
        self.listening = box(
            html(value=page.element("synthesis")),
            html(value=el("p", "Listen to what was heard. Nod only to what is right.")),
            *(card.widget for card in self.cards), box(self.close, classes=("em-line",)),
            classes=("em-form-box", "em-listening"),
        )  # fmt: skip
        given = box(self.said, box(self.more, classes=("em-line",)), classes=("em-handoff-form",))
        self.given = given
        self.widget = box(self.none, self.heading, self.form, given, self.listening, classes=("em-handoff",))
        self._patient = ""
        self._again = False
        # what was typed and not saved, by patient: whoever looks into another record finds it again
        self._typed: dict[str, tuple[str, str]] = {}

    @property
    def patient(self) -> str:
        return self.shell.session.state.patient

    def _write(self) -> None:
        sheet = sheet_of(self.shell.session, self.patient)
        severity, summary = self.severity.value, self.summary.value.strip()
        if (severity, summary) == (sheet.severity, sheet.summary) and severity:
            return
        if not severity:
            self.severity.focus()
        elif len(summary) < 10:
            self.summary.focus()
        self.shell.do("write_handoff", patient=self.patient, severity=severity, summary=summary)

    def _keep(self) -> None:
        self._write()
        self.shell.say("Illness severity and patient summary are saved.")
        self.what.focus()

    def _add(self) -> None:
        if len(self.what.value.strip()) < 3:
            self.what.focus()
        elif not self.when.value:
            self.when.focus()
        self.shell.do("add_to_do", patient=self.patient, what=self.what.value.strip(), when=self.when.value)
        self.what.value, self.when.value = "", ""
        self.shell.say("It is on the action list.")
        self.what.focus()

    def _drop(self, number: int) -> None:
        self.shell.do("drop_to_do", patient=self.patient, number=number)
        self.shell.say("Taken off the action list.")
        self.what.focus()

    def _plan(self) -> None:
        if len(self.if_.value.strip()) < 3:
            self.if_.focus()
        elif len(self.then.value.strip()) < 3:
            self.then.focus()
        self.shell.do("add_contingency", patient=self.patient, if_=self.if_.value.strip(), then=self.then.value.strip())
        self.if_.value, self.then.value = "", ""
        self.shell.say("It is in the plan.")
        self.if_.focus()

    def _unplan(self, number: int) -> None:
        self.shell.do("drop_contingency", patient=self.patient, number=number)
        self.shell.say("Taken out of the plan.")
        self.if_.focus()

    def _give(self) -> None:
        self._write()
        if self.what.value.strip() or self.if_.value.strip() or self.then.value.strip():
            raise ActionRefused("Something is half written. Add it, or clear the field.")
        self.shell.do("give_handoff", patient=self.patient)
        self._again = False
        self.refresh()
        self.shell.say("You gave the handover. Now listen to what was heard.")
        if self.cards:
            self.cards[0].right.focus()

    def _more(self) -> None:
        self._again = True
        self.refresh()
        self.what.focus()

    def _close(self) -> None:
        self.shell.do("close_handoff", patient=self.patient)
        self.shell.say("The handover is closed: said, heard and said back.")
        self.close.focus()

    def reset(self) -> None:
        """Forget what was half written."""
        self._typed.clear()
        self._patient = ""
        self._load("")

    def _load(self, patient: str) -> None:
        """Take up what the patient's sheet says, or what was typed for it before."""
        self._again = False
        for widget in (self.what, self.if_, self.then):
            widget.value = ""
        self.when.value = ""
        for card in self.cards:
            card.reset()
        sheet = sheet_of(self.shell.session, patient) if patient else None
        saved = (sheet.severity, sheet.summary) if sheet else ("", "")
        self.severity.value, self.summary.value = self._typed.get(patient, saved)

    def refresh(self) -> None:
        """Show the sheet as it is."""
        session, patient = self.shell.session, self.patient
        if patient != self._patient:
            if self._patient:
                self._typed[self._patient] = (self.severity.value, self.summary.value)
            self._patient = patient
            self._load(patient)
        found = handoff_of(session, patient)
        show(self.none, found is None)
        show(self.heading, found is not None)
        if found is None:
            for part in (self.form, self.given, self.listening):
                show(part, False)
            return
        put(self.heading, page.heading(found))
        sheet = sheet_of(session, patient)
        writing = not sheet.given or self._again
        show(self.form, writing)
        show(self.given, not writing)
        show(self.listening, sheet.given)
        self.actions.refresh(page.to_dos(sheet.actions), len(sheet.actions))
        self.contingencies.refresh(page.contingencies(sheet.contingencies), len(sheet.contingencies))
        put(self.said, page.said(session, session.open_patient))
        lines = readback_of(session, patient) if sheet.given else []
        for index, card in enumerate(self.cards):
            card.show(lines[index] if index < len(lines) else None, found)
        mark(self.close, "em-primary", not sheet.closed)
        words = "The handover is closed" if sheet.closed else "Close the handover"
        if self.close.description != words:
            self.close.description = words
        again = "Give the handover again" if sheet.given else "Give the handover"
        if self.give.description != again:
            self.give.description = again


class Lines:
    """A numbered list, and a button to take each line out."""

    def __init__(self, drop: Callable[[int], None], name: str):
        self._drop, self._name = drop, name
        self.list = html()
        self.buttons = box(classes=("em-segments", "em-takeouts"))
        self._made: list[widgets.Button] = []
        self.widget = box(self.list, self.buttons)

    def refresh(self, listed: str, count: int) -> None:
        """Show so many lines."""
        put(self.list, listed)
        while len(self._made) < count:
            number = len(self._made) + 1
            made = button(f"Take out {self._name} {number}", "em-segment")
            made.on_click(lambda _, which=number: self._drop(which))
            self._made.append(made)
        wanted = tuple(self._made[:count])
        if self.buttons.children != wanted:
            self.buttons.children = wanted
        show(self.buttons, bool(count))


class Said:
    """One sentence of the receiver's with its two answers."""

    def __init__(self, shell: "Shell", panel: HandoffPanel):
        self.shell, self.panel = shell, panel
        self.line: ReadBack | None = None
        self.asking = False
        self.text = html()
        # neither answer is the prominent one: which is right is what the learner is asked
        self.right = button("That is right")
        self.right.on_click(shell.guarded(lambda _: self._answer("right")))
        self.wrong = button("Not right…")
        self.wrong.on_click(shell.guarded(lambda _: self._ask()))
        self.correction = field(widgets.Text, "What is right instead", "em-grow")
        self.send = button("Say it", "em-primary")
        self.send.on_click(shell.guarded(lambda _: self._answer("wrong")))
        self.ask = box(self.correction, self.send, classes=("em-adding", "em-off"))
        self.widget = box(
            self.text, box(self.right, self.wrong, classes=("em-line",)), self.ask,
            classes=("em-check-card", "em-off"),
        )  # fmt: skip

    def _ask(self) -> None:
        show(self.ask, True)
        self.correction.focus()

    def _answer(self, answer: str) -> None:
        if answer == "wrong" and len(self.correction.value.strip()) < 3:
            self.correction.focus()
        correction = self.correction.value.strip() if answer == "wrong" else ""
        self.shell.do(
            "answer_readback", patient=self.panel.patient, line=self.line.id, answer=answer, correction=correction
        )
        self.reset()
        self.panel.refresh()
        self.shell.say("You said that it is right." if answer == "right" else "You corrected it.")
        sheet = sheet_of(self.shell.session, self.panel.patient)
        left = [card for card in self.panel.cards if card.line is not None and card.line.id not in sheet.heard]
        (left[0].right if left else self.panel.close).focus()

    def reset(self) -> None:
        """Forget a half-written correction."""
        show(self.ask, False)
        self.correction.value = ""

    def show(self, line: ReadBack | None, found: Handoff) -> None:
        """Show this sentence; None for none."""
        show(self.widget, line is not None)
        self.line = line
        if line is None:
            return
        heard = sheet_of(self.shell.session, line.patient).heard.get(line.id)
        put(self.text, page.line(found, line) + page.heard(heard))
        mark(self.widget, "em-answered", heard is not None)
