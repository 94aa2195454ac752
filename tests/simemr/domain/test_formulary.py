"""The formulary file: what is read, and that each kind of slip is refused with the entry named."""

import copy
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simemr.domain import formulary
from simemr.domain.formulary import FormularyError, parse

DATA = Path(__file__).parents[3] / "simemr" / "data"

SAYS = {"why": "Because.", "instead": "Another.", "source": "bnf"}
GOOD = {
    "frequency": [
        {"id": "every-6-hours", "text": "every 6 hours", "per_day": 4},
        {"id": "once-weekly", "text": "once a week", "per_day": 0.143},
    ],
    "class": [{"id": "penicillin", "text": "penicillins"}],
    "medicine": [
        {
            "id": "paracetamol",
            "name": "Paracetamol",
            "routes": ["oral", "intravenous"],
            "unit": "mg",
            "group": "paracetamol",
            "usual": [{"route": "oral", "dose": 1000, "unit": "mg", "frequency": "every-6-hours"}],
            "max_single": [
                {"route": "oral", "dose": 1, "unit": "g", "source": "bnf"},
                {"route": "intravenous", "dose": 15, "unit": "mg/kg", "below_kg": 50, "source": "bnf"},
            ],
            "max_daily": [{"dose": 4000, "unit": "mg", "source": "bnf"}],
        },
        {
            "id": "cure-all",
            "name": "Cure-all",
            "routes": ["oral"],
            "unit": "tablet",
            "classes": ["penicillin"],
            "source": "spc",
            "contains": [{"ingredient": "paracetamol", "dose": 500, "unit": "mg"}],
            "interactions": [
                {"with": "paracetamol", "severity": "caution", **SAYS},
                {"with": "penicillin", "severity": "serious", **SAYS},
            ],
            "renal": [
                {"egfr_below": 60, "action": "reduce", **SAYS},
                {"egfr_below": 30, "action": "reduce", "max_daily": 2, "unit": "tablet", **SAYS},
                {"egfr_below": 15, "action": "avoid", **SAYS},
            ],
            "age": [{"from": 65, "max_single": 1, "unit": "tablet", **SAYS}, {"below": 40, **SAYS}],
            "laboratory": [{"test": "potassium", "above": 5.3, **SAYS}],
            "diagnosis": [{"icd10cm": ["J45", "K92.2"], "severity": "advisory", **SAYS}],
            "route_hazard": [{"route": "nasogastric", **SAYS}],
            "monitoring": [{"test": "potassium", "within_hours": 24, "why": "Because."}],
        },
        {
            "id": "cousin",
            "name": "Cousin",
            "routes": ["oral"],
            "unit": "mg",
            "cross_allergy": [{"class": "penicillin", **SAYS}],
        },
    ],
}


def good():
    return copy.deepcopy(GOOD)


def test_a_good_file_is_read_whole():
    made = parse(GOOD, "formulary.toml", ["potassium"])
    assert list(made.medicines) == ["paracetamol", "cure-all", "cousin"]
    assert made.frequencies["every-6-hours"].per_day == 4
    cure = made.medicines["cure-all"]
    assert cure.contains[0].dose == 500
    assert [rule.severity for rule in cure.interactions] == ["caution", "serious"]
    assert cure.diagnosis[0].icd10cm == ("J45", "K92.2")
    assert cure.is_("penicillin") and cure.is_("cure-all") and not cure.is_("paracetamol")


def test_a_rule_without_a_source_takes_that_of_the_medicine():
    assert parse(GOOD, "f").medicines["cure-all"].monitoring[0].source == "spc"


def test_a_rule_that_can_not_judge_the_dose_only_advises():
    cure = parse(GOOD, "f").medicines["cure-all"]
    assert [rule.severity for rule in cure.renal] == ["advisory", "interruptive", "interruptive"]
    assert [rule.severity for rule in cure.age] == ["interruptive", "advisory"]
    assert cure.diagnosis[0].severity == "advisory"
    assert cure.laboratory[0].severity == "interruptive"


def test_a_file_may_say_interruptive_where_the_default_is_advice():
    data = good()
    data["medicine"][1]["age"][1]["severity"] = "interruptive"
    assert parse(data, "f").medicines["cure-all"].age[1].severity == "interruptive"


def test_classes_read_as_the_file_says_and_else_without_hyphens():
    made = parse(GOOD, "f")
    assert made.class_text("penicillin") == "penicillins"
    assert made.class_text("loop-diuretic") == "loop diuretic"


