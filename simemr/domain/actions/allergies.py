"""Recording allergies and intolerances as codes, and seeing which orders that stops.

Decision support reads what was coded: the class or medicine, the kind and the severity. It never reads a narrative.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from simemr.domain import rules
from simemr.domain import words as names
from simemr.domain.action import ActionRefused, action
from simemr.domain.actions.chart import require_open
from simemr.domain.content import content
from simemr.domain.formulary import Formulary
from simemr.domain.record import Allergy, MedicineOrder

if TYPE_CHECKING:
    from simemr.domain.session import Session

#: The classes that reactions are commonly recorded for, of those in the formulary.
CLASSES = (
    "penicillin",
    "cephalosporin",
    "carbapenem",
    "macrolide",
    "tetracycline",
    "quinolone",
    "aminoglycoside",
    "nsaid",
    "opioid",
    "ace-inhibitor",
    "angiotensin-receptor-blocker",
    "beta-blocker",
    "statin",
)
#: What no formulary lists: things, foods, and medicines that this hospital does not stock.
OTHERS = {
    "sulfonamide-antibiotics": "Sulfonamide antibiotics (such as co-trimoxazole)",
    "sulfites": "Sulfites (preservative in wine and food)",
    "iodinated-contrast": "Iodinated contrast for X-ray and CT",
    "latex": "Natural rubber latex",
    "plaster": "Sticking plaster",
    "nickel": "Nickel",
    "chlorhexidine": "Chlorhexidine",
    "povidone-iodine": "Povidone-iodine antiseptic",
    "peanut": "Peanut",
    "egg": "Egg",
    "shellfish": "Shellfish",
    "insect-venom": "Bee or wasp venom",
}
REACTIONS = {
    "anaphylaxis": "anaphylaxis",
    "angioedema": "swelling of face, lips, tongue or throat",
    "hives": "hives",
    "rash": "another rash",
    "contact-rash": "itchy rash where it touched the skin",
    "wheeze": "wheeze or a tight chest",
    "vomiting": "nausea or vomiting",
    "diarrhoea": "diarrhoea",
    "cough": "dry cough",
    "tendon-pain": "pain in tendons or muscles",
    "unknown": "reaction not known",
}
TYPES = {"allergy": "Allergy", "intolerance": "Intolerance (a side effect, not an allergy)"}
SEVERITIES = {"mild": "Mild", "moderate": "Moderate", "severe": "Severe"}
CERTAINTIES = {"confirmed": "Confirmed by a clinician or a test", "unconfirmed": "Not confirmed"}
SOURCES = {"patient": "The patient", "family": "Family", "letter": "A letter or another record", "note": "A paper note"}
CHOICES = {"go-on": "Go on with this order", "stop": "Stop: ask for another medicine"}


@content("uncoded")
@dataclass(frozen=True, slots=True)
class Uncoded:
    """A patient whose coded allergies did not come over into this record: the list begins empty."""

    patient: str

    @staticmethod
    def begin(session: "Session", given: tuple["Uncoded", ...]) -> None:
        """Empty the lists, before anything is done."""
        for each in given:
            person = session.patient(each.patient)
            session.state.records[each.patient] = replace(person, allergies=(), allergy_status="not asked")


@content("narrative")
@dataclass(frozen=True, slots=True)
class Narrative:
    """What is known in words about a patient's reaction: where it stands, and what the patient says when asked."""

    id: str
    patient: str
    where: str
    text: str
    said: str = ""


@content("trial")
@dataclass(frozen=True, slots=True)
class Trial:
    """An order that is prepared for a patient, to see what the record says about it now."""

    id: str
    patient: str
    medicine: str
    dose: float
    unit: str
    route: str
    frequency: str
    indication: str = ""


@dataclass
class Coding:
    """Which prepared orders were tried against the list, and what was decided about each."""

    tried: set = field(default_factory=set)
    settled: dict = field(default_factory=dict)


def substances(formulary: Formulary) -> dict[str, str]:
    """Return every substance that can be coded: "class:...", "medicine:..." or "other:..." -> how it reads."""
    known = {name for medicine in formulary.medicines.values() for name in medicine.classes}
    classes = {f"class:{c}": f"{_capital(formulary.class_text(c))} (all of them)" for c in CLASSES if c in known}
    medicines = {f"medicine:{m.id}": _medicine(formulary, m.id) for m in formulary.medicines.values()}
    others = {f"other:{key}": text for key, text in OTHERS.items()}
    return {**classes, **medicines, **others}


