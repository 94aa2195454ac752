"""A demonstration as HTML: the narration beside the record, and the whole of it as a list on a page."""

from __future__ import annotations

from html import escape

from simemr.domain.walk import Step, Walk
from simemr.html.questions import paragraphs, start


def narration(walk: Walk) -> str:
    """What is said at the step where the walk stands, read out when it changes."""
    of = len(walk.steps)
    if walk.at == 0:
        steps = "1 step" if of == 1 else f"{of} steps"
        return f'<p class="q-how">Watch it done, in {steps}. This is a demonstration: nothing is saved.</p>'
    step = walk.steps[walk.at - 1]
    return (
        f'<div role="status"><p class="q-how">Step {walk.at} of {of}</p>'
        f'<div class="q-ask">{paragraphs(step.say)}</div>{_refusal(walk, walk.at)}</div>'
    )


def demonstration(walk: Walk, lesson: str) -> str:
    """The narration as a numbered list, for a page without Python and for print, with a 'Start' button."""
    items = "".join(f"<li>{_item(walk, number, step)}</li>" for number, step in enumerate(walk.steps, 1))
    return (
        f'<div class="practice demonstration" data-lesson="{escape(lesson)}" data-practice="{escape(walk.id)}">'
        f'<ol class="q-steps">{items}</ol>{start("watch it done")}</div>'
    )


def _item(walk: Walk, number: int, step: Step) -> str:
    return paragraphs(step.say) + _refusal(walk, number)


def _refusal(walk: Walk, number: int) -> str:
    reason = walk.refusals.get(number)
    if not reason:
        return ""
    return f'<p class="q-refused"><span aria-hidden="true">✗</span> The record refuses: {escape(reason)}</p>'
