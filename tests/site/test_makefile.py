"""What `make` says to somebody who has never seen it, when something is in the way."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("python3.13", "python3.12", "python3.11", "python3")


@pytest.fixture
def place(tmp_path) -> Path:
    """A folder with the Makefile and what it reads, and a `bin` that comes first on the path."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").write_text("nothing-of-that-name==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(file: Path, script: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def make(place: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {"PATH": f"{place / 'bin'}:{os.environ['PATH']}", "HOME": str(place)} | variables
    return subprocess.run(["make", *arguments], cwd=place, env=environment, capture_output=True, text=True, check=False)


def sentences(result: subprocess.CompletedProcess) -> list[str]:
    """What was said, less make's own last line."""
    return [line for line in result.stderr.splitlines() if not line.startswith("make: ***")]


def test_alone_it_lists_what_there_is(place):
    listed = make(place).stdout
    for target in ("course", "demo", "jupyter", "test", "bench", "clean"):
        assert f"make {target}" in listed


@pytest.mark.parametrize("version", ["3.9.2", "3.10.14", "3.14.0"])
def test_a_python_it_does_not_run_on_is_told_in_one_sentence(place, version):
    for name in PYTHONS:
        program(place / "bin" / name, f'[ "$1" = -V ] && echo "Python {version}" && exit 0; exit 1')
    result = make(place, "install")
    assert result.returncode
    assert sentences(result) == [
        f"The course needs Python 3.11, 3.12 or 3.13, and this computer has Python {version}: "
        "install one of them and try again."
    ]
    assert not (place / ".venv").exists()


def test_the_newest_python_it_runs_on_is_taken(place):
    program(place / "bin" / "python3.13", "exit 1")  # such as a stub that asks to install it
    program(place / "bin" / "python3.12", 'echo "$0 $*" >>asked; exit 0')
    make(place, "install")
    assert "python3.12 -m venv .venv" in (place / "asked").read_text()


def test_a_python_without_venv_is_told_in_one_sentence(place):
    for name in PYTHONS:
        program(place / "bin" / name, '[ "$1" = -m ] && { echo "ensurepip is not available" >&2; exit 1; }; exit 0')
    result = make(place, "install")
    assert result.returncode
    assert len(sentences(result)) == 1
    assert "python3-venv" in result.stderr
    assert "ensurepip" in (place / "build/install.log").read_text()


def test_without_a_network_it_says_so_in_one_sentence(place):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/simple"
        result = make(place, "install", PIP_INDEX_URL=nobody, PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull)
    assert result.returncode
    assert len(sentences(result)) == 1
    assert "does not reach the Python package index" in result.stderr
    assert "build/install.log" in result.stderr


def test_a_package_that_will_not_install_is_not_called_a_network_fault(place):
    (place / "requirements.txt").write_text("./not-there\n")
    result = make(place, "install")
    assert result.returncode
    assert len(sentences(result)) == 1
    assert "could not be installed" in result.stderr


def test_it_installs_once_and_again_when_the_requirements_change(place):
    program(place / ".venv/bin/python", 'case "$*" in *pip*) echo "$*" >>installed;; esac; exit 0')
    for expected in (2, 2):
        assert make(place, "install").returncode == 0
        assert len((place / "installed").read_text().splitlines()) == expected
    (place / "requirements.txt").write_text("something-else==1\n")
    assert make(place, "install").returncode == 0
    assert len((place / "installed").read_text().splitlines()) == 4


def test_a_busy_port_is_told_before_anything_is_installed(place):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        result = make(place, "course", f"PORT={port}")
    assert result.returncode
    assert sentences(result) == [
        f"Port {port} is in use on this computer: stop what runs there, or choose another, "
        f"for example make course PORT={port + 1}."
    ]
    assert not (place / ".venv").exists()


def test_a_port_that_is_no_number_is_told(place):
    result = make(place, "course", "PORT=eighty")
    assert sentences(result) == ["PORT must be a number, such as PORT=8000, not 'eighty'."]


def test_the_course_is_built_and_then_served_on_the_port_asked_for(place):
    program(place / ".venv/bin/python", "exit 0")
    program(place / ".venv/bin/course", 'echo "course $*"')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = make(place, "course", f"PORT={port}").stdout.splitlines()
    assert said[-2:] == ["course build", f"course serve --port {port}"]


def test_chromium_is_asked_for_where_it_cannot_be_installed(place):
    program(place / "bin" / "id", "echo 1000")
    names = {"sh", "id", "mkdir", "cksum", "cat"}
    for name in names - {"id"}:
        (place / "bin" / name).symlink_to(shutil.which(name))
    (place / "bin" / "make").symlink_to(shutil.which("make"))
    result = make(place, "chromium", PATH=str(place / "bin"))
    assert result.returncode
    assert sentences(result) == [
        "The browser tests need Chromium: install it (Debian and Ubuntu: sudo apt-get install chromium), "
        "then run make test again."
    ]


def test_clean_keeps_what_learners_handed_in_and_how_it_was_graded(place):
    kept = ["attempts/a", "submitted/b", "autograded/c", "feedback/d", "server/events.db", "jupyter/f", "locks/e"]
    for name in [*kept, "gradebook.db", "incidents.jsonl", "site/index.html", "cache/x", "_toc.yml"]:
        file = place / "build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    for folder in ("book", "exercises", "grading", "notebooks", "simemr", "tests"):
        (place / folder / "__pycache__").mkdir(parents=True)
    assert make(place, "clean").returncode == 0
    left = {file.relative_to(place / "build").as_posix() for file in (place / "build").rglob("*") if file.is_file()}
    assert left == {*kept, "gradebook.db", "incidents.jsonl"}
    assert not list(place.rglob("__pycache__"))
