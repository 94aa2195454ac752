"""An exercise's folder as one value: its scenario, its rubric, and its authors' answers.

Loads exercises/<slug>/{scenario.toml, rubric.py, answers.py} and refuses, naming the file, whatever does not
fit together. It runs the authors' Python, never a learner's.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import simemr.domain
from grading.answers import Action, AnswerError, Wrong, log_text
from grading.course import Course, CourseError, Module
from grading.course import load as load_course
from grading.rubric import Criterion, Rubric
from grading.sandbox import Limits
from simemr.domain import attempt as attempts
from simemr.domain import scenario as scenarios
from simemr.domain.actions.code import CodeCell
from simemr.domain.load import DataError

MOST_CRITERIA = 12
MOST_CRITICAL = 3
FEWEST_WRONG = 3


@dataclass(frozen=True)
class Exercise:
    """One exercise, ready to score. `fingerprint` changes when anything that a score depends on changes."""

    slug: str
    title: str
    role: str
    folder: Path
    module: Module
    course_version: str
    criteria: tuple[Criterion, ...]
    scenario: Any
    hospital: Any
    model: tuple[Action, ...]
    wrong: Mapping[str, Wrong]
    fingerprint: str = field(repr=False)
    #: Code criteria, which count for nothing, and what their code may use.
    extras: tuple[Criterion, ...] = ()
    limits: Limits = Limits()
    #: The authors' code: name -> (source by cell, the extra points it must get). "MODEL" earns all.
    code: Mapping[str, tuple[Mapping[str, str], float]] = field(default_factory=dict)

    @property
    def max(self) -> float:
        """All the points there are."""
        return sum(criterion.points for criterion in self.criteria)

    @property
    def pass_mark(self) -> float:
        return self.module.pass_mark

    @property
    def critical(self) -> tuple[str, ...]:
        return tuple(criterion.id for criterion in self.criteria if criterion.critical)

    def log_text(self, actions: Any, **more: Any) -> str:
        """The answer log of these actions; see grading.answers.log_text."""
        return log_text(self.scenario, self.hospital, actions, course_version=self.course_version, **more)


def load(course: Course, slug: str) -> Exercise:
    """Load and validate one exercise. Raises CourseError naming the file, and the line where there is one."""
    module = course.module_of(slug)
    folder = course.exercise_folder / slug
    if not folder.is_dir():
        raise CourseError(f"exercises/{slug}: there is no such folder.")
    rubric = _python(folder / "rubric.py", slug)
    answers = _python(folder / "answers.py", slug)
    criteria, extras = _criteria(rubric, module, f"exercises/{slug}/rubric.py")
    model, wrong = _answers(answers, criteria, f"exercises/{slug}/answers.py")
    try:
        scenario = scenarios.load(slug, folder / "scenario.toml")
        hospital = attempts.hospital_for(scenario)
    except DataError as error:
        raise CourseError(_relative(str(error), course.root)) from None
    _cells(extras, scenario, f"exercises/{slug}")
    return Exercise(
        slug=slug,
        title=scenario.title,
        role=scenario.role,
        folder=folder,
        module=module,
        course_version=course.version,
        criteria=criteria,
        scenario=scenario,
        hospital=hospital,
        model=model,
        wrong=MappingProxyType(wrong),
        fingerprint=_fingerprint(folder, module),
        extras=extras,
        limits=course.limits,
        code=MappingProxyType(_code(answers, extras, f"exercises/{slug}/answers.py")),
    )


@cache
def cached(root: Path, slug: str) -> Exercise:
    """An exercise, loaded once a process. A process that grades is started anew when the course has
    changed.
    """
    return load(load_course(root, check_folders=False), slug)


def load_all(course: Course) -> dict[str, Exercise]:
    """Every exercise of the course by its slug, in order. Raises CourseError at the first that is wrong."""
    return {slug: load(course, slug) for slug in course.exercises}


def verify(exercise: Exercise) -> Iterator[str]:
    """Play the authors' answers and yield a sentence for each thing that does not come out as they say.

    The model earns everything, a blank log nothing, each wrong answer its stated points and misses; and each
    criterion is failed by at least one wrong answer, or nobody knows whether it can fail.
    """
    from grading.scoring import GradingError, Refused, score

    where = f"exercises/{exercise.slug}/answers.py"

    def play(name: str, actions: Any) -> Any:
        try:
            return score(exercise, exercise.log_text(actions))
        except (AnswerError, GradingError, Refused) as error:
            problems.append(f"{where}: {name}: {error}")
            return None

    problems: list[str] = []
    result = play("MODEL", exercise.model)
    if result and result.points != exercise.max:
        missed = ", ".join(c.id for c in result.criteria if not c.met)
        problems.append(f"{where}: MODEL earns {result.points:g} of {exercise.max:g} points; it misses {missed}.")
    if result and not result.passed:
        problems.append(f"{where}: MODEL does not pass.")
    blank = play("a blank log", ())
    if blank and blank.points:
        gets = ", ".join(c.id for c in blank.criteria if c.points)
        problems.append(f"exercises/{exercise.slug}/rubric.py: a blank log earns {blank.points:g} points, for {gets}.")
    never_failed = {criterion.id for criterion in exercise.criteria}
    for name, wrong in exercise.wrong.items():
        result = play(f"WRONG['{name}']", wrong.actions)
        if not result:
            continue
        misses = {c.id for c in result.criteria if not c.met}
        never_failed -= misses
        if result.points != wrong.score:
            problems.append(f"{where}: WRONG['{name}'] earns {result.points:g} points, not {wrong.score:g}.")
        if misses != set(wrong.misses):
            problems.append(
                f"{where}: WRONG['{name}'] misses {', '.join(sorted(misses)) or 'nothing'}, "
                f"not {', '.join(sorted(wrong.misses)) or 'nothing'}."
            )
    for criterion in exercise.criteria:
        if criterion.id in never_failed:
            problems.append(f"{where}: no wrong answer misses the criterion '{criterion.id}'.")
    yield from problems
    if exercise.extras:
        yield from _verify_code(exercise, where)


def _verify_code(exercise: Exercise, where: str) -> Iterator[str]:
    """The same for code, where it can be run: the model earns all that is extra, each wrong code what it says."""
    from grading.scoring import score

    never_failed = {criterion.id for criterion in exercise.extras}
    for name, (sources, points) in exercise.code.items():
        actions = [("write_code", {"cell": cell, "source": source}) for cell, source in sources.items()]
        extras = score(exercise, exercise.log_text(actions), run_code=True).extras
        if any(extra.waiting for extra in extras):
            return  # code can't be run on this machine, as `course doctor` says: nothing is wrong with the course
        earned = sum(extra.points for extra in extras)
        never_failed -= {extra.id for extra in extras if not extra.met}
        if earned != points:
            told = "; ".join(f"{extra.id}: {extra.evidence}" for extra in extras if not extra.met)
            yield f"{where}: CODE['{name}'] earns {earned:g} extra points, not {points:g}. {told}".strip()
    for criterion in sorted(never_failed):
        yield f"{where}: no wrong code misses the criterion '{criterion}'."


def _python(file: Path, slug: str) -> ModuleType:
    """Run one of the authors' Python files and return it as a module."""
    name = f"_exercise_{slug.replace('-', '_')}_{file.stem}"
    where = f"exercises/{slug}/{file.name}"
    if not file.is_file():
        raise CourseError(f"{where}: there is no such file.")
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up by name
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise CourseError(f"{where}:{error.lineno}: {error.msg}.") from None
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
        raise CourseError(f"{where}:{lines[-1] if lines else 1}: {error}.") from error
    finally:
        sys.modules.pop(name, None)
    return module


