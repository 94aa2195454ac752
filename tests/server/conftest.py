"""A real server, in a process of its own, on the small course of tests/grading."""

import gzip
import http.client
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grading import course as course_file
from grading import exercise as exercise_file
from grading import wiring
from grading.publish import notebooks
from grading.server.identity import Roster, read_roster, secret
from tests.conftest import free_port

SMALL_COURSE = Path(__file__).parents[1] / "grading" / "course"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Client:
    """Asks the server, as one browser would; `cookie` is who it is."""

    port: int
    cookie: str = ""
    host: str = ""

    def ask(self, path, method="GET", data=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.host:
            headers["Host"] = self.host
        if data is not None:
            method = "POST"
            headers.setdefault("Content-Type", "application/json")
        body = data if data is None or isinstance(data, bytes) else json.dumps(data).encode()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        return found


@dataclass
class Running:
    root: Path
    port: int
    process: subprocess.Popen
    roster: Path | None = None
    clients: dict = field(default_factory=dict)

    def client(self, person=""):
        if not person:
            return Client(self.port)
        people = Roster(read_roster(self.roster), secret(self.root / "build" / "server"))
        token = people.token(people.people[person])
        entered = Client(self.port).ask(f"/enter/{token}")
        assert entered.status == 302
        return Client(self.port, entered.headers["Set-Cookie"].split(";")[0])

    def stop(self):
        self.process.terminate()
        return self.process.wait(120)  # a busy machine is slow to let go


def start(root, roster=None, port=None, more=(), scheme="http"):
    port = port or free_port()
    command = [sys.executable, "-m", "grading", "serve", "--port", str(port), *more]
    if roster is not None:
        command += ["--roster", str(roster)]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    line = process.stdout.readline()
    if "authority.pem" in line:
        line = process.stdout.readline()
    assert line == f"ready: {scheme}://127.0.0.1:{port}/\n", line + process.stdout.read()
    return Running(root, port, process, roster)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    root = tmp_path_factory.mktemp("served") / "course"
    shutil.copytree(SMALL_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    made = course_file.load(root)
    notebooks.write_exercises(made, exercise_file.load_all(made).values())
    wiring.write_config(made)
    wiring.release(made)
    site = root / "build" / "site"
    (site / "_static").mkdir(parents=True)
    (site / "index.html").write_text("<!doctype html><title>The course</title>" + "word " * 500)
    (site / "index.html.gz").write_bytes(gzip.compress((site / "index.html").read_bytes()))
    (site / "_static" / "page.0123abcd.js").write_text("1;")
    return root


@pytest.fixture
def root(built_once, tmp_path):
    return Path(shutil.copytree(built_once, tmp_path / "course"))


@pytest.fixture
def alone(root):
    """A server for the one person at this machine."""
    running = start(root)
    yield running
    running.stop()


@pytest.fixture
def classroom(root):
    """A server with a roster: two learners, a trainer, a CMIO."""
    roster = root / "people.csv"
    roster.write_text(
        "learner,name,unit,role,duty\nann,Ann Lee,Alder,nurse,\nbob,Bob Ode,Alder,doctor,\n"
        "tom,Tom Bo,,,trainer\ncleo,Cleo Ma,,,cmio\n"
    )
    running = start(root, roster)
    yield running
    running.stop()
