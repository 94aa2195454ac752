"""The gate: what is kept, which attempt counts, and whose it is."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from grading import files, handin
from tests.grading.help import hand_in, log_of, tree


def attempts(course, learner="ada"):
    return [attempt for attempt, _ in handin.attempts(course, learner, "fluid-chart")]


def placed(course, learner="ada"):
    return (course.build / "submitted" / learner / "fluid-chart" / "answers" / "fluid-chart.jsonl").read_text()


def test_a_hand_in_is_kept_as_it_came_and_placed_for_nbgrader(released, fluid):
    log = log_of(fluid, fluid.model)
    taken = handin.accept(released, "ada", "fluid-chart", log)
    assert (taken.new, taken.changed, taken.result.passed) == (True, True, True)
    assert (taken.folder / "fluid-chart.jsonl").read_text() == log
    manifest = json.loads((taken.folder / "manifest.json").read_text())
    assert manifest["score"] == 6 and manifest["passed"] and manifest["finished"] and manifest["learner"] == "ada"
    assert set(tree(released.build / "submitted" / "ada")) == {
        "fluid-chart/answers/fluid-chart.jsonl", "fluid-chart/fluid-chart.ipynb", "fluid-chart/timestamp.txt",
    }  # fmt: skip
    assert placed(released) == log


def test_the_same_hand_in_five_times_is_one_attempt(course, fluid):
    log = log_of(fluid, fluid.model)
    taken = [handin.accept(course, "ada", "fluid-chart", log) for _ in range(5)]
    assert [one.new for one in taken] == [True, False, False, False, False]
    assert [one.changed for one in taken] == [True, False, False, False, False]
    assert len(attempts(course)) == 1


def test_the_same_hand_in_from_many_at_once_is_one_attempt(course, fluid):
    log = log_of(fluid, fluid.model)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: handin.accept(course, "ada", "fluid-chart", log), range(16)))
    assert sum(one.new for one in taken) == 1
    assert len(attempts(course)) == 1 and placed(course) == log


def test_all_attempts_are_kept_and_the_best_passed_one_counts(course, fluid):
    low, high = fluid.wrong["nothing marked"].actions, fluid.wrong["told nobody"].actions
    logs = [log_of(fluid, actions, attempt=n) for n, actions in enumerate((low, high, fluid.model, high, low), start=1)]
    counts = []
    for log in logs:
        handin.accept(course, "ada", "fluid-chart", log)
        counts.append(logs.index(placed(course)) + 1)
    assert counts == [1, 2, 3, 3, 3]
    assert [attempt.attempt for attempt in attempts(course)] == [1, 2, 3, 4, 5]


def test_a_passed_attempt_counts_before_one_with_more_points_that_did_not_pass(course, fluid):
    hand_in(course, fluid, "ada", fluid.model)
    (passed, folder) = handin.attempts(course, "ada", "fluid-chart")[0]
    more = handin.Attempt(**{**vars(passed), "passed": False, "score": 9.0, "received": "2000-01-01T00:00:00Z"})
    assert handin.best([(more, folder), (passed, folder)]) == (passed, folder)
    assert handin.best([(more, folder)]) == (more, folder)
    assert handin.best([]) is None


def test_anothers_log_is_refused_and_the_other_is_not_named(course, fluid):
    log = log_of(fluid, fluid.model)
    handin.accept(course, "ada", "fluid-chart", log)
    with pytest.raises(handin.AlreadyHandedIn) as refused:
        handin.accept(course, "ben", "fluid-chart", log)
    assert refused.value.owner == "ada" and "ada" not in str(refused.value)
    assert attempts(course, "ben") == []
    assert not (course.build / "submitted" / "ben").exists()


@pytest.mark.parametrize("learner", ["ada", "a", "Ada.L-1_x@ward.example", "0815", "x" * 64])
def test_ordinary_ids_are_taken(course, fluid, learner):
    assert hand_in(course, fluid, learner, fluid.model).new


def test_an_unfinished_attempt_is_taken_and_says_so(course, fluid):
    hand_in(course, fluid, "ada", fluid.model[:-1])
    assert [attempt.finished for attempt in attempts(course)] == [False]


def test_a_damaged_manifest_is_named(course, fluid):
    taken = hand_in(course, fluid, "ada", fluid.model)
    (taken.folder / "manifest.json").write_text("{")
    with pytest.raises(Exception, match=r"manifest\.json: this manifest is damaged"):
        attempts(course)


def test_incidents_are_whole_lines_whatever_is_in_them(course):
    handin.note_incident(course, "a\nb" * 100, 'x"y', "refused", "r\n" * 1000)
    handin.note_incident(course, "ada", "x", "refused", "again")
    lines = [json.loads(line) for line in (course.build / "incidents.jsonl").read_text().splitlines()]
    assert [line["reason"][:5] for line in lines] == ["r\nr\nr", "again"]
    assert len(lines[0]["reason"]) == 500


KILLED = """
import os, signal, sys
from grading import course, files, handin
step, done = int(sys.argv[2]), [0]
def count(real):
    def wrapped(*args, **kwargs):
        done[0] += 1
        if done[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return wrapped
for name in ("fsync", "replace", "rename"):
    setattr(os, name, count(getattr(os, name)))
handin.accept(course.load(sys.argv[1]), "ada", "fluid-chart", sys.stdin.read())
print("kept")
"""


def test_killed_at_any_moment_and_sent_again_it_is_kept_once(released, fluid):
    log = log_of(fluid, fluid.model)
    step, said = 0, ""
    while "kept" not in said:
        step += 2  # every second step: each is a process of its own
        for learner in ("attempts", "submitted"):
            subprocess.run(["rm", "-rf", released.build / learner], check=True)
        command = [sys.executable, "-c", KILLED, str(released.root), str(step)]
        run = subprocess.run(command, input=log, text=True, capture_output=True, timeout=60)
        said = run.stdout
        assert said or run.returncode == -9, run.stderr
        again = handin.accept(released, "ada", "fluid-chart", log)
        assert again.result.passed and len(attempts(released)) == 1
        assert placed(released) == log
    assert step > 4, "the kill was tried in the middle"


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    file = tmp_path / "f"
    files.write(file, "old")
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        files.write(file, "new")
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]
    with pytest.raises(OSError, match="No space"):
        files.write_folder(tmp_path / "folder", {"a": "1"})
    assert list(tmp_path.iterdir()) == [file]
