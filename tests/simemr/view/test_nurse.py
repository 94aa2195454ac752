"""A nurse's work in the window: who it is, then accept or challenge."""


def ready(window):
    window.press("MARSH, Eleanor")
    window.press("Orders")
    window.confirm("Full name", "Date of birth")


def press_first(window, words, number=0):
    found = [b for b in window.every() if getattr(b, "description", "") == words][number]
    found._handle_custom_msg({"event": "click"}, [])


def test_nothing_is_judged_before_it_is_known_who_it_is(nurse):
    nurse.press("MARSH, Eleanor")
    nurse.press("Orders")
    press_first(nurse, "Accept")
    assert "Confirm who this is" in nurse.message and nurse.state.verdicts == {}


def test_the_bed_is_never_an_identifier(nurse):
    nurse.press("MARSH, Eleanor")
    nurse.confirm("Full name", "Bed")
    assert "never" in nurse.message and nurse.state.confirmed == {}
    nurse.fill("Bed", False)
    nurse.press("Confirm who this is")
    assert "Two different identifiers" in nurse.message


def test_ticks_do_not_carry_over_to_the_next_patient(nurse):
    nurse.press("MARSH, Eleanor")
    nurse.fill("Full name", True)
    nurse.press("MARSH, Elaine")
    assert not nurse.field("Full name").value


def test_an_order_is_accepted_and_the_answer_can_be_changed(nurse, focus):
    ready(nurse)
    assert "Identity confirmed by full name and date of birth." in nurse.text
    press_first(nurse, "Accept")
    assert nurse.state.verdicts["n1"].verdict == "accept" and "You accepted this order." in nurse.text
    assert "1 order to check" in nurse.text
    assert focus[-1] is nurse.button("Change your answer")
    nurse.press("Change your answer")
    press_first(nurse, "Challenge…")
    nurse.press("Send the challenge")
    assert "Choose what is wrong" in nurse.message
    nurse.fill("What is wrong with it", "Allergy")
    nurse.press("Send the challenge")
    assert "Say in a few words" in nurse.message and nurse.state.verdicts["n1"].verdict == "accept"
    nurse.fill("What you want the prescriber to know", "Anaphylaxis to penicillin in 2009.")
    nurse.press("Send the challenge")
    verdict = nurse.state.verdicts["n1"]
    assert (verdict.verdict, verdict.hazard) == ("challenge", "allergy")
    assert "Anaphylaxis to penicillin in 2009." in nurse.text


def test_each_order_has_its_own_card(nurse):
    ready(nurse)
    assert nurse.text.count("Ordered by") == 2
    nurse.press("OKONKWO")
    assert "No order of this patient waits for your check." in nurse.text
    nurse.press("SILVA")
    assert nurse.text.count("Ordered by") == 1


def test_orders_count_as_steps_and_none_twice(nurse):
    # one of the four orders has a task of its own
    assert "0 of 4" in nurse.text
    ready(nurse)
    press_first(nurse, "Accept", 1)
    assert "1 of 4" in nurse.text
