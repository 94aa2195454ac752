"""A click on the simulated EMR, from the page's message to the kernel's last answer, in a real kernel.

Patients and tabs are clicked in turn, as in a round of the ward; each click is logged to the disk as a learner's is.
In the browser the kernel is slower; what is measured here is what the course's own code asks of it.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from subprocess import DEVNULL

from jupyter_client.manager import start_new_kernel

from tests.bench.grading_rate import SLUG
from tests.bench.row import Row

CLICKS = 300

START = f"""
import json, simemr, ipywidgets
from ipywidgets.widgets import widget
simemr.exercise("{SLUG}")
found = [w for w in widget._instances.values() if isinstance(w, ipywidgets.Button)]
patients = [w.model_id for w in found if "em-patient" in w._dom_classes]
tabs = [w.model_id for w in found if "em-tab" in w._dom_classes]
print(json.dumps([patients, tabs]))
"""
COUNT = f"print(sum(1 for _ in open('answers/{SLUG}.jsonl')) - 1)"


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        manager, client = start_new_kernel(kernel_name="python3", cwd=folder, stderr=DEVNULL)
        try:
            patients, tabs = json.loads(_said(client, START))
            assert len(patients) > 1 and len(tabs) > 1
            taken = []
            for number in range(CLICKS):
                # a patient, then each of its tabs
                place = number % (len(tabs) + 1)
                clicked = tabs[place - 1] if place else patients[number // (len(tabs) + 1) % len(patients)]
                taken.append(_click(client, clicked))
            done = int(_said(client, COUNT))
            assert done > CLICKS * 0.8, "the clicks did something"
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    yield Row(
        f"a click on the EMR, 95th percentile of {CLICKS}", "ms", 1000 * statistics.quantiles(taken, n=20)[-1], goal=50
    )


def _click(client, button: str) -> float:
    """Seconds from sending a click to the kernel being idle again."""
    content = {"comm_id": button, "data": {"method": "custom", "content": {"event": "click"}}}
    start = time.perf_counter()
    message = client.session.msg("comm_msg", content)
    client.shell_channel.send(message)
    for _ in _answers(client, message["header"]["msg_id"]):
        pass
    return time.perf_counter() - start


def _said(client, code: str) -> str:
    text = ""
    for answer in _answers(client, client.execute(code)):
        if answer["msg_type"] == "error":
            raise RuntimeError(answer["content"]["evalue"])
        if answer["msg_type"] == "stream" and answer["content"]["name"] == "stdout":
            text += answer["content"]["text"]
    return text


def _answers(client, message_id: str) -> Iterator[dict]:
    """Everything the kernel says to a message, until it is idle."""
    while True:
        answer = client.get_iopub_msg(timeout=60)
        if answer["parent_header"].get("msg_id") != message_id:
            continue
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return
        yield answer
