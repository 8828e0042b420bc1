"""Letters of invitations: many at once, and their words in the language of whoever is invited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.access.policy import Actor
from app.accounts import enrolling, invitations, people
from app.accounts.domain import spaced
from app.accounts.invitation_rules import masked
from app.accounts.models import Invitation
from app.db.session import db
from app.i18n.babel import words as dated
from app.i18n.languages import direction
from config import Settings

AT_ONCE = 200  # letters of one press


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with its code, which nobody can tell again; `ends_at` is an aware time."""

    name: str
    mail: str
    language: str
    ends_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many invitations wait, and how many of them have no letter that is good."""

    all: int
    without: int


def count(actor: Actor, ids: Sequence[UUID], real_now: datetime) -> Waiting:
    """Return how many of these invitations somebody could print letters of."""
    still = list(_still(actor, ids))
    return Waiting(len(still), sum(_has_none(ends_at, real_now) for _id, ends_at in still))


def print_some(actor: Actor, ids: Sequence[UUID], real_now: datetime, *, again: bool) -> list[Letter]:
    """Make letters of those of these invitations that wait and have none, in this order, so many as one press does.

    With `again`, where each has one: new ones in place of the oldest. Codes that were handed over stay good until then.
    """
    still = list(_still(actor, ids))
    chosen = [one for one, ends_at in still if _has_none(ends_at, real_now)]
    if not chosen and again:
        chosen = [one for one, _ends_at in sorted(still, key=lambda pair: pair[1] or real_now)]
    chosen = chosen[:AT_ONCE]
    over = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    query = select(Invitation).where(Invitation.id.in_(chosen), *over).order_by(Invitation.id).with_for_update()
    held = {one.id: one for one in db.session.scalars(query, execution_options={"populate_existing": True})}
    found = [held[one] for one in chosen if one in held]
    codes = [invitations.make_letter(one, real_now) for one in found]
    return [
        Letter(one.name, one.mail, one.language, one.letter_ends_at or real_now, code)
        for one, code in zip(found, codes, strict=True)
    ]


def words(letter: Letter) -> dict[str, str]:
    """Return the words of a letter in the language of whoever is invited.

    The mail address is half of what opens the account: whoever finds the sheet must not read it there.
    """
    settings: Settings = current_app.extensions["settings"]
    ends_at = letter.ends_at
    with force_locale(letter.language.replace("-", "_")):
        return {
            "language": letter.language,
            "dir": direction(letter.language),
            "title": _("Your access to the academy"),
            "name": letter.name,
            "opening": _("Your account at the academy is ready to be opened."),
            "address_label": _("Open this address"),
            "address": f"{settings.site_url}/invitation",
            "mail_label": _("Type your work e-mail"),
            "mail": masked(letter.mail),
            "mail_hint": _("You know it: it is not written here in full."),
            "code_label": _("Type this code"),
            "code": spaced(letter.code),
            "until": _(
                "The letter is good until %(day)s and serves once. Give it to nobody.", day=dated(ends_at)
            ),
            "ask": _("Questions? Ask whoever gave you this letter."),
        }


def _still(actor: Actor, ids: Sequence[UUID]) -> Iterator[tuple[UUID, datetime | None]]:
    """Yield those of these invitations that wait, in this order, with the time until which a letter is good."""
    conditions = (people.may_see(actor), Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    for some in enrolling.portions(ids):
        query = select(Invitation.id, Invitation.letter_ends_at).where(Invitation.id.in_(some), *conditions)
        found = {row[0]: row[1] for row in db.session.execute(query)}
        yield from ((one, found[one]) for one in some if one in found)


def _has_none(ends_at: datetime | None, real_now: datetime) -> bool:
    return ends_at is None or ends_at <= real_now
