"""The real site in Chromium, with every host but its own blocked: reading, searching, starting a practice; axe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.look import SCHEMES, serious
from tests.site.conftest import pages_of

WIDTHS = [320, 390, 768]


@pytest.fixture(scope="module")
def address(real_site, serve) -> str:
    return serve(real_site)


def names(site: Path) -> list[str]:
    found = sorted([*site.glob("book/*.html"), *site.glob("notebooks/*.html")])
    return [file.relative_to(site).as_posix() for file in found] + ["search.html", "genindex.html"]


@pytest.fixture(scope="module")
def seen(real_site, address, chromium, axe) -> dict[str, list[str]]:
    """What is wrong with the pages of the site, by what was looked for; each page is opened once."""
    wrong: dict[str, list[str]] = {}
    with pages_of(chromium) as new_page:
        page = new_page(address, color_scheme="light", viewport={"width": 1280, "height": 900})
        for name in names(real_site):
            page.goto(address + name, wait_until="networkidle")
            for scheme, rules in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
                wrong.setdefault(scheme, []).extend(f"{name}: {fault}" for fault in serious(page, axe, rules))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                wrong.setdefault(str(width), []).extend([f"{name}: {over} px"] * (over > 0))
            page.set_viewport_size({"width": 1280, "height": 900})
        wrong["asked outside"], wrong["faults"] = page.asked_outside, page.faults
    return wrong


def test_no_page_asks_another_host_or_has_a_fault(seen):
    assert not seen["asked outside"] and not seen["faults"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(seen, scheme):
    assert not seen[scheme], "\n".join(seen[scheme])


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_of_a_narrow_screen(seen, width):
    assert not seen[str(width)]


def test_the_first_tab_stop_leads_past_the_menus(address, new_page):
    page = new_page(address)
    page.goto(address + "book/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")  # it slides into view
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_the_focus_ring_is_thick_and_yellow(address, new_page):
    page = new_page(address)
    page.goto(address + "book/index.html")
    page.locator("a", has_text="Start as a nurse").last.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    style = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineWidth, s.outlineColor]; })()"
    )
    assert style == ["3px", "rgb(255, 221, 0)"]


def test_search_finds_words_of_the_course_without_a_server(address, new_page):
    page = new_page(address)
    page.goto(address + "search.html?q=identifier")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("Glossary" in text for text in found), found
    assert not page.asked_outside


def test_light_and_dark_can_be_chosen_and_are_remembered(address, new_page):
    page = new_page(address, color_scheme="light")
    page.goto(address + "book/index.html")
    seen = set()
    for _ in range(3):
        page.locator(".theme-switch-button").first.click()
        seen.add(page.evaluate("document.documentElement.dataset.mode"))
        if page.evaluate("document.documentElement.dataset.mode") == "dark":
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 25, 31)"
            page.goto(address + "book/glossary.html")
            assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert seen == {"light", "dark", "auto"}


def test_on_paper_there_are_no_menus(address, new_page):
    page = new_page(address)
    page.goto(address + "book/trainers-guide.html")
    page.emulate_media(media="print")
    for selector in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator("article").first.is_visible()


PRACTICE = """<!doctype html><html lang="en"><title>x</title><body style="margin:0">
<p>Live</p><div style="height:400px"></div>
<script>parent.postMessage({course: "height", height: document.body.scrollHeight}, location.origin)</script>
</body></html>"""


def test_start_turns_a_practice_into_the_live_one_in_its_place(small_course, serve, new_page):
    site = small_course / "build" / "site"
    (site / "practice").mkdir(exist_ok=True)
    (site / "practice/first-steps--who.html").write_text(PRACTICE)
    address = serve(site)
    page = new_page(address)
    page.goto(address + "notebooks/first-steps.html")
    page.click(".practice-start")
    frame = page.wait_for_selector(".practice iframe")
    assert frame.get_attribute("title") == "Who is it?"
    assert page.frame_locator(".practice iframe").locator("p").inner_text() == "Live"
    page.wait_for_function("document.querySelector('.practice iframe').offsetHeight > 400")
    assert not page.locator(".practice .q-ask").is_visible(), "what was to be read gives way to what can be done"
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"


def test_a_practice_that_is_not_there_says_so_and_can_be_tried_again(small_course, serve, new_page):
    site = small_course / "build" / "site"
    (site / "practice/first-steps--who.html").unlink(missing_ok=True)
    address = serve(site)
    page = new_page(address)
    page.goto(address + "notebooks/first-steps.html")
    page.click(".practice-start")
    told = page.wait_for_selector(".practice-fault[role=alert]")
    assert "could not be reached" in told.inner_text()
    assert page.locator(".practice-start").is_enabled()
    assert page.locator(".practice .q-ask").is_visible()


def test_a_site_below_a_path_works_as_well(small_course, serve, new_page, tmp_path):
    (tmp_path / "some" / "where").mkdir(parents=True)
    (tmp_path / "some" / "where" / "course").symlink_to(small_course / "build" / "site")
    address = serve(tmp_path)
    page = new_page(address)
    page.goto(address + "some/where/course/")
    page.wait_for_url("**/some/where/course/book/index.html")
    page.click("ol.modules a >> text=Two roles")
    page.wait_for_url("**/notebooks/two-roles.html")
    assert page.evaluate("document.querySelector('a.exercise-start').href") == (
        address + "some/where/course/exercise/two-roles-doctor.html"
    )
    assert not [fault for fault in page.faults if "favicon" not in fault], json.dumps(page.faults)
