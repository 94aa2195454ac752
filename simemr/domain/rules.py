"""Decision support: what the EMR has to say about an order before it is signed.

``check`` asks ten small questions, one for each class of hazard that hospitals' order-entry systems are tested
for (Classen DC et al. National trends in the safety performance of electronic health record systems from 2009
to 2018. JAMA Netw Open 2020;3:e205547): allergy, route, interaction, single dose, duplication, laboratory,
daily dose, age, diagnosis and corollary orders. The thresholds and their sources stand in the formulary; the
decisions made here are:

- A home medicine that is not given here can't be doubled or add to a day's dose; it can still interact.
- An alert says what is wrong, why it is wrong for this patient with their own numbers, and what to do instead.
- It interrupts only for harm that is worth stopping a clinician for. Advice (a caution, a blood test to order,
  a home medicine that is being charted) stands beside the order and stops nobody.
- A recorded intolerance interrupts, mildly: it does not forbid the medicine, but the reason for going on is
  worth writing down. A recorded allergy interrupts whatever its severity.
- Allergies match on what was coded (the class, or the medicine by its name), never on words in a note.
- One thing wrong makes one alert: two anticoagulants are a duplication and not also an interaction.

Pure functions of values, standard library only: the same order gives the same alerts in the browser and in
grading.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from simemr.domain import egfr, units, when, words
from simemr.domain.formulary import (
    ADVISORY,
    INTERRUPTIVE,
    ROUTES,
    AgeRule,
    Formulary,
    Interaction,
    Limit,
    Medicine,
    RenalRule,
    UsualDose,
)
from simemr.domain.record import Allergy, LabTest, MedicineOrder, Patient

HAZARDS = (
    "allergy",
    "route",
    "interaction",
    "single-dose",
    "duplication",
    "laboratory",
    "daily-dose",
    "age",
    "diagnosis",
    "corollary",
)

#: The source of the questions that need no rule of the formulary, where the medicine's own entry names none.
GENERAL_SOURCE = "classen2020"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing the EMR says about a draft order.

    ``id`` is ``hazard:thing``, the same each time the same draft is checked. The thing is:

    - allergy: the class, medicine or substance; or "not-asked"
    - route: the route
    - interaction, duplication: the other medicine
    - single-dose: the medicine; or "unit" or "weight", where the dose can't be checked
    - daily-dose: the medicine or the ingredient
    - laboratory, corollary: the test ("egfr" for limits of the kidneys)
    - age: the medicine
    - diagnosis: the beginning of the ICD-10-CM code that the rule names

    ``severity`` is "interruptive" or "advisory"; ``source`` is a key in book/references.bib.
    """

    id: str
    hazard: str
    severity: str
    title: str
    why: str
    instead: str
    source: str

    @property
    def interrupts(self) -> bool:
        return self.severity == INTERRUPTIVE


@dataclass(frozen=True, slots=True)
class _Case:
    """An order seen in its surroundings; what the ten questions are asked of."""

    order: MedicineOrder
    medicine: Medicine
    patient: Patient
    others: tuple[tuple[MedicineOrder, Medicine], ...]
    formulary: Formulary
    tests: Mapping[str, LabTest]
    on: datetime

    @property
    def name(self) -> str:
        return self.patient.formal_name

    @property
    def drug(self) -> str:
        return words.medicine(self.medicine.name)

    @property
    def age(self) -> int:
        return when.age(self.patient.born, self.on)

    @property
    def kg(self) -> float | None:
        return self.patient.weight[1] if self.patient.weight else None

    @property
    def per_day(self) -> float | None:
        return _times_a_day(self, self.order)

    def latest(self, test: str) -> tuple[datetime, float] | None:
        """Return the newest result known at the time of the order."""
        known = [(r.at, r.value) for r in self.patient.results if r.test == test and r.at <= self.on]
        return max(known, key=lambda pair: pair[0]) if known else None

    def ago(self, moment: datetime) -> str:
        return when.moment_text(moment, self.on)

    @property
    def source(self) -> str:
        return self.medicine.source or GENERAL_SOURCE


