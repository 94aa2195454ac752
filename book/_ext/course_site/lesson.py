"""What every lesson shows from course.toml: minutes and readers under its title, and its objectives.

`{objectives}` puts the list where the author wants it. A lesson that has neither the directive nor a heading
'You will be able to' gets the list under its title.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from course_site import common
from grading.course import Module

HEADING = "You will be able to"


class lesson_objectives(nodes.container):
    """Marks that a lesson already shows its objectives."""


def objectives_node(module: Module, titled: bool) -> lesson_objectives:
    """The box of objectives; each item carries its id, so that a debrief can link to it."""
    box = lesson_objectives(classes=["objectives"])
    if titled:
        box += nodes.paragraph("", f"{HEADING}:", classes=["objectives-title"])
    items = nodes.bullet_list(bullet="-")
    for one in module.objectives:
        items += nodes.list_item("", nodes.paragraph("", one.text), ids=[f"objective-{one.id}"])
    box += items
    return box


def meta_text(module: Module) -> str:
    """'About 30 minutes · For doctors and nurses'."""
    return f"About {module.minutes} minutes · For {common.readers(module.roles)}"


class ObjectivesDirective(SphinxDirective):
    """`{objectives}` in a lesson."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Find the lesson's own module."""
        module = _module_of(self.env)
        if module is None:
            raise self.error("objectives: this page is not a lesson of course.toml")
        return [objectives_node(module, titled=False)]


def _module_of(env) -> Module | None:
    folder, _, slug = env.docname.rpartition("/")
    return common.module(env, slug) if folder == "notebooks" else None


class LessonHead(SphinxTransform):
    """Puts the line of minutes and readers under a lesson's title."""

    default_priority = 500

    def apply(self, **kwargs) -> None:
        """Change the page in place; other pages stay as they are."""
        module = _module_of(self.env)
        if module is None:
            return
        section = next(iter(self.document.findall(nodes.section)), None)
        if section is None:
            return
        added: list[nodes.Node] = [nodes.paragraph("", meta_text(module), classes=["lesson-meta"])]
        shown = any(True for _ in self.document.findall(lesson_objectives))
        headed = any(one.astext().startswith(HEADING) for one in self.document.findall(nodes.title))
        if not shown and not headed:
            added.append(objectives_node(module, titled=True))
        section[1:1] = added


def setup(app: Sphinx) -> None:
    """Register the directive, its node and the transform."""
    app.add_node(
        lesson_objectives,
        html=(lambda self, node: self.visit_container(node), lambda self, node: self.depart_container(node)),
    )
    app.add_directive("objectives", ObjectivesDirective)
    app.add_transform(LessonHead)
