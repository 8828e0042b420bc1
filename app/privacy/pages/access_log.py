"""Who looked at a record, in words: by role, and by alias where the table of identities lets it be seen."""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.access.labels import ROLES
from app.access.policy import Actor, Role
from app.audit.domain.chain import ChainEntry
from app.audit.queries import Listed, Stay
from app.i18n.babel import joined
from app.identity.queries import visible_identity
from app.identity.queries.postings import PostingSpan

PAGE = 50
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
STEP, DAY = timedelta(microseconds=1), timedelta(days=1)
Place = tuple[datetime, int]
# the name of an event that says that somebody looked: what they saw
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
# the same without a person in it: a list with the reader in
LISTS = {
    "OfficersSeen": lazy_gettext("A list of all officers of your country"),
    "OfficersExported": lazy_gettext("Your name, in a file of officers of your country"),
    "SheetChecked": lazy_gettext("A sheet that changed something of you, when it was brought"),
    "SheetSeen": lazy_gettext("A sheet that changed something of you, before it did"),
}
# the same, told to the contact point of the person
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


def listing(found: Sequence[ChainEntry], reader: Actor, today: date, of: UUID | None = None) -> dict[str, Any]:
    """Return a page of looks at the reader, or at an officer whose contact point reads.

    `found` holds one more than a page when there are more.
    """
    shown, more = found[:PAGE], len(found) > PAGE
    who = {line.actor_id for line in shown if line.actor_id is not None}
    known = visible_identity.visible_identities(reader, who, today)
    roles = visible_identity.roles_on(who, {line.at.date() for line in shown})
    return {
        "looks": [
            {"what": _what(line, own=of is None), **_row(line, len(lines), known, roles)}
            for _key, found in groupby(shown, _same)
            for lines in [list(found)]
            for line in lines[:1]
        ],
        "onward": address(of, write_place(shown[-1].at, shown[-1].id)) if more else "",
    }


def listed(served: Sequence[PostingSpan], sheets: Set[UUID]) -> list[Listed]:
    """Return in which lists somebody with these postings stood, each on the days of its posting, and which sheets."""
    ends = [date.max if span.until is None else span.until + DAY for span in served]
    return [
        Listed(span.country, sheets | {span.agency_id}, (span.since, end))
        for span, end in zip(served, ends, strict=True)
    ]


def stays(served: Sequence[PostingSpan], country: str) -> list[Stay]:
    """Return the days of which a country sees who looked: from its own postings until one elsewhere begins."""
    ends = [*(span.since for span in served[1:]), date.max]
    return [(span.since, end) for span, end in zip(served, ends, strict=True) if span.country == country]


def address(of: UUID | None, before: str | None = None) -> str:
    """Return where looks at an officer stand, or (None) those at the reader."""
    if of is None:
        return url_for("privacy.show_access_log", before=before)
    return url_for("privacy.show_officer_access_log", person_id=of, before=before)


def write_place(at: datetime, number: int) -> str:
    """Return a place in the list as an address holds it."""
    return f"{(at - EPOCH) // STEP}-{number}"


def read_place(text: str) -> Place | None:
    """Return a place as the address holds it, None for none."""
    micros, _dash, number = text.partition("-")
    return (EPOCH + int(micros) * STEP, int(number)) if number else None


def _what(line: ChainEntry, *, own: bool) -> str:
    """Return what was looked at: a record, or a list with it in."""
    alone = line.person_id is not None
    if own:
        return str((KINDS if alone else LISTS)[line.name])
    return str((KINDS_OF_OFFICER if alone else LISTS_OF_OFFICER)[line.name])


def _row(
    line: ChainEntry,
    times: int,
    known: Mapping[Any, visible_identity.VisibleIdentity],
    roles: Mapping[Any, Sequence[Role]],
) -> dict[str, Any]:
    """Return looks of one person at the same thing on one day as a row."""
    face = known.get(line.actor_id)
    held = roles.get((line.actor_id, line.at.date()), ())
    shown = [role for role in Role if role in held and (role is not Role.PRACTITIONER or set(held) == {role})]
    said = joined([str(ROLES[role]) for role in shown]) if face and face.sees_role else ""
    return {
        "day": line.at.date(),
        "role": said or _("Staff of the academy"),
        "alias": face.alias if face else "",
        "times": times,
    }


def _same(line: ChainEntry) -> tuple[date, Any, str, bool]:
    return line.at.date(), line.actor_id, line.name, line.person_id is None
