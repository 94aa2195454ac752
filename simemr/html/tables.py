"""Tables as the record shows them: a caption for those who can't see it, headers with their scope."""

from collections.abc import Iterable, Sequence
from typing import Any

from simemr.html.escape import Markup, el


def table(
    caption: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    numbers: Sequence[int] = (),
    look: str = "",
    wide: bool = False,
) -> Markup:
    """Return a table whose first column names the row.

    ``numbers`` are the columns to align right. ``wide`` lets it scroll sideways in a box of its own, which a
    keyboard can reach. On a phone a table with the look "em-stack" shows each row as a small card.
    """
    head = el("tr", [el("th", t, scope="col", class_="em-num" if i in numbers else "") for i, t in enumerate(titles)])
    body = [
        el(
            "tr",
            [
                el(
                    "th" if i == 0 else "td", cell, scope="row" if i == 0 else None,
                    class_="em-num" if i in numbers else "", data_label=titles[i] if i else None,
                )
                for i, cell in enumerate(row)
            ],
        )
        for row in rows
    ]  # fmt: skip
    made = el(
        "table", el("caption", caption, class_="em-unseen"), el("thead", head), el("tbody", body),
        class_=f"em-table {look}".strip(),
    )  # fmt: skip
    if wide:
        return el("div", made, class_="em-scroll", tabindex="0", role="group", aria_label=caption)
    return made


def empty(words: str) -> Markup:
    """The sentence in place of a table with nothing in it."""
    return el("p", words, class_="em-empty")
