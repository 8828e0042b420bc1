"""View model of the access log: views of a record, with the roles and aliases that the reader may see."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, lazy_gettext

from app.access.labels import ROLES
from app.access.policy import Actor, Role
from app.audit.domain.chain import ChainEntry
from app.audit.queries import ListMembership, Stay
from app.directory.queries.officers import OfficerPostings
from app.i18n.babel import joined
from app.identity.queries import visible_identity
from app.identity.queries.postings import PostingSpan
from app.web.pages import Page

PAGE = 50
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
STEP, DAY = timedelta(microseconds=1), timedelta(days=1)
Position = tuple[datetime, int]
# by the name of the event that records a view: the data that was viewed
KINDS = {
    "IdentitySeen": lazy_gettext("Your name and how you are reached"),
    "OfficersSeen": lazy_gettext("Your competencies and their dates"),
    "SupervisedSeen": lazy_gettext("Your name, courses done and competencies, as your supervisor"),
    "ServiceSeen": lazy_gettext("Where you serve"),
    "LearningSeen": lazy_gettext("Your courses and workshops"),
    "LooksSeen": lazy_gettext("Who viewed your record"),
    "ExtraTimeSeen": lazy_gettext("Your extra time in tests"),
    "AccountSeen": lazy_gettext("What your account saw and did, because of an incident"),
}
# the same for events without a person: a list that includes the reader
LISTS = {
    "OfficersSeen": lazy_gettext("A list of all officers of your country"),
    "OfficersExported": lazy_gettext("Your name, in a file of officers of your country"),
    "SheetChecked": lazy_gettext("A sheet that changed something of you, when it was brought"),
    "SheetSeen": lazy_gettext("A sheet that changed something of you, before it did"),
}
# the same, for the contact point of the person
KINDS_OF_OFFICER = {
    "IdentitySeen": lazy_gettext("The name and how the officer is reached"),
    "OfficersSeen": lazy_gettext("Competencies and their dates"),
    "SupervisedSeen": lazy_gettext("Name, courses done and competencies, as the supervisor"),
    "ServiceSeen": lazy_gettext("Where the officer serves"),
    "LearningSeen": lazy_gettext("Courses and workshops"),
    "LooksSeen": lazy_gettext("Who viewed the record"),
    "ExtraTimeSeen": lazy_gettext("Extra time in tests"),
    "AccountSeen": lazy_gettext("What the account saw and did, because of an incident"),
}
LISTS_OF_OFFICER = {
    "OfficersSeen": lazy_gettext("A list of all officers of your country"),
    "OfficersExported": lazy_gettext("The name, in a file of officers of your country"),
    "SheetChecked": lazy_gettext("A sheet that changed something of the officer, when it was brought"),
    "SheetSeen": lazy_gettext("A sheet that changed something of the officer, before it did"),
}
NAMES = tuple({**KINDS, **LISTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRow:
    """Views of one person of the same data on one day; `alias` is "" where it is hidden."""

    day: date
    data: str
    role: str
    alias: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogPage(Page):
    """Views of the own record or, for a contact point, of the record of an officer; `alias` is "" for the own one."""

    template: ClassVar[str] = "privacy/looks.html"

    alias: str
    person_href: str
    supervisors: tuple[str, ...]
    views: tuple[ViewRow, ...]
    first_href: str
    next_href: str


def access_log_page(
    entries: Sequence[ChainEntry],
    reader: Actor,
    today: date,
    *,
    officer: OfficerPostings | None = None,
    supervisors: Sequence[str] = (),
    is_first: bool,
) -> AccessLogPage:
    """Return the access log of an officer for the contact point, without `officer` that of the reader's own record.

    `entries` contains one more than a page if there are more.
    """
    officer_id = officer.person_id if officer else None
    last = entries[PAGE - 1] if len(entries) > PAGE else None
    return AccessLogPage(
        alias=officer.alias if officer else "",
        person_href=url_for("directory.show_person", person_id=officer_id) if officer_id else "",
        supervisors=tuple(supervisors),
        views=_views(entries[:PAGE], reader, today, own=officer is None),
        first_href="" if is_first else address(officer_id),
        next_href=address(officer_id, write_position(last.at, last.id)) if last else "",
    )


def _views(entries: Sequence[ChainEntry], reader: Actor, today: date, *, own: bool) -> tuple[ViewRow, ...]:
    actors = {line.actor_id for line in entries if line.actor_id is not None}
    identities = visible_identity.visible_identities(reader, actors, today)
    roles = visible_identity.roles_on(actors, {line.at.date() for line in entries})
    groups = [list(group) for _key, group in groupby(entries, _same)]
    return tuple(_row(group, identities, roles, own=own) for group in groups)


def listed(served: Sequence[PostingSpan], sheets: Set[UUID]) -> list[ListMembership]:
    """Return the lists and sheets that included a person with these postings, with the days of each posting."""
    ends = [date.max if span.until is None else span.until + DAY for span in served]
    return [
        ListMembership(span.country, sheets | {span.agency_id}, (span.since, end))
        for span, end in zip(served, ends, strict=True)
    ]


def stays(served: Sequence[PostingSpan], country: str) -> list[Stay]:
    """Return the periods whose views a country sees: from its own postings until one elsewhere begins."""
    ends = [*(span.since for span in served[1:]), date.max]
    return [(span.since, end) for span, end in zip(served, ends, strict=True) if span.country == country]


def address(officer_id: UUID | None, before: str | None = None) -> str:
    """Return the address of the access log of an officer, or (None) of the own record."""
    if officer_id is None:
        return url_for("privacy.show_access_log", before=before)
    return url_for("privacy.show_officer_access_log", person_id=officer_id, before=before)


def write_position(at: datetime, number: int) -> str:
    """Return a position in the list as a parameter of an address."""
    return f"{(at - EPOCH) // STEP}-{number}"


def read_position(text: str) -> Position | None:
    """Return the position that a parameter of an address contains, or None."""
    micros, _dash, number = text.partition("-")
    return (EPOCH + int(micros) * STEP, int(number)) if number else None


def _data_label(line: ChainEntry, *, own: bool) -> str:
    """Return the label of the viewed data: a record, or a list that includes it."""
    alone = line.person_id is not None
    if own:
        return str((KINDS if alone else LISTS)[line.name])
    return str((KINDS_OF_OFFICER if alone else LISTS_OF_OFFICER)[line.name])


def _row(
    group: Sequence[ChainEntry],
    identities: Mapping[Any, visible_identity.VisibleIdentity],
    roles: Mapping[Any, Sequence[Role]],
    *,
    own: bool,
) -> ViewRow:
    """Return views of one person of the same data on one day as a row."""
    line = group[0]
    identity = identities.get(line.actor_id)
    label = _roles_label(roles.get((line.actor_id, line.at.date()), ())) if identity and identity.sees_role else ""
    return ViewRow(
        day=line.at.date(),
        data=_data_label(line, own=own),
        role=label or _("Staff of the academy"),
        alias=identity.alias if identity else "",
        times=len(group),
    )


def _roles_label(roles: Sequence[Role]) -> str:
    """Return the labels of roles; that of a practitioner only if there is no other."""
    others = set(roles) - {Role.PRACTITIONER}
    return joined([str(ROLES[role]) for role in Role if role in (others or roles)])


def _same(line: ChainEntry) -> tuple[date, Any, str, bool]:
    return line.at.date(), line.actor_id, line.name, line.person_id is None
