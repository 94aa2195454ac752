"""The form of a lesson: a good one has nothing wrong, and each fault is named with its line."""

import re

import pytest

from grading import form
from tests.grading.help import REPOSITORY

LESSON = """\
---
kernelspec:
  name: python3
---

# A lesson

## On the ward

One.\\
Two.

## You will be able to

```{objectives}
```

## Why it matters

In one hospital 36.2% had none {cite:p}`moskow2016`.

## Watch it done

```{code-cell} ipython3
:tags: [demonstration, remove-input]

simemr.demonstration("a", steps=[("Look at this.",)])
```

## Try it

```{code-cell} ipython3
:tags: [practice, remove-input]

simemr.practice.choice("one two three")
```

```{code-cell} ipython3
:tags: [practice, remove-input]

simemr.practice.number("four")
```

## What to do on your ward tomorrow

Ask.

## Key points

- It was 36.2%.

## Words

{term}`allergy`, {term}`the words <allergy>`. Potassium is `2823-3`.

## Sources

- {cite:t}`moskow2016`.
"""
KNOWN = {"terms_known": {"allergy"}, "codes_known": {"2823-3", "I10"}}


def found(text, most_minutes=10):
    return list(form.problems(text, most_minutes=most_minutes, **KNOWN))


def line_of(text, words):
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_a_good_lesson_has_nothing_wrong():
    assert found(LESSON) == []


@pytest.mark.parametrize("part", form.PARTS)
def test_each_part_must_be_there(part):
    assert any(f"'## {part}' is missing" in said for _, said in found(LESSON.replace(f"## {part}\n", "## Else\n")))


def test_the_parts_have_an_order():
    swapped = (
        LESSON.replace("## Key points", "## K").replace("## Words", "## Key points").replace("## K\n", "## Words\n")
    )
    assert (line_of(swapped, "## Words"), "'## Words' stands where '## Key points' should") in found(swapped)


def test_a_scene_has_six_lines_at_most():
    [(line, said)] = found(LESSON.replace("One.\\\n", "One.\\\n" * 6))
    assert (line, said) == (line_of(LESSON, "One."), "the scene has 7 lines; 6 are the most")


def test_two_practices_and_a_demonstration():
    assert found(LESSON.replace("[practice, remove-input]", "[remove-input]", 1)) == [
        (1, "there is 1 of the 2 practices a lesson needs")
    ]
    assert found(LESSON.replace("[demonstration, ", "[")) == [(1, "there is no demonstration to watch")]


@pytest.mark.parametrize(
    "figure", ["45.1%", "45 per cent", "58 per 100,000", "14,041", "1 in 37", "3 out of 10", "9 in every 10"]
)
def test_a_figure_needs_a_source_in_its_paragraph(figure):
    text = LESSON.replace("Ask.", f"Ask. It is so.\nIt was {figure} there.")
    [(line, said)] = found(text)
    assert line == line_of(text, "It was " + figure) and figure in said
    assert found(text.replace("there.", "there {cite:p}`x`.")) == []
    assert found(text.replace("Ask. It", "% computed: from the extract\nAsk. It")) == []


@pytest.mark.parametrize("number", ["2 g every 6 hours", "bed 12", "5.6 mmol/L", "15 mg/kg", "in 2019", "NEWS2 of 7"])
def test_a_dose_or_a_patient_s_number_is_not_a_figure(number):
    assert found(LESSON.replace("Ask.", f"Ask about {number}.")) == []


def test_a_term_must_be_in_the_glossary():
    text = LESSON.replace("Ask.", "Ask for {term}`zeal` and {term}`more <Allergy>`.")
    assert found(text) == [(line_of(text, "zeal"), "the term 'zeal' is not in the glossary")]


def test_the_glossary_s_terms():
    page = "# Glossary\n\n```{glossary}\nEMR\nelectronic medical record\n  A record.\n\nallergy\n  A response.\n```\n"
    assert form.glossary(page) == {"emr": [4], "electronic medical record": [5], "allergy": [8]}
    twice = page + "\n```{glossary}\nEMR\n  Again.\n```\n"
    assert form.glossary(twice)["emr"] == [4, 13]


@pytest.mark.parametrize("code", ["2823-4", "I11.9", "J45"])
def test_a_code_must_be_one_that_was_looked_up(code):
    text = LESSON.replace("Ask.", f"Ask for `{code}`, `I10` and `mmol/L`.")
    [(line, said)] = found(text)
    assert line == line_of(text, code) and code in said


@pytest.mark.parametrize(
    "picture", ["![](a.png)", '<img src="a.png">', "```{image} a.png\n```", "```{figure} a.png\nWords.\n```"]
)
def test_a_picture_needs_a_text_alternative(picture):
    text = LESSON.replace("Ask.", picture)
    [(line, said)] = found(text)
    assert line == line_of(text, "a.png") and "text alternative" in said


@pytest.mark.parametrize(
    "picture", ["![A ward](a.png)", '<img alt="A ward" src="a.png">', "```{image} a.png\n:alt: A ward\n```"]
)
def test_a_picture_with_one_is_fine(picture):
    assert found(LESSON.replace("Ask.", picture)) == []


def test_the_length_counts_words_narration_and_practices():
    assert form.minutes(form.blocks(LESSON)) == pytest.approx(2 * form.PRACTICE_MINUTES, abs=0.5)
    longer = LESSON.replace("Ask.", "word " * 2000).replace("Look at this.", "said " * 1000)
    assert form.minutes(form.blocks(longer)) == pytest.approx(15 + 2 * form.PRACTICE_MINUTES, abs=0.5)
    assert found(longer) == [(1, "it takes 18 minutes to read and practise, and course.toml says 10")]


def test_the_hospital_s_codes():
    assert form.codes_in(['loinc = "2823-3"\nicd10cm = "I10"\nid = "alder"\nat = "D0 08:00"']) == {"2823-3", "I10"}


def test_the_real_lessons_would_be_read():
    """The patterns still fit how lessons are written: each has cited figures, terms and practices."""
    for lesson in sorted((REPOSITORY / "notebooks").glob("*.md")):
        made = list(form.blocks(lesson.read_text(encoding="utf-8")))
        prose = " ".join(block.text for block in made if not block.fence)
        assert re.search(r"\{term\}", prose) and form.FIGURE.search(prose), lesson.name
        assert 3 < form.minutes(made) < 40, lesson.name
