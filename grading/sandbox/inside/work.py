"""Runs a learner's cells, inside the box, and says what they left: plain values, a line of JSON a cell.

What is said here is a claim of the learner's process and no more: whoever reads it believes nothing of it. Nothing
that is expected of the learner is known here.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

DEEPEST = 12


def make_shell() -> Any:
    """An IPython shell, as in a notebook, that writes nothing to disk."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.automagic = False
    return InteractiveShell.instance(config=config)


def run(shell: Any, job: dict[str, Any], result: int) -> None:
    """Run the job's cells in order and write what each leaves to the file descriptor `result`, at once."""
    sys.argv = [""]
    shell.user_ns.update(_tables(job["tables"]))
    for cell in job["cells"]:
        outcome = shell.run_cell(cell["source"], store_history=False)
        fault = outcome.error_before_exec or outcome.error_in_exec
        values, faults = {}, {}
        for name in cell["emit"]:
            if name not in shell.user_ns:
                faults[name] = "it is not there"
                continue
            try:
                values[name] = plain(shell.user_ns[name])
            except Exception as error:  # anything at all: it is the learner's object
                faults[name] = str(error)[:200]
        line = {
            "cell": cell["id"],
            "error": f"{type(fault).__name__}: {fault}"[:500] if fault is not None else "",
            "values": values,
            "faults": faults,
        }
        _write(result, json.dumps(line, allow_nan=False).encode() + b"\n")
    sys.stdout.flush()
    sys.stderr.flush()


def plain(value: Any, depth: int = DEEPEST) -> Any:
    """A value as numbers, text, lists and dicts; a number that is not there (NaN) as None. Raises TypeError."""
    if depth == 0:
        raise TypeError("it is nested too deeply")
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if int(value).bit_length() > 128:
            raise TypeError("it is too large a number")
        return int(value)
    if isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            raise TypeError("it is infinite, which is no number")
        return None if value != value else float(value)
    if isinstance(value, dict):
        return {str(plain(key, 1)): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth - 1) for item in value]
    kind = type(value).__module__.partition(".")[0], type(value).__name__
    if kind in {("pandas", "NAType"), ("pandas", "NaTType")}:
        return None
    if kind == ("pandas", "Series"):
        return plain(value.to_dict(), depth)
    if kind == ("pandas", "DataFrame"):
        return plain(value.to_dict("records"), depth)
    if kind[0] in ("numpy", "pandas") and hasattr(value, "tolist"):
        return plain(value.tolist(), depth - 1)
    raise TypeError(f"it is of the type {kind[1]}, which is no plain data")


def _tables(tables: dict[str, dict[str, list]]) -> dict[str, Any]:
    if not tables:
        return {}
    import pandas

    return {name: pandas.DataFrame(table["rows"], columns=table["columns"]) for name, table in tables.items()}


def _write(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]
