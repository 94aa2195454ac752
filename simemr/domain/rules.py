"""Decision support: what the EMR has to say about an order before it is signed.

``check`` asks ten small questions, one for each class of hazard that hospitals' order-entry systems are tested for
(Classen DC et al. JAMA Netw Open 2020;3:e205547, "National trends in the safety performance of electronic health
record systems"): allergy, route, interaction, single dose, duplication, laboratory, daily dose, age, diagnosis and
corollary orders. The thresholds and their sources stand in the formulary; the decisions made here are:

- An alert says what is wrong, why it is wrong for this patient with their own numbers, and what to do instead.
- It interrupts only for harm that is worth stopping a clinician for. Advice (a caution, a blood test to order, a
  home medicine that is being charted) stands beside the order and stops nobody.
- A recorded intolerance interrupts, mildly: it does not forbid the medicine, but the reason for going on is worth
  writing down. A recorded allergy interrupts whatever its severity.
- Allergies match on what was coded (the class, or the medicine by name), never on words in a note.
- One thing wrong makes one alert: two anticoagulants are a duplication and not also an interaction.

Pure functions of values, standard library only: the same order gives the same alerts in the browser and in grading.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from simemr.domain import egfr, units, when
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

#: Sources of the rules that hold for every medicine, where the medicine's own entry names none.
GENERAL_SOURCES: Mapping[str, str] = {
    "allergy": "nice-cg183",
    "route": "classen-2020",
    "single-dose": "classen-2020",
    "duplication": "classen-2020",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing the EMR says about a draft order.

    ``id`` is ``hazard:thing``, the same each time the same draft is checked. The thing is: allergy, the class or
    medicine allergic to; route, the route; interaction and duplication, the other medicine; single-dose, age and
    daily-dose, the medicine or ingredient ("single-dose:unit" and "single-dose:weight" where it can't be checked);
    laboratory and corollary, the test; diagnosis, the beginning of the ICD-10-CM code. ``severity`` is
    "interruptive" or "advisory"; ``source`` is a key in book/references.bib.
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
    def age(self) -> int:
        return when.age(self.patient.born, self.on)

    @property
    def kg(self) -> float | None:
        return self.patient.weight[1] if self.patient.weight else None

    def latest(self, test: str) -> tuple[datetime, float] | None:
        """Return the newest result known at the time of the order."""
        known = [(r.at, r.value) for r in self.patient.results if r.test == test and r.at <= self.on]
        return max(known, key=lambda pair: pair[0]) if known else None

    def source(self, hazard: str) -> str:
        return self.medicine.source or GENERAL_SOURCES[hazard]


def check(
    order: MedicineOrder,
    patient: Patient,
    active_orders: Iterable[MedicineOrder],
    formulary: Formulary,
    tests: Mapping[str, LabTest],
    on: datetime,
) -> tuple[Alert, ...]:
    """Return what is wrong with ``order`` for ``patient``, interrupting alerts first, then in the order of HAZARDS.

    ``active_orders`` are the patient's other orders (home and inpatient); the order itself, stopped orders and
    other patients' orders among them are passed over. ``tests`` is the laboratory catalogue by id and ``on`` the
    time of the session's clock. Ids are unique within the result.

    Raises KeyError for a medicine that is not in the formulary, and nothing else for an order of a dose above 0.
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


# ---------------------------------------------------------------------------------------------------------------
# the ten questions


def allergy(case: _Case) -> Iterator[Alert]:
    """Is the patient allergic to it, or does it upset them? (NICE CG183: ask, record the reaction, check it first.)"""
    if case.patient.allergy_status == "not asked" and not case.patient.allergies:
        yield Alert(
            "allergy:not-asked",
            "allergy",
            ADVISORY,
            "Nobody has recorded yet whether this patient has allergies.",
            f"{case.name}'s allergy status is 'not asked', so no medicine can be checked against it.",
            "Ask the patient, the family or the general practice, and record the answer, even if it is 'none known'.",
            case.source("allergy"),
        )
    # the worst entry speaks for all that name the same class
    for entry in sorted(case.patient.allergies, key=_gravity):
        thing = entry.class_ or entry.substance.strip().casefold().replace(" ", "-")
        if _names(entry, case.medicine):
            yield _direct_allergy(case, entry, thing)
            continue
        for rule in case.medicine.cross_allergy:
            if entry.class_ == rule.class_ and entry.type != "intolerance":
                yield Alert(
                    f"allergy:{thing}",
                    "allergy",
                    rule.severity,
                    f"An allergy to {_mid(entry.substance)} can matter for {_mid(case.medicine.name)} too.",
                    _join(_reaction(case, entry), rule.why),
                    _stop(rule.instead),
                    rule.source,
                )


