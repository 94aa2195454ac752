"""`{exercise} <module slug>`: a card for each variant of the module's exercise, with the way in."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_site import common


@dataclass(frozen=True)
class Card:
    """One variant of an exercise: `role` is `all` or a role; `minutes` is None where the scenario does not say."""

    slug: str
    role: str
    title: str
    minutes: int | None
    counted: bool
    pass_mark: float

    @property
    def readers(self) -> str:
        """'for doctors', or nothing where everybody takes the same exercise."""
        return "" if self.role == "all" else f"for {common.readers([self.role])}"

    @property
    def meta(self) -> str:
        """The line under the title: how long, and what counts."""
        time = [f"About {self.minutes} minutes"] if self.minutes else []
        counts = f"counts for completion, passed at {self.pass_mark:.0%}" if self.counted else "for practice only"
        return " · ".join([*time, counts]).capitalize()

    def html(self, href: str) -> str:
        """Every value is escaped; the link's name says which exercise and for whom, for a screen reader."""
        kicker = f"{'Graded exercise' if self.counted else 'Exercise'} {self.readers}".strip()
        name = f"{self.title} {self.readers}".strip()
        return (
            '<div class="exercise-card">'
            f'<p class="exercise-kicker">{escape(kicker)}</p>'
            f'<p class="exercise-title">{escape(self.title)}</p>'
            f'<p class="exercise-meta">{escape(self.meta)}</p>'
            f'<p class="exercise-go"><a class="exercise-start" href="{escape(href, quote=True)}">Start the exercise'
            f'<span class="visually-hidden">: {escape(name)}</span></a></p></div>'
        )


class exercise_cards(nodes.General, nodes.Element):
    """Holds `cards`, a list of Card; written as HTML only."""


def visit_html(self, node: exercise_cards) -> None:
    """Write the cards."""
    docname = self.builder.current_docname
    cards = [one.html(common.site_uri(self.builder, docname, f"exercise/{one.slug}.html")) for one in node["cards"]]
    self.body.append(
        f'<div class="exercise-cards">{"".join(cards)}</div>'
        '<p class="exercise-note">Nothing is timed. Your work is saved as you go, you may leave and come back, and '
        "you may try as often as you like.</p>"
    )
    raise nodes.SkipNode


def skip(self, node: nodes.Element) -> None:
    """Other formats have nothing to start."""
    raise nodes.SkipNode


class ExerciseDirective(SphinxDirective):
    """`{exercise} orders-and-alerts`."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Find the module; an unknown slug is an error at this line."""
        slug = self.arguments[0].strip()
        module = common.module(self.env, slug)
        if module is None:
            raise self.error(f"exercise: course.toml has no module '{slug}'")
        cards = []
        for role, exercise in module.exercises.items():
            head = common.scenario_head(self.env, exercise)
            title, minutes = head.get("title", module.title), head.get("minutes")
            cards.append(Card(exercise, role, title, minutes, module.counted, module.pass_mark))
        node = exercise_cards(cards=cards)
        self.set_source_info(node)
        return [node]


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_node(exercise_cards, html=(visit_html, None), latex=(skip, None), text=(skip, None))
    app.add_directive("exercise", ExerciseDirective)
