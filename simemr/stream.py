"""Passes an attempt's events on to the page around it, which sends them to the course server.

Only in the browser: the page knows the server, waits out a lost connection and sends again. The log beside
the notebook stays the learner's own, whether or not anyone listens.
"""

import json

from simemr import place
from simemr.domain.attempt import Attempt

CHANNEL = "simemr-events"


def stream(attempt: Attempt) -> None:
    """Tell the page what the attempt holds now, and each event from here on."""
    if not place.in_browser():
        return
    from js import BroadcastChannel

    channel = BroadcastChannel.new(CHANNEL)

    def tell(lines: list[str]) -> None:
        head = attempt.log_text().split("\n", 1)[0] + "\n"
        channel.postMessage(json.dumps({"exercise": attempt.scenario.exercise, "header": head, "lines": lines}))

    tell(attempt.log_text().splitlines(keepends=True)[1:])
    attempt.listeners.append(lambda line: tell([line]))