def _names(entry: Allergy, medicine: Medicine) -> bool:
    if entry.class_ and medicine.is_(entry.class_):
        return True
    return entry.substance.strip().casefold() in (medicine.id, medicine.name.casefold())


def _gravity(entry: Allergy) -> tuple[bool, int]:
    order = ("severe", "moderate", "mild")
    return entry.type == "intolerance", order.index(entry.severity) if entry.severity in order else 0


def _reaction(case: _Case, entry: Allergy) -> str:
    kind = "intolerance" if entry.type == "intolerance" else "allergy"
    reaction = f"{_mid(entry.reaction)} ({entry.severity})" if entry.reaction else f"reaction not recorded ({entry.severity})"
    recorded = f", recorded {entry.recorded}" if entry.recorded else ""
    return f"{case.name}'s {kind} to {_mid(entry.substance)}: {reaction}{recorded}."


def _direct_allergy(case: _Case, entry: Allergy, thing: str) -> Alert:
    medicine, substance = case.medicine, _mid(entry.substance)
    group = case.formulary.class_text(entry.class_) if entry.class_ in medicine.classes else ""
    member = f"{_start(medicine.name)} is one of the {group}." if group else ""
    if entry.type == "intolerance":
        return Alert(
            f"allergy:{thing}",
            "allergy",
            INTERRUPTIVE,
            f"{_start(medicine.name)} may upset this patient: an intolerance to {substance} is on record, not an allergy.",
            _join(_reaction(case, entry), member),
            f"An intolerance does not rule it out. If {_mid(medicine.name)} is still the best choice, go on, write "
            "down why, and tell the patient what to expect. If not, choose another medicine.",
            case.source("allergy"),
        )
    return Alert(
        f"allergy:{thing}",
        "allergy",
        INTERRUPTIVE,
        f"This patient is allergic to {substance}: {_mid(medicine.name)} could cause the same reaction.",
        _join(_reaction(case, entry), member),
        (f"Choose a medicine that is not one of the {group}" if group else f"Choose a medicine other than {substance}")
        + "; if in doubt, ask the ward pharmacist.",
        case.source("allergy"),
    )


def route(case: _Case) -> Iterator[Alert]:
    """Can the medicine be given this way, and is it safe this way?"""
    medicine, way = case.medicine, case.order.route
    hazards = [rule for rule in medicine.route_hazard if rule.route == way]
    for rule in hazards:
        yield Alert(
            f"route:{way}",
            "route",
            rule.severity,
            f"{_start(medicine.name)} should not be given {ROUTES[way]}.",
            _join(f"This order for {case.name} says {ROUTES[way]}.", rule.why),
            _stop(rule.instead),
            rule.source,
        )
    if not hazards and way not in medicine.routes:
        ways = _list([ROUTES[known] for known in medicine.routes], "or")
        yield Alert(
            f"route:{way}",
            "route",
            INTERRUPTIVE,
            f"{_start(medicine.name)} can't be given {ROUTES.get(way, way)}.",
            f"The order for {case.name} says {ROUTES.get(way, way)}, but {_mid(medicine.name)} is made to be given "
            f"{ways} only.",
            f"Give it {ways}; if that can't be done, choose another medicine with the ward pharmacist.",
            case.source("route"),
        )


_INTERACTION_WORST_FIRST = ("contraindicated", "serious", "caution")


def interaction(case: _Case) -> Iterator[Alert]:
    """Does it clash with something the patient is taking? The rule may stand with either of the two medicines."""
    for other, other_medicine in case.others:
        if _same_job(case.medicine, other_medicine):
            continue  # a duplication says it already
        rule = _worst_interaction(case.medicine, other_medicine)
        if rule is None:
            continue
        pair = f"{_start(case.medicine.name)} and {_mid(other_medicine.name)}"
        title = {
            "contraindicated": f"{pair} must not be taken together.",
            "serious": f"{pair} together can do serious harm.",
            "caution": f"Take care: {_mid(case.medicine.name)} and {_mid(other_medicine.name)} affect each other.",
        }[rule.severity]
        yield Alert(
            f"interaction:{other_medicine.id}",
            "interaction",
            ADVISORY if rule.severity == "caution" else INTERRUPTIVE,
            title,
            _join(f"{case.name} takes {_order_text(case, other)}{_setting(other)}.", rule.why),
            _stop(rule.instead),
            rule.source,
        )


