"""No page of the course asks another host for anything: a ward PC often has none, and readers are not to be followed."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

# sphinx-thebe comes with jupyter-book and names a content network in each page, though the course never uses it.
_UNUSED = ("sphinx-thebe", "THEBE_JS_URL")


def _wanted(script: Any) -> bool:
    """False for a script of another host, for thebe's, and for the state of widgets (nothing here reads it)."""
    text = f"{getattr(script, 'filename', script) or ''} {getattr(script, 'attributes', {}).get('body', '')}"
    address = str(getattr(script, "filename", script) or "")
    kind = getattr(script, "attributes", {}).get("type", "")
    return not (
        address.startswith(("http:", "https:", "//"))
        or any(word in text for word in _UNUSED)
        or kind == "application/vnd.jupyter.widget-state+json"
    )


def drop_outside(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Take outside and unused files out of a page's lists, whichever extension put them there."""
    for key in ("script_files", "css_files"):
        if key in context:
            context[key] = [one for one in context[key] if _wanted(one)]


def setup(app: Sphinx) -> None:
    """Run after every other extension has added its files."""
    app.connect("html-page-context", drop_outside, priority=900)
