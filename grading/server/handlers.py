"""The addresses of the server: personal links, the hand-in, the events, the staff's pages."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

from tornado.web import RequestHandler

from grading import handin
from grading.course import CourseError
from grading.scoring import GradingError
from grading.server import board, identity
from grading.server.base import COOKIE, ApiHandler, PersonMixin, log
from grading.server.store import LONGEST_LINE, MOST_LINES, Append, Conflict
from simemr.domain.log import LogError


class EnterHandler(PersonMixin):
    """A personal link: remembers who this is in this browser, and shows the course."""

    def get(self, token: str) -> None:
        person = self.roster.by_token(token) if self.roster else None
        if person is None:
            return self.write_page(403, "This link is not valid, or no longer.")
        self.set_signed_cookie(
            COOKIE, token, httponly=True, samesite="Lax", secure=self.request.protocol == "https", path="/"
        )
        self.redirect({"trainer": "/board", "cmio": "/report"}.get(person.duty, "/"))


class LeaveHandler(PersonMixin):
    """Forgets who this is in this browser."""

    def get(self) -> None:
        self.clear_cookie(COOKIE)
        self.write_page(200, "You are signed out in this browser. Open your personal link to come back.")


class MeHandler(ApiHandler):
    """Who the server thinks this is."""

    def get(self) -> None:
        person = self.person()
        if person is None:
            self.refuse(403, "Open your personal link in this browser first.")
        self.write(
            {
                "learner": person.id,
                "name": person.name,
                "role": person.role,
                "duty": person.duty,
                "server": True,
            }
        )


class HandInHandler(ApiHandler):
    """Takes a hand-in, keeps it, and answers with the debrief at once; the gradebook follows."""

    async def post(self) -> None:
        person = self.require_person()
        body = self.body(exercise=str, log=str)
        course = self.settings["course"]
        try:
            taken = await asyncio.get_running_loop().run_in_executor(
                None, handin.accept, course, person.id, body["exercise"], body["log"]
            )
        except handin.Refused as refusal:
            self.refuse(422, str(refusal))
        except GradingError as fault:
            log.error("%s could not be judged: %s", body["exercise"], fault)
            self.refuse(500, "Your hand-in is kept, but the course could not judge it. Please tell your trainer.")
        if taken.changed:
            self.settings["grader"].grade(person.id, body["exercise"])
        self.write(taken.result.debrief())


class EventsHandler(ApiHandler):
    """Keeps the events of a running attempt; answers when they are stored. Sending them again is harmless."""

    async def post(self) -> None:
        person = self.require_person()
        body = self.body(header=str, lines=list)
        if len(body["lines"]) > MOST_LINES:
            self.refuse(413, f"Send at most {MOST_LINES} events at once.")
        lines = (body["header"], *body["lines"])
        if not all(isinstance(line, str) and line.endswith("\n") and len(line) <= LONGEST_LINE for line in lines):
            self.refuse(400, "Each event is one whole line of the answer log.")
        try:
            kept = await self.settings["store"].append(Append(person.id, lines[0], lines[1:]))
        except LogError as error:
            self.refuse(422, f"The events can't be kept: {error}")
        except Conflict as error:
            self.refuse(409, str(error))
        self.write({"have": kept.have, "digest": kept.digest})


class LogHandler(ApiHandler):
    """The learner's own running attempt, to go on with it at another computer."""

    def get(self) -> None:
        person = self.require_person()
        text = self.settings["store"].log_text(person.id, self.get_query_argument("exercise", ""))
        self.write({"log": text})


class BoardHandler(PersonMixin):
    """The trainer's live board."""

    def get(self) -> None:
        self.require_person("board")
        self.finish(board.page(self.settings["course"]))


class BoardDataHandler(ApiHandler):
    """What the live board shows, as JSON."""

    def get(self) -> None:
        self.require_person("board")
        people = self.roster.people if self.roster else {identity.OWNER.id: identity.OWNER}
        rows = board.rows(
            self.settings["course"], self.settings["store"], self.settings["progress"], people, datetime.now(UTC)
        )
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"rows": rows}))


class ReportHandler(PersonMixin):
    """The CMIO's completion report, made when it is asked for. Who looked is written down."""

    async def get(self) -> None:
        person = self.require_person("report")
        self.settings["store"].note_look(person.id, "report")
        try:
            text = await asyncio.get_running_loop().run_in_executor(None, self._page)
        except CourseError as error:
            return self.write_page(404, str(error))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(text)

    def _page(self) -> str:
        from grading import report

        return report.html_page(self.settings["course"], self.roster.people if self.roster else None)


ROUTES: list[tuple[str, type[RequestHandler]]] = [
    (r"/enter/([^/]+)", EnterHandler),
    (r"/leave", LeaveHandler),
    (r"/api/me", MeHandler),
    (r"/api/hand-in", HandInHandler),
    (r"/api/events", EventsHandler),
    (r"/api/log", LogHandler),
    (r"/api/board", BoardDataHandler),
    (r"/board", BoardHandler),
    (r"/report", ReportHandler),
]
