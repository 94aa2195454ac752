"""index.html at the site's root: a page of its own that leads to the landing page (book/index.html)."""

from __future__ import annotations

from html import escape
from pathlib import Path

from sphinx.application import Sphinx

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={target}"></head>
<body><main><h1>{title}</h1><p><a href="{target}">Open the course</a></p></main></body></html>
"""


def write_root(app: Sphinx, exception: Exception | None) -> None:
    """Write the page, unless the build failed or the root document is index.html itself."""
    if exception or app.builder.format != "html" or app.config.root_doc == "index":
        return
    page = PAGE.format(
        language=escape(app.config.language.replace("_", "-")),
        title=escape(app.config.html_title),
        target=escape(app.builder.get_target_uri(app.config.root_doc), quote=True),
    )
    Path(app.outdir, "index.html").write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Run when everything is written."""
    app.connect("build-finished", write_root)
