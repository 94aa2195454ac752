"""A row of medicines to choose one of."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import ipywidgets as widgets

from simemr.html import reconciliation as page
from simemr.view.parts import box, button, mark

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class Chooser:
    """A row of medicines, one of them open; those dealt with are ticked."""

    def __init__(self, shell: "Shell", chosen: Callable[[str], None]):
        self.shell = shell
        self._chosen = chosen
        self.made: dict[str, widgets.Button] = {}
        self.widget = box(classes=("em-segments", "em-medicine-row"))

    def refresh(self, medicines: Iterable[str], done: Iterable[str], opened: str) -> None:
        """Offer these medicines."""
        medicines, done = list(medicines), set(done)
        formulary = self.shell.session.hospital.formulary
        for medicine in medicines:
            if medicine not in self.made:
                made = button(page.name(medicine, formulary), "em-segment")
                made.on_click(self.shell.guarded(lambda _, which=medicine: self._chosen(which)))
                self.made[medicine] = made
            mark(self.made[medicine], "em-done", medicine in done)
            mark(self.made[medicine], "em-open", medicine == opened)
        wanted = tuple(self.made[medicine] for medicine in medicines)
        if self.widget.children != wanted:
            self.widget.children = wanted
