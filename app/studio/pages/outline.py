"""View model of the outline of a course: its lessons, questions, cases and media with their states and problems."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.courses import LessonEntry
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.problems import Problem, Weight
from app.i18n.babel import joined
from app.i18n.languages import direction, language_name
from app.identity.queries import people
from app.studio import labels
from app.studio.domain.case_texts import UNNAMED
from app.studio.domain.media_library import MEDIA_FILES, is_medium
from app.studio.domain.outline import PartState, part_state
from app.studio.forms.courses import NewLessonForm
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.question_use import UnusedQuestions, unused
from app.studio.queries import checked, drafts, reviews
from app.studio.queries.drafts import FileState
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A part of the course: a lesson, the questions, a case, the media; `word` and `kind` are its state."""

    title: str
    href: str
    sub: str
    word: str
    kind: str
    problems: str = ""
    lang: str = ""
    dir: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLine:
    """A lesson in the outline, with the positions that its buttons move it to (0: no button)."""

    part: PartLine
    slug: str
    number: int
    up: int
    down: int
    move_url: str
    remove_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A problem with its message and hint; `is_error` prevents publishing."""

    location: str
    message: str
    hint: str
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorNote:
    """Another user who has a part open."""

    alias: str
    part: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlinePage(Page):
    """The outline of a course. Forms are shown to its authors, not to reviewers.

    `desk_tasks` is the number of tasks of a collection, which has no lessons; empty for another course.
    """

    template: ClassVar[str] = "studio/outline.html"
    head: CourseHeader
    lessons: Sequence[LessonLine]
    parts: Sequence[PartLine]
    problems: Sequence[ProblemLine]
    errors: int
    unused: UnusedQuestions | None
    editors: Sequence[EditorNote]
    form: NewLessonForm
    can_write: bool
    add_url: str
    cases_url: str
    papers_url: str
    desk_tasks: str
    version: str
    sensitivity: str
    languages: str
    hours: str
    changes: str
    submit_url: str
    is_behind: bool


def page(actor: Actor, workspace: Workspace, form: NewLessonForm, now: datetime) -> OutlinePage:
    """Return the outline of a course."""
    course = checked.checked(workspace)
    states = drafts.file_states(workspace)
    reviewed = _reviewed(workspace)
    context = _OutlineContext(workspace, course.folder, course.problems, states, reviewed)
    problems = [_problem_line(path, problem) for path in course.problems for problem in course.problems[path]]
    folder = course.folder
    return OutlinePage(
        head=header(workspace, folder, "studio.show_outline"),
        lessons=_lessons(context),
        parts=[*_bank(context), *_cases(context), *_media(context)],
        problems=sorted(problems, key=lambda line: not line.is_error),
        errors=course.errors,
        unused=unused(workspace, folder),
        editors=_editors(actor, workspace, now),
        form=form,
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        add_url=url_for("studio.add_lesson", course=workspace.slug),
        cases_url=url_for("studio.show_cases", course=workspace.slug),
        papers_url=url_for("studio.show_papers", course=workspace.slug),
        desk_tasks=_desk_tasks(folder),
        version=_("Version %(n)s", n=workspace.number) if workspace.number else _("Not published yet"),
        sensitivity=labels.sensitivity(workspace.sensitivity),
        languages=joined([language_name(code) for code in folder.languages]) if folder else "",
        hours=f"{folder.course.hours:g}" if folder else "",
        changes=_changes(context),
        submit_url=_submit_url(context),
        is_behind=workspace.is_behind,
    )


def _desk_tasks(folder: CourseFolder | None) -> str:
    if folder is None or not folder.course.collection:
        return ""
    number = len(folder.course.desk_tasks)
    return ngettext("%(num)s desk task", "%(num)s desk tasks", number)


@dataclass(frozen=True, slots=True)
class _OutlineContext:
    workspace: Workspace
    folder: CourseFolder | None
    problems: Mapping[str, Sequence[Problem]]
    states: Mapping[str, FileState]
    reviewed: frozenset[str]

    def state(self, path: str) -> PartState:
        """Return the state of a file."""
        file = self.states.get(path)
        if file is None:
            return PartState.REMOVED
        return part_state(file.digest, file.base_digest, self.reviewed)

    def state_of_all(self, paths: Sequence[str]) -> PartState:
        """Return the most notable state of several files."""
        states = {self.state(path) for path in paths}
        order = (PartState.IN_REVIEW, PartState.CHANGED, PartState.NEW, PartState.REMOVED)
        notable = [state for state in order if state in states]
        if PartState.PUBLISHED in states and notable:
            return PartState.CHANGED if notable[0] is not PartState.IN_REVIEW else notable[0]
        return notable[0] if notable else PartState.PUBLISHED

    def problem_count(self, paths: Sequence[str]) -> str:
        """Return the number of problems of several files in words, "" for none."""
        count = sum(len(self.problems.get(path, ())) for path in paths)
        return ngettext("%(num)s problem", "%(num)s problems", count) if count else ""


def _reviewed(workspace: Workspace) -> frozenset[str]:
    review = reviews.open_review(workspace.course_id)
    return frozenset(drafts.tree_at(workspace.course_id, review.revision).values()) if review else frozenset()


def _lessons(context: _OutlineContext) -> list[LessonLine]:
    if context.folder is None:
        return []
    entries = context.folder.course.lessons
    return [_lesson(context, context.folder, entry, number) for number, entry in enumerate(entries, 1)]


def _lesson(context: _OutlineContext, folder: CourseFolder, entry: LessonEntry, number: int) -> LessonLine:
    source, slug = folder.course.source_language, context.workspace.slug
    path = path_in_course(Part.LESSON, source, entry.slug)
    texts = folder.lessons.get(entry.slug, {})
    word, kind = labels.part(context.state(path), context.workspace.number)
    others = sorted(texts.keys() - {source})
    minutes = ngettext("%(num)s minute", "%(num)s minutes", entry.minutes)
    lesson_part = PartLine(
        title=texts[source].title if source in texts else entry.slug,
        href=url_for("studio.edit_lesson", course=slug, lesson=entry.slug),
        sub=". ".join([minutes, *([_("Also in %(languages)s", languages=_names(others))] if others else [])]),
        word=word,
        kind=kind,
        problems=context.problem_count([path]),
        lang=source,
        dir=direction(source),
    )
    return LessonLine(
        part=lesson_part,
        slug=entry.slug,
        number=number,
        up=number - 1,
        down=number + 1 if number < len(folder.course.lessons) else 0,
        move_url=url_for("studio.move_lesson", course=slug, lesson=entry.slug),
        remove_url=url_for("studio.confirm_removal", course=slug, lesson=entry.slug),
    )


def _names(codes: Sequence[str]) -> str:
    return joined([language_name(code) for code in codes])


def _bank(context: _OutlineContext) -> Iterator[PartLine]:
    paths = _paths(context, Part.BANK)
    folder = context.folder
    bank = folder.banks.get(folder.course.source_language) if folder else None
    count = len(bank.items) if bank else 0
    word, kind = labels.part(context.state_of_all(paths), context.workspace.number) if paths else (_("Empty"), "none")
    yield PartLine(
        title=_("Questions"),
        href=url_for("studio.show_bank", course=context.workspace.slug),
        sub=ngettext("%(num)s question", "%(num)s questions", count),
        word=word,
        kind=kind,
        problems=context.problem_count(paths),
    )


def _cases(context: _OutlineContext) -> Iterator[PartLine]:
    folder = context.folder
    for name, texts in sorted(folder.scenarios.items()) if folder else ():
        source = folder.course.source_language if folder else ""
        paths = [path_in_course(Part.SCENARIO, code, name) for code in texts]
        word, kind = labels.part(context.state_of_all(paths), context.workspace.number)
        yield PartLine(
            title=texts[source].title,
            href=url_for("studio.edit_case", course=context.workspace.slug, case=name or UNNAMED),
            sub=_("Case"),
            word=word,
            kind=kind,
            problems=context.problem_count(paths),
            lang=source,
            dir=direction(source),
        )


def _media(context: _OutlineContext) -> Iterator[PartLine]:
    paths = [path for path in context.states if is_medium(path)]
    count = sum(context.states[path].digest is not None for path in paths)
    word, kind = labels.part(context.state_of_all(paths), context.workspace.number) if paths else (_("Empty"), "none")
    yield PartLine(
        title=_("Media"),
        href=url_for("studio.show_media", course=context.workspace.slug),
        sub=ngettext("%(num)s file", "%(num)s files", count),
        word=word,
        kind=kind,
        problems=context.problem_count([*paths, *MEDIA_FILES]),
    )


def _paths(context: _OutlineContext, part: Part) -> list[str]:
    prefix = {Part.BANK: "test."}[part]
    return [path for path in context.states if path.startswith(prefix)]


def _changes(context: _OutlineContext) -> str:
    changed = [path for path in context.states if context.state(path) is not PartState.PUBLISHED]
    if not context.workspace.number:
        return _("Nothing is published yet.")
    if not changed:
        return _("Nothing has changed since version %(n)s.", n=context.workspace.number)
    return ngettext(
        "%(num)s file has changed since version %(n)s.",
        "%(num)s files have changed since version %(n)s.",
        len(changed),
        n=context.workspace.number,
    )


def _submit_url(context: _OutlineContext) -> str:
    """Return the address of the form that sends the draft to review, "" while nothing changed or it is in review."""
    has_changed = any(context.state(path) is not PartState.PUBLISHED for path in context.states)
    if not has_changed or context.reviewed:
        return ""
    return url_for("studio.submit_form", course=context.workspace.slug)


def _problem_line(path: str, problem: Problem) -> ProblemLine:
    message, hint = labels.problem(problem)
    location = _("%(file)s, line %(line)s", file=path, line=problem.line)
    return ProblemLine(location=location, message=message, hint=hint, is_error=problem.weight is Weight.ERROR)


def _editors(actor: Actor, workspace: Workspace, now: datetime) -> list[EditorNote]:
    lines = drafts.editors(workspace.course_id, now, without=actor.id)
    aliases = people.names([line.person_id for line in lines])
    return [EditorNote(alias=aliases[line.person_id], part=line.path, since=line.since) for line in lines]
