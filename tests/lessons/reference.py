"""The lessons' reference outputs: what every code cell of a lesson showed when a person last looked at it.

One file a lesson, tests/reference/<slug>.json: for each code cell, in order, its outputs as Jupyter writes them
(text line by line), less the markup. Without it a reviewer can read what changed, and a new tag or colour is no
change; the words, every number in a table and every mark's label in a chart are kept.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import nbformat
from pytest_notebook.nb_regression import NBRegressionFixture
from pytest_notebook.notebook import regex_replace_nb

from grading import course as course_file
from grading.publish import notebooks

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "reference"
REFRESH = "python -m tests.lessons.refresh"

_HTML = "/cells/*/outputs/*/data/text/html"
#: Applied to what is expected and to what came out; applying it twice changes nothing more.
WORDS_ONLY = (
    (_HTML, r"(?s)<style.*?</style>", ""),
    (_HTML, r'<[^>"]*(?:"[^"]*"[^>"]*)*?\saria-label="([^"]*)"(?:[^>"]|"[^"]*")*>', r"\n\1\n"),
    (_HTML, r'<(?:[^>"]|"[^"]*")*>', "\n"),
    (_HTML, r"\s*\n\s*", "\n"),
    (_HTML, r"^\s+|\s+$", ""),
)
#: What Jupyter adds when it runs a notebook, and which says nothing of the lesson.
NOT_COMPARED = ("/metadata", "/cells/*/metadata", "/cells/*/execution_count", "/cells/*/outputs/*/execution_count")


def slugs() -> list[str]:
    """The lessons of the course."""
    return [module.slug for module in _course().modules]


def runner(folder: Path = ROOT / "notebooks") -> NBRegressionFixture:
    """What runs a notebook in `folder`, where the lessons' data lie, and compares."""
    return NBRegressionFixture(
        exec_cwd=str(folder),
        exec_env={"SIMEMR_STATIC": "1", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        diff_replace=WORDS_ONLY,
        diff_ignore=NOT_COMPARED,
        diff_use_color=False,
    )


def expected(slug: str, file: Path) -> Path:
    """Write the lesson as a notebook to `file`, with the reference outputs in it.

    The text and the code come from the lesson as it is now: only outputs are compared. Raises AssertionError when
    the reference is missing or has another number of code cells.
    """
    source = FOLDER / f"{slug}.json"
    assert source.is_file(), f"{source.relative_to(ROOT)} is missing: make it with `{REFRESH}`"
    outputs = json.loads(source.read_text(encoding="utf-8"))
    made = json.loads(nbformat.writes(notebooks.lesson(_course(), slug)))
    cells = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    assert len(cells) == len(outputs), (
        f"notebooks/{slug}.md has {len(cells)} code cells and the reference {len(outputs)}:"
        f" look at the lesson, then `{REFRESH}`"
    )
    for cell, shown in zip(cells, outputs, strict=True):
        needed = {"execute_result": {"execution_count": None}}
        cell["outputs"] = [needed.get(output["output_type"], {}) | output for output in shown]
    file.write_text(json.dumps(made), encoding="utf-8")
    return file


def refresh(slug: str, file: Path) -> bool:
    """Run the lesson (as a notebook in `file`) and keep what it shows as its reference; whether that changed it.

    Raises what the lesson raises: a lesson that fails leaves its reference as it was.
    """
    nbformat.write(notebooks.lesson(_course(), slug), file)
    # Not raised for differences: everything differs from no outputs at all.
    shown = runner().check(str(file), raise_errors=False).nb_final
    for number, cell in enumerate(cell for cell in shown.cells if cell.cell_type == "code"):
        for output in cell.outputs:
            if output.output_type == "error":
                raise RuntimeError(f"notebooks/{slug}.md, code cell {number + 1}: {output.ename}: {output.evalue}")
    written = json.loads(nbformat.writes(regex_replace_nb(shown, WORDS_ONLY)))
    outputs = [cell["outputs"] for cell in written["cells"] if cell["cell_type"] == "code"]
    for output in itertools.chain(*outputs):
        output.pop("execution_count", None)
    text = json.dumps(outputs, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    target = FOLDER / f"{slug}.json"
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return False
    FOLDER.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return True


def _course() -> course_file.Course:
    return course_file.load(ROOT, check_folders=False)
