"""Order sets in the window: ticked lines become ordinary orders, and a stop is still a decision of its own."""


def actions(window):
    return [(event.action, event.args.get("medicine") or event.args.get("test", "")) for event in window.state.events]


def use(window, patient, name, task="None of these tasks"):
    window.press(patient)
    window.press("Orders")
    window.press("Use an order set")
    window.fill("For which task", task)
    window.fill("Order set", name)


def ticks(window):
    return {w.description: w.value for w in window.every() if type(w).__name__ == "Checkbox"}


def test_what_is_ticked_is_ordered_as_if_each_had_been_alone(doctor, focus):
    use(doctor, "MARSH, Elaine", "Fluid overload", task="4. The blood test")
    assert all(ticks(doctor).values()) and len(ticks(doctor)) == 3
    doctor.press("Order what is ticked")
    assert actions(doctor)[-4:] == [
        ("order_test", "potassium"), ("order_test", "creatinine"), ("draft_order", "furosemide"), ("sign_order", ""),
    ]  # fmt: skip
    assert {e.args["task"] for e in doctor.state.events if "task" in e.args} == {"potassium"}
    [signed] = doctor.state.signed
    assert signed.order.indication == "fluid overload" and signed.order.patient == "marsh-elaine"
    assert "Furosemide 40 mg into a vein, twice a day" in doctor.message and "Task 4 is done." in doctor.message
    assert doctor.field("Order set").value == "" and focus[-1] is doctor.field("Order set")


def test_a_line_taken_out_is_not_ordered_and_the_set_says_nothing_of_tests_it_holds(doctor):
    use(doctor, "MARSH, Elaine", "Fluid overload")
    assert "needs a test to go with it" not in doctor.text
    doctor.fill("Test: Creatinine, in 24 hours", False)
    doctor.press("Order what is ticked")
    assert ("order_test", "creatinine") not in actions(doctor) and len(doctor.state.tests_ordered) == 1


def test_a_line_that_would_stop_starts_without_a_tick_and_says_why(doctor, focus):
    use(doctor, "MARSH, Eleanor", "Pain and nausea")
    paracetamol, _, senna, ibuprofen, _ = ticks(doctor)
    # paracetamol would be ticked, but she has it already
    assert ticks(doctor)[paracetamol] is False and ticks(doctor)[ibuprofen] is False
    assert "You will be asked about it." in doctor.text
    doctor.fill(ibuprofen, True)
    doctor.fill(senna, True)
    doctor.press("Order what is ticked")
    # the plain line first; the one that stops waits for its decision, with nothing signed
    assert [s.order.medicine for s in doctor.state.signed] == ["senna"]
    assert doctor.state.draft.order.medicine == "ibuprofen" and doctor.state.draft.unanswered
    assert "needs your decision" in doctor.message
    assert focus[-1] is doctor.button("Cancel the order")
    doctor.press("Cancel the order")
    assert doctor.state.draft is None and all(s.order.medicine != "ibuprofen" for s in doctor.state.signed)


def test_changing_an_order_of_a_set_takes_it_into_the_form(doctor):
    use(doctor, "MARSH, Eleanor", "Pain and nausea", task="3. An antibiotic")
    ibuprofen = next(line for line in ticks(doctor) if line.startswith("Ibuprofen"))
    for line in ticks(doctor):
        doctor.fill(line, line == ibuprofen)
    doctor.press("Order what is ticked")
    doctor.press("Change the order")
    assert doctor.field("Medicine").value == "Ibuprofen" and doctor.field("Dose").value == "400"
    assert doctor.field("Indication (what it is for)").value == "pain"
    assert doctor.field("For which task").value == "antibiotic"


def test_a_set_does_not_go_with_the_doctor_to_the_next_patient(doctor):
    use(doctor, "MARSH, Eleanor", "Pain and nausea")
    doctor.press("MARSH, Elaine")
    doctor.press("Use an order set")
    assert doctor.field("Order set").value == "" and ticks(doctor) == {}


def test_nothing_ticked_orders_nothing(doctor):
    use(doctor, "MARSH, Elaine", "Fluid overload")
    for line in ticks(doctor):
        doctor.fill(line, False)
    before = len(doctor.state.events)
    doctor.press("Order what is ticked")
    assert "Tick what you want to order." in doctor.message and len(doctor.state.events) == before
