"""Pickles: nothing in the course ever loads one, and none comes out of the sandbox."""

import ast
from pathlib import Path

import pytest

from tests.threats.help import points

case = pytest.mark.case
REPOSITORY = Path(__file__).parents[2]
LOADERS = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}


@case("an import of pickle, shelve, marshal, dill or joblib anywhere in the course", "there is none")
def test_nothing_can_unpickle():
    found = []
    for folder in ("grading", "simemr", "exercises", "book/_ext"):
        for file in (REPOSITORY / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                called = node.attr if isinstance(node, ast.Attribute) else ""
                if LOADERS & {name.partition(".")[0] for name in names} or called in ("read_pickle", "load_pickle"):
                    found.append(f"{file.relative_to(REPOSITORY)}:{node.lineno}")
    assert found == []


@case("a pickle written in the place of results, or left as a value", "never unpickled: 0")
def test_a_pickle_out_of_the_sandbox(beds, tmp_path):
    trace = tmp_path / "unpickled"
    evil = f"""
import os, pickle
class Evil:
    def __reduce__(self):
        return (os.system, ("touch {trace}",))
data = pickle.dumps(Evil())
for fd in range(3, 64):
    try: os.write(fd, data + b"\\n")
    except OSError: pass
total = data
by_ward = Evil
"""
    found = points(beds, count=evil)
    assert (found["total"], found["by-ward"]) == (0, 0)
    assert not trace.exists()
