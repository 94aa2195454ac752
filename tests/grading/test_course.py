"""course.toml: what is read, and what is refused with its line."""

from dataclasses import replace

import pytest

from grading import course as course_file
from grading.course import CourseError
from tests.grading.help import REPOSITORY

GOOD = """\
[course]
title = "T"
version = "1.2.3"
pass_mark = 0.8

[roles]
doctor = "Doctor"
nurse = "Nurse"

[[module]]
slug = "first"
title = "First"
part = "Start"
roles = ["doctor", "nurse"]
minutes = 10
exercises = { doctor = "first-doctor", nurse = "first-nurse" }
objectives = [
    { id = "see", text = "See." },
]
competencies = ["HEE5", "T2", "CIS2"]

[[module]]
slug = "second"
title = "Second"
part = "Next"
roles = ["doctor"]
minutes = 20
exercises = { all = "second" }
objectives = [{ id = "do", text = "Do." }]
competencies = ["HEE3"]
counted = false
pass_mark = 0.5
"""


def test_reads_modules_in_order_with_their_own_or_the_courses_pass_mark(tmp_path):
    course = course_file.parse(GOOD, tmp_path)
    first, second = course.modules
    assert (first.slug, first.pass_mark, first.counted) == ("first", 0.8, True)
    assert (second.slug, second.pass_mark, second.counted) == ("second", 0.5, False)
    assert course.exercises == ("first-doctor", "first-nurse", "second")
    assert course.module_of("first-nurse") is first
    assert [module.slug for module in course.path("nurse")] == ["first"]


def test_a_role_completes_a_module_with_its_own_variant_and_any_other_role_with_any(tmp_path):
    first, second = course_file.parse(GOOD, tmp_path).modules
    assert first.exercises_for("nurse") == ("first-nurse",)
    assert first.exercises_for("") == ("first-doctor", "first-nurse")
    assert second.exercises_for("doctor") == ("second",)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('slug = "second"', 'slug = "first"', 23, "module 'first' is here a second time; the first is in line 11"),
        ('id = "do"', 'id = "see"', 29, "objective 'see' is here a second time; the first is in line 18"),
        ('all = "second"', 'all = "first-nurse"', 28, "exercise 'first-nurse' is here a second time"),
        ('roles = ["doctor"]', 'roles = ["doctor", "porter"]', 26, "role 'porter'"),
        ("minutes = 20", 'minutes = "20"', 27, "'minutes' must be a whole number"),
        ("minutes = 20", "minutes = true", 27, "'minutes' must be a whole number"),
        ("minutes = 20", "minutes = 0", 27, "1 to 240"),
        ("pass_mark = 0.5", "pass_mark = 1.5", 32, "'pass_mark' must be a share"),
        ("pass_mark = 0.8", "pass_mark = true", 4, "'pass_mark' must be a share"),
        ("pass_mark = 0.8", "", 1, "'pass_mark' is missing from [course]"),
        ('version = "1.2.3"', 'version = "1.2"', 3, "three numbers"),
        ('slug = "second"', 'slug = "Second one"', 23, "lower-case words"),
        ('slug = "second"', 'slug = "../x"', 23, "lower-case words"),
        ('title = "Second"', "", 22, "'title' is missing from [module]"),
        ('title = "Second"', 'title = "  "', 24, "'title' is empty"),
        ("counted = false", 'counted = "no"', 31, "'counted' must be true or false"),
        ("counted = false", "countd = false", 31, "no setting called 'countd'"),
        ('competencies = ["HEE3"]', 'competencies = ["HEE9"]', 30, "'HEE9' is not a competency"),
        ('competencies = ["HEE3"]', "competencies = []", 30, "with at least one"),
        ('{ all = "second" }', '{ nurse = "second" }', 28, "'nurse', who does not take it"),
        ('{ all = "second" }', '{ all = "second", doctor = "x" }', 28, "so it can have no other"),
        ('{ all = "second" }', "{}", 28, "has no exercise"),
        ('[{ id = "do", text = "Do." }]', "[]", 29, "has no objective"),
        ('[{ id = "do", text = "Do." }]', '["do"]', 29, "an objective of module 'second' must be"),
        ('nurse = "Nurse"', 'all = "Everyone"', 8, "'all' cannot be a role"),
        ("[[module]]\nslug", "[[modul]]\nslug", 10, "no setting called 'modul'"),
        ("minutes = 10", "minutes = = 10", 15, "not valid TOML"),
    ],
)
def test_refuses_with_the_line_and_the_cause(tmp_path, old, new, line, says):
    assert old in GOOD
    with pytest.raises(CourseError) as refused:
        course_file.parse(GOOD.replace(old, new), tmp_path)
    assert str(refused.value).startswith(f"course.toml:{line}: ")
    assert says in str(refused.value)


def test_every_folder_has_its_module_and_every_module_its_folder(root, course):
    assert course_file.load(root) == course
    (root / "exercises" / "left-over").mkdir()
    with pytest.raises(CourseError, match="exercises/left-over is in no module"):
        course_file.load(root)
    (root / "exercises" / "left-over").rmdir()

    (root / "notebooks" / "draft.md").write_text("# Draft")
    with pytest.raises(CourseError, match="notebooks/draft.md is no module's lesson"):
        course_file.load(root)
    (root / "notebooks" / "draft.md").unlink()

    (root / "notebooks" / "fluids.md").unlink()
    with pytest.raises(CourseError, match=r"course.toml:\d+: module 'fluids' has no lesson"):
        course_file.load(root)


def test_an_exercise_without_its_folder_is_named_at_its_line(root):
    (root / "exercises" / "fluid-chart").rename(root / "exercises" / "fluid-table")
    with pytest.raises(CourseError) as refused:
        course_file.load(root)
    line = int(str(refused.value).split(":")[1])
    assert '"fluid-chart"' in (root / "course.toml").read_text().splitlines()[line - 1]


def test_finds_the_course_from_any_folder_inside_it(root, tmp_path):
    assert course_file.find(root / "exercises" / "fluid-chart") == root
    with pytest.raises(CourseError, match=r"no course\.toml"):
        course_file.find(tmp_path)


def test_a_missing_or_unreadable_file_is_named(tmp_path):
    with pytest.raises(CourseError, match="no such file"):
        course_file.load(tmp_path)
    (tmp_path / "course.toml").write_bytes(b"\xff")
    with pytest.raises(CourseError, match="cannot be read"):
        course_file.load(tmp_path)


def test_the_gradebook_is_where_the_environment_says_but_not_for_a_build_of_its_own(root, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql://somewhere/grades")
    assert course_file.load(root).gradebook == "postgresql+psycopg://somewhere/grades"
    assert course_file.load(root, build=tmp_path / "b").gradebook.startswith("sqlite:///")


def test_the_real_course_toml_is_sound():
    course = course_file.load(REPOSITORY, check_folders=False)
    assert len(course.modules) >= 3
    assert set(course.roles) == {"doctor", "nurse", "champion", "cmio", "trainer"}
    assert not course.modules[0].counted, "orientation is not counted"
    assert all(course.path(role) for role in course.roles)
    assert replace(course, label="x").exercises == course.exercises
