"""Build /teaching/workshops/<id>/files, and the files on the page of a participant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from flask import url_for
from flask_babel import format_decimal, gettext as _, pgettext

from app.access.policy import Action, Actor, allows
from app.i18n.babel import words
from app.identity.queries import people as accounts
from app.learning import labels as learning_labels
from app.web.pages import Page
from app.workshops.domain.event_files import FileKind
from app.workshops.domain.events import OVER
from app.workshops.forms.event_files import EventFileForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries.event_files import EventFileLine
from app.workshops.shapes import WorkshopFacts

USUAL = timedelta(days=30)  # after the event, as the form proposes
_KILOBYTE = 1000
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file; `href` and `withdraw_url` are empty if the user cannot download or withdraw it."""

    title: str
    href: str
    sub: str
    sensitivity: str
    added_by: str
    word: str
    kind: str
    withdraw_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPage(Page):
    """The files of an event for its staff; `form` is None for a closed or cancelled event."""

    template: ClassVar[str] = "teaching/files.html"
    heading: EventHeading
    files: Sequence[FileRow]
    form: EventFileForm | None


@dataclass(frozen=True, slots=True)
class ParticipantFile:
    """A file that a participant can download."""

    title: str
    href: str
    sub: str


def files_page(
    actor: Actor, workshop: WorkshopFacts, files: Sequence[EventFileLine], form: EventFileForm | None, now: datetime
) -> FilesPage:
    """Return the page; `form` is a form with errors."""
    names = accounts.names([file.person_id for file in files])
    can_add = workshop.state not in OVER
    return FilesPage(
        heading=event.heading_of(workshop),
        files=[_row(actor, file, names.get(file.person_id, ""), now) for file in files],
        form=(form or _new_form(workshop, now.date())) if can_add else None,
    )


def participant_files(files: Sequence[EventFileLine]) -> list[ParticipantFile]:
    """Return the files that a participant can download."""
    return [ParticipantFile(file.title, _href(file), _sub(file)) for file in files]


def size_text(size: int) -> str:
    """Return a number of bytes in kilobytes or megabytes."""
    if size < _MEGABYTE:
        return _("%(size)s kB", size=max(1, round(size / _KILOBYTE)))
    return _("%(size)s MB", size=format_decimal(round(size / _MEGABYTE, 1)))


def _new_form(workshop: WorkshopFacts, today: date) -> EventFileForm:
    return EventFileForm(sensitivity=workshop.sensitivity.value, expires_on=max(workshop.last_day, today) + USUAL)


def _row(actor: Actor, file: EventFileLine, added_by: str, now: datetime) -> FileRow:
    is_open = file.is_open(now)
    is_withdrawn = file.withdrawn_at is not None
    word, kind = _state(file, is_open=is_open)
    can_withdraw = not is_withdrawn and allows(actor, Action.WITHDRAW_EVENT_FILE, file)
    url = url_for("workshops.withdraw_file", workshop_id=file.workshop.id, file_id=file.id)
    return FileRow(
        title=file.title,
        href=_href(file) if is_open and allows(actor, Action.READ_EVENT_FILE, file) else "",
        sub=_sub(file),
        sensitivity=learning_labels.sensitivity(file.sensitivity),
        added_by=added_by,
        word=word,
        kind=kind,
        withdraw_url=url if can_withdraw else "",
    )


def _state(file: EventFileLine, *, is_open: bool) -> tuple[str, str]:
    if file.withdrawn_at is not None:
        return pgettext("file", "Withdrawn"), "none"
    return (pgettext("file", "Available"), "good") if is_open else (pgettext("file", "Expired"), "none")


def _href(file: EventFileLine) -> str:
    return url_for("workshops.download_file", workshop_id=file.workshop.id, file_id=file.id)


def _sub(file: EventFileLine) -> str:
    name = {FileKind.PDF: "PDF", FileKind.PNG: "PNG", FileKind.JPEG: "JPEG", FileKind.WEBP: "WebP"}[file.kind]
    return _("%(type)s, %(size)s, until %(day)s", type=name, size=size_text(file.size), day=words(file.expires_on))
