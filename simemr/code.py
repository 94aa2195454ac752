"""The code cells of an exercise in a notebook: ``%%code`` writes down what a cell holds, and runs it.

What is written down is part of the answers, and is graded when they have been handed in. In the browser there is no
pandas, and these cells are not offered.
"""

from pathlib import Path
from typing import Any

from simemr.domain.action import MAX_TEXT
from simemr.domain.actions.code import CodeCell, tables
from simemr.domain.attempt import Attempt
from simemr.domain.scenario import Scenario
from simemr.domain.session import ActionRefused


def offer(attempt: Attempt) -> None:
    """Make ``%%code <exercise> <cell>`` write to this exercise's attempt, where Python runs in a notebook."""
    if not attempt.scenario.of(CodeCell):
        return
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is not None:
        _offered[attempt.scenario.exercise] = attempt.scenario, attempt.folder
        shell.register_magic_function(lambda line, source: run(shell, line, source), "cell", "code")


_offered: dict[str, tuple[Scenario, Path]] = {}


def run(shell: Any, line: str, source: str) -> None:
    """Write a cell's source down and run it in the notebook; a sentence says what became of it."""
    exercise, _, cell = line.strip().partition(" ")
    if exercise not in _offered:
        print(f"Run the cell that shows the exercise '{exercise:.60}' first.")
        return
    attempt = Attempt.open(*_offered[exercise])
    print(keep(attempt, cell.strip(), source))
    try:
        import pandas
    except ImportError:
        print("The cell can't be run here: it needs the package pandas.")
        return
    for name, table in tables(attempt.scenario).items():
        shell.user_ns[name] = pandas.DataFrame(table["rows"], columns=table["columns"])
    shell.run_cell(source)


def keep(attempt: Attempt, cell: str, source: str) -> str:
    """Write the source of a code cell into the log; return what to tell the learner."""
    known = next((one for one in attempt.scenario.of(CodeCell) if one.id == cell), None)
    if known is not None and source.strip() == known.start.strip():
        return "Nothing is written here yet."
    if len(source) > MAX_TEXT:
        return f"Not saved: a cell can hold {MAX_TEXT} characters, and this one has {len(source)}."
    try:
        attempt.do("write_code", cell=cell, source=source)
    except ActionRefused as refusal:
        return f"Not saved: {refusal}"
    return attempt.save_error or "Saved. It is handed in together with the exercise."
