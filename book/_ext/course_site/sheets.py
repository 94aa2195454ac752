"""Gives the book the simulated EMR's own style sheets: practices and pictures of the record stand in its lessons."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config


def add_sheets(app: Sphinx, config: Config) -> None:
    """Publish every style sheet of simemr/view, ahead of the book's own, which may then adjust them."""
    for sheet in sorted(Path(app.srcdir, "simemr", "view").glob("*.css")):
        config.html_static_path.append(str(sheet))
        app.add_css_file(sheet.name, priority=300)


def setup(app: Sphinx) -> None:
    """Run once the settings are read."""
    app.connect("config-inited", add_sheets)
