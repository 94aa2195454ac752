"""What counts as copied: runs of the same words, whatever their case and stops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import copied

SOURCE = "Second day of pneumonia. On oxygen 2 L/min by nasal cannulae. Penicillin anaphylaxis in 2009."


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("", 0),
        (SOURCE, 1),
        ("second DAY of pneumonia; on oxygen", 1),
        ("Third day, better, needs less oxygen.", 0),
        ("Second day of rain", 0),  # three words in a row are chance
        ("Better today. Penicillin anaphylaxis in 2009.", 4 / 6),
        ("Penicillin anaphylaxis in 2009. Better.", 4 / 5),  # from the end to the beginning
    ],
)
def test_the_share_of_copied_words(text, share):
    assert copied.share([text], SOURCE) == pytest.approx(share)


def test_several_sections_count_together_and_each_is_held_against_the_whole_source():
    assert copied.share(["Penicillin anaphylaxis in 2009.", "One two three four"], SOURCE) == pytest.approx(0.5)


@given(text=st.text(alphabet="ab .\n", max_size=80), source=st.text(alphabet="ab .\n", max_size=80))
def test_the_pieces_are_the_text_again(text, source):
    assert "".join(piece.text for piece in copied.pieces(text, source)) == text
    assert 0 <= copied.share([text], source) <= 1


@given(text=st.text(alphabet="abcdefg ", max_size=60))
def test_a_copy_of_enough_words_is_a_copy_and_nothing_is_copied_from_nothing(text):
    words = len(text.split())
    assert copied.share([text], text) == (1 if words >= copied.SHORTEST_RUN else 0)
    assert copied.share([text], "") == 0
