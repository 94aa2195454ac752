"""A shell under test: buttons are pressed and fields filled as the page does it, and the focus is remembered."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import ipywidgets as widgets

from simemr.domain import scenario as scenarios
from simemr.domain.attempt import Attempt
from simemr.view.parts import is_shown
from simemr.view.shell import Shell
from tests.simemr.html.pages import Page

FIXTURES = Path(__file__).parent / "fixtures"
CLOCK = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Window:
    """What a learner sees and does in one exercise."""

    def __init__(self, slug: str, folder: Path):
        self.folder = folder
        scenario = scenarios.load(slug, FIXTURES / f"{slug}.toml")
        self.shell = Shell(Attempt.open(scenario, folder, clock=lambda: CLOCK))

    @property
    def state(self):
        return self.shell.session.state

    def every(self, kind: type = widgets.Widget) -> list:
        """All widgets of the window that are shown, in order."""
        found = []

        def walk(widget):
            if not is_shown(widget):
                return
            found.append(widget)
            for child in getattr(widget, "children", ()):
                walk(child)

        walk(self.shell.widget)
        return [widget for widget in found if isinstance(widget, kind)]

    def button(self, words: str) -> widgets.Button:
        """The one shown button that begins with these words."""
        [found] = [b for b in self.every(widgets.Button) if b.description.startswith(words)]
        return found

    def press(self, words: str) -> None:
        self.button(words)._handle_custom_msg({"event": "click"}, [])

    def field(self, label: str):
        """The one shown field of that label."""
        [found] = [w for w in self.every(widgets.DOMWidget) if getattr(w, "description", "") == label]
        return found

    def fill(self, label: str, value) -> None:
        """Fill a field as the page does: a dropdown by its words."""
        field = self.field(label)
        if isinstance(field, widgets.Dropdown):
            [index] = [i for i, words in enumerate(field._options_labels) if words.startswith(value)]
            field.set_state({"index": index})
        else:
            field.set_state({"value": value})

    @property
    def text(self) -> str:
        """All that is read on the screen."""
        pages = [w.value for w in self.every(widgets.HTML) if "<style" not in w.value and "onerror" not in w.value]
        return " ".join([Page(page).text for page in pages] + [b.description for b in self.every(widgets.Button)])

    @property
    def message(self) -> str:
        return Page(self.shell.header.words.value).text.replace("\u200b", "")

    def confirm(self, *labels: str) -> None:
        """Confirm who this is by these identifiers."""
        for label in labels:
            self.fill(label, True)
        self.press("Confirm who this is")


@contextlib.contextmanager
def watched_focus(monkeypatch):
    """Yield the list of widgets that the focus was sent to."""
    sent: list[widgets.DOMWidget] = []
    monkeypatch.setattr(widgets.DOMWidget, "focus", lambda widget: sent.append(widget))
    yield sent
