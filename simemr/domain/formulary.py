"""The teaching formulary: which medicines there are, how often they are given, and the rules about them.

``parse`` turns the parsed TOML file into frozen values and refuses what it does not understand, so that a
slip of the pen in a clinical rule is an error when the course is built and never a silent alert that does
not come. What the rules mean for a patient is in ``rules``.

The file, by example (optional keys are marked ?)::

    [[frequency]]
    id="every-8-hours"  text="every 8 hours"  per_day=3   # the most doses in 24 hours; 0.143 for once a week

    [[class]]?
    id="nsaid"  text="NSAIDs"     # how a class or group reads in a sentence, in the plural

    [[medicine]]
    id="..."  name="..."  routes=["oral", "intravenous"]  unit="mg"
    classes?=["penicillin"]       # for allergies and interactions
    group?="anticoagulant"        # two active orders of one group are a duplication
    source?="bib-key"             # of the whole entry; a rule without its own source takes it
    contains?=[{ingredient="paracetamol", dose=500, unit="mg"}]
                                  # what ONE unit of the medicine holds; a daily maximum of paracetamol then
                                  # counts this medicine too
    usual?=[{route, dose, unit, frequency}]
    max_single?=[{dose, unit, route?, below_kg?, source}]    # unit may be "mg/kg"
    max_daily?= [{dose, unit, route?, below_kg?, source}]    # unit may be "mg/kg"
    interactions?=[{with="id or class", severity="contraindicated|serious|caution", why, instead, source}]
    renal?=[{egfr_below, action="avoid|reduce", max_single?, max_daily?, unit?, why, instead, source}]
    age?=[{from? and/or below?, max_single?, max_daily?, unit?, why, instead, source}]
    laboratory?=[{test, above? or below?, why, instead, source}]
    diagnosis?=[{icd10cm=["J45"], why, instead, source}]
    route_hazard?=[{route, why, instead, source}]
    monitoring?=[{test, within_hours, why, source}]
    cross_allergy?=[{class, why, instead, source}]    # an allergy to another class that matters here too

A ``source`` is a key in book/references.bib. renal, age, laboratory, diagnosis, route_hazard and
cross_allergy may carry severity="interruptive" or "advisory" (said beside the order, stopping nobody).
Without it they interrupt, except where the rule can't see whether the order is wrong: a "reduce" or an age
without a maximum.

Nothing here reads a file, knows a patient or imports anything outside the standard library.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from simemr.domain import units

#: How a route reads in a sentence. An order by any other route is not understood.
ROUTES = MappingProxyType(
    {
        "oral": "by mouth",
        "sublingual": "under the tongue",
        "buccal": "inside the cheek",
        "nasogastric": "by nasogastric tube",
        "gastrostomy": "by gastrostomy tube",
        "intravenous": "into a vein",
        "intramuscular": "into a muscle",
        "subcutaneous": "under the skin",
        "intrathecal": "into the spinal fluid",
        "epidural": "into the epidural space",
        "inhaled": "by inhaler",
        "nebulised": "by nebuliser",
        "nasal": "into the nose",
        "topical": "on the skin",
        "transdermal": "by skin patch",
        "rectal": "into the rectum",
        "vaginal": "into the vagina",
        "eye": "into the eye",
        "ear": "into the ear",
    }
)

INTERRUPTIVE = "interruptive"
ADVISORY = "advisory"


class FormularyError(ValueError):
    """The formulary file is wrong. The text names the file, the entry and what is wrong with it.

    ``needle`` is the id of the entry, so that a reader of the file can find its line.
    """

    def __init__(self, where: str, message: str, needle: str = "") -> None:
        super().__init__(f"{where}: {message}")
        self.message = message
        self.needle = needle


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a dose is given. ``per_day`` is the most doses in 24 hours (1/7 for once a week)."""

    id: str
    text: str
    per_day: float


@dataclass(frozen=True, slots=True)
class UsualDose:
    """A dose commonly ordered; what a draft order starts from."""

    route: str
    dose: float
    unit: str
    frequency: str


