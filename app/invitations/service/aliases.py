"""Aliases that people choose: who gets which, how often they may try, how long one rests that somebody gave up."""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Delete, delete, func, select

from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.domain.lookalikes import lookalike_keys
from app.identity.domain.people import PersonState
from app.identity.models import Person, RoleGrant
from app.identity.queries import people as identity_people
from app.identity.queries import postings as identity_postings
from app.identity.queries import roles as identity_roles
from app.identity.queries.postings import DAY
from app.invitations.domain.aliases import ALIAS_RESTS, ALIAS_TRIES, TRIES_WITHIN, AliasRefusal
from app.invitations.domain.aliases import alias as alias_of
from app.invitations.domain.reserved_aliases import NAMES, is_reserved
from app.invitations.events import AliasChanged
from app.invitations.models import GivenUpAlias, Invitation, RefusedAlias
from app.invitations.queries import aliases
from app.kernel import clock

PORTION = 500  # names a statement
NEUTRAL_TITLE = "Member"  # of an alias that names no role
ENDED_WITHIN = timedelta(days=3)  # in which the job looks for roles that ended by their last day
FIRST_NUMBER, NUMBERS = 100, 9_900  # of suggested aliases: three or four figures, while there are few of a title


def change(person_id: UUID, alias: str, now: datetime) -> AliasRefusal | None:
    """Give a person another alias, or say why not: what they did before stands under the new one, sessions go on.

    The one before rests: for a year nobody else gets it, nor one that looks like it.
    """
    identity_postings.lock(person_id)
    queue_for(alias)
    refused = may_try(person_id) or _reserved(person_id, alias, now) or aliases.refuse_alias(person_id, alias, now)
    if refused is not None:
        keep_refusal(person_id, refused)
        return refused
    person = identity_people.get(person_id)
    db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id, GivenUpAlias.alias == alias))
    db.session.add(GivenUpAlias(person_id=person_id, alias=person.alias, free_at=now + ALIAS_RESTS))
    person.alias, person.alias_chosen_at = alias, now
    record(AliasChanged(at=now, person_id=person_id))
    return None


def replace_reserved(person_id: UUID, now: datetime) -> bool:
    """Replace the alias of a person by a neutral one if it names a role that they no longer have; return whether."""
    identity_postings.lock(person_id)
    person = identity_people.get(person_id)
    if person.state is not PersonState.ACTIVE or _reserved(person_id, person.alias, now) is None:
        return False
    db.session.add(GivenUpAlias(person_id=person_id, alias=person.alias, free_at=now + ALIAS_RESTS))
    person.alias, person.alias_chosen_at = suggested([NEUTRAL_TITLE])[0], None
    record(AliasChanged(at=now, person_id=person_id))
    return True


def after_role_ends(now: datetime) -> list[UUID]:
    """Return the people of whom a role ended within the last days, for `replace_reserved`."""
    ended = RoleGrant.until.between(now.date() - ENDED_WITHIN, now.date() - DAY)
    return list(db.session.scalars(select(RoleGrant.person_id).where(ended, RoleGrant.role.in_(NAMES)).distinct()))


def _reserved(person_id: UUID, alias: str, now: datetime) -> AliasRefusal | None:
    roles, postings = (
        identity_roles.roles_of(person_id, now.date()),
        identity_postings.roles_on([person_id], now.date()),
    )
    return AliasRefusal.ROLE if is_reserved(alias, roles, set(postings.get(person_id, ()))) else None


def queue_for(alias: str) -> None:
    """Let those who want this alias, or one that looks like it, go one after the other until the end."""
    lock_key(*(blind_index.index("alias", look) for look in lookalike_keys(alias)))


def may_try(holder: UUID) -> AliasRefusal | None:
    """Refuse who tried too many: each refusal tells that somebody is so called.

    `holder` is a person or an invitation.
    """
    lock_key(holder.hex)
    since = clock.real_now() - TRIES_WITHIN
    tried = select(func.count()).where(RefusedAlias.holder == holder, RefusedAlias.at > since)
    return AliasRefusal.TRIES if db.session.execute(tried).scalar_one() >= ALIAS_TRIES else None


def keep_refusal(holder: UUID, refused: AliasRefusal) -> None:
    """Keep that an alias was refused because somebody is so called."""
    if refused is AliasRefusal.ALIKE:
        db.session.add(RefusedAlias(holder=holder, at=clock.real_now()))


def keep_try(holder: UUID, refused: AliasRefusal | None) -> None:
    """Keep that somebody tried an alias who may try others, whatever the answer was, but that they tried too many."""
    if refused is not AliasRefusal.TRIES:
        db.session.add(RefusedAlias(holder=holder, at=clock.real_now()))


def suggested(titles: Sequence[str]) -> list[str]:
    """Return an alias for each title that nobody has or had, its number at random.

    Numbers in a row would count all who have a title, those of other countries, too.
    """
    free = {title: _free(title, count) for title, count in Counter(titles).items()}
    return [next(free[title]) for title in titles]


def _free(title: str, count: int) -> Iterator[str]:
    """Yield so many aliases of a title that are free; where many are taken, of numbers with more figures."""
    given: set[str] = set()
    most = NUMBERS
    while True:
        names = {alias_of(title, FIRST_NUMBER + secrets.randbelow(most)) for _step in range(min(2 * count, PORTION))}
        kept = (Person, Invitation, GivenUpAlias)
        taken = {name for one in kept for name in db.session.scalars(select(one.alias).where(one.alias.in_(names)))}
        free = names - taken - given
        given |= free
        yield from free
        if 2 * len(free) < len(names):
            most *= 10


def forget_old(real_now: datetime) -> int:
    """Let go aliases that rested long enough, and refusals that count no longer; return how many rows went."""
    rested = delete(GivenUpAlias).where(GivenUpAlias.free_at <= clock.now())
    counted = delete(RefusedAlias).where(RefusedAlias.at <= real_now - TRIES_WITHIN)
    return _gone(rested) + _gone(counted)


def _gone(old: Delete) -> int:
    return int(cast("Any", db.session.execute(old)).rowcount)
