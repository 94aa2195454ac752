"""Dose, unit, route and how often, offered as they fit a medicine."""

import math
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from simemr.domain import units
from simemr.domain.formulary import ROUTES, Medicine
from simemr.domain.session import ActionRefused
from simemr.view.parts import field, options

if TYPE_CHECKING:
    from simemr.view.shell import Shell

# rarely written by hand, and one letter from microgram
_RARE_UNITS = frozenset({"nanogram"})


class DoseFields:
    """Dose, unit, route and frequency of one medicine."""

    def __init__(self, shell: "Shell"):
        formulary = shell.session.hospital.formulary
        self.dose = field(widgets.Text, "Dose", "em-dose")
        self.unit = field(widgets.Dropdown, "Unit", "em-unit-field", options=[("", "")])
        self.route = field(widgets.Dropdown, "Route", "em-route", options=[("", "")])
        often = [("Choose how often", ""), *((f.text, f.id) for f in formulary.frequencies.values())]
        self.frequency = field(widgets.Dropdown, "How often", "em-frequency", options=often, value="")
        self.widgets = (self.dose, self.unit, self.route, self.frequency)

    def offer(self, medicine: Medicine | None) -> None:
        """Offer the units and routes that fit the medicine."""
        routes = [*medicine.routes, *(r for r in ROUTES if r not in medicine.routes)] if medicine else []
        options(self.route, [("Choose the route", ""), *((ROUTES[r], r) for r in routes)], self.route.value)
        fitting = [u for u in sorted(units.DOSE_UNITS - _RARE_UNITS) if medicine and units.same_kind(u, medicine.unit)]
        if medicine:
            fitting = [medicine.unit, *(u for u in fitting if u != medicine.unit)]
        options(self.unit, [("Choose", ""), *((units.unit_text(u), u) for u in fitting)], self.unit.value)

    def fill(
        self, medicine: Medicine | None, dose: float = 0, unit: str = "", route: str = "", often: str = ""
    ) -> None:
        """Put these into the fields; nothing for none."""
        self.offer(medicine)
        self.dose.value = units.number_text(dose).replace(",", "") if dose else ""
        for widget, value in ((self.unit, unit), (self.route, route), (self.frequency, often)):
            widget.value = value if value in [v for _, v in widget.options] else ""

    def values(self) -> dict[str, Any]:
        """What the fields say, as arguments of an action. Refuses, with the focus on the field, what is missing."""
        try:
            dose = float(self.dose.value.strip())
        except ValueError:
            dose = math.nan
        if not (math.isfinite(dose) and 0 < dose < 1e9):
            self.dose.focus()
            raise ActionRefused("Write the dose as a number above 0, with a point for the decimals, like 2.5.")
        for widget, what in ((self.unit, "the unit"), (self.route, "the route"), (self.frequency, "how often")):
            if not widget.value:
                widget.focus()
                raise ActionRefused(f"Choose {what} first.")
        whole = int(dose) if dose == int(dose) else dose
        return {
            "dose": whole, "unit": self.unit.value, "route": self.route.value, "frequency": self.frequency.value,
        }  # fmt: skip
