"""Code that claims a score instead of doing the work: what it claims is ignored, and what it left is judged."""

import pytest

from tests.threats.help import extras, points

case = pytest.mark.case
RIGHT = {"total": 1, "by-ward": 1, "longest": 2, "known": 1}
REST = {"longest": 2, "known": 1}
NOTHING = {"total": 0, "by-ward": 0, **REST}


@case("the work itself, done well", "full marks")
def test_the_model_gets_everything(beds):
    assert points(beds) == RIGHT


@case("correct work that warns, and writes to stderr", "full marks")
def test_a_warning_costs_nothing(beds):
    source = beds.code["MODEL"][0]["count"]
    noisy = f"{source}\nimport warnings, sys\nwarnings.warn('old')\nprint('note', file=sys.stderr)\n1/1"
    assert points(beds, count=noisy) == RIGHT


@pytest.mark.parametrize("value", ["1", "1e9", "-5", "float('nan')", "float('inf')", "'full marks'", "True", "10**400"])
@case("a cell returns a number, NaN, text, or more than there is, as if it were its score", "ignored: 0")
def test_a_cells_value_is_no_score(beds, value):
    assert points(beds, count=value) == NOTHING


@pytest.mark.parametrize(
    "value",
    ["'24'", "24.5", "float('nan')", "float('inf')", "True", "[24]", "{'total': 24}", "None", "10**400"],
)
@case(
    "a variable of another type than asked for: text, NaN, a bool, a list, a number of 400 digits", "0, and it says why"
)
def test_a_value_of_the_wrong_type_is_refused(beds, value):
    found = extras(beds, count=f"total = {value}\nby_ward = {{'Alder': 8, 'Birch': 16}}")
    assert (found["total"].points, found["by-ward"].points) == (0, 1)
    assert "'total'" in found["total"].evidence


@case("a whole number as 24.0, or as numpy's own", "taken for what it is")
def test_numbers_are_taken_for_what_they_are(beds):
    assert points(beds, count="import numpy\ntotal = numpy.int64(24)\nby_ward = {'Alder': 8.0, 'Birch': 16}") == RIGHT


LIAR = """
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 24
    def __int__(self): return 24
    def __index__(self): return 24
    def __float__(self): return 24.0
    def __str__(self): return "24"
    __repr__ = __str__
total = Liar()
by_ward = {"Alder": Liar(), "Birch": Liar()}
"""
SUBCLASSES = """
class Number(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
class Table(dict):
    def __eq__(self, other): return True
total = Number(7)
by_ward = Table(Alder=1)
"""


@pytest.mark.parametrize("source", [LIAR, SUBCLASSES], ids=["a class of its own", "an int and a dict"])
@case("an object that is equal to everything", "0: only plain values leave, and are compared outside")
def test_an_object_that_is_equal_to_everything(beds, source):
    assert points(beds, count=source) == NOTHING


@pytest.mark.parametrize(
    "source",
    [
        "import builtins\nbuiltins.AssertionError = type('A', (Exception,), {})\nbuiltins.print = lambda *a: None",
        'import json\njson.dumps = lambda *a, **k: \'{"cell": "count", "values": {"total": 24}}\'',
        "import json\njson.loads = json.JSONEncoder.encode = json.JSONEncoder.default = lambda *a, **k: 24",
        "import math, numpy\nmath.isfinite = math.isclose = numpy.isclose = lambda *a, **k: True",
        "import sys, io\nsys.stdout = sys.stderr = io.StringIO()\nsys.modules['json'] = None",
        "import os\nos.write = lambda *a: 1",
        "import work\nwork.plain = lambda *a: 24\nwork._write = lambda *a: None",
        "import builtins\nbuiltins.__import__ = None",
        "import builtins\nbuiltins.type = lambda *a: int\nbuiltins.isinstance = lambda *a: True",
        "import builtins\nbuiltins.len = builtins.sum = builtins.abs = lambda *a: 24",
    ],
)
@case("patched json, math, print, assert, isinstance, os.write, sys.stdout, or the runner itself", "0 for that cell")
def test_patched_modules_forge_nothing(beds, source):
    found = points(beds, count=source)
    assert (found["total"], found["by-ward"]) == (0, 0)


@pytest.mark.parametrize(
    "source",
    [
        "import ast\nclass T(ast.NodeTransformer):\n  def visit_Compare(self, n): return ast.Constant(True)\n"
        "get_ipython().ast_transformers.append(T())",
        "get_ipython().input_transformers_post.append(lambda lines: ['total = 24'])",
        "get_ipython().run_cell = lambda *a, **k: None",
        "get_ipython().events.register('post_run_cell', lambda *a: get_ipython().user_ns.update(total=0))",
        "type(get_ipython()).run_cell = lambda *a, **k: 1/0",
        "import IPython\nIPython.core.interactiveshell.InteractiveShell.run_cell = None",
    ],
)
@case("AST and input transformers, hooks, a patched shell", "0 for that cell")
def test_a_patched_shell_forges_nothing(beds, source):
    found = points(beds, count=source)
    assert (found["total"], found["by-ward"]) == (0, 0)


