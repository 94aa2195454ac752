"""A desk on which things lie in a list: choose one, see it in full, answer it in the form beside it."""

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import ipywidgets as widgets

from simemr.html.escape import Markup
from simemr.view.panel import Panel
from simemr.view.parts import box, button, field, html, mark, options, put, show

if TYPE_CHECKING:
    from simemr.view.shell import Shell


class ListDesk(Panel):
    """The whole desk. Which answer fits is what the learner is asked, so no answer is the prominent one."""

    alone = True
    style: ClassVar[str] = "inbox.css privacy.css"

    def __init__(self, shell: "Shell"):
        self.shell = shell
        self.chosen = ""
        self.above = html()
        self.rows: dict[str, widgets.Button] = {}
        for item in self.every():
            row = button(item, "em-inbox-row")
            row.on_click(shell.guarded(lambda _, name=item: self.choose(name)))
            self.rows[item] = row
        self.list = box(*self.rows.values(), classes=("em-inbox-list",))
        self.full = html("em-inbox-full")
        self.card = box(self.full, *self.make_form(), classes=("em-inbox-card",))
        self.below = html()
        self.widget = box(
            box(self.above, self.list, self.card, classes=("em-inbox",)), self.below, classes=("em-list-desk",)
        )

    # ---- what each desk provides

    @abstractmethod
    def every(self) -> list[str]:
        """The ids of everything that may ever lie here."""

    @abstractmethod
    def line(self, item: str) -> str:
        """What its line says."""

    @abstractmethod
    def detail(self, item: str) -> Markup:
        """The chosen one in full."""

    @abstractmethod
    def is_done(self, item: str) -> bool:
        """Whether it has its answer."""

    @abstractmethod
    def make_form(self) -> list[widgets.Widget]:
        """The form's widgets."""

    @abstractmethod
    def fill(self, item: str) -> None:
        """Put the answer given to the item into the form, or empty it."""

    @abstractmethod
    def summary(self) -> Markup | str:
        """What stands above the list."""

    def here(self) -> list[str]:
        """The ids of what lies here now."""
        return self.every()

    def after(self) -> Markup | str:
        """What stands below."""
        return ""

    def first(self) -> widgets.Widget:
        """What gets the focus when something is chosen."""
        return self.rows[self.chosen]

    # ---- what is the same on all

    def choose(self, item: str) -> None:
        self.chosen = item
        self.fill(item)
        self.refresh()
        self.first().focus()

    def answered(self, words: str) -> None:
        """Say what was done, and put the focus on the next thing that waits."""
        here = self.here()
        at = here.index(self.chosen)
        waiting = [item for item in (*here[at + 1 :], *here[:at]) if not self.is_done(item)]
        self.shell.say(f"{words} {len(waiting)} left." if waiting else f"{words} That was the last one.")
        self.rows[waiting[0] if waiting else self.chosen].focus()

    def reset(self) -> None:
        """Choose nothing."""
        self.chosen = ""
        if self.every():
            self.fill("")

    def refresh(self) -> None:
        """Show the lines as they are now, and the chosen thing."""
        here = self.here()
        if self.chosen not in here:
            self.chosen = ""
        put(self.above, self.summary())
        for item, row in self.rows.items():
            show(row, item in here)
            if item in here:
                text = self.line(item)
                if row.description != text:
                    row.description = text
                mark(row, "em-open", item == self.chosen)
                mark(row, "em-answered", self.is_done(item))
        show(self.list, bool(here))
        show(self.card, bool(self.chosen))
        if self.chosen:
            put(self.full, self.detail(self.chosen))
        below = self.after()
        put(self.below, below)
        show(self.below, bool(below))


def choice(label: str, first: str, choices: dict[str, str]) -> widgets.Dropdown:
    """A dropdown that begins with nothing chosen."""
    made = field(widgets.Dropdown, label)
    options(made, [(first, ""), *((text, key) for key, text in choices.items())], "")
    return made
