"""Delivers a style sheet with the views that need it."""

from pathlib import Path

import ipywidgets as widgets

_sheets: dict[str, widgets.HTML] = {}

# In a notebook an arrow key on a list moves to the next cell, and two d's on a button delete the exercise: Jupyter
# takes keys for its own commands wherever the focus is not in a text field. The attribute, which Jupyter looks for on
# what has the focus, leaves the keys to the widgets. A style element is the one part of a view that can act when it
# arrives on the page; a page that allows no such script just keeps Jupyter's keys.
_KEYS = (
    "this.closest('.jp-OutputArea')?.addEventListener('focusin',"
    "event=>event.target.setAttribute('data-lm-suppress-shortcuts',''))"
)


def sheet(name: str) -> widgets.HTML:
    """Return the hidden widget that carries simemr/view/<name>: make it a child of every outermost view.

    There is one such widget a kernel, so the text crosses to the page once. It belongs among the children of
    every view, not in an output of its own: whichever cell is run again, the others keep their look.
    """
    made = _sheets.get(name)
    if made is None or made.comm is None:  # closed, for instance by Widget.close_all()
        text = Path(__file__).with_name(name).read_text(encoding="utf-8")
        made = widgets.HTML(f'<style onload="{_KEYS}">{text}</style>', layout=widgets.Layout(display="none"))
        _sheets[name] = made
    return made
