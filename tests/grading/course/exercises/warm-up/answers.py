from grading.answers import Wrong

MODEL = [("answer", {"question": "ready", "value": "yes"}), ("hand_in", {})]
WRONG = {
    "said no": Wrong([("answer", {"question": "ready", "value": "no"}), ("hand_in", {})], 0, {"said-yes"}),
    "said nothing": Wrong([("hand_in", {})], 0, {"said-yes"}),
    "changed their mind": Wrong(
        [("answer", {"question": "ready", "value": "yes"}), ("answer", {"question": "ready", "value": "no"})],
        0,
        {"said-yes"},
    ),
}
