"""Read the questions of a draft: each with its problems, and how many a test needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.domain.blueprint_checks import live_items
from app.catalogue.domain.courses import Draw
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.items import Bank, Item, ItemForm
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import BlockType
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.text import TextFile, normalise
from app.studio.domain import bank_keys, bank_text
from app.studio.queries import checked, drafts
from app.studio.queries.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question of the bank; `item` is None if its text has errors of syntax. Problem lines count from its heading."""

    id: str
    text: str
    item: Item | None
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Return whether a problem of the question prevents publishing."""
        return any(problem.weight is Weight.ERROR for problem in self.problems)

    def key(self, name: str) -> str:
        """Return a key as written, also of a question with errors."""
        return bank_keys.key_value(self.text, name)


@dataclass(frozen=True, slots=True)
class DraftBank:
    """The questions in the source language. `digest` is that of the file, "" without one; `problems` are of no item."""

    folder: CourseFolder
    path: str
    digest: str
    lines: Mapping[str, QuestionLine]
    problems: tuple[Problem, ...]

    @property
    def language(self) -> str:
        """Return the source language."""
        return self.folder.course.source_language


@dataclass(frozen=True, slots=True)
class Demand:
    """How many questions of a competency (and level) the test draws, and how many the bank has of each form."""

    competency: str
    level: str
    needed: int
    form_a: int
    form_b: int
    total: int


def bank(workspace: Workspace) -> DraftBank:
    """Return the questions of a draft. Raises DomainError if `course.toml` cannot be used."""
    folder = checked.folder(workspace)
    path = path_in_course(Part.BANK, folder.course.source_language)
    if path not in _paths(workspace):
        return DraftBank(folder, path, "", {}, ())
    content = drafts.file(workspace, path)
    text = normalise(content.decode("utf-8", "replace"))
    source_bank = folder.banks.get(folder.course.source_language, Bank(()))
    problems = checked.checked(workspace).problems.get(path, ())
    lines, others = _lines(text, source_bank, problems)
    return DraftBank(folder, path, drafts.digest_of(content), lines, others)


def _paths(workspace: Workspace) -> frozenset[str]:
    return frozenset(path for path, state in drafts.file_states(workspace).items() if state.digest)


def _lines(
    text: str, source_bank: Bank, problems: Sequence[Problem]
) -> tuple[dict[str, QuestionLine], tuple[Problem, ...]]:
    items = {item.id: item for item in source_bank.items}
    lines, others, text_lines = {}, list(problems), text.split("\n")
    for item_id, span in bank_text.spans(text).items():
        own = [problem for problem in others if span.first < problem.line <= span.next_first]
        others = [problem for problem in others if problem not in own]
        relative = tuple(_moved(problem, problem.line - span.first) for problem in own)
        lines[item_id] = QuestionLine(item_id, bank_text.text_of(text_lines, span), items.get(item_id), relative)
    return lines, tuple(others)


def _moved(problem: Problem, line: int) -> Problem:
    return Problem(problem.file, line, problem.message, problem.hint, problem.values, problem.weight)


def demands(draft_bank: DraftBank) -> list[Demand]:
    """Return what the test draws, then the other competencies of the bank."""
    draws = _draws(draft_bank)
    items = [line.item for line in draft_bank.lines.values() if line.item is not None]
    drawn = {draw.competency for draw in draws}
    aims = [aim.id for aim in draft_bank.folder.course.competencies]
    names = dict.fromkeys([*aims, *(item.competency for item in items)])
    others = [Draw(name, 0) for name in names if name not in drawn]
    return [_demand(draft_bank, items, draw) for draw in (*draws, *others)]


def _demand(draft_bank: DraftBank, items: Sequence[Item], draw: Draw) -> Demand:
    course_bank = Bank(tuple(items))
    retired = draft_bank.folder.course.retired
    return Demand(
        competency=draw.competency,
        level=draw.level or "",
        needed=draw.items,
        form_a=live_items(course_bank, draw, ItemForm.A, retired=retired),
        form_b=live_items(course_bank, draw, ItemForm.B, retired=retired),
        total=sum(draw.takes(item) for item in items),
    )


def competencies(draft_bank: DraftBank) -> list[str]:
    """Return the competencies of a question of this course, the first one as the default.

    Those that the course names, then those of its lessons, test and questions; all of the framework if there are none.
    """
    course = draft_bank.folder.course
    names = [aim.id for aim in course.competencies]
    names += [name for entry in course.lessons for name in entry.competencies]
    names += [draw.competency for draw in _draws(draft_bank)]
    names += filter(None, [line.key("competency") for line in draft_bank.lines.values()])
    return list(dict.fromkeys(names)) or _framework()


def _framework() -> list[str]:
    return [competency.id for competency in checked.references().competencies.competencies]


def _draws(draft_bank: DraftBank) -> tuple[Draw, ...]:
    test = draft_bank.folder.course.test
    return test.draw if test else ()


def default_competency(draft_bank: DraftBank, lesson: str = "") -> str:
    """Return the competency of a new question: the first one of the lesson, or of the course."""
    own = [name for entry in draft_bank.folder.course.lessons if entry.slug == lesson for name in entry.competencies]
    return next(iter([*own, *competencies(draft_bank)]), "")


def lessons_with(draft_bank: DraftBank, item_id: str) -> list[tuple[str, str]]:
    """Return slug and title of the lessons that ask a question."""
    lessons = []
    for entry in draft_bank.folder.course.lessons:
        lesson = draft_bank.folder.lessons.get(entry.slug, {}).get(draft_bank.language)
        blocks = scan(TextFile("", lesson.body))[0].titles(BlockType.CHECK) if lesson else []
        if lesson and item_id in {block.title for block in blocks}:
            lessons.append((entry.slug, lesson.title))
    return lessons
