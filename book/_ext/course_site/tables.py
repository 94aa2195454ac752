"""Marks the columns of numbers in pandas' tables, so that the style sheet can set them to the right.

pandas says of no cell what it holds; text that is set to the right is hard to read.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

_TABLE = re.compile(r'<table [^>]*class="dataframe">.*?</table>', re.DOTALL)
_ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)>(.*?)</\1>", re.DOTALL)
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)*")


def mark(body: str) -> str:
    """The body of a page with class "number" on the cells and the heads of such columns.

    A column is one of numbers when every cell is a number or empty, and not all are empty. A table with joined
    cells stays as it is.
    """
    return _TABLE.sub(lambda table: _mark_table(table[0]), body)


def _mark_table(table: str) -> str:
    rows = [_CELL.findall(row) for row in _ROW.findall(table)]
    if len(rows) < 2 or len({len(row) for row in rows}) != 1:
        return table
    columns = list(zip(*([text.strip() for _, text in row] for row in rows[1:]), strict=True))
    # the first column holds the rows' names
    numbers = {
        place
        for place, column in enumerate(columns)
        if place and any(column) and all(not text or _NUMBER.fullmatch(text) for text in column)
    }

    def mark_row(row: re.Match[str]) -> str:
        places = iter(range(len(columns)))
        return _CELL.sub(
            lambda cell: f'<{cell[1]} class="number">{cell[2]}</{cell[1]}>' if next(places) in numbers else cell[0],
            row[0],
        )

    return _ROW.sub(mark_row, table)


def mark_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Mark a page's tables just before its template is filled."""
    if "body" in context:
        context["body"] = mark(context["body"])


def setup(app: Sphinx) -> None:
    """Register it."""
    app.connect("html-page-context", mark_page, priority=900)
