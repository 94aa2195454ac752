from grading.answers import Wrong

MARK = ("flag_cell", {"row": "e3", "column": "in_ml", "kind": "plausibility", "decision": "ask"})
TELL = ("answer", {"question": "words", "value": "Entry e3 is in doubt."})
DONE = ("hand_in", {})

MODEL = [MARK, ("answer", {"question": "balance", "value": 100}), TELL, DONE]

WRONG = {
    "nothing marked": Wrong(
        [("answer", {"question": "balance", "value": 15100}), TELL, DONE],
        score=1,
        misses={"slip-marked", "slip-asked", "balance"},
    ),
    "the wrong way round": Wrong(
        [MARK, ("answer", {"question": "balance", "value": -100}), TELL, DONE],
        score=5,
        misses={"balance"},
    ),
    "told nobody": Wrong(
        [MARK, ("answer", {"question": "balance", "value": 100}), DONE],
        score=5,
        misses={"words"},
    ),
}
