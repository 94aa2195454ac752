"""Reading the hospital's files: a fault is one sentence with file and line, and nothing is half loaded."""

import shutil
from datetime import datetime

import pytest

from simemr.domain import load, scenario
from simemr.domain.load import DataError

CLOCK = datetime(2026, 3, 12, 14)


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "data"
    shutil.copytree(load.DATA, copy)
    return copy


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_whole_hospital_loads():
    hospital = load.hospital(CLOCK)
    assert len(hospital.patients) >= 10
    marsh = hospital.patient("marsh-eleanor")
    assert marsh.display_name == "MARSH, Eleanor"
    assert list(marsh.results) == sorted(marsh.results, key=lambda r: r.at)


def test_a_missing_patient_file_is_named(folder):
    (folder / "patients" / "marsh-eleanor.toml").unlink()
    with pytest.raises(DataError, match=r"marsh-eleanor\.toml:1: there is no such file"):
        load.hospital(CLOCK, ("marsh-eleanor",), folder)


@pytest.mark.parametrize("everything", [True, False])
def test_a_rule_about_an_unknown_test_is_refused_with_its_line(folder, everything):
    path = folder / "formulary.toml"
    changed = edit(path, 'test = "potassium"', 'test = "kryptonite"')
    with pytest.raises(DataError, match="the test 'kryptonite', which is not in the laboratory catalogue") as caught:
        load.hospital(CLOCK, (), folder) if everything else load.formulary(path)
    line = int(str(caught.value).removeprefix(f"{path}:").split(":")[0])
    heads = [n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text == "[[medicine]]"]
    assert max(n for n in heads if n < changed) < line <= changed, "within the medicine that has the rule"


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('sex = "female"', 'sex = "female"\ncolour = "blue"', "unknown key 'colour'"),
        ('unit = "alder"', 'unit = "mars"', "there is no unit 'mars'"),
        ('id = "marsh-eleanor"', 'id = "marsh"', "is not the file's name"),
        ('"potassium"', '"kryptonite"', "there is no test 'kryptonite'"),
        ("born = 1952-03-12", 'born = "long ago"', "'born' must be a date"),
        ("born = 1952-03-12", "born = 1952-13-12", ""),
        ("news2_scale = 1", 'news2_scale = "one"', "'news2_scale' must be a whole number"),
    ],
)
def test_a_wrong_patient_file_is_named_with_its_line(folder, old, new, cause):
    path = folder / "patients" / "marsh-eleanor.toml"
    line = edit(path, old, new)
    with pytest.raises(DataError) as caught:
        load.hospital(CLOCK, ("marsh-eleanor",), folder)
    where, said = str(caught.value).split(": ", 1)
    assert where.startswith(f"{path}:")
    assert abs(int(where.rsplit(":", 1)[1]) - line) <= 1
    assert cause in said


def test_two_patients_with_one_number_are_refused(folder):
    number = load.patient(folder / "patients" / "marsh-eleanor.toml", CLOCK).hospital_number
    other = load.patient(folder / "patients" / "marsh-elaine.toml", CLOCK).hospital_number
    edit(folder / "patients" / "marsh-elaine.toml", other, number)
    with pytest.raises(DataError, match=f"hospital number {number} is also that of"):
        load.hospital(CLOCK, ("marsh-eleanor", "marsh-elaine"), folder)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('id = "confirm"', 'id = "open"', "the task id 'open' is used twice"),
        ('view = "emr"', 'view = "film"', "'view' must be one of"),
        ('patient = "marsh-eleanor" }', 'patient = "marsh-eleanor"', ""),
        ('exercise = "orientation"', 'exercise = "tour"', "its folder is 'orientation'"),
        ('"observations"', '"horoscope"', "there is no tab 'horoscope'"),
        ("minutes = 5", 'minutes = 5\nkey = "secret"', "unknown key 'key'"),
    ],
)
def test_a_wrong_scenario_is_named_with_its_line(tmp_path, old, new, cause):
    path = tmp_path / "scenario.toml"
    shutil.copy(scenario.path_of("orientation"), path)
    line = edit(path, old, new)
    with pytest.raises(DataError) as caught:
        scenario.load("orientation", path)
    where, said = str(caught.value).split(": ", 1)
    assert abs(int(where.rsplit(":", 1)[1]) - line) <= 8
    assert cause in said