def _worst_interaction(medicine: Medicine, other: Medicine) -> Interaction | None:
    rules = [rule for rule in medicine.interactions if other.is_(rule.with_)]
    rules += [rule for rule in other.interactions if medicine.is_(rule.with_)]
    return min(rules, key=lambda rule: _INTERACTION_WORST_FIRST.index(rule.severity), default=None)


def single_dose(case: _Case) -> Iterator[Alert]:
    """Is one dose too large, for this route and this weight? And can it be checked at all?"""
    order, medicine = case.order, case.medicine
    if not units.same_kind(order.unit, medicine.unit):
        yield Alert(
            "single-dose:unit",
            "single-dose",
            INTERRUPTIVE,
            f"The dose of {_mid(medicine.name)} is written in a unit that can't be checked.",
            f"The order for {case.name} says {units.dose_text(order.dose, order.unit)}, but {_mid(medicine.name)} is "
            f"ordered in {units.unit_text(medicine.unit)}.",
            f"Write the dose in {units.unit_text(medicine.unit)}.",
            case.source("single-dose"),
        )
        return
    limit = _exceeded(case, medicine.max_single, order.dose, order.unit)
    if limit is not None:
        most = limit.amount(case.kg)
        yield Alert(
            f"single-dose:{medicine.id}",
            "single-dose",
            INTERRUPTIVE,
            f"{units.dose_text(order.dose, order.unit)} is too much {_mid(medicine.name)} for one dose.",
            f"{_limit_reason(case, limit, most)} This order is {_times(case, order.dose, order.unit, limit, most)}.",
            _join(
                f"Give no more than {units.dose_text(most, limit.unit)} in one dose.",
                _usual_advice(case, lambda dose, unit, _: not _over(dose, unit, most, limit.unit)),
            ),
            limit.source,
        )
    elif case.kg is None:
        wanted = [x for x in (*medicine.max_single, *medicine.max_daily) if x.needs_weight and x.route in ("", order.route)]
        if wanted:
            yield Alert(
                "single-dose:weight",
                "single-dose",
                ADVISORY,
                f"The dose of {_mid(medicine.name)} depends on weight, and there is no weight.",
                f"No weight is recorded for {case.name}, so the EMR can't check this dose.",
                "Weigh the patient, record it, and check the dose again before it is given.",
                wanted[0].source,
            )


def duplication(case: _Case) -> Iterator[Alert]:
    """Is the same thing, or another that does the same, ordered already?"""
    for other, other_medicine in case.others:
        if not _same_job(case.medicine, other_medicine):
            continue
        same = other_medicine.id == case.medicine.id
        already = f"{case.name} already has {_order_text(case, other)}{_setting(other)}."
        if same and _home_only(case, other):
            # charting a home medicine is everyday work: worth a word, not an interruption
            yield Alert(
                f"duplication:{other_medicine.id}",
                "duplication",
                ADVISORY,
                f"{_start(case.medicine.name)} is on the list of home medicines already.",
                already,
                "If this order continues the home medicine, check that the dose is meant to be the same or changed on "
                "purpose. If not, it is not needed.",
                case.source("duplication"),
            )
            continue
        yield Alert(
            f"duplication:{other_medicine.id}",
            "duplication",
            INTERRUPTIVE,
            f"{_start(case.medicine.name)} is ordered already."
            if same
            else f"{_start(case.medicine.name)} would double up with {_mid(other_medicine.name)}.",
            already if same else _join(already, f"Both count as {case.formulary.class_text(case.medicine.group)}."),
            "Do not give both. Keep one: stop the other order first, or leave this one out.",
            case.source("duplication"),
        )


def _same_job(medicine: Medicine, other: Medicine) -> bool:
    return medicine.id == other.id or (medicine.group != "" and medicine.group == other.group)


