"""Notes: what is stale is found however it is worded, and a good clinician's words lose nothing."""

import pytest

from tests.exercises.help import missed

SLUG = "notes"


def test_a_copy_with_its_five_lines_mended_is_still_mostly_a_copy(made, answers):
    mended = answers.answer(
        today="Third day of right lower lobe pneumonia. On oxygen 1 L/min by nasal cannulae, SpO2 96%. Weight 52.0 kg."
        " Walked 20 m; heels hurt, no redness, no swelling.",
        assessment="Community-acquired pneumonia, improving slowly, in chronic kidney disease stage 3b. Potassium 5.6"
        " today, from 5.2. Antigens negative. Blood cultures: no growth so far. Penicillin anaphylaxis in 2009.",
        plan="Levofloxacin stopped, new antibiotic. Ramipril held. Repeat potassium today. Oxygen to 94 to 98%."
        " Enoxaparin 20 mg daily. Kidney function every morning.",
    )
    assert missed(made, mended) == {"copied"}


@pytest.mark.parametrize(
    ("line", "criterion"),
    [
        ("Carry on with levofloxacin.", "antibiotic"),
        ("IV levofloxacin 250 mg 12-hourly", "antibiotic"),
        ("Still on levofloxacin", "antibiotic"),
        ("Ramipril 5 mg daily", "ramipril"),
        ("Continue ramipril", "ramipril"),
        ("K 5.2", "ramipril"),
        ("O2 2L via nasal specs", "stale"),
        ("Chase urinary antigens", "stale"),
        ("Wt 52.8", "stale"),
        ("Levofloxacin 250 mg every 12 hours was stopped today.", ""),
        ("Pain in both heels on levofloxacin.", ""),
        ("Restart ramipril 5 mg daily once potassium is under 5.", ""),
        ("Potassium has risen from 5.2.", ""),
        ("Oxygen turned down from 2 L to 1 L.", ""),
        ("Weight 52.8 on admission.", ""),
        ("Legionella antigen negative, so nothing is awaited.", ""),
        ("Kidney function tomorrow morning.", ""),
    ],
)
def test_a_claim_is_stale_unless_its_own_sentence_takes_it_back(made, answers, line, criterion):
    found = missed(made, answers.answer(today=f"{answers.TODAY} {line}"))
    assert found == ({criterion} if criterion else set())


@pytest.mark.parametrize(
    ("today", "judged"),
    [
        ("She says that both heels hurt.", False),
        ("Did not want to walk: both heels hurt.", False),
        ("Insists that both heels hurt.", True),
        ("Non-adherent, sore heels.", True),
        ("Uncooperative because of her heels.", True),
    ],
)
def test_words_that_judge(made, answers, today, judged):
    assert ("respect" in missed(made, answers.answer(today=f"{answers.TODAY} {today}"))) is judged


@pytest.mark.parametrize(
    ("words", "readable"),
    [
        (
            "You are better. We stopped the antibiotic that hurt your heels, and you will have another."
            " We will test your blood again today.",
            True,
        ),
        (
            "The patient is improving. Antibiotic changed, potassium to be repeated, ramipril withheld this evening.",
            False,
        ),
        ("You have hyperkalaemia, so your ramipril is held. We repeat the U&E and change the antibiotic today.", False),
        ("You are fine.", False),
        (
            "You are better now, you need a new antibiotic, and you need to walk more and more. Good night to you.",
            False,
        ),
    ],
)
def test_what_she_can_read(made, answers, words, readable):
    assert ("plain" not in missed(made, answers.answer(patient=words))) is readable


def test_a_note_in_the_other_record_is_not_hers(made, answers):
    other = [
        (name, {**args, "patient": "marsh-elaine"} if "patient" in args else args) for name, args in answers.answer()
    ]
    assert "signed" in missed(made, other)


def test_the_record_disagrees_with_yesterdays_note_as_the_key_says(made):
    person = made.hospital.patients["marsh-eleanor"]
    status = {order.id: order.status for order in person.medicines}
    assert status["levofloxacin"] == status["ramipril"] == "stopped"
    assert person.latest("potassium").value == 5.6 and person.weight[1] == 52.0
    assert person.observations[-1].oxygen == "1 L/min"
    assert any("antigens negative" in note.text for note in person.notes)
