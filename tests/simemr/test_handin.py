"""The learner's end of handing in: what is sent, what comes back, and the one file."""

import hashlib
import http.server
import io
import json
import threading
import zipfile

import pytest

from simemr import handin, place

LOG = '{"schema":1}\n'


@pytest.fixture
def server(monkeypatch):
    """A course server that answers what the test tells it to."""
    told = {"status": 200, "body": '{"criteria": []}'}
    got = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802 - the library's name
            got.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(told["status"])
            self.end_headers()
            self.wfile.write(told["body"].encode())

        def log_message(self, *_args):
            pass

    running = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    monkeypatch.setenv("COURSE_SERVER", f"http://127.0.0.1:{running.server_port}")
    yield told, got
    running.shutdown()
    running.server_close()


def test_the_log_goes_to_the_server_and_the_debrief_comes_back(server):
    _, got = server
    assert handin.send("orientation", LOG).debrief == {"criteria": []}
    assert got == [("/api/hand-in", {"exercise": "orientation", "log": LOG})]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (422, '{"error": "Line 3 was changed."}', "Line 3 was changed."),
        (401, '{"error": "Use your link."}', "Use your link."),
        (500, "<html>oops</html>", "did not take the hand-in (answer 500)"),
        (200, "[]", "did not take the hand-in (answer 200)"),
        (200, '{"criteria": "x"}', "did not take the hand-in (answer 200)"),
        (422, '{"error": 3}', "did not take the hand-in (answer 422)"),
    ],
)
def test_whatever_stands_in_the_way_is_one_sentence(server, status, body, said):
    told, _ = server
    told.update(status=status, body=body)
    outcome = handin.send("orientation", LOG)
    assert outcome.debrief is None and outcome.served and said in outcome.problem


def test_a_server_that_is_not_there_is_a_sentence(monkeypatch):
    monkeypatch.setenv("COURSE_SERVER", "http://127.0.0.1:9")
    outcome = handin.send("orientation", LOG)
    assert "could not be reached" in outcome.problem and outcome.served


@pytest.mark.parametrize("address", ["nonsense", "http://"])
def test_an_address_that_is_none_is_a_sentence(monkeypatch, address):
    monkeypatch.setenv("COURSE_SERVER", address)
    assert handin.send("orientation", LOG).problem


def test_without_a_server_nothing_is_sent(monkeypatch):
    monkeypatch.delenv("COURSE_SERVER", raising=False)
    assert handin.send("orientation", LOG) == handin.Outcome(served=False)


def test_in_the_browser_a_site_of_files_only_means_a_file(monkeypatch):
    monkeypatch.setattr(place, "in_browser", lambda: True)
    monkeypatch.setattr(place, "site_root", "https://course.example/")
    sent = []
    for status in (404, 405, 501):
        outcome = handin.send("orientation", LOG, lambda url, text, s=status: (sent.append(url), (s, "<html>"))[1])
        assert outcome == handin.Outcome(served=False)
    assert set(sent) == {"https://course.example/api/hand-in"}


def test_the_file_holds_the_log_and_its_digest():
    made = handin.archive("orientation", 2, LOG)
    assert made == handin.archive("orientation", 2, LOG)
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        manifest = json.loads(file.read("manifest.json"))
        log = file.read("answers/orientation.jsonl")
    assert log.decode() == LOG
    assert manifest["exercise"] == "orientation" and manifest["attempt"] == 2
    assert manifest["files"] == {"answers/orientation.jsonl": hashlib.sha256(log).hexdigest()}
    assert handin.file_name("orientation") == "me__orientation.zip"


def test_the_file_says_whose_it_is_in_its_name_and_inside():
    made = handin.archive("orientation", 1, LOG, "amara.o")
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert json.loads(file.read("manifest.json"))["learner"] == "amara.o"
    assert handin.file_name("orientation", "amara.o") == "amara.o__orientation.zip"


def test_the_id_is_remembered_and_what_the_server_knows_comes_first(tmp_path, monkeypatch):
    assert handin.learner(tmp_path / "answers") == ""
    handin.remember(tmp_path / "answers", "amara.o")
    assert handin.learner(tmp_path / "answers") == "amara.o"
    monkeypatch.setattr(place, "learner", "ben")
    assert handin.learner(tmp_path / "answers") == "ben"


@pytest.mark.parametrize("given", ["", "a b", "../x", "nul", "con.txt", "x.", "é", "a" * 65, "me", "ME", "-a"])
def test_what_cannot_be_an_id_is_refused_as_the_staffs_side_does(given, tmp_path):
    assert handin.id_fault(given)
    (tmp_path / handin.REMEMBERED).write_text(given)
    assert handin.learner(tmp_path) == ""


def test_a_site_of_files_that_is_out_of_reach_still_means_a_file(monkeypatch):
    def lost(url, text):
        raise OSError("offline")

    monkeypatch.setattr(place, "in_browser", lambda: True)
    monkeypatch.setattr(place, "site_root", "https://course.example/")
    assert handin.send("orientation", LOG, lost) == handin.Outcome(served=False)
    monkeypatch.setattr(place, "server", True)
    assert handin.send("orientation", LOG, lost).served


def test_the_file_is_written_whole_or_not_at_all(tmp_path):
    assert handin.keep(tmp_path, "me__x.zip", b"zip").read_bytes() == b"zip"
    assert [path.name for path in tmp_path.iterdir()] == ["me__x.zip"]
    assert handin.keep(tmp_path / "nowhere", "me__x.zip", b"zip") is None
