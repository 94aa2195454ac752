"""The form of a lesson: its parts, its practices, its sources, its words, its pictures and its length.

Pure functions of a lesson's text: each finding is (line, sentence). What a lesson says is for people to judge;
what must be there, and what must stand beside a figure or a code, can be checked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

#: The parts of a lesson, in their order. Others may stand between them.
PARTS = (
    "On the ward",
    "You will be able to",
    "Why it matters",
    "Watch it done",
    "Try it",
    "What to do on your ward tomorrow",
    "Key points",
    "Words",
    "Sources",
)
SCENE_LINES = 6
LEAST_PRACTICES = 2
WORDS_A_MINUTE = 200
PRACTICE_MINUTES = 1.5

#: What reads as the figure of a study. Doses, units and the numbers of one patient do not.
FIGURE = re.compile(
    r"\d[\d.,]*(?:\s?(?:%|per\s?cent\b)|\s(?:per|in every|out of)\s\d[\d,]*)|\b\d{1,3}(?:,\d{3})+\b|\b1 in \d+\b"
)
LOINC = re.compile(r"\d{3,5}-\d")
ICD10CM = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")
#: A line of MyST that is not shown. One that begins so says where the figures of the next paragraph come from.
COMPUTED = "% computed:"

Finding = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a paragraph, a table, a list item, or a fenced part with its head."""

    line: int
    text: str
    part: str
    fence: str = ""

    @property
    def tags(self) -> str:
        """The tags of a code cell, as written."""
        found = re.search(r"^:tags:\s*\[(.*)\]", self.text, re.MULTILINE)
        return found.group(1) if found else ""


def blocks(text: str) -> Iterator[Block]:
    """Yield the lesson's blocks with the line and the ``##`` part each stands in; headings are not blocks."""
    lines = text.splitlines()
    body = lines.index("---", 1) + 1 if lines[:1] == ["---"] and "---" in lines[1:] else 0
    part, gathered, start, fence = "", [], 0, ""

    def block() -> Iterator[Block]:
        if gathered:
            yield Block(start, "\n".join(gathered), part, fence.partition("{")[2].partition("}")[0] if fence else "")
            gathered.clear()

    for number, line in enumerate(lines[body:], body + 1):
        if fence:
            if line.strip() == "`" * len(re.match("`+", fence).group()):
                yield from block()
                fence = ""
            else:
                gathered.append(line)
        elif line.startswith("```"):
            yield from block()
            fence, start = line, number
            gathered.append("")
        elif line.startswith("#") or not line.strip():
            yield from block()
            if line.startswith("## "):
                part = line[3:].strip()
        else:
            if line.startswith(("- ", "* ", "1. ")) or re.match(r"\d+\. ", line):
                yield from block()
            if not gathered:
                start = number
            gathered.append(line)
    yield from block()


def parts(text: str) -> Iterator[Finding]:
    """The parts that are missing or out of order."""
    lines = text.splitlines()
    found = [(line[3:].strip(), number) for number, line in enumerate(lines, 1) if line.startswith("## ")]
    names = [name for name, _ in found]
    for part in PARTS:
        if part not in names:
            yield len(lines), f"the part '## {part}' is missing"
    there = [(name, line) for name, line in found if name in PARTS]
    for (name, line), wanted in zip(there, [p for p in PARTS if p in names], strict=False):
        if name != wanted:
            yield line, f"'## {name}' stands where '## {wanted}' should"
            return


def scene(made: Iterable[Block]) -> Iterator[Finding]:
    """A scene of more lines than six."""
    for block in made:
        if block.part == PARTS[0] and not block.fence:
            count = block.text.count("\\\n") + 1
            if count > SCENE_LINES:
                yield block.line, f"the scene has {count} lines; {SCENE_LINES} are the most"


def practices(made: Iterable[Block]) -> Iterator[Finding]:
    """Too few practices, or nothing to watch."""
    cells = [block for block in made if block.fence == "code-cell"]
    count = sum("practice" in block.tags for block in cells)
    if count < LEAST_PRACTICES:
        yield 1, f"there {'is' if count == 1 else 'are'} {count} of the {LEAST_PRACTICES} practices a lesson needs"
    if not any("demonstration" in block.tags for block in cells):
        yield 1, "there is no demonstration to watch"


