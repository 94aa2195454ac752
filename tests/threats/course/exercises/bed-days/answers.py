from grading.answers import Wrong

MARK = ("flag_cell", {"row": "b3", "column": "nights", "kind": "completeness", "decision": "ask"})
OTHER = ("flag_cell", {"row": "b2", "column": "nights", "kind": "plausibility", "decision": "ask"})
DONE = ("hand_in", {})

MODEL = [MARK, DONE]

WRONG = {
    "nothing marked": Wrong([DONE], score=0, misses={"gap-marked"}),
    "the long stay marked": Wrong([OTHER, DONE], score=0, misses={"gap-marked"}),
    "the wrong way round": Wrong([OTHER, ("unflag_cell", {"row": "b2", "column": "nights"}), DONE], 0, {"gap-marked"}),
}

COUNT = """
import pandas as pd

nights = pd.to_numeric(beds["nights"], errors="coerce")
total = int(nights.sum())
by_ward = nights.groupby(beds["ward"]).sum().astype(int)
"""
DESCRIBE = """
import pandas as pd

nights = pd.to_numeric(beds["nights"], errors="coerce")
longest = beds["stay"][nights.idxmax()]
mean = nights.mean()
known = nights.notna()
known = list(known)
"""

CODE = {
    "MODEL": ({"count": COUNT, "describe": DESCRIBE}, 5),
    "fills the gap with nothing": ({"count": COUNT, "describe": f"{DESCRIBE}mean = nights.fillna(0).mean()"}, 4),
    "adds up text": ({"count": 'total = "".join(beds["nights"])\nby_ward = None', "describe": "known = [True] * 5"}, 0),
}