def laboratory(case: _Case) -> Iterator[Alert]:
    """Does the latest result, or the kidney function, speak against it?"""
    # of several steps that apply, the furthest one speaks
    for rule in sorted(case.medicine.laboratory, key=lambda r: -r.above if r.above is not None else r.below):
        if rule.test == "egfr":
            known = _egfr(case)
            result = None if known is None else (known[0], known[1])
        else:
            result = case.latest(rule.test)
        if result is None:
            continue
        at, value = result
        high = rule.above is not None and value > rule.above
        if not high and not (rule.below is not None and value < rule.below):
            continue
        name, amount = _test_name(case, rule.test), _amount(case, rule.test, value)
        line = f"over {_amount(case, rule.test, rule.above)}" if high else f"under {_amount(case, rule.test, rule.below)}"
        yield Alert(
            f"laboratory:{rule.test}",
            "laboratory",
            rule.severity,
            f"The last {name} is too {'high' if high else 'low'} for {_mid(case.medicine.name)}.",
            _join(f"{case.name}'s {name} was {amount} {when.moment_text(at, case.on)} ({line}).", rule.why),
            _stop(rule.instead),
            rule.source,
        )
    yield from _renal(case)


def _renal(case: _Case) -> Iterator[Alert]:
    known = _egfr(case)
    if known is None:
        return
    at, value, origin = known
    matching = [rule for rule in case.medicine.renal if value < rule.egfr_below]
    if not matching:
        return
    lowest = min(rule.egfr_below for rule in matching)
    why = f"{case.name}'s eGFR is {value:.0f} mL/min/1.73 m² ({origin} {when.moment_text(at, case.on)})."
    for rule in (rule for rule in matching if rule.egfr_below == lowest):
        severity, over = rule.severity, _over_cap(case, rule)
        if rule.action == "avoid":
            title = f"The kidneys are too weak for {_mid(case.medicine.name)}."
        elif rule.max_single is None and rule.max_daily is None:
            # nothing to compare the dose with: say so, but stop nobody
            title, severity = f"{_start(case.medicine.name)} may need a smaller dose: the kidneys are weak.", ADVISORY
        elif over:
            title = f"The dose of {_mid(case.medicine.name)} is too large for these kidneys."
        else:
            continue
        yield Alert("laboratory:egfr", "laboratory", severity, title, _join(why, over, rule.why), _stop(rule.instead), rule.source)


def _egfr(case: _Case) -> tuple[datetime, float, str] | None:
    """Return (when, mL/min/1.73 m2, where it comes from): the laboratory's, else worked out from a creatinine.

    A creatinine that is newer than the laboratory's last eGFR is worked out too, for old kidneys mislead. Whole
    numbers, as laboratories report it (and so that "30" is never said to be under 30).
    """
    reported, creatinine = case.latest("egfr"), case.latest("creatinine")
    if creatinine is not None and (reported is None or creatinine[0] > reported[0]):
        try:
            value = egfr.ckd_epi_2021(creatinine[1], case.age, case.patient.sex)
        except ValueError:
            pass  # not an adult, or no usable number: fall back to what the laboratory said
        else:
            return creatinine[0], float(round(value)), f"worked out from creatinine {creatinine[1]:.0f} micromol/L,"
    return None if reported is None else (*reported, "laboratory result")


def daily_dose(case: _Case) -> Iterator[Alert]:
    """Is it too much in 24 hours, alone or with the same ingredient in other orders?"""
    order, medicine = case.order, case.medicine
    for key in dict.fromkeys((medicine.id, *(part.ingredient for part in medicine.contains))):
        holder = case.formulary.medicines.get(key)
        own = None if holder is None else _per_day(case, order, medicine, key, holder.unit)
        if own is None:
            continue
        others = []
        for other, other_medicine in case.others:
            amount = _per_day(case, other, other_medicine, key, holder.unit)
            # a home medicine being charted replaces itself
            if amount is not None and not (other_medicine.id == medicine.id and _home_only(case, other)):
                others.append((other, amount))
        total = own + sum(amount for _, amount in others)
        limit = _exceeded(case, holder.max_daily, total, holder.unit)
        if limit is None:
            continue
        most, rest = limit.amount(case.kg), total - own
        sums = [f"{_dose_and_frequency(case, order)} is {_in(own, holder.unit, limit.unit)} in 24 hours"]
        sums += [f"{_order_text(case, o)} adds {_in(amount, holder.unit, limit.unit)}" for o, amount in others]
        joined = _list(sums, "and") + (f", {_in(total, holder.unit, limit.unit)} in all." if others else ".")

        def fits(dose: float, unit: str, per_day: float, key=key, holder=holder, rest=rest, most=most, limit=limit) -> bool:
            amount = _content(medicine, dose, unit, key, holder.unit)
            return amount is not None and not _over(amount * per_day + rest, holder.unit, most, limit.unit)

        yield Alert(
            f"daily-dose:{key}",
            "daily-dose",
            INTERRUPTIVE,
            f"This is too much {_mid(holder.name)} in a day.",
            f"{_start(joined)} {_limit_reason(case, limit, most)}",
            _join(
                f"Order it so that the day's total is no more than {units.dose_text(most, limit.unit)}.",
                _usual_advice(case, fits),
                "Or stop the other order first." if others else "",
            ),
            limit.source,
        )


