"""The problem list as work: choose a line to code and date, merge, resolve or take off; add what is missing."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain import codes
from simemr.domain.actions.problems import REMOVALS, ListedProblem, ProblemList
from simemr.domain.record import Problem
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused
from simemr.html import problems as page
from simemr.html.escape import el
from simemr.view.panel import Panel, actions
from simemr.view.parts import box, button, field, html, mark, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_EDITING = frozenset({"add_problem", "edit_problem", "merge_problem", "resolve_problem", "remove_problem"})
_WHEN = "2019 or 8 March 2019"


class ProblemEditor(Panel):
    """The list to the left, what can be done with the chosen line to the right."""

    alone = True
    style = "problems.css"

    @classmethod
    def wanted(cls, scenario: Scenario) -> bool:
        return bool(scenario.of(ListedProblem) or actions(scenario) & _EDITING)

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.lines: list[tuple[widgets.Box, widgets.Button, widgets.HTML]] = []
        self._shown: list[Problem] = []
        self._patient = ""
        self.chosen = ""
        self.title = html()
        self.add = button("Add a problem")
        self.add.on_click(shell.guarded(lambda _: self._begin_adding()))
        self.list = box(classes=("em-reach-list",))
        self.adding = AddForm(shell, self)
        self.work = Work(shell, self)
        self.hint = html("em-problem-hint", value=el("p", "Choose a problem from the list to work on it."))
        side = box(self.hint, self.work.widget, self.adding.widget, classes=("em-problem-side",))
        self.gone = html()
        self.back = field(widgets.Dropdown, "Put back on the list", options=[("Choose what to put back", "")], value="")
        self.restore = button("Put it back")
        self.restore.on_click(shell.guarded(lambda _: self._restore()))
        self.undo = box(self.back, self.restore, classes=("em-line", "em-problem-undo"))
        head = box(self.title, self.add, classes=("em-line", "em-problem-head"))
        both = box(self.list, side, classes=("em-problems",))
        self.widget = box(head, both, self.gone, self.undo, classes=("em-problem-editor",))

    def _line(self) -> None:
        index = len(self.lines)
        name, around = button("", "em-reach-name"), html("em-problem-around")
        name.on_click(self.shell.guarded(lambda _: self._choose(index)))
        self.lines.append((box(name, around, classes=("em-reach",)), name, around))
        self.list.children = [row for row, _, _ in self.lines]

    def _choose(self, index: int) -> None:
        self.chosen = self._shown[index].id
        show(self.adding.widget, False)
        self.work.open("code")
        self.refresh()
        self.work.focus()

    def _begin_adding(self) -> None:
        self.chosen = ""
        show(self.adding.widget, True)
        self.refresh()
        self.adding.text.focus()

    def _restore(self) -> None:
        if not self.back.value:
            self.back.focus()
            raise ActionRefused("Choose what to put back.")
        name = self.back.label
        self.shell.do("restore_problem", patient=self.shell.session.state.patient, problem=self.back.value)
        self.shell.say(f"Back on the list: {name}.")
        self.add.focus()

    def done(self, words: str, keep: bool = False) -> None:
        """Say what happened. The next line is chosen by the learner, unless they are still at this one."""
        if not keep:
            self.chosen = ""
        show(self.adding.widget, False)
        self.refresh()
        self.shell.say(words)
        name = next((n for p, (_, n, _) in zip(self._shown, self.lines, strict=False) if p.id == self.chosen), None)
        (name or self.add).focus()

    def reset(self) -> None:
        """Choose nothing, empty the forms."""
        self.chosen = self._patient = ""
        self.work.reset()
        self.adding.reset()
        show(self.adding.widget, False)

    def refresh(self) -> None:
        """Show the open patient's list as it is now."""
        session = self.shell.session
        patient = session.open_patient
        if patient is None:
            return
        if patient.id != self._patient:
            self.reset()
            self._patient = patient.id
        clock, known = session.hospital.clock, codes.offered()
        self._shown = [p for p in patient.problems if p.status == "active"]
        put(self.title, el("h3", f"Active problems · {len(self._shown)}"))
        while len(self.lines) < len(self._shown):
            self._line()
        for index, (row, name, around) in enumerate(self.lines):
            problem = self._shown[index] if index < len(self._shown) else None
            show(row, problem is not None)
            if problem is None:
                continue
            if name.description != problem.text:
                name.description = problem.text
            put(around, page.facts(problem, clock, known))
            mark(row, "em-open", problem.id == self.chosen)
        problem = next((p for p in self._shown if p.id == self.chosen), None)
        show(self.work.widget, problem is not None)
        show(self.hint, problem is None and "em-off" in self.adding.widget._dom_classes)
        if problem is not None:
            self.work.refresh(problem, self._shown)
        gone = session.state.part(ProblemList).of(patient.id)
        put(self.gone, page.off_list(patient.problems, clock, gone.values()))
        over = [(p.text, p.id) for p in patient.problems if p.status != "active"]
        away = [(one.problem.text, one.problem.id) for one in gone.values()]
        show(self.undo, bool(over or away))
        options(self.back, [("Choose what to put back", ""), *over, *away], self.back.value)


