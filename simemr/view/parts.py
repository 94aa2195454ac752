"""The few kinds of widgets that the EMR is built of, and showing or hiding them without touching their layout."""

from collections.abc import Iterable, Sequence
from typing import Any

import ipywidgets as widgets

from simemr.view.light import make

_OFF = "em-off"


def html(*classes: str, value: str = "") -> widgets.HTML:
    """A piece of the page that is only read."""
    return make(widgets.HTML, "em-html", *classes, value=value)


def button(words: str, *classes: str, tip: str = "") -> widgets.Button:
    """A button; give it "em-primary" where it is the one to press. Without a tip there is none: not its words again."""
    return make(widgets.Button, "em-button", *classes, description=words, tooltip=tip)


def box(*children: widgets.Widget, classes: Sequence[str] = ()) -> widgets.Box:
    """A box whose arrangement comes from its classes."""
    return make(widgets.VBox, "em-box", *classes, children=children)


def anchor(*classes: str) -> widgets.Label:
    """A line of text that the focus can be sent to and the Tab key passes by. (An HTML widget can't take the focus.)"""
    return make(widgets.Label, "em-anchor", *classes, tabbable=False)


def field(kind: type, label: str, *classes: str, **traits: Any) -> Any:
    """A field with its label above it."""
    return make(kind, "em-field", *classes, description=label, **traits)


def show(widget: widgets.DOMWidget, shown: bool) -> None:
    """Show or hide."""
    mark(widget, _OFF, not shown)


def is_shown(widget: widgets.DOMWidget) -> bool:
    """Whether the widget itself is shown."""
    return _OFF not in widget._dom_classes


def mark(widget: widgets.DOMWidget, name: str, on: bool) -> None:
    """Put a class on or take it off; nothing crosses to the page where nothing changes."""
    have = widget._dom_classes
    if on and name not in have:
        widget._dom_classes = (*have, name)
    elif not on and name in have:
        widget._dom_classes = tuple(c for c in have if c != name)


def put(widget: widgets.Widget, value: str) -> None:
    """Set an HTML widget's text, if it is another one."""
    if widget.value != value:
        widget.value = str(value)


def options(widget: widgets.Dropdown, choices: Iterable[tuple[str, Any]], value: Any) -> None:
    """Give a dropdown its choices and its value in one go; a value that is not there leaves the first one chosen."""
    made = tuple(choices)
    values = [v for _, v in made]
    with widget.hold_sync():
        if tuple(widget.options) != made:
            widget.options = made
        widget.value = value if value in values else values[0]
