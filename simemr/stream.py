"""Sends a running attempt's events to the course's server, so that a trainer sees who is stuck while the room works.

Only in the browser, and only where there is a server. A lost connection costs nothing: what was not sent goes with
the next event, and the log beside the notebook stays the learner's own whether or not anyone listens.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable

from simemr import place
from simemr.domain.attempt import Attempt

#: The server takes no more lines at once.
MOST_LINES = 2000
#: JSON text -> (HTTP status, body). Raises OSError when the server can't be reached.
Post = Callable[[str], Awaitable[tuple[int, str]]]


class Stream:
    """What of one attempt the server has. ``send`` brings it up to date; ``off`` once the server wants no more."""

    def __init__(self, attempt: Attempt, post: Post):
        self.attempt = attempt
        self.have = 0
        self.off = False
        self._post = post
        self._busy = False

    async def send(self) -> None:
        """Send what the server does not have yet; called again while it runs, it does nothing."""
        if self._busy or self.off:
            return
        self._busy = True
        try:
            while await self._send_some():
                pass
        finally:
            self._busy = False

    async def _send_some(self) -> bool:
        head, *lines = self.attempt.log_text().splitlines(keepends=True)
        new = lines[self.have : self.have + MOST_LINES]
        if not new:
            return False
        try:
            status, body = await self._post(json.dumps({"header": head, "lines": new}))
        except OSError:
            return False
        if status == 200:
            self.have = json.loads(body)["have"]
            return True
        # no server, not signed in, or the exercise went on at another computer: asking again would change nothing
        self.off = status < 500
        return False


def stream(attempt: Attempt) -> None:
    """From here on, send the attempt's events as they come."""
    if not place.in_browser() or not place.site_root:
        return
    sender = Stream(attempt, _post_in_browser)

    def soon(_line: str = "") -> None:
        asyncio.ensure_future(sender.send())

    attempt.listeners[:] = [soon]
    soon()


async def _post_in_browser(text: str) -> tuple[int, str]:
    from pyodide.http import pyfetch

    headers = {"Content-Type": "application/json"}
    try:
        answer = await pyfetch(f"{place.site_root}api/events", method="POST", headers=headers, body=text)
        return answer.status, await answer.text() if answer.status == 200 else ""
    except Exception as error:  # the browser's own errors, of whatever kind, mean that the connection is lost
        raise OSError(str(error)) from None
