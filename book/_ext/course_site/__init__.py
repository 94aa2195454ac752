"""The course's own Sphinx extension.

It does what the theme and jupyter-book leave open: exercise cards, objectives and minutes from course.toml,
formulas without scripts, no outside host on any page, columns of numbers marked, and the theme's accessibility
faults mended. It never reads a rubric, an answer or anything else from an exercise's folder but the title and the
minutes in its scenario.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from course_site import cards, hosts, lesson, mathml, mend, modules, rootpage, sheets, tables


def setup(app: Sphinx) -> dict[str, Any]:
    """Register every part with Sphinx."""
    for part in (mathml, cards, lesson, modules, hosts, mend, rootpage, sheets, tables):
        part.setup(app)
    app.add_js_file("course.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
