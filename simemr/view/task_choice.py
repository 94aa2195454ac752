"""Which task an order is written for."""

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr.domain.session import ActionRefused
from simemr.view.parts import field, options, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell

_NO_TASK = "none"


class TaskChoice:
    """Which task an order is written for. Not guessed: an order under the wrong task would count as none."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.tasks = [task for task in shell.scenario.tasks if task.kind == "order"]
        self.widget = field(widgets.Dropdown, "For which task", "em-wide", options=[("", "")])
        self._setting = False
        self.widget.observe(shell.guarded(self._changed), "value")
        show(self.widget, bool(self.tasks))
        self.refresh()

    def refresh(self) -> None:
        """Offer the tasks, done ones marked."""
        done = self.shell.session.state.done_tasks()
        numbers = {task.id: n for n, task in enumerate(self.shell.scenario.tasks, start=1)}
        made = [("Choose the task that this order is for", "")]
        for task in self.tasks:
            text = task.text.replace("**", "")
            short = text if len(text) <= 70 else f"{text[:69]}…"
            made.append((f"{numbers[task.id]}. {'✓ ' if task.id in done else ''}{short}", task.id))
        made.append(("None of these tasks", _NO_TASK))
        self._setting = True
        options(self.widget, made, self.widget.value)
        self._setting = False

    def choose(self, task_id: str) -> None:
        """Show this task as chosen, without telling anyone."""
        self._setting = True
        if task_id or self.widget.value != _NO_TASK:
            self.widget.value = task_id if any(task.id == task_id for task in self.tasks) else ""
        self._setting = False

    def value(self) -> str:
        """The task's id, "" where the order is for none. Refuses while nothing is said."""
        if not self.tasks or self.widget.value == _NO_TASK:
            return ""
        if not self.widget.value:
            self.widget.focus()
            raise ActionRefused("Say which task this order is for.")
        return self.widget.value

    def _changed(self, change: Any) -> None:
        if not self._setting:
            self.shell.choose_task("" if change["new"] == _NO_TASK else change["new"])
