"""The synthetic cohort: labelled, the same every time, and apart from real work."""

from grading import demo, report
from tests.grading.help import tree


def test_the_cohort_is_the_same_for_the_same_seed_and_every_log_is_of_its_own_making(course, exercises):
    learners = demo.cohort(course, 30)
    assert learners == demo.cohort(course, 30) != demo.cohort(course, 30, seed=2)
    assert len({one.unit for one in learners}) == 3
    assert all("synthetic" in one.id and "Synthetic" in one.name for one in learners)
    work = demo.hand_ins(course, exercises, learners)
    assert work.keys() == demo.hand_ins(course, exercises, learners).keys()
    assert len(set(work.values())) == len(work)


def test_it_is_handed_in_graded_and_reported_apart_from_real_work(released):
    before = set(tree(released.build))
    told = []
    made, written = demo.run(released, 6, on=lambda step, done, of: told.append((step, done, of)))
    assert {step for step, _, _ in told} == {"Collecting", "Grading", "Feedback"}
    assert all(done <= of for _, done, of in told)
    assert len(made.lines) == 6 and any(line.passed for line in made.lines)
    assert all(demo.LABEL in file.read_text("utf-8-sig") for file in written)
    new = {name for name in tree(released.build) if name not in before}
    assert all(name.startswith("demo/") for name in new)
    assert not report.completion(released).lines, "the real gradebook has nobody"


def test_it_can_be_made_again(released):
    demo.run(released, 3)
    made, _ = demo.run(released, 2)
    assert len(made.lines) == 2