@dataclass(frozen=True, slots=True)
class Ingredient:
    """What one unit of a medicine holds: a tablet of co-codamol 30/500 holds 500 mg of paracetamol."""

    ingredient: str
    dose: float
    unit: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A largest dose: for one route, or (route "") for all; under a body weight, or (None) for everyone.

    ``unit`` never ends in "/kg": ``per_kg`` says that the dose is multiplied by the weight in kg.
    """

    dose: float
    unit: str
    source: str
    route: str = ""
    per_kg: bool = False
    below_kg: float | None = None

    @property
    def needs_weight(self) -> bool:
        return self.per_kg or self.below_kg is not None

    def applies(self, route: str, kg: float | None) -> bool:
        """Return whether the limit is for this route and weight (without a weight: one that needs none)."""
        if self.route and self.route != route:
            return False
        if kg is None:
            return not self.needs_weight
        return self.below_kg is None or kg < self.below_kg

    def amount(self, kg: float | None) -> float:
        """Return the largest dose in ``unit``. Raises ValueError where the weight is needed and is None."""
        if not self.per_kg:
            return self.dose
        if kg is None:
            raise ValueError("this limit is per kg, and there is no weight")
        return self.dose * kg


@dataclass(frozen=True, slots=True)
class Interaction:
    """``with_`` is a medicine's id or a class. Holds whichever of the two is ordered first."""

    with_: str
    severity: str
    why: str
    instead: str
    source: str


@dataclass(frozen=True, slots=True)
class RenalRule:
    """Below this eGFR (mL/min/1.73 m2): avoid, or reduce to the given maximum (in ``unit``)."""

    egfr_below: float
    action: str
    why: str
    instead: str
    source: str
    max_single: float | None = None
    max_daily: float | None = None
    unit: str = ""
    severity: str = INTERRUPTIVE

    @property
    def capped(self) -> bool:
        return self.max_single is not None or self.max_daily is not None


@dataclass(frozen=True, slots=True)
class AgeRule:
    """For ages from ``from_`` up and under ``below`` (years): none, or none over a maximum (in ``unit``)."""

    why: str
    instead: str
    source: str
    from_: float | None = None
    below: float | None = None
    max_single: float | None = None
    max_daily: float | None = None
    unit: str = ""
    severity: str = INTERRUPTIVE

    @property
    def capped(self) -> bool:
        return self.max_single is not None or self.max_daily is not None


@dataclass(frozen=True, slots=True)
class LaboratoryRule:
    """Fires when the latest result of ``test`` is above or below a number (in the catalogue's unit)."""

    test: str
    why: str
    instead: str
    source: str
    above: float | None = None
    below: float | None = None
    severity: str = INTERRUPTIVE


@dataclass(frozen=True, slots=True)
class DiagnosisRule:
    """Fires for an active problem whose ICD-10-CM code starts with one of ``icd10cm``."""

    icd10cm: tuple[str, ...]
    why: str
    instead: str
    source: str
    severity: str = INTERRUPTIVE


@dataclass(frozen=True, slots=True)
class RouteRule:
    """A route by which this medicine does harm."""

    route: str
    why: str
    instead: str
    source: str
    severity: str = INTERRUPTIVE


