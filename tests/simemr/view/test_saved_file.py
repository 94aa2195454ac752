"""'I have a saved file': chosen, held against what is here, gone on from; and nothing is lost."""

import ipywidgets as widgets
import pytest

from simemr import place
from simemr.domain import scenario as scenarios
from simemr.domain.attempt import Attempt
from simemr.view import shell as shells
from simemr.view.parts import is_shown
from tests.simemr.html.pages import Page


class Screen:
    """The orientation exercise as it is shown, also after it was shown anew."""

    def __init__(self, folder):
        self.frame = shells.exercise_widget("orientation", folder)

    def every(self, kind):
        found = []

        def walk(widget):
            if is_shown(widget):
                found.append(widget)
                for child in getattr(widget, "children", ()):
                    walk(child)

        walk(self.frame.children[0])
        return [widget for widget in found if isinstance(widget, kind)]

    def press(self, words):
        [found] = [b for b in self.every(widgets.Button) if b.description.startswith(words)]
        found._handle_custom_msg({"event": "click"}, [])

    @property
    def text(self):
        pages = [w.value for w in self.every(widgets.HTML) if "<style" not in w.value and "onerror" not in w.value]
        return " ".join([Page(page).text for page in pages] + [b.description for b in self.every(widgets.Button)])

    def choose(self, content):
        """Choose a file, as the page tells it."""
        [upload] = self.every(widgets.FileUpload)
        file = {"name": "x.jsonl", "type": "", "size": len(content), "last_modified": 0, "content": memoryview(content)}
        upload.set_state({"value": [file]})

    def links(self):
        return [a["download"] for w in self.every(widgets.HTML) for a in Page(w.value).all("a") if "download" in a]


@pytest.fixture(autouse=True)
def closed():
    yield
    for attempt in list(Attempt._opened.values()):
        attempt.close()


@pytest.fixture
def saved(tmp_path):
    """What was done at another computer, as the saved copy holds it."""
    attempt = Attempt.open(scenarios.load("orientation"), tmp_path / "elsewhere")
    attempt.do("open_patient", patient="marsh-eleanor")
    attempt.do("open_tab", tab="notes")
    attempt.close()
    return attempt.log_text().encode()


@pytest.fixture
def screen(tmp_path):
    return Screen(tmp_path / "answers")


def test_a_first_start_offers_it_and_goes_on_from_the_file(screen, saved, tmp_path, focus):
    screen.press("I have a saved file")
    assert "called orientation.jsonl" in screen.text
    [upload] = screen.every(widgets.FileUpload)
    assert focus[-1] is upload and upload.tooltip == "Choose the saved file"
    screen.choose(saved)
    assert "You go on from the saved file: attempt 1, 2 actions, the last on" in screen.text
    assert "MARSH, Eleanor" in screen.text and "I have a saved file" not in screen.text
    assert (tmp_path / "answers" / "orientation.jsonl").read_bytes() == saved
    assert len(list((tmp_path / "answers").glob("*.jsonl"))) == 1
    assert focus[-1].description == "Leave"
    screen.press("Results")
    assert (tmp_path / "answers" / "orientation.jsonl").read_bytes().startswith(saved)


def test_work_that_is_further_on_is_asked_about_and_kept(screen, saved, tmp_path, focus):
    screen.press("MARSH, Elaine" if "MARSH, Elaine" in screen.text else "MARSH, Eleanor")
    mine = (tmp_path / "answers" / "orientation.jsonl").read_bytes()
    screen.press("Leave")
    assert screen.links() == ["orientation.jsonl"]
    screen.press("Go on from a saved file")
    screen.choose(saved)
    assert "The file holds attempt 1, 2 actions" in screen.text and "Here stands 1 action that" in screen.text
    assert focus[-1].description == "Keep what is here"
    screen.press("Keep what is here")
    assert (tmp_path / "answers" / "orientation.jsonl").read_bytes() == mine and focus[-1].description == "Leave"
    screen.press("Leave")
    screen.press("Go on from a saved file")
    screen.choose(saved)
    screen.press("Go on from the file")
    assert "What was here before is kept." in screen.text
    assert (tmp_path / "answers" / "orientation.jsonl").read_bytes() == saved
    # and is found again
    screen.press("Leave")
    screen.press("Go on from a saved file")
    assert screen.links() == ["orientation.replaced.jsonl"] and "attempt 1, 1 action, the last on" in screen.text
    screen.choose((tmp_path / "answers" / "orientation.replaced.jsonl").read_bytes())
    screen.press("Go on from the file")
    assert (tmp_path / "answers" / "orientation.jsonl").read_bytes() == mine


def test_a_file_that_cannot_be_used_changes_nothing_and_another_can_be_chosen(screen, saved, tmp_path):
    before = (tmp_path / "answers" / "orientation.jsonl").read_bytes()
    screen.press("I have a saved file")
    screen.choose(saved.replace(b'"tab":"notes"', b'"tab":"other"'))
    assert "This file can't be used" in screen.text and "line 3: this line, or one before it, was" in screen.text
    assert "Nothing here was changed." in screen.text
    assert (tmp_path / "answers" / "orientation.jsonl").read_bytes() == before
    screen.choose(saved)
    assert "You go on from the saved file" in screen.text


def test_a_file_that_was_handed_in_shows_what_follows_the_hand_in(screen, tmp_path, focus, monkeypatch):
    monkeypatch.delenv("COURSE_SERVER", raising=False)
    attempt = Attempt.open(scenarios.load("orientation"), tmp_path / "elsewhere")
    attempt.do("hand_in")
    screen.press("I have a saved file")
    screen.choose(attempt.log_text().encode())
    assert "whose answers are these?" in screen.text and "Leave" not in screen.text.split()


def test_a_disk_that_refuses_is_a_sentence(screen, saved, monkeypatch):
    def refuse(self, text, keep):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Attempt, "take_over", refuse)
    screen.press("I have a saved file")
    screen.choose(saved)
    assert "could not be kept here" in screen.text and "No space left on device" in screen.text


def test_where_a_server_keeps_the_work_no_file_is_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr(place, "server", True)
    screen = Screen(tmp_path / "answers")
    assert "saved file" not in screen.text
    screen.press("Leave")
    assert "saved file" not in screen.text and screen.links() == []
