"""Aliases that people choose: who gets which, how often they may try, how long one rests that somebody gave up."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Delete, delete, func, select

from app.accounts import blind, people, queries, roster, service
from app.accounts.events import AliasChanged
from app.accounts.invitation_rules import ALIAS_RESTS, ALIAS_TRIES, TRIES_WITHIN, AliasRefusal, looks
from app.accounts.models import GivenUpAlias, RefusedAlias
from app.db.session import db, record
from app.kernel import clock


def change(person_id: UUID, alias: str, now: datetime) -> AliasRefusal | None:
    """Give a person another alias, or say why not: what they did before stands under the new one, sessions go on.

    The one before rests: for a year nobody else gets it, nor one that looks like it.
    """
    roster.lock(person_id)
    queue_for(alias)
    refused = may_try(person_id) or people.refuse_alias(person_id, alias, now)
    if refused is not None:
        keep_refusal(person_id, refused)
        return refused
    person = queries.get(person_id)
    db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id, GivenUpAlias.alias == alias))
    db.session.add(GivenUpAlias(person_id=person_id, alias=person.alias, free_at=now + ALIAS_RESTS))
    person.alias, person.alias_chosen_at = alias, now
    record(AliasChanged(at=now, person_id=person_id))
    return None


def queue_for(alias: str) -> None:
    """Let those who want this alias, or one that looks like it, go one after the other until the end."""
    service.queue(*(blind.index("alias", look) for look in looks(alias)))


def may_try(holder: UUID) -> AliasRefusal | None:
    """Refuse who tried too many that others have: each refusal tells that somebody is so called.

    `holder` is a person or an invitation.
    """
    service.queue(holder.hex)
    since = clock.real_now() - TRIES_WITHIN
    tried = select(func.count()).where(RefusedAlias.holder == holder, RefusedAlias.at > since)
    return AliasRefusal.TRIES if db.session.execute(tried).scalar_one() >= ALIAS_TRIES else None


def keep_refusal(holder: UUID, refused: AliasRefusal) -> None:
    """Keep that an alias was refused because somebody is so called."""
    if refused is AliasRefusal.ALIKE:
        db.session.add(RefusedAlias(holder=holder, at=clock.real_now()))


def forget_old(real_now: datetime) -> int:
    """Let go aliases that rested long enough, and refusals that count no longer; return how many rows went."""
    rested = delete(GivenUpAlias).where(GivenUpAlias.free_at <= clock.now())
    counted = delete(RefusedAlias).where(RefusedAlias.at <= real_now - TRIES_WITHIN)
    return _gone(rested) + _gone(counted)


def _gone(old: Delete) -> int:
    return int(cast("Any", db.session.execute(old)).rowcount)
