"""The exercise pages: plain HTML that names no other host, with everything of the author's text escaped."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grading.publish import fetch, pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def site(tmp_path):
    page = pages.Page(
        slug="one",
        title="Orders & <alerts>",
        notebook="one.ipynb",
        brief="# Do\n\nThis **now** <script>alert(1)</script>",
        facts="about 5 minutes",
        home="notebooks/one.html",
    )
    pages.write_pages([page, pages.Page("two", "Two", "two.ipynb", kind="practice")], tmp_path, "The </course>")
    return tmp_path


def test_page_names_no_other_host(site):
    for path in [*site.rglob("*.html"), *site.rglob("*.js"), *site.rglob("*.css")]:
        assert not re.search(r"https?://|[\"'(]//[a-z]", path.read_text()), path.name


def test_page_is_well_formed_and_escaped(site):
    text = (site / "exercise/one.html").read_text()

    class Reader(HTMLParser):
        tags: list = []
        scripts = 0

        def handle_starttag(self, tag, attributes):
            self.tags.append(tag)
            self.scripts += tag == "script"

    reader = Reader()
    reader.feed(text)
    assert reader.scripts == 2
    assert "course" not in reader.tags and "alerts" not in reader.tags
    assert "<title>Orders &amp; &lt;alerts&gt; · The &lt;/course&gt;</title>" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert '<html lang="en-GB">' in text
    assert "<h3>Do</h3>" in text, "the brief's headings come below the page's own"
    assert "$" not in text


def test_what_a_page_needs_is_there_under_a_name_that_changes_with_it(site):
    for page in ("exercise/one.html", "practice/two.html"):
        text = (site / page).read_text()
        found = re.findall(r'(?:href|src)="(\.\./exercise/assets/[^"]+)"', text)
        found += re.findall(r'"frameStyle": "([^"]+)"', text)
        assert len(found) == 3
        for address in found:
            assert re.search(r"\.[0-9a-f]{12}\.(js|css)$", address)
            assert (site / page).parent.joinpath(address).resolve().is_file()


def test_pages_and_assets_that_are_no_more_are_removed(site):
    kept = site / "exercise" / "other.txt"
    kept.write_text("not a page")
    pages.write_pages([pages.Page("two", "Two", "two.ipynb")], site, "The course")
    assert sorted(path.name for path in site.rglob("*.html")) == ["two.html"]
    assert kept.exists()


def test_exercise_page_says_what_the_scenario_says():
    page = pages.exercise_page(ROOT / "exercises/orientation/scenario.toml", counted=False)
    assert page.path == "exercise/orientation.html"
    assert page.notebook == "orientation.ipynb"
    facts = ["Exercise, does not count towards the course", "about 5 minutes, not timed", "all patients are synthetic"]
    assert page.facts == " · ".join(facts)
    assert "Alder ward" in page.brief


@pytest.mark.parametrize(
    ("text", "said"),
    [('title = "x"', "scenario.toml: it says nothing for 'exercise'"), ("title =", "scenario.toml: it is not TOML")],
)
def test_a_faulty_scenario_is_named(tmp_path, text, said):
    path = tmp_path / "scenario.toml"
    path.write_text(text)
    with pytest.raises(fetch.PublishError, match=said):
        pages.exercise_page(path)
    with pytest.raises(fetch.PublishError, match="gone.toml: it cannot be read"):
        pages.exercise_page(tmp_path / "gone.toml")


@pytest.mark.parametrize("slug", ["", "Up", "a/b", "../a", "a b"])
def test_a_slug_that_is_no_address_is_refused(slug):
    with pytest.raises(fetch.PublishError):
        pages.Page(slug, "Title", "a.ipynb")
