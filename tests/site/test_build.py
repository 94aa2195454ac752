"""Building a small course: what its pages hold, what a second run does, and what is said when something is wrong."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from grading.course import CourseError
from grading.publish import site
from grading.publish.site import SiteError, build_site


def soup(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def copy(small_course, tmp_path) -> Path:
    """A copy of the small course, built already: changing it harms nobody."""
    root = tmp_path / "copy"
    shutil.copytree(small_course, root)
    return root


@pytest.fixture(scope="module")
def out(small_course) -> Path:
    return small_course / "build" / "site"


def test_the_side_bar_holds_lessons_in_the_order_of_the_course(out):
    links = [a.get_text() for a in soup(out / "book/index.html").select("nav.bd-docs-nav a")]
    assert links == ["How it works", "First steps", "Two roles", "Notices", "Accessibility"]


def test_the_root_leads_to_the_landing_page_and_says_so_in_words(out):
    page = soup(out / "index.html")
    assert page.html["lang"] == "en-GB"
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=book/index.html"
    assert page.a["href"] == "book/index.html"


def test_a_card_for_each_variant_with_a_link_from_the_site_root(out):
    cards = soup(out / "notebooks/two-roles.html").select(".exercise-card")
    assert [card.select_one("a.exercise-start")["href"] for card in cards] == [
        "../exercise/two-roles-doctor.html",
        "../exercise/two-roles-nurse.html",
    ]
    doctor, nurse = (card.get_text(" ") for card in cards)
    assert "Graded exercise for doctors" in doctor
    assert "Roles, for doctors" in doctor
    assert "About 20 minutes" in doctor
    assert "passed at 75%" in doctor
    assert "Two roles" in nurse, "without a scenario the module's own title stands"
    names = [card.select_one("a.exercise-start").get_text() for card in cards]
    assert names[0] != names[1], "a screen reader's list of links tells the variants apart"


def test_a_card_says_when_the_exercise_does_not_count_and_escapes_its_title(out):
    card = soup(out / "notebooks/first-steps.html").select_one(".exercise-card")
    assert "for practice only" in card.get_text()
    assert "Steps & stairs" in card.get_text()
    assert "Steps &amp; stairs" in (out / "notebooks/first-steps.html").read_text()


def test_minutes_and_readers_stand_under_the_title_and_objectives_after_them(out):
    page = soup(out / "notebooks/first-steps.html")
    meta = page.select_one("article h1").find_next_sibling("p")
    assert meta.get_text() == "About 10 minutes · For doctors and nurses"
    box = meta.find_next_sibling("div")
    assert box.select_one("li")["id"] == "objective-find"
    assert box.select_one("li").get_text(strip=True) == "Find <the> patient."


def test_objectives_stand_once_where_the_author_put_them(out):
    page = soup(out / "notebooks/two-roles.html")
    assert len(page.select(".objectives")) == 1
    assert page.select_one("#you-will-be-able-to .objectives li").get_text(strip=True) == "Write it down."


def test_start_pages_list_the_modules_of_a_role(out):
    items = soup(out / "book/index.html").select("ol.modules li")
    assert [item.a["href"] for item in items] == ["../notebooks/first-steps.html", "../notebooks/two-roles.html"]
    assert items[0].get_text().strip() == "First steps (10 minutes, not counted)"


def test_a_formula_is_mathml_and_needs_no_script(out):
    page = soup(out / "notebooks/first-steps.html")
    assert page.select_one("math mfrac")
    assert "mathjax" not in str(page).lower()


def test_a_widget_is_shown_by_the_html_that_came_with_it(out):
    text = (out / "notebooks/first-steps.html").read_text()
    page = soup(out / "notebooks/first-steps.html")
    assert page.select_one('.practice[data-lesson="first-steps"][data-practice="who"] .practice-start')
    assert "widget-view+json" not in text
    assert "widget-state+json" not in text
    assert "a widget" not in page.get_text()


def test_nothing_but_the_site_is_laid_there(out):
    names = [file.relative_to(out).as_posix() for file in out.rglob("*") if file.is_file()]
    assert not [name for name in names if name.endswith((".md", ".toml", ".py", ".ipynb", ".map", ".doctree"))]
    assert not [name for name in names if "fontawesome.js" in name or "thebe" in name]
    assert "_static/questions.css" in names, "the simulated EMR's own style sheet"


def test_a_second_run_does_nothing_and_is_quick(small_course, monkeypatch):
    monkeypatch.setattr(site, "_run", lambda *_: pytest.fail("jupyter-book was run again"))
    begun = time.perf_counter()
    assert build_site(small_course / "build" / "site", small_course) == small_course / "build" / "site"
    assert time.perf_counter() - begun < 2


def test_others_pages_are_left_alone_and_a_page_that_is_no_more_goes(copy):
    out = copy / "build" / "site"
    (out / "exercise").mkdir(parents=True)
    (out / "exercise" / "first-steps.html").write_text("theirs")
    build_site(out, copy)
    assert (out / "book/notices.html").is_file()
    (copy / "book/_toc.yml").write_text((copy / "book/_toc.yml").read_text().replace("{file: book/notices}, ", ""))
    (copy / "book/_templates/course-footer.html").write_text("<p>foot</p>")
    build_site(out, copy)
    assert not (out / "book/notices.html").exists()
    assert (out / "exercise" / "first-steps.html").read_text() == "theirs"


def test_a_file_missing_from_the_site_is_laid_again(copy):
    out = copy / "build" / "site"
    build_site(out, copy)
    (out / "searchindex.js").unlink()
    build_site(out, copy)
    assert (out / "searchindex.js").is_file()


def test_a_lesson_runs_again_when_the_simulated_emr_changed(copy):
    out = copy / "build" / "site"
    lesson = copy / "notebooks/two-roles.md"
    lesson.write_text(lesson.read_text() + "\n```{code-cell}\nimport told\nprint(told.WORD)\n```\n")
    (copy / "simemr" / "told.py").write_text("WORD = 'before'\n")
    lesson.write_text(
        lesson.read_text().replace("import told", "import sys; sys.path.insert(0, '../simemr'); import told")
    )
    build_site(out, copy)
    assert "before" in soup(out / "notebooks/two-roles.html").get_text()
    (copy / "simemr" / "told.py").write_text("WORD = 'afterwards'\n")
    build_site(out, copy)
    assert "afterwards" in soup(out / "notebooks/two-roles.html").get_text()


def test_a_lesson_runs_again_when_a_file_that_it_reads_changed(copy):
    out = copy / "build" / "site"
    lesson = copy / "notebooks/two-roles.md"
    lesson.write_text(lesson.read_text() + "\n```{code-cell}\nprint(open('data/ward.csv').read())\n```\n")
    (copy / "notebooks" / "data").mkdir()
    (copy / "notebooks" / "data" / "ward.csv").write_text("before")
    build_site(out, copy)
    assert "before" in soup(out / "notebooks/two-roles.html").get_text()
    (copy / "notebooks" / "data" / "ward.csv").write_text("afterwards")
    build_site(out, copy)
    assert "afterwards" in soup(out / "notebooks/two-roles.html").get_text()


FAULTS = {
    "{doc}`nowhere`": "WARNING: unknown document: 'nowhere'",
    "{cite:p}`nobody1900`": "nobody1900",
    "{term}`no such word`": "WARNING: term not in glossary: 'no such word'",
    "```{exercise} nothing\n```": "course.toml has no module 'nothing'",
    "```{modules} surgeon\n```": "no module for the role 'surgeon'",
    "```{objectives}\n```": "this page is not a lesson",
    "$\\nonsense{a}$": "this formula cannot be turned into MathML",
}


def test_every_fault_of_a_page_is_named_with_its_line_and_again_the_next_time(copy):
    (copy / "book/notices.md").write_text("# Notices\n\n" + "\n\n".join(FAULTS) + "\n")
    for _ in range(2):  # Sphinx reads only what changed: the second run must not pass for that
        with pytest.raises(SiteError) as raised:
            build_site(copy / "build" / "site", copy)
        lines = str(raised.value).splitlines()
        for told in FAULTS.values():
            found = [line for line in lines if told in line]
            assert found, f"{told!r} is not told in {lines}"
            assert re.search(r"book/notices\.md(:\d+)?: ", found[0])
        assert lines[-1] == "The whole log is in build/book/site.log."
        assert len(lines) <= 13


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("notebooks/first-steps.md", None, r"notebooks/first-steps\.md is not there"),
        ("exercises/first-steps/scenario.toml", "title =\n", r"exercises/first-steps/scenario\.toml"),
        ("book/_toc.yml", "root: [\n", r"book/_toc\.yml: this is not valid YAML"),
    ],
)
def test_a_file_that_is_missing_or_cannot_be_read_is_named(copy, file, text, told):
    if text is None:
        (copy / file).unlink()
    else:
        (copy / file).write_text(text)
    with pytest.raises(SiteError, match=told):
        build_site(copy / "build" / "site", copy)


def test_a_lesson_that_raises_is_named_with_the_error(copy):
    lesson = copy / "notebooks/two-roles.md"
    lesson.write_text(lesson.read_text() + "\n```{code-cell}\n1 / 0\n```\n")
    with pytest.raises(SiteError, match=r"two-roles[\s\S]*ZeroDivisionError"):
        build_site(copy / "build" / "site", copy)


def test_course_toml_in_disorder_is_named_with_its_line(copy):
    (copy / "course.toml").write_text("[course]\ntitle = 1\n")
    with pytest.raises(CourseError, match=r"course\.toml:\d+"):
        build_site(copy / "build" / "site", copy)
