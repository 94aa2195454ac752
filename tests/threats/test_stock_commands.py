"""Jupyter's and nbgrader's own commands: they run a learner's code in the sandbox too, or not at all."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from grading import sandbox
from grading.sandbox import box, provisioner
from tests.conftest import free_port, until
from tests.grading.help import hand_in
from tests.threats.help import with_code
from tests.threats.test_notebook_structure import extra_credit

case = pytest.mark.case
KERNEL = "course-sandbox"


def execute(*sources, timeout=60):
    """The outputs of a notebook of these cells, run as nbgrader's Execute runs one."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name=KERNEL, allow_errors=True, timeout=timeout).execute()
    return [[told(output) for output in cell.outputs] for cell in notebook.cells]


def told(output):
    return output.get("text") or output.get("ename") or output["data"]["text/plain"]


@case("a notebook that is run with the kernel 'course-sandbox'", "a whole kernel, warm, behind the walls")
def test_a_kernel_in_the_sandbox():
    found = execute(
        "import pandas as pd\npd.DataFrame({'a': [1]}).shape",
        "import socket\nsocket.create_connection(('127.0.0.1', 80))",
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "import os\nos.kill(os.getppid(), 9)\nos.getppid()",
        "print('still here')",
    )
    assert found == [
        ["(1, 1)"],
        ["PermissionError"],
        ["FileNotFoundError"],
        ["FileNotFoundError"],
        ["1"],
        ["still here\n"],
    ]


@case("an endless loop in such a kernel", "interrupted by whoever runs the notebook, and the next cell runs")
def test_a_kernel_is_interrupted():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in ("while True: pass", "print(1)")])
    client = NotebookClient(notebook, kernel_name=KERNEL, allow_errors=True, timeout=2, interrupt_on_timeout=True)
    client.execute()
    assert told(notebook.cells[0].outputs[0]) == "KeyboardInterrupt" and told(notebook.cells[1].outputs[0]) == "1\n"


@case("a machine without walls", "such a kernel does not start: never bare")
def test_no_kernel_without_walls(monkeypatch):
    def none(*args):
        raise sandbox.Unavailable("no walls")

    monkeypatch.setattr(provisioner.box, "warm", none)
    with pytest.raises(sandbox.Unavailable, match="no walls"):
        execute("print(1)")


@case("a kernel is shut down", "nothing of it is left")
def test_nothing_is_left_of_a_kernel():
    execute("import subprocess\nsubprocess.Popen(['sleep', '1000'])")
    template = box.warm()
    assert [pid for pid in box.family_of(template._process.pid) if b"sleep" in _command(pid)] == []


def _command(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def nbgrader(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=folder, capture_output=True, text=True, timeout=300,
        env={**os.environ, "COURSE_GRADEBOOK": ""},
    )  # fmt: skip


def incidents(course):
    """Whom an incident was written down of, and what it is."""
    lines = [json.loads(line) for line in (course.build / "incidents.jsonl").read_text().splitlines()]
    return [(line["learner"], line["status"]) for line in lines]


@case(
    "stock `nbgrader autograde` in the course's build folder",
    "code is judged in the sandbox, and its end is an incident",
)
def test_stock_autograde_in_the_course(code_course, beds):
    hand_in(code_course, beds, "ada", with_code(beds))
    hand_in(code_course, beds, "ben", with_code(beds, count="import os\nos._exit(0)"))
    ran = nbgrader(code_course.build, "autograde", "bed-days")
    assert ran.returncode == 0, ran.stderr
    assert extra_credit(code_course, "ada") == {"total": 1, "by-ward": 1, "longest": 2, "known": 1}
    assert extra_credit(code_course, "ben") == {"total": 0, "by-ward": 0, "longest": 2, "known": 1}
    assert incidents(code_course) == [("ben", "code")]


@pytest.fixture
def jupyter(code_course):
    """The address of a Jupyter server in the course's build folder, as `make jupyter` starts one."""
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--port-retries=0"]
    log = code_course.build / "jupyter.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [*command, "--IdentityProvider.token=t"], cwd=code_course.build, stdout=out, stderr=subprocess.STDOUT,
            env={**os.environ, "COURSE_GRADEBOOK": ""},
        )  # fmt: skip
    until(lambda: "is running at" in log.read_text() or server.poll() is not None)
    assert server.poll() is None, log.read_text()
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(60)


@case("formgrader's autograde button", "code is judged in the sandbox, and its end is an incident")
def test_formgraders_button(code_course, beds, jupyter, launch):
    hand_in(code_course, beds, "ada", with_code(beds))
    hand_in(code_course, beds, "ben", with_code(beds, count="import os\nos._exit(0)"))
    browser = launch(["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
    page = browser.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{jupyter}/lab?token=t", wait_until="commit")
    page.goto(f"{jupyter}/formgrader/manage_submissions/bed-days")
    for learner in ("ada", "ben"):
        page.click(f"tr:has(td:text-is('{learner}')) .autograde a")
        page.wait_for_selector(f"text=Successfully autograded 'bed-days' for student '{learner}'")
        page.click("#success-modal button:has-text('OK')")
        page.wait_for_selector("#success-modal", state="hidden")
    browser.close()
    assert extra_credit(code_course, "ada") == {"total": 1, "by-ward": 1, "longest": 2, "known": 1}
    assert extra_credit(code_course, "ben") == {"total": 0, "by-ward": 0, "longest": 2, "known": 1}
    assert incidents(code_course) == [("ben", "code")]


@case("stock `nbgrader autograde` of an ordinary nbgrader exercise, with Execute.kernel_name", "runs in the sandbox")
def test_stock_autograde_of_an_ordinary_exercise(tmp_path):
    graded = {"schema_version": 3, "cell_type": "code", "grade": True, "grade_id": "t", "locked": True, "points": 3}
    cell = nbformat.v4.new_code_cell(
        "import os\nassert not os.path.exists('/etc/passwd') and os.environ['HOME'] == os.getcwd()"
    )
    cell.metadata["nbgrader"] = {**graded, "solution": False, "task": False}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "x"}})
    for place in ("source/ps", "submitted/ada/ps"):
        (tmp_path / place).mkdir(parents=True)
        nbformat.write(notebook, tmp_path / place / "ps.ipynb")
    assert nbgrader(tmp_path, "generate_assignment", "ps").returncode == 0
    ran = nbgrader(tmp_path, "autograde", "ps", f"--Execute.kernel_name={KERNEL}")
    assert ran.returncode == 0, ran.stderr
    import sqlite3

    with sqlite3.connect(tmp_path / "gradebook.db") as database:
        assert database.execute("SELECT auto_score FROM grade").fetchall() == [(3.0,)]
