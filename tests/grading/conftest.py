"""A small course of its own, released once and copied for each test: making a gradebook takes seconds."""

import shutil
from pathlib import Path

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from tests.grading.help import SMALL_COURSE, release


@pytest.fixture(autouse=True)
def no_gradebook_elsewhere(monkeypatch):
    monkeypatch.delenv("COURSE_GRADEBOOK", raising=False)


@pytest.fixture
def root(tmp_path):
    """The small course's folder, to change at will."""
    return Path(shutil.copytree(SMALL_COURSE, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture
def course(root):
    return course_file.load(root)


@pytest.fixture(scope="session")
def exercises():
    """The small course's exercises. Frozen, so that tests can share them."""
    return exercise_file.load_all(course_file.load(SMALL_COURSE))


@pytest.fixture(scope="session")
def fluid(exercises):
    return exercises["fluid-chart"]


@pytest.fixture(scope="session")
def released_once(tmp_path_factory):
    return release(SMALL_COURSE, tmp_path_factory.mktemp("released") / "course")


@pytest.fixture
def released(released_once, tmp_path):
    """The small course, released: its gradebook holds the assignments and nobody's work."""
    return course_file.load(Path(shutil.copytree(released_once, tmp_path / "released")))
