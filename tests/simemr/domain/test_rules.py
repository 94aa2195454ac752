"""Decision support: each hazard once firing and once silent, the words of the alerts, and what must always hold.

The first part runs on a small formulary made here, so that it does not move when the hospital's file grows; the
last part asks the hospital's own formulary the questions that the exercises are built on.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simemr.domain import formulary, load, rules, units
from simemr.domain.record import Administration, Allergy, LabTest, MedicineOrder, Patient, Problem, Result

NOW = datetime(2026, 3, 12, 14, 0)
MORNING = datetime(2026, 3, 12, 7, 10)
YESTERDAY = datetime(2026, 3, 11, 21, 40)

TESTS = {
    "potassium": LabTest("potassium", "Potassium", "mmol/L", 1, low=3.5, high=5.3),
    "creatinine": LabTest("creatinine", "Creatinine", "umol/L"),
    "egfr": LabTest("egfr", "eGFR (CKD-EPI 2021)", "mL/min/1.73 m2"),
    "inr": LabTest("inr", "INR", "ratio", 1),
}


def says(why="It does harm.", instead="Something else", source="a-source"):
    return {"why": why, "instead": instead, "source": source}


def medicine(id, **more):
    return {"id": id, "name": id.capitalize(), "routes": ["oral"], "unit": "mg", **more}


BOOK = formulary.parse(
    {
        "frequency": [
            {"id": "daily", "text": "once a day", "per_day": 1},
            {"id": "6-hourly", "text": "every 6 hours", "per_day": 4},
            {"id": "4-hourly", "text": "every 4 hours", "per_day": 6},
        ],
        "class": [{"id": "penicillin", "text": "penicillins"}, {"id": "thinner", "text": "blood thinners"}],
        "medicine": [
            medicine("plain"),
            medicine("mouldicillin", classes=["penicillin"]),
            medicine("cefacousin", cross_allergy=[{"class": "penicillin", **says()}]),
            medicine("slowpill", name="Slowpill, modified release", route_hazard=[{"route": "nasogastric", **says()}]),
            medicine(
                "macro",
                interactions=[
                    {"with": "statin-a", "severity": "contraindicated", **says()},
                    {"with": "thinner", "severity": "caution", **says()},
                    {"with": "warfa", "severity": "serious", **says()},
                ],
            ),
            medicine("statin-a"),
            medicine("apixa", classes=["thinner"], group="thinner", source="apixa-page"),
            medicine("warfa", classes=["thinner"], group="thinner"),
            medicine(
                "pain",
                name="Painaway",
                routes=["oral", "intravenous"],
                group="pain",
                usual=[
                    {"route": "intravenous", "dose": 1000, "unit": "mg", "frequency": "6-hourly"},
                    {"route": "oral", "dose": 1000, "unit": "mg", "frequency": "6-hourly"},
                    {"route": "oral", "dose": 500, "unit": "mg", "frequency": "6-hourly"},
                ],
                max_single=[
                    {"dose": 1000, "unit": "mg", "source": "pain-page"},
                    {"route": "intravenous", "dose": 15, "unit": "mg/kg", "below_kg": 50, "source": "pain-page"},
                ],
                max_daily=[
                    {"dose": 4, "unit": "g", "source": "pain-page"},
                    {"route": "intravenous", "dose": 60, "unit": "mg/kg", "below_kg": 50, "source": "pain-page"},
                ],
            ),
            medicine(
                "co-pain",
                name="Co-pain (painaway with something)",
                unit="tablet",
                contains=[
                    {"ingredient": "pain", "dose": 500, "unit": "mg"},
                    {"ingredient": "something", "dose": 65, "unit": "mg"},
                ],
            ),
            medicine(
                "spiro",
                laboratory=[
                    {"test": "potassium", "above": 5.0, **says()},
                    {"test": "potassium", "below": 2.5, **says()},
                ],
                monitoring=[{"test": "potassium", "within_hours": 24, "why": "It moves.", "source": "m"}],
            ),
            medicine(
                "metfo",
                renal=[
                    {"egfr_below": 45, "action": "reduce", "max_daily": 1000, "unit": "mg", **says()},
                    {"egfr_below": 30, "action": "avoid", **says()},
                ],
            ),
            medicine("digo", renal=[{"egfr_below": 60, "action": "reduce", **says()}]),
            medicine(
                "zzz",
                age=[{"from": 65, "max_single": 3.75, "unit": "mg", **says()}, {"below": 40, **says()}],
            ),
            medicine("wheeze", diagnosis=[{"icd10cm": ["J45", "J44.1"], **says()}]),
        ],
    },
    "test",
    TESTS,
)


def patient(**changed):
    values = {
        "id": "p", "family": "Marsh", "given": "Eleanor", "title": "Mrs", "born": date(1952, 3, 12), "sex": "female",
        "hospital_number": "1", "unit": "alder", "bed": "A3", "admitted": YESTERDAY, "reason": "",
        "resuscitation": "Full", "consultant": "",
    }  # fmt: skip
    return Patient(**{**values, **changed})


def order(medicine, dose=100, unit="mg", route="oral", frequency="daily", id="new", **more):
    return MedicineOrder(id, "p", medicine, dose, unit, route, frequency, **more)


def check(new, person=None, *active, book=BOOK, tests=TESTS):
    return rules.check(new, person or patient(), active, book, tests, NOW)


def ids(alerts):
    return [alert.id for alert in alerts]


def one(alerts):
    assert len(alerts) == 1, alerts
    return alerts[0]


def potassium(value, at=MORNING):
    return Result(at, "potassium", value)


PENICILLIN = Allergy("Penicillin", "Anaphylaxis", "severe", "allergy", "penicillin", "2009")
NAUSEA = Allergy("Penicillin", "Nausea", "mild", "intolerance", "penicillin", "2015")


def test_a_plain_order_for_a_plain_patient_says_nothing():
    assert check(order("plain")) == ()


class TestAllergy:
    def test_a_medicine_of_the_class_interrupts(self):
        alert = one(check(order("mouldicillin"), patient(allergies=(PENICILLIN,))))
        assert (alert.id, alert.hazard, alert.severity) == ("allergy:penicillin", "allergy", "interruptive")
        assert alert.title == "This patient is allergic to penicillin, and mouldicillin could cause the same reaction."
        assert alert.why == (
            "Mrs Eleanor Marsh's allergy to penicillin: anaphylaxis (severe), recorded 2009. "
            "Mouldicillin is one of the penicillins."
        )
        assert "not one of the penicillins" in alert.instead
        assert alert.source == "classen2020"

    def test_another_class_is_silent(self):
        assert check(order("plain"), patient(allergies=(PENICILLIN,))) == ()

    def test_a_mild_allergy_interrupts_too(self):
        mild = replace(PENICILLIN, severity="mild", reaction="Rash")
        assert one(check(order("mouldicillin"), patient(allergies=(mild,)))).interrupts

    def test_an_intolerance_interrupts_mildly_and_leaves_the_way_open(self):
        alert = one(check(order("mouldicillin"), patient(allergies=(NAUSEA,))))
        assert alert.interrupts
        assert alert.title == "Mouldicillin may upset this patient: the record has an intolerance to penicillin."
        assert "nausea (mild), recorded 2015" in alert.why
        assert "is not an allergy and does not rule mouldicillin out" in alert.instead
        assert "allergic" not in alert.title

    def test_the_worst_of_two_entries_speaks(self):
        for entries in ((NAUSEA, PENICILLIN), (PENICILLIN, NAUSEA)):
            assert "allergic to" in one(check(order("mouldicillin"), patient(allergies=entries))).title
        rash = replace(PENICILLIN, severity="mild", reaction="Rash")
        for entries in ((rash, PENICILLIN), (PENICILLIN, rash)):
            assert "anaphylaxis" in one(check(order("mouldicillin"), patient(allergies=entries))).why

    def test_free_text_without_a_code_is_not_matched_to_a_class(self):
        assert check(order("mouldicillin"), patient(allergies=(replace(PENICILLIN, class_=""),))) == ()

    def test_the_medicine_by_its_own_name_is_matched(self):
        named = Allergy("mouldicillin", "Rash", "mild")
        alert = one(check(order("mouldicillin"), patient(allergies=(named,))))
        assert alert.id == "allergy:mouldicillin"
        assert "other than mouldicillin" in alert.instead

    def test_a_cousin_class_follows_the_file(self):
        alert = one(check(order("cefacousin"), patient(allergies=(PENICILLIN,))))
        assert (alert.id, alert.instead, alert.source) == ("allergy:penicillin", "Something else.", "a-source")
        assert alert.interrupts

    def test_an_intolerance_has_no_cousins(self):
        assert check(order("cefacousin"), patient(allergies=(NAUSEA,))) == ()

    def test_a_status_not_asked_is_said_beside_every_order(self):
        alert = one(check(order("plain"), patient(allergy_status="not asked")))
        assert (alert.id, alert.severity) == ("allergy:not-asked", "advisory")
        assert check(order("plain"), patient(allergy_status="none known")) == ()

    def test_an_unrecorded_reaction_is_said_to_be_so(self):
        bare = Allergy("Penicillin", "", "", "allergy", "penicillin")
        assert (
            "allergy to penicillin: reaction not recorded."
            in one(check(order("mouldicillin"), patient(allergies=(bare,)))).why
        )


class TestRoute:
    def test_a_route_that_does_harm(self):
        alert = one(check(order("slowpill", route="nasogastric")))
        assert (alert.id, alert.hazard, alert.severity) == ("route:nasogastric", "route", "interruptive")
        assert alert.title == "Modified-release slowpill should not be given by nasogastric tube."
        assert alert.source == "a-source"

    def test_a_route_it_is_not_given_by(self):
        alert = one(check(order("pain", route="nasogastric")))
        assert alert.title == "Painaway can't be given by nasogastric tube."
        assert "by mouth or into a vein only" in alert.why
        assert alert.interrupts

    def test_a_route_nobody_knows(self):
        assert one(check(order("plain", route="by pigeon"))).id == "route:by pigeon"

    def test_its_own_route_is_silent(self):
        assert check(order("slowpill", route="oral")) == ()


class TestInteraction:
    def test_contraindicated(self):
        home = order("statin-a", 40, id="s", setting="home", frequency="daily")
        alert = one(check(order("macro"), None, home))
        assert (alert.id, alert.hazard, alert.severity) == ("interaction:statin-a", "interaction", "interruptive")
        assert alert.title == "Macro and statin-a must not be taken together."
        assert alert.why == "It does harm. Mrs Eleanor Marsh has statin-a 40 mg once a day (home medicine)."

    def test_it_holds_whichever_is_ordered_first(self):
        alert = one(check(order("statin-a"), None, order("macro", id="m")))
        assert alert.id == "interaction:macro" and alert.interrupts

    def test_a_caution_does_not_interrupt(self):
        alert = one(check(order("macro"), None, order("apixa", id="a")))
        assert (alert.id, alert.severity) == ("interaction:apixa", "advisory")

    def test_the_worst_rule_of_a_pair_speaks(self):
        # warfa is named itself (serious) and by its class (caution)
        alert = one(check(order("macro"), None, order("warfa", id="w")))
        assert alert.interrupts and "serious harm" in alert.title

    @pytest.mark.parametrize("changed", [{"status": "stopped"}, {"patient": "q"}, {"id": "new"}])
    def test_only_the_patient_s_other_active_orders_count(self, changed):
        other = replace(order("statin-a", id="s"), **changed)
        assert check(order("macro"), None, other) == ()

    def test_an_unknown_medicine_among_the_orders_is_passed_over(self):
        assert check(order("macro"), None, order("from-elsewhere", id="x")) == ()


class TestSingleDose:
    LIGHT = patient(weights=((YESTERDAY, 70.0), (MORNING, 44.0)))

    def test_over_the_limit_for_this_weight(self):
        alert = one(check(order("pain", 1000, route="intravenous", frequency="6-hourly"), self.LIGHT))
        assert (alert.id, alert.hazard, alert.severity) == ("single-dose:pain", "single-dose", "interruptive")
        assert alert.title == "1,000 mg is too much painaway for one dose."
        assert alert.why == (
            "Mrs Eleanor Marsh weighs 44 kg (today 07:10): at 15 mg/kg the most is 660 mg. This order is 52 % more."
        )
        assert alert.instead == "Give no more than 660 mg in one dose."
        assert alert.source == "pain-page"

    @pytest.mark.parametrize("dose", [660, 500])
    def test_at_the_limit_for_this_weight(self, dose):
        assert check(order("pain", dose, route="intravenous", frequency="6-hourly"), self.LIGHT) == ()

    def test_a_milligram_over(self):
        assert ids(check(order("pain", 661, route="intravenous"), self.LIGHT)) == ["single-dose:pain"]

    @pytest.mark.parametrize(("kg", "alerts"), [(49.9, ["single-dose:pain"]), (50.0, [])])
    def test_the_weight_that_divides(self, kg, alerts):
        person = patient(weights=((MORNING, kg),))
        assert ids(check(order("pain", 1000, route="intravenous"), person)) == alerts

    def test_another_route_another_limit(self):
        assert check(order("pain", 1000, route="oral"), self.LIGHT) == ()

    def test_over_the_limit_for_everyone(self):
        alert = one(check(order("pain", 2, "g")))
        assert alert.title == "2 g is too much painaway for one dose."
        assert alert.why == "The most for Mrs Eleanor Marsh is 1,000 mg. This order is 2 times that."
        assert alert.instead == "Give no more than 1,000 mg in one dose. A usual order is 1,000 mg every 6 hours."

    @pytest.mark.parametrize(
        ("dose", "said"),
        [(10, "10 times that"), (2.25, "2.2 times that"), (1.9, "90 % more"), (1.001, "a little more")],
    )
    def test_how_much_too_much(self, dose, said):
        assert check(order("pain", dose, "g"))[0].why.endswith(f"This order is {said}.")

    def test_the_unit_is_converted_first(self):
        assert check(order("pain", 1, "g")) == ()
        assert check(order("pain", 1000, "microgram")) == ()

    def test_a_unit_that_can_not_be_checked_is_never_passed_in_silence(self):
        for unit in ("tablet", "mcg", ""):
            alert = one(check(order("pain", 1, unit)))
            assert alert.id == "single-dose:unit" and alert.interrupts
            assert alert.instead == "Write the dose in mg."

    def test_no_weight_is_said_where_the_dose_depends_on_it(self):
        alert = one(check(order("pain", 1000, route="intravenous")))
        assert (alert.id, alert.severity) == ("single-dose:weight", "advisory")
        assert check(order("pain", 1000, route="oral")) == ()


class TestDuplication:
    def test_the_same_medicine(self):
        alert = one(check(order("plain"), None, order("plain", 50, id="o")))
        assert (alert.id, alert.hazard, alert.severity) == ("duplication:plain", "duplication", "interruptive")
        assert alert.why == "Mrs Eleanor Marsh already has plain 50 mg once a day."

    def test_another_of_the_group_is_a_duplication_and_no_interaction(self):
        alert = one(check(order("warfa"), None, order("apixa", id="a")))
        assert alert.id == "duplication:apixa" and alert.interrupts
        assert "Both are in one group: blood thinners." in alert.why

    def test_a_home_medicine_that_is_charted_is_only_said(self):
        home = order("plain", id="h", setting="home")
        assert one(check(order("plain"), None, home)).severity == "advisory"

    def test_a_home_medicine_that_is_being_given_interrupts(self):
        home = order("plain", id="h", setting="home")
        for status, severity in (("given", "interruptive"), ("refused", "advisory")):
            person = patient(administrations=(Administration("h", MORNING, status),))
            assert one(check(order("plain"), person, home)).severity == severity

    def test_a_home_medicine_that_is_replaced_by_another_is_only_said(self):
        alert = one(check(order("warfa"), None, order("apixa", id="a", setting="home")))
        assert (alert.severity, alert.title) == ("advisory", "Warfa does the work of a home medicine: apixa.")

    def test_a_home_medicine_that_is_ordered_here_too_interrupts(self):
        orders = (order("apixa", id="h", setting="home"), order("apixa", id="o"))
        for active in (orders, orders[::-1]):
            assert one(check(order("warfa"), None, *active)).interrupts

    def test_medicines_without_a_group_do_not_share_one(self):
        assert check(order("plain"), None, order("statin-a", id="s")) == ()

    def test_the_medicine_s_own_source_comes_first(self):
        assert one(check(order("apixa"), None, order("warfa", id="w"))).source == "apixa-page"
        assert one(check(order("warfa"), None, order("apixa", id="a"))).source == "classen2020"


class TestLaboratory:
    def test_the_latest_result_speaks(self):
        person = patient(results=(potassium(4.9, YESTERDAY), potassium(5.6)))
        alert = check(order("spiro"), person)[0]
        assert (alert.id, alert.hazard, alert.severity) == ("laboratory:potassium", "laboratory", "interruptive")
        assert alert.title == "The last potassium is too high for spiro."
        assert alert.why == (
            "It does harm. Mrs Eleanor Marsh's potassium was 5.6 mmol/L today 07:10, over the limit of 5.0 mmol/L."
        )

    def test_an_old_result_does_not(self):
        person = patient(results=(potassium(5.6, YESTERDAY), potassium(4.9)))
        assert "laboratory:potassium" not in ids(check(order("spiro"), person))

    def test_nor_one_that_is_not_back_yet(self):
        person = patient(results=(potassium(4.9), potassium(6.0, NOW + timedelta(minutes=1))))
        assert "laboratory:potassium" not in ids(check(order("spiro"), person))
        person = patient(results=(potassium(4.9), potassium(6.0, NOW)))
        assert "laboratory:potassium" in ids(check(order("spiro"), person))

    @pytest.mark.parametrize(("value", "word"), [(5.1, "high"), (5.0, ""), (2.5, ""), (2.4, "low")])
    def test_the_limit_itself_is_allowed(self, value, word):
        alerts = [a for a in check(order("spiro"), patient(results=(potassium(value),))) if a.hazard == "laboratory"]
        assert [a.title for a in alerts] == ([f"The last potassium is too {word} for spiro."] if word else [])

    def test_no_result_no_alert(self):
        assert ids(check(order("spiro"))) == ["corollary:potassium"]


class TestKidneys:
    def creatinine(self, value, **more):
        return patient(results=(Result(MORNING, "creatinine", value),), **more)

    def test_avoid_with_the_egfr_worked_out(self):
        # 200 micromol/L in a woman of 74: 22 mL/min/1.73 m2
        alert = one(check(order("metfo", 500), self.creatinine(200)))
        assert (alert.id, alert.hazard, alert.severity) == ("laboratory:egfr", "laboratory", "interruptive")
        assert alert.title == "The kidneys are too weak for metfo."
        assert "eGFR is 22 mL/min/1.73 m² (from creatinine 200 µmol/L today 07:10)" in alert.why

    def test_reduce_only_above_the_maximum(self):
        # 142 micromol/L in a woman of 74: 33 mL/min/1.73 m2
        person = self.creatinine(142)
        assert check(order("metfo", 1000), person) == ()
        alert = one(check(order("metfo", 500, frequency="6-hourly"), person))
        assert alert.interrupts and "comes to 2 g in 24 hours; the most is 1 g" in alert.why

    def test_healthy_kidneys_are_silent(self):
        assert check(order("metfo", 1000, frequency="6-hourly"), self.creatinine(70)) == ()

    def test_without_any_result_nothing_is_claimed(self):
        assert check(order("metfo", 1000, frequency="6-hourly")) == ()

    def test_reduce_without_a_maximum_only_advises(self):
        alert = one(check(order("digo"), self.creatinine(142)))
        assert (alert.severity, alert.title) == ("advisory", "Digo may need a smaller dose, for the kidneys are weak.")

    @pytest.mark.parametrize(("value", "fires"), [(29, True), (30, False)])
    def test_the_laboratory_s_own_egfr_comes_first(self, value, fires):
        results = (Result(MORNING, "egfr", value), Result(MORNING, "creatinine", 60))
        alerts = check(order("metfo", 500), patient(results=results))
        assert ids(alerts) == (["laboratory:egfr"] if fires else [])

    def test_unless_a_newer_creatinine_is_there(self):
        results = (Result(YESTERDAY, "egfr", 80), Result(MORNING, "creatinine", 200))
        assert ids(check(order("metfo", 500), patient(results=results))) == ["laboratory:egfr"]
        results = (Result(YESTERDAY, "creatinine", 200), Result(MORNING, "egfr", 80))
        assert check(order("metfo", 500), patient(results=results)) == ()

    def test_age_and_sex_count(self):
        # 115 micromol/L: 43 in a woman of 74, 74 in a man of 40
        assert ids(check(order("digo"), self.creatinine(115))) == ["laboratory:egfr"]
        assert check(order("digo"), self.creatinine(115, born=date(1986, 1, 1), sex="male")) == ()

    def test_the_equation_is_not_used_where_it_does_not_hold(self):
        assert check(order("digo"), self.creatinine(400, born=date(2010, 1, 1))) == ()
        results = (Result(YESTERDAY, "egfr", 20), Result(MORNING, "creatinine", 400))
        child = patient(born=date(2010, 1, 1), results=results)
        assert ids(check(order("digo"), child)) == ["laboratory:egfr"]


class TestDailyDose:
    def test_one_order_too_often(self):
        alert = one(check(order("pain", 1, "g", frequency="4-hourly")))
        assert (alert.id, alert.hazard, alert.severity) == ("daily-dose:pain", "daily-dose", "interruptive")
        assert alert.why == "1 g every 4 hours is 6 g in 24 hours. The most for Mrs Eleanor Marsh is 4 g."
        assert alert.instead == "Keep the day's total to 4 g or less. A usual order is 1,000 mg every 6 hours."

    def test_at_the_limit(self):
        assert check(order("pain", 1, "g", frequency="6-hourly")) == ()

    def test_the_same_ingredient_in_a_compound(self):
        compound = order("co-pain", 2, "tablet", frequency="6-hourly", id="c")
        alert = one(check(order("pain", 500, frequency="6-hourly"), None, compound))
        assert alert.id == "daily-dose:pain" and alert.interrupts
        assert "co-pain 2 tablets every 6 hours adds 4 g, 6 g in all" in alert.why
        assert "A usual order" not in alert.instead and alert.instead.endswith("Or stop the other order first.")

    def test_the_compound_itself(self):
        alert = one(check(order("co-pain", 2, "tablet", frequency="4-hourly")))
        assert alert.id == "daily-dose:pain"
        assert check(order("co-pain", 2, "tablet", frequency="6-hourly")) == ()

    def test_a_room_that_is_left_is_offered(self):
        compound = order("co-pain", 1, "tablet", frequency="6-hourly", id="c")
        alert = one(check(order("pain", 1000, frequency="6-hourly"), None, compound))
        assert "A usual order is 500 mg every 6 hours." in alert.instead

    def test_a_day_that_is_over_only_because_each_dose_is_makes_one_alert(self):
        light = patient(weights=((MORNING, 44.0),))
        assert ids(check(order("pain", 1000, route="intravenous", frequency="6-hourly"), light)) == ["single-dose:pain"]
        both = ids(check(order("pain", 1000, route="intravenous", frequency="4-hourly"), light))
        assert both == ["single-dose:pain", "daily-dose:pain"]

    def test_too_much_only_by_a_duplicate_interrupts_once(self):
        new = order("pain", 1000, frequency="6-hourly")
        alerts = check(new, None, replace(new, id="o"))
        assert [(a.id, a.severity) for a in alerts] == [
            ("duplication:pain", "interruptive"),
            ("daily-dose:pain", "advisory"),
        ]

    def test_a_home_medicine_counts_only_if_it_is_given_here(self):
        new = order("pain", 1000, frequency="6-hourly")
        compound = order("co-pain", 2, "tablet", frequency="6-hourly", id="h", setting="home")
        assert check(new, None, compound) == ()
        given = patient(administrations=(Administration("h", MORNING),))
        assert ids(check(new, given, compound)) == ["daily-dose:pain"]

    def test_a_frequency_nobody_knows_is_no_reason_to_fail(self):
        assert check(order("pain", 1, "g", frequency="at full moon")) == ()


class TestAge:
    OLD, YOUNG = patient(born=date(1961, 3, 12)), patient(born=date(1961, 3, 13))

    def test_too_much_from_this_birthday_on(self):
        alert = one(check(order("zzz", 7.5), self.OLD))
        assert (alert.id, alert.hazard, alert.severity) == ("age:zzz", "age", "interruptive")
        assert alert.title == "This is too much zzz at 65."
        assert "Mrs Eleanor Marsh is 65. The order is 7.5 mg; the most for one dose is 3.75 mg." in alert.why

    def test_a_day_younger(self):
        assert check(order("zzz", 7.5), self.YOUNG) == ()

    def test_the_smaller_dose(self):
        assert check(order("zzz", 3.75), self.OLD) == ()

    def test_without_a_maximum_it_only_advises(self):
        alert = one(check(order("zzz", 1), patient(born=date(1990, 1, 1))))
        assert (alert.severity, alert.title) == ("advisory", "Think twice about zzz at 36.")
        assert check(order("zzz", 1), patient(born=date(1986, 3, 12))) == ()


class TestDiagnosis:
    ASTHMA = Problem("a", "Asthma, moderate", "active", "J45.40", "1999")

    def test_a_code_that_begins_so(self):
        alert = one(check(order("wheeze"), patient(problems=(self.ASTHMA,))))
        assert (alert.id, alert.hazard, alert.severity) == ("diagnosis:J45", "diagnosis", "interruptive")
        assert alert.title == "Wheeze can do harm here: the problem list has asthma, moderate."
        assert alert.why.endswith("Mrs Eleanor Marsh's active problems include asthma, moderate (since 1999).")

    @pytest.mark.parametrize(
        ("code", "fires"),
        [("J45", True), ("J45.909", True), ("J4540", True), ("J44.1", True), ("J44.9", False), ("", False)],
    )
    def test_codes(self, code, fires):
        person = patient(problems=(replace(self.ASTHMA, icd10cm=code),))
        assert bool(check(order("wheeze"), person)) == fires

    def test_a_resolved_problem_is_silent(self):
        assert check(order("wheeze"), patient(problems=(replace(self.ASTHMA, status="resolved"),))) == ()


class TestCorollary:
    def test_the_test_and_the_time(self):
        alert = one(check(order("spiro"), patient(results=(potassium(4.1, YESTERDAY),))))
        assert (alert.id, alert.hazard, alert.severity) == ("corollary:potassium", "corollary", "advisory")
        assert alert.title == "Spiro needs a test to go with it: potassium."
        assert alert.why == "It moves. Mrs Eleanor Marsh's last potassium was 4.1 mmol/L yesterday 21:40."
        assert alert.instead == "Order this test now: potassium, to be taken by tomorrow 14:00."

    def test_without_a_result_so_far(self):
        assert "has no potassium result yet" in one(check(order("spiro"))).why

    def test_a_medicine_without_monitoring_is_silent(self):
        assert check(order("plain"), patient(results=(potassium(4.1),))) == ()


@pytest.mark.parametrize("question", rules.QUESTIONS, ids=lambda question: question.__name__)
def test_a_question_names_its_source(question):
    assert "Source: " in question.__doc__


def test_interruptions_come_first_and_then_the_order_of_the_hazards():
    person = patient(results=(potassium(5.6),), allergy_status="not asked")
    alerts = check(order("spiro", route="intravenous"), person)
    assert ids(alerts) == ["route:intravenous", "laboratory:potassium", "allergy:not-asked", "corollary:potassium"]


def test_an_order_of_an_unknown_medicine_is_a_key_error():
    with pytest.raises(KeyError):
        check(order("nothing"))


def test_tests_missing_from_the_catalogue_are_still_named():
    alert = check(order("spiro"), patient(results=(potassium(5.6),)), tests={})[0]
    assert "potassium was 5.6 today 07:10, over the limit of 5" in alert.why


# ---------------------------------------------------------------------------------------------------------------------
# the hospital's own formulary, with the orders that the exercises are built on

HOSPITAL, CATALOGUE = load.formulary(), load.tests()


def ward(new, person=None, *active):
    return rules.check(new, person or patient(), active, HOSPITAL, CATALOGUE, NOW)


def interruptions(alerts):
    return [alert.id for alert in alerts if alert.interrupts]


MARSH = patient(
    allergies=(PENICILLIN,),
    weights=((MORNING, 52.0),),
    results=(potassium(5.6), Result(MORNING, "creatinine", 138)),
    problems=(Problem("ckd", "Chronic kidney disease stage 3b", "active", "N18.32"),),
)
SIMVASTATIN = order("simvastatin", 40, frequency="at-night", id="home-1", setting="home")
BANNERMAN = patient(given="Rose", family="Bannerman", born=date(1944, 7, 2), weights=((MORNING, 44.0),))

WARD_CASES = {
    "a penicillin in penicillin allergy": (
        order("co-amoxiclav", 625, frequency="every-8-hours"), MARSH, [SIMVASTATIN], ["allergy:penicillin"],
    ),
    "clarithromycin with simvastatin": (
        order("clarithromycin", 500, frequency="every-12-hours"), MARSH, [SIMVASTATIN], ["interaction:simvastatin"],
    ),
    "doxycycline is safe": (order("doxycycline", 200, frequency="once-daily"), MARSH, [SIMVASTATIN], []),
    "paracetamol into a vein at 44 kg": (
        order("paracetamol", 1000, route="intravenous", frequency="every-6-hours"), BANNERMAN, [],
        ["single-dose:paracetamol"],
    ),
    "paracetamol into a vein for 44 kg": (
        order("paracetamol", 660, route="intravenous", frequency="every-6-hours"), BANNERMAN, [], [],
    ),
    "enoxaparin beside apixaban": (
        order("enoxaparin", 40, route="subcutaneous", frequency="once-daily"), patient(weights=((MORNING, 80.0),)),
        [order("apixaban", 5, frequency="twice-daily", id="a")], ["duplication:apixaban"],
    ),
    "spironolactone at a potassium of 5.6": (
        order("spironolactone", 25, frequency="once-daily"), MARSH, [], ["laboratory:potassium"],
    ),
    "potassium chloride at a potassium of 5.6": (
        order("potassium-chloride", 20, "mmol", "intravenous", "once-only"), MARSH, [], ["laboratory:potassium"],
    ),
    "paracetamol 6 g a day": (
        order("paracetamol", 1, "g", frequency="every-4-hours"), patient(), [], ["daily-dose:paracetamol"],
    ),
    "zopiclone 7.5 mg at 81": (order("zopiclone", 7.5, frequency="at-night"), BANNERMAN, [], ["age:zopiclone"]),
    "zopiclone 3.75 mg at 81": (order("zopiclone", 3.75, frequency="at-night"), BANNERMAN, [], []),
    "ibuprofen in heart failure": (
        order("ibuprofen", 400, frequency="three-times-daily"),
        patient(problems=(Problem("hf", "Heart failure", "active", "I50.22"),)), [], ["diagnosis:I50"],
    ),
    "propranolol in asthma": (
        order("propranolol", 40, frequency="twice-daily"),
        patient(problems=(Problem("a", "Asthma", "active", "J45.40"),)), [], ["diagnosis:J45"],
    ),
    "a modified-release medicine down a tube": (
        order("diltiazem-mr", 120, route="nasogastric", frequency="every-12-hours"), None, [], ["route:nasogastric"],
    ),
    "flucloxacillin where penicillin means nausea": (
        order("flucloxacillin", 1000, route="intravenous", frequency="every-6-hours"),
        patient(given="Daniel", family="Okonkwo", allergies=(NAUSEA,)), [], ["allergy:penicillin"],
    ),
    "a laxative with an opioid": (
        order("senna", 15, frequency="at-night"), BANNERMAN,
        [order("codeine", 30, frequency="twice-daily", id="c")], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WARD_CASES)
def test_the_ward_s_orders_interrupt_for_one_thing_or_not_at_all(case):
    new, person, active, expected = WARD_CASES[case]
    assert interruptions(ward(new, person, *active)) == expected


@pytest.mark.parametrize(
    ("new", "test"),
    [
        (order("furosemide", 40, route="intravenous", frequency="once-only"), "potassium"),
        (order("gentamicin", 350, route="intravenous", frequency="every-24-hours"), "gentamicin-level"),
        (order("vancomycin", 1000, route="intravenous", frequency="every-12-hours"), "vancomycin-level"),
    ],
)
def test_the_ward_s_corollary_orders_name_their_test(new, test):
    found = {alert.id: alert for alert in ward(new, patient(weights=((MORNING, 70.0),)))}
    assert found[f"corollary:{test}"].severity == "advisory"
    assert "to be taken by " in found[f"corollary:{test}"].instead


MEDICINES = sorted(HOSPITAL.medicines)
CLASSES = sorted({class_ for medicine in HOSPITAL.medicines.values() for class_ in medicine.classes})
CODES = sorted({p for m in HOSPITAL.medicines.values() for rule in m.diagnosis for p in rule.icd10cm})
MOMENTS = st.datetimes(NOW - timedelta(days=400), NOW + timedelta(days=2))
ORDERS = st.builds(
    MedicineOrder,
    id=st.sampled_from(["new", "a", "b", "c"]),
    patient=st.just("p"),
    medicine=st.sampled_from(MEDICINES),
    dose=st.floats(min_value=0, max_value=1e6, exclude_min=True) | st.sampled_from([1, 5, 500, 1000]),
    unit=st.sampled_from(sorted(units.DOSE_UNITS)),
    route=st.sampled_from(sorted(formulary.ROUTES)),
    frequency=st.sampled_from(sorted(HOSPITAL.frequencies)),
    status=st.sampled_from(["active", "stopped"]),
    setting=st.sampled_from(["home", "inpatient"]),
)
ALLERGIES = st.builds(
    Allergy,
    substance=st.sampled_from(["Penicillin", "Latex", "", "aspirin"]),
    reaction=st.sampled_from(["", "Rash"]),
    severity=st.sampled_from(["mild", "moderate", "severe", ""]),
    type=st.sampled_from(["allergy", "intolerance"]),
    class_=st.sampled_from(["", *CLASSES]),
    recorded=st.sampled_from(["", "2009"]),
)
RESULTS = st.builds(
    Result, at=MOMENTS, test=st.sampled_from(sorted(CATALOGUE)), value=st.floats(min_value=0, max_value=2000)
)
PROBLEMS = st.builds(
    Problem,
    id=st.just("x"),
    text=st.just("A problem"),
    status=st.sampled_from(["active", "resolved"]),
    icd10cm=st.sampled_from(["", *CODES]).map(lambda code: code and code + "9"),
)
PATIENTS = st.builds(
    patient,
    born=st.dates(date(1910, 1, 1), date(2026, 3, 1)),
    sex=st.sampled_from(["female", "male"]),
    allergy_status=st.sampled_from(["recorded", "none known", "not asked"]),
    weights=st.just(()) | st.tuples(st.tuples(MOMENTS, st.floats(min_value=25, max_value=250))),
    allergies=st.lists(ALLERGIES, max_size=2).map(tuple),
    problems=st.lists(PROBLEMS, max_size=3).map(tuple),
    results=st.lists(RESULTS, max_size=6).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(ORDERS, PATIENTS, st.lists(ORDERS, max_size=5))
def test_any_order_gets_an_answer_and_the_answer_is_whole(new, person, active):
    alerts = ward(new, person, *active)
    assert len(set(ids(alerts))) == len(alerts)
    assert alerts == ward(new, person, *active)
    for alert in alerts:
        assert alert.id.startswith(alert.hazard + ":") and alert.hazard in rules.HAZARDS
        assert alert.severity in ("interruptive", "advisory")
        assert alert.source
        for text in (alert.title, alert.why, alert.instead):
            assert text and text[-1] in ".!?" and "  " not in text and ".." not in text
            assert "None" not in text and "{" not in text and "nan" not in text.split()


@settings(max_examples=150, deadline=None)
@given(ORDERS, PATIENTS, st.lists(ORDERS, max_size=3), st.floats(min_value=1, max_value=50))
def test_a_larger_dose_is_never_safer(new, person, active, factor):
    larger = replace(new, dose=new.dose * factor)
    assert set(interruptions(ward(new, person, *active))) <= set(interruptions(ward(larger, person, *active))) | {
        # the day may be over only because each dose is, which then is said once
        f"daily-dose:{new.medicine}"
    }


@settings(max_examples=100, deadline=None)
@given(ORDERS, PATIENTS, st.lists(ORDERS, max_size=4))
def test_one_more_order_never_silences_an_interruption(new, person, active):
    if active:
        assert set(interruptions(ward(new, person, *active[1:]))) <= set(interruptions(ward(new, person, *active)))


def test_every_rule_of_the_hospital_can_fire():
    """Each rule is given the patient it is about; a rule that nothing can set off is a slip in the file."""
    for medicine in HOSPITAL.medicines.values():
        new = order(medicine.id, 1e5, medicine.unit, medicine.routes[0], "every-4-hours")
        for rule in medicine.renal:
            found = ward(new, patient(results=(Result(MORNING, "egfr", rule.egfr_below - 1),)))
            assert "laboratory:egfr" in ids(found), (medicine.id, rule)
        for rule in medicine.laboratory:
            value = rule.above + 1 if rule.above is not None else rule.below - 0.1
            found = ward(new, patient(results=(Result(MORNING, rule.test, value),)))
            assert f"laboratory:{rule.test}" in ids(found), (medicine.id, rule)
        for rule in medicine.age:
            years = rule.from_ if rule.from_ is not None else rule.below - 1
            found = ward(new, patient(born=date(2026 - int(years), 1, 1)))
            assert f"age:{medicine.id}" in ids(found), (medicine.id, rule)
        for rule in medicine.diagnosis:
            for code in rule.icd10cm:
                found = ward(new, patient(problems=(Problem("x", "It", "active", code),)))
                assert f"diagnosis:{code}" in ids(found), (medicine.id, rule)
        for rule in medicine.route_hazard:
            assert f"route:{rule.route}" in ids(ward(replace(new, route=rule.route))), (medicine.id, rule)
        for rule in medicine.monitoring:
            assert f"corollary:{rule.test}" in ids(ward(new)), (medicine.id, rule)
        for rule in medicine.interactions:
            partners = [m for m in HOSPITAL.medicines.values() if m.is_(rule.with_) and m.id != medicine.id]
            assert partners, (medicine.id, rule)
            for partner in partners:
                other = order(partner.id, 1, partner.unit, partner.routes[0], "once-daily", id="o")
                hazards = {alert.hazard for alert in ward(new, None, other)}
                assert hazards & {"interaction", "duplication"}, (medicine.id, rule)
