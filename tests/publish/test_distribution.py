"""Pyodide's full distribution: one setting, its packages in the site, and a clear word where it does not fit."""

import hashlib
import json
import tarfile

import pytest

from grading import course
from grading.publish import distribution, lite
from grading.publish.fetch import PublishError
from grading.publish.pyodide import VERSION


@pytest.fixture
def full(tmp_path):
    """A distribution of two packages, unpacked."""
    folder = tmp_path / "unpacked" / "pyodide"
    folder.mkdir(parents=True)
    packages = {}
    for name in ("numpy", "ipython"):
        content = f"{name}'s wheel".encode()
        (folder / f"{name}-9.whl").write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        packages[name] = {
            "name": name,
            "file_name": f"{name}-9.whl",
            "sha256": sha256,
            "depends": [],
            "imports": [name],
        }
    write_lock(folder, VERSION, packages)
    return folder


def write_lock(folder, version, packages):
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": {"version": version}, "packages": packages}))


@pytest.fixture
def archive(full, tmp_path):
    with tarfile.open(tmp_path / "pyodide.tar.bz2", "w:bz2") as tar:
        tar.add(full, "pyodide")
    return tmp_path / "pyodide.tar.bz2"


def test_the_folder_and_the_archive_are_the_same(full, archive, tmp_path):
    (tmp_path / "cache").mkdir()
    found = [
        distribution.find(str(where), tmp_path, tmp_path / "cache") for where in (full, full.parent, archive, archive)
    ]
    assert [set(one.packages) for one in found] == [{"numpy", "ipython"}] * 4
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_what_the_course_brings_itself_stays_the_courses(full, tmp_path):
    built = tmp_path / "built"
    added = lite._add_packages(built, distribution.read(full), {"ipython", "simemr"})
    assert set(added) == {"numpy"}
    lock = built / "static" / "pyodide" / "aa" / "pyodide-lock.json"
    lock.parent.mkdir(parents=True)
    assert (lock.parent / added["numpy"]["file_name"]).read_text() == "numpy's wheel"


def test_a_page_does_not_fetch_them_beforehand(full, tmp_path):
    built = tmp_path / "built"
    lite._add_packages(built, distribution.read(full), set())
    (built / "static" / "pyodide" / "aa").mkdir(parents=True)
    (built / "static" / "pyodide" / "aa" / "x.whl").write_bytes(b"x")
    (built / "jupyter-lite.json").write_text('{"jupyter-config-data": {"appVersion": "1"}}')
    lite.write_manifest(built)
    listed = json.loads((built / "manifest.json").read_text())["files"]
    assert [file["path"] for file in listed] == ["static/pyodide/aa/x.whl"]


def test_another_version_is_refused(full):
    write_lock(full, "0.1", {})
    with pytest.raises(PublishError, match=f"is version 0.1, and the course runs {VERSION}"):
        distribution.read(full)


def test_a_damaged_or_missing_file_is_named(full):
    (full / "numpy-9.whl").write_bytes(b"torn")
    with pytest.raises(PublishError, match="numpy-9.whl in the Pyodide distribution is damaged"):
        distribution.read(full).added(set())
    (full / "numpy-9.whl").unlink()
    with pytest.raises(PublishError, match="has no file for numpy"):
        distribution.read(full).added(set())


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_what_is_no_distribution_is_one_sentence(tmp_path, content):
    path = tmp_path / "full.tar.bz2"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PublishError, match=r"there is no|is no Pyodide distribution"):
        distribution.find(path.name, tmp_path, tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(PublishError, match="is no Pyodide distribution"):
        distribution.find("empty", tmp_path, tmp_path)


def test_it_is_one_setting_in_course_toml(tmp_path):
    text = (
        (course.find() / "course.toml")
        .read_text()
        .replace("pass_mark = 0.80", 'pass_mark = 0.80\npyodide = "x.tar.bz2"', 1)
    )
    assert course.parse(text, tmp_path).pyodide == "x.tar.bz2"
