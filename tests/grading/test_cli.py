"""The `course` command as it is typed: what it does, and how it says no."""

import json
import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from grading import cli, exercise
from tests.grading.help import log_of, points, zip_of


@pytest.fixture
def run(monkeypatch):
    def typed(where, *words):
        monkeypatch.chdir(where)
        exercise.cached.cache_clear()
        return CliRunner().invoke(cli.app, list(words))

    return typed


def test_help_teaches_and_names_every_command(run, tmp_path):
    said = run(tmp_path, "--help")
    assert said.exit_code == 0
    for word in (
        "check", "prepare", "build", "release", "collect", "grade", "verify", "feedback", "report", "fhir", "demo",
        "serve",
    ):  # fmt: skip
        assert re.search(rf"\b{word}\b", said.output)
        assert run(tmp_path, word, "--help").exit_code == 0
    assert "To run a cohort without a server" in said.output


def test_help_imports_nothing_slow():
    code = (
        "import sys; from grading import cli; "
        "slow = ('nbgrader', 'nbconvert', 'sqlalchemy', 'jupytext', 'tornado', 'pandas'); "
        "print([name for name in slow if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_from_text_to_report(run, root, fluid, tmp_path):
    assert "in order" in run(root, "check").output
    assert run(root, "release").exit_code == 0
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({"answers/fluid-chart.jsonl": log_of(fluid, fluid.model)}))
    said = run(root, "collect", str(inbox))
    assert said.exit_code == 0 and "1 taken, 0 known already, 0 refused." in said.output
    said = run(root, "grade")
    assert said.exit_code == 0 and "1 graded, 0 unchanged, 0 refused, 0 failed." in said.output
    assert "1 unchanged" in run(root, "grade").output
    assert "1 graded" in run(root, "grade", "--again", "fluid-chart").output
    assert "1 feedback pages" in run(root, "feedback").output
    (root / "people.csv").write_text("learner,name,unit,role\nada,Ada L.,Alder,doctor\nben,Ben,Birch,nurse\n")
    said = run(root, "report", "--roster", "people.csv")
    assert said.exit_code == 0 and "1 of 2 people have completed their path." in said.output
    assert "Ada L." in (root / "build" / "report" / "completion.html").read_text()


def test_it_works_from_a_folder_inside_the_course(run, root):
    assert run(root / "exercises" / "fluid-chart", "prepare").exit_code == 0
    assert (root / "build" / "source" / "fluid-chart" / "fluid-chart.ipynb").is_file()


def refused(said, *words):
    assert said.exit_code == 1, said.output
    assert said.exception is None or isinstance(said.exception, SystemExit)
    assert "Traceback" not in said.output
    for word in words:
        assert word in said.output


def test_a_users_error_is_one_sentence_and_exit_code_1(run, root, tmp_path):
    refused(run(tmp_path, "check"), "There is no course.toml")
    refused(run(root, "grade", "no-such"), "no exercise called 'no-such'")
    refused(run(root, "release", "no-such"), "no exercise called 'no-such'")
    refused(run(root, "collect", "no-such"), "no such file or folder")
    refused(run(root, "report"), "There is no gradebook yet")
    refused(run(root, "report", "--roster", "none.csv"), "none.csv")
    refused(run(root, "serve", "--certificate", "a.pem"), "give both")
    (root / "course.toml").write_text("[course\n")
    refused(run(root, "grade"), "course.toml:1:")


def test_check_names_everything_that_is_wrong(run, root):
    rubric = root / "exercises" / "fluid-chart" / "rubric.py"
    rubric.write_text(rubric.read_text().replace('read="When in doubt"', 'read="No such heading"'))
    answers = root / "exercises" / "warm-up" / "answers.py"
    answers.write_text(answers.read_text().replace("0, {", "0.5, {", 1))
    toml = root / "course.toml"
    unseen = '[{ id = "unseen", text = "Unseen." }, { id = "say-so"'
    toml.write_text(toml.read_text().replace('[{ id = "say-so"', unseen))
    lesson = root / "notebooks" / "fluids.md"
    lesson.write_text(lesson.read_text().replace("Intake less output.", "Intake less output.\nIt is wrong in 45%."))
    line = lesson.read_text().splitlines().index("It is wrong in 45%.") + 1
    said = run(root, "check")
    refused(said, f"notebooks/fluids.md:{line}: the figure '45%' has no source in its paragraph.")
    refused(said, "criterion 'slip-marked' says to read 'No such heading'", "WRONG['said no'] earns 0 points, not 0.5")
    refused(said, "no criterion looks for the objective 'unseen' of module 'warming-up'", "5 things are wrong.")


def test_a_refused_hand_in_is_shown_with_its_reason_and_the_exit_code_tells(run, released, fluid, tmp_path):
    root = released.root
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({"answers/fluid-chart.jsonl": log_of(fluid, fluid.model)}))
    (inbox / "eve__fluid-chart.zip").write_bytes(zip_of({"../answers": "x"}))
    (inbox / "[red]mal[.zip").write_bytes(b"x")
    said = run(root, "collect", str(inbox))
    refused(said, "1 taken, 0 known already, 2 refused.")
    assert "[red]mal[.zip" in said.output, "a name is text, not markup"


def test_a_submission_that_fails_is_shown_and_the_exit_code_tells(run, released, fluid):
    from grading import handin

    root = released.root
    for learner in ("ada", "ben"):
        handin.accept(released, learner, "fluid-chart", log_of(fluid, fluid.model))
    (root / "build" / "submitted" / "ada" / "fluid-chart" / "answers" / "fluid-chart.jsonl").write_text("damaged\n")
    said = run(root, "grade")
    refused(said, "ada", "line 1", "1 graded, 0 unchanged, 1 refused, 0 failed.")
    assert sum(points(released, "ben").values()) == 6


def test_the_demo_is_labelled(run, root):
    said = run(root, "demo", "--learners", "3")
    assert said.exit_code == 0
    assert "Synthetic cohort" in said.output and "of 3 have completed their path." in said.output


def test_a_disk_that_is_full_is_one_sentence(run, root, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device", "build/x")

    monkeypatch.setattr("grading.files.write", full)
    refused(run(root, "prepare"), "build/x: No space left on device.")


def test_stopped_by_hand_it_says_how_to_go_on(run, root, monkeypatch):
    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("grading.course.load", stop)
    said = run(root, "grade")
    assert said.exit_code == 130 and "Run the same command again" in said.output


def test_the_command_is_installed():
    command = os.path.join(os.path.dirname(sys.executable), "course")
    assert subprocess.run([command, "--help"], capture_output=True).returncode == 0


def test_fhir_shows_one_patient_or_writes_all(run, tmp_path):
    said = run(tmp_path, "fhir", "marsh-eleanor")
    assert said.exit_code == 0 and json.loads(said.output)["resourceType"] == "Bundle"
    said = run(tmp_path, "fhir", "--all", "--out", "records")
    assert said.exit_code == 0
    written = sorted(file.name for file in (tmp_path / "records").iterdir())
    assert len(written) == 25 and "NOTICE.txt" in written and "marsh-elaine.json" in written
    shown = json.loads((tmp_path / "records" / "marsh-eleanor.json").read_text(encoding="utf-8"))
    assert shown == json.loads(run(tmp_path, "fhir", "marsh-eleanor").output)


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "Name one patient"), (("marsh-eleanor", "--all"), "Name one patient"), (("nobody",), "no patient 'nobody'")],
)
def test_fhir_of_nobody_is_one_sentence(run, tmp_path, words, said):
    done = run(tmp_path, "fhir", *words)
    assert done.exit_code == 1 and said in done.output
