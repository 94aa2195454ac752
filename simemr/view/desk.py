"""The learner's own desk: what belongs to them and to no one patient's record, such as an inbox."""

from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.domain.scenario import DESKS
from simemr.html.escape import el
from simemr.html.tabs import DESKS as SCREENS
from simemr.view.panel import Panel
from simemr.view.panels import DESK_PANELS
from simemr.view.parts import box, button, html, mark, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class Desk:
    """The strip that opens a desk, and what lies on the open one; ``body`` stands in the record's place."""

    def __init__(self, shell: "Shell"):
        self.shell = shell
        scenario = shell.scenario
        self.choices: dict[str, widgets.Button] = {}
        for desk in scenario.desks:
            self.choices[desk] = button(DESKS[desk], "em-tab")
            self.choices[desk].on_click(shell.guarded(lambda _, name=desk: self._open(name)))
        self.strip = box(
            html("em-strip-name", value=el("h2", "Your desk")), *self.choices.values(), classes=("em-card", "em-desks")
        )
        self.title = html()
        self.panels: list[tuple[str, Panel]] = [
            (desk, kind(shell)) for desk, kind in DESK_PANELS if desk in scenario.desks and kind.wanted(scenario)
        ]
        self.alone = {desk for desk, panel in self.panels if panel.alone}
        self.screen = html("em-screen")
        self.body = box(
            self.title, *(panel.widget for _, panel in self.panels), self.screen, classes=("em-card", "em-body")
        )

    def _open(self, desk: str) -> None:
        if self.shell.session.state.desk != desk:
            self.shell.do("open_desk", desk=desk)

    def reset(self) -> None:
        """Forget what was half written."""
        for _, panel in self.panels:
            panel.reset()

    def refresh(self) -> None:
        """Show the open desk."""
        session = self.shell.session
        opened = session.state.desk
        for name, choice in self.choices.items():
            mark(choice, "em-open", name == opened)
        show(self.body, bool(opened))
        if not opened:
            return
        put(self.title, el("h2", DESKS[opened]))
        show(self.screen, opened not in self.alone)
        if opened not in self.alone:
            put(self.screen, SCREENS[opened](session))
        for desk, panel in self.panels:
            show(panel.widget, desk == opened)
            if desk == opened:
                panel.refresh()
