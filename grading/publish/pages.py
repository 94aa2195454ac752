"""The pages that show one exercise and nothing else, for the learner's browser.

A page is plain HTML with one script and two style sheets, all from the course's own site. It runs the exercise's
notebook in a frame of JupyterLite (see lite.py) and hides everything of the notebook but the exercise.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from markdown_it import MarkdownIt

from grading.publish.fetch import PublishError

ASSETS = Path(__file__).parent / "assets"
#: Where the script and the style sheets go, from the site's root.
ASSET_FOLDER = "exercise/assets"
#: The service worker for pages without a connection, in the site's root.
OFFLINE = "offline.js"
KINDS = {"exercise": "exercise", "practice": "practice"}
#: A practice's name is its lesson's and its own with two hyphens between.
SLUG = re.compile(r"[a-z0-9]+(--?[a-z0-9]+)*")


@dataclass(frozen=True)
class Page:
    """What an exercise page shows.

    ``notebook`` is the notebook's path in JupyterLite; ``brief`` is Markdown; ``home`` is where leaving leads, from
    the site's root; ``facts`` is the line under the title; ``text`` shows the notebook's own text cells as well.
    A "practice" page starts when asked to, and is made to stand in a lesson.
    """

    slug: str
    title: str
    notebook: str
    brief: str = ""
    facts: str = ""
    kind: str = "exercise"
    home: str = "index.html"
    text: bool = False

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(self.slug):
            raise PublishError(f"{self.slug!r} cannot be the name of a page: use lower-case words joined by hyphens.")
        if self.kind not in KINDS:
            raise PublishError(f"{self.slug}: a page is one of {', '.join(KINDS)}, not {self.kind!r}.")

    @property
    def path(self) -> str:
        """Where the page lies, from the site's root."""
        return f"{KINDS[self.kind]}/{self.slug}.html"


def exercise_page(scenario: Path, *, home: str = "index.html", counted: bool = True) -> Page:
    """Return the page of the exercise whose ``scenario.toml`` is given.

    Raises PublishError naming the file when it lacks what the page shows.
    """
    try:
        told = tomllib.loads(scenario.read_text(encoding="utf-8"))
        slug, title, brief = told["exercise"], told["title"], told["brief"]
    except OSError as error:
        raise PublishError(f"{scenario}: it cannot be read ({error.strerror}).") from error
    except tomllib.TOMLDecodeError as error:
        raise PublishError(f"{scenario}: it is not TOML ({error}).") from error
    except KeyError as error:
        raise PublishError(f"{scenario}: it says nothing for {error}, which the exercise's page shows.") from error
    facts = ["Exercise" if counted else "Exercise, does not count towards the course"]
    if told.get("minutes"):
        facts.append(f"about {told['minutes']} minutes, not timed")
    return Page(
        slug=slug,
        title=title,
        notebook=f"{slug}.ipynb",
        brief=brief,
        facts=" · ".join([*facts, "all patients are synthetic"]),
        home=home,
    )


def practice_page(slug: str, title: str, home: str) -> Page:
    """Return the page of a lesson's practice; ``slug`` is "lesson--practice", as the lesson's page asks for it."""
    return Page(slug, title, f"{slug}.ipynb", kind="practice", home=home)


def render(page: Page, names: dict[str, str], course: str) -> str:
    """Return a page's HTML. ``names`` gives the published name of each file in ``assets/``."""
    up = "../" * page.path.count("/")
    settings = {
        "slug": page.slug,
        "title": page.title,
        "kind": page.kind,
        "notebook": page.notebook,
        "root": up,
        "home": up + page.home,
        "text": page.text,
        "frameStyle": f"{up}{ASSET_FOLDER}/{names['frame.css']}",
    }
    return Template((ASSETS / "page.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(page.title),
        course=html.escape(course),
        facts=html.escape(page.facts),
        kind=page.kind,
        home=html.escape(up + page.home),
        brief=markdown(page.brief),
        brief_hidden="" if page.brief.strip() else " hidden",
        css=f"{up}{ASSET_FOLDER}/{names['page.css']}",
        js=f"{up}{ASSET_FOLDER}/{names['page.js']}",
        # Inside a script element "<" must not be able to end it.
        settings=json.dumps(settings, sort_keys=True).replace("<", "\\u003c"),
    )


def markdown(text: str) -> str:
    """Return Markdown as HTML; HTML in the text is shown as text, and headings start below the page's own."""
    shown = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return re.sub(r"<(/?)h([1-4])>", lambda m: f"<{m[1]}h{int(m[2]) + 2}>", shown)


def write_assets(site: Path) -> dict[str, str]:
    """Publish the script and the style sheets under names that change with their content; return those names."""
    folder = site / ASSET_FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = {}
    for source in sorted((ASSETS / "page.js", *ASSETS.glob("*.css"))):
        content = source.read_bytes()
        names[source.name] = f"{source.stem}.{hashlib.sha256(content).hexdigest()[:12]}{source.suffix}"
        (folder / names[source.name]).write_bytes(content)
    # a service worker rules what lies beside it and below, and is known by its name
    (site / OFFLINE).write_bytes((ASSETS / OFFLINE).read_bytes())
    return names


def write_pages(pages: Iterable[Page], site: Path, course: str) -> list[Path]:
    """Write the pages and what they need into the site, and remove pages that are no more; return their files."""
    names = write_assets(site)
    written = []
    for page in pages:
        target = site / page.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render(page, names, course), encoding="utf-8")
        written.append(target)
    for kind in KINDS.values():
        for old in set((site / kind).glob("*.html")) - set(written):
            old.unlink()
    return written
