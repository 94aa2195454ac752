"""What goes into the learner's browser: only what was pinned, and nothing of the staff's side."""

import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import pytest

from grading.publish import fetch, lite, wheels

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(tmp_path):
    """A small course with a scenario, and beside it what no learner may get."""
    package, exercise = tmp_path / "simemr", tmp_path / "exercises" / "warm-up"
    package.mkdir()
    exercise.mkdir(parents=True)
    for name in ("pyproject.toml", "hatch_build.py"):
        shutil.copy(ROOT / "simemr" / name, package)
    (package / "__init__.py").write_text("")
    (package / "version.py").write_text('__version__ = "1.2.3"\n')
    (package / "data").mkdir()
    (package / "data" / "tests.toml").write_text('[[test]]\nid = "potassium"\n')
    (package / "data" / "patients").mkdir()
    (package / "data" / "patients" / "one.toml").write_text('id = "one"\n\n[review]\nchecklist = ["The key."]\n')
    (exercise / "scenario.toml").write_text('exercise = "warm-up"\n')
    (exercise / "rubric.py").write_text("raise SystemExit\n")
    (exercise / "answers.py").write_text("MODEL = []\n")
    return tmp_path


def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info" not in name}


def test_learners_wheel_holds_the_package_and_the_scenarios_alone(course):
    wheel = wheels.learner_wheel(course, course / "cache")
    assert wheel.name == "simemr-1.2.3-py3-none-any.whl"
    assert names(wheel) == {
        "simemr/__init__.py",
        "simemr/version.py",
        "simemr/data/tests.toml",
        "simemr/data/patients/one.toml",
        "simemr/scenarios/warm-up.toml",
    }


def test_a_patient_goes_to_the_learner_without_the_reviewers_notes(course):
    wheel = wheels.learner_wheel(course, course / "cache")
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("simemr/data/patients/one.toml").decode() == 'id = "one"\n'


def test_a_patient_that_does_not_end_with_its_review_is_refused(course):
    (course / "simemr" / "data" / "patients" / "two.toml").write_text('id = "two"\n')
    with pytest.raises(fetch.PublishError, match="could not be built"):
        wheels.learner_wheel(course, course / "cache")


def test_the_real_learners_wheel_holds_nothing_of_the_staffs(tmp_path):
    wheel = wheels.learner_wheel(ROOT, tmp_path)
    slugs = {path.parent.name for path in ROOT.glob("exercises/*/scenario.toml")}
    assert {f"simemr/scenarios/{slug}.toml" for slug in slugs} <= names(wheel)
    assert not [name for name in names(wheel) if not name.startswith("simemr/")]
    wheels.refuse_staff_files(wheel)
    assert wheel.stat().st_size < 1_000_000
    with zipfile.ZipFile(wheel) as archive:
        patients = [name for name in archive.namelist() if name.startswith("simemr/data/patients/")]
        assert len(patients) == 24
        for name in patients:
            assert "review" not in tomllib.loads(archive.read(name).decode()), name


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("rubric.py", "x = 1\n"),
        ("data/answers.toml", "x = 1\n"),
        ("view.py", "from grading.rubric import criterion\n"),
        ("view.py", "def f():\n    import grading\n"),
        ("key.py", "MODEL = [('open_patient', {})]\n"),
    ],
)
def test_a_wheel_with_something_of_the_staffs_is_refused(course, path, text):
    (course / "simemr" / path).write_text(text)
    with pytest.raises(fetch.PublishError, match="belongs to the staff's side"):
        wheels.learner_wheel(course, course / "cache")
    (course / "simemr" / path).unlink()
    assert wheels.learner_wheel(course, course / "cache")


def test_an_unchanged_learners_wheel_comes_from_the_cache(course, monkeypatch):
    first = wheels.learner_wheel(course, course / "cache")
    monkeypatch.setattr(wheels, "run", lambda *args: pytest.fail("built again"))
    assert wheels.learner_wheel(course, course / "cache") == first


def test_a_changed_package_is_built_again_and_the_old_one_forgotten(course):
    first = wheels.learner_wheel(course, course / "cache")
    (course / "simemr" / "more.py").write_text("x = 1\n")
    second = wheels.learner_wheel(course, course / "cache")
    assert "simemr/more.py" in names(second)
    assert not first.exists()


def test_a_package_that_cannot_be_built_is_one_sentence(course):
    (course / "simemr" / "version.py").write_text("nothing\n")
    with pytest.raises(fetch.PublishError, match="^The learner's package simemr could not be built"):
        wheels.learner_wheel(course, course / "cache")


