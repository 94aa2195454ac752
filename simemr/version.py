"""The course's version, written in each answer log."""

__version__ = "0.1.0"


def release(version: str) -> list[str]:
    """The part of a version that decides whether a log still means the same: a third number only mends text."""
    return version.split(".")[:2]