def age(case: _Case) -> Iterator[Alert]:
    """Is it wrong, or too much, at this age?"""
    medicine = case.medicine
    for rule in sorted(medicine.age, key=lambda r: r.severity != INTERRUPTIVE):
        if (rule.from_ is not None and case.age < rule.from_) or (rule.below is not None and case.age >= rule.below):
            continue
        over = _over_cap(case, rule)
        if over:
            title = f"This is too much {_mid(medicine.name)} at the age of {case.age}."
        elif rule.max_single is None and rule.max_daily is None:
            title = f"{_start(medicine.name)} is a poor choice at the age of {case.age}."
        else:
            continue
        yield Alert(
            f"age:{medicine.id}",
            "age",
            rule.severity,
            title,
            _join(f"{case.name} is {case.age}.", over, rule.why),
            _stop(rule.instead),
            rule.source,
        )


def diagnosis(case: _Case) -> Iterator[Alert]:
    """Does an active problem speak against it?"""
    for rule in case.medicine.diagnosis:
        for problem in case.patient.problems:
            code = problem.icd10cm.replace(".", "")
            prefix = next((p for p in rule.icd10cm if code and code.startswith(p.replace(".", ""))), None)
            if problem.status != "active" or prefix is None:
                continue
            onset = f" (since {problem.onset})" if problem.onset.isdigit() else ""
            yield Alert(
                f"diagnosis:{prefix}",
                "diagnosis",
                rule.severity,
                f"{_start(case.medicine.name)} can make a problem this patient has worse: {_mid(problem.text)}.",
                _join(f"{case.name} has {_mid(problem.text)}{onset}.", rule.why),
                _stop(rule.instead),
                rule.source,
            )


def corollary(case: _Case) -> Iterator[Alert]:
    """Which test has to go with it, and by when?"""
    for rule in case.medicine.monitoring:
        name, last = _test_name(case, rule.test), case.latest(rule.test)
        by = when.moment_text(case.on + timedelta(hours=rule.within_hours), case.on)
        if last is None:
            known = f"{case.name} has no {name} result yet."
        else:
            known = (
                f"{case.name}'s last {name} was {_amount(case, rule.test, last[1])} {when.moment_text(last[0], case.on)}."
            )
        yield Alert(
            f"corollary:{rule.test}",
            "corollary",
            ADVISORY,
            f"{_start(case.medicine.name)} needs a {name} test to go with it.",
            _join(rule.why, known),
            f"Order {name} now, to be taken by {by}.",
            rule.source,
        )


QUESTIONS: tuple[Callable[[_Case], Iterator[Alert]], ...] = (
    allergy, route, interaction, single_dose, duplication, laboratory, daily_dose, age, diagnosis, corollary,
)  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------
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
    """Return how much of the ingredient ``key``, in the unit ``to``, one dose holds; None where it holds none."""
    if not units.same_kind(unit, medicine.unit):
        return None
    own = units.convert(dose, unit, medicine.unit)
    if medicine.id == key:
        return units.convert(own, medicine.unit, to) if units.same_kind(medicine.unit, to) else None
    parts = [part for part in medicine.contains if part.ingredient == key and units.same_kind(part.unit, to)]
    return sum(units.convert(own * part.dose, part.unit, to) for part in parts) if parts else None


def _per_day(case: _Case, order: MedicineOrder, medicine: Medicine, key: str, to: str) -> float | None:
    amount, per_day = _content(medicine, order.dose, order.unit, key, to), _times_a_day(case, order)
    return None if amount is None or per_day is None else amount * per_day


