"""Hand-ins made to do harm to whoever unpacks them: refused with the reason, and nothing is unpacked."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from grading import collect, handin, wiring
from grading.course import CourseError
from grading.scoring import Refused
from tests.grading.help import grades, hand_in, log_of, tree, zip_of

case = pytest.mark.case
LOG = "answers/fluid-chart.jsonl"


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def rows(course, source):
    return {row.name: row for row in collect.collect(course, source)}


def info(name, *, mode=stat.S_IFREG | 0o644, flags=0):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    entry.flag_bits = flags
    return entry


@case(
    "../, absolute paths, links, devices, pipes, device names, zip bomb, many small files in a zip",
    "refused whole with the reason, nothing unpacked",
)
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


@case("a NUL in a name", "refused")
def test_a_name_with_a_nul_is_refused(course, fluid, inbox):
    data = zip_of({LOG: log_of(fluid, fluid.model), "aaaXb": "x"}).replace(b"aaaXb", b"aaa\0b")
    with pytest.raises(Refused, match="leads out of it"):
        collect.inside_zip(data, "fluid-chart")


@case("a zip that lies about its size", "never unpacked past the limit")
def test_a_zip_that_lies_about_its_size_is_not_unpacked_past_the_limit(fluid):
    """The size in the directory says 10 bytes; the content is 30 MiB."""
    data = bytearray(zip_of({LOG: b"\0" * (30 * 2**20)}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(Refused):
        collect.inside_zip(bytes(data), "fluid-chart")


@case("a zip with a password", "refused")
def test_a_locked_zip_is_refused():
    data = bytearray(zip_of({LOG: "x"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.rindex(signature) + at
        data[place] |= 1
    with pytest.raises(Refused, match="password"):
        collect.inside_zip(bytes(data), "fluid-chart")


@case("a damaged zip", "refused")
@pytest.mark.parametrize(
    "change", [lambda d: d[: len(d) // 2], lambda d: b"", lambda d: b"PK" + d[7:], lambda d: b"x" * 99]
)
def test_a_damaged_zip_is_refused(change):
    with pytest.raises(Refused, match="damaged"):
        collect.inside_zip(change(zip_of({LOG: "x" * 1000})), "fluid-chart")


@case("a zip whose content is damaged", "refused")
def test_damaged_content_is_refused():
    data = bytearray(zip_of({LOG: "some text, long enough to be compressed " * 50}))
    data[60:70] = b"\xff" * 10
    with pytest.raises(Refused, match="damaged"):
        collect.inside_zip(bytes(data), "fluid-chart")


@case("a file of more than 5 MiB", "refused unread")
def test_a_file_that_is_too_large_is_refused_unread(course, inbox):
    for name in ("ada__fluid-chart.zip", "ben__fluid-chart.jsonl"):
        with open(inbox / name, "wb") as file:
            file.truncate(collect.PACKED + 1)
    assert {row.reason for row in rows(course, inbox).values()} == {"The file is larger than 5 MiB."}


@case("links and pipes in a folder", "refused")
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


@case("a folder of many files", "refused")
def test_a_folder_of_too_many_files_is_refused(course, fluid, inbox):
    folder = inbox / "ada__fluid-chart"
    (folder / "answers").mkdir(parents=True)
    (folder / LOG).write_text(log_of(fluid, fluid.model))
    for number in range(collect.FILES):
        (folder / str(number)).touch()
    assert "more than 200 files" in rows(course, inbox)["ada__fluid-chart"].reason


@case("a zip of far too many hand-ins", "refused")
def test_a_zip_of_far_too_many_is_refused(course, tmp_path, monkeypatch):
    monkeypatch.setattr(collect, "FILES_OF_ALL", 10)
    together = tmp_path / "all.zip"
    together.write_bytes(zip_of({f"{n}__fluid-chart.jsonl": "" for n in range(11)}))
    with pytest.raises(CourseError, match="at most 10"):
        collect.collect(course, together)


@case("a learner's id that is a path, a device, a pattern or empty", "refused, nothing kept, the incident logged")
@pytest.mark.parametrize(
    "learner",
    ["", ".", "..", "../ada", "a/b", "a\\b", "a b", "-ada", "ada.", "a..b", "con", "NUL", "com1.txt", "a\0", "é",
     "x" * 65, "ada\n", "*", "[a]", "~ada", "ada:1"],
)  # fmt: skip
def test_an_id_that_could_be_anything_but_a_folder_is_refused(course, fluid, learner):
    with pytest.raises(Refused, match="cannot be a learner's id"):
        hand_in(course, fluid, learner, fluid.model)
    assert not (course.build / "attempts").exists() and not (course.build / "submitted").exists()
    assert (course.build / "incidents.jsonl").read_text().count("\n") == 1


@case("an exercise that is none, or a path", "refused")
@pytest.mark.parametrize("exercise", ["", "no-such", "../fluid-chart", "fluid-chart/../fluid-chart"])
def test_an_exercise_that_is_not_the_courses_is_refused(course, fluid, exercise):
    with pytest.raises(Refused, match="no exercise called"):
        handin.accept(course, "ada", exercise, log_of(fluid, fluid.model))


@case("a bad hand-in after a good one", "the good one stays as it was")
def test_a_refused_hand_in_leaves_what_was_there(course, fluid):
    hand_in(course, fluid, "ada", fluid.model)
    before = {name: content for name, content in tree(course.build).items() if "lock" not in name}
    with pytest.raises(Refused):
        handin.accept(course, "ada", "fluid-chart", "not a log\n")
    after = {name: content for name, content in tree(course.build).items() if "lock" not in name}
    assert after.pop("incidents.jsonl") and after == before


@case("half a character", "refused")
def test_a_text_with_half_a_character_is_refused(course):
    with pytest.raises(Refused, match="no text"):
        handin.accept(course, "ada", "fluid-chart", "\ud800")


@case("100,000 small files in one hand-in", "refused before they are read")
def test_a_hundred_thousand_files(course, fluid, inbox):
    with zipfile.ZipFile(inbox / "ada__fluid-chart.zip", "w") as archive:
        archive.writestr(LOG, log_of(fluid, fluid.model))
        for number in range(100_000):
            archive.writestr(f"n{number}", "")
    (row,) = collect.collect(course, inbox)
    assert row.status == "refused" and ("larger than" in row.reason or "more than 200 files" in row.reason)


@case("a zip in a zip in a zip, each a bomb", "only the one file that matters is read")
def test_a_zip_of_bombs(course, fluid, inbox):
    bomb = zip_of({"big": b"\0" * (15 * 2**20)})
    for _ in range(3):
        bomb = zip_of({f"bomb{number}.zip": bomb for number in range(4)})
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({LOG: log_of(fluid, fluid.model), "bomb.zip": bomb}))
    (row,) = collect.collect(course, inbox)
    assert row.status == "taken"
    kept = tree(course.build / "attempts" / "ada")
    assert {Path(name).name for name in kept} == {"fluid-chart.jsonl", "manifest.json"}


@case("planted code beside the answers: json.py, sitecustomize.py, a pickle, a notebook", "not kept, not opened")
def test_what_lies_beside_the_answers_is_not_kept(course, fluid, inbox):
    planted = {name: "raise SystemExit" for name in ("json.py", "sitecustomize.py", "x.pth", "answers/rubric.py")}
    planted |= {"data.pkl": b"cos\nsystem\n(S'touch /tmp/planted'\ntR.", "fluid-chart.ipynb": "{"}
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({LOG: log_of(fluid, fluid.model), **planted}))
    (row,) = collect.collect(course, inbox)
    assert row.status == "taken"
    assert {Path(name).name for name in tree(course.build / "attempts" / "ada")} == {
        "fluid-chart.jsonl",
        "manifest.json",
    }
    assert "ada/fluid-chart/json.py" not in tree(course.build / "submitted")


@case("two names for one learner, by letters that look the same", "they are two; neither is taken for the other")
def test_names_that_look_the_same(course, fluid, inbox):
    (inbox / "ada__fluid-chart.zip").write_bytes(zip_of({LOG: log_of(fluid, fluid.model)}))
    (inbox / "аda__fluid-chart.zip").write_bytes(zip_of({LOG: log_of(fluid, [])}))  # Cyrillic a
    found = rows(course, inbox)
    assert found["ada__fluid-chart.zip"].status == "taken"
    assert found["аda__fluid-chart.zip"].status == "refused"


@case("a link in the place of the answers in nbgrader's own folder", "refused when it is graded")
def test_a_link_in_a_hand_in_is_refused(released, fluid):
    hand_in(released, fluid, "ada", fluid.model)
    folder = released.build / "submitted" / "ben" / "fluid-chart"
    (folder / "answers").mkdir(parents=True)
    (folder / "answers" / "fluid-chart.jsonl").symlink_to(
        released.build / "submitted" / "ada" / "fluid-chart" / "answers" / "fluid-chart.jsonl"
    )
    outcomes = {one.learner: one for one in wiring.grade(released)}
    assert outcomes["ben"].status == "refused" and "link" in outcomes["ben"].reason
    assert ("ben", "fluid-chart") not in grades(released)
