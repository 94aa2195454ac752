"""Puts the server together and runs it: `serve` is what `course serve` calls."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.web import Application

from grading.course import Course, CourseError
from grading.server import identity
from grading.server.board import Progress
from grading.server.grader import Grader
from grading.server.handlers import ROUTES
from grading.server.site import SiteHandler
from grading.server.store import EventStore

log = logging.getLogger("course")
#: A hand-in is at most 5 MiB; nothing else that is posted comes near it.
LARGEST_BODY = 6 * 1024 * 1024
#: Addresses on which it is enough to know that somebody sits at this machine.
THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def make_app(
    course: Course, roster: identity.Roster | None, key: bytes, store: EventStore, grader: Grader, **settings
) -> Application:
    """Return the application: the site in build/site, and the addresses of handlers.ROUTES in front of it."""
    return Application(
        [*ROUTES, (r"/(.*)", SiteHandler, {"path": str(course.build / "site")})],
        course=course,
        roster=roster,
        store=store,
        grader=grader,
        progress=Progress(course, store),
        cookie_secret=key,
        compress_response=False,
        log_function=_log,
        **settings,
    )


def _log(handler) -> None:
    status = handler.get_status()
    if status >= 500:
        log.error("%s %s %s", status, handler.request.method, handler.request.path)
    else:
        log.debug("%s %s %s", status, handler.request.method, handler.request.path)


def bind(address: str, port: int) -> list[socket.socket]:
    """Take the port. Raises CourseError, in one sentence, where that can't be had."""
    try:
        listener = socket.create_server((address, port), backlog=1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CourseError(
                f"Port {port} is in use: stop what runs there, or choose another, for example PORT={port + 1}."
            ) from None
        raise CourseError(f"The server can't listen on {address}:{port}: {error.strerror}.") from None
    listener.setblocking(False)
    return [listener]


def serve(
    course: Course,
    *,
    port: int = 8000,
    address: str = "127.0.0.1",
    roster: Path | None = None,
    database: str = "",
    tls: tuple[Path, Path] | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the built course until told to stop; prints `ready: ADDRESS` once it answers.

    Raises CourseError for a busy port, a missing site, a wrong roster, or an open address without a roster.
    """
    site = course.build / "site" / "index.html"
    if not site.exists():
        raise CourseError("The site is not built yet. Run `course build` first (`make course` does both).")
    if roster is None and address not in THIS_MACHINE:
        raise CourseError(
            "To serve other computers the course needs to know who they are: give a roster (--roster people.csv)."
        )
    folder = course.build / "server"
    key = identity.secret(folder)
    people = identity.Roster(identity.read_roster(roster), key) if roster else None
    sockets = bind(address, port)
    asyncio.run(
        _run(
            course,
            people,
            key,
            database or f"sqlite:///{folder / 'events.db'}",
            sockets,
            tls,
            address,
            port,
            say,
        )
    )


async def _run(course, people, key, database, sockets, tls, address, port, say) -> None:
    store = EventStore(database)
    grader = Grader(course)
    context = None
    if tls is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*tls)
    server = HTTPServer(
        make_app(course, people, key, store, grader),
        max_body_size=LARGEST_BODY,
        ssl_options=context,
        xheaders=False,
    )
    server.add_sockets(sockets)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    grader.start()
    say(f"ready: {'https' if tls else 'http'}://{address}:{port}/")
    try:
        await stopped.wait()
    finally:
        server.stop()
        await server.close_all_connections()
        grader.close()
        store.close()