def _criteria(rubric: ModuleType, module: Module, where: str) -> tuple[tuple[Criterion, ...], tuple[Criterion, ...]]:
    held = getattr(rubric, "rubric", None)
    if not isinstance(held, Rubric):
        raise CourseError(f"{where}: it must have `rubric = Rubric()` and add its criteria to that.")
    criteria, extras = tuple(held), tuple(held.extras)
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        raise CourseError(f"{where}: it has {len(criteria)} criteria; it must have 1 to {MOST_CRITERIA}.")
    critical = [criterion.id for criterion in criteria if criterion.critical]
    if len(critical) > MOST_CRITICAL:
        raise CourseError(
            f"{where}: {len(critical)} criteria are critical ({', '.join(critical)}); "
            f"there can be at most {MOST_CRITICAL}."
        )
    objectives = [objective.id for objective in module.objectives]
    for criterion in (*criteria, *extras):
        if criterion.objective not in objectives:
            raise CourseError(
                f"{where}: criterion '{criterion.id}' names the objective '{criterion.objective}', which "
                f"module '{module.slug}' does not have in course.toml. It has: {', '.join(objectives)}."
            )
    return criteria, extras


def _cells(extras: tuple[Criterion, ...], scenario: Any, where: str) -> None:
    """Raise CourseError unless each code cell has a criterion, and each code criterion its cell."""
    offered, judged = {cell.id for cell in scenario.of(CodeCell)}, {criterion.cell for criterion in extras}
    for cell in sorted(judged - offered):
        raise CourseError(f"{where}/rubric.py: a criterion judges the code cell '{cell}', which scenario.toml lacks.")
    for cell in sorted(offered - judged):
        raise CourseError(f"{where}/scenario.toml: no criterion judges the code cell '{cell}'.")