@dataclass(frozen=True, slots=True)
class MonitoringRule:
    """A test to order with the medicine, to be done within so many hours."""

    test: str
    within_hours: float
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class CrossAllergyRule:
    """An allergy to the class ``class_``, to which this medicine does not belong, that still matters."""

    class_: str
    why: str
    instead: str
    source: str
    severity: str = INTERRUPTIVE


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine of the teaching formulary and the rules about it."""

    id: str
    name: str
    routes: tuple[str, ...]
    unit: str
    classes: tuple[str, ...] = ()
    group: str = ""
    source: str = ""
    usual: tuple[UsualDose, ...] = ()
    contains: tuple[Ingredient, ...] = ()
    max_single: tuple[Limit, ...] = ()
    max_daily: tuple[Limit, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    renal: tuple[RenalRule, ...] = ()
    age: tuple[AgeRule, ...] = ()
    laboratory: tuple[LaboratoryRule, ...] = ()
    diagnosis: tuple[DiagnosisRule, ...] = ()
    route_hazard: tuple[RouteRule, ...] = ()
    monitoring: tuple[MonitoringRule, ...] = ()
    cross_allergy: tuple[CrossAllergyRule, ...] = ()

    def is_(self, id_or_class: str) -> bool:
        """Return whether the medicine has this id or belongs to this class."""
        return id_or_class == self.id or id_or_class in self.classes


@dataclass(frozen=True, slots=True)
class Formulary:
    """All medicines and frequencies by id; ``class_texts`` says how a class reads in a sentence."""

    medicines: Mapping[str, Medicine]
    frequencies: Mapping[str, Frequency]
    class_texts: Mapping[str, str] = field(default_factory=dict)

    def class_text(self, class_: str) -> str:
        """Return the class in words: its own text, else the id with spaces for hyphens."""
        return self.class_texts.get(class_, class_.replace("-", " "))


# ----------------------------------------------------------------------------------------------------
# reading
#
# A shape says, key by key, of what kind a value must be; a kind ending in "?" may be left out.

_FREQUENCY = {"id": "id", "text": "text", "per_day": "positive"}
_CLASS = {"id": "id", "text": "text"}
_USUAL = {"route": "route", "dose": "positive", "unit": "unit", "frequency": "text"}
_CONTAINS = {"ingredient": "id", "dose": "positive", "unit": "unit"}
_LIMIT = {
    "dose": "positive",
    "unit": "unit/kg",
    "route": "route?",
    "below_kg": "positive?",
    "source": "text?",
}
_SAYS = {"why": "text", "instead": "text", "source": "text?"}
_CAPS = {"max_single": "positive?", "max_daily": "positive?", "unit": "unit?"}
_SEVERITY = {"severity": "severity?"}
_RULES = {
    "interactions": {"with": "id", "severity": "interaction", **_SAYS},
    "renal": {"egfr_below": "positive", "action": "action", **_CAPS, **_SEVERITY, **_SAYS},
    "age": {"from": "positive?", "below": "positive?", **_CAPS, **_SEVERITY, **_SAYS},
    "laboratory": {"test": "id", "above": "number?", "below": "number?", **_SEVERITY, **_SAYS},
    "diagnosis": {"icd10cm": "prefixes", **_SEVERITY, **_SAYS},
    "route_hazard": {"route": "route", **_SEVERITY, **_SAYS},
    "monitoring": {"test": "id", "within_hours": "positive", "why": "text", "source": "text?"},
    "cross_allergy": {"class": "id", **_SEVERITY, **_SAYS},
}
_RULE_TYPES = {
    "interactions": Interaction, "renal": RenalRule, "age": AgeRule, "laboratory": LaboratoryRule,
    "diagnosis": DiagnosisRule, "route_hazard": RouteRule, "monitoring": MonitoringRule,
    "cross_allergy": CrossAllergyRule,
}  # fmt: skip
_MEDICINE = {
    "id": "id",
    "name": "text",
    "routes": "routes",
    "unit": "unit",
    "classes": "ids?",
    "group": "id?",
    "source": "text?",
    **dict.fromkeys(("usual", "contains", "max_single", "max_daily", *_RULES), "tables?"),
}
# TOML's words that Python keeps for itself
_RENAME = {"with": "with_", "from": "from_", "class": "class_"}

_CHOICES = {
    "interaction": ("contraindicated", "serious", "caution"),
    "action": ("avoid", "reduce"),
    "severity": (INTERRUPTIVE, ADVISORY),
    "route": tuple(ROUTES),
}
_EXPECTED = {
    "id": "a short name in lower case, digits and hyphens",
    "text": "some text",
    "number": "a number",
    "positive": "a number above 0",
    "unit": "one of " + ", ".join(sorted(units.DOSE_UNITS)),
    "unit/kg": "a dose unit, or one followed by /kg",
    "routes": "a list of one or more of " + ", ".join(ROUTES),
    "ids": "a list of short names in lower case, digits and hyphens",
    "prefixes": 'a list of one or more ICD-10-CM codes or beginnings of codes, such as "J45"',
    "tables": "a list of {...}",
    **{kind: "one of " + ", ".join(words) for kind, words in _CHOICES.items()},
}
_ID_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and value != "" and _ID_LETTERS.issuperset(value) and value.strip("-") == value


def _is_number(value: Any) -> bool:
    # NaN and the infinities are TOML numbers too
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value - value == 0


def _is_prefix(value: Any) -> bool:
    return (
        isinstance(value, str)
        and len(value) >= 3
        and value[0].isascii()
        and value[0].isalpha()
        and value[0].isupper()
        and value[1].isdigit()
        and all(letter.isascii() and (letter.isalnum() or letter == ".") for letter in value)
    )


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "id":
            return _is_id(value)
        case "text":
            return isinstance(value, str) and value.strip() != ""
        case "number":
            return _is_number(value)
        case "positive":
            return _is_number(value) and value > 0
        case "unit":
            return isinstance(value, str) and value in units.DOSE_UNITS
        case "unit/kg":
            return isinstance(value, str) and value.removesuffix("/kg") in units.DOSE_UNITS
        case "ids":
            return isinstance(value, list) and all(_is_id(item) for item in value)
        case "routes":
            return isinstance(value, list) and value != [] and all(_fits(item, "route") for item in value)
        case "prefixes":
            return isinstance(value, list) and value != [] and all(_is_prefix(item) for item in value)
        case "tables":
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return isinstance(value, str) and value in _CHOICES[kind]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file we are, for the error messages."""

    where: str
    entry: str
    needle: str

    def error(self, message: str) -> FormularyError:
        return FormularyError(self.where, f"{self.entry} {message}", self.needle)

    def inside(self, part: str) -> "_Place":
        return _Place(self.where, f"{self.entry}, {part}:", self.needle)


