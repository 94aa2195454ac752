"""A nurse does one exercise after the other at the same browser, each from the first click to the debrief."""

import pytest

from tests.browser.whole_exercise import browser_of, do, exercises_of

job = browser_of("nils")


@pytest.mark.parametrize("slug", exercises_of("nurse"))
def test_done_from_the_first_click_to_the_debrief(slug, job):
    do(slug, job)
