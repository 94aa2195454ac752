"""A ward extract: what stands around its table, and the list of marked defects."""

from simemr.domain.actions.extract import DECISIONS, KINDS, WHOLE_COLUMN, WHOLE_ROW
from simemr.domain.scenario import Extract
from simemr.domain.state import Flag
from simemr.html.escape import Markup, el, join, prose

EMPTY = "(empty)"


def about(extract: Extract) -> Markup:
    """Return what the extract is, and what its columns hold."""
    notes = [(c.title, c.note) for c in extract.columns if c.note]
    columns = el(
        "details", el("summary", "What the columns hold"),
        el("dl", [el("div", el("dt", title), " ", el("dd", note)) for title, note in notes], class_="em-facts"),
    ) if notes else ""  # fmt: skip
    return join(
        el(
            "div", el("h2", f"The extract: {len(extract.rows)} rows, {len(extract.columns)} columns"),
            el("span", "Synthetic patients", class_="em-synthetic"), class_="em-extract-head",
        ),
        prose(extract.note) if extract.note else "", columns,
        el("p", "Press a cell, a row number or a column's name, or choose by row and column. Then say what is wrong."),
    )  # fmt: skip


def name(extract: Extract, row: str, column: str) -> str:
    """Return "Row 7, Potassium: 56", "The whole column Potassium" or "The whole of row 7"."""
    titles = {c.id: c.title for c in extract.columns}
    if row == WHOLE_COLUMN:
        return f"The whole column {titles.get(column, column)}"
    number = 1 + [r[0] for r in extract.rows].index(row)
    if column == WHOLE_ROW:
        return f"The whole of row {number}"
    index = [c.id for c in extract.columns].index(column)
    return f"Row {number}, {titles[column]}: {extract.rows[number - 1][index] or EMPTY}"


def chosen(words: str) -> Markup:
    """Return what is chosen now."""
    return el("p", "Chosen: ", el("b", words or "nothing yet"), role="status")


def flagged(words: str, flag: Flag) -> Markup:
    """Return one marked defect."""
    return el(
        "p", el("b", words), el("span", KINDS[flag.kind], class_="em-line-part"),
        el("span", DECISIONS[flag.decision], class_="em-line-part"),
    )  # fmt: skip
