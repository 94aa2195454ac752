"""The stream to the server: all events once, in order, whatever the connection does."""

import asyncio
import json

import pytest

from simemr.domain import scenario
from simemr.domain.attempt import Attempt
from simemr.stream import ELSEWHERE, Stream


@pytest.fixture
def attempt(tmp_path):
    opened = Attempt.open(scenario.load("orientation"), tmp_path)
    opened.do("open_patient", patient="marsh-eleanor")
    opened.do("open_tab", tab="results")
    yield opened
    opened.close()


class Server:
    def __init__(self):
        self.lines = []
        self.answer = 200

    async def post(self, text):
        await asyncio.sleep(0)
        if self.answer == 0:
            raise OSError("lost")
        if self.answer != 200:
            return self.answer, ""
        self.lines += json.loads(text)["lines"]
        return 200, json.dumps({"have": len(self.lines)})


def events(attempt):
    return attempt.log_text().splitlines(keepends=True)[1:]


@pytest.mark.parametrize("trouble", [0, 500, 503])
def test_what_could_not_be_sent_goes_with_the_next_event(attempt, trouble):
    server = Server()
    stream = Stream(attempt, server.post)
    server.answer = trouble
    assert asyncio.run(stream.send()) is False
    assert not server.lines and not stream.off
    server.answer = 200
    attempt.do("open_tab", tab="notes")
    asyncio.run(stream.send())
    assert server.lines == events(attempt)


def test_a_lost_server_is_asked_again_with_longer_pauses_without_another_event(attempt):
    server, pauses = Server(), []
    server.answer = 0
    stream = Stream(attempt, server.post)

    async def pause(seconds):
        pauses.append(seconds)
        server.answer = {6: 503, 7: 200}.get(len(pauses), 0)
        await stream.deliver(pause)  # an event that comes meanwhile starts no second one

    asyncio.run(stream.deliver(pause))
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert server.lines == events(attempt)


def test_another_computer_is_said_once(attempt):
    server, said = Server(), []
    server.answer = 409
    stream = Stream(attempt, server.post, said.append)
    asyncio.run(stream.deliver())
    asyncio.run(stream.deliver())
    assert said == [ELSEWHERE]


def test_two_at_once_send_each_event_once(attempt):
    server = Server()
    stream = Stream(attempt, server.post)

    async def both():
        await asyncio.gather(stream.send(), stream.send())

    asyncio.run(both())
    asyncio.run(stream.send())
    assert server.lines == events(attempt)


@pytest.mark.parametrize("refusal", [403, 404, 405, 409])
def test_a_refusal_ends_it(attempt, refusal):
    server = Server()
    server.answer = refusal
    stream = Stream(attempt, server.post)
    asyncio.run(stream.send())
    server.answer = 200
    asyncio.run(stream.send())
    assert stream.off and not server.lines
