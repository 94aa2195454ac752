"""Widgets that cost little.

In the browser each widget made takes time, and most bring a layout and a style of their own along.
"""

from typing import Any

import ipywidgets as widgets

_shared: dict[type, widgets.Widget] = {}


def make(kind: type, *classes: str, **traits: Any) -> Any:
    """Make a widget with the one shared layout and style: its look comes from its CSS classes alone.

    A view that shows or hides a widget must do it with a class: a change of the layout would show everywhere.
    """
    traits.setdefault("layout", _one(widgets.Layout))
    style = kind.class_traits().get("style")
    if style is not None:
        traits.setdefault("style", _one(style.klass))
    return kind(_dom_classes=classes, **traits)


def _one(kind: type) -> widgets.Widget:
    made = _shared.get(kind)
    if made is None or made.comm is None:  # closed, for instance by Widget.close_all()
        made = _shared[kind] = kind()
    return made