def check(
    order: MedicineOrder,
    patient: Patient,
    active_orders: Iterable[MedicineOrder],
    formulary: Formulary,
    tests: Mapping[str, LabTest],
    on: datetime,
) -> tuple[Alert, ...]:
    """Return what is wrong with ``order`` for ``patient``: interruptions first, then in the order of HAZARDS.

    ``active_orders`` are the patient's other orders (home and inpatient); the order itself, stopped orders and
    other patients' orders among them are passed over. ``tests`` is the laboratory catalogue by id and ``on``
    the time of the session's clock. Ids are unique within the result.

    Raises KeyError for a medicine that is not in the formulary, and nothing else for a dose above 0.
    """
    others = tuple(
        (other, formulary.medicines[other.medicine])
        for other in active_orders
        if other.id != order.id
        and other.status == "active"
        and other.patient == patient.id
        and other.medicine in formulary.medicines
    )
    case = _Case(order, formulary.medicines[order.medicine], patient, others, formulary, tests, on)
    found: dict[str, Alert] = {}
    for question in QUESTIONS:
        for alert in question(case):
            kept = found.get(alert.id)
            if kept is None or (alert.interrupts and not kept.interrupts):
                found[alert.id] = alert
    return tuple(sorted(found.values(), key=lambda alert: (not alert.interrupts, HAZARDS.index(alert.hazard))))


def _alert(hazard: str, thing: str, severity: str, title: str, why: str, instead: str, source: str) -> Alert:
    return Alert(f"{hazard}:{thing}", hazard, severity, title, why, words.stop(instead), source)


# --------------------------------------------------------------------------------------------------------
# the ten questions


def allergy(case: _Case) -> Iterator[Alert]:
    """Is the patient allergic to it, or does it upset them?

    Source: NICE CG183 (check the status before prescribing); which classes matter to each other, the BNF.
    """
    if case.patient.allergy_status == "not asked" and not case.patient.allergies:
        yield _alert(
            "allergy",
            "not-asked",
            ADVISORY,
            "Nobody has recorded yet whether this patient has allergies.",
            f"{case.name}'s allergy status is 'not asked', so no medicine can be checked against it.",
            "Ask the patient, the family or the GP, and record the answer, even if it is 'none known'.",
            case.source,
        )
    # the worst entry comes first and so speaks for all that name the same class
    for entry in sorted(case.patient.allergies, key=_gravity):
        thing = entry.class_ or entry.substance.strip().casefold().replace(" ", "-")
        substance, reaction = words.mid(entry.substance), _reaction(case, entry)
        if _names(entry, case.medicine):
            title, member, instead = _direct_allergy(case, entry, substance)
            why = words.join(reaction, member)
            yield _alert("allergy", thing, INTERRUPTIVE, title, why, instead, case.source)
            continue
        for rule in case.medicine.cross_allergy:
            if entry.class_ == rule.class_ and entry.type != "intolerance":
                title = f"An allergy to {substance} can matter for {case.drug} too."
                why = words.join(rule.why, reaction)
                yield _alert("allergy", thing, rule.severity, title, why, rule.instead, rule.source)


def _names(entry: Allergy, medicine: Medicine) -> bool:
    if entry.class_ and medicine.is_(entry.class_):
        return True
    substance = entry.substance.strip().casefold()
    # codeine is found in co-codamol as well
    held = (part.ingredient for part in medicine.contains)
    return substance in (medicine.id, medicine.name.casefold(), *held)


def _gravity(entry: Allergy) -> tuple[bool, int]:
    order = ("severe", "moderate", "mild")
    return entry.type == "intolerance", order.index(entry.severity) if entry.severity in order else 0


def _reaction(case: _Case, entry: Allergy) -> str:
    reaction = words.mid(entry.reaction) if entry.reaction else "reaction not recorded"
    severity = f" ({entry.severity})" if entry.severity else ""
    recorded = f", recorded {entry.recorded}" if entry.recorded else ""
    return f"{case.name}'s {entry.type} to {words.mid(entry.substance)}: {reaction}{severity}{recorded}."


