"""The results inbox: a list to choose from, and what can be done with the chosen thing."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.deterioration import ObservationSet
from simemr.domain.actions.inbox import BY_MESSAGE, BY_VOICE, DUE, OWNERS, Arrival, Inbox
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import inbox as page
from simemr.html import words
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_FIRST = {"result": "seen", "call": "write", "pending": "own"}


class InboxPanel(Panel):
    """The whole desk. No answer is the prominent one: which fits is what the learner is asked."""

    alone = True
    style = "inbox.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(Arrival))

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.chosen = ""
        self.form = ""
        self.count = html()
        self.rows: dict[str, widgets.Button] = {}
        for item in page.items(shell.session):
            row = button(page.line(shell.session, item), "em-inbox-row")
            row.on_click(shell.guarded(lambda _, item_id=item.id: self._choose(item_id)))
            self.rows[item.id] = row
        self.full = html("em-inbox-full")
        self._make_acts()
        self._make_forms()
        card = box(self.full, self.acts, *self.forms.values(), classes=("em-inbox-card",))
        self.card = card
        self.widget = box(self.count, box(*self.rows.values(), classes=("em-inbox-list",)), card, classes=("em-inbox",))

    def _make_acts(self) -> None:
        on = self.shell.guarded
        self.seen = button("Seen, nothing to do now")
        self.seen.on_click(on(lambda _: self._seen()))
        self.asks = {
            "write": button("Write it down…"),
            "own": button("Give it an owner…"),
            "act": button("Act on it…"),
            "escalate": button("Escalate by voice…"),
            "forward": button("Hand it on by message…"),
        }
        for name, ask in self.asks.items():
            ask.on_click(on(lambda _, form=name: self._ask(form)))
        self.read = button("Read it back to the laboratory", "em-primary")
        self.read.on_click(on(lambda _: self._read_back()))
        self.again = button("Take my answer back")
        self.again.on_click(on(lambda _: self._reopen()))
        self.record = button("Open the record")
        self.record.on_click(on(lambda _: self._open()))
        self.next = button("Next one")
        self.next.on_click(on(lambda _: self._next()))
        self.acts = box(
            self.read, self.asks["write"], self.asks["own"], self.seen, self.asks["act"], self.asks["escalate"],
            self.asks["forward"], self.record, self.again, self.next, classes=("em-line",),
        )  # fmt: skip

    def _make_forms(self) -> None:
        people = sorted(self.shell.session.hospital.patients.values(), key=lambda p: p.display_name)
        names = [(f"{p.display_name}, {words.hospital_number(p.hospital_number)}", p.id) for p in people]
        self.fields = {
            "patient": field(widgets.Dropdown, "Whose result it is", options=[("Choose the patient", ""), *names]),
            "value": field(widgets.Text, "The number, as you heard it"),
            "owner": _choice("Who looks for the result", "Choose the owner", OWNERS),
            "days": field(
                widgets.Dropdown, "When", options=[("Choose when", 0), *((text, days) for days, text in DUE.items())]
            ),
            "plan": field(widgets.Textarea, "What happens then, and who tells the patient", rows=3),
            "do": field(widgets.Textarea, "What you do about it", rows=3),
            "ring": _choice("Whom you ring", "Choose whom you ring", BY_VOICE),
            "say": field(
                widgets.Textarea, "What you say", rows=4,
                placeholder="Who you are and about whom; what is wrong; what you think; what you ask for.",
            ),
            "to": _choice("To whom", "Choose to whom", BY_MESSAGE),
            "message": field(widgets.Textarea, "Your message", rows=3),
        }  # fmt: skip
        self.forms = {
            "write": self._form(("patient", "value"), "Write this down", self._write),
            "own": self._form(("owner", "days", "plan"), "Keep this owner and plan", self._own),
            "act": self._form(("do",), "Write down what you do", self._act),
            "escalate": self._form(("ring", "say"), "Ring now", self._escalate),
            "forward": self._form(("to", "message"), "Send the message", self._forward),
        }

    def _form(self, names: tuple[str, ...], words_: str, done) -> widgets.Box:
        go = button(words_, "em-primary")
        go.on_click(self.shell.guarded(lambda _: done()))
        back = button("Back")
        back.on_click(self.shell.guarded(lambda _: self._back()))
        fields = [self.fields[name] for name in names]
        return box(*fields, box(go, back, classes=("em-line",)), classes=("em-form-box", "em-off"))

    # ---- choosing

    def _item(self) -> page.Item:
        return next(item for item in page.items(self.shell.session) if item.id == self.chosen)

    def _choose(self, item_id: str) -> None:
        self.chosen, self.form = item_id, ""
        self._clear()
        self.refresh()
        item = self._item()
        first = self.record if isinstance(item, ObservationSet) else self._first_act(item)
        first.focus()

    def _first_act(self, item: Arrival) -> widgets.Button:
        if page.is_done(self.shell.session, item):
            return self.next
        name = _FIRST[item.kind]
        if name == "write" and item.id in self.shell.session.state.part(Inbox).written:
            return self.read
        return self.asks.get(name, self.seen)

    def _next(self) -> None:
        session = self.shell.session
        ids = [item.id for item in page.items(session)]
        at = ids.index(self.chosen)
        waiting = {item.id for item in page.items(session) if not page.is_done(session, item)}
        following = next((i for i in (*ids[at + 1 :], *ids[:at]) if i in waiting), None)
        if following is None:
            self.shell.say("Everything in the inbox is answered.")
            self.rows[self.chosen].focus()
            return
        self._choose(following)

    def _open(self) -> None:
        item = self._item()
        if item.patient not in self.shell.session.hospital.patients:
            raise ActionRefused("This patient's record is not on your ward's list any more.")
        self.shell.open_patient(item.patient)
        if isinstance(item, ObservationSet) and self.shell.session.state.tab != "observations":
            self.shell.do("open_tab", tab="observations")
        self.shell.chart.focus_tab()

    # ---- answering

    def _ask(self, form: str) -> None:
        self.form = form
        self.refresh()
        self.forms[form].children[0].focus()

    def _back(self) -> None:
        ask = self.asks[self.form]
        self.form = ""
        self.refresh()
        ask.focus()

    def _seen(self) -> None:
        self._do("acknowledge_result", "Seen")

    def _act(self) -> None:
        self._do("act_on_result", "Written down", words=self.fields["do"].value)

    def _escalate(self) -> None:
        self._do("escalate_result", "You rang", to=self.fields["ring"].value, words=self.fields["say"].value)

    def _forward(self) -> None:
        self._do("forward_result", "Handed on", to=self.fields["to"].value, words=self.fields["message"].value)

    def _own(self) -> None:
        given = {name: self.fields[name].value for name in ("owner", "days", "plan")}
        self._do("own_pending", "It has an owner", **given)

    def _reopen(self) -> None:
        self.shell.do("reopen_result", item=self.chosen)
        self.shell.say("Your answer is taken back.")
        self.seen.focus()

    def _do(self, action: str, said: str, **args) -> None:
        item = self._item()
        self.shell.do(action, item=item.id, **args)
        self.form = ""
        self._clear()
        self.refresh()
        what = " · ".join(page.line(self.shell.session, item).split(" · ")[1:3])
        self.shell.say(f"{said}: {what}.")
        self.next.focus()

    def _write(self) -> None:
        patient, typed = self.fields["patient"].value, self.fields["value"].value
        if not patient:
            self.fields["patient"].focus()
            raise ActionRefused("Choose whose result it is.")
        try:
            value = float(typed.strip().replace(",", "."))
        except ValueError:
            self.fields["value"].focus()
            raise ActionRefused("Write the result as a number, such as 4.1.") from None
        self.shell.do("write_down_call", item=self.chosen, patient=patient, value=value)
        self.form = ""
        self.refresh()
        self.shell.say("Written down. The laboratory is still on the line.")
        self.read.focus()

    def _read_back(self) -> None:
        try:
            self.shell.do("read_back_call", item=self.chosen)
        except ActionRefused:
            self._ask("write")
            raise
        self.shell.say("Read back, and right. Now: who has to know?")
        self.asks["escalate"].focus()

    # ---- showing

    def _clear(self) -> None:
        for widget in self.fields.values():
            widget.value = widget.options[0][1] if isinstance(widget, widgets.Dropdown) else ""

    def reset(self) -> None:
        """Choose nothing, write nothing."""
        self.chosen, self.form = "", ""
        self._clear()

    def refresh(self) -> None:
        """Show the lines as they are now, and the chosen thing."""
        session = self.shell.session
        put(self.count, page.progress(session))
        found = page.items(session)
        for item in found:
            row, text = self.rows[item.id], page.line(session, item)
            if row.description != text:
                row.description = text
            mark(row, "em-open", item.id == self.chosen)
            mark(row, "em-answered", page.is_done(session, item))
            mark(row, "em-critical-row", page.is_critical(session, item))
            mark(row, "em-call-row", getattr(item, "kind", "") == "call")
        show(self.card, bool(self.chosen))
        if self.chosen:
            self._show_chosen(next(item for item in found if item.id == self.chosen))

    def _show_chosen(self, item: page.Item) -> None:
        session = self.shell.session
        put(self.full, page.chosen(session, item))
        is_set = isinstance(item, ObservationSet)
        kind = "set" if is_set else item.kind
        inbox = session.state.part(Inbox)
        written = inbox.written.get(item.id)
        answers = inbox.answers.get(item.id, ())
        answerable = kind == "result" or kind == "call" and written is not None
        show(self.asks["write"], kind == "call" and (written is None or not written.read_back))
        show(self.read, kind == "call" and written is not None and not written.read_back)
        show(self.asks["own"], kind == "pending")
        for act in (self.seen, self.asks["act"], self.asks["escalate"], self.asks["forward"]):
            show(act, answerable)
        show(self.seen, answerable and not answers)
        show(self.again, bool(answers))
        show(self.record, kind != "call" or written is not None)
        self.record.description = "Score it in the record" if is_set else "Open the record"
        mark(self.record, "em-primary", is_set and not page.is_done(session, item))
        show(self.next, page.is_done(session, item))
        show(self.acts, not self.form)
        for name, form in self.forms.items():
            show(form, name == self.form)


def _choice(label: str, first: str, choices: dict[str, str]) -> widgets.Dropdown:
    made = field(widgets.Dropdown, label)
    options(made, [(first, ""), *((text, key) for key, text in choices.items())], "")
    return made
