"""View models of one file in the media of a course: the form of a new file, and the page of an existing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.media import captions_of, is_video
from app.catalogue.domain.recordings import TYPES
from app.catalogue.service.preparation import recording_facts
from app.identity.queries import people
from app.kernel.pictures import MOST_BYTES, MOST_PIXELS
from app.studio.domain.media_kinds import RECORDING_BYTES
from app.studio.domain.media_library import MEGABYTE, markdown_of, medium_path
from app.studio.forms.media import InsertionForm, MediumForm, NewMediumForm, ReplacementForm
from app.studio.pages.header import CourseHeader, header
from app.studio.pages.media import ENDPOINT, UseLink, picture_address, sizes_text, use_links
from app.studio.queries import checked, drafts, media
from app.studio.queries.media import MediumState
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMediumPage(Page):
    """The form of a new file; `lesson` is the slug of the lesson that is to show it, "" for none."""

    template: ClassVar[str] = "studio/new_medium.html"
    head: CourseHeader
    form: NewMediumForm
    lang: str
    limits: str
    list_url: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumPage(Page):
    """A file with its uses; its forms are shown to the authors of the course. `message` says what was not saved."""

    template: ClassVar[str] = "studio/medium.html"
    head: CourseHeader
    name: str
    facts: str
    picture: str
    player: str
    length: str
    captions: str
    file_url: str
    lang: str
    form: MediumForm
    replacement: ReplacementForm
    insertion: InsertionForm
    accept: str
    limits: str
    markdown: str
    uses: Sequence[UseLink]
    can_write: bool
    list_url: str
    replace_url: str
    remove_url: str
    insert_url: str
    message: str


def prefilled_form(folder: CourseFolder, user_id: UUID) -> NewMediumForm:
    """Return the form of a new file with the licence and authors of the course; without an author, the user is it."""
    author = ", ".join(folder.course.authors) or people.names([user_id]).get(user_id, "")
    return NewMediumForm(None, author=author, licence=folder.course.licence)


def new_form(workspace: Workspace, user_id: UUID) -> NewMediumForm:
    """Return the form of a new file with the rights that its course has."""
    return prefilled_form(checked.folder(workspace), user_id)


def new_page(workspace: Workspace, form: NewMediumForm, message: str = "") -> NewMediumPage:
    """Return the form of a new file."""
    head = header(workspace, checked.folder(workspace), ENDPOINT)
    return NewMediumPage(
        head=head,
        form=form,
        lang=head.lang,
        limits=limits(),
        list_url=url_for(ENDPOINT, course=workspace.slug),
        message=message,
    )


def picture_limits() -> str:
    """Return types and limits of pictures."""
    return _(
        "A picture as PNG, JPEG or WebP: at most %(most)s MB and %(pixels)s megapixels. Its metadata is removed.",
        most=MOST_BYTES // MEGABYTE,
        pixels=MOST_PIXELS // 1_000_000,
    )


def limits() -> str:
    """Return types and limits of pictures and recordings."""
    recordings = _(
        "Sound as MP3, a video as MP4 or WebM: at most %(most)s MB. Metadata is removed.",
        most=RECORDING_BYTES // MEGABYTE,
    )
    return " ".join((picture_limits(), recordings))


def _length(workspace: Workspace, state: MediumState) -> str:
    if state.name.rpartition(".")[2] not in TYPES:
        return ""
    return recording_facts(drafts.file(workspace, medium_path(state.name)))


def _captions(workspace: Workspace, name: str, folder: CourseFolder) -> str:
    """Return the address of the captions of a video in the source language, "" without any."""
    if not is_video(name) or captions_of(name) not in folder.contents:
        return ""
    return url_for("studio.draft_medium", course=workspace.slug, name=captions_of(name))


def state_of(workspace: Workspace, name: str) -> MediumState:
    """Return a file of the draft, or raise NoResultFound."""
    for state in media.media_files(workspace).states():
        if state.name == name:
            return state
    raise NoResultFound


def facts_form(state: MediumState) -> MediumForm:
    """Return the form with description and rights of a file."""
    entry = state.entry
    if entry is None:
        return MediumForm(None)
    return MediumForm(
        None, description=entry.description, licence=entry.licence, author=entry.author, source=entry.source
    )


def insertion_form(workspace: Workspace) -> InsertionForm:
    """Return the choice of a lesson, without an answer."""
    folder = checked.folder(workspace)
    form = InsertionForm(None)
    form.lesson.offer(lesson_pairs(folder))
    return form


def lesson_pairs(folder: CourseFolder) -> list[tuple[str, str]]:
    """Return the lessons of a course to choose from."""
    source = folder.course.source_language
    texts = {entry.slug: folder.lessons.get(entry.slug, {}).get(source) for entry in folder.course.lessons}
    return [(slug, text.title if text else slug) for slug, text in texts.items()]


def page(actor: Actor, workspace: Workspace, state: MediumState, form: MediumForm, *, message: str = "") -> MediumPage:
    """Return the page of a file."""
    folder, ending = checked.folder(workspace), state.name.rpartition(".")[2]
    head = header(workspace, folder, ENDPOINT)

    def address(endpoint: str) -> str:
        return url_for(f"studio.{endpoint}", course=workspace.slug, name=state.name)

    return MediumPage(
        head=head,
        name=state.name,
        facts=f"{ending.upper()}, {sizes_text(state)}",
        picture=picture_address(workspace, state.name),
        player=TYPES.get(ending, ""),
        length=_length(workspace, state),
        captions=_captions(workspace, state.name, folder),
        file_url=address("draft_medium"),
        lang=head.lang,
        form=form,
        replacement=ReplacementForm(None),
        insertion=insertion_form(workspace),
        accept=f".{ending}",
        limits=limits(),
        markdown=markdown_of(state.name, state.entry.description if state.entry else ""),
        uses=use_links(workspace, folder, state.uses),
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        list_url=url_for(ENDPOINT, course=workspace.slug),
        replace_url=address("replace_medium"),
        remove_url=address("remove_medium"),
        insert_url=address("insert_medium"),
        message=message,
    )
