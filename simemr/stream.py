"""Sends a running attempt's events to the course's server, so that a trainer sees who is stuck while the room works.

Only in the browser, and only where there is a server. A lost connection costs nothing: what was not sent is sent
again, in order, and the log beside the notebook stays the learner's own whether or not anyone listens.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable

from simemr import place
from simemr.domain.attempt import Attempt

#: The server takes no more lines at once.
MOST_LINES = 2000
#: Seconds until what could not be sent is sent again: twice as long each time, up to the second.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
ELSEWHERE = "This exercise has gone on at another computer. Go on there: what you do here does not reach your trainer."
#: JSON text -> (HTTP status, body). Raises OSError when the server can't be reached.
Post = Callable[[str], Awaitable[tuple[int, str]]]


class Stream:
    """What of one attempt the server has. ``deliver`` brings it up to date; ``off`` once the server wants no more.

    say: shows the learner a sentence.
    """

    def __init__(self, attempt: Attempt, post: Post, say: Callable[[str], None] = lambda words: None):
        self.attempt = attempt
        self.have = 0
        self.off = False
        self._post = post
        self._say = say
        self._busy = False
        self._delivering = False

    async def deliver(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Send until the server has all of it or wants no more; called again while it runs, it does nothing."""
        if self._delivering:
            return
        self._delivering = True
        wait = FIRST_PAUSE
        try:
            while not await self.send():
                await pause(wait)
                wait = min(2 * wait, LONGEST_PAUSE)
        finally:
            self._delivering = False

    async def send(self) -> bool:
        """Send what the server does not have yet; called again while it runs, it does nothing.

        Returns whether that is all there is to do for now; False when the connection or the server failed.
        """
        if self._busy or self.off:
            return True
        self._busy = True
        try:
            while await self._send_some():
                pass
        except OSError:
            return False
        finally:
            self._busy = False
        return True

    async def _send_some(self) -> bool:
        head, *lines = self.attempt.log_text().splitlines(keepends=True)
        new = lines[self.have : self.have + MOST_LINES]
        if not new:
            return False
        status, body = await self._post(json.dumps({"header": head, "lines": new}))
        if status >= 500:
            raise OSError(f"the server answered {status}")
        if status == 200:
            self.have = json.loads(body)["have"]
            return True
        # no server, not signed in, or the exercise went on at another computer: asking again would change nothing
        self.off = True
        if status == 409:
            self._say(ELSEWHERE)
        return False


def stream(attempt: Attempt, say: Callable[[str], None]) -> None:
    """From here on, send the attempt's events as they come. say: shows the learner a sentence."""
    if not place.in_browser() or not place.server:
        return
    sender = Stream(attempt, _post_in_browser, say)

    running: set[asyncio.Future[None]] = set()  # one that nothing refers to may vanish while it waits

    def soon(_line: str = "") -> None:
        delivering = asyncio.ensure_future(sender.deliver())
        running.add(delivering)
        delivering.add_done_callback(running.discard)

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
