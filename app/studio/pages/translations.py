"""View model of the translations of a course: progress by language, and by part for the chosen language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.folder_names import Part
from app.catalogue.domain.library import CourseFolder
from app.i18n.languages import direction, language, language_name
from app.studio import labels
from app.studio.domain.desk_window import DeskFilter, DeskView
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import Translation, TranslationBlockState as State
from app.studio.forms.translations import TranslationLanguageForm
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked, translations
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLine:
    """A language with its own name and the progress of all its parts."""

    code: str
    name: str
    dir: str
    href: str
    sub: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedPartLine:
    """A part of the course in the chosen language: counts of its paragraphs, and `word` and `kind` of its state."""

    title: str
    lang: str
    dir: str
    href: str
    sub: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationsPage(Page):
    """The languages of a course, and the parts in the chosen language ("" if there is none)."""

    template: ClassVar[str] = "studio/translations.html"
    head: CourseHeader
    languages: Sequence[LanguageLine]
    chosen: str
    parts: Sequence[TranslatedPartLine]
    form: TranslationLanguageForm
    choose_url: str


def page(workspace: Workspace, wanted: str) -> TranslationsPage:
    """Return the translations of a course; `wanted` is the chosen language, "" for the first."""
    folder = checked.folder(workspace)
    source = folder.course.source_language
    written = translations.languages_of(workspace, folder)
    form = TranslationLanguageForm()
    form.offer(frozenset({source, *written}))
    chosen = wanted or next(iter(written), "")
    shown = list(dict.fromkeys([*written, *([chosen] if chosen else [])]))
    by_language = translations.translations(workspace, folder, shown)
    return TranslationsPage(
        head=header(workspace, folder, "studio.show_translations"),
        languages=[_language(workspace, code, by_language[code], is_current=code == chosen) for code in shown],
        chosen=language_name(chosen) if chosen else "",
        parts=_parts(workspace, folder, chosen, by_language[chosen]) if chosen else [],
        form=form,
        choose_url=url_for("studio.show_translations", course=workspace.slug),
    )


def _language(
    workspace: Workspace, code: str, parts: Mapping[TranslatedPart, Translation], *, is_current: bool
) -> LanguageLine:
    own = language(code)
    return LanguageLine(
        code=code,
        name=own.name,
        dir=own.direction,
        href=url_for("studio.show_translations", course=workspace.slug, language=code),
        sub=". ".join([language_name(code), _all_counts(list(parts.values()))]),
        is_current=is_current,
    )


def _all_counts(parts: Sequence[Translation]) -> str:
    done = sum(len(part.blocks) - part.count(State.MISSING, State.CHANGED, State.COPIED) for part in parts)
    total = sum(len(part.blocks) - part.count(State.COPIED) for part in parts)
    return _("%(done)s of %(total)s paragraphs translated", done=done, total=total)


def _parts(
    workspace: Workspace, folder: CourseFolder, code: str, parts: Mapping[TranslatedPart, Translation]
) -> list[TranslatedPartLine]:
    return [_part(workspace, folder, code, part=part, translation=parts[part]) for part in parts]


def _part(
    workspace: Workspace, folder: CourseFolder, code: str, *, part: TranslatedPart, translation: Translation
) -> TranslatedPartLine:
    word, kind = _state(translation)
    source = folder.course.source_language
    return TranslatedPartLine(
        title=title_of(folder, part),
        lang=source,
        dir=direction(source),
        href=desk_url(workspace.slug, part, code),
        sub=counts(translation),
        word=word,
        kind=kind,
    )


def title_of(folder: CourseFolder, part: TranslatedPart) -> str:
    """Return the title of a part in the source language."""
    source = folder.course.source_language
    if part.part is Part.LESSON:
        return folder.lessons[part.name][source].title
    if part.part is Part.SCENARIO:
        return folder.scenarios[part.name][source].title
    if part.part is Part.DOCUMENT:
        return _document_title(folder, part.name)
    if part.part is Part.BANK:
        return folder.banks[source].title or _("Questions")
    return folder.texts[source].title


def _document_title(folder: CourseFolder, slug: str) -> str:
    own = [document for document in folder.documents.values() if not document.shared]
    titles = {document.facts.slug: document.texts for document in own}
    return titles[slug][folder.course.source_language].title


def desk_url(course: str, part: TranslatedPart, code: str, view: DeskView | None = None, *, number: int = 0) -> str:
    """Return the address of the translation desk of a part; `number` is the paragraph to go to."""
    values = view_args(view) if view else {}
    anchor = f"block-{number}" if number else None
    if part.part is Part.LESSON:
        return url_for(
            "studio.translate_lesson", course=course, lesson=part.name, language=code, _anchor=anchor, **values
        )
    return url_for("studio.translate_part", course=course, language=code, part=part.key, _anchor=anchor, **values)


def view_args(view: DeskView) -> Mapping[str, Any]:
    """Return the parameters of a view in an address; the usual values are left out."""
    shown = {"show": str(view.filter)} if view.filter is not DeskFilter.ALL else {}
    return shown | ({"from": str(view.start)} if view.start > 1 else {})


def counts(translation: Translation) -> str:
    """Return the numbers of paragraphs that are missing, changed, and not yet read by a second person."""
    missing, changed = translation.count(State.MISSING), translation.count(State.CHANGED)
    unread, reviewed = translation.count(State.TO_REVIEW), translation.count(State.CURRENT)
    texts = [
        ngettext("%(num)s paragraph missing", "%(num)s paragraphs missing", missing) if missing else "",
        ngettext("%(num)s paragraph changed", "%(num)s paragraphs changed", changed) if changed else "",
        ngettext("%(num)s paragraph to read", "%(num)s paragraphs to read", unread) if unread else "",
        ngettext("%(num)s paragraph read", "%(num)s paragraphs read", reviewed) if reviewed else "",
    ]
    return ", ".join(text for text in texts if text)


def _state(translation: Translation) -> tuple[str, str]:
    """Return the state of the least complete paragraph."""
    total = len(translation.blocks) - translation.count(State.COPIED)
    if translation.count(State.MISSING) == total:
        return labels.translation_block(State.MISSING)
    if translation.count(State.MISSING):
        return _("In progress"), "here"
    order = (State.CHANGED, State.TO_REVIEW, State.CURRENT)
    return labels.translation_block(next((state for state in order if translation.count(state)), State.COPIED))
