"""Order sets: every line is safe for an ordinary patient, and a wrong file is refused with its line."""

import re
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from simemr.domain import load, rules
from simemr.domain.load import DataError
from simemr.domain.record import Patient

CLOCK = datetime(2026, 3, 12, 14)
HOSPITAL = load.hospital(CLOCK, ())
SETS = HOSPITAL.order_sets
PLAIN = Patient(
    id="plain", family="Plain", given="Pat", title="", born=date(1980, 1, 1), sex="female", hospital_number="604000",
    unit="alder", bed="A1", admitted=CLOCK, reason="", weights=((CLOCK, 70.0),), allergy_status="none-known",
    resuscitation="", consultant="",
)  # fmt: skip


def order(line, number=0):
    return replace(line.order("plain"), id=f"line-{number}", status="active")


@pytest.mark.parametrize("found", SETS.values(), ids=lambda found: found.id)
def test_all_of_a_set_together_stops_nobody_who_is_otherwise_well(found):
    lines = [order(line, n) for n, line in enumerate(found.medicines)]
    for line in lines:
        alerts = rules.check(line, PLAIN, lines, HOSPITAL.formulary, HOSPITAL.tests, CLOCK)
        assert [alert.title for alert in alerts if alert.interrupts] == []


@pytest.mark.parametrize("found", SETS.values(), ids=lambda found: found.id)
def test_what_a_ticked_medicine_must_be_watched_for_is_in_the_set(found):
    tests = {line.test: line.in_hours for line in found.tests if line.ticked}
    for line in found.medicines:
        for rule in HOSPITAL.formulary.medicines[line.medicine].monitoring if line.ticked else ():
            assert tests.get(rule.test, 10**6) <= rule.within_hours, (line.medicine, rule.test)


def test_the_sources_are_listed():
    listed = re.findall(r"^@\w+\{([^,]+),", Path("book/references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    assert {found.source for found in SETS.values()} <= set(listed)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('medicine = "furosemide"', 'medicine = "elixir"', "there is no medicine 'elixir'"),
        ('frequency = "twice-daily"', 'frequency = "often"', "there is no frequency 'often'"),
        ('route = "intravenous"', 'route = "inhaled"', "furosemide has no route 'inhaled'"),
        ("dose = 1000", "dose = 0", "paracetamol can't be given as 0 mg"),
        ('test = "potassium"', 'test = "kryptonite"', "there is no test 'kryptonite'"),
        ('id = "fluid-overload"', 'id = "clot-prevention"', "is used twice"),
        ("in_hours = 24, ticked = true", "in_hours = 24, checked = true", "unknown key 'checked'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(tmp_path, old, new, cause):
    folder = tmp_path / "data"
    shutil.copytree(load.DATA, folder)
    path = folder / "order_sets.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"order_sets\.toml:\d+: .*" + re.escape(cause)):
        load.hospital(CLOCK, (), folder)


def test_a_set_of_nothing_is_refused(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(load.DATA, folder)
    (folder / "order_sets.toml").write_text('[[set]]\nid = "x"\nname = "X"\nadvice = "."\nsource = "y"\n')
    with pytest.raises(DataError, match=r"order_sets\.toml:2: the set is empty"):
        load.hospital(CLOCK, (), folder)
