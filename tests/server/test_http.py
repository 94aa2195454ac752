"""The running server: who may read what, hand-ins answered at once, events kept once, refusals in a sentence."""

import gzip
import http.client
import json
import ssl
import subprocess
import sys

import pytest

from grading import exercise as exercise_file
from grading.server.tls import local_certificate
from tests.conftest import until
from tests.grading.help import SMALL_COURSE, log_of, points
from tests.server.conftest import Client, start

SLUG = "fluid-chart"


@pytest.fixture(scope="session")
def fluid():
    from grading import course as course_file

    return exercise_file.load_all(course_file.load(SMALL_COURSE))[SLUG]


def test_the_site_is_served_small_and_cached_by_name(alone):
    client = alone.client()
    packed = client.ask("/", Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == "text/html; charset=utf-8"
    plain = client.ask("/index.html")
    assert plain.headers["Content-Encoding"] is None
    assert gzip.decompress(packed.body) == plain.body
    assert "no-cache" in plain.headers["Cache-Control"]
    assert "immutable" in client.ask("/_static/page.0123abcd.js").headers["Cache-Control"]
    assert "default-src 'self'" in plain.headers["Content-Security-Policy"]
    again = client.ask("/index.html", If_None_Match=plain.headers["Etag"])
    assert again.status == 304
    assert client.ask("/../course.toml").status in (403, 404)
    assert client.ask("/%2e%2e/course.toml").status in (403, 404)


def test_a_hand_in_is_answered_with_the_debrief_and_reaches_the_gradebook(alone, fluid):
    client = alone.client()
    text = log_of(fluid, fluid.model)
    answer = client.ask("/api/hand-in", data={"exercise": SLUG, "log": text})
    assert answer.status == 200
    debrief = answer.json
    assert debrief["score"] == debrief["max"] and debrief["passed"]
    assert {"id", "met", "debrief", "evidence", "read", "critical"} <= set(debrief["criteria"][0])
    from grading import course as course_file

    course = course_file.load(alone.root)
    found = until(lambda: _points_or_none(course, "me"))
    assert sum(found.values()) == debrief["max"]
    again = client.ask("/api/hand-in", data={"exercise": SLUG, "log": text})
    assert again.json == debrief
    assert len(list((course.build / "attempts" / "me" / SLUG).glob("*/manifest.json"))) == 1


def _points_or_none(course, learner):
    try:
        found = points(course, learner)
    except KeyError:
        return None
    return found if all(value is not None for value in found.values()) else None


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        ({"exercise": SLUG, "log": "hello\n"}, 422, "line 1"),
        ({"exercise": "nothing", "log": ""}, 422, "nothing"),
        ({"exercise": "../../etc", "log": ""}, 422, "etc"),
        ({"exercise": SLUG}, 400, "must have the parts"),
        ({"exercise": SLUG, "log": 7}, 400, "wrong type"),
        ([], 400, "must have the parts"),
        (b"{", 400, "not JSON"),
        (b"[" * 100_000, 400, "not JSON"),
    ],
)
def test_a_bad_hand_in_is_refused_in_a_sentence_and_nothing_is_kept(alone, body, status, sentence):
    answer = alone.client().ask("/api/hand-in", data=body)
    assert (answer.status, sentence in answer.json["error"]) == (status, True), answer.body
    assert not list((alone.root / "build" / "attempts").glob("*/*/*/manifest.json"))


def test_a_page_elsewhere_can_not_use_the_browser(alone, fluid):
    data = {"exercise": SLUG, "log": log_of(fluid, fluid.model)}
    client = alone.client()
    assert client.ask("/api/hand-in", data=data, Sec_Fetch_Site="cross-site").status == 403
    assert client.ask("/api/hand-in", data=json.dumps(data).encode(), Content_Type="text/plain").status == 403
    rebound = Client(alone.port, host="evil.example:8000")
    assert rebound.ask("/").status == 403
    assert rebound.ask("/api/hand-in", data=data).status == 403


def test_nothing_is_readable_without_a_link(classroom):
    stranger = classroom.client()
    for path in ("/", "/index.html", "/api/me", "/api/log?exercise=" + SLUG, "/board", "/api/board", "/report"):
        assert stranger.ask(path).status == 403, path
    assert stranger.ask("/enter/ann~0123").status == 403
    forged = Client(classroom.port, "course-person=2|1:0|10:1|13:course-person|4:YW5u|00")
    assert forged.ask("/api/me").status == 403


