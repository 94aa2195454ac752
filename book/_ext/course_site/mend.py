"""Mends what the theme and other extensions leave inaccessible; each mend names the axe rule it answers."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

#: (pattern, replacement) over the body of a page.
_MENDS = (
    # aria-required-children: docutils calls a list of citations a list, but its children are none of a list's.
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">'),
    # aria-deprecated-role, aria-allowed-role.
    (re.compile(r' role="doc-(?:biblioentry|backlink)"'), ""),
    # label-content-name-mismatch: folded code says 'Show the code', and its label said something else.
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    # empty-table-header: pandas heads the column of row names with nothing.
    (re.compile(r"(<thead>\s*<tr[^>]*>\s*)<th></th>"), r"\1<td></td>"),
)


def mend(body: str) -> str:
    """The body of a page, mended."""
    for pattern, replacement in _MENDS:
        body = pattern.sub(replacement, body)
    return body


def mend_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Mend a page just before its template is filled."""
    if "body" in context:
        context["body"] = mend(context["body"])


def setup(app: Sphinx) -> None:
    """Register the mends."""
    app.connect("html-page-context", mend_page, priority=900)
