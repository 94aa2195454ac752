"""What every handler shares: who is asking, which headers go out, and errors said in one clear sentence."""

from __future__ import annotations

import html
import json
import logging
from typing import Any

from tornado.web import Finish, HTTPError, RequestHandler

from grading.server.identity import OWNER, Person, Roster

COOKIE = "course-person"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
#: Nothing but this server is ever asked for anything; the notebook runs code it compiles itself.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; frame-ancestors 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
SENTENCES = {
    403: "This page is not for you, or your link has not been opened in this browser yet.",
    404: "There is no such page.",
    405: "That can't be done here.",
    413: "That is too large to be a hand-in.",
}
log = logging.getLogger("course")


class PersonMixin(RequestHandler):
    """A handler that knows who is asking."""

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.clear_header("Server")

    @property
    def roster(self) -> Roster | None:
        return self.settings["roster"]

    def person(self) -> Person | None:
        """Who is asking, or None. Without a roster: the one person of this machine."""
        if self.roster is None:
            # a page elsewhere could point its own name at this machine and ask in the browser's name
            host = self.request.host.rsplit(":", 1)[0] if not self.request.host.endswith("]") else self.request.host
            return OWNER if host in LOOPBACK else None
        cookie = self.get_signed_cookie(COOKIE, max_age_days=180)
        return self.roster.by_token(cookie.decode()) if cookie else None

    def require_person(self, page: str = "") -> Person:
        """The person who is asking, who may open the staff page `page` if one is named; else 403."""
        person = self.person()
        if person is None or (page and not person.may(page)):
            raise HTTPError(403)
        return person

    def write_page(self, status: int, sentence: str = "") -> None:
        """Answer with a small page that says one sentence."""
        text = sentence or SENTENCES.get(status, "Something went wrong on the course server. Nothing was lost.")
        more = "<p>Open your personal link again, or ask your trainer for it.</p>" if status == 403 else ""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(
            '<!doctype html><html lang="en-GB"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1"><title>Course</title>'
            "<style>body{font:17px/1.5 system-ui,sans-serif;max-width:34em;margin:4em auto;padding:0 1em;"
            "color-scheme:light dark}</style>"
            f'<main><h1>{status}</h1><p>{html.escape(text)}</p>{more}<p><a href="/">To the course</a></p></main>'
        )


class ApiHandler(PersonMixin):
    """A handler that takes and gives JSON. A refusal is {"error": sentence} with a 4xx status."""

    def prepare(self) -> None:
        if self.request.method == "POST":
            site = self.request.headers.get("Sec-Fetch-Site", "same-origin")
            kind = self.request.headers.get("Content-Type", "").split(";")[0]
            # a form on another site can post neither JSON nor from the same origin
            if site not in ("same-origin", "none") or kind != "application/json":
                self.refuse(403, "This request did not come from the course's own page.")

    def body(self, **expected: type) -> dict[str, Any]:
        """The request's JSON object with exactly these parts, or a refusal."""
        try:
            value = json.loads(self.request.body)
        except (ValueError, RecursionError):
            self.refuse(400, "The request is not JSON.")
        if not isinstance(value, dict) or set(value) != set(expected):
            self.refuse(400, f"The request must have the parts {', '.join(expected)}.")
        for key, kind in expected.items():
            if not isinstance(value[key], kind):
                self.refuse(400, f"'{key}' has the wrong type.")
        return value

    def refuse(self, status: int, sentence: str) -> Any:
        """Answer with the sentence and stop."""
        self.set_status(status)
        self.finish({"error": sentence})
        raise Finish

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        self.finish(
            {"error": SENTENCES.get(status_code, "Something went wrong on the course server. Nothing was lost.")}
        )
