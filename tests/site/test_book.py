"""What the pages of the book say of each module: nobody takes a module that the guide or a start page forgot."""

from pathlib import Path

import pytest

from grading import course as course_file

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
MODULES = course_file.load(ROOT, check_folders=False).modules


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_the_guide_has_notes_on_every_module(module):
    guide = (BOOK / "trainers-guide.md").read_text(encoding="utf-8")
    start = f"(notes-{module.slug})=\n## {module.title}\n"
    assert start in guide, f"book/trainers-guide.md has no notes on '{module.slug}', under its target and its title"
    notes = guide.split(start)[1].split("\n## ")[0]
    for part in ("**Timing.**", "**What learners get wrong**", "**Three debrief questions**\n\n1. "):
        assert part in notes, f"{module.slug}: {part}"


def test_the_guide_s_notes_come_in_the_course_s_order():
    guide = (BOOK / "trainers-guide.md").read_text(encoding="utf-8")
    places = [guide.index(f"(notes-{module.slug})=") for module in MODULES]
    assert places == sorted(places)


def test_every_module_that_counts_has_trainer_s_notes_and_there_are_no_others():
    there = {file.stem for file in (BOOK / "trainer-notes").glob("*.md")}
    assert {module.slug for module in MODULES if module.counted} <= there <= {module.slug for module in MODULES}


@pytest.mark.parametrize("role", ["doctor", "nurse"])
def test_a_start_page_says_what_every_module_asks(role):
    page = (BOOK / f"start-{role}.md").read_text(encoding="utf-8")
    missing = [m.title for m in MODULES if m.counted and role in m.roles and f"- **{m.title}.** " not in page]
    assert not missing
