"""pandas' tables: numbers to the right, text to the left."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="module")
def mark():
    sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
    try:
        from course_site.tables import mark

        return mark
    finally:
        sys.path.pop(0)


def marked(html: str) -> list[str]:
    return [cell.get_text() for cell in BeautifulSoup(html, "html.parser").select(".number")]


def test_columns_of_numbers_are_marked_with_their_heads_and_no_others(mark):
    frame = pd.DataFrame(
        {
            "day": ["2026-01-26", "2026-01-07"],
            "kg": ["62", ""],
            "change": [-1.5, 2.0],
            "side": ["1", "left"],
            "gap": "",
        },
        index=["R01", "2"],
    )
    assert marked(mark(frame.to_html())) == ["kg", "change", "62", "-1.5", "", "2.0"]


def test_a_table_with_joined_cells_and_one_that_is_not_pandas_stay_as_they_are(mark):
    joined = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")])).to_html()
    plain = "<table><tr><th>kg</th><th>n</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert mark(joined + plain) == joined + plain
