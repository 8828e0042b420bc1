"""Parse, check and write `lessons/<slug>.<lang>.md`: country codes, repeated items, descriptions, warnings."""

import sys

from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import COUNTRIES, BlockType, LessonOutline, LessonSource
from app.catalogue.domain.markdown_blocks import cut
from app.catalogue.domain.page_limits import check_limits
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.recordings import TYPES
from app.catalogue.domain.references.country_cards import FactName, read_names
from app.catalogue.domain.text import TextFile, in_code


def read_lesson(source: TextFile, *, warning: int = 0) -> tuple[LessonSource, list[Problem]]:
    """Return the lesson and the problems of its own text; `warning` is its level in `course.toml` (0 to 2)."""
    lines = source.lines
    at = next((n for n, line in enumerate(lines) if line.strip()), None)
    problems = check_limits(source)
    if at is None:
        hint = 'Begin with "# " and a title.'
        return LessonSource("", ""), [*problems, Problem(source.file, 1, "The lesson is empty.", hint)]
    titled = lines[at].startswith("# ") and not in_code(lines)[at]
    title = lines[at][2:].strip() if titled else ""
    if not title:
        hint = 'Begin the lesson with "# " and its title.'
        problems.append(Problem(source.file, at + 1, "The lesson has no title.", hint))
    body = "\n".join(lines[at + 1 if titled else at :])
    outline, new_problems = scan(source)
    problems += new_problems + _check_outline(source.file, outline) + _check_warning(source.file, outline, warning)
    return LessonSource(title, _without_blank_ends(body)), problems


def write_lesson(lesson: LessonSource) -> str:
    """Return the Markdown of the lesson, without the header of a translation."""
    return f"# {lesson.title}\n\n{lesson.body}\n" if lesson.body else f"# {lesson.title}\n"


def blocks_of_lesson(lesson: LessonSource) -> list[str]:
    """Return the texts that are translated as one block each: heading, paragraph, list, table, whole fenced block."""
    return [block.text for block in cut(TextFile("", write_lesson(lesson)).lines)]


def _without_blank_ends(body: str) -> str:
    lines = body.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def _check_outline(file: str, outline: LessonOutline) -> list[Problem]:
    return (
        _check_countries(file, outline)
        + _check_country_facts(file, outline)
        + _check_repeated_items(file, outline)
        + _check_descriptions(file, outline)
        + _check_transcripts(file, outline)
    )


def _check_countries(file: str, outline: LessonOutline) -> list[Problem]:
    message, hint = '"%(code)s" is not the code of a member country.', "Use one of: %(codes)s."
    codes = ", ".join(sorted(COUNTRIES))
    return [
        Problem(file, note.line, message, hint, {"code": note.title, "codes": codes})
        for note in outline.titles(BlockType.COUNTRY)
        if note.title and note.title not in COUNTRIES
    ]


def _check_country_facts(file: str, outline: LessonOutline) -> list[Problem]:
    """Check that a block names facts of the cards and has no text: the page fills it for each reader."""
    problems = []
    for block in outline.titles(BlockType.COUNTRY_FACTS):
        for name in read_names(block.title)[1]:
            message, hint = '"%(name)s" is not a fact of the cards of countries.', "Use some of: %(known)s."
            values: dict[str, str | int | float] = {"name": name, "known": ", ".join(FactName)}
            problems.append(Problem(file, block.line, message, hint, values))
        if block.body.strip():
            message, hint = "A block of facts on the reader's country has no text.", "Write the text outside the block."
            problems.append(Problem(file, block.line, message, hint))
    return problems


def _check_repeated_items(file: str, outline: LessonOutline) -> list[Problem]:
    problems = []
    met: set[str] = set()
    for check in outline.titles(BlockType.CHECK):
        if check.title in met:
            message, hint = "The item %(item)s is in this lesson twice.", "Remove one of the two, or use another item."
            problems.append(Problem(file, check.line, message, hint, {"item": check.title}, Weight.WARNING))
        met.add(check.title)
    return problems


def _check_descriptions(file: str, outline: LessonOutline) -> list[Problem]:
    message, hint = "The picture %(name)s has no description.", "Write in the square brackets what it shows."
    nameless = [picture for picture in outline.pictures if not picture.label]
    return [Problem(file, picture.line, message, hint, {"name": picture.id}) for picture in nameless]


def _check_transcripts(file: str, outline: LessonOutline) -> list[Problem]:
    """Check that the next block after each sound recording is its transcript, before the next recording."""
    recordings = [medium for medium in outline.pictures if medium.id.rpartition(".")[2] in TYPES]
    ends = [medium.line for medium in recordings[1:]] + [sys.maxsize]
    message, hint = "The recording %(name)s has no transcript.", 'Write it below, in a block "/// transcript".'
    return [
        Problem(file, medium.line, message, hint, {"name": medium.id})
        for medium, end in zip(recordings, ends, strict=False)
        if medium.id.endswith(".mp3")
        and not any(medium.line < block.line < end for block in outline.titles(BlockType.TRANSCRIPT))
    ]


def _check_warning(file: str, outline: LessonOutline, warning: int) -> list[Problem]:
    """Check that a lesson with a warning has a sensitive block before the first heading below the title."""
    if not warning:
        return []
    first = next(iter(outline.titles(BlockType.SENSITIVE)), None)
    if first is None:
        hint = 'Write a block "/// sensitive | title" below the title: what comes, how to skip it, where support is.'
        return [Problem(file, 1, "The settings give this lesson a warning, but the lesson has no text for it.", hint)]
    if any(heading.line < first.line for heading in outline.headings[1:]):
        hint = "Move the first sensitive block up, before the first heading below the title."
        return [Problem(file, first.line, "The warning comes too late in the text.", hint, weight=Weight.WARNING)]
    return []
