"""Completion: who, of which unit and role, has passed what."""

import csv
import io
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from grading import course as course_file
from grading import report, wiring
from grading.course import CourseError
from tests.grading.help import hand_in


def person(id, name="", unit="", role="doctor", duty="learner"):
    return SimpleNamespace(id=id, name=name or id.title(), unit=unit, role=role, duty=duty)


@pytest.fixture
def graded(released, fluid, exercises):
    hand_in(released, fluid, "ada", fluid.model)
    hand_in(released, fluid, "ben", fluid.wrong["nothing marked"].actions)
    hand_in(released, exercises["warm-up"], "cy", exercises["warm-up"].model)
    assert all(one.ok for one in wiring.grade(released))
    return released


PEOPLE = {
    one.id: one
    for one in (
        person("ada", unit="Alder", role="doctor"),
        person("ben", unit="Birch", role="nurse"),
        person("dot", unit="Alder", role="nurse"),
        person("tom", unit="Alder", role="trainer", duty="trainer"),
    )
}


def test_everyone_on_the_roster_or_in_the_gradebook_has_a_line_and_orientation_is_not_counted(graded):
    made = report.completion(graded, PEOPLE)
    assert [module.slug for module in made.modules] == ["fluids"]
    lines = {line.learner: line for line in made.lines}
    assert set(lines) == {"ada", "ben", "cy", "dot"}, "staff only if they take the course"
    assert {who: line.cells[0].status for who, line in lines.items()} == {
        "ada": "passed", "ben": "not passed", "cy": "not started", "dot": "not started",
    }  # fmt: skip
    assert (lines["ada"].passed, lines["ada"].of, lines["ada"].complete) == (1, 1, True)
    assert (lines["ben"].cells[0].points, lines["ben"].cells[0].max) == (1, 6)
    assert not lines["cy"].complete, "cy did only what is not counted"


def test_a_critical_criterion_missed_is_not_passed_whatever_the_points(graded, fluid):
    toml = graded.root / "course.toml"
    toml.write_text(toml.read_text().replace("pass_mark = 0.75", "pass_mark = 0.1"))
    made = report.completion(course_file.load(graded.root))
    ben = next(line for line in made.lines if line.learner == "ben")
    assert ben.cells[0].points / ben.cells[0].max > 0.1
    assert ben.cells[0].status == "not passed"


def test_a_module_that_is_not_in_the_path_of_a_role_does_not_hold_it_up(graded):
    toml = graded.root / "course.toml"
    toml.write_text(
        toml.read_text().replace('part = "Charts"\nroles = ["doctor", "nurse"]', 'part = "C"\nroles = ["doctor"]')
    )
    made = report.completion(course_file.load(graded.root), PEOPLE)
    statuses = {line.learner: (line.cells[0].status, line.of) for line in made.lines}
    assert statuses["dot"] == ("not in path", 0)
    assert statuses["ada"] == ("passed", 1)


def test_what_was_hardest_counts_everyone_who_handed_in(graded):
    items = {item.criterion: (item.met, item.of) for item in report.completion(graded).items}
    assert items["Marked the entry of 15,000 ml"] == (1, 2)
    assert items["Told the ward"] == (2, 2)


def test_the_number_of_queries_does_not_grow_with_the_learners(graded, fluid):
    def queries():
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            report.completion(graded)
        finally:
            event.remove(Engine, "before_cursor_execute", listen)
        return len(seen)

    before = queries()
    for number in range(5):
        hand_in(graded, fluid, f"more-{number}", fluid.model)
    wiring.grade(graded)
    assert queries() == before == 2


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_has_a_line_a_learner_and_module(graded):
    found = rows(report.csv_text(report.completion(graded, PEOPLE)))
    ada = next(row for row in found if row["learner"] == "ada")
    assert {key: ada[key] for key in ("name", "unit", "role", "module", "status", "exercise", "points", "max")} == {
        "name": "Ada", "unit": "Alder", "role": "Doctor", "module": "fluids", "status": "passed",
        "exercise": "fluid-chart", "points": "6", "max": "6",
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", ada["handed_in_utc"])


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x","y")', "|cmd", "%x"]
)
def test_no_cell_of_the_csv_is_a_formula(graded, name):
    made = report.completion(graded, {"ada": person("ada", name=name, unit=name)})
    ada = next(row for row in rows(report.csv_text(made)) if row["learner"] == "ada")
    assert ada["name"].startswith("'") and ada["unit"].startswith("'")
    assert ada["name"][1:].replace("\n", "\r") == name


def test_the_page_shows_names_as_text_and_asks_no_other_host(graded):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    page = report.page(report.completion(graded, {"ada": person("ada", name=evil, unit=evil)}))
    assert "<script>alert" not in page and "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "//" not in re.sub(r"//[^\n]*comment", "", page), "no address anywhere"
    assert page.count("<script>") == 1 and "src=" not in page.replace("src=x", "")


def test_the_page_is_one_that_can_be_read_by_all(graded):
    page = report.page(report.completion(graded, PEOPLE))
    assert '<html lang="en-GB">' in page and "<h1>" in page
    assert page.count("<th scope=") == len(re.findall(r"<th\b", page)), "every heading of a table says what it heads"
    for words in ("✓ Passed", "✗ Not passed", "Not started", "prefers-color-scheme: dark", "@media print"):
        assert words in page
    for field in ("unit", "role"):
        assert f'<label for="{field}">' in page and f'<select id="{field}">' in page


def test_a_label_stands_at_the_head_of_page_and_csv(graded):
    made = report.completion(replace(graded, label="Synthetic cohort"), PEOPLE)
    assert "Synthetic cohort" in report.page(made).partition("<h1>")[0]
    assert {row["note"] for row in rows(report.csv_text(made))} == {"Synthetic cohort"}


def test_written_files_open_in_a_spreadsheet_and_a_browser(graded, tmp_path):
    table, page = report.write(report.completion(graded, {"ada": person("ada", name="Zoë Müller")}), tmp_path / "out")
    assert table.read_bytes().startswith(b"\xef\xbb\xbf") and "Zoë Müller" in table.read_text("utf-8-sig")
    assert "Zoë Müller" in page.read_text()
    assert report.html_page(graded, PEOPLE).startswith("<!doctype html>")


def test_without_a_gradebook_it_says_what_to_do(course):
    with pytest.raises(CourseError, match="no gradebook yet"):
        report.completion(course)
    course.build.mkdir()
    (course.build / "gradebook.db").write_bytes(b"not a database at all")
    with pytest.raises(CourseError, match="cannot be read"):
        report.completion(course)


def test_a_released_course_with_no_hand_in_has_an_empty_page(released):
    page = report.html_page(released)
    assert "Nothing has been handed in yet." in page and "0 of 0 people" in page
