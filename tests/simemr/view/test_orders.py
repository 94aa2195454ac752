"""A doctor's work in the window: tasks, orders, alerts, overrides, tests."""

import pytest


def actions(window):
    return [event.action for event in window.state.events]


def write(window, medicine, *, task="", indication=""):
    """Open the orders and write one from the medicine's usual dose."""
    if window.state.tab != "orders":
        window.press("Orders")
    if task:
        window.fill("For which task", task)
    window.fill("Medicine", medicine)
    if indication:
        window.fill("Indication (what it is for)", indication)
    window.press("Check this order")


def test_writing_a_task_s_order_never_opens_the_patient(doctor):
    doctor.press("3. An antibiotic for Eleanor Marsh")
    doctor.press("Write this order")
    assert doctor.state.patient == "" and doctor.state.events == []
    assert "open the patient's record" in doctor.message


def test_the_order_form_of_the_wrong_patient_says_whose_it_is(doctor, focus):
    doctor.press("MARSH, Elaine")
    doctor.press("3. An antibiotic for Eleanor Marsh")
    doctor.press("Write this order")
    assert doctor.state.patient == "marsh-elaine" and doctor.state.tab == "orders"
    assert "Order a medicine for MARSH, Elaine" in doctor.text
    assert focus[-1] is doctor.field("Medicine")
    doctor.fill("Medicine", "Doxycycline")
    doctor.press("Check this order")
    doctor.press("Sign the order")
    [signed] = doctor.state.signed
    assert (signed.order.patient, signed.task) == ("marsh-elaine", "antibiotic")


def test_an_alert_stops_with_the_safe_act_first(doctor, focus):
    doctor.press("MARSH, Eleanor")
    write(doctor, "Co-amoxiclav", task="3. An antibiotic", indication="pneumonia")
    assert "Instead:" in doctor.text and "You are ordering Co-amoxiclav" in doctor.text
    assert focus[-1] is doctor.button("Cancel the order")
    assert "em-primary" in doctor.button("Cancel the order")._dom_classes
    assert [b for b in doctor.every() if getattr(b, "description", "") == "Sign the order"] == []
    doctor.press("Cancel the order")
    assert doctor.state.draft is None and doctor.state.signed == []
    assert "Nothing was ordered" in doctor.message
    assert focus[-1] in doctor.every()


def test_changing_an_order_keeps_what_was_written(doctor, focus):
    doctor.press("MARSH, Eleanor")
    write(doctor, "Clarithromycin", task="3. An antibiotic", indication="pneumonia")
    doctor.press("Change the order")
    assert doctor.state.draft is None
    assert doctor.field("Medicine").value == "Clarithromycin"
    assert doctor.field("Indication (what it is for)").value == "pneumonia"
    assert focus[-1] is doctor.field("Medicine")


def test_overriding_takes_a_reason_and_words(doctor, focus):
    doctor.press("OKONKWO, Daniel")
    write(doctor, "Flucloxacillin", task="5. An antibiotic")
    assert doctor.state.draft.unanswered
    doctor.press("Override")
    assert "Choose a reason" in doctor.message and focus[-1] is doctor.field("Override, because")
    doctor.fill("Override, because", "The alert does not apply")
    doctor.press("Override")
    assert "in your own words" in doctor.message and focus[-1] is doctor.field("In your own words")
    doctor.fill("In your own words", "Nausea in 2015 is no allergy.")
    doctor.press("Override")
    assert focus[-1] is doctor.button("Sign the order")
    assert "Nausea in 2015 is no allergy." in doctor.text
    doctor.press("Sign the order")
    [signed] = doctor.state.signed
    assert [(o.reason, o.note) for o in signed.overrides] == [("alert-does-not-apply", "Nausea in 2015 is no allergy.")]
    assert "Task 5 is done" in doctor.message
    assert doctor.button("5. ✓ An antibiotic")
    assert "1 of 5" in doctor.text


def test_two_alerts_need_two_answers(doctor):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    doctor.fill("For which task", "3. An antibiotic")
    doctor.fill("Medicine", "Clarithromycin")
    doctor.fill("Dose", "4000")
    doctor.press("Check this order")
    waiting = len(doctor.state.draft.unanswered)
    if waiting < 2:
        pytest.fail("the fixture needs an order with two alerts")
    rows = doctor.shell.chart.orders.review.rows
    assert [row.alert for row in rows if row.alert] == [a.id for a in doctor.state.draft.unanswered]
    assert doctor.text.count("Stop: ") == waiting


@pytest.mark.parametrize("dose", ["", "0", "-1", "abc", "1,5", "nan", "inf", "1e400"])
def test_a_dose_that_is_no_number_is_refused_in_words(doctor, focus, dose):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    doctor.fill("For which task", "None of these")
    doctor.fill("Medicine", "Doxycycline")
    doctor.fill("Dose", dose)
    doctor.press("Check this order")
    assert "as a number above 0" in doctor.message and doctor.state.draft is None
    assert focus[-1] is doctor.field("Dose")


