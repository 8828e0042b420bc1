"""View model of the settings of a course: the form, what cannot be changed, and the problems of both files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.items import Level
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import versions
from app.competence.labels import competencies as competency_labels
from app.i18n.languages import current, direction, language_name
from app.identity.queries import people
from app.studio import labels
from app.studio.domain.course_edits import COURSE_FILE
from app.studio.domain.course_settings import CourseSettings, settings_of, text_path
from app.studio.forms.settings import CourseSettingsForm, Pairs, SettingOffers, values
from app.studio.pages.editor_parts import TextProblem, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked, drafts
from app.studio.queries.workspaces import Workspace
from app.studio.service.settings import SettingsConflict
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblems:
    """The problems of a file of the course."""

    path: str
    problems: Sequence[TextProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhile:
    """The user who changed settings since the page was opened, and the names of these settings."""

    alias: str
    names: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage(Page):
    """The settings of a course; `message` says why they were not saved, `lessons` are the titles by slug."""

    template: ClassVar[str] = "studio/settings.html"
    head: CourseHeader
    form: CourseSettingsForm
    lang: str
    dir: str
    language: str
    sensitivity: str
    checked_on: date | None
    lessons: Mapping[str, str]
    files: Sequence[FileProblems]
    can_write: bool
    message: str
    meanwhile: ChangedMeanwhile | None
    save_url: str


def page(
    actor: Actor,
    workspace: Workspace,
    form: CourseSettingsForm,
    *,
    message: str = "",
    conflict: SettingsConflict | None = None,
) -> SettingsPage:
    """Return the page of the settings."""
    folder = checked.folder(workspace)
    language = folder.course.source_language
    return SettingsPage(
        head=header(workspace, folder, "studio.show_settings"),
        form=form,
        lang=language,
        dir=direction(language),
        language=language_name(language),
        sensitivity=labels.sensitivity(workspace.sensitivity),
        checked_on=folder.course.checked_on,
        lessons=_lesson_titles(folder),
        files=_problems(workspace, folder),
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        message=message,
        meanwhile=_meanwhile(conflict) if conflict else None,
        save_url=url_for("studio.save_settings", course=workspace.slug),
    )


def new_form(workspace: Workspace, settings: CourseSettings) -> CourseSettingsForm:
    """Return a form with these settings, and the digests of the files as they are now."""
    folder = checked.folder(workspace)
    states = drafts.file_states(workspace)
    digests = {path: state.digest or "" for path, state in states.items()}
    form = CourseSettingsForm(
        None,
        **values(settings),
        opened=digests.get(COURSE_FILE, ""),
        opened_text=digests.get(text_path(folder.course), ""),
    )
    form.offer(offers(workspace, settings))
    return form


def current_settings(workspace: Workspace) -> CourseSettings:
    """Return the settings of the draft as it is now; raise DomainError if `course.toml` cannot be used."""
    path = text_path(checked.folder(workspace).course)
    states = drafts.file_states(workspace)
    wanted = [name for name in (COURSE_FILE, path) if name in states and states[name].digest]
    return settings_of({name: drafts.file(workspace, name) for name in wanted})


def offers(workspace: Workspace, settings: CourseSettings) -> SettingOffers:
    """Return the values to choose from; what the course names already is offered even if the references lack it."""
    framework = checked.references().competencies
    titles = competency_labels.role_titles(framework, current())
    return SettingOffers(
        roles=_with([(role.id, titles.get(role.id, role.id)) for role in framework.roles], settings.roles),
        courses=_with(_other_courses(workspace), settings.prerequisites),
        competencies=_with(_competencies(framework), _used_competencies(settings)),
        levels=[(str(level), competency_labels.level(level)) for level in Level],
    )


def _used_competencies(settings: CourseSettings) -> Iterable[str]:
    yield from (aim.id for aim in settings.competencies)
    yield from (draw.competency for draw in (settings.test.draw if settings.test else ()))
    for codes in settings.lessons.values():
        yield from codes


def _with(pairs: Pairs, used: Iterable[str]) -> Pairs:
    codes = {code for code, _label in pairs}
    return [*pairs, *((code, code) for code in dict.fromkeys(used) if code not in codes)]


def _competencies(framework: Competencies) -> Pairs:
    return [
        (entry.id, f"{entry.id} {competency_labels.title(framework, entry.id).text}")
        for entry in framework.competencies
    ]


def _other_courses(workspace: Workspace) -> Pairs:
    return [
        (record.code, f"{record.code} {record.slug}")
        for record in versions.course_records()
        if record.id != workspace.course_id and record.version_id is not None
    ]


def _lesson_titles(folder: CourseFolder) -> dict[str, str]:
    language = folder.course.source_language
    texts = {entry.slug: folder.lessons.get(entry.slug, {}).get(language) for entry in folder.course.lessons}
    return {slug: text.title if text else slug for slug, text in texts.items()}


def _problems(workspace: Workspace, folder: CourseFolder) -> list[FileProblems]:
    by_path = checked.checked(workspace).problems
    paths = (COURSE_FILE, text_path(folder.course))
    return [
        FileProblems(path=path, problems=[text_problem(problem) for problem in by_path[path]])
        for path in paths
        if path in by_path
    ]


def _meanwhile(conflict: SettingsConflict) -> ChangedMeanwhile:
    person_id = conflict.person_id
    aliases = people.names([person_id]) if person_id else {}
    names = [str(_labels()[name]) for name in conflict.names]
    return ChangedMeanwhile(alias=aliases[person_id] if person_id else "", names=names)


def _labels() -> dict[str, object]:
    form = CourseSettingsForm(None)
    named = {field.name: field.label.text for field in form}
    return {
        **named,
        "competencies": _("Competencies"),
        "lessons": _("Competencies of the lessons"),
        "test": _("Test"),
        "checked_on": _("Facts checked on"),
    }
