"""Every page of the real site, read as a file: no outside host, no broken link, named and in one language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup

from grading import course as course_file

ROOT = Path(__file__).resolve().parents[2]
#: What a browser fetches by itself, by tag and attribute. Links that a reader may follow are not among them.
LOADED = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "input": ("src",),
    "form": ("action",),
}
OUTSIDE = re.compile(r"^\s*(?:[a-z]+:)?//", re.IGNORECASE)
FETCHES = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')]+)""", re.IGNORECASE)


@cache
def soup(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def all_pages(real_site) -> list[Path]:
    """Every HTML file, less JupyterLite's, which has tests of its own."""
    return [file for file in sorted(real_site.rglob("*.html")) if file.relative_to(real_site).parts[0] != "lite"]


@pytest.fixture(scope="module")
def book_pages(real_site) -> list[Path]:
    return sorted([*real_site.glob("book/*.html"), *real_site.glob("notebooks/*.html")])


def test_there_is_a_page_for_every_lesson_and_every_file_of_the_book(real_site, book_pages):
    course = course_file.load(ROOT, check_folders=False)
    expected = {f"notebooks/{module.slug}.html" for module in course.modules}
    expected |= {f"book/{file.stem}.html" for file in (ROOT / "book").glob("*.md")}
    assert {file.relative_to(real_site).as_posix() for file in book_pages} == expected


def test_no_page_loads_anything_from_another_host(real_site, all_pages):
    found = []
    for file in all_pages:
        for tag in soup(file).find_all(list(LOADED)):
            if tag.name == "link" and set(tag.get("rel", [])) & {"canonical", "license", "author"}:
                continue
            for name in LOADED[tag.name]:
                value = tag.get(name, "")
                if any(OUTSIDE.match(part) for part in value.split(",")):
                    found.append(f"{file.relative_to(real_site)}: <{tag.name} {name}={value!r}>")
        found += [
            f"{file.relative_to(real_site)}: style {url}" for url in FETCHES.findall(file.read_text(encoding="utf-8"))
        ]
    assert not found


def test_no_style_sheet_fetches_from_another_host(real_site):
    sheets = [file for file in real_site.rglob("*.css") if file.relative_to(real_site).parts[0] != "lite"]
    assert sheets
    assert not [f"{file.name}: {url}" for file in sheets for url in FETCHES.findall(file.read_text(encoding="utf-8"))]


def test_no_inline_script_names_another_host(real_site, all_pages):
    found = [
        f"{file.relative_to(real_site)}: {script.string.strip()[:80]}"
        for file in all_pages
        for script in soup(file).find_all("script", src=False)
        if script.string and re.search(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org)", script.string)
    ]
    assert not found


def test_every_link_within_the_site_leads_somewhere(real_site, book_pages):
    exercises = {f"exercise/{slug}.html" for slug in course_file.load(ROOT, check_folders=False).exercises}
    broken = []
    for file in book_pages:
        for link in soup(file).find_all("a", href=True):
            address, anchor = urldefrag(link["href"])
            if re.match(r"^[a-z][a-z0-9+.-]*:", address):
                continue
            target = (file.parent / unquote(address)).resolve() if address else file
            name = target.relative_to(real_site).as_posix() if target.is_relative_to(real_site) else str(target)
            if name in exercises:  # made with the rest of the course, by `course build`
                continue
            if not target.is_file():
                broken.append(f"{file.name}: {link['href']}")
            elif anchor and not soup(target).find(id=unquote(anchor)):
                broken.append(f"{file.name}: {link['href']} (no such place)")
    assert not broken


def test_every_lesson_leads_to_its_exercises_and_shows_its_objectives(real_site):
    for module in course_file.load(ROOT, check_folders=False).modules:
        page = soup(real_site / "notebooks" / f"{module.slug}.html")
        links = {link["href"] for link in page.select("a.exercise-start")}
        assert links >= {f"../exercise/{slug}.html" for slug in module.exercises.values()}, module.slug
        shown = " ".join(page.select_one("article").get_text(" ").split())
        for objective in module.objectives:
            # the site sets apostrophes as printers do
            assert " ".join(objective.text.split()) in shown.replace("’", "'"), f"{module.slug}: {objective.id}"


def test_every_page_has_a_title_a_heading_and_a_language(real_site, book_pages):
    titles = {}
    for file in book_pages:
        page = soup(file)
        assert page.html["lang"] == "en-GB", file.name
        assert len(page.select("article h1")) == 1, file.name
        titles.setdefault(page.title.get_text(), []).append(file.name)
    assert not {title: files for title, files in titles.items() if len(files) > 1}


def test_the_site_is_called_what_the_course_is_called(real_site):
    course = course_file.load(ROOT, check_folders=False)
    assert soup(real_site / "book/index.html").select_one(".logo__title").get_text(strip=True) == course.title
    assert soup(real_site / "index.html").title.get_text() == course.title
    assert soup(real_site / "book/index.html").select_one("article h1").contents[0] == course.title


def test_every_picture_has_a_text_alternative(real_site, book_pages):
    pictures = [(file.name, picture) for file in book_pages for picture in soup(file).select("article img")]
    assert not [f"{name}: {picture.get('src')}" for name, picture in pictures if not picture.get("alt", "").strip()]


def test_the_site_holds_no_text_of_a_rubric(real_site):
    """What a debrief says gives answers away: it comes from the server after handing in, never with a page."""
    said = []
    for rubric in (ROOT / "exercises").glob("*/rubric.py"):
        said += re.findall(r'missed="([^"]{40,})', rubric.read_text(encoding="utf-8"))
    pages = {
        file: file.read_text(encoding="utf-8")
        for file in [*real_site.glob("book/*.html"), *real_site.glob("notebooks/*.html")]
    }
    assert not [f"{file.name}: {text[:60]}" for text in said for file, page in pages.items() if text[:40] in page]


def test_the_site_holds_no_trainer_notes(real_site):
    """The notes in book/trainer-notes name the traps of the exercises; learners read the site."""
    notes = [file.read_text(encoding="utf-8") for file in (ROOT / "book/trainer-notes").glob("*.md")]
    lines = [line.strip("- *|") for note in notes for line in note.splitlines() if line.startswith("- *")]
    shown = " ".join(soup(file).get_text(" ") for file in [*real_site.glob("*/*.html")])
    assert not [line for line in lines if line[:40] in shown]


def test_every_source_that_a_rule_or_a_range_names_is_in_the_bibliography():
    known = set(
        re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "book/references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    )

    def sources(value):
        if isinstance(value, dict):
            if isinstance(value.get("source"), str):
                yield value["source"]
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from sources(one)

    named = {}
    for file in sorted((ROOT / "simemr/data").glob("*.toml")):
        for key in sources(tomllib.loads(file.read_text(encoding="utf-8"))):
            named.setdefault(key, file.name)
    assert named, "the formulary names its sources"
    assert not {key: file for key, file in named.items() if key not in known}


def test_every_entry_of_the_bibliography_stands_under_one_heading():
    text = (ROOT / "book/references.bib").read_text(encoding="utf-8")
    entries = re.split(r"^@", text, flags=re.MULTILINE)[1:]
    headings = set(re.findall(r':filter: keywords % "(\w+)"', (ROOT / "book/sources.md").read_text(encoding="utf-8")))
    keys = [entry.split("{", 1)[1].split(",", 1)[0] for entry in entries]
    assert len(keys) == len(set(keys))
    words = [re.findall(r"keywords\s*=\s*\{([^}]*)\}", entry) for entry in entries]
    assert not [key for key, word in zip(keys, words, strict=True) if len(word) != 1 or word[0] not in headings]
