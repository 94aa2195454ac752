"""The learner's side of the course: a simulated EMR, its exercises and practice questions.

A notebook needs one line: ``simemr.exercise("orientation")``. Nothing heavy is imported before it is used.
"""

from simemr.version import __version__

__all__ = ["__version__", "demonstration", "exercise"]


def exercise(slug: str, folder: str = "answers") -> None:
    """Show the exercise ``slug``, going on where the learner left off; the log is kept in ``folder``."""
    from simemr.view.shell import show_exercise

    show_exercise(slug, folder)


def demonstration(*args, **kwargs):
    """Return a worked walk through the simulated EMR; see simemr.view.demonstration.demonstration."""
    from simemr.view.demonstration import demonstration as build

    return build(*args, **kwargs)
