"""Holds a learner's list of concerns against what is seeded in a chart: what was found, what is right and was flagged.

A concern means an issue when what was picked and its kind both fit, and several picks fit each issue. A note, a device
or something missing can stand for more than one issue, and some picks only hint at one: there the words decide, by
generous patterns, and only there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grading.answers import Action
from grading.rubric import Finding
from simemr.domain.actions.concerns import Concern, Review
from simemr.domain.session import Session
from simemr.html import concerns as page

#: What can stand for many things, so that the pick alone says too little.
COARSE = ("note", "device", "absent")
#: Concerns that the key knows nothing of, and that still cost nothing: a good reader may see what its author did not.
FREE = 4
#: Words of somebody who does something, not of somebody who passes it on unread.
ACT = re.compile(
    r"\b(stop|hold|withh|omit|cancel|cease|discontinu|start|restart|resum|giv|order|prescrib|chart|chang|switch|swap|"
    r"reduc|halv|lower|adjust|increas|calculat|tell|told|call|ring|rang|phon|telephon|bleep|page|speak|spoke|inform|"
    r"discuss|ask|escalat|refer|check|repeat|measur|weigh|tak|remov|replac|pull|insert|updat|correct|record|document|"
    r"print|put|writ|feed|wak|treat|turn|examin|look|score|apply|clarif|confirm|clamp|flush|offload|get|send|request|"
    r"do|fit|move|keep|leav|offer|add|use|set|sign|swab|isolat|scan|new|"
    r"re-?(sit|posit|check|scor|calc|print|writ|insert|assess|dress|new|do|peat))",
    re.IGNORECASE,
)
#: The share of acts that earns everything: patterns do not know every good sentence.
PLAIN = 0.8


@dataclass(frozen=True)
class Issue:
    """Something seeded: what may be picked for it ("part/id"), the kinds that fit, and the words that name it.

    ``hints`` are picks that mean it only together with its words.
    """

    name: str
    about: frozenset[str]
    hints: frozenset[str]
    kinds: frozenset[str]
    words: str

    def named(self, plan: str) -> int:
        """How many of its words there are."""
        return len({found.lower() for found in re.findall(self.words, plan, re.IGNORECASE)})


def issue(name: str, about: str, kinds: str, words: str) -> Issue:
    """Make an issue of names set apart by spaces; a pick with a question mark behind it is a hint."""
    picks = about.split()
    sure = frozenset(pick for pick in picks if not pick.endswith("?"))
    hints = frozenset(pick.rstrip("?") for pick in picks if pick.endswith("?"))
    return Issue(name, sure, hints, frozenset(kinds.split()), words)


@dataclass
class Reading:
    """A list held against a key. ``false`` are things that are right, ``other`` what the key does not know."""

    found: dict[str, Concern] = field(default_factory=dict)
    false: list[Concern] = field(default_factory=list)
    other: list[Concern] = field(default_factory=list)


@dataclass(frozen=True)
class Key:
    """What is seeded in one patient's record, and what only looks wrong there ("part/id" -> why it is right).

    Each question answers with a Finding, so that a criterion asks one and returns what it says.
    """

    patient: str
    issues: Mapping[str, Issue]
    right: Mapping[str, str]

    def read(self, session: Session) -> Reading:
        """Hold the learner's concerns about the patient against the key."""
        concerns = list(session.state.part(Review).of(self.patient).values())
        named = [
            {k: issue.named(one.plan) for k, issue in self.issues.items() if _fits(one, issue)} for one in concerns
        ]
        means = [_means(one, words, self.issues) for one, words in zip(concerns, named, strict=True)]
        # what the words name most clearly first; then as many of the rest as can be
        clear = sorted(((-n, i, key) for i, words in enumerate(named) for key, n in words.items() if n))
        taken: dict[str, int] = {}
        for _, index, key in clear:
            if key not in taken and index not in taken.values():
                taken[key] = index
        matched = _match(means, taken)
        made = Reading({key: concerns[matched[key]] for key in self.issues if key in matched})
        for one, keys in zip(concerns, means, strict=True):
            if keys:
                continue  # it means an issue, perhaps for the second time
            (made.false if one.about in self.right else made.other).append(one)
        return made

    def found(self, session: Session, *keys: str) -> Finding:
        """The share of these issues that was found."""
        return self._share(self.read(session), keys)

    def _share(self, reading: Reading, keys: Sequence[str]) -> Finding:
        if len(keys) == 1:
            there = keys[0] in reading.found
            return Finding(there, "On your list." if there else "Not on your list.")
        good = [key for key in keys if key in reading.found]
        left = [self.issues[key].name for key in keys if key not in reading.found]
        text = f"On your list: {', '.join(self.issues[key].name for key in good) or 'none of these'}."
        if left and good:
            text += f" Not on it: {', '.join(left)}."
        return Finding(len(good) / len(keys), text)

    def in_time(self, session: Session, *either: str) -> Finding:
        """Whether something that can kill, or one of its signs, was found and is not put off until the discharge."""
        reading = self.read(session)
        return max((self._soon(reading, key) for key in either), key=lambda finding: finding.earned)

    def _soon(self, reading: Reading, key: str) -> Finding:
        found = reading.found.get(key)
        if found is not None and found.soon == "discharge":
            return Finding(0.5, "On your list, but only before the discharge: that is too late.")
        return self._share(reading, [key])

    def enough(self, session: Session, least: int) -> Finding:
        """Whether at least so many issues were found."""
        count = len(self.read(session).found)
        return Finding(count >= least, f"{count} of the {len(self.issues)} are on your list.")

    def precision(self, session: Session, enough: int) -> Finding:
        """How much of the list is worth reading: false alarms cost from the second on, and a short list earns less."""
        reading = self.read(session)
        noise = len(reading.false) + max(0, len(reading.other) - FREE)
        earned = max(0.0, 1 - max(0, noise - 1) / 5) * min(1.0, len(reading.found) / enough)
        count = len(reading.false)
        text = (
            f"{_concerns(count)} about something that is right." if count else "Nothing that is right is on your list."
        )
        for one in reading.false[:4]:
            text += f" {page.about(session, one).partition(', ')[0]}: {self.right[one.about]}"
        if reading.other:
            text += f" {_concerns(len(reading.other))} about something that this case does not count"
            text += f"; {FREE} of them cost nothing." if len(reading.other) > FREE else ", and cost nothing."
        return Finding(earned, text)

    def urgency(self, session: Session, now: Sequence[str], today: Sequence[str]) -> Finding:
        """Whether what can't wait stands at the top, and the top is not the whole list.

        ``now`` must be now; ``today`` may be now or today. What was not found is not counted, down to half of them.
        """
        reading = self.read(session)
        asked = [key for key in (*now, *today) if key in reading.found]
        good = [k for k in asked if reading.found[k].soon == "now" or (k in today and reading.found[k].soon == "today")]
        first = sum(one.soon == "now" for one in reading.found.values())
        crowded = first > len(now) + 7
        if not asked:
            return Finding(0, "None of those that can't wait is on your list.")
        text = f"What can't wait, with the right time: {len(good)} of {len(asked)} on your list."
        late = [self.issues[key].name for key in asked if key not in good]
        if late:
            text += f" Too late: {', '.join(late)}."
        if crowded:
            text += f" But {first} concerns are for now: whoever reads that starts anywhere."
        return Finding(len(good) / max(len(asked), (len(now) + len(today) + 1) // 2) * (0.5 if crowded else 1), text)

    def acts(self, session: Session, enough: int) -> Finding:
        """The share of what was found that ends in an act; whoever found fewer than ``enough`` has not shown it."""
        reading = self.read(session)
        good = [key for key, one in reading.found.items() if ACT.search(one.plan) and len(one.plan.split()) >= 2]
        vague = [f"“{one.plan}”" for key, one in reading.found.items() if key not in good]
        text = f"Concerns that count and say what you would do: {len(good)} of {len(reading.found)}."
        if vague:
            text += f" Not yet an act: {'; '.join(vague[:3])}."
        return Finding(min(1.0, len(good) / max(len(reading.found), enough) / PLAIN), text)

    def opened(self, session: Session, tabs: Sequence[str]) -> Finding:
        """The share of these parts of the record that was on the screen while this patient's was open."""
        tab, patient, seen = session.scenario.tabs[0], "", set()
        for event in session.state.events:
            if event.action == "open_patient":
                patient = event.args["patient"]
            elif event.action == "open_tab":
                tab = event.args["tab"]
            if patient == self.patient:
                seen.add(tab)
        left = [tab for tab in tabs if tab not in seen]
        text = f"You opened {len(tabs) - len(left)} of {len(tabs)} parts of the record."
        if left and len(left) < len(tabs):
            text += f" Not opened: {', '.join(left)}."
        return Finding((len(tabs) - len(left)) / len(tabs), text)


def _concerns(count: int) -> str:
    return "1 concern is" if count == 1 else f"{count} concerns are"


def _fits(one: Concern, found: Issue) -> bool:
    return one.about in found.about | found.hints and one.kind in found.kinds


def _means(one: Concern, words: Mapping[str, int], issues: Mapping[str, Issue]) -> list[str]:
    """The issues that a concern may stand for, those it names first."""
    named = sorted((key for key, count in words.items() if count), key=lambda key: -words[key])
    could = [key for key, found in issues.items() if one.about in found.about and one.kind in found.kinds]
    if one.about.partition("/")[0] in COARSE and len(could) > 1:
        could = []
    return list(dict.fromkeys([*named, *could]))


def _match(means: Sequence[Sequence[str]], taken: dict[str, int]) -> dict[str, int]:
    """As many issues as can be, each by a concern of its own; what is matched stays matched."""
    taken = dict(taken)

    def place(index: int, seen: set[str]) -> bool:
        for key in means[index]:
            if key not in seen:
                seen.add(key)
                if key not in taken or place(taken[key], seen):
                    taken[key] = index
                    return True
        return False

    for index in range(len(means)):
        if index not in taken.values():
            place(index, set())
    return taken


# ---------------------------------------------------------------------------------------------------------------
# what the authors of an answer write


def concern(about: str, kind: str, soon: str, plan: str) -> dict[str, str]:
    """A concern as its action takes it."""
    return {"about": about, "kind": kind, "soon": soon, "plan": plan}


def flag(
    about: str, kind: str, soon: str = "today", plan: str = "Please check and change if needed."
) -> dict[str, str]:
    """A concern of somebody who flags without thinking."""
    return concern(about, kind, soon, plan)


def review(patient: str, tabs: Sequence[str], concerns: Iterable[Mapping[str, str]], soon: str = "") -> list[Action]:
    """The actions of one review: read these parts, write these concerns (all of the urgency ``soon``, if given)."""
    return [
        ("open_patient", {"patient": patient}),
        ("confirm_identity", {"patient": patient, "identifiers": ["name", "hospital_number"]}),
        *(("open_tab", {"tab": tab}) for tab in tabs),
        *(("write_concern", {"patient": patient, **one, **({"soon": soon} if soon else {})}) for one in concerns),
        ("open_tab", {"tab": "concerns"}),
        ("hand_in", {}),
    ]