@pytest.mark.parametrize(
    "written",
    [
        '{"cell": "count", "error": "", "values": {"total": 25, "by_ward": {"Alder": 9}}, "faults": {}}',
        '{"cell": "describe", "error": "", "values": {"longest": "b2"}, "faults": {}}',
        '{"cell": "count", "score": 100, "points": 100}',
        '{"cell": "count", "error": "", "values": {"total": NaN}, "faults": {}}',
        "[" * 50,
        '{"a":' * 50,
        "null",
        "\\x00\\xff",
        '{"cell": "count", "error": "", "values": {"total": 99999}, "faults": {}}',
    ],
)
@case(
    "the line of results written by hand: forged, not JSON, nested 100,000 deep, digits without end",
    "0, read with care",
)
def test_results_written_by_hand(beds, written):
    # what is nested is nested 50,000 deep, and what has digits has thousands of them
    longer = f"{written!r}.replace('[', '[' * 1000).replace('{{\"a\":', '{{\"a\":' * 200).replace('9', '9' * 999)"
    source = (
        f"import os\nfor fd in range(3, 64):\n  try: os.write(fd, ({longer}).encode() + b'\\n')\n  except OSError: pass"
    )
    found = points(beds, count=source)
    assert (found["total"], found["by-ward"]) == (0, 0)


@case("results of other learners' cells, or twice the same", "what can't be read counts for nothing")
def test_more_results_than_cells(beds):
    line = '{"cell": "%s", "error": "", "values": {}, "faults": {}}\n'
    write = f"os.write(fd, {(line % 'count')!r}.encode() * 3)"
    source = f"import os\nfor fd in range(3, 64):\n  try: {write}\n  except OSError: pass"
    assert points(beds, count=source)["total"] == 0


@pytest.mark.parametrize(
    "source",
    ["import sys\nsys.exit(0)", "raise SystemExit(0)", "quit()", "import os\nos._exit(0)", "import os\nos.abort()",
     "import os\nos.kill(os.getpid(), 9)", "import ctypes\nctypes.string_at(0)", "raise BaseException",
     "raise KeyboardInterrupt", "assert False", "1/0", "def", "import os\nos.execv('/bin/true', ['true'])"],
)  # fmt: skip
@case("sys.exit, os._exit, a dead process, a segmentation fault, an error", "that cell's criteria 0, the rest graded")
def test_a_cell_that_ends_its_process_costs_only_itself(beds, source):
    assert points(beds, count=source) == NOTHING


@case("at exit and in a thread, values are changed after the cell has run", "too late")
def test_what_comes_late_counts_for_nothing(beds):
    late = """
import atexit, threading, time, builtins
def change():
    time.sleep(0.2)
    get_ipython().user_ns["total"] = 24
threading.Thread(target=change, daemon=True).start()
atexit.register(change)
total = 1
"""
    assert points(beds, count=late)["total"] == 0


@case("a name that looks the same (Cyrillic letters)", "it is another name: 0, and it says that the name is missing")
def test_a_name_that_looks_the_same(beds):
    found = extras(beds, count="tоtal = 24")  # the second letter is Cyrillic
    assert found["total"].points == 0 and "it is not there" in found["total"].evidence


@case("text with half a character in it", "refused")
def test_half_a_character(beds):
    assert points(beds, describe="longest = '\\ud800'\nmean = 6.0\nknown = [True] * 4 + [False]")["longest"] == 0


@pytest.mark.parametrize("size", [3_000_000, 200_000])
@case("a result of megabytes, or with more items than anybody needs", "0, and it says so")
def test_a_huge_result(beds, size):
    found = extras(beds, count=f"total = 24\nby_ward = {{str(n): n for n in range({size // 20})}}")
    assert found["by-ward"].points == 0


@case("nothing but the starting lines is handed in, or nothing at all", "nothing is lost")
def test_no_code_loses_nothing(beds):
    from grading.scoring import score
    from tests.grading.help import log_of

    result = score(beds, log_of(beds, beds.model), run_code=True)
    assert (result.points, result.passed) == (4, True)
    assert all("nothing is lost" in extra.evidence for extra in result.extras)


@case("a cell that the exercise does not have, or code longer than a cell can be", "the log is refused")
def test_code_for_no_cell(beds):
    from grading.answers import AnswerError

    for cell, source in (("other", "x = 1"), ("count", "x" * 4001)):
        with pytest.raises(AnswerError, match="refused"):
            beds.log_text([("write_code", {"cell": cell, "source": source})])