def test_a_half_filled_form_says_what_is_missing(doctor, focus):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    doctor.press("Check this order")
    assert "Say which task" in doctor.message and focus[-1] is doctor.field("For which task")
    doctor.fill("For which task", "None of these")
    doctor.press("Check this order")
    assert "Choose the medicine first" in doctor.message
    doctor.fill("Medicine", "morphine sulfate")
    doctor.press("Check this order")
    assert "Morphine sulfate, immediate release; Morphine sulfate, modified release" in doctor.message
    doctor.fill("Medicine", "Snake oil")
    doctor.press("Check this order")
    assert "There is no “Snake oil”" in doctor.message
    doctor.fill("Medicine", "Doxycycline")
    doctor.fill("Route", "Choose the route")
    doctor.press("Check this order")
    assert "Choose the route first" in doctor.message and focus[-1] is doctor.field("Route")


def test_a_dose_thought_out_for_one_patient_does_not_stand_in_another_s_form(doctor):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    doctor.fill("Medicine", "Paracetamol")
    assert doctor.field("Dose").value
    doctor.press("MARSH, Elaine")
    assert doctor.field("Medicine").value == "" and doctor.field("Dose").value == ""


def test_a_half_written_order_holds_its_patient(doctor):
    doctor.press("MARSH, Eleanor")
    write(doctor, "Doxycycline", task="3. An antibiotic")
    doctor.press("MARSH, Elaine")
    assert doctor.state.patient == "marsh-eleanor" and "half written" in doctor.message
    assert "MARSH, Eleanor" in doctor.text


def test_pressing_twice_in_a_hurry_signs_once(doctor):
    doctor.press("MARSH, Eleanor")
    write(doctor, "Doxycycline", task="3. An antibiotic")
    sign = doctor.button("Sign the order")
    for _ in range(2):
        sign._handle_custom_msg({"event": "click"}, [])
    assert len(doctor.state.signed) == 1 and "Signed: Doxycycline" in doctor.message


def test_every_route_may_be_chosen_the_medicine_s_own_first(doctor):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    doctor.fill("Medicine", "Doxycycline")
    routes = doctor.field("Route")._options_labels
    assert routes[1] == "by mouth" and "by nasogastric tube" in routes


def test_a_task_is_closed_without_an_order_with_a_reason(doctor, focus):
    doctor.press("2. Something for Mrs Bannerman's sleep")
    doctor.press("Close without an order…")
    assert focus[-1] is doctor.field("Close without an order, because")
    doctor.press("Close this task")
    assert "Say in a few words" in doctor.message
    doctor.fill("Close without an order, because", "She sleeps when the pain is treated.")
    doctor.press("Close this task")
    assert doctor.state.declined == {"sleep": "She sleeps when the pain is treated."}
    assert doctor.button("2. ✓ Something").description.endswith("(closed without an order)")


def test_a_test_is_ordered_for_later(doctor):
    doctor.press("MARSH, Elaine")
    doctor.press("Orders")
    doctor.press("Order a test")
    doctor.press("Order this test")
    assert "Say which task" in doctor.message
    doctor.fill("For which task", "4. The blood test")
    doctor.press("Order this test")
    assert "Choose the test first" in doctor.message
    doctor.fill("Test", "Potassium")
    doctor.fill("When", "In 6 hours")
    doctor.press("Order this test")
    [asked] = doctor.state.tests_ordered
    assert (asked.patient, asked.test, asked.in_hours, asked.task) == ("marsh-elaine", "potassium", 6, "potassium")
    assert "Tests you asked for" in doctor.text


def test_an_order_is_stopped_with_a_reason(doctor):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    doctor.press("Stop an order")
    doctor.press("Stop this order")
    assert "Choose the order to stop" in doctor.message
    doctor.fill("Active order", "Enoxaparin")
    doctor.press("Stop this order")
    assert "Say why" in doctor.message
    doctor.fill("Why it is stopped", "Mobile again.")
    doctor.press("Stop this order")
    assert "Stopped: Enoxaparin" in doctor.message
    assert not [words for words in doctor.field("Active order")._options_labels if words.startswith("Enoxaparin")]


def test_the_list_and_the_form_choose_the_same_task(doctor):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    doctor.press("3. An antibiotic")
    assert doctor.field("For which task").label.startswith("3.")
    doctor.fill("For which task", "1. Pain relief")
    assert "em-open" in doctor.button("1. Pain relief")._dom_classes
    assert "em-open" not in doctor.button("3. An antibiotic")._dom_classes


def test_results_follow_the_medicine_that_is_chosen(doctor):
    doctor.press("MARSH, Eleanor")
    doctor.press("Orders")
    assert "Results to look at first" in doctor.text
    doctor.fill("Medicine", "Ramipril")
    assert "Results that matter for this order" in doctor.text
