"""The task panel: the brief, the list of tasks with their ticks, and what to do with the task that was chosen."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.actions.requests import Asked, request_of
from simemr.domain.scenario import Task
from simemr.html import interruptions
from simemr.html import task as page
from simemr.html.escape import el
from simemr.view.parts import box, button, field, html, is_shown, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_PEACE = "Nothing here is timed. Leave when you like: you come back to this point."


class TaskPanel:
    """Chooses a task; it never opens a patient, because finding the right one is the learner's work."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.chosen = ""
        self.lists: list[tuple[widgets.HTML, int, list[Task]]] = []
        self.lines: dict[str, widgets.Button] = {}
        rows = self._rows()
        self.brief = html()
        self.about = html("em-chosen-text")
        self.ask = button("Ask whom they mean")
        self.ask.on_click(shell.guarded(lambda _: self._ask_back()))
        self.write = button("Write this order", "em-primary")
        self.write.on_click(shell.guarded(lambda _: shell.write_order()))
        self.close = button("Close without an order…")
        self.close.on_click(shell.guarded(lambda _: self._ask_why()))
        self.why = field(
            widgets.Textarea, "Close without an order, because", rows=3, placeholder="Say it in a few words."
        )
        self.close_now = button("Close this task", "em-primary")
        self.close_now.on_click(shell.guarded(lambda _: self._decline()))
        self.keep = button("Keep it open")
        self.keep.on_click(shell.guarded(lambda _: self._keep_open()))
        self.acts = box(self.ask, self.write, self.close, classes=("em-line",))
        self.reason = box(self.why, box(self.close_now, self.keep, classes=("em-line",)), classes=("em-off",))
        self.card = box(self.about, self.acts, self.reason, classes=("em-chosen", "em-off"))
        # on a phone the list folds to the chosen task; this unfolds it
        self.more = button("Show every task", "em-more")
        self.more.on_click(shell.guarded(lambda _: self._unfold()))
        self.widget = box(
            html(value=el("h2", "Your task")),
            self.brief,
            *rows,
            self.more,
            self.card,
            html("em-peace", value=el("p", _PEACE)),
            classes=("em-card", "em-task"),
        )

    def _rows(self) -> list[widgets.Widget]:
        made: list[widgets.Widget] = []
        run: list[Task] = []
        tasks = self.shell.scenario.tasks
        for number, task in enumerate(tasks, start=1):
            if not self._choosable(task):
                run.append(task)
                if number == len(tasks) or self._choosable(tasks[number]):
                    listed = html()
                    self.lists.append((listed, number - len(run) + 1, run))
                    made.append(listed)
                    run = []
                continue
            line = button(page.order_line(task, number, False, ""), "em-task-line")
            line.on_click(self.shell.guarded(lambda _, task_id=task.id: self._pick(task_id)))
            self.lines[task.id] = line
            made.append(line)
        return made

    def _choosable(self, task: Task) -> bool:
        return task.kind == "order" or request_of(self.shell.session, task.id) is not None

    def number(self, task_id: str) -> int:
        """The task's number in the list, from 1."""
        return 1 + [task.id for task in self.shell.scenario.tasks].index(task_id)

    def choose(self, task_id: str) -> None:
        """Make this the task that an order is written for; "" is none."""
        if task_id != self.chosen:
            self.why.value = ""
            show(self.reason, False)
        self.chosen = task_id
        self.refresh()

    def _pick(self, task_id: str) -> None:
        self.shell.choose_task(task_id)
        (self.write if is_shown(self.write) else self.lines[task_id]).focus()

    def _unfold(self) -> None:
        mark(self.widget, "em-folded", False)
        next(iter(self.lines.values())).focus()

    def _ask_back(self) -> None:
        self.shell.do("ask_back", request=self.chosen)
        self.shell.say("You asked back. The answer stands below the request.")
        (self.write if is_shown(self.write) else self.lines[self.chosen]).focus()

    def _ask_why(self) -> None:
        show(self.reason, True)
        self.why.focus()

    def _keep_open(self) -> None:
        show(self.reason, False)
        self.close.focus()

    def _decline(self) -> None:
        task_id = self.chosen
        self.shell.do("decline_task", task=task_id, reason=self.why.value)
        show(self.reason, False)
        self.why.value = ""
        self.shell.say(f"Task {self.number(task_id)} is closed without an order.")
        self.lines[task_id].focus()

    def refresh(self) -> None:
        """Show what is done and what is chosen."""
        state = self.shell.session.state
        done = state.done_tasks()
        # read once, it makes room for the tasks, where there are any
        scenario = self.shell.scenario
        put(self.brief, page.brief(scenario.brief, unfolded=not (state.events and scenario.tasks)))
        for listed, first, tasks in self.lists:
            put(listed, page.listed(tasks, first, done))
        for task_id, line in self.lines.items():
            task = self.shell.scenario.task(task_id)
            declined = state.declined.get(task_id, "")
            words = page.order_line(task, self.number(task_id), task_id in done, declined)
            if line.description != words:
                line.description = words
            mark(line, "em-done", task_id in done)
            mark(line, "em-open", task_id == self.chosen)
        task = self.shell.scenario.task(self.chosen) if self.chosen else None
        show(self.card, task is not None)
        mark(self.widget, "em-folded", task is not None)
        if task is not None:
            self._show_chosen(task, task.id in done)

    def _show_chosen(self, task: Task, done: bool) -> None:
        state = self.shell.session.state
        request = request_of(self.shell.session, task.id)
        asked = request is not None and request.id in state.part(Asked).requests
        words = interruptions.request(request, asked) if request is not None else ""
        put(self.about, page.chosen(task, self.number(task.id), done, state.declined.get(task.id, ""), words))
        show(self.ask, request is not None and not asked)
        # where somebody asks, the first thing is whom they mean
        mark(self.write, "em-primary", request is None)
        for act in (self.write, self.close):
            show(act, task.kind == "order")
