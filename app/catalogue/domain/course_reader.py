"""Parse `course.toml` (facts of a course) and `course.<lang>.md` (title, description, outcomes)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.access.policy import Sensitivity
from app.catalogue.domain.courses import (
    Aim,
    Checklist,
    CourseFacts,
    CourseTest,
    CourseText,
    DeskTask,
    Draw,
    Feedback,
    LessonEntry,
    Paper,
    Pretest,
    Retention,
    Review,
    Reviewer,
    ReviewPart,
    ReviewPoint,
    ShownResult,
)
from app.catalogue.domain.guesses import GuessCondition, GuessReaders, GuessRecord
from app.catalogue.domain.items import ItemForm, Level
from app.catalogue.domain.markdown_blocks import MarkdownBlock, cut
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.targets import DOCUMENT_ID
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.toml_lines import Path
from app.catalogue.domain.toml_tables import (
    KeyRule,
    TomlReader,
    day,
    integer_between,
    list_of,
    mapping_of,
    number,
    one_of,
    parse_toml,
    read_fields,
    table,
    tables,
    text,
    yes_no,
)

LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?"
SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"

_line = text(r"[^\n]*\S[^\n]*", "a text of one line in quotes")
_line_or_none = text(r"[^\n]*", "a text of one line in quotes")
_slug_or_none = text(f"(?:{SLUG})?", "the slug of a lesson, such as the-definition")
_slug = text(SLUG, "small letters, figures and single hyphens, such as the-definition")
_course_id = text("[A-Z][A-Z0-9]*", "capital letters and figures, such as M01")
_item_id = text("[A-Z][A-Z0-9]*-Q[0-9]{2,3}", "the id of an item, such as M01-Q01")
_document_id = text(DOCUMENT_ID, "the id of a document, such as SF-D10")
_competency = text("[A-Z][A-Z0-9]*-[0-9]+", "the id of a competency, such as LRE-01")
_bank = text("[0-9a-f]{8,64}", "the first figures of the SHA-256 of the questions, such as a41f09c2")
_role = text("[a-z]+(?:_[a-z]+)*", "a role in small letters and underscores, such as first_responder")

_AIM = {"id": KeyRule(_competency, needed=True), "level": KeyRule(one_of(Level), needed=True)}
_REVIEW = {
    "by": KeyRule(one_of(Reviewer), needed=True),
    "role": KeyRule(_line_or_none),
    "on": KeyRule(day, needed=True),
}
_LESSON = {
    "slug": KeyRule(_slug, needed=True),
    "minutes": KeyRule(integer_between(1, 600), needed=True),
    "competencies": KeyRule(list_of(_competency)),
    "warning": KeyRule(integer_between(0, 2)),
    "skip_to": KeyRule(_slug_or_none),
    "alternative": KeyRule(_slug_or_none),
}
_PAPER = {
    "id": KeyRule(text("[A-Z][A-Z0-9]*-P[0-9]{2,3}", "the id of a paper, such as M01-P01"), needed=True),
    "form": KeyRule(one_of(ItemForm), needed=True),
    "family": KeyRule(text(SLUG, "small letters, figures and single hyphens, such as payslips"), needed=True),
    "documents": KeyRule(list_of(_document_id), needed=True),
    "items": KeyRule(list_of(_item_id), needed=True),
    "minutes": KeyRule(integer_between(0, 600)),
}
_DESK_TASK = {
    "id": KeyRule(text("[A-Z][A-Z0-9]*-T[0-9]{2,3}", "the id of a desk task, such as M01-T01"), needed=True),
    "competency": KeyRule(_competency, needed=True),
    "level": KeyRule(one_of(Level), needed=True),
    "rubric": KeyRule(_line, needed=True),
    "documents": KeyRule(list_of(_document_id), needed=True),
    "items": KeyRule(list_of(_item_id), needed=True),
    "minutes": KeyRule(integer_between(0, 600)),
}
_DRAW = {
    "competency": KeyRule(_competency, needed=True),
    "items": KeyRule(integer_between(1, 100), needed=True),
    "level": KeyRule(one_of(Level)),
}
_CHECKLIST = {"on": KeyRule(day, needed=True), "done": KeyRule(list_of(one_of(ReviewPoint)), needed=True)}
_TEST = {
    "draw": KeyRule(list_of(table(_DRAW, Draw)), needed=True),
    "pass_mark": KeyRule(number(0, 1)),
    "attempts": KeyRule(integer_between(0, 100)),
    "wait_hours": KeyRule(integer_between(0, 10_000)),
    "minutes": KeyRule(integer_between(0, 1_000)),
    "certainty": KeyRule(yes_no),
    "feedback": KeyRule(one_of(Feedback)),
    "shown_result": KeyRule(one_of(ShownResult)),
    "right_after": KeyRule(list_of(one_of(ReviewPart))),
    "while_open": KeyRule(list_of(one_of(ReviewPart))),
    "closed": KeyRule(list_of(one_of(ReviewPart))),
    "papers": KeyRule(integer_between(0, 10)),
    "floor": KeyRule(mapping_of(_competency, number(0, 1))),
}
_PRETEST = {"items": KeyRule(integer_between(1, 100), needed=True)}
_RETENTION = {"items": KeyRule(integer_between(1, 100), needed=True), "months": KeyRule(integer_between(1, 60))}
_GUESS = {
    "condition": KeyRule(one_of(GuessCondition), needed=True),
    "readers": KeyRule(one_of(GuessReaders), needed=True),
    "count": KeyRule(integer_between(1, 10_000), needed=True),
    "items": KeyRule(integer_between(1, 1_000), needed=True),
    "share": KeyRule(number(0, 1), field="rate", needed=True),
    "low": KeyRule(number(0, 1), needed=True),
    "high": KeyRule(number(0, 1), needed=True),
    "chance": KeyRule(number(0, 1), needed=True),
    "bank": KeyRule(_bank, needed=True),
    "seed": KeyRule(integer_between(0, 2**63 - 1), needed=True),
    "on": KeyRule(day, needed=True),
    "by": KeyRule(_line, needed=True),
    "method": KeyRule(_line, needed=True),
    "model": KeyRule(_line_or_none),
}
_COURSE = {
    "id": KeyRule(_course_id, needed=True),
    "source_language": KeyRule(text(LANGUAGE, "the code of a language, such as en"), needed=True),
    "sensitivity": KeyRule(one_of(Sensitivity), needed=True),
    "hours": KeyRule(number(0, 1_000), needed=True),
    "roles": KeyRule(list_of(_role)),
    "prerequisites": KeyRule(list_of(_course_id)),
    "licence": KeyRule(_line, needed=True),
    "authors": KeyRule(list_of(_line)),
    "owner": KeyRule(_line_or_none),
    "checked_on": KeyRule(day),
    "retired": KeyRule(list_of(_item_id)),
    "peer_marking": KeyRule(yes_no),
    "collection": KeyRule(yes_no),
    "competency": KeyRule(tables(_AIM, Aim), field="competencies"),
    "review": KeyRule(tables(_REVIEW, Review), field="reviews"),
    "checklist": KeyRule(table(_CHECKLIST, Checklist)),
    "lesson": KeyRule(tables(_LESSON, LessonEntry), field="lessons"),
    "paper": KeyRule(tables(_PAPER, Paper), field="papers"),
    "desk_task": KeyRule(tables(_DESK_TASK, DeskTask), field="desk_tasks"),
    "test": KeyRule(table(_TEST, CourseTest)),
    "pretest": KeyRule(table(_PRETEST, Pretest)),
    "retention": KeyRule(table(_RETENTION, Retention)),
    "guess": KeyRule(tables(_GUESS, GuessRecord), field="guesses"),
}
# The format shows these below [[competency]], where TOML counts them to the last of those tables: both places are read.
LIFTED = ("authors", "owner", "checked_on", "retired", "peer_marking", "collection")


def read_course(source: TextFile) -> tuple[CourseFacts | None, list[Problem]]:
    """Return the course and all problems; the course is None if the file or a required key is not usable."""
    plain, desk = parse_toml(source)
    if plain is None:
        return None, desk.problems
    _lift(plain, desk)
    fields = read_fields(plain, _COURSE, desk, ())
    if fields is None:
        return None, desk.problems
    course = CourseFacts(**fields)
    _note_twins(course, desk)
    return course, desk.problems


def _lift(plain: dict[str, Any], desk: TomlReader) -> None:
    """Move the keys of the course that are written below a `[[competency]]` table to the top level."""
    entries = plain.get("competency")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        for name in LIFTED:
            if isinstance(entry, dict) and name in entry and name not in plain:
                plain[name] = entry.pop(name)
                desk.lines.alias((name,), ("competency", index, name))


def _note_twins(course: CourseFacts, desk: TomlReader) -> None:
    draws = _drawn(course.test.draw) if course.test else []
    done = course.checklist.done if course.checklist else ()
    tables = (("competency", course.competencies), ("paper", course.papers), ("desk_task", course.desk_tasks))
    for key, entries in tables:
        _note_repeated((key,), [entry.id for entry in entries], desk)
    names: tuple[tuple[Path, Iterable[str]], ...] = (
        (("lesson",), [entry.slug for entry in course.lessons]),
        (("retired",), course.retired),
        (("prerequisites",), course.prerequisites),
        (("roles",), course.roles),
        (("test", "draw"), draws),
        (("checklist", "done"), done),
    )
    for path, values in names:
        _note_repeated(path, values, desk)


def _note_repeated(path: Path, values: Iterable[str], desk: TomlReader) -> None:
    met: set[str] = set()
    for index, value in enumerate(values):
        if value in met:
            message = '"%(value)s" appears twice in "%(key)s".'
            desk.note((*path, index), message, "Remove one of the two.", key=str(path[-1]), value=value)
        met.add(value)


def _drawn(draws: Sequence[Draw]) -> list[str]:
    """Return the competency of each draw, with the level unless another draw takes any level of it."""
    of_any = {draw.competency for draw in draws if draw.level is None}
    return [draw.competency if draw.competency in of_any else f"{draw.competency} {draw.level}" for draw in draws]


def read_course_text(source: TextFile) -> tuple[CourseText, list[Problem]]:
    """Return title, paragraph, lead and outcomes, and all problems; a missing part is an empty text."""
    blocks = cut(source.lines)
    problems: list[Problem] = []
    title, blocks = _title(source.file, blocks, problems)
    paragraph = _take(blocks, "paragraph")
    lead = blocks.pop(0) if _leads(blocks) else None
    listed = _take(blocks, "list -")
    problems += _missing_parts(source.file, paragraph, listed)
    message, hint = "The description of a course cannot contain this block.", "Move it into a lesson, or delete it."
    problems += [Problem(source.file, block.line, message, hint) for block in blocks]
    outcomes = tuple(_entries(listed.text)) if listed else ()
    return CourseText(title, paragraph.text if paragraph else "", outcomes, lead.text if lead else ""), problems


def _take(blocks: list[MarkdownBlock], kind: str) -> MarkdownBlock | None:
    """Remove and return the first block if it is of this kind."""
    return blocks.pop(0) if blocks and blocks[0].kind == kind else None


def _missing_parts(file: str, paragraph: MarkdownBlock | None, listed: MarkdownBlock | None) -> Iterator[Problem]:
    line = paragraph.line if paragraph else 1
    if paragraph is None:
        yield _lacks(file, line, "one paragraph", "Write below the title what the course is about.")
    if listed is None:
        yield _lacks(file, line, "outcomes", 'List after "You will be able to:" what is learnt, with "- ".')


def _title(file: str, blocks: list[MarkdownBlock], problems: list[Problem]) -> tuple[str, list[MarkdownBlock]]:
    if blocks and blocks[0].kind == "heading 1":
        title = blocks[0].text[1:].strip()
        if not title:
            problems.append(Problem(file, blocks[0].line, "The title is empty.", 'Write it after "# ".'))
        return title, blocks[1:]
    problems.append(_lacks(file, blocks[0].line if blocks else 1, "a title", 'Begin with "# " and the title.'))
    return "", blocks


def _leads(blocks: list[MarkdownBlock]) -> bool:
    """Return whether a heading or a paragraph is directly before the list of outcomes."""
    return len(blocks) > 1 and blocks[1].kind == "list -" and blocks[0].kind.startswith(("heading", "paragraph"))


def _entries(listed: str) -> list[str]:
    entries: list[str] = []
    for line in listed.split("\n"):
        if line.startswith(("- ", "* ", "+ ")):
            entries.append(line[2:].strip())
        elif line.strip() and entries:
            entries[-1] = f"{entries[-1]} {line.strip()}"
    return entries


def _lacks(file: str, line: int, thing: str, hint: str) -> Problem:
    return Problem(file, line, "The description of the course has no %(thing)s.", hint, {"thing": thing})