@action
def record_allergy(
    session: "Session",
    *,
    patient: str,
    substance: str,
    type: str,  # noqa: A002 - FHIR's own word
    reaction: str,
    severity: str,
    certainty: str,
    source: str,
) -> None:
    require_open(session, patient)
    formulary = session.hospital.formulary
    if substance not in substances(formulary):
        raise ActionRefused("Choose the substance from the list.")
    for value, known, what in (
        (type, TYPES, "whether it is an allergy or an intolerance"),
        (reaction, REACTIONS, "the reaction"),
        (severity, SEVERITIES, "how severe it was"),
        (certainty, CERTAINTIES, "how certain it is"),
        (source, SOURCES, "who or what says so"),
    ):
        if value not in known:
            raise ActionRefused(f"Choose {what}.")
    person = session.patient(patient)
    made = entry(formulary, substance, type, reaction, severity, certainty, source, str(session.hospital.clock.year))
    if any(same(a, made) for a in person.allergies):
        raise ActionRefused(f"{made.substance} stands on the list already. Remove the entry first to change it.")
    session.state.records[patient] = replace(person, allergies=(*person.allergies, made), allergy_status="recorded")


@action
def remove_allergy(session: "Session", *, patient: str, substance: str, reason: str) -> None:
    require_open(session, patient)
    person = session.patient(patient)
    left = tuple(a for a in person.allergies if a.substance != substance)
    if len(left) == len(person.allergies):
        raise ActionRefused("Choose the entry to remove.")
    if len(reason.strip()) < 3:
        raise ActionRefused("Say in a few words why the entry is removed.")
    # an empty list says nothing: whether the patient was asked is another question
    status = "recorded" if left else "not asked"
    session.state.records[patient] = replace(person, allergies=left, allergy_status=status)


@action
def no_known_allergies(session: "Session", *, patient: str) -> None:
    require_open(session, patient)
    person = session.patient(patient)
    if person.allergies:
        raise ActionRefused("There are entries on the list. Remove what is wrong before you say that none is known.")
    session.state.records[patient] = replace(person, allergy_status="none known")


@action
def try_order(session: "Session", *, trial: str) -> tuple:
    found = trial_of(session, trial)
    require_open(session, found.patient)
    session.state.part(Coding).tried.add(trial)
    return alerts_for(session, found)


@action
def settle_order(session: "Session", *, trial: str, choice: str) -> None:
    found = trial_of(session, trial)
    require_open(session, found.patient)
    coding = session.state.part(Coding)
    if trial not in coding.tried:
        raise ActionRefused("See first what the record says about this order.")
    if choice not in CHOICES:
        raise ActionRefused("Choose whether the order goes on.")
    coding.settled[trial] = choice


def trial_of(session: "Session", trial: str) -> Trial:
    """Return the prepared order of that id; refuse when there is none."""
    found = next((t for t in session.scenario.of(Trial) if t.id == trial), None)
    if found is None:
        raise ActionRefused(f"There is no prepared order '{trial}'.")
    return found


def order_of(trial: Trial) -> MedicineOrder:
    """Return the prepared order as an order."""
    return MedicineOrder(
        trial.id, trial.patient, trial.medicine, trial.dose, trial.unit, trial.route, trial.frequency,
        status="draft", indication=trial.indication,
    )  # fmt: skip


def alerts_for(session: "Session", trial: Trial) -> tuple[Any, ...]:
    """Return what decision support says about a prepared order, with the allergies as they are coded now."""
    hospital = session.hospital
    return rules.check(
        order_of(trial), session.patient(trial.patient), session.active_orders(trial.patient), hospital.formulary,
        hospital.tests, hospital.clock,
    )  # fmt: skip


def entry(
    formulary: Formulary,
    substance: str,
    kind: str,
    reaction: str,
    severity: str,
    certainty: str,
    source: str,
    year: str,
) -> Allergy:
    """Return the coded entry of these choices."""
    sort, _, key = substance.partition(":")
    if sort == "class":
        name = _capital(formulary.class_text(key))
    else:
        name = _medicine(formulary, key) if sort == "medicine" else OTHERS[key].partition(" (")[0]
    class_ = key if sort == "class" else ""
    return Allergy(name, REACTIONS[reaction], severity, kind, class_, year, certainty, source)


def same(one: Allergy, other: Allergy) -> bool:
    """Whether two entries are of one substance."""
    return one.substance.casefold() == other.substance.casefold()


def _medicine(formulary: Formulary, medicine: str) -> str:
    """Return a medicine's name as an allergy to it is written: "Codeine", not "Codeine phosphate"."""
    name = formulary.medicines[medicine].name
    return medicine.capitalize() if name.casefold().startswith(f"{medicine} ") else name


def _capital(text: str) -> str:
    return names.start(text)
