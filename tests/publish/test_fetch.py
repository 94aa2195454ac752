"""Getting third-party files: what looking for the tools leaves behind."""

import subprocess
import sys


def test_looking_for_pip_leaves_the_process_fit_to_grade():
    # in a process of its own: setuptools' import hook remembers for ever that pip was looked for
    code = "from grading.publish.fetch import pip_command; pip_command(); import nbgrader.api"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