def make_wheels(folder):
    made = []
    for name in wheels.NEEDS:
        top = name.replace("-", "_")
        path = folder / f"{top}-1.0-py3-none-any.whl"
        path.write_bytes(wheels.zipped({f"{top}/__init__.pyc": "", f"{top}-1.0.dist-info/METADATA": ""}))
        made.append((path, f"../there/{path.name}"))
    return made


def test_lock_file_names_each_package_with_its_local_address_and_digest(tmp_path):
    made = make_wheels(tmp_path)
    lock = wheels.lock_file({"python": "3.14.2"}, made)
    assert set(lock["packages"]) == set(wheels.NEEDS)
    for wheel, address in made:
        entry = lock["packages"][wheels.name_of(wheel)]
        assert entry["file_name"] == address
        assert entry["sha256"] == fetch.digest(wheel)
        assert entry["imports"] == [wheel.name.split("-")[0]]
        assert set(entry["depends"]) <= set(wheels.NEEDS)


def test_lock_file_refuses_an_unknown_and_a_missing_package(tmp_path):
    made = make_wheels(tmp_path)
    with pytest.raises(fetch.PublishError, match="lacks the package simemr"):
        wheels.lock_file({}, [one for one in made if not one[0].name.startswith("simemr-")])
    stranger = tmp_path / "numpy-2.0-py3-none-any.whl"
    stranger.write_bytes(wheels.zipped({"numpy/__init__.py": ""}))
    with pytest.raises(fetch.PublishError, match="numpy-2.0-py3-none-any.whl is not a package that"):
        wheels.lock_file({}, [*made, (stranger, stranger.name)])


def test_every_pinned_package_has_a_hash_and_is_known():
    pins = [line for line in wheels.PINS.read_text().splitlines() if line and not line.startswith("#")]
    assert all("==" in pin and " --hash=sha256:" in pin for pin in pins)
    pinned = {wheels.name_of(pin.split("==")[0]) for pin in pins}
    brought = {wheels.name_of(name) for name in wheels.KERNEL_WHEELS}
    assert pinned | brought | set(wheels.STAND_INS) | {"simemr"} == set(wheels.NEEDS)
    assert set(lite.PACKAGES) <= set(wheels.NEEDS)


def test_what_is_left_out_of_a_wheel_is_gone_and_the_rest_is_as_it_was(tmp_path):
    wheel = tmp_path / "pygments-2.0-py3-none-any.whl"
    kept = {"pygments/__init__.py": b"1", "pygments/lexers/__init__.py": b"2", "pygments/lexers/python.py": b"3"}
    wheel.write_bytes(wheels.zipped({**kept, "pygments/lexers/cobol.py": b"4"}))
    light = tmp_path / "light.whl"
    light.write_bytes(wheels.lightened(wheel, "pygments"))
    with zipfile.ZipFile(light) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == kept


def test_stand_ins_are_wheels_that_say_what_they_are(tmp_path):
    for name in wheels.STAND_INS:
        file_name, content = wheels.stand_in(name)
        path = tmp_path / file_name
        path.write_bytes(content)
        with zipfile.ZipFile(path) as archive:
            (info,) = [one for one in archive.namelist() if one.endswith("METADATA")]
            assert "stand-in" in archive.read(info).decode()


def test_no_network_is_one_sentence(tmp_path, monkeypatch):
    fails = ["python3", "-c", "import sys; sys.exit('ERROR: Could not find a version (from versions: none)')"]
    monkeypatch.setattr(wheels, "pip_command", lambda: fails)
    with pytest.raises(fetch.PublishError) as caught:
        wheels.third_party(tmp_path)
    assert str(caught.value).count("\n") == 0
    assert "connect this computer to the index once and run again" in str(caught.value)
    assert not list(tmp_path.glob("wheels-*/"))


def test_lock_file_of_a_built_site_lists_only_files_that_are_there(tmp_path):
    large, small = tmp_path / "static/pyodide/aa", tmp_path / "static/pyodide/bb"
    large.mkdir(parents=True)
    small.mkdir()
    (large / "pyodide.mjs").write_text("")
    (tmp_path / "jupyter-lite.json").write_text(json.dumps(lite.site_config("static/pyodide/aa", "static/pyodide/bb")))
    made = [(path, f"../aa/{path.name}") for path, _ in make_wheels(large)]
    (small / "pyodide-lock.json").write_text(json.dumps(wheels.lock_file({}, made)))
    lite.refuse_outside_hosts(tmp_path)
    lock = json.loads((small / "pyodide-lock.json").read_text())
    lock["packages"]["comm"]["file_name"] = "https://cdn.example/comm-1.0-py3-none-any.whl"
    (small / "pyodide-lock.json").write_text(json.dumps(lock))
    with pytest.raises(fetch.PublishError, match="comm: https://cdn.example/comm-1.0-py3-none-any.whl is not in the"):
        lite.refuse_outside_hosts(tmp_path)
