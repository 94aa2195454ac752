"""The walls of the house: what a learner gets holds nothing of the staff's, and the domain runs anywhere."""

import ast
import subprocess
import sys
import zipfile

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading.publish import notebooks
from tests.grading.help import REPOSITORY

SIMEMR = REPOSITORY / "simemr"


def imports(file):
    """The top names of everything a Python file imports, wherever in the file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def test_simemr_never_imports_grading():
    for file in SIMEMR.rglob("*.py"):
        assert not [name for name in imports(file) if name.split(".")[0] == "grading"], file


def test_the_domain_imports_only_the_standard_library_and_itself():
    for file in (SIMEMR / "domain").rglob("*.py"):
        for name in imports(file):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or name.startswith(("simemr.domain", "simemr.version")), (file, name)
            assert name != "simemr.view"


def test_importing_the_domain_loads_no_widget_library():
    code = (
        "import sys, simemr.domain.session, simemr.domain.attempt; "
        "print([m for m in sys.modules if m.split('.')[0] in ('ipywidgets', 'IPython', 'grading', 'numpy', 'pandas')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def secrets():
    """Sentences that only the staff's side may hold: the rubric's words of every exercise that exists."""
    course = course_file.load(REPOSITORY, check_folders=False)
    folders = [slug for slug in course.exercises if (course.exercise_folder / slug / "rubric.py").is_file()]
    made = {slug: exercise_file.load(course, slug) for slug in folders}
    assert made
    return made


def keys(made):
    return [text for criterion in made.criteria for text in (criterion.met, criterion.missed)]


def test_the_learners_wheel_holds_no_key(tmp_path, secrets):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=SIMEMR, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        text = "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
    assert not [name for name in names if name.endswith(("rubric.py", "answers.py")) or name.startswith("grading/")]
    assert any(name.startswith("simemr/scenarios/") for name in names)
    for made in secrets.values():
        for key in keys(made):
            assert key not in text


def test_an_exercises_notebook_holds_no_key(secrets):
    import nbformat

    for made in secrets.values():
        text = nbformat.writes(notebooks.exercise(made))
        assert not [key for key in keys(made) if key in text]
        assert "rubric" not in text and "grading" not in text


def test_a_scenario_holds_no_key(secrets):
    for made in secrets.values():
        text = (made.folder / "scenario.toml").read_text(encoding="utf-8")
        assert not [key for key in keys(made) if key in text]
        assert "answer =" not in text
