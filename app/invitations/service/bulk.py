"""Inviting and changing many people at a time, for whoever brings in a sheet; who may was asked before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, insert, or_, select, update

from app.access.policy import Actor
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity import service
from app.identity.domain.roles import GUARDED
from app.identity.queries import roles as identity_roles
from app.invitations.domain.invitations import KEPT
from app.invitations.events import InvitationEnded, InvitationWithdrawn, Invited
from app.invitations.models import Invitation
from app.invitations.queries import invitations
from app.invitations.service import aliases
from app.invitations.service.invitations import EMPTY, NewInvitation, make_letter, values
from app.kernel import clock
from app.rights.service import proposals

LETTERS = 200  # of one press


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """A letter with its code, which nobody can tell again; `ends_at` is an aware time."""

    name: str
    mail: str
    language: str
    ends_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """How many invitations wait, and how many of them have no letter that is good."""

    all: int
    without: int


def lock_country(country: str) -> None:
    """Let those who bring in sheets of a country go one after the other: both would find an address free."""
    lock_key(blind_index.index("sheet", country))


def invite_all(wanted: Sequence[NewInvitation], by: UUID, real_now: datetime) -> list[UUID]:
    """Invite these people and let their links be mailed; return the invitations in their order.

    Raises IntegrityError when an address is invited meanwhile.
    """
    pairs = {(new.role, new.country) for new in wanted}
    roles = identity_roles.roles_of(by, clock.today())
    needed = {pair for pair in pairs if proposals.is_needed(*pair, roles)}
    titles = [aliases.NEUTRAL_TITLE if (new.role, new.country) in needed else new.title for new in wanted]
    names = aliases.suggested(titles)
    rows = [values(new, name, by, real_now) for new, name in zip(wanted, names, strict=True)]
    for some in service.portions(rows):
        db.session.execute(insert(Invitation), list(some))
    proposals.propose_for_invitations({row["id"]: (row["role"], row["country"]) for row in rows}, by, clock.now())
    for row in rows:
        record(Invited(invitation_id=row["id"], country=row["country"], role=row["role"], mails=1))
    return [row["id"] for row in rows]


def withdraw_all(ids: Sequence[UUID], real_now: datetime) -> set[UUID]:
    """Take these invitations back and keep nothing of the people in them; return those that were not over before."""
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    gone: dict[UUID, str] = {}
    for some in service.portions(sorted(ids)):
        query = select(Invitation.id, Invitation.country).where(Invitation.id.in_(some), *still)
        found = {row[0]: row[1] for row in db.session.execute(query.order_by(Invitation.id).with_for_update())}
        db.session.execute(update(Invitation).where(Invitation.id.in_(found)).values(withdrawn_at=real_now, **EMPTY))
        gone |= found
        proposals.withdraw_for_invitations(list(found), clock.now())
    for one, country in gone.items():
        record(InvitationWithdrawn(invitation_id=one, country=country))
    return set(gone)


def end_unaccepted(real_now: datetime) -> int:
    """Keep nothing of people who did not accept long after both ways in were over, a portion; return how many."""
    late, still = real_now - KEPT, (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    ended = (Invitation.ends_at <= late, func.coalesce(Invitation.letter_ends_at, Invitation.ends_at) <= late)
    query = (
        select(Invitation.id, Invitation.country).where(*still, *ended).order_by(Invitation.id).limit(service.PORTION)
    )
    found = {row[0]: row[1] for row in db.session.execute(query.with_for_update())}
    over = update(Invitation).where(Invitation.id.in_(found))
    db.session.execute(over.values(withdrawn_at=real_now, ends_at=real_now, **EMPTY))
    proposals.withdraw_for_invitations(list(found), clock.now())
    for one, country in found.items():
        record(InvitationEnded(invitation_id=one, country=country))
    return len(found)


def count_letters(actor: Actor, ids: Select[UUID | None], real_now: datetime) -> LetterCounts:
    """Return how many of the invitations of this query somebody could print letters of."""
    none = or_(Invitation.letter_ends_at.is_(None), Invitation.letter_ends_at <= real_now)
    query = select(func.count(), func.count(case((none, 1)))).where(Invitation.id.in_(ids), *_still(actor))
    return LetterCounts(*db.session.execute(query).one())


def are_guarded(actor: Actor, ids: Select[UUID | None]) -> bool:
    """Say whether one of these invitations that wait is to a role that opens names or gives roles."""
    query = select(Invitation.id).where(Invitation.id.in_(ids), Invitation.role.in_(GUARDED), *_still(actor))
    return db.session.scalar(query.limit(1)) is not None


def print_letters(actor: Actor, ids: Sequence[UUID], real_now: datetime, *, again: bool) -> list[InvitationLetter]:
    """Make letters of those of these invitations that wait and have none, in this order, so many as one press does.

    With `again`, where each has one: new ones in place of the oldest. Codes that were handed over stay good until then.
    """
    still = dict(_waiting(actor, ids))
    chosen = [one for one, ends_at in still.items() if _has_none(ends_at, real_now)]
    if not chosen and again:
        chosen = sorted(still, key=lambda one: still[one] or real_now)
    chosen = chosen[:LETTERS]
    over = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    query = select(Invitation).where(Invitation.id.in_(chosen), *over).order_by(Invitation.id).with_for_update()
    held = {one.id: one for one in db.session.scalars(query, execution_options={"populate_existing": True})}
    # whoever got a letter meanwhile has its code: somebody else pressed at the same moment
    found = [held[one] for one in chosen if one in held and held[one].letter_ends_at == still[one]]
    codes = [make_letter(one, real_now) for one in found]
    return [
        InvitationLetter(one.name, one.mail, one.language, one.letter_ends_at or real_now, code)
        for one, code in zip(found, codes, strict=True)
    ]


def _waiting(actor: Actor, ids: Sequence[UUID]) -> Iterator[tuple[UUID, datetime | None]]:
    """Yield those of these invitations that wait, in this order, with the time until which a letter is good."""
    conditions = _still(actor)
    for some in service.portions(ids):
        query = select(Invitation.id, Invitation.letter_ends_at).where(Invitation.id.in_(some), *conditions)
        found = {row[0]: row[1] for row in db.session.execute(query)}
        yield from ((one, found[one]) for one in some if one in found)


def _still(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return invitations.may_see(actor), Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)


def _has_none(ends_at: datetime | None, real_now: datetime) -> bool:
    return ends_at is None or ends_at <= real_now
