"""The table of contents, what the inputs' digest sees, and what is told of jupyter-book's output."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from grading.publish.site import SiteError, digest, problems, toc

MARKER = {"insert": "lessons"}


def modules(*pairs):
    return [SimpleNamespace(slug=slug, part=part) for slug, part in pairs]


def test_lessons_stand_where_the_marker_stood_one_part_for_each_part_in_order():
    template = {"root": "book/index", "parts": [{"caption": "A"}, MARKER, {"caption": "Z"}]}
    made = toc(template, modules(("two", "Work"), ("one", "Start"), ("three", "Work")))
    assert made["root"] == "book/index"
    assert made["parts"] == [
        {"caption": "A"},
        {"caption": "Work", "chapters": [{"file": "notebooks/two"}, {"file": "notebooks/three"}]},
        {"caption": "Start", "chapters": [{"file": "notebooks/one"}]},
        {"caption": "Z"},
    ]
    assert template["parts"][1] == MARKER, "the template is left as it is"


@pytest.mark.parametrize("parts", [[], [{"caption": "A"}], [MARKER, MARKER]])
def test_a_template_without_exactly_one_marker_is_refused(parts):
    with pytest.raises(SiteError, match=r"book/_toc\.yml.*exactly once"):
        toc({"parts": parts}, modules(("one", "Start")))


def test_the_digest_sees_content_names_and_folders_and_nothing_python_leaves_behind(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a.md").write_text("one")
    first = digest(tmp_path, ["book", "missing.toml"])
    (tmp_path / "book" / "__pycache__").mkdir()
    (tmp_path / "book" / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"x")
    assert digest(tmp_path, ["book", "missing.toml"]) == first
    (tmp_path / "book" / "a.md").rename(tmp_path / "book" / "b.md")
    renamed = digest(tmp_path, ["book"])
    assert renamed != first
    (tmp_path / "book" / "b.md").write_text("two")
    assert digest(tmp_path, ["book"]) != renamed


def test_what_is_wrong_is_told_once_with_the_path_from_the_root():
    log = (
        "\x1b[91m/c/book/a.md:3: WARNING: unknown document: 'b'\x1b[39;49;00m\n"
        "[IPKernelApp] WARNING | Kernel is running over TCP without encryption.\n"
        "/c/book/a.md:3: WARNING: unknown document: 'b'\n"
        "reading sources... [100%] book/a\n"
        "RuntimeError:\n"
        "Extension error (course_site):\n"
        "/c/course.toml:7: this is not valid TOML\n"
    )
    assert problems(log, Path("/c")) == [
        "book/a.md:3: WARNING: unknown document: 'b'",
        "Extension error (course_site): course.toml:7: this is not valid TOML",
    ]