def test_a_limit_per_kg_counts_only_under_its_weight_and_by_its_route():
    oral, into_a_vein = parse(GOOD, "f").medicines["paracetamol"].max_single
    assert into_a_vein.amount(44) == 660
    assert into_a_vein.applies("intravenous", 49.9) and not into_a_vein.applies("intravenous", 50)
    assert not into_a_vein.applies("oral", 44) and not into_a_vein.applies("intravenous", None)
    assert oral.applies("oral", None) and not oral.applies("intravenous", None)
    with pytest.raises(ValueError, match="no weight"):
        into_a_vein.amount(None)


def test_what_is_read_can_not_be_changed():
    made = parse(GOOD, "f")
    with pytest.raises(TypeError):
        made.medicines["new"] = made.medicines["paracetamol"]
    with pytest.raises(AttributeError):
        made.medicines["paracetamol"].name = "Other"


def change(path, value):
    def apply(data):
        *way, last = path
        inner = data
        for step in way:
            inner = inner[step]
        if value is None:
            del inner[last]
        else:
            inner[last] = value

    return apply


FIRST, CURE, COUSIN = ("medicine", 0), ("medicine", 1), ("medicine", 2)
SLIPS = {
    "unknown table": (change(("medicines",), []), "unknown table 'medicines'"),
    "table not a list": (change(("frequency",), {}), r"must be written as \[\[frequency\]\]"),
    "unknown key": (change((*FIRST, "colour"), "white"), "medicine 'paracetamol' has an unknown key 'colour'"),
    "unknown key in a rule": (change((*CURE, "renal", 0, "when"), 1), "medicine 'cure-all', renal number 1: has an un"),
    "missing key": (change((*FIRST, "unit"), None), "medicine 'paracetamol' lacks 'unit'"),
    "missing id": (change((*FIRST, "id"), None), "medicine number 1 lacks 'id'"),
    "bad id": (change((*FIRST, "id"), "Para cetamol"), "medicine number 1 'id' must be a short name in lower case"),
    "id twice": (change((*COUSIN, "id"), "cure-all"), "medicine 'cure-all' stands there twice"),
    "frequency twice": (change(("frequency", 1, "id"), "every-6-hours"), "'every-6-hours' stands there twice"),
    "empty name": (change((*FIRST, "name"), "  "), "'name' must be some text"),
    "no route": (change((*FIRST, "routes"), []), "'routes' must be a list of one or more of oral"),
    "unknown route": (change((*FIRST, "routes"), ["oral", "by ear"]), "'routes' must be a list"),
    "short unit": (change((*FIRST, "unit"), "mcg"), "'unit' must be one of"),
    "per_day 0": (change(("frequency", 0, "per_day"), 0), "'per_day' must be a number above 0"),
    "per_day true": (change(("frequency", 0, "per_day"), True), "'per_day' must be a number above 0"),
    "per_day nan": (change(("frequency", 0, "per_day"), float("nan")), "'per_day' must be a number above 0"),
    "unknown frequency": (
        change((*FIRST, "usual", 0, "frequency"), "hourly"),
        "usual number 1: there is no frequency 'hourly'",
    ),
    "usual by a foreign route": (change((*FIRST, "usual", 0, "route"), "rectal"), "route rectal, which is not among"),
    "usual in a foreign unit": (change((*FIRST, "usual", 0, "unit"), "mL"), "unit mL, which can't be compared"),
    "limit in a foreign unit": (change((*FIRST, "max_daily", 0, "unit"), "tablet"), "max_daily number 1: has the unit"),
    "limit by a foreign route": (change((*FIRST, "max_single", 0, "route"), "rectal"), "number 1: has the route"),
    "limit without source": (change((*FIRST, "max_single", 0, "source"), None), "max_single number 1: has no source"),
    "limit of 0": (change((*FIRST, "max_single", 0, "dose"), 0), "'dose' must be a number above 0"),
    "rule without source": (change((*COUSIN, "cross_allergy", 0, "source"), None), "number 1: has no source"),
    "rule with empty source": (change((*COUSIN, "cross_allergy", 0, "source"), ""), "'source' must be some text"),
    "rule without why": (change((*CURE, "laboratory", 0, "why"), None), "laboratory number 1: lacks 'why'"),
    "interaction with nobody": (change((*CURE, "interactions", 0, "with"), "paracetamoll"), "neither a medicine nor"),
    "interaction with itself": (change((*CURE, "interactions", 0, "with"), "cure-all"), "interacts with itself"),
    "unknown severity": (change((*CURE, "interactions", 0, "severity"), "bad"), "one of contraindicated, serious, ca"),
    "unknown rule severity": (change((*CURE, "diagnosis", 0, "severity"), "loud"), "one of interruptive, advisory"),
    "unknown action": (change((*CURE, "renal", 0, "action"), "stop"), "one of avoid, reduce"),
    "avoid with a maximum": (change((*CURE, "renal", 1, "action"), "avoid"), "says avoid and yet gives a maximum"),
    "maximum without unit": (change((*CURE, "renal", 1, "unit"), None), "gives a maximum without its 'unit'"),
    "unit without maximum": (change((*CURE, "age", 0, "max_single"), None), "gives a 'unit' without"),
    "maximum in a foreign unit": (change((*CURE, "age", 0, "unit"), "mg"), "age number 1: has the unit mg"),
    "age without a bound": (change((*CURE, "age", 0, "from"), None), "needs 'from' or 'below'"),
    "age upside down": (change((*CURE, "age", 0, "below"), 60), "'from' .65. must be less than 'below' .60."),
    "result above and below": (change((*CURE, "laboratory", 0, "below"), 3), "either 'above' or 'below'"),
    "result neither": (change((*CURE, "laboratory", 0, "above"), None), "either 'above' or 'below'"),
    "unknown test": (change((*CURE, "monitoring", 0, "test"), "kalium"), "names the test 'kalium'"),
    "not a code": (change((*CURE, "diagnosis", 0, "icd10cm"), ["asthma"]), "ICD-10-CM"),
    "no code": (change((*CURE, "diagnosis", 0, "icd10cm"), []), "ICD-10-CM"),
    "one letter is no code": (change((*CURE, "diagnosis", 0, "icd10cm"), ["J4"]), "ICD-10-CM"),
    "cross-allergy with nobody": (change((*COUSIN, "cross_allergy", 0, "class"), "penicilin"), "which is not a class"),
    "cross-allergy with its own": (change((*COUSIN, "classes"), ["penicillin"]), "with its own class"),
    "a rule that is no table": (change((*CURE, "renal"), ["avoid"]), r"'renal' must be a list of \{...\}"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_is_refused_by_name(slip):
    spoil, said = SLIPS[slip]
    data = good()
    spoil(data)
    with pytest.raises(FormularyError, match=said) as caught:
        parse(data, "data/formulary.toml", ["potassium"])
    assert str(caught.value).startswith("data/formulary.toml: ")
    assert caught.value.needle


def test_tests_are_not_checked_where_no_catalogue_is_given():
    data = good()
    data["medicine"][1]["monitoring"][0]["test"] = "kalium"
    assert parse(data, "f").medicines["cure-all"].monitoring[0].test == "kalium"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PATHS = [
    ("frequency",),
    ("medicine",),
    ("medicine", 0),
    ("medicine", 1, "classes"),
    *((*FIRST, key) for key in GOOD["medicine"][0]),
    *((*CURE, key) for key in GOOD["medicine"][1]),
    *((*CURE, key, 0) for key in ("interactions", "renal", "age", "laboratory", "diagnosis", "monitoring")),
]


@given(st.sampled_from(PATHS), JUNK)
def test_junk_is_read_or_refused_but_never_crashes(path, junk):
    data = good()
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = junk
    try:
        parse(data, "f")
    except FormularyError as error:
        assert str(error).startswith("f: ")


# the hospital's own file


def test_the_hospital_s_formulary_is_read_with_its_catalogue():
    tests = [test["id"] for test in tomllib.loads((DATA / "tests.toml").read_text(encoding="utf-8"))["test"]]
    data = tomllib.loads((DATA / "formulary.toml").read_text(encoding="utf-8"))
    made = parse(data, "formulary.toml", tests)
    assert len(made.medicines) >= 60


def test_the_hospital_s_usual_doses_are_within_its_own_limits():
    made = parse(tomllib.loads((DATA / "formulary.toml").read_text(encoding="utf-8")), "formulary.toml")
    for medicine in made.medicines.values():
        for usual in medicine.usual:
            day = usual.dose * made.frequencies[usual.frequency].per_day
            for limits, dose in ((medicine.max_single, usual.dose), (medicine.max_daily, day)):
                for limit in limits:
                    if limit.applies(usual.route, 70):
                        amount = formulary.units.convert(dose, usual.unit, limit.unit)
                        assert amount <= limit.amount(70) * 1.0001, (medicine.id, usual, limit)