def _direct_allergy(case: _Case, entry: Allergy, substance: str) -> tuple[str, str, str]:
    """Return the title, what makes the medicine one of them (or ""), and what to do instead."""
    group = case.formulary.class_text(entry.class_) if entry.class_ in case.medicine.classes else ""
    member = f"{words.start(case.drug)} is one of the {group}." if group else ""
    if entry.type == "intolerance":
        title = f"{words.start(case.drug)} may upset this patient: the record has an intolerance to {substance}."
        instead = (
            f"An intolerance is not an allergy and does not rule {case.drug} out. If it is still the best choice, "
            "go on, write down why, and tell the patient what to expect. If not, choose another medicine."
        )
        return title, member, instead
    title = f"This patient is allergic to {substance}, and {case.drug} could cause the same reaction."
    other = f"that is not one of the {group}" if group else f"other than {substance}"
    return title, member, f"Choose a medicine {other}; if in doubt, ask the ward pharmacist."


def route(case: _Case) -> Iterator[Alert]:
    """Can the medicine be given this way, and is it safe this way?

    Source: the BNF for the routes; White and Bradnam's handbook for what may not be crushed for a tube.
    """
    way = case.order.route
    here = ROUTES.get(way, way)
    asked = f"The order for {case.name} is to give it {here}"
    hazards = [rule for rule in case.medicine.route_hazard if rule.route == way]
    for rule in hazards:
        title = f"{words.start(case.drug)} should not be given {here}."
        why = words.join(rule.why, asked)
        yield _alert("route", way, rule.severity, title, why, rule.instead, rule.source)
    if not hazards and way not in case.medicine.routes:
        ways = words.listed([ROUTES[known] for known in case.medicine.routes], "or")
        title = f"{words.start(case.drug)} can't be given {here}."
        why = f"{asked}, but {case.drug} is given {ways} only."
        instead = f"Give it {ways}; if that can't be done, choose another medicine with the ward pharmacist."
        yield _alert("route", way, INTERRUPTIVE, title, why, instead, case.source)


_INTERACTION_WORST_FIRST = ("contraindicated", "serious", "caution")


def interaction(case: _Case) -> Iterator[Alert]:
    """Does it clash with something the patient is taking? The rule may stand with either of the two medicines.

    Source: the BNF's interactions and MHRA Drug Safety Updates; each rule names its own.
    """
    for other, other_medicine in case.others:
        rule = _worst_interaction(case.medicine, other_medicine)
        if rule is None or _same_job(case.medicine, other_medicine):
            continue  # of the same job, the duplication speaks
        pair = f"{case.drug} and {words.medicine(other_medicine.name)}"
        severity = INTERRUPTIVE
        if rule.severity == "contraindicated":
            title = f"{words.start(pair)} must not be taken together."
        elif rule.severity == "serious":
            title = f"{words.start(pair)} together can do serious harm."
        else:
            title, severity = f"Take care: {pair} affect each other.", ADVISORY
        why = words.join(rule.why, f"{case.name} has {_order_text(case, other)}.")
        yield _alert("interaction", other_medicine.id, severity, title, why, rule.instead, rule.source)


def _worst_interaction(medicine: Medicine, other: Medicine) -> Interaction | None:
    rules = [rule for rule in medicine.interactions if other.is_(rule.with_)]
    rules += [rule for rule in other.interactions if medicine.is_(rule.with_)]
    return min(rules, key=lambda rule: _INTERACTION_WORST_FIRST.index(rule.severity), default=None)


def single_dose(case: _Case) -> Iterator[Alert]:
    """Is one dose too large, for this route and this weight? And can it be checked at all?

    Source: the largest dose in the medicine's entry in the BNF or its summary of product characteristics.
    """
    order, medicine = case.order, case.medicine
    dose = units.dose_text(order.dose, order.unit)
    if not units.same_kind(order.unit, medicine.unit):
        unit = units.unit_text(medicine.unit)
        yield _alert(
            "single-dose",
            "unit",
            INTERRUPTIVE,
            f"The dose of {case.drug} is written in a unit that can't be checked.",
            f"The order for {case.name} says {dose}, but {case.drug} is ordered in {unit}.",
            f"Write the dose in {unit}.",
            case.source,
        )
        return
    limit = _exceeded(case, medicine.max_single, order.dose, order.unit)
    if limit is not None:
        most = limit.amount(case.kg)

        def fits(usual: UsualDose, per_day: float) -> bool:
            return not _over(usual.dose, usual.unit, most, limit.unit)

        yield _alert(
            "single-dose",
            medicine.id,
            INTERRUPTIVE,
            f"{dose} is too much {case.drug} for one dose.",
            f"{_limit_text(case, limit, units.dose_text)} {_excess(order.dose, order.unit, most, limit.unit)}",
            words.join(
                f"Give no more than {units.dose_text(most, limit.unit)} in one dose.", _usual_advice(case, fits)
            ),
            limit.source,
        )
        return
    limits = (*medicine.max_single, *medicine.max_daily)
    unweighed = next((x for x in limits if x.needs_weight and x.route in ("", order.route)), None)
    if case.kg is None and unweighed is not None:
        yield _alert(
            "single-dose",
            "weight",
            ADVISORY,
            f"The dose of {case.drug} depends on weight, and there is no weight.",
            f"No weight is recorded for {case.name}, so the EMR can't check this dose.",
            "Weigh the patient, record it, and check the dose again before it is given.",
            unweighed.source,
        )


