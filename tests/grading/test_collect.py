"""Hand-ins out of folders and zips: what is taken, and what is refused before it can do harm."""

import json
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from grading import collect, handin
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


def info(name, *, mode=stat.S_IFREG | 0o644, flags=0):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    entry.flag_bits = flags
    return entry


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({"../escape": "x"}, "leads out of it"),
        ({"a/../../escape": "x"}, "leads out of it"),
        ({"/etc/passwd": "x"}, "leads out of it"),
        ({"C:evil": "x"}, "leads out of it"),
        ({"a\\b": "x"}, "leads out of it"),
        ({info("link", mode=stat.S_IFLNK | 0o777): "/etc/passwd"}, "a link"),
        ({info("fifo", mode=stat.S_IFIFO | 0o644): ""}, "no file"),
        ({info("device", mode=stat.S_IFCHR | 0o644): ""}, "no file"),
        ({"nul": "x"}, "name of a device"),
        ({"sub/COM1.txt": "x"}, "name of a device"),
        ({f"small/{n}": "" for n in range(collect.FILES)}, "more than 200 files"),
        ({"other/fluid-chart.jsonl": "{}"}, "2 files called fluid-chart.jsonl"),
        ({"big": b"\0" * (collect.UNPACKED + 1)}, "unpacks to more than 20 MiB"),
    ],
)
def test_a_zip_that_could_do_harm_is_refused_whole(course, fluid, inbox, extra, says):
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({LOG: log_of(fluid, fluid.model), **extra}))
    (inbox / "ben__fluid-chart.zip").write_bytes(zip_of({LOG: log_of(fluid, fluid.model)}))
    before = set(Path(inbox.parent).rglob("*"))
    found = rows(course, inbox)
    assert found["ada__fluid-chart.zip"].status == "refused"
    assert says in found["ada__fluid-chart.zip"].reason
    assert found["ben__fluid-chart.zip"].status == "taken"
    assert handin.attempts(course, "ada", "fluid-chart") == []
    written = {path for path in set(Path(inbox.parent).rglob("*")) - before if course.root not in path.parents}
    assert written == set(), "nothing was unpacked anywhere"


def test_a_name_with_a_nul_is_refused(course, fluid, inbox):
    data = zip_of({LOG: log_of(fluid, fluid.model), "aaaXb": "x"}).replace(b"aaaXb", b"aaa\0b")
    with pytest.raises(Refused, match="leads out of it"):
        collect.inside_zip(data, "fluid-chart")


def test_a_zip_that_lies_about_its_size_is_not_unpacked_past_the_limit(fluid):
    """The size in the directory says 10 bytes; the content is 30 MiB."""
    data = bytearray(zip_of({LOG: b"\0" * (30 * 2**20)}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(Refused):
        collect.inside_zip(bytes(data), "fluid-chart")


def test_a_locked_zip_is_refused():
    data = bytearray(zip_of({LOG: "x"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.rindex(signature) + at
        data[place] |= 1
    with pytest.raises(Refused, match="password"):
        collect.inside_zip(bytes(data), "fluid-chart")


@pytest.mark.parametrize(
    "change", [lambda d: d[: len(d) // 2], lambda d: b"", lambda d: b"PK" + d[7:], lambda d: b"x" * 99]
)
def test_a_damaged_zip_is_refused(change):
    with pytest.raises(Refused, match="damaged"):
        collect.inside_zip(change(zip_of({LOG: "x" * 1000})), "fluid-chart")


def test_damaged_content_is_refused():
    data = bytearray(zip_of({LOG: "some text, long enough to be compressed " * 50}))
    data[60:70] = b"\xff" * 10
    with pytest.raises(Refused, match="damaged"):
        collect.inside_zip(bytes(data), "fluid-chart")


def test_a_zip_without_the_log_is_refused():
    with pytest.raises(Refused, match=r"holds no answers/fluid-chart\.jsonl"):
        collect.inside_zip(zip_of({"answers/warm-up.jsonl": "x"}), "fluid-chart")


def test_a_file_that_is_too_large_is_refused_unread(course, inbox):
    for name in ("ada__fluid-chart.zip", "ben__fluid-chart.jsonl"):
        with open(inbox / name, "wb") as file:
            file.truncate(collect.PACKED + 1)
    assert {row.reason for row in rows(course, inbox).values()} == {"The file is larger than 5 MiB."}


def test_links_and_special_files_in_a_folder_are_refused(course, fluid, inbox):
    (inbox / "ada__fluid-chart" / "answers").mkdir(parents=True)
    (inbox / "ada__fluid-chart" / LOG).symlink_to("/etc/passwd")
    (inbox / "ben__fluid-chart" / "answers").mkdir(parents=True)
    os.mkfifo(inbox / "ben__fluid-chart" / LOG)
    (inbox / "cy__fluid-chart.jsonl").symlink_to("/etc/passwd")
    (inbox / "dot__fluid-chart" / "answers").mkdir(parents=True)
    (inbox / "dot__fluid-chart" / LOG).write_text(log_of(fluid, fluid.model))
    (inbox / "dot__fluid-chart" / "pipe").symlink_to("/dev/zero")
    found = rows(course, inbox)
    assert {row.status for row in found.values()} == {"refused"} and len(found) == 4
    assert "link" in found["ada__fluid-chart"].reason and "no file" in found["ben__fluid-chart"].reason


def test_a_folder_of_too_many_files_is_refused(course, fluid, inbox):
    folder = inbox / "ada__fluid-chart"
    (folder / "answers").mkdir(parents=True)
    (folder / LOG).write_text(log_of(fluid, fluid.model))
    for number in range(collect.FILES):
        (folder / str(number)).touch()
    assert "more than 200 files" in rows(course, inbox)["ada__fluid-chart"].reason


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


def test_a_zip_of_far_too_many_is_refused(course, tmp_path, monkeypatch):
    monkeypatch.setattr(collect, "FILES_OF_ALL", 10)
    together = tmp_path / "all.zip"
    together.write_bytes(zip_of({f"{n}__fluid-chart.jsonl": "" for n in range(11)}))
    with pytest.raises(CourseError, match="at most 10"):
        collect.collect(course, together)


@pytest.mark.parametrize(("make", "says"), [(lambda p: None, "no such file"), (lambda p: p.write_text("x"), "neither")])
def test_a_source_that_is_nothing_to_collect_from_is_named(course, tmp_path, make, says):
    make(tmp_path / "thing.txt")
    with pytest.raises(CourseError, match=says):
        collect.collect(course, tmp_path / "thing.txt")