class CodeField:
    """A code by its words: type a few letters, choose a line."""

    def __init__(self):
        self._codes = {_label(code): code.code for code in codes.offered().values()}
        hint = "Type a few letters, then choose"
        self.widget = field(widgets.Combobox, "Code", options=sorted(self._codes, key=str.casefold), placeholder=hint)

    def value(self) -> str:
        """The code of the line that stands there, or a code that was typed; "" for nothing. Refuses other words."""
        typed = self.widget.value.strip()
        if not typed:
            return ""
        found = self._codes.get(typed) or next((c for c in codes.offered() if c.casefold() == typed.casefold()), "")
        if not found:
            self.widget.focus()
            raise ActionRefused(f"There is no code “{typed:.40}”. Type a few letters and choose a line.")
        return found


def _label(code: codes.Code) -> str:
    return f"{code.text} ({code.code})"


class Work:
    """The chosen line and the four things that can be done with it, one at a time."""

    def __init__(self, shell: "Shell", editor: ProblemEditor):
        self.shell, self.editor = shell, editor
        self.about = html("em-problem-chosen")
        names = {"code": "Code and date", "merge": "Same as another", "over": "It is over", "off": "Not a problem"}
        self.choices: dict[str, widgets.Button] = {}
        for key, words in names.items():
            self.choices[key] = button(words, "em-segment")
            self.choices[key].on_click(shell.guarded(lambda _, which=key: self._open(which)))
        self.code = CodeField()
        self.onset = field(widgets.Text, "Since when", placeholder=_WHEN)
        self.into = field(widgets.Dropdown, "It is the same as", options=[("Choose the other", "")], value="")
        self.on = field(widgets.Text, "Over since when", placeholder=_WHEN)
        reasons = [("Choose why", ""), *((text, key) for key, text in REMOVALS.items())]
        self.reason = field(widgets.Dropdown, "Why it is none", options=reasons, value="")
        self.forms = {
            "code": self._form("Save code and date", self._save, self.code.widget, self.onset),
            "merge": self._form("Merge into the other", self._merge, self.into),
            "over": self._form("Resolve it", self._resolve, self.on),
            "off": self._form("Take it off the list", self._remove, self.reason),
        }
        segments = box(*self.choices.values(), classes=("em-segments",))
        self.widget = box(self.about, segments, *self.forms.values(), classes=("em-form-box", "em-off"))
        self._problem = ""
        self.open("code")

    def _form(self, words: str, act, *fields: widgets.Widget) -> widgets.Box:
        go = button(words, "em-primary")
        go.on_click(self.shell.guarded(lambda _: act()))
        return box(*fields, box(go, classes=("em-line",)), classes=("em-problem-form",))

    def open(self, which: str) -> None:
        """Show one of the four forms."""
        self.which = which
        for key, form in self.forms.items():
            show(form, key == which)
            mark(self.choices[key], "em-open", key == which)

    def _open(self, which: str) -> None:
        self.open(which)
        self._first().focus()

    def _first(self) -> widgets.Widget:
        return {"code": self.code.widget, "merge": self.into, "over": self.on, "off": self.reason}[self.which]

    def focus(self) -> None:
        """Go to the first of the four."""
        self.choices["code"].focus()

    def reset(self) -> None:
        """Empty the fields."""
        for text in (self.code.widget, self.onset, self.on):
            text.value = ""
        self.into.value = self.reason.value = ""
        self._problem = ""

    def refresh(self, problem: Problem, listed: list[Problem]) -> None:
        """Show this line."""
        if problem.id != self._problem:
            self.reset()
            self._problem = problem.id
        put(self.about, page.chosen(problem, self.shell.session.hospital.clock, codes.offered()))
        others = [(p.text, p.id) for p in listed if p.id != problem.id]
        options(self.into, [("Choose the other", ""), *others], self.into.value)

    def _do(self, action: str, **args: str) -> str:
        """Do it to the chosen line and return the line's name."""
        patient = self.shell.session.open_patient
        name = next(p.text for p in patient.problems if p.id == self._problem)
        self.shell.do(action, patient=patient.id, problem=self._problem, **args)
        return name

    def _save(self) -> None:
        name = self._do("edit_problem", code=self.code.value(), onset=self.onset.value)
        self.code.widget.value = self.onset.value = ""
        self.editor.done(f"Saved: {name}.", keep=True)

    def _merge(self) -> None:
        if not self.into.value:
            self.into.focus()
            raise ActionRefused("Choose which problem it is the same as.")
        other = self.into.label
        name = self._do("merge_problem", into=self.into.value)
        self.editor.done(f"Merged: {name} is now part of {other}.")

    def _resolve(self) -> None:
        if not self.on.value.strip():
            self.on.focus()
        name = self._do("resolve_problem", on=self.on.value)
        self.editor.done(f"Resolved: {name}.")

    def _remove(self) -> None:
        if not self.reason.value:
            self.reason.focus()
            raise ActionRefused("Choose why it does not belong on the list.")
        name = self._do("remove_problem", reason=self.reason.value)
        self.editor.done(f"Taken off the list: {name}.")