def duplication(case: _Case) -> Iterator[Alert]:
    """Is the same thing, or another that does the same, ordered already?

    Source: therapeutic duplication as Classen 2020 tests for it; the groups are the formulary's.
    """
    drug = words.start(case.drug)
    for other, other_medicine in case.others:
        if not _same_job(case.medicine, other_medicine):
            continue
        same, home = other_medicine.id == case.medicine.id, _home_only(case, other)
        other_drug = words.medicine(other_medicine.name)
        group = "" if same else f"Both are in one group: {case.formulary.class_text(case.medicine.group)}."
        if home:
            # to chart a home medicine, or another in its place, is everyday work: worth a word, no more
            title = f"{drug} is a home medicine." if same else f"{drug} does the work of a home medicine: {other_drug}."
            instead = (
                "If this order continues the home medicine, check that the dose is the same, or changed on purpose. "
                "If it replaces it, see that the other is not given as well."
            )
        else:
            title = f"{drug} is ordered already." if same else f"{drug} and {other_drug} do the same work twice."
            instead = "Keep one: stop the other order first, or leave this one out."
        why = words.join(f"{case.name} already has {_order_text(case, other)}.", group)
        severity = ADVISORY if home else INTERRUPTIVE
        yield _alert("duplication", other_medicine.id, severity, title, why, instead, case.source)


def _same_job(medicine: Medicine, other: Medicine) -> bool:
    return medicine.id == other.id or (medicine.group != "" and medicine.group == other.group)


def laboratory(case: _Case) -> Iterator[Alert]:
    """Does the latest result, or the kidney function, speak against it?

    Source: the limits in the BNF, NICE guidance and summaries of product characteristics, named by each rule.
    Kidneys are judged by eGFR (CKD-EPI 2021, see egfr); where a limit is written for creatinine clearance it is
    taken as that number, which the BNF allows for most medicines in adults of usual size.
    """
    # of several steps that apply, the furthest one speaks: check keeps the first alert of an id
    for rule in sorted(case.medicine.laboratory, key=lambda r: r.below if r.above is None else -r.above):
        result = case.latest(rule.test)
        if result is None:
            continue
        at, value = result
        if rule.above is not None and value > rule.above:
            word, line = "high", f"over the limit of {_amount(case, rule.test, rule.above)}"
        elif rule.below is not None and value < rule.below:
            word, line = "low", f"under the limit of {_amount(case, rule.test, rule.below)}"
        else:
            continue
        name = _test_name(case, rule.test)
        title = f"The last {name} is too {word} for {case.drug}."
        seen = f"{_amount(case, rule.test, value)} {case.ago(at)}"
        why = words.join(rule.why, f"{case.name}'s {name} was {seen}, {line}.")
        yield _alert("laboratory", rule.test, rule.severity, title, why, rule.instead, rule.source)
    yield from _renal(case)


def _renal(case: _Case) -> Iterator[Alert]:
    known = _egfr(case)
    matching = [] if known is None else [rule for rule in case.medicine.renal if known[1] < rule.egfr_below]
    if not matching:
        return
    at, value, origin = known
    lowest = min(rule.egfr_below for rule in matching)
    for rule in (rule for rule in matching if rule.egfr_below == lowest):
        over = _over_cap(case, rule)
        if rule.capped and not over:
            continue
        if rule.action == "avoid":
            title = f"The kidneys are too weak for {case.drug}."
        elif over:
            title = f"The dose of {case.drug} is too large for these kidneys."
        else:
            title = f"{words.start(case.drug)} may need a smaller dose, for the kidneys are weak."
        seen = f"{case.name}'s eGFR is {value:.0f} mL/min/1.73 m² ({origin} {case.ago(at)})."
        why = words.join(rule.why, seen, over)
        yield _alert("laboratory", "egfr", rule.severity, title, why, rule.instead, rule.source)


