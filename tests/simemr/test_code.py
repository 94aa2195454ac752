"""A code cell in a notebook: what is run is written down, and the learner is told."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from simemr import code
from simemr.domain import scenario
from simemr.domain.actions.code import Written, tables
from simemr.domain.attempt import Attempt, replay


@pytest.fixture
def attempt(tmp_path):
    opened = Attempt.open(scenario.load("data-quality"), tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def shell(attempt, monkeypatch):
    made = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    code.offer(attempt)
    return made


def written(attempt):
    """What a grader reads out of the log."""
    session, _ = replay(attempt.path.read_text(), attempt.scenario)
    return session.state.part(Written).sources


def test_a_cell_is_written_down_and_run_on_the_extract(attempt, shell, capsys):
    shell.run_cell_magic("code", "data-quality for-the-board", "counted = len(stays)")
    assert written(attempt) == {"for-the-board": "counted = len(stays)"}
    assert shell.user_ns["counted"] == 30 and list(shell.user_ns["stays"].columns)[:2] == ["stay", "number"]
    assert "Saved. It is handed in together with the exercise." in capsys.readouterr().out
    shell.run_cell_magic("code", "data-quality for-the-board", "1/0")
    assert written(attempt) == {"for-the-board": "1/0"}, "the last one counts, and an error is the learner's to see"


def test_what_is_not_kept_is_told(attempt, shell, capsys):
    (cell,) = attempt.scenario.content[code.CodeCell]
    for line, source, says in (
        ("data-quality for-the-board", cell.start, "Nothing is written here yet."),
        ("data-quality for-the-board", "#" * 4001, "a cell can hold 4000 characters, and this one has 4001"),
        ("data-quality other", "x = 1", "no code cell 'other'"),
        ("orientation for-the-board", "x = 1", "Run the cell that shows the exercise 'orientation' first."),
    ):
        shell.run_cell_magic("code", line, source)
        assert says in capsys.readouterr().out
    assert written(attempt) == {}
    attempt.do("hand_in")
    shell.run_cell_magic("code", "data-quality for-the-board", "x = 1")
    assert "Not saved: This attempt has been handed in." in capsys.readouterr().out


def test_an_exercise_without_code_offers_none(tmp_path, monkeypatch):
    made = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    opened = Attempt.open(scenario.load("orientation"), tmp_path)
    code.offer(opened)
    opened.close()
    assert made.find_cell_magic("code") is None and tables(opened.scenario) == {}
