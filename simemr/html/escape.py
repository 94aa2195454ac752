"""Markup that escapes by itself: text put into an element is always text, never markup."""

import re
from html import escape as _escape
from typing import Any

_VOID = frozenset({"br", "img", "circle", "polyline", "path", "rect", "line"})
_BOLD = re.compile(r"\*\*(.+?)\*\*")


class Markup(str):
    """A string that is known to be well-formed HTML; only this module's functions make one."""

    __slots__ = ()


def text(value: Any) -> Markup:
    """Return the value as HTML text: escaped, unless it is Markup already; None is nothing."""
    if isinstance(value, Markup):
        return value
    return Markup("" if value is None else _escape(str(value), quote=True))


def el(tag: str, *children: Any, **attributes: Any) -> Markup:
    """Return an element.

    ``class_`` is class, ``aria_label`` is aria-label; an attribute that is None, "" or False is left out.
    """
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{"" if value is True else _escape(str(value), quote=True)}"'
        for name, value in attributes.items()
        if value is not None and value is not False and value != ""
    )
    if tag in _VOID:
        return Markup(f"<{tag}{shown}/>")
    return Markup(f"<{tag}{shown}>{join(*children)}</{tag}>")


def join(*parts: Any) -> Markup:
    """Return the parts one after another; lists and tuples are walked through."""
    return Markup("".join(join(*p) if isinstance(p, (list, tuple)) else text(p) for p in parts))


def hidden(words: Any) -> Markup:
    """Words for a screen reader only."""
    return el("span", words, class_="em-unseen")


def sign(character: str) -> Markup:
    """A sign that stands beside words which say the same."""
    return el("span", character, aria_hidden="true")


def prose(source: str) -> Markup:
    """Return a scenario's text as HTML: blank lines part paragraphs, "- " begins a list's item, **bold** is bold."""
    made: list[Markup] = []
    for block in source.strip().split("\n\n"):
        words: list[str] = []
        items: list[list[str]] = []
        for line in filter(None, (line.strip() for line in block.splitlines())):
            if line.startswith("- "):
                items.append([line[2:]])
            else:
                (items[-1] if items else words).append(line)
        if words:
            made.append(el("p", bold(" ".join(words))))
        if items:
            made.append(el("ul", [el("li", bold(" ".join(item))) for item in items]))
    return join(made)


def bold(line: str) -> Markup:
    """Return a line of text in which ``**words**`` are strong."""
    parts = _BOLD.split(line)
    return join([el("strong", part) if index % 2 else text(part) for index, part in enumerate(parts)])
