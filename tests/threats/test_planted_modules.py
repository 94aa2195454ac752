"""Files that would be imported in the place of real ones: they are not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grading.sandbox import box

case = pytest.mark.case
PLANT = "raise SystemExit('planted')\n"
NAMES = [
    "json.py",
    "sitecustomize.py",
    "usercustomize.py",
    "pandas.py",
    "numpy.py",
    "IPython.py",
    "linux.py",
    "work.py",
    "x.pth",
]


@case("json.py, sitecustomize.py, pandas.py beside the code that it writes itself", "not imported, in no later process")
def test_planted_in_the_box(attack):
    source = f"""
import os, subprocess, sys
for name in {NAMES!r}:
    open(name, "w").write({PLANT!r})
sys.modules.pop("json")
import json
x = [json.__file__.startswith(os.getcwd()), "" in sys.path or os.getcwd() in sys.path]
x.append(subprocess.run([sys.executable, "-I", "-c", "import json"], capture_output=True).returncode)
"""
    assert attack(source).cells["attack"].values["x"] == [False, False, 0]


@case("the same in the folder where grading is started, on PYTHONPATH and in the user's site", "not imported")
def test_planted_where_grading_runs(kind, tmp_path):
    for name in NAMES:
        (tmp_path / name).write_text(PLANT)
    site = tmp_path / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    site.mkdir(parents=True)
    (site / "evil.pth").write_text("import os; os._exit(3)\n")
    cell = "sandbox.Cell('a', 'import json, pandas; x = 1', ('x',))"
    program = f"from grading import sandbox; print(sandbox.run([{cell}], kind={kind!r}))"
    # the grader itself is started as `course` is: its own folder is not on the path of modules
    environment = {**os.environ, "PYTHONUSERBASE": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert "'x': 1" in ran.stdout, ran.stderr
    template = box.Template(kind)
    assert Path(f"/proc/{template._process.pid}/environ").read_bytes() == b"", "nothing of the environment goes along"
    template.close()


@case("a module that was changed in memory by an earlier learner", "every run has it as it was")
def test_changed_in_memory(attack):
    attack("import pandas, json\npandas.read_csv = None\njson.dumps = lambda *a: '{}'")
    assert attack("import pandas, json\nx = [callable(pandas.read_csv), json.dumps(1)]").cells["attack"].values[
        "x"
    ] == [True, "1"]


@case("answers/*.jsonl that is Python, a pickle or a notebook", "read as a log and refused")
def test_python_in_the_place_of_answers(released):
    from grading import handin
    from grading.scoring import Refused

    for content in (b"raise SystemExit\n", b"\x80\x04\x95", b'{"cells": []}\n'):
        with pytest.raises(Refused):
            handin.accept(released, "ada", "fluid-chart", content)
