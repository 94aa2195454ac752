"""Formulas as MathML, made at build time by docutils: browsers show them by themselves, with no script."""

from __future__ import annotations

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def _convert(node: nodes.Element, as_block: bool) -> str:
    try:
        return tex2mathml(node.astext(), as_block=as_block)
    except MathError as error:
        logger.warning("this formula cannot be turned into MathML: %s", error, location=node)
        return ""


def visit_inline(self, node: nodes.math) -> None:
    """Write an inline formula."""
    self.body.append(f'<span class="math">{_convert(node, as_block=False)}</span>')
    raise nodes.SkipNode


def visit_block(self, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(f"{_convert(node, as_block=True)}</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Offer `html_math_renderer = 'mathml'`."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