def _egfr(case: _Case) -> tuple[datetime, float, str] | None:
    """Return (when, mL/min/1.73 m2, where it comes from): the laboratory's, or worked out from a creatinine.

    A creatinine that is newer than the laboratory's last eGFR is worked out too, for an old eGFR misleads. In
    whole numbers, as laboratories report it (and so that "30" is never said to be under 30).
    """
    reported, creatinine = case.latest("egfr"), case.latest("creatinine")
    if creatinine is not None and (reported is None or creatinine[0] > reported[0]):
        try:
            value = egfr.ckd_epi_2021(creatinine[1], case.age, case.patient.sex)
        except ValueError:
            pass  # not an adult, or no usable number: the laboratory's own, if there is one
        else:
            return creatinine[0], float(round(value)), f"from creatinine {_amount(case, 'creatinine', creatinine[1])}"
    return None if reported is None else (*reported, "laboratory result")


def daily_dose(case: _Case) -> Iterator[Alert]:
    """Is it too much in 24 hours, alone or with the same ingredient in other orders?

    Source: the daily maximum in the medicine's entry in the BNF or its summary of product characteristics.
    """
    medicine = case.medicine
    for key in dict.fromkeys((medicine.id, *(part.ingredient for part in medicine.contains))):
        holder = case.formulary.medicines.get(key)
        own = None if holder is None else _per_day(case, case.order, medicine, key, holder.unit)
        if own is None:
            continue
        others = tuple(_others_per_day(case, key, holder.unit))
        limit = _exceeded(case, holder.max_daily, own + sum(amount for *_, amount in others), holder.unit)
        if limit is not None and not _follows_from_single_dose(case, key, limit, own, holder.unit):
            yield _too_much_in_a_day(case, holder, limit, own, others)


_Others = tuple[tuple[MedicineOrder, Medicine, float], ...]


def _others_per_day(case: _Case, key: str, unit: str) -> Iterator[tuple[MedicineOrder, Medicine, float]]:
    for other, other_medicine in case.others:
        amount = _per_day(case, other, other_medicine, key, unit)
        if amount is not None and not _home_only(case, other):
            yield other, other_medicine, amount


def _follows_from_single_dose(case: _Case, key: str, limit: Limit, own: float, unit: str) -> bool:
    """Return whether the day is over only because each dose is, which the single-dose alert says already."""
    single = _exceeded(case, case.medicine.max_single, case.order.dose, case.order.unit)
    if key != case.medicine.id or single is None:
        return False
    smaller = units.convert(single.amount(case.kg), single.unit, unit) * case.per_day
    return not _over(smaller, unit, limit.amount(case.kg), limit.unit)


def _too_much_in_a_day(case: _Case, holder: Medicine, limit: Limit, own: float, others: _Others) -> Alert:
    most, unit = limit.amount(case.kg), holder.unit
    rest = sum(amount for *_, amount in others)

    def day(amount: float) -> str:
        return units.tidy_dose_text(amount, unit)

    sums = [f"{_dose_and_frequency(case, case.order)} is {day(own)} in 24 hours"]
    sums += [f"{_order_text(case, other)} adds {day(amount)}" for other, _, amount in others]
    total = f", {day(own + rest)} in all" if others else ""

    def fits(usual: UsualDose, per_day: float) -> bool:
        amount = _content(case.medicine, usual.dose, usual.unit, holder.id, unit)
        return amount is not None and not _over(amount * per_day + rest, unit, most, limit.unit)

    # where the order is too much only beside another of the same job, the duplication interrupts already
    doubled = all(_same_job(case.medicine, other_medicine) for _, other_medicine, _ in others)
    quiet = others and doubled and not _over(own, unit, most, limit.unit)
    return _alert(
        "daily-dose",
        holder.id,
        ADVISORY if quiet else INTERRUPTIVE,
        f"This is too much {words.medicine(holder.name)} in a day.",
        f"{words.start(words.listed(sums, 'and'))}{total}. {_limit_text(case, limit, units.tidy_dose_text)}",
        words.join(
            f"Keep the day's total to {units.tidy_dose_text(most, limit.unit)} or less.",
            _usual_advice(case, fits),
            "Or stop the other order first." if others else "",
        ),
        limit.source,
    )


