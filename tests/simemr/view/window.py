"""A shell under test: buttons are pressed and fields filled as the page does it, and the focus is remembered."""

import contextlib
from collections.abc import Callable
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


def under(outer: widgets.Widget) -> list[widgets.Widget]:
    """The widget and all inside it that are shown, in order."""
    if not is_shown(outer):
        return []
    return [outer, *(w for child in getattr(outer, "children", ()) for w in under(child))]


def read(outer: widgets.Widget) -> str:
    """What is read in it."""
    return " ".join(Page(w.value).text for w in under(outer) if isinstance(w, widgets.HTML) and "<style" not in w.value)


class Window:
    """What a learner sees and does in one exercise: a fixture of these tests, or one of the course's."""

    def __init__(self, slug: str, folder: Path):
        self.folder = folder
        fixture = FIXTURES / f"{slug}.toml"
        scenario = scenarios.load(slug, fixture if fixture.exists() else None)
        self.shell = Shell(Attempt.open(scenario, folder, clock=lambda: CLOCK))

    @property
    def state(self):
        return self.shell.session.state

    def every(self, kind: type = widgets.Widget) -> list:
        """All widgets that are shown, in order."""
        return [widget for widget in under(self.shell.widget) if isinstance(widget, kind)]

    def one(self, what: str, within: str, *matches: Callable[[widgets.Widget], bool]) -> widgets.Widget:
        """The one shown widget that fits the first of the matches that any fits; ``within`` the smallest box that
        reads so and has one."""
        for fits in matches:
            boxes = [b for b in self.every(widgets.Box) if within in read(b)] if within else [self.shell.widget]
            found = [f for f in ([w for w in under(b) if fits(w)] for b in boxes) if f]
            if found:
                assert len(found[-1]) == 1, f"{what!r} is there {len(found[-1])} times"
                return found[-1][0]
        named = [w.description for w in self.every() if getattr(w, "description", "")]
        raise AssertionError(f"there is no {what!r}{f' within {within!r}' if within else ''}; there are {named}")

    def button(self, words: str, within: str = "") -> widgets.Button:
        """The one shown button of exactly these words, else the one that begins with them."""
        buttons = lambda test: lambda w: isinstance(w, widgets.Button) and test(w.description)  # noqa: E731
        return self.one(words, within, buttons(lambda d: d == words), buttons(lambda d: d.startswith(words)))

    def press(self, words: str, within: str = "") -> None:
        self.button(words, within)._handle_custom_msg({"event": "click"}, [])

    def field(self, label: str, within: str = ""):
        """The one shown field of that label."""
        named = lambda w: not isinstance(w, widgets.Button) and getattr(w, "description", "") == label  # noqa: E731
        return self.one(label, within, named)

    def fill(self, label: str, value, within: str = "") -> None:
        """Fill a field as the page does: a choice by its first words."""
        field = self.field(label, within)
        if isinstance(field, (widgets.Dropdown, widgets.Select, widgets.RadioButtons, widgets.ToggleButtons)):
            labels = list(field._options_labels)
            indexes = [labels.index(value)] if value in labels else []
            indexes = indexes or [i for i, words in enumerate(labels) if words.startswith(value)]
            assert len(indexes) == 1, f"{label}: {value!r} of {labels}"
            field.set_state({"index": indexes[0]})
        else:
            field.set_state({"value": value})

    def shows(self, words: str) -> bool:
        """Whether these words are on the screen."""
        return words in self.text

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
