"""Invite people, withdraw invitations and print letters in bulk; the caller checks the permission."""

from collections.abc import Iterator, Mapping, Sequence
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
from app.invitations.queries.invitations import IS_OPEN, visible
from app.invitations.service import aliases
from app.invitations.service.invitations import EMPTY, NewInvitation, create_letter_code, values
from app.kernel import clock
from app.rights.service import proposals

LETTERS = 200  # printed by one request


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """A letter with its code, which is not stored in plain text; `ends_at` is an aware time."""

    name: str
    mail: str
    language: str
    ends_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """The number of open invitations, and of those without a valid letter."""

    all: int
    without: int


def lock_country(country: str) -> None:
    """Lock the import of sheets of a country: two imports at once would both see an address as free."""
    lock_key(blind_index.index("sheet", country))


def invite_all(new_invitations: Sequence[NewInvitation], by: UUID, real_now: datetime) -> list[UUID]:
    """Invite people and queue the mails with their links; return the ids in the same order.

    Raises IntegrityError if an address is invited at the same time.
    """
    titles = _titles(new_invitations, by)
    rows = [
        values(new, alias, by, real_now) for new, alias in zip(new_invitations, aliases.suggested(titles), strict=True)
    ]
    for portion in service.portions(rows):
        db.session.execute(insert(Invitation), list(portion))
    proposals.propose_for_invitations({row["id"]: (row["role"], row["country"]) for row in rows}, by, clock.now())
    for row in rows:
        record(Invited(invitation_id=row["id"], country=row["country"], role=row["role"], mails=1))
    return [row["id"] for row in rows]


def _titles(new_invitations: Sequence[NewInvitation], by: UUID) -> list[str]:
    """Return the first parts of the suggested aliases; a role that needs a second person is not named."""
    roles = identity_roles.roles_of(by, clock.today())
    pairs = {(new.role, new.country) for new in new_invitations}
    neutral = {pair for pair in pairs if proposals.is_needed(*pair, roles)}
    return [aliases.NEUTRAL_TITLE if (new.role, new.country) in neutral else new.title for new in new_invitations]


def withdraw_all(ids: Sequence[UUID], real_now: datetime) -> set[UUID]:
    """Withdraw invitations and delete the personal data in them; return the ids of those that were open."""
    withdrawn: dict[UUID, str] = {}
    for portion in service.portions(sorted(ids)):
        query = select(Invitation.id, Invitation.country).where(Invitation.id.in_(portion), *IS_OPEN)
        countries = {row[0]: row[1] for row in db.session.execute(query.order_by(Invitation.id).with_for_update())}
        db.session.execute(
            update(Invitation).where(Invitation.id.in_(countries)).values(withdrawn_at=real_now, **EMPTY)
        )
        withdrawn |= countries
        proposals.withdraw_for_invitations(list(countries), clock.now())
    for invitation_id, country in withdrawn.items():
        record(InvitationWithdrawn(invitation_id=invitation_id, country=country))
    return set(withdrawn)


def end_unaccepted(real_now: datetime) -> int:
    """End invitations KEPT after link and letter expired, and delete their personal data; return how many.

    At most `service.PORTION` at once.
    """
    latest = real_now - KEPT
    ended = (Invitation.ends_at <= latest, func.coalesce(Invitation.letter_ends_at, Invitation.ends_at) <= latest)
    query = select(Invitation.id, Invitation.country).where(*IS_OPEN, *ended)
    query = query.order_by(Invitation.id).limit(service.PORTION).with_for_update()
    countries = {row[0]: row[1] for row in db.session.execute(query)}
    close = update(Invitation).where(Invitation.id.in_(countries))
    db.session.execute(close.values(withdrawn_at=real_now, ends_at=real_now, **EMPTY))
    proposals.withdraw_for_invitations(list(countries), clock.now())
    for invitation_id, country in countries.items():
        record(InvitationEnded(invitation_id=invitation_id, country=country))
    return len(countries)


def count_letters(actor: Actor, ids: Select[UUID | None], real_now: datetime) -> LetterCounts:
    """Return how many invitations of a query are open and visible to the actor, and how many have no valid letter."""
    without = or_(Invitation.letter_ends_at.is_(None), Invitation.letter_ends_at <= real_now)
    query = select(func.count(), func.count(case((without, 1)))).where(
        Invitation.id.in_(ids), *_open_and_visible(actor)
    )
    return LetterCounts(*db.session.execute(query).one())


def are_guarded(actor: Actor, ids: Select[UUID | None]) -> bool:
    """Return whether an open invitation of a query is for a role in GUARDED."""
    guarded = (Invitation.id.in_(ids), Invitation.role.in_(GUARDED))
    query = select(Invitation.id).where(*guarded, *_open_and_visible(actor))
    return db.session.scalar(query.limit(1)) is not None


def print_letters(actor: Actor, ids: Sequence[UUID], real_now: datetime, *, again: bool) -> list[InvitationLetter]:
    """Create letters for open invitations without a valid one, in the order of `ids`, at most LETTERS.

    With `again`, and if each has a letter, new letters replace the oldest ones. Older codes work until then.
    """
    letter_ends = dict(_open_letters(actor, ids))
    invitations = _lock_unchanged(_choose(letter_ends, real_now, again=again), letter_ends)
    codes = [create_letter_code(invitation, real_now) for invitation in invitations]
    return [
        InvitationLetter(
            invitation.name, invitation.mail, invitation.language, invitation.letter_ends_at or real_now, code
        )
        for invitation, code in zip(invitations, codes, strict=True)
    ]


def _choose(letter_ends: Mapping[UUID, datetime | None], real_now: datetime, *, again: bool) -> list[UUID]:
    """Return the invitations without a valid letter, or with `again` those with the oldest letters."""
    chosen = [invitation_id for invitation_id, ends_at in letter_ends.items() if ends_at is None or ends_at <= real_now]
    if not chosen and again:
        chosen = sorted(letter_ends, key=lambda invitation_id: letter_ends[invitation_id] or real_now)
    return chosen[:LETTERS]


def _lock_unchanged(ids: Sequence[UUID], letter_ends: Mapping[UUID, datetime | None]) -> list[Invitation]:
    """Lock open invitations and return those whose letter did not change: another user may have printed it."""
    query = select(Invitation).where(Invitation.id.in_(ids), *IS_OPEN).order_by(Invitation.id).with_for_update()
    rows = db.session.scalars(query, execution_options={"populate_existing": True})
    locked = {row.id: row for row in rows if row.letter_ends_at == letter_ends[row.id]}
    return [locked[invitation_id] for invitation_id in ids if invitation_id in locked]


def _open_letters(actor: Actor, ids: Sequence[UUID]) -> Iterator[tuple[UUID, datetime | None]]:
    """Yield the open invitations of `ids` in this order, each with the end of its letter."""
    conditions = _open_and_visible(actor)
    for portion in service.portions(ids):
        query = select(Invitation.id, Invitation.letter_ends_at).where(Invitation.id.in_(portion), *conditions)
        ends = {row[0]: row[1] for row in db.session.execute(query)}
        yield from ((invitation_id, ends[invitation_id]) for invitation_id in portion if invitation_id in ends)


def _open_and_visible(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return visible(actor), *IS_OPEN
