"""View model of the list of media of a course."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import format_decimal, gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.library import CourseFolder
from app.studio import labels
from app.studio.domain.case_texts import UNNAMED
from app.studio.domain.media_library import COURSE_BYTES, COURSE_FILES, MEGABYTE, video_of
from app.studio.domain.media_uses import MediumUse
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked, media
from app.studio.queries.media import MediumState
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

ENDPOINT = "studio.show_media"
PICTURES = frozenset({"png", "jpg", "jpeg", "webp", "svg"})
_KILOBYTE = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLink:
    """A text that shows a file."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumLine:
    """A file in the list; `picture` is its address if it is a picture, `video` the video that needs these captions."""

    name: str
    href: str
    picture: str
    kind: str
    size: str
    description: str
    licence: str
    origin: str
    uses: Sequence[UseLink]
    video: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPage(Page):
    """The media of a course, with the space that they take."""

    template: ClassVar[str] = "studio/media.html"
    head: CourseHeader
    media: Sequence[MediumLine]
    lang: str
    dir: str
    space: str
    can_write: bool
    add_url: str


def page(actor: Actor, workspace: Workspace) -> MediaPage:
    """Return the list of media of a course."""
    folder, files = checked.folder(workspace), media.media_files(workspace)
    head = header(workspace, folder, ENDPOINT)
    return MediaPage(
        head=head,
        media=[_line(workspace, folder, state, video_of(state.name, files.sizes)) for state in files.states()],
        lang=head.lang,
        dir=head.dir,
        space=_space(len(files.sizes), files.size),
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        add_url=url_for("studio.new_medium", course=workspace.slug),
    )


def _space(count: int, size: int) -> str:
    return _(
        "%(count)s of %(most_files)s files, %(size)s of %(most)s MB used",
        count=count,
        most_files=COURSE_FILES,
        size=format_decimal(round(size / MEGABYTE, 2)),
        most=COURSE_BYTES // MEGABYTE,
    )


def _line(workspace: Workspace, folder: CourseFolder, state: MediumState, video: str) -> MediumLine:
    entry = state.entry
    return MediumLine(
        name=state.name,
        href=url_for("studio.edit_medium", course=workspace.slug, name=state.name),
        picture=picture_address(workspace, state.name),
        kind=state.name.rpartition(".")[2].upper(),
        size=sizes_text(state),
        description=entry.description if entry else "",
        licence=entry.licence if entry else "",
        origin=". ".join(part for part in (entry.author, entry.source) if part) if entry else "",
        uses=use_links(workspace, folder, state.uses),
        video=video,
    )


def picture_address(workspace: Workspace, name: str) -> str:
    """Return the address of a picture of the draft, "" for another file."""
    if name.rpartition(".")[2] not in PICTURES:
        return ""
    return url_for("studio.draft_medium", course=workspace.slug, name=name)


def size_text(size: int) -> str:
    """Return a number of bytes in kilobytes or megabytes."""
    if size < MEGABYTE:
        return _("%(size)s kB", size=max(1, round(size / _KILOBYTE)))
    return _("%(size)s MB", size=format_decimal(round(size / MEGABYTE, 1)))


def sizes_text(state: MediumState) -> str:
    """Return the size of a file, and of a video the sizes of its variants."""
    parts = [size_text(state.size)]
    for name, size in state.variants.items():
        text = _("360p: %(size)s") if name.endswith(".mp4") else _("sound: %(size)s")
        parts.append(text % {"size": size_text(size)})
    return ", ".join(parts)


def use_links(workspace: Workspace, folder: CourseFolder, uses: Sequence[MediumUse]) -> list[UseLink]:
    """Return the texts that show a file, with the pages on which they are edited."""
    return [UseLink(label=_use_label(use, folder), href=_use_href(workspace, folder, use)) for use in uses]


def _use_label(use: MediumUse, folder: CourseFolder) -> str:
    text = labels.file_name(use.path, folder)
    return _("%(question)s: %(text)s", question=use.item, text=text) if use.item else text


def _use_href(workspace: Workspace, folder: CourseFolder, use: MediumUse) -> str:
    """Return the editor of a text; translations are edited from the list of translations."""
    name = name_of(f"course/{use.path}")
    if not isinstance(name, Name):
        return url_for("studio.show_outline", course=workspace.slug)
    if name.language != folder.course.source_language:
        return url_for("studio.show_translations", course=workspace.slug)
    if name.part is Part.LESSON:
        return url_for("studio.edit_lesson", course=workspace.slug, lesson=name.name)
    if name.part is Part.SCENARIO:
        return url_for("studio.edit_case", course=workspace.slug, case=name.name or UNNAMED)
    return _bank_or_settings(workspace, name, use)


def _bank_or_settings(workspace: Workspace, name: Name, use: MediumUse) -> str:
    if name.part is Part.BANK and use.item:
        return url_for("studio.edit_question", course=workspace.slug, item=use.item)
    endpoint = "studio.show_bank" if name.part is Part.BANK else "studio.show_settings"
    return url_for(endpoint, course=workspace.slug)
