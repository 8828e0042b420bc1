"""Reading `course.toml` and `course.<lang>.md`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.access.policy import Sensitivity
from app.catalogue.domain.courses import (
    Aim,
    Checklist,
    Course,
    CourseTest,
    CourseText,
    Draw,
    Feedback,
    LessonEntry,
    Point,
    Pretest,
    Retention,
    Review,
    Reviewer,
)
from app.catalogue.domain.items import Level
from app.catalogue.domain.markdown_blocks import Block, cut
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import Source
from app.catalogue.domain.toml_lines import Path
from app.catalogue.domain.toml_tables import (
    Key,
    TomlReader,
    day,
    list_of,
    number,
    one_of,
    open_desk,
    read_fields,
    table,
    tables,
    text,
    whole,
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
_competency = text("[A-Z][A-Z0-9]*-[0-9]+", "the id of a competency, such as LRE-01")
_role = text("[a-z]+(?:_[a-z]+)*", "a role in small letters and underscores, such as first_responder")

_AIM = {"id": Key(_competency, needed=True), "level": Key(one_of(Level), needed=True)}
_REVIEW = {"by": Key(one_of(Reviewer), needed=True), "role": Key(_line_or_none), "on": Key(day, needed=True)}
_LESSON = {
    "slug": Key(_slug, needed=True),
    "minutes": Key(whole(1, 600), needed=True),
    "competencies": Key(list_of(_competency)),
    "warning": Key(whole(0, 2)),
    "skip_to": Key(_slug_or_none),
    "alternative": Key(_slug_or_none),
}
_DRAW = {
    "competency": Key(_competency, needed=True),
    "items": Key(whole(1, 100), needed=True),
    "level": Key(one_of(Level)),
}
_CHECKLIST = {"on": Key(day, needed=True), "done": Key(list_of(one_of(Point)), needed=True)}
_TEST = {
    "draw": Key(list_of(table(_DRAW, Draw)), needed=True),
    "pass_mark": Key(number(0, 1)),
    "attempts": Key(whole(0, 100)),
    "wait_hours": Key(whole(0, 10_000)),
    "minutes": Key(whole(0, 1_000)),
    "certainty": Key(yes_no),
    "feedback": Key(one_of(Feedback)),
}
_PRETEST = {"items": Key(whole(1, 100), needed=True)}
_RETENTION = {"items": Key(whole(1, 100), needed=True), "months": Key(whole(1, 60))}
_COURSE = {
    "id": Key(_course_id, needed=True),
    "source_language": Key(text(LANGUAGE, "the code of a language, such as en"), needed=True),
    "sensitivity": Key(one_of(Sensitivity), needed=True),
    "hours": Key(number(0, 1_000), needed=True),
    "roles": Key(list_of(_role)),
    "prerequisites": Key(list_of(_course_id)),
    "licence": Key(_line, needed=True),
    "authors": Key(list_of(_line)),
    "owner": Key(_line_or_none),
    "checked_on": Key(day),
    "retired": Key(list_of(_item_id)),
    "competency": Key(tables(_AIM, Aim), field="competencies"),
    "review": Key(tables(_REVIEW, Review), field="reviews"),
    "checklist": Key(table(_CHECKLIST, Checklist)),
    "lesson": Key(tables(_LESSON, LessonEntry), field="lessons"),
    "test": Key(table(_TEST, CourseTest)),
    "pretest": Key(table(_PRETEST, Pretest)),
    "retention": Key(table(_RETENTION, Retention)),
}
# The format shows these below [[competency]], where TOML counts them to the last of those tables: both places are read.
LIFTED = ("authors", "owner", "checked_on", "retired")


def read_course(source: Source) -> tuple[Course | None, list[Problem]]:
    """Return the course and every problem; None when the file, or a key it cannot do without, is not usable."""
    plain, desk = open_desk(source)
    if plain is None:
        return None, desk.problems
    _lift(plain, desk)
    fields = read_fields(plain, _COURSE, desk, ())
    if fields is None:
        return None, desk.problems
    course = Course(**fields)
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


def _note_twins(course: Course, desk: TomlReader) -> None:
    draws = _drawn(course.test.draw) if course.test else []
    done = course.checklist.done if course.checklist else ()
    names: tuple[tuple[Path, Iterable[str]], ...] = (
        (("competency",), [aim.id for aim in course.competencies]),
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
    """Return what each draw takes; one of any level takes what another one of its competency may need."""
    of_any = {draw.competency for draw in draws if draw.level is None}
    return [draw.competency if draw.competency in of_any else f"{draw.competency} {draw.level}" for draw in draws]


def read_course_text(source: Source) -> tuple[CourseText, list[Problem]]:
    """Return title, paragraph, lead and outcomes, and every problem; what is missing is an empty text."""
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


def _take(blocks: list[Block], kind: str) -> Block | None:
    """Remove and return the first block if it is of this kind."""
    return blocks.pop(0) if blocks and blocks[0].kind == kind else None


def _missing_parts(file: str, paragraph: Block | None, listed: Block | None) -> Iterator[Problem]:
    line = paragraph.line if paragraph else 1
    if paragraph is None:
        yield _lacks(file, line, "one paragraph", "Write below the title what the course is about.")
    if listed is None:
        yield _lacks(file, line, "outcomes", 'List after "You will be able to:" what is learnt, with "- ".')


def _title(file: str, blocks: list[Block], problems: list[Problem]) -> tuple[str, list[Block]]:
    if blocks and blocks[0].kind == "heading 1":
        title = blocks[0].text[1:].strip()
        if not title:
            problems.append(Problem(file, blocks[0].line, "The title is empty.", 'Write it after "# ".'))
        return title, blocks[1:]
    problems.append(_lacks(file, blocks[0].line if blocks else 1, "a title", 'Begin with "# " and the title.'))
    return "", blocks


def _leads(blocks: list[Block]) -> bool:
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