def _table(table: Mapping[str, Any], shape: Mapping[str, str], place: _Place) -> dict[str, Any]:
    """Check a table against its shape and return it with Python's names."""
    for key in table:
        if key not in shape:
            raise place.error(f"has an unknown key '{key}' (known: {', '.join(shape)})")
    found = {}
    for key, kind in shape.items():
        if key not in table:
            if not kind.endswith("?"):
                raise place.error(f"lacks '{key}'")
            continue
        value, plain = table[key], kind.removesuffix("?")
        if not _fits(value, plain):
            raise place.error(f"'{key}' must be {_EXPECTED[plain]}, not {value!r}")
        found[_RENAME.get(key, key)] = tuple(value) if isinstance(value, list) else value
    return found


def _each(data: Mapping[str, Any], name: str, where: str) -> Iterator[tuple[Mapping[str, Any], _Place]]:
    """Yield every [[name]] of the file with its place; the entry's id, where it has one, is its name."""
    rows = data.get(name, [])
    if not _fits(rows, "tables"):
        raise FormularyError(where, f"'{name}' must be written as [[{name}]]", name)
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        row_id = row.get("id")
        known = _is_id(row_id)
        entry = f"{name} '{row_id}'" if known else f"{name} number {number}"
        place = _Place(where, entry, row_id if known else name)
        if known and row_id in seen:
            raise place.error("stands there twice")
        seen.add(row_id if known else "")
        yield row, place


def _sourced(values: dict[str, Any], source: str, place: _Place) -> dict[str, Any]:
    values.setdefault("source", source)
    if not values["source"]:
        raise place.error("has no source: give 'source' as a key of book/references.bib")
    return values


def _limit(row: Mapping[str, Any], medicine: Mapping[str, Any], place: _Place) -> Limit:
    values = _sourced(_table(row, _LIMIT, place), medicine.get("source", ""), place)
    unit = values.pop("unit")
    values["per_kg"] = unit.endswith("/kg")
    values["unit"] = unit.removesuffix("/kg")
    _comparable(values["unit"], medicine, place)
    _own_route(values.get("route", ""), medicine, place)
    return Limit(**values)


def _comparable(unit: str, medicine: Mapping[str, Any], place: _Place) -> None:
    if not units.same_kind(unit, medicine["unit"]):
        raise place.error(f"has the unit {unit}, which can't be compared with the medicine's, {medicine['unit']}")


def _own_route(route: str, medicine: Mapping[str, Any], place: _Place) -> None:
    if route and route not in medicine["routes"]:
        raise place.error(f"has the route {route}, which is not among the medicine's {list(medicine['routes'])}")


def _rule(name: str, row: Mapping[str, Any], medicine: Mapping[str, Any], place: _Place) -> Any:
    values = _sourced(_table(row, _RULES[name], place), medicine.get("source", ""), place)
    if name in ("renal", "age"):
        _check_caps(values, medicine, place)
        if "unit" not in values and values.get("action") != "avoid":
            # nothing says whether this order is wrong, so by itself it is not worth an interruption
            values.setdefault("severity", ADVISORY)
    if name == "renal" and values["action"] == "avoid" and "unit" in values:
        raise place.error("says avoid and yet gives a maximum; use action='reduce' with a maximum")
    if name == "age":
        low, high = values.get("from_"), values.get("below")
        if low is None and high is None:
            raise place.error("needs 'from' or 'below'")
        if low is not None and high is not None and low >= high:
            raise place.error(f"'from' ({low}) must be less than 'below' ({high})")
    if name == "laboratory" and ("above" in values) == ("below" in values):
        raise place.error("needs either 'above' or 'below', and not both")
    return _RULE_TYPES[name](**values)