def age(case: _Case) -> Iterator[Alert]:
    """Is it wrong, or too much, at this age?

    Source: the BNF's advice for older people, named by each rule.
    """
    for rule in case.medicine.age:
        if not (rule.from_ or 0) <= case.age < (rule.below or 1000):
            continue
        over = _over_cap(case, rule)
        if rule.capped and not over:
            continue
        title = (
            f"This is too much {case.drug} at {case.age}." if over else f"Think twice about {case.drug} at {case.age}."
        )
        why = words.join(rule.why, f"{case.name} is {case.age}.", over)
        yield _alert("age", case.medicine.id, rule.severity, title, why, rule.instead, rule.source)


def diagnosis(case: _Case) -> Iterator[Alert]:
    """Does an active problem speak against it?

    Source: contra-indications and cautions in the BNF, by the beginning of the problem's ICD-10-CM code.
    """
    for rule in case.medicine.diagnosis:
        for problem in case.patient.problems:
            code = problem.icd10cm.replace(".", "")
            prefix = next((p for p in rule.icd10cm if code.startswith(p.replace(".", ""))), None)
            if problem.status != "active" or prefix is None:
                continue
            text = words.mid(problem.text)
            onset = f" (since {problem.onset})" if problem.onset.isdigit() else ""
            title = f"{words.start(case.drug)} can do harm here: the problem list has {text}."
            why = words.join(rule.why, f"{case.name}'s active problems include {text}{onset}.")
            yield _alert("diagnosis", prefix, rule.severity, title, why, rule.instead, rule.source)


def corollary(case: _Case) -> Iterator[Alert]:
    """Which test has to go with it, and by when?

    Source: monitoring in the BNF and NICE guidance. The idea of corollary orders: Overhage JM et al. J Am Med
    Inform Assoc 1997;4:364-75.
    """
    for rule in case.medicine.monitoring:
        name, last = _test_name(case, rule.test), case.latest(rule.test)
        known = f"{case.name} has no {name} result yet."
        if last is not None:
            known = f"{case.name}'s last {name} was {_amount(case, rule.test, last[1])} {case.ago(last[0])}."
        title = f"{words.start(case.drug)} needs a test to go with it: {name}."
        by = case.ago(case.on + timedelta(hours=rule.within_hours))
        instead = f"Order this test now: {name}, to be taken by {by}."
        yield _alert("corollary", rule.test, ADVISORY, title, words.join(rule.why, known), instead, rule.source)


QUESTIONS: tuple[Callable[[_Case], Iterator[Alert]], ...] = (
    allergy,
    route,
    interaction,
    single_dose,
    duplication,
    laboratory,
    daily_dose,
    age,
    diagnosis,
    corollary,
)


# --------------------------------------------------------------------------------------------------------
# sums


def _over(dose: float, unit: str, most: float, most_unit: str) -> bool:
    # a hair of tolerance: 0.1 x 3 is not more than 0.3
    return units.same_kind(unit, most_unit) and units.convert(dose, unit, most_unit) > most * (1 + 1e-9)


def _exceeded(case: _Case, limits: Iterable[Limit], dose: float, unit: str) -> Limit | None:
    """Return the strictest limit for this route and weight that the dose is over, or None."""
    over = [
        limit
        for limit in limits
        if limit.applies(case.order.route, case.kg) and _over(dose, unit, limit.amount(case.kg), limit.unit)
    ]
    return min(over, key=lambda limit: units.convert(limit.amount(case.kg), limit.unit, unit), default=None)


def _times_a_day(case: _Case, order: MedicineOrder) -> float | None:
    frequency = case.formulary.frequencies.get(order.frequency)
    return None if frequency is None else frequency.per_day


