"""Each test of the view is a learner of its own, in a folder of its own."""

import pytest

from simemr.domain.attempt import Attempt
from tests.simemr.view.window import Window, watched_focus


@pytest.fixture(autouse=True)
def nothing_stays_open():
    yield
    for attempt in list(Attempt._opened.values()):
        attempt.close()


@pytest.fixture
def focus(monkeypatch):
    with watched_focus(monkeypatch) as sent:
        yield sent


@pytest.fixture
def doctor(tmp_path, focus):
    return Window("doctor", tmp_path / "answers")


@pytest.fixture
def nurse(tmp_path, focus):
    return Window("nurse", tmp_path / "answers")


@pytest.fixture
def extract(tmp_path, focus):
    return Window("extract", tmp_path / "answers")