def _check_caps(values: Mapping[str, Any], medicine: Mapping[str, Any], place: _Place) -> None:
    capped = "max_single" in values or "max_daily" in values
    if capped and "unit" not in values:
        raise place.error("gives a maximum without its 'unit'")
    if not capped and "unit" in values:
        raise place.error("gives a 'unit' without 'max_single' or 'max_daily'")
    if capped:
        _comparable(values["unit"], medicine, place)


def _medicine(row: Mapping[str, Any], frequencies: Mapping[str, Frequency], place: _Place) -> Medicine:
    found = _table(row, _MEDICINE, place)

    def rows(key: str) -> Iterator[tuple[Mapping[str, Any], _Place]]:
        for number, inner in enumerate(found.get(key, ()), 1):
            yield inner, place.inside(f"{key} number {number}")

    usual = []
    for inner, at in rows("usual"):
        values = _table(inner, _USUAL, at)
        if values["frequency"] not in frequencies:
            raise at.error(f"there is no frequency '{values['frequency']}' (known: {', '.join(frequencies)})")
        _own_route(values["route"], found, at)
        _comparable(values["unit"], found, at)
        usual.append(UsualDose(**values))
    contains = tuple(Ingredient(**_table(inner, _CONTAINS, at)) for inner, at in rows("contains"))
    limits = {key: tuple(_limit(inner, found, at) for inner, at in rows(key)) for key in ("max_single", "max_daily")}
    rules = {key: tuple(_rule(key, inner, found, at) for inner, at in rows(key)) for key in _RULES}
    return Medicine(**{**found, **limits, **rules, "usual": tuple(usual), "contains": contains})


def parse(data: Mapping[str, Any], where: str, tests: Collection[str] | None = None) -> Formulary:
    """Turn the parsed formulary file into values.

    ``data`` is what tomllib made of the file and ``where`` its name for the messages. Where ``tests`` (ids of
    the laboratory catalogue) is given, every test that a rule names must be among them.

    Raises FormularyError (a ValueError) for an unknown or missing key, a value of the wrong kind, an unknown
    frequency, test, medicine or class, an id used twice, and a rule that names no source.
    """
    for key in data:
        if key not in ("frequency", "class", "medicine"):
            raise FormularyError(where, f"unknown table '{key}' (known: frequency, class, medicine)", key)
    frequencies = {}
    for row, place in _each(data, "frequency", where):
        made = Frequency(**_table(row, _FREQUENCY, place))
        frequencies[made.id] = made
    class_texts = {}
    for row, place in _each(data, "class", where):
        values = _table(row, _CLASS, place)
        class_texts[values["id"]] = values["text"]
    medicines = {}
    places = {}
    for row, place in _each(data, "medicine", where):
        medicine = _medicine(row, frequencies, place)
        medicines[medicine.id], places[medicine.id] = medicine, place
    classes = {name for medicine in medicines.values() for name in medicine.classes}
    for medicine in medicines.values():
        _check_names(medicine, places[medicine.id], medicines, classes, tests)
    return Formulary(MappingProxyType(medicines), MappingProxyType(frequencies), MappingProxyType(class_texts))


def _check_names(
    medicine: Medicine,
    place: _Place,
    medicines: Mapping[str, Medicine],
    classes: Collection[str],
    tests: Collection[str] | None,
) -> None:
    """Refuse a rule about a medicine, a class or a test that does not exist: it could never fire."""
    for rule in medicine.interactions:
        if rule.with_ not in medicines and rule.with_ not in classes:
            raise place.error(f"interacts with '{rule.with_}', which is neither a medicine nor a class")
        if rule.with_ == medicine.id:
            raise place.error("interacts with itself")
    for cross in medicine.cross_allergy:
        if cross.class_ not in classes:
            raise place.error(f"has a cross-allergy with '{cross.class_}', which is not a class")
        if cross.class_ in medicine.classes:
            raise place.error(f"has a cross-allergy with its own class '{cross.class_}'")
    if tests is not None:
        for rule in (*medicine.laboratory, *medicine.monitoring):
            if rule.test not in tests:
                raise place.error(f"names the test '{rule.test}', which is not in the laboratory catalogue")
