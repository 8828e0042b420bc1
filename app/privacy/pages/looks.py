"""Who looked at the reader's record, in words: by role, and by alias where the table of identities lets it be seen."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.access.policy import Actor, Role
from app.access.words import ROLES
from app.accounts import faces
from app.audit.domain.chain import Line
from app.i18n.babel import joined

PAGE = 50
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
STEP = timedelta(microseconds=1)
Place = tuple[datetime, int]
# the name of an event that says that somebody looked: what they saw
KINDS = {
    "IdentitySeen": lazy_gettext("Your name and how you are reached"),
    "OfficersSeen": lazy_gettext("Your competencies and their dates"),
    "SupervisedSeen": lazy_gettext("Your name, courses done and competencies, as your supervisor"),
    "ServiceSeen": lazy_gettext("Where you serve"),
}
# the same without a person in it: a list with the reader in
LISTS = {
    "OfficersSeen": lazy_gettext("A list of all officers of your country"),
    "OfficersExported": lazy_gettext("Your name, in a file of officers of your country"),
}
NAMES = tuple({**KINDS, **LISTS})


def listing(found: Sequence[Line], reader: Actor, today: date) -> dict[str, Any]:
    """Return a page of looks; `found` holds one more than a page when there are more."""
    shown, more = found[:PAGE], len(found) > PAGE
    who = {line.actor_id for line in shown if line.actor_id is not None}
    known = faces.faces(reader, who, today)
    roles = faces.roles_on(who, {line.at.date() for line in shown})
    return {
        "looks": [_row(list(lines), known, roles) for _key, lines in groupby(shown, _same)],
        "onward": url_for("privacy.who_looked", before=write_place(shown[-1].at, shown[-1].id)) if more else "",
    }


def write_place(at: datetime, number: int) -> str:
    """Return a place in the list as an address holds it."""
    return f"{(at - EPOCH) // STEP}-{number}"


def read_place(text: str) -> Place | None:
    """Return a place as the address holds it, None for none."""
    micros, _dash, number = text.partition("-")
    return (EPOCH + int(micros) * STEP, int(number)) if number else None


def _row(lines: Sequence[Line], known: Mapping[Any, faces.Face], roles: Mapping[Any, Sequence[Role]]) -> dict[str, Any]:
    """Return looks of one person at the same thing on one day as a row."""
    line = lines[0]
    face = known.get(line.actor_id)
    held = roles.get((line.actor_id, line.at.date()), ())
    shown = [role for role in Role if role in held and (role is not Role.PRACTITIONER or set(held) == {role})]
    said = joined([str(ROLES[role]) for role in shown]) if face and face.sees_role else ""
    what = KINDS[line.name] if line.person_id is not None else LISTS[line.name]
    return {
        "day": line.at.date(),
        "what": str(what),
        "role": said or _("Somebody of the academy"),
        "alias": face.alias if face else "",
        "times": len(lines),
    }


def _same(line: Line) -> tuple[date, Any, str, bool]:
    return line.at.date(), line.actor_id, line.name, line.person_id is None
