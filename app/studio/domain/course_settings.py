"""The settings of a course that its authors change: parts of `course.toml`, and the text of the source language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import msgspec

from app.catalogue.domain.course_reader import read_course_text
from app.catalogue.domain.course_writer import write_course_text
from app.catalogue.domain.courses import Aim, CourseFacts, CourseTest, CourseText, LessonEntry, Pretest, Retention
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.text import TextFile, normalise
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import Changes, Files, facts_of, with_facts

NO_TEXT = CourseText(title="", paragraph="", outcomes=())


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSettings:
    """What the settings page shows; `pretest` is a number of items, 0 for none; `lessons`: competencies by slug."""

    title: str
    paragraph: str
    outcomes: tuple[str, ...]
    hours: float
    roles: tuple[str, ...]
    prerequisites: tuple[str, ...]
    competencies: tuple[Aim, ...]
    lessons: Mapping[str, tuple[str, ...]]
    test: CourseTest | None
    pretest: int
    retention: Retention | None
    licence: str
    authors: tuple[str, ...]
    peer_marking: bool
    checked_on: date | None


def text_path(facts: CourseFacts) -> str:
    """Return the path of the course text in the source language."""
    return path_in_course(Part.TEXT, facts.source_language)


def settings_of(files: Files) -> CourseSettings:
    """Return the settings of a course; raise DomainError if its `course.toml` cannot be used."""
    facts = facts_of(files)
    text = _text(files, facts)
    return CourseSettings(
        title=text.title,
        paragraph=text.paragraph,
        outcomes=text.outcomes,
        hours=facts.hours,
        roles=facts.roles,
        prerequisites=facts.prerequisites,
        competencies=facts.competencies,
        lessons={entry.slug: entry.competencies for entry in facts.lessons},
        test=facts.test,
        pretest=facts.pretest.items if facts.pretest else 0,
        retention=facts.retention,
        licence=facts.licence,
        authors=facts.authors,
        peer_marking=facts.peer_marking,
        checked_on=facts.checked_on,
    )


def _text(files: Files, facts: CourseFacts) -> CourseText:
    content = files.get(text_path(facts))
    if content is None:
        return NO_TEXT
    return read_course_text(TextFile("", normalise(content.decode(errors="replace"))))[0]


def changes(files: Files, settings: CourseSettings) -> Changes:
    """Return the files to write; a file of which no setting changed is not among them.

    Raises DomainError if the paragraph or an outcome would be read as something else.
    """
    facts = facts_of(files)
    changed_facts = _facts(facts, settings)
    changed: Changes = {} if changed_facts == facts else with_facts(files, changed_facts)
    before = _text(files, facts)
    text = msgspec.structs.replace(
        before, title=settings.title, paragraph=settings.paragraph, outcomes=settings.outcomes
    )
    if text != before:
        written = write_course_text(text)
        if read_course_text(TextFile("", normalise(written)))[0] != text:
            raise DomainError("Write the description as one paragraph of plain text, without headings or lists.")
        changed[text_path(facts)] = written.encode()
    return changed


def _facts(facts: CourseFacts, settings: CourseSettings) -> CourseFacts:
    return msgspec.structs.replace(
        facts,
        hours=settings.hours,
        roles=settings.roles,
        prerequisites=settings.prerequisites,
        competencies=settings.competencies,
        lessons=tuple(_lesson(entry, settings.lessons) for entry in facts.lessons),
        test=settings.test,
        pretest=Pretest(settings.pretest) if settings.pretest else None,
        retention=settings.retention,
        licence=settings.licence,
        authors=settings.authors,
        peer_marking=settings.peer_marking,
        checked_on=settings.checked_on,
    )


def _lesson(entry: LessonEntry, competencies: Mapping[str, tuple[str, ...]]) -> LessonEntry:
    """Return a lesson with its competencies; a lesson that was added meanwhile is left as it is."""
    return msgspec.structs.replace(entry, competencies=competencies.get(entry.slug, entry.competencies))


def differences(before: CourseSettings, after: CourseSettings) -> tuple[str, ...]:
    """Return the names of the settings that differ."""
    names = [field.name for field in fields(CourseSettings)]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def combined(base: CourseSettings, own: CourseSettings, theirs: CourseSettings) -> CourseSettings:
    """Return the own settings, with those of another user where only they changed something since `base`."""
    unchanged: dict[str, Any] = {
        field.name: getattr(theirs, field.name)
        for field in fields(CourseSettings)
        if getattr(own, field.name) == getattr(base, field.name)
    }
    return replace(own, **unchanged)


def in_former_order(chosen: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """Return chosen values, those from before first and in their order: a form does not change an order."""
    former = [value for value in before if value in chosen]
    return (*former, *(value for value in chosen if value not in former))
