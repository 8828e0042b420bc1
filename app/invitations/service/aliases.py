"""Change, suggest and replace aliases, limit how often a person may try one, and delete expired rows."""

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
from app.identity.queries import people as identity_people, postings as identity_postings, roles as identity_roles
from app.identity.queries.postings import DAY
from app.invitations.domain.aliases import ALIAS_RESTS, ALIAS_TRIES, TRIES_WITHIN, AliasRefusal, alias as alias_of
from app.invitations.domain.reserved_aliases import NAMES, is_reserved
from app.invitations.events import AliasChanged
from app.invitations.models import GivenUpAlias, Invitation, RefusedAlias
from app.invitations.queries.aliases import refuse_alias
from app.kernel import clock

PORTION = 500  # names in one statement
NEUTRAL_TITLE = "Member"  # names no role
ENDED_WITHIN = timedelta(days=3)  # how far back the job looks for ended roles
FIRST_NUMBER, NUMBERS = 100, 9_900  # of suggested aliases: three or four digits while a title is rare


def change(person_id: UUID, alias: str, now: datetime) -> AliasRefusal | None:
    """Change the alias of a person, or return why not. Earlier records show the new alias; sessions stay open.

    For a year no other person may take the old alias or one that looks like it.
    """
    identity_postings.lock(person_id)
    lock_alias(alias)
    refusal = refuse_try(person_id) or _refuse_reserved(person_id, alias, now) or refuse_alias(person_id, alias, now)
    if refusal is not None:
        record_refusal(person_id, refusal)
        return refusal
    person = identity_people.get(person_id)
    db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id, GivenUpAlias.alias == alias))
    db.session.add(GivenUpAlias(person_id=person_id, alias=person.alias, free_at=now + ALIAS_RESTS))
    person.alias, person.alias_chosen_at = alias, now
    record(AliasChanged(at=now, person_id=person_id))
    return None


def replace_reserved(person_id: UUID, now: datetime) -> bool:
    """Replace an alias that names a role the person no longer has by a neutral one; return whether it did."""
    identity_postings.lock(person_id)
    person = identity_people.get(person_id)
    if person.state is not PersonState.ACTIVE or _refuse_reserved(person_id, person.alias, now) is None:
        return False
    db.session.add(GivenUpAlias(person_id=person_id, alias=person.alias, free_at=now + ALIAS_RESTS))
    person.alias, person.alias_chosen_at = suggested([NEUTRAL_TITLE])[0], None
    record(AliasChanged(at=now, person_id=person_id))
    return True


def after_role_ends(now: datetime) -> list[UUID]:
    """Return the people whose roles ended within ENDED_WITHIN, for `replace_reserved`."""
    ended = RoleGrant.until.between(now.date() - ENDED_WITHIN, now.date() - DAY)
    return list(db.session.scalars(select(RoleGrant.person_id).where(ended, RoleGrant.role.in_(NAMES)).distinct()))


def _refuse_reserved(person_id: UUID, alias: str, now: datetime) -> AliasRefusal | None:
    roles = identity_roles.roles_of(person_id, now.date())
    posting_roles = identity_postings.roles_on([person_id], now.date()).get(person_id, ())
    return AliasRefusal.ROLE if is_reserved(alias, roles, set(posting_roles)) else None


def lock_alias(alias: str) -> None:
    """Lock an alias and all that look like it until the transaction ends."""
    lock_key(*(blind_index.index("alias", look) for look in lookalike_keys(alias)))


def refuse_try(holder: UUID) -> AliasRefusal | None:
    """Return AliasRefusal.TRIES after too many attempts: each refusal reveals that an alias exists.

    `holder` is a person or an invitation.
    """
    lock_key(holder.hex)
    since = clock.real_now() - TRIES_WITHIN
    tried = select(func.count()).where(RefusedAlias.holder == holder, RefusedAlias.at > since)
    return AliasRefusal.TRIES if db.session.execute(tried).scalar_one() >= ALIAS_TRIES else None


def record_refusal(holder: UUID, refusal: AliasRefusal) -> None:
    """Count a refusal that revealed another person's alias."""
    if refusal is AliasRefusal.ALIKE:
        record_try(holder)


def record_try(holder: UUID) -> None:
    """Count an attempt for the limit of `refuse_try`."""
    db.session.add(RefusedAlias(holder=holder, at=clock.real_now()))


def suggested(titles: Sequence[str]) -> list[str]:
    """Return an alias for each title that no person has or had, with a random number.

    Consecutive numbers would reveal how many people of all countries have a title.
    """
    available = {title: _available(title, count) for title, count in Counter(titles).items()}
    return [next(available[title]) for title in titles]


def _available(title: str, count: int) -> Iterator[str]:
    """Yield `count` available aliases of a title or more; use longer numbers if many are taken."""
    yielded: set[str] = set()
    numbers = NUMBERS
    while True:
        names = {alias_of(title, FIRST_NUMBER + secrets.randbelow(numbers)) for _step in range(min(2 * count, PORTION))}
        available = names - _taken(names) - yielded
        yielded |= available
        yield from available
        if 2 * len(available) < len(names):
            numbers *= 10


def _taken(names: set[str]) -> set[str]:
    tables = (Person, Invitation, GivenUpAlias)
    return {name for table in tables for name in db.session.scalars(select(table.alias).where(table.alias.in_(names)))}


def delete_expired(real_now: datetime) -> int:
    """Delete aliases that are free again and refusals outside the limit's window; return the number of rows."""
    given_up = delete(GivenUpAlias).where(GivenUpAlias.free_at <= clock.now())
    refusals = delete(RefusedAlias).where(RefusedAlias.at <= real_now - TRIES_WITHIN)
    return _execute(given_up) + _execute(refusals)


def _execute(statement: Delete) -> int:
    return int(cast("Any", db.session.execute(statement)).rowcount)
