"""Rosters and personal links: nobody else's link works, and a wrong roster says where."""

import stat

import pytest

from grading.course import CourseError
from grading.server.identity import Person, Roster, read_roster, secret


def roster_file(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_roster_is_read(tmp_path):
    people = read_roster(
        roster_file(tmp_path, "\ufefflearner,name,unit,role,duty\nann,Ann Lee,Alder,nurse,\ntom,Tom Bo,,,trainer\n")
    )
    assert people["ann"] == Person("ann", "Ann Lee", "Alder", "nurse", "learner")
    assert people["tom"].may("board") and people["tom"].may("report")
    assert not people["ann"].may("board")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learner,unit\nann,Alder\n", "people.csv:1: the roster lacks the column name"),
        ("learner,name\nann,Ann\nann,Anna\n", "people.csv:3: the learner 'ann' stands twice"),
        ("learner,name\n../x,Ann\n", "people.csv:2: '../x' can't be a learner's id"),
        ("learner,name,duty\nann,Ann,king\n", "people.csv:2: the duty must be learner"),
    ],
)
def test_a_wrong_roster_says_where(tmp_path, text, said):
    with pytest.raises(CourseError, match=said.replace("(", r"\(")):
        read_roster(roster_file(tmp_path, text))


def test_a_missing_roster_is_one_sentence(tmp_path):
    with pytest.raises(CourseError, match="the roster can't be read"):
        read_roster(tmp_path / "nobody.csv")


def test_only_the_own_link_opens(tmp_path):
    ann, tom = Person("ann", "Ann"), Person("tom", "Tom", duty="trainer")
    roster = Roster({"ann": ann, "tom": tom}, b"key")
    assert roster.by_token(roster.token(ann)) == ann
    assert roster.by_token("ann~" + roster.token(tom).split("~")[1]) is None
    assert roster.by_token("ann") is None and roster.by_token("") is None
    assert Roster({"ann": ann}, b"other key").by_token(roster.token(ann)) is None
    promoted = Roster({"ann": Person("ann", "Ann", duty="trainer")}, b"key")
    assert promoted.by_token(roster.token(ann)) is None
    assert dict(roster.links("https://host/"))[ann] == f"https://host/enter/{roster.token(ann)}"


def test_the_secret_is_kept_and_private(tmp_path):
    first = secret(tmp_path / "server")
    assert secret(tmp_path / "server") == first and len(first) == 64
    assert stat.S_IMODE((tmp_path / "server" / "secret").stat().st_mode) == 0o600
