"""Write `course.toml` and `course.<lang>.md`; comments and order of an existing file remain."""

from datetime import date
from typing import Any

import msgspec
import tomlkit
from tomlkit.exceptions import TOMLKitError

from app.catalogue.domain.course_reader import LIFTED, read_course
from app.catalogue.domain.courses import CourseFacts, CourseText, ReviewPart
from app.catalogue.domain.markdown_blocks import cut
from app.catalogue.domain.text import TextFile, normalise
from app.catalogue.domain.toml_writer import new_document, update

_NAMES = {
    "competencies": "competency",
    "reviews": "review",
    "lessons": "lesson",
    "papers": "paper",
    "desk_tasks": "desk_task",
    "guesses": "guess",
}
# Left out of a fresh text. What the format shows in every course (hours, roles, rules of the test) is written always.
_DEFAULTS: dict[str, Any] = {
    "owner": "",
    "peer_marking": False,
    "collection": False,
    "review": {"role": ""},
    "lesson": {"skip_to": "", "alternative": ""},
    "competency": {},
    "paper": {"minutes": 0},
    "desk_task": {"minutes": 0},
    "guess": {"model": ""},
    "test": {
        "papers": 0,
        "floor": {},
        "shown_result": "best",
        **dict.fromkeys(("right_after", "while_open", "closed"), tuple(str(part) for part in ReviewPart)),
    },
}


def write_course(course: CourseFacts, original: str | None = None) -> str:
    """Return the text of `course.toml` with the comments and order of `original`; unchanged if the facts are equal."""
    if original is None:
        return new_document(_plain(course), _DEFAULTS)
    original = normalise(original)
    before, _ = read_course(TextFile("course.toml", original))
    if before == course:
        return original
    try:
        written = _updated(course, before, original)
    except TOMLKitError:
        return write_course(course)
    # A text that tomlkit cannot mend keeps its comments less dearly than its facts.
    return written if read_course(TextFile("course.toml", written))[0] == course else write_course(course)


def _updated(course: CourseFacts, before: CourseFacts | None, original: str) -> str:
    document = tomlkit.parse(original)
    for entry in document.get("competency", []):
        for name in LIFTED:
            if name in entry:
                item = entry.item(name)
                del entry[name]
                document.add(name, item)
    update(document, _plain(course), before=_plain(before) if before else {}, defaults=_DEFAULTS)
    return tomlkit.dumps(document).rstrip("\n") + "\n"


def _plain(course: CourseFacts) -> dict[str, Any]:
    """Return the course as the tables of its file; lists of tables are lists, all other lists tuples."""
    plain: dict[str, Any] = {}
    for field in msgspec.structs.fields(course):
        value = getattr(course, field.name)
        if field.name in _NAMES:
            if value:
                plain[_NAMES[field.name]] = [_entry(struct) for struct in value]
        elif isinstance(value, msgspec.Struct):
            plain[field.name] = _entry(value)
        elif value is not None:
            plain[field.name] = _value(value)
    return plain


def _entry(struct: msgspec.Struct) -> dict[str, Any]:
    values = {field.encode_name: getattr(struct, field.name) for field in msgspec.structs.fields(struct)}
    return {name: _value(value) for name, value in values.items() if value is not None}


def _value(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        return _entry(value)
    if isinstance(value, dict):
        return {name: _value(entry) for name, entry in value.items()}
    if isinstance(value, tuple):
        return tuple(_value(entry) for entry in value)
    if isinstance(value, date | bool | int | float):
        return value
    return str(value)


def write_course_text(text: CourseText) -> str:
    """Return the Markdown of `course.<lang>.md`, without the header of a translation."""
    outcomes = "\n".join(f"- {outcome}" for outcome in text.outcomes)
    parts = [f"# {text.title}", text.paragraph, text.lead, outcomes]
    return "\n\n".join(part for part in parts if part) + "\n"


def blocks_of_course_text(text: CourseText) -> list[str]:
    """Return the translation blocks of a course text: title, paragraph, lead, and the list of outcomes."""
    return [block.text for block in cut(TextFile("", write_course_text(text)).lines)]