def _content(medicine: Medicine, dose: float, unit: str, key: str, to: str) -> float | None:
    """Return how much of the ingredient ``key`` one dose holds, in the unit ``to``; None if it holds none."""
    if not units.same_kind(unit, medicine.unit):
        return None
    own = units.convert(dose, unit, medicine.unit)
    if medicine.id == key:
        return units.convert(own, medicine.unit, to)
    parts = [part for part in medicine.contains if part.ingredient == key and units.same_kind(part.unit, to)]
    return sum(units.convert(own * part.dose, part.unit, to) for part in parts) if parts else None


def _per_day(case: _Case, order: MedicineOrder, medicine: Medicine, key: str, to: str) -> float | None:
    amount, per_day = _content(medicine, order.dose, order.unit, key, to), _times_a_day(case, order)
    return None if amount is None or per_day is None else amount * per_day


def _over_cap(case: _Case, rule: AgeRule | RenalRule) -> str:
    """Say by how much the order is over the rule's maximum, in a sentence; "" where it is not."""
    order, per_day = case.order, case.per_day
    if rule.max_single is not None and _over(order.dose, order.unit, rule.max_single, rule.unit):
        most = units.dose_text(rule.max_single, rule.unit)
        return f"The order is {units.dose_text(order.dose, order.unit)}; the most for one dose is {most}."
    if rule.max_daily is None or per_day is None:
        return ""
    if not _over(order.dose * per_day, order.unit, rule.max_daily, rule.unit):
        return ""
    total = units.tidy_dose_text(order.dose * per_day, order.unit)
    return f"The order comes to {total} in 24 hours; the most is {units.tidy_dose_text(rule.max_daily, rule.unit)}."


def _home_only(case: _Case, other: MedicineOrder) -> bool:
    """Return whether an order stands only on the list of home medicines: no dose of it was given in hospital."""
    given = any(dose.medicine == other.id and dose.status == "given" for dose in case.patient.administrations)
    return other.setting == "home" and not given


# --------------------------------------------------------------------------------------------------------
# wording


def _usual_advice(case: _Case, fits: Callable[[UsualDose, float], bool]) -> str:
    """Name the first usual order for the same route that ``fits`` (usual dose, doses a day), if there is one."""
    for usual in case.medicine.usual:
        frequency = case.formulary.frequencies[usual.frequency]
        if usual.route == case.order.route and fits(usual, frequency.per_day):
            return f"A usual order is {units.dose_text(usual.dose, usual.unit)} {frequency.text}."
    return ""


def _limit_text(case: _Case, limit: Limit, text: Callable[[float, str], str]) -> str:
    most = text(limit.amount(case.kg), limit.unit)
    if not limit.needs_weight:
        return f"The most for {case.name} is {most}."
    at, kg = case.patient.weight
    weighs = f"{case.name} weighs {units.number_text(kg)} kg ({case.ago(at)})"
    rate = f"{units.dose_text(limit.dose, limit.unit)}/kg" if limit.per_kg else "this weight"
    return f"{weighs}: at {rate} the most is {most}."


def _excess(dose: float, unit: str, most: float, most_unit: str) -> str:
    ratio = units.convert(dose, unit, most_unit) / most
    if ratio >= 1.95:
        return f"This order is {units.number_text(round(ratio, 1))} times that."
    percent = (ratio - 1) * 100
    return f"This order is {percent:.0f} % more." if percent >= 1 else "This order is a little more."


def _dose_and_frequency(case: _Case, order: MedicineOrder) -> str:
    frequency = case.formulary.frequencies.get(order.frequency)
    text = frequency.text if frequency else order.frequency
    return f"{units.dose_text(order.dose, order.unit)} {text}"


def _order_text(case: _Case, order: MedicineOrder) -> str:
    home = " (home medicine)" if order.setting == "home" else ""
    name = words.medicine(case.formulary.medicines[order.medicine].name)
    return f"{name} {_dose_and_frequency(case, order)}{home}"


def _test_name(case: _Case, test: str) -> str:
    """Return the test's name without its detail: "calcium" for "Calcium, adjusted for albumin"."""
    if test not in case.tests:
        return test.replace("-", " ")
    return words.mid(case.tests[test].name.split(",")[0].split(" (")[0])


def _amount(case: _Case, test: str, value: float) -> str:
    known = case.tests.get(test)
    if known is None:
        return units.number_text(value)
    return f"{known.text(value)} {units.result_unit_text(known.unit)}".rstrip()
