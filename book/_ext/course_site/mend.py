"""Mends what the theme and its extensions leave inaccessible; each mend names the axe rule it answers."""

from __future__ import annotations

from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Register the mends."""
