"""A doctor does one exercise after the other at the same browser, each from the first click to the debrief."""

import pytest

from tests.browser.conftest import job_of
from tests.browser.whole_exercise import do, exercises_of


@pytest.fixture(scope="module")
def dora(browser, served, axe):
    """Nobody else's browser: what was begun or handed in here would be there in the other tests."""
    with job_of(browser, served, axe) as job:
        job.enter("dora")
        yield job


@pytest.mark.parametrize("slug", exercises_of("doctor"))
def test_done_from_the_first_click_to_the_debrief(slug, dora):
    do(slug, dora)
