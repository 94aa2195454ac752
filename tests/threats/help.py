"""What several tests of threats need: logs with code in them, and their scores."""

from grading.scoring import score
from tests.grading.help import log_of


def with_code(exercise, **sources):
    """The model answer's actions with this code run before it is handed in; what is not given is the model's."""
    code = {**exercise.code["MODEL"][0], **sources}
    written = [("write_code", {"cell": cell, "source": source}) for cell, source in code.items()]
    return [*exercise.model[:-1], *written, *exercise.model[-1:]]


def extras(exercise, **sources):
    """{code criterion: its outcome} of the model answer with this code."""
    result = score(exercise, log_of(exercise, with_code(exercise, **sources)), run_code=True)
    assert (result.points, result.max, result.passed) == (4, 4, True), "what counts is never touched by code"
    return {extra.id: extra for extra in result.extras}


def points(exercise, **sources):
    """{code criterion: its points} of the model answer with this code."""
    return {name: extra.points for name, extra in extras(exercise, **sources).items()}
