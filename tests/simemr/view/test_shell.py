"""The window as a whole: saving, leaving, handing in, coming back, and what nobody foresaw."""

import json
import logging
import zipfile

import ipywidgets as widgets
import pytest

from simemr import handin, place
from simemr.domain.attempt import Attempt
from simemr.domain.session import Session
from simemr.view import shell as shells
from tests.simemr.html.pages import Page
from tests.simemr.view.window import Window

DEBRIEF = {
    "exercise": "doctor",
    "title": "Orders and alerts",
    "attempt": 1,
    "score": 1,
    "max": 2,
    "passed": False,
    "pass_mark": 0.8,
    "counted": True,
    "criteria": [
        {"id": "c", "title": "Allergy", "points": 1, "max": 2, "met": False, "read": "Alerts", "debrief": "So."}
    ],
}


def words_of(widget):
    """All words in a widget that is no shell."""
    pages = [w.value for w in tree(widget) if isinstance(w, widgets.HTML) and "<style" not in w.value]
    return " ".join(Page(page).text for page in pages if "onerror" not in page)


def tree(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from tree(child)


def press(widget, words):
    [found] = [w for w in tree(widget) if isinstance(w, widgets.Button) and w.description == words]
    found._handle_custom_msg({"event": "click"}, [])


def served(monkeypatch, *answers):
    """Let a course server answer the hand-ins; returns what was sent."""
    sent, waiting = [], list(answers)

    def post(url, text):
        sent.append((url, json.loads(text)))
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setenv("COURSE_SERVER", "http://127.0.0.1:8000/")
    monkeypatch.setattr(handin, "_post", post)
    return sent


# ---- every screen


def test_synthetic_stands_on_every_screen(doctor, extract):
    assert "Synthetic patient" in doctor.text and "Synthetic patient" in extract.text
    doctor.press("MARSH, Eleanor")
    for tab in doctor.shell.chart.tabs:
        doctor.shell.do("open_tab", tab=tab)
        assert "Synthetic patient" in doctor.text


def test_every_button_has_a_name_and_every_field_a_label(doctor, nurse, extract):
    for window in (doctor, nurse, extract):
        for widget in tree(window.shell.widget):
            if isinstance(widget, (widgets.Button, widgets.Dropdown, widgets.Text, widgets.Textarea, widgets.Checkbox)):
                assert widget.description.strip()


def test_a_click_sends_little_and_builds_nothing(doctor, monkeypatch):
    doctor.press("MARSH, Eleanor")
    sent, built = [], []
    send = widgets.Widget._send
    monkeypatch.setattr(
        widgets.Widget, "_send", lambda self, msg, buffers=None: (sent.append(msg), send(self, msg, buffers))
    )
    opened = widgets.Widget.open
    monkeypatch.setattr(widgets.Widget, "open", lambda self: (built.append(self), opened(self)))
    for name in ("MARSH, Elaine", "Orders", "Results", "3. An antibiotic", "Summary"):
        sent.clear()
        doctor.press(name)
        assert len(sent) <= 30, name
    assert built == []


def test_few_widgets_are_made(doctor):
    assert len(list(tree(doctor.shell.widget))) < 220


def test_the_open_record_and_tab_are_marked(doctor):
    doctor.press("MARSH, Eleanor")
    doctor.press("Results")
    assert "em-open" in doctor.button("Results")._dom_classes
    assert "em-open" not in doctor.button("Summary")._dom_classes
    row, _, _ = doctor.shell.ward.rows["marsh-eleanor"]
    assert "em-open" in row._dom_classes


# ---- saving and leaving


def test_saved_is_said_with_the_time(doctor):
    doctor.press("MARSH, Eleanor")
    assert "✓ Saved " in doctor.text and "Not saved" not in doctor.text


def test_what_was_done_is_shown_before_the_disk_is_waited_for(doctor, monkeypatch):
    seen = []
    write = Attempt._write
    monkeypatch.setattr(Attempt, "_write", lambda attempt: (seen.append(doctor.text), write(attempt)))
    doctor.press("MARSH, Eleanor")
    assert len(seen) == 1 and "No record is open" not in seen[0]
    assert doctor.shell.attempt.path.read_text() == doctor.shell.attempt.log_text()


def test_what_was_done_is_saved_also_when_it_cannot_be_shown(doctor, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(doctor.shell.ward, "refresh", lambda: 1 / 0)
        doctor.press("MARSH, Eleanor")
    assert "Something went wrong; your work up to here is saved." in doctor.message
    assert (
        doctor.shell.attempt.path.read_text().endswith("\n") and "open_patient" in doctor.shell.attempt.path.read_text()
    )


def test_not_saved_is_said_loudly_and_can_be_tried_again(doctor, tmp_path):
    (tmp_path / "answers").rename(tmp_path / "aside")
    (tmp_path / "answers").write_text("in the way")
    doctor.press("MARSH, Eleanor")
    assert "⚠ Not saved" in doctor.text
    assert 'role="alert"' in doctor.shell.header.saved.value
    [link] = Page(doctor.shell.header.copy.value).all("a")
    assert link["download"] == "doctor.jsonl" and link["href"].startswith("data:")
    doctor.press("Try again")
    assert "still could not be saved" in doctor.message
    doctor.press("Leave")
    assert "Save a copy before you leave" in doctor.text
    doctor.press("Stay here")
    (tmp_path / "answers").unlink()
    (tmp_path / "aside").rename(tmp_path / "answers")
    doctor.press("Try again")
    assert "Not saved" not in doctor.text and "Everything is saved now." in doctor.message


def test_a_page_that_keeps_nothing_never_says_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "storage", "none")
    window = Window("doctor", tmp_path / "answers")
    assert "Not saved" in window.text and "✓ Saved" not in window.text


def test_leaving_is_explained_and_can_be_taken_back(doctor, focus, monkeypatch):
    monkeypatch.setattr(place, "home", "https://course.example/index.html")
    doctor.press("Leave")
    assert "You can leave now" in doctor.text and "Nothing is handed in by leaving" in doctor.text
    assert focus[-1] is doctor.button("Stay here")
    [copy, link] = Page(doctor.shell.header.question.value).all("a")
    assert copy["download"] == "doctor.jsonl"
    assert (link["href"], link["target"]) == ("https://course.example/index.html", "_top")
    doctor.press("Stay here")
    assert focus[-1] is doctor.button("Leave") and "You can leave now" not in doctor.text


def test_coming_back_goes_on_at_the_same_point(doctor, tmp_path):
    doctor.press("MARSH, Eleanor")
    doctor.press("Results")
    doctor.shell.attempt.close()
    again = Window("doctor", tmp_path / "answers")
    assert (again.state.patient, again.state.tab) == ("marsh-eleanor", "results")
    assert "Potassium" in again.text


def test_a_torn_last_line_is_said(doctor, tmp_path):
    doctor.press("MARSH, Eleanor")
    doctor.press("Results")
    path = doctor.shell.attempt.path
    doctor.shell.attempt.close()
    path.write_bytes(path.read_bytes()[:-30])
    assert "cut off" in Window("doctor", tmp_path / "answers").message


# ---- handing in


def test_handing_in_asks_first_and_can_be_cancelled(doctor, focus):
    doctor.press("Hand in")
    assert "0 of 5 steps are done. 5 are still open." in doctor.text and "can't be changed" in doctor.text
    assert focus[-1] is doctor.button("Not yet")
    doctor.press("Not yet")
    assert not doctor.state.handed_in and focus[-1] is doctor.button("Hand in")


def test_the_debrief_comes_in_place(doctor, monkeypatch, focus):
    sent = served(monkeypatch, (200, json.dumps(DEBRIEF)))
    doctor.press("MARSH, Eleanor")
    doctor.press("Hand in")
    doctor.press("Hand in now")
    [(url, body)] = sent
    assert url == "http://127.0.0.1:8000/api/hand-in" and body["exercise"] == "doctor"
    assert body["log"] == doctor.shell.attempt.log_text() and '"hand_in"' in body["log"]
    assert "◐ Partly met Allergy" in doctor.text and "Not passed yet" in doctor.text
    assert "That was a shift on Alder ward." in doctor.text
    assert focus[-1] is doctor.shell.debrief.top
    assert not [b for b in doctor.every(widgets.Button) if b.description in ("Leave", "Hand in", "Orders")]


def test_the_debrief_is_there_again_without_the_server(doctor, monkeypatch, tmp_path):
    served(monkeypatch, (200, json.dumps(DEBRIEF)))
    doctor.press("Hand in")
    doctor.press("Hand in now")
    doctor.shell.attempt.close()
    served(monkeypatch, OSError("down"))
    assert "◐ Partly met Allergy" in Window("doctor", tmp_path / "answers").text


def test_a_kept_debrief_of_another_log_is_not_shown(doctor, monkeypatch, tmp_path):
    served(monkeypatch, (200, json.dumps(DEBRIEF)))
    doctor.press("Hand in")
    doctor.press("Hand in now")
    path = tmp_path / "answers" / "doctor.debrief.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "log": "another"}))
    doctor.shell.attempt.close()
    served(monkeypatch, OSError("down"))
    assert "Not handed in yet" in Window("doctor", tmp_path / "answers").text


def test_a_server_that_cannot_be_reached_loses_nothing(doctor, monkeypatch):
    sent = served(monkeypatch, OSError("down"), (200, json.dumps(DEBRIEF)))
    doctor.press("Hand in")
    doctor.press("Hand in now")
    assert "could not be reached" in doctor.text and "Download me__doctor.zip" in doctor.text
    doctor.press("Send again")
    assert len(sent) == 2 and sent[0] == sent[1] and "Partly met" in doctor.text


def test_a_refusal_of_the_server_is_shown_as_it_was_said(doctor, monkeypatch):
    served(monkeypatch, (422, '{"error": "These answers belong to <someone> else."}'))
    doctor.press("Hand in")
    doctor.press("Hand in now")
    assert "These answers belong to <someone> else." in doctor.text


@pytest.fixture
def finished(doctor, monkeypatch):
    """An exercise handed in where there is no server."""
    monkeypatch.delenv("COURSE_SERVER", raising=False)
    doctor.press("Hand in")
    doctor.press("Hand in now")
    return doctor


def test_without_a_server_there_is_one_file_that_says_whose_it_is(finished, tmp_path, focus):
    assert "Which id did your trainer give you?" in finished.text and "Download" not in finished.text
    for given, said in (("", "say that you have none"), ("a b", "cannot be a learner's id"), ("me", "stands for")):
        finished.fill("Your learner id", given)
        finished.press("Make my file")
        assert said in finished.message and focus[-1] is finished.field("Your learner id")
    assert list(tmp_path.glob("*.zip")) == []
    finished.fill("Your learner id", " amara.o ")
    finished.press("Make my file")
    assert "from amara.o. Give it to your trainer." in finished.text and "Download amara.o__doctor.zip" in finished.text
    assert finished.message.startswith("Next")
    with zipfile.ZipFile(tmp_path / "amara.o__doctor.zip") as made:
        assert made.read("answers/doctor.jsonl").decode() == finished.shell.attempt.log_text()
        assert json.loads(made.read("manifest.json"))["learner"] == "amara.o"


def test_the_id_is_asked_for_once_and_can_be_changed(finished, tmp_path):
    finished.fill("Your learner id", "amara.o")
    finished.press("Make my file")
    finished.shell.attempt.close()
    again = Window("doctor", tmp_path / "answers")
    assert "Download amara.o__doctor.zip" in again.text
    again.press("That is not me")
    again.fill("Your learner id", "ben")
    again.press("Make my file")
    assert "Download ben__doctor.zip" in again.text


def test_a_learner_without_an_id_gets_the_file_that_says_so(finished, tmp_path):
    finished.press("I have no id")
    assert "Download me__doctor.zip" in finished.text and "does not say whose it is" in finished.text
    assert [path.name for path in tmp_path.glob("*.zip")] == ["me__doctor.zip"]


def test_who_the_server_knows_is_not_asked(doctor, monkeypatch):
    monkeypatch.setattr(place, "learner", "amara.o")
    served(monkeypatch, OSError("down"))
    doctor.press("Hand in")
    doctor.press("Hand in now")
    assert "Download amara.o__doctor.zip" in doctor.text and "That is not me" not in doctor.text


def test_trying_again_starts_from_the_beginning_and_keeps_the_first(doctor, monkeypatch, tmp_path):
    served(monkeypatch, (200, json.dumps(DEBRIEF)))
    doctor.press("MARSH, Eleanor")
    doctor.press("3. An antibiotic")
    doctor.press("Hand in")
    doctor.press("Hand in now")
    doctor.press("Try again")
    assert doctor.state.events == [] and doctor.shell.attempt.header.attempt == 2
    assert "No record is open" in doctor.text and "Attempt 2 begins" in doctor.message
    assert (tmp_path / "answers" / "doctor.attempt-1.jsonl").exists()
    doctor.press("MARSH, Elaine")
    assert doctor.state.patient == "marsh-elaine"


# ---- what nobody foresaw


def test_an_unforeseen_error_is_a_sentence_on_the_page_and_a_trace_in_a_file(doctor, monkeypatch, capfd, tmp_path):
    shells.note_errors(tmp_path / "answers")

    def broken(*_args, **_kwargs):
        raise RuntimeError("a bug")

    monkeypatch.setattr(Session, "apply", broken)
    doctor.press("MARSH, Eleanor")
    assert "Something went wrong; your work up to here is saved." in doctor.message
    shown = capfd.readouterr()
    assert "Traceback" not in shown.out + shown.err
    assert "RuntimeError: a bug" in (tmp_path / "answers" / "errors.log").read_text()


def test_a_disk_that_refuses_the_trace_says_nothing_on_the_page(doctor, capfd, tmp_path):
    shells.note_errors(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    logging.getLogger("simemr.view").error("x")
    shown = capfd.readouterr()
    assert shown.out + shown.err == ""


@pytest.fixture
def orientation(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    return lambda: shells.exercise_widget("orientation", tmp_path / "answers")


def test_an_exercise_is_shown_by_its_name(orientation):
    assert "Alder ward" in words_of(orientation())


def test_an_unknown_exercise_is_a_sentence(tmp_path):
    assert "can't be shown" in words_of(shells.exercise_widget("no-such-thing", tmp_path / "answers"))


def test_a_damaged_log_is_kept_and_the_learner_starts_again(orientation, tmp_path):
    orientation()
    for attempt in list(Attempt._opened.values()):
        attempt.close()
    path = tmp_path / "answers" / "orientation.jsonl"
    path.write_text(path.read_text().replace('"attempt":1', '"attempt":7'))
    frame = orientation()
    assert "line 1" in words_of(frame) and "does not guess" in words_of(frame)
    press(frame, "Keep the damaged file and start again")
    assert "Alder ward" in words_of(frame)
    assert '"attempt":7' in (tmp_path / "answers" / "orientation.damaged.jsonl").read_text()


def test_an_exercise_that_is_open_elsewhere_says_so(orientation, monkeypatch):
    def in_use(*_args, **_kwargs):
        raise shells.InUse("This exercise is already open in another window. Go on there, or close it first.")

    with monkeypatch.context() as patch:
        patch.setattr(Attempt, "open", in_use)
        frame = orientation()
    assert "already open in another window" in words_of(frame)
    press(frame, "Try again")
    assert "Alder ward" in words_of(frame)


def test_a_bug_while_it_is_prepared_is_a_sentence_too(orientation, monkeypatch, capfd):
    monkeypatch.setattr(shells, "Shell", lambda attempt: 1 / 0)
    assert "Something went wrong" in words_of(orientation())
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_note_is_written_where_the_exercise_asks_for_one(orientation, focus):
    frame = orientation()
    press(frame, "MARSH, Eleanor")
    press(frame, "Notes")
    [attempt] = Attempt._opened.values()
    boxes = {w.description: w for w in tree(frame) if isinstance(w, (widgets.Checkbox, widgets.Textarea))}
    boxes["What the next reader needs to know"].set_state({"value": "K 5.6, told by the laboratory."})
    press(frame, "Sign the note")
    assert attempt.session.state.notes == []
    boxes["Full name"].set_state({"value": True})
    boxes["Hospital number"].set_state({"value": True})
    press(frame, "Confirm who this is")
    press(frame, "Sign the note")
    [(patient, note)] = attempt.session.state.notes
    assert (patient, note.text) == ("marsh-eleanor", "K 5.6, told by the laboratory.")
    assert "K 5.6, told by the laboratory." in words_of(frame)
