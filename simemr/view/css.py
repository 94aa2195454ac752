"""Delivers a style sheet with the views that need it."""

from pathlib import Path

import ipywidgets as widgets

_sheets: dict[str, widgets.HTML] = {}


def sheet(name: str) -> widgets.HTML:
    """Return the hidden widget that carries simemr/view/<name>: make it a child of every outermost view.

    There is one such widget a kernel, so the text crosses to the page once. It belongs among the children of
    every view, not in an output of its own: whichever cell is run again, the others keep their look.
    """
    made = _sheets.get(name)
    if made is None or made.comm is None:  # closed, for instance by Widget.close_all()
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        made = widgets.HTML(f"<style>{text}</style>", layout=widgets.Layout(display="none"))
        _sheets[name] = made
    return made
