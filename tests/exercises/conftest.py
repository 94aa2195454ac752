"""The exercise that a file of tests is about, by the SLUG it names; a file on several makes its own ``made``."""

import pytest

from tests.exercises.help import load, python_of


@pytest.fixture(scope="module")
def made(request):
    return load(request.module.SLUG)


@pytest.fixture(scope="module")
def answers(made):
    return python_of(made, "answers")


@pytest.fixture(scope="module")
def rubric(made):
    return python_of(made, "rubric")