def test_each_person_sees_their_own_and_staff_see_the_staffs_pages(classroom, fluid):
    ann, bob, tom, cleo = (classroom.client(name) for name in ("ann", "bob", "tom", "cleo"))
    assert ann.ask("/api/me").json["name"] == "Ann Lee"
    text = log_of(fluid, fluid.model)
    head, *lines = text.splitlines(keepends=True)
    kept = ann.ask("/api/events", data={"header": head, "lines": lines[:2]})
    assert kept.json["have"] == 2
    assert ann.ask("/api/events", data={"header": head, "lines": lines}).json["have"] == len(lines)
    assert ann.ask("/api/log?exercise=" + SLUG).json["log"] == text
    assert bob.ask("/api/log?exercise=" + SLUG).json["log"] is None
    for path in ("/board", "/api/board", "/report"):
        assert ann.ask(path).status == 403
        assert tom.ask(path).status == 200
    assert cleo.ask("/board").status == 403
    report = cleo.ask("/report")
    assert report.status == 200 and b"Ann Lee" in report.body
    row = tom.ask("/api/board").json["rows"][0]
    assert (row["name"], row["exercise"], row["state"]) == ("Ann Lee", SLUG, "handed in")


def test_events_that_can_not_be_right_are_refused(classroom, fluid):
    ann = classroom.client("ann")
    head, *lines = log_of(fluid, fluid.model).splitlines(keepends=True)
    assert ann.ask("/api/events", data={"header": head, "lines": lines[1:]}).status == 422
    assert ann.ask("/api/events", data={"header": head, "lines": [lines[0].rstrip()]}).status == 400
    assert ann.ask("/api/events", data={"header": head, "lines": [7]}).status == 400
    assert ann.ask("/api/events", data={"header": "x\n", "lines": []}).status == 422
    assert ann.ask("/api/events", data={"header": head, "lines": lines}).status == 200
    other, *_ = log_of(fluid, fluid.model).splitlines(keepends=True)
    assert ann.ask("/api/events", data={"header": other, "lines": []}).status == 409


def test_the_server_stopped_and_started_loses_no_event_and_grades_what_waits(root, fluid):
    running = start(root)
    text = log_of(fluid, fluid.model)
    head, *lines = text.splitlines(keepends=True)
    running.client().ask("/api/events", data={"header": head, "lines": lines})
    assert running.client().ask("/api/hand-in", data={"exercise": SLUG, "log": text}).status == 200
    running.process.kill()
    running.process.wait()
    again = start(root, port=running.port)
    try:
        assert again.client().ask("/api/log?exercise=" + SLUG).json["log"] == text
        from grading import course as course_file

        assert until(lambda: _points_or_none(course_file.load(root), "me"))
    finally:
        assert again.stop() == 0


def test_a_busy_port_and_a_missing_site_are_one_sentence(alone, tmp_path):
    def refused(*options, cwd):
        command = [sys.executable, "-m", "grading", "serve", *options]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)

    busy = refused("--port", str(alone.port), cwd=alone.root)
    assert busy.returncode == 1 and f"Port {alone.port} is in use" in busy.stderr
    open_to_all = refused("--address", "0.0.0.0", cwd=alone.root)
    assert open_to_all.returncode == 1 and "give a roster" in open_to_all.stderr
    (alone.root / "build" / "site" / "index.html").unlink()
    unbuilt = refused(cwd=alone.root)
    assert unbuilt.returncode == 1 and "not built yet" in unbuilt.stderr
    assert "Traceback" not in busy.stderr + open_to_all.stderr + unbuilt.stderr


def test_a_classroom_gets_https_and_each_person_a_link(root):
    roster = root / "people.csv"
    roster.write_text("learner,name,duty\nann,Ann Lee,\ntom,Tom Bo,trainer\n")
    certificate, key = local_certificate(root / "build" / "server", ["localhost", "127.0.0.1"])
    assert local_certificate(root / "build" / "server", ["127.0.0.1", "localhost"]) == (certificate, key)
    assert key.stat().st_mode & 0o077 == 0
    listed = subprocess.run(
        [sys.executable, "-m", "grading", "links", str(roster), "--root", "https://localhost:1"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert listed[0] == "learner,name,duty,link"
    link = listed[1].rsplit(",", 1)[1]
    running = start(root, roster, more=["--tls"], scheme="https")
    try:
        context = ssl.create_default_context(cafile=str(root / "build" / "server" / "authority.pem"))
        connection = http.client.HTTPSConnection("localhost", running.port, context=context, timeout=30)
        connection.request("GET", link.removeprefix("https://localhost:1"))
        answer = connection.getresponse()
        assert answer.status == 302
        assert "Secure" in answer.headers["Set-Cookie"] and "HttpOnly" in answer.headers["Set-Cookie"]
    finally:
        running.stop()
