"""Hands: how each action is done with what is on the screen, so that an author's answer can be played as a learner.

The same hands work the widgets in a test (tests.simemr.view.window.Window) and the page in a browser
(tests.browser.page.PageLearner): both can ``press`` a button by its first words, ``fill`` a field by its label and
say what it ``shows``. ``within`` is a text that only the wanted box shows, where several have the same button.

A part of the EMR adds its hands in a module of its own here:

    @hand
    def accept_order(learner, session, *, order): ...
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from simemr.domain.session import Session


class Learner(Protocol):
    """What can be done on a screen."""

    def press(self, words: str, within: str = "") -> None: ...
    def fill(self, label: str, value: Any, within: str = "") -> None: ...
    def shows(self, words: str) -> bool: ...


HANDS: dict[str, Callable[..., None]] = {}


def hand(function: Callable[..., None]) -> Callable[..., None]:
    """Register ``function(learner, session, *, ...)`` as how the action of its name is done."""
    HANDS[function.__name__] = function
    return function


def play(learner: Learner, session: Session, actions: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Do the actions on the screen, one after another.

    ``session`` is one of its own, kept in step, so that hands can look up names: the screen's is not touched.
    """
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    for name, args in actions:
        if name not in HANDS:
            raise AssertionError(f"no hand does '{name}': add one in tests/hands")
        HANDS[name](learner, session, **args)
        session.apply(name, dict(args))


def open_part(learner: Learner, session: Session, tab: str) -> None:
    """Open the tab, unless it is open."""
    if session.state.tab != tab or session.state.desk:
        HANDS["open_tab"](learner, session, tab=tab)
        session.apply("open_tab", {"tab": tab})