def figures(made: Iterable[Block]) -> Iterator[Finding]:
    """Figures without a source in their paragraph, unless the lesson cites the same figure elsewhere."""
    prose = [block for block in made if not block.fence and block.part not in ("", PARTS[0])]
    cited = {f for block in prose if _has_source(block.text) for f in FIGURE.findall(block.text)}
    for block in prose:
        if _has_source(block.text):
            continue
        for found in FIGURE.finditer(block.text):
            if found.group() not in cited:
                line = block.line + block.text[: found.start()].count("\n")
                yield line, f"the figure '{found.group()}' has no source in its paragraph"


def _has_source(text: str) -> bool:
    return "{cite" in text or text.startswith(COMPUTED)


def terms(made: Iterable[Block], known: Collection[str]) -> Iterator[Finding]:
    """Words marked as terms that the glossary does not have. ``known``: its terms, case-folded."""
    for block in made:
        if block.fence == "code-cell":
            continue
        for found in re.finditer(r"\{term\}`(?:[^`<]*<)?([^`<>]+)>?`", block.text):
            term = " ".join(found.group(1).split())
            if term.casefold() not in known:
                line = block.line + block.text[: found.start()].count("\n")
                yield line, f"the term '{term}' is not in the glossary"


def glossary(text: str) -> dict[str, list[int]]:
    """The terms of a page's ``{glossary}`` blocks, case-folded, with the lines they stand on."""
    found: dict[str, list[int]] = {}
    for block in blocks(text):
        if block.fence == "glossary":
            for number, line in enumerate(block.text.splitlines(), block.line):
                if line.strip() and not line[0].isspace() and not line.startswith(":"):
                    found.setdefault(line.strip().casefold(), []).append(number)
    return found


def codes(made: Iterable[Block], known: Collection[str]) -> Iterator[Finding]:
    """Codes in ``code`` marks that the simulated hospital does not use: only those were looked up."""
    for block in made:
        if block.fence:
            continue
        for found in re.finditer(r"`([^`\n]+)`", block.text):
            code = found.group(1)
            if (LOINC.fullmatch(code) or ICD10CM.fullmatch(code)) and code not in known:
                line = block.line + block.text[: found.start()].count("\n")
                yield line, f"the code '{code}' is not one of those that were looked up for the simulated hospital"


def codes_in(texts: Iterable[str]) -> set[str]:
    """The codes that stand between quotation marks in files of the simulated hospital."""
    quoted = {word for text in texts for word in re.findall(r'"([0-9A-Z.-]{3,9})"', text)}
    return {word for word in quoted if LOINC.fullmatch(word) or ICD10CM.fullmatch(word)}


def pictures(made: Iterable[Block]) -> Iterator[Finding]:
    """Pictures that say nothing to who can't see them."""
    for block in made:
        if block.fence in ("image", "figure"):
            if not re.search(r"^:alt:\s*\S", block.text, re.MULTILINE):
                yield block.line, "the picture has no text alternative (:alt:)"
        elif not block.fence:
            for found in re.finditer(r"!\[\s*\]\(|<img\b(?![^>]*\balt=\"[^\"]+\")", block.text):
                line = block.line + block.text[: found.start()].count("\n")
                yield line, "the picture has no text alternative"


def minutes(made: Iterable[Block]) -> float:
    """How long the lesson takes: its words at reading speed, those of demonstrations too, and its practices."""
    words, count = 0, 0
    for block in made:
        if not block.fence:
            words += len(block.text.split())
        elif "demonstration" in block.tags:
            words += sum(len(said.split()) for said in _said(block.text))
        elif "practice" in block.tags:
            count += 1
    return words / WORDS_A_MINUTE + count * PRACTICE_MINUTES


def _said(cell: str) -> Iterator[str]:
    """The sentences in a cell's code: its texts of more than one word."""
    code = "\n".join(line for line in cell.splitlines() if not line.startswith(":"))
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.value


def problems(text: str, *, most_minutes: float, terms_known: Collection[str], codes_known: Collection[str]):
    """Yield every finding of a lesson, in the order of its lines."""
    made = list(blocks(text))
    found = [
        *parts(text),
        *scene(made),
        *practices(made),
        *figures(made),
        *terms(made, terms_known),
        *codes(made, codes_known),
        *pictures(made),
    ]
    takes = minutes(made)
    if takes > most_minutes:
        found.append((1, f"it takes {takes:.0f} minutes to read and practise, and course.toml says {most_minutes:g}"))
    yield from sorted(found)
