"""What a scenario gives to a part of the EMR: read into that part's own values, faults named by file and line."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from simemr.domain import content as content_module
from simemr.domain import scenario
from simemr.domain.load import DataError

HEAD = """\
exercise = "made"
title = "Made"
clock = 2026-03-12T14:00:00
patients = ["okonkwo-daniel"]
"""


@dataclass(frozen=True, slots=True)
class Letter:
    id: str
    at: datetime
    text: str
    patient: str = ""
    lines: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def letters(monkeypatch):
    monkeypatch.setitem(content_module.CONTENT, "letter", Letter)


def load(tmp_path, text):
    path = tmp_path / "scenario.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return scenario.load("made", path)


def test_a_table_becomes_values_with_moments_and_tuples(tmp_path):
    made = load(tmp_path, '[[letter]]\nid = "a"\nat = "D-1 08:30"\ntext = "x"\nlines = ["p", "q"]\n')
    assert made.of(Letter) == (Letter("a", datetime(2026, 3, 11, 8, 30), "x", lines=("p", "q")),)


def test_nothing_given_is_nothing(tmp_path):
    assert load(tmp_path, "").of(Letter) == ()


@pytest.mark.parametrize(
    ("table", "line", "fault"),
    [
        ('id = "a"\nat = "soon"\ntext = "x"', 7, "soon"),
        ('id = "a"\nat = "D0 08:30"', 5, "lacks 'text'"),
        ('id = "a"\nat = "D0 08:30"\ntext = "x"\ncolour = "red"', 9, "unknown key 'colour'"),
        ('id = "a"\nat = "D0 08:30"\ntext = "x"\npatient = "nobody"', 9, "not in 'patients'"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, table, line, fault):
    with pytest.raises(DataError, match=f"scenario.toml:{line}: .*{fault}"):
        load(tmp_path, f"[[letter]]\n{table}\n")


def test_an_id_stands_for_one_thing(tmp_path):
    one = '[[letter]]\nid = "a"\nat = "D0 08:30"\ntext = "x"\n'
    with pytest.raises(DataError, match="the letter id 'a' is used twice"):
        load(tmp_path, one + one)


def test_a_desk_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="there is no desk 'garden'"):
        load(tmp_path, 'desks = ["garden"]\n')
