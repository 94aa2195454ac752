"""Every lesson runs from top to bottom, and shows what it showed when a person last looked at it."""

import shutil

import pytest
from pytest_notebook.nb_regression import NBRegressionError

from tests.lessons import reference


@pytest.mark.parametrize("slug", reference.slugs())
def test_a_lesson_shows_what_its_reference_says(slug, tmp_path):
    file = reference.expected(slug, tmp_path / f"{slug}.ipynb")
    try:
        reference.runner().check(str(file))
    except NBRegressionError as difference:
        pytest.fail(
            f"notebooks/{slug}.md shows something else than tests/reference/{slug}.json."
            f" If it was meant to: {reference.REFRESH} {slug}\n{difference}",
            pytrace=False,
        )


def test_a_changed_number_in_the_data_is_seen(tmp_path):
    folder = tmp_path / "notebooks"
    shutil.copytree(reference.ROOT / "notebooks" / "data", folder / "data")
    extract = folder / "data" / "ward-extract.csv"
    text = extract.read_text(encoding="utf-8")
    assert ",999," in text
    extract.write_text(text.replace(",999,", ",998,"), encoding="utf-8")
    file = reference.expected("data-quality", tmp_path / "data-quality.ipynb")
    with pytest.raises(NBRegressionError) as caught:
        reference.runner(folder).check(str(file))
    assert "999" in str(caught.value) and "998" in str(caught.value)


def test_no_reference_is_left_of_a_lesson_that_is_gone():
    assert {file.stem for file in reference.FOLDER.iterdir()} == set(reference.slugs())