def _answers(
    answers: ModuleType, criteria: tuple[Criterion, ...], where: str
) -> tuple[tuple[Action, ...], dict[str, Wrong]]:
    model, wrong = getattr(answers, "MODEL", None), getattr(answers, "WRONG", None)
    if not model or not _are_actions(model):
        raise CourseError(f"{where}: MODEL must be a list of (action, {{argument: value}}).")
    if not isinstance(wrong, dict) or not all(isinstance(value, Wrong) for value in wrong.values()):
        raise CourseError(f"{where}: WRONG must be a dict of name: Wrong(...).")
    if len(wrong) < FEWEST_WRONG:
        raise CourseError(f"{where}: it has {len(wrong)} wrong answers; it must have at least {FEWEST_WRONG}.")
    known, most = {criterion.id for criterion in criteria}, sum(criterion.points for criterion in criteria)
    for name, answer in wrong.items():
        if not _are_actions(answer.actions):
            raise CourseError(f"{where}: WRONG['{name}'].actions must be a list of (action, {{argument: value}}).")
        if not isinstance(answer.score, (int, float)) or not 0 <= answer.score < most:
            raise CourseError(f"{where}: WRONG['{name}'].score must be from 0 to below {most:g}, not {answer.score!r}.")
        if not answer.misses:
            raise CourseError(f"{where}: WRONG['{name}'] misses nothing, so it is not wrong.")
        for criterion in sorted(set(answer.misses) - known):
            raise CourseError(f"{where}: WRONG['{name}'] misses '{criterion}', which is no criterion of the rubric.")
    return tuple(tuple(action) for action in model), dict(wrong)


def _code(answers: ModuleType, extras: tuple[Criterion, ...], where: str) -> dict[str, tuple[Mapping[str, str], float]]:
    """CODE, for an exercise with code cells: a model that earns all, and at least one that does not."""
    code = getattr(answers, "CODE", {})
    cells, most = {criterion.cell for criterion in extras}, sum(criterion.points for criterion in extras)
    if not extras and not code:
        return {}
    for name, value in code.items():
        if not isinstance(value, tuple) or len(value) != 2 or not set(value[0]) <= cells:
            raise CourseError(f"{where}: CODE['{name}'] must be ({{cell: source}}, points), of this exercise's cells.")
    if "MODEL" not in code or code["MODEL"][1] != most:
        raise CourseError(f"{where}: CODE must have a 'MODEL' that earns all {most:g} extra points.")
    if len(code) < 2:
        raise CourseError(f"{where}: CODE must have at least one wrong answer too.")
    return dict(code)


def _are_actions(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(
        isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str) and isinstance(item[1], Mapping)
        for item in value
    )


def _fingerprint(folder: Path, module: Module) -> str:
    """A digest of all that a score of this exercise depends on: its own files, the engine and the
    hospital.
    """
    digest = hashlib.sha256(f"{module.slug} {module.pass_mark!r}".encode())
    engine = Path(simemr.domain.__file__).parent
    # concerns.py is part of the rubrics that use it
    files = [folder / "rubric.py", folder / "scenario.toml", Path(__file__).with_name("concerns.py")]
    files += sorted(engine.rglob("*.py")) + sorted((engine.parent / "data").rglob("*.toml"))
    for file in files:
        digest.update(f"\n{file.name} {file.stat().st_size}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _relative(text: str, root: Path) -> str:
    return text.replace(f"{root}/", "").replace(f"{root}\\", "")
