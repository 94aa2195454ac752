"""What grading must withstand: each test is a case, with what is tried and what comes of it.

Every attack is made behind each kind of wall that there is on this machine, and after each one honest code must still
run and nothing of the attacker's may be left running. A table of the cases is printed when the run ends.
"""

import os
import shutil
from pathlib import Path

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading import sandbox
from grading.sandbox import box, walls
from tests.grading.conftest import course, exercises, fluid, no_gradebook_elsewhere, released, released_once, root
from tests.grading.help import release

__all__ = ["course", "exercises", "fluid", "no_gradebook_elsewhere", "released", "released_once", "root"]

CODE_COURSE = Path(__file__).parent / "course"


def pytest_configure(config):
    config.addinivalue_line("markers", "case(tried, outcome): what an attack tries, and what must come of it")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            told = item.get_closest_marker("case")
            assert told, f"{item.nodeid} does not say which case it is"
            family = item.path.stem.removeprefix("test_").replace("_", " ")
            item.user_properties.append(("case", (family, *told.args)))


def pytest_terminal_summary(terminalreporter):
    """A line a case: it holds where each of its tests does."""
    rows = {}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            told = dict(getattr(report, "user_properties", ())).get("case")
            if told:
                rows.setdefault(tuple(told), []).append(outcome)
    if not rows:
        return
    words = {"passed": "holds", "skipped": "not tried"}
    wide = max(len(row[1]) for row in rows)
    terminalreporter.section("what grading withstands")
    family = ""
    for (belongs, tried, outcome), found in sorted(rows.items(), key=lambda row: row[0][0]):
        if belongs != family:
            family = belongs
            terminalreporter.write_line(f"{family}")
        worst = next(one for one in ("failed", "error", "passed", "skipped") if one in found)
        terminalreporter.write_line(f"  {tried:{wide}}  {words.get(worst, 'DOES NOT HOLD'):13}  {outcome}")


@pytest.fixture(scope="session", params=walls.KINDS)
def kind(request):
    """Each kind of wall that stands on this machine; one is enough, and a missing one is told."""
    status = next(one for one in tried() if one.kind == request.param)
    if not status.works:
        pytest.skip(f"{request.param}: {status.why}")
    return request.param


_tried = []


def tried():
    if not _tried:
        _tried.extend(sandbox.status())
    return _tried


@pytest.fixture
def attack(kind):
    """Runs a cell behind the walls, with small limits unless others are given."""
    small = {"wall": 10, "cpu": 8, "memory": 256 * 2**20}

    def run(source, emit=("x",), **limits):
        cells = [sandbox.Cell("attack", source, emit)]
        return sandbox.run(cells, limits=sandbox.Limits(**{**small, **limits}), kind=kind)

    yield run
    honest = sandbox.run([sandbox.Cell("honest", "x = 6 * 7", ("x",))], kind=kind)
    assert honest.cells["honest"].values == {"x": 42}, "honest code runs as before"
    assert survivors(kind) == [], "nothing of the attacker's is left"


def survivors(kind):
    """The processes below a template that are still alive."""
    template = box._templates[kind, ()]
    family = box.family_of(template._process.pid)
    return [one for one in family if alive(one) and not is_template(one)]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def is_template(pid):
    # the template is the one that reads orders; bubblewrap, which started it, is another program
    try:
        return b"bwrap" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0] or os.path.samefile(
            f"/proc/{pid}/ns/pid", "/proc/self/ns/pid"
        )
    except OSError:
        return False


@pytest.fixture(scope="session")
def code_released(tmp_path_factory):
    """The course with code cells, released once."""
    return release(CODE_COURSE, tmp_path_factory.mktemp("code") / "course")


@pytest.fixture
def code_course(code_released, tmp_path):
    """A copy of the course with code cells: nothing has been handed in."""
    return course_file.load(Path(shutil.copytree(code_released, tmp_path / "course")))


@pytest.fixture(scope="session")
def beds():
    """The exercise with code cells."""
    return exercise_file.load(course_file.load(CODE_COURSE), "bed-days")