class AddForm:
    """A problem that the list lacks."""

    def __init__(self, shell: "Shell", editor: ProblemEditor):
        self.shell, self.editor = shell, editor
        self.text = field(widgets.Text, "Problem, in plain words")
        self.code = CodeField()
        self.code.widget.description = "Its code"
        self.onset = field(widgets.Text, "Since when, if known", placeholder=_WHEN)
        self.go = button("Add to the list", "em-primary")
        self.go.on_click(shell.guarded(lambda _: self._add()))
        self.stop = button("Leave it")
        self.stop.on_click(shell.guarded(lambda _: self._leave()))
        self.widget = box(
            html(value=el("h4", "Add a problem")), self.text, self.code.widget, self.onset,
            box(self.go, self.stop, classes=("em-line",)), classes=("em-form-box", "em-off"),
        )  # fmt: skip

    def _add(self) -> None:
        if len(self.text.value.strip()) < 2:
            self.text.focus()
            raise ActionRefused("Name the problem in plain words.")
        code = self.code.value()
        if not code:
            self.code.widget.focus()
            raise ActionRefused("Choose its code.")
        name = self.text.value.strip()
        patient = self.shell.session.state.patient
        self.shell.do("add_problem", patient=patient, text=name, code=code, onset=self.onset.value)
        self.reset()
        self.editor.done(f"Added: {name}.")

    def _leave(self) -> None:
        self.reset()
        show(self.widget, False)
        self.editor.refresh()
        self.editor.add.focus()

    def reset(self) -> None:
        """Empty the fields."""
        self.text.value = self.code.widget.value = self.onset.value = ""
