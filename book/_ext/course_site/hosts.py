"""No page asks another host for anything: a ward PC often has none, and readers are not to be followed.

Takes out of the pages what jupyter-book's own extensions put there for other hosts, and out of the site the files
that then nobody asks for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pydata_sphinx_theme
from docutils import nodes
from sphinx.application import Sphinx

#: sphinx-thebe comes with jupyter-book and names a content network in each page; the course never uses it.
_THEBE = ("sphinx-thebe", "THEBE_JS_URL", "x-thebe-config", "kernelName")
#: Files of the site that no page loads: icons as a script (see _templates/static), thebe, source maps.
_UNUSED_FILES = ("scripts/fontawesome.js*", "sphinx-thebe.*", "**/*.map")
_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def wanted(asset: Any) -> bool:
    """False for a file of another host, for thebe's, and for the state of widgets, which no script here reads."""
    address = str(getattr(asset, "filename", asset) or "")
    attributes = getattr(asset, "attributes", {})
    return not (
        address.startswith(("http:", "https:", "//"))
        or attributes.get("type") == _WIDGET_STATE
        or any(word in address + attributes.get("body", "") for word in _THEBE)
    )


def drop_assets(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Filter a page's lists of scripts and style sheets, whichever extension filled them."""
    context["theme_digest"] = pydata_sphinx_theme.__version__
    for key in ("script_files", "css_files"):
        if key in context:
            context[key] = [one for one in context[key] if wanted(one)]


def drop_thebe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take out the settings that sphinx-thebe writes into the body of every page."""
    for node in list(doctree.findall(nodes.raw)):
        if any(word in node.astext() for word in _THEBE) and node.astext().lstrip().startswith("<script"):
            node.parent.remove(node)


def drop_files(app: Sphinx, exception: Exception | None) -> None:
    """Remove unused files from the site's _static folder."""
    if exception or app.builder.format != "html":
        return
    for pattern in _UNUSED_FILES:
        for file in Path(app.outdir, "_static").glob(pattern):
            file.unlink()


def setup(app: Sphinx) -> None:
    """Run after every other extension has added its files."""
    app.connect("html-page-context", drop_assets, priority=900)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("build-finished", drop_files, priority=900)
