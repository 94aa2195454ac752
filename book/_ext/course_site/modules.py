"""`{modules} <role>`: the modules a reader takes, in the course's order, so that start pages are never out of date."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_site import common
from grading.course import Module


def _link(module: Module, docname: str) -> addnodes.pending_xref:
    reference = addnodes.pending_xref(
        "", nodes.inline("", module.title), refdoc=docname, refdomain="std", reftype="doc",
        reftarget=f"/notebooks/{module.slug}", refexplicit=True, refwarn=True,
    )  # fmt: skip
    return reference


class ModulesDirective(SphinxDirective):
    """`{modules}` for all of them, `{modules} nurse` for those a nurse takes."""

    optional_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """A numbered list: the lesson, its minutes, and whether it counts."""
        role = self.arguments[0].strip() if self.arguments else ""
        chosen = [one for one in common.course(self.env).modules if not role or role in one.roles]
        if not chosen:
            raise self.error(f"modules: course.toml has no module for the role '{role}'")
        items = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", classes=["modules"])
        for module in chosen:
            line = nodes.paragraph("", "", _link(module, self.env.docname))
            notes = [f"{module.minutes} minutes"]
            if not module.counted:
                notes.append("not counted")
            line += nodes.inline("", " (" + ", ".join(notes) + ")")
            items += nodes.list_item("", line)
        return [items]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("modules", ModulesDirective)