def _over_cap(case: _Case, rule: AgeRule | RenalRule) -> str:
    """Say by how much the order is over the rule's maximum, in a sentence; "" where it is not."""
    order, per_day = case.order, _times_a_day(case, case.order)
    if rule.max_single is not None and _over(order.dose, order.unit, rule.max_single, rule.unit):
        most = units.dose_text(rule.max_single, rule.unit)
        return f"The order is {units.dose_text(order.dose, order.unit)}; the most for one dose is {most}."
    if rule.max_daily is not None and per_day is not None:
        if _over(order.dose * per_day, order.unit, rule.max_daily, rule.unit):
            total = units.dose_text(order.dose * per_day, order.unit)
            most = units.dose_text(rule.max_daily, rule.unit)
            return f"The order comes to {total} in 24 hours; the most is {most}."
    return ""


def _home_only(case: _Case, other: MedicineOrder) -> bool:
    """Return whether an order is a home medicine that nobody has given a dose of in hospital."""
    given = any(dose.medicine == other.id and dose.status == "given" for dose in case.patient.administrations)
    return other.setting == "home" and not given


# ---------------------------------------------------------------------------------------------------------------
# words


def _usual_advice(case: _Case, fits: Callable[[float, str, float], bool]) -> str:
    """Name the first usual order for the same route that passes the test it is advice about, if there is one."""
    for usual in case.medicine.usual:
        frequency = case.formulary.frequencies[usual.frequency]
        if usual.route == case.order.route and fits(usual.dose, usual.unit, frequency.per_day):
            return f"A usual order is {units.dose_text(usual.dose, usual.unit)} {frequency.text}."
    return ""


def _limit_reason(case: _Case, limit: Limit, most: float) -> str:
    most_text = units.dose_text(most, limit.unit)
    if not limit.needs_weight:
        return f"The most for {case.name} is {most_text}."
    at, kg = case.patient.weight
    weighs = f"{case.name} weighs {units.number_text(kg)} kg ({when.moment_text(at, case.on)})"
    if limit.per_kg:
        return f"{weighs}: at {units.dose_text(limit.dose, limit.unit)} a kg the most is {most_text}."
    return f"{weighs}: at this weight the most is {most_text}."


def _times(case: _Case, dose: float, unit: str, limit: Limit, most: float) -> str:
    ratio = units.convert(dose, unit, limit.unit) / most
    if ratio >= 1.95:
        return f"{units.number_text(round(ratio, 1))} times that"
    percent = (ratio - 1) * 100
    return f"{percent:.0f} % more" if percent >= 1 else "a little more"


def _in(amount: float, unit: str, to: str) -> str:
    return units.dose_text(units.convert(amount, unit, to), to)


def _dose_and_frequency(case: _Case, order: MedicineOrder) -> str:
    frequency = case.formulary.frequencies.get(order.frequency)
    text = frequency.text if frequency else order.frequency
    return f"{units.dose_text(order.dose, order.unit)} {text}"


def _order_text(case: _Case, order: MedicineOrder) -> str:
    return f"{_mid(case.formulary.medicines[order.medicine].name)} {_dose_and_frequency(case, order)}"


def _setting(order: MedicineOrder) -> str:
    return " (home medicine)" if order.setting == "home" else ""


def _test_name(case: _Case, test: str) -> str:
    if test in case.tests:
        return _mid(case.tests[test].name)
    return "eGFR" if test == "egfr" else test.replace("-", " ")


def _amount(case: _Case, test: str, value: float) -> str:
    known = case.tests.get(test)
    if known is None:
        return units.number_text(value) + (" mL/min/1.73 m²" if test == "egfr" else "")
    return f"{known.text(value)} {known.unit}".rstrip()


def _mid(name: str) -> str:
    """Return a name as it stands in mid-sentence: "Potassium" loses its capital, "INR" and "HbA1c" keep theirs."""
    word = name.split(" ")[0].split("-")[0]
    return name[:1].lower() + name[1:] if word[1:].islower() or len(name) == 1 else name


def _start(text: str) -> str:
    """Return the text with a capital at its start, except where that would change a name such as eGFR or pH."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def _stop(text: str) -> str:
    """Return the text, trimmed, with a full stop at its end."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


def _join(*sentences: str) -> str:
    return " ".join(_stop(sentence) for sentence in sentences if sentence.strip())


def _list(items: list[str], word: str) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"
