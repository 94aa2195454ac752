"""Hand-ins out of folders and zips: what is taken, and what is refused before it can do harm."""

import json

import pytest

from grading import collect
from grading.course import CourseError
from grading.scoring import Refused
from tests.grading.help import log_of, zip_of

LOG = "answers/fluid-chart.jsonl"


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def rows(course, source):
    return {row.name: row for row in collect.collect(course, source)}


def test_takes_zips_folders_and_logs(course, fluid, inbox):
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({LOG: log_of(fluid, fluid.model)}))
    (inbox / "ben__fluid-chart" / "answers").mkdir(parents=True)
    (inbox / "ben__fluid-chart" / LOG).write_text(log_of(fluid, fluid.wrong["told nobody"].actions))
    (inbox / "cy_1__fluid-chart.jsonl").write_text(log_of(fluid, []))
    (inbox / "ward 7").mkdir()
    (inbox / "ward 7" / "dot__fluid-chart.zip").write_bytes(zip_of({"fluid-chart.jsonl": log_of(fluid, fluid.model)}))
    (inbox / ".DS_Store").write_bytes(b"x")
    found = rows(course, inbox)
    assert {name: (row.status, row.learner, row.points) for name, row in found.items()} == {
        "ada__fluid-chart.zip": ("taken", "ada", 6),
        "ben__fluid-chart": ("taken", "ben", 5),
        "cy_1__fluid-chart.jsonl": ("taken", "cy_1", 0),
        "ward 7/dot__fluid-chart.zip": ("taken", "dot", 6),
    }
    assert {row.status for row in rows(course, inbox).values()} == {"known"}


def test_takes_a_zip_of_them(course, fluid, tmp_path):
    together = tmp_path / "all.zip"
    together.write_bytes(
        zip_of(
            {
                "moodle/ada__fluid-chart.zip": zip_of({LOG: log_of(fluid, fluid.model)}),
                f"moodle/ben__fluid-chart/{LOG}": log_of(fluid, fluid.model),
                "moodle/ben__fluid-chart/notes.txt": "hello",
                "__MACOSX/moodle/._ada__fluid-chart.zip": "x",
                "readme.txt": "hello",
            }
        )
    )
    found = rows(course, together)
    assert {name: row.status for name, row in found.items()} == {
        "moodle/ada__fluid-chart.zip": "taken",
        "moodle/ben__fluid-chart": "taken",
        "readme.txt": "refused",
    }
    assert "not called <learner>__<exercise>" in found["readme.txt"].reason


def test_what_a_learner_did_not_rename_is_theirs_by_its_folder(course, fluid, inbox):
    from simemr import handin as learners_end

    log = log_of(fluid, fluid.model)
    name = learners_end.file_name("fluid-chart")
    (inbox / "ada").mkdir()
    (inbox / "ada" / name).write_bytes(learners_end.archive("fluid-chart", 1, log))
    (inbox / name).write_bytes(learners_end.archive("fluid-chart", 1, log_of(fluid, fluid.model)))
    found = rows(course, inbox)
    assert (found[f"ada/{name}"].learner, found[f"ada/{name}"].status) == ("ada", "taken")
    assert found[name].status == "refused" and "put the learner's id" in found[name].reason


def test_what_the_manifest_says_is_held_against_the_name_and_the_answers(course, fluid, inbox):
    from simemr import handin as learners_end

    log = log_of(fluid, fluid.model)
    ada = learners_end.archive("fluid-chart", 1, log, "ada")
    (inbox / learners_end.file_name("fluid-chart", "ada")).write_bytes(ada)
    (inbox / "ada__fluid-chart (1).zip").write_bytes(ada)
    (inbox / "ben__fluid-chart.zip").write_bytes(ada)
    (inbox / "cy").mkdir()
    (inbox / "cy" / "me__fluid-chart.zip").write_bytes(ada)
    forged = {"manifest.json": json.dumps({"learner": "dot", "files": {LOG: "0" * 64}}), LOG: log}
    (inbox / "dot__fluid-chart.zip").write_bytes(zip_of(forged))
    (inbox / "eve__fluid-chart.zip").write_bytes(zip_of({**forged, "manifest.json": "[]"}))
    found = rows(course, inbox)
    assert (found["ada__fluid-chart.zip"].status, found["ada__fluid-chart (1).zip"].status) == ("known", "taken")
    assert "from ben, and inside it says ada" in found["ben__fluid-chart.zip"].reason
    assert "from cy, and inside it says ada" in found["cy/me__fluid-chart.zip"].reason
    assert "not those that its manifest.json was made for" in found["dot__fluid-chart.zip"].reason
    assert "manifest.json is damaged" in found["eve__fluid-chart.zip"].reason
    assert not (course.build / "attempts" / "dot").exists()


def test_a_hand_in_that_says_nobodys_name_is_refused(course, fluid, tmp_path):
    file = tmp_path / "me__fluid-chart.zip"
    file.write_bytes(zip_of({LOG: log_of(fluid, fluid.model)}))
    (row,) = collect.collect(course, file)
    assert row.status == "refused" and "put the learner's id" in row.reason


def test_a_zip_without_the_log_is_refused():
    with pytest.raises(Refused, match=r"holds no answers/fluid-chart\.jsonl"):
        collect.inside_zip(zip_of({"answers/warm-up.jsonl": "x"}), "fluid-chart")


def test_bad_names_and_anothers_answers_are_refused_and_the_trainer_is_told_whose_they_are(course, fluid, inbox):
    log = log_of(fluid, fluid.model)
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({LOG: log}))
    (inbox / "ben__fluid-chart.zip").write_bytes(zip_of({LOG: log}))
    (inbox / "cy__no-such.zip").write_bytes(zip_of({"answers/no-such.jsonl": log}))
    (inbox / "con__fluid-chart.zip").write_bytes(zip_of({LOG: log}))
    (inbox / "notes.txt").write_text("x")
    found = rows(course, inbox)
    assert found["ben__fluid-chart.zip"].reason == "The same answers were handed in before by ada."
    assert "no exercise called 'no-such'" in found["cy__no-such.zip"].reason
    assert "cannot be a learner's id" in found["con__fluid-chart.zip"].reason
    assert found["notes.txt"].status == "refused"
    assert found["ada__fluid-chart.zip"].status == "taken"


@pytest.mark.parametrize(("make", "says"), [(lambda p: None, "no such file"), (lambda p: p.write_text("x"), "neither")])
def test_a_source_that_is_nothing_to_collect_from_is_named(course, tmp_path, make, says):
    make(tmp_path / "thing.txt")
    with pytest.raises(CourseError, match=says):
        collect.collect(course, tmp_path / "thing.txt")
