"""What a panel is: the part of a tab or a desk in which something can be done."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import ipywidgets as widgets

from simemr.domain.scenario import Scenario

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class Panel(ABC):
    """Made once as ``Panel(shell)``, with the box to display as ``widget``.

    alone: the panel is the whole tab or desk, so its picture (simemr.html.tabs) is not shown below it.
    style: the style sheets beside style.css that it needs, parted by blanks.
    """

    alone: ClassVar[bool] = False
    style: ClassVar[str] = ""
    widget: widgets.Widget

    @abstractmethod
    def __init__(self, shell: "Shell"): ...

    @classmethod
    @abstractmethod
    def wanted(cls, scenario: Scenario) -> bool:
        """Whether this exercise gives the learner something to do here."""

    @abstractmethod
    def refresh(self) -> None:
        """Show the state as it is now; called whenever its tab or desk is open."""

    @abstractmethod
    def reset(self) -> None:
        """Forget what was half written: another attempt begins."""


def actions(scenario: Scenario) -> set[str]:
    """The actions that the tasks wait for."""
    found: set[str] = set()
    for task in scenario.tasks:
        action = task.done.get("action")
        found.update(action if isinstance(action, list) else [action] if action else [])
    return found
