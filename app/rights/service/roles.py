"""Assign and revoke roles."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from app.access.people_rules import AssignableRole, can_revoke
from app.access.policy import Actor, Role, Scope
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.events import RoleEnded, RoleGranted
from app.identity.models import Person, RoleGrant
from app.identity.queries import person_details, roles
from app.identity.queries.person_details import Grant, PersonDetails
from app.kernel import clock
from app.rights.domain.roles import (
    ASKED_FOR,
    DEPUTY_WITHIN,
    NEEDS_TWO,
    SCOPES,
    Answer,
    Refusal,
    Wish,
    last_day,
    refusal,
)
from app.rights.events import AdministratorAnswered, AdministratorAsked
from app.rights.models import AdministratorRequest
from app.rights.queries import roles as rights_roles
from app.rights.service import proposals
from app.rights.service.proposals import NewProposal
from app.sign_in.domain import CodeKind
from app.sign_in.models import OneTimeCode
from app.sign_in.service import sessions
from app.sign_in.service.sessions import end_all


def give(actor: Actor, person_id: UUID, wish: Wish, today: date, real_now: datetime) -> Refusal | UUID | None:
    """Give a role or, where it takes two, ask the others; say why not.

    Returns the proposal where the role of a contact point or a coordinator needs a second person.
    """
    if wish.gift.role in NEEDS_TWO:
        _queue()
    country = wish.reach if wish.scope is Scope.COUNTRY else ""
    proposals.lock_role(wish.gift.role, country)
    seen = _hold(person_id, today)
    receiver = seen.receiver
    if wish.gift.deputy:
        receiver = replace(
            receiver, stood_in=rights_roles.deputy_days(person_id, today - timedelta(days=DEPUTY_WITHIN))
        )
    if (wrong := refusal(wish, rights_roles.granter(actor, today), receiver, today)) is not None:
        return wrong
    if wish.gift.role in NEEDS_TWO:
        return _ask(actor, seen, wish, today, real_now)
    if proposals.open_for_person(person_id, wish.gift.role) is not None:
        return Refusal.PROPOSED
    if proposals.is_needed(wish.gift.role, country, actor.roles, deputy=wish.gift.deputy):
        new = NewProposal(wish.gift.role, country, wish.since, wish.until, person_id=person_id)
        return proposals.propose(new, actor.id, clock.now())
    _grant(person_id, wish)
    return None


def end(actor: Actor, person_id: UUID, grant_id: UUID, today: date) -> Refusal | None:
    """End a role at once, and the sessions that were opened with it; say why not."""
    if db.session.scalar(select(RoleGrant.role).where(RoleGrant.id == grant_id)) is Role.ADMINISTRATOR:
        _queue()
    seen = _hold(person_id, today)
    found = next((one for one in seen.grants if one.id == grant_id), None)
    if found is None:
        return Refusal.OVER
    if actor.id == person_id:
        return Refusal.OWN
    giver = rights_roles.granter(actor, today)
    if not can_revoke(giver, seen.receiver, found.held, today):
        return Refusal.NOT_YOURS
    if found.held.scope not in SCOPES[found.held.role]:
        return Refusal.AT_EVENT
    if found.held.role is Role.ADMINISTRATOR and not rights_roles.administrators(today) - {person_id}:
        return Refusal.LAST
    _end(found, today)
    return None


def answer(
    actor: Actor, person_id: UUID, request_id: UUID, given: Answer, today: date, real_now: datetime
) -> Refusal | None:
    """Agree to an administrator, or not; who asked withdraws. Say why not."""
    _queue()
    asked = db.session.get(AdministratorRequest, request_id, populate_existing=True)
    if asked is None or asked.person_id != person_id or asked.answered_at is not None or asked.ends_at <= real_now:
        return Refusal.OVER
    if given is Answer.CONFIRMED and (wrong := _confirm(actor, asked, today)) is not None:
        return wrong
    _note(asked, actor, given, real_now)
    return None


def expire_requests(real_now: datetime) -> None:
    """End the time in which open requests for an administrator may be answered."""
    waiting = (AdministratorRequest.answered_at.is_(None), AdministratorRequest.ends_at > real_now)
    expired = update(AdministratorRequest).where(*waiting).values(ends_at=real_now)
    db.session.execute(expired, execution_options={"synchronize_session": False})


def is_last_administrator(person_id: UUID, today: date) -> bool:
    """Say whether nobody else could look after the site: for whoever closes accounts."""
    _queue()
    is_one = person_id in rights_roles.administrators(today, resting=True)
    return is_one and not rights_roles.administrators(today) - {person_id}


def _ask(actor: Actor, seen: PersonDetails, wish: Wish, today: date, real_now: datetime) -> Refusal | None:
    if not rights_roles.administrators(today) - {actor.id, seen.person_id}:
        return Refusal.ONE_ALONE
    waiting = select(AdministratorRequest).where(
        AdministratorRequest.person_id == seen.person_id, AdministratorRequest.answered_at.is_(None)
    )
    before = db.session.scalars(waiting).one_or_none()
    if before is not None:
        if before.ends_at > real_now:
            return Refusal.ASKED
        _note(before, actor, Answer.WITHDRAWN, real_now)
        db.session.flush()
    made = AdministratorRequest(
        person_id=seen.person_id, asked_by=actor.id, since=wish.since, until=wish.until,
        asked_at=real_now, ends_at=real_now + ASKED_FOR,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    record(AdministratorAsked(person_id=seen.person_id, asked_id=made.id, actor_id=actor.id))
    return None


def _confirm(actor: Actor, asked: AdministratorRequest, today: date) -> Refusal | None:
    """Give what was asked for, or say why not: who asked must be another one and an administrator still."""
    if actor.id in {asked.asked_by, asked.person_id}:
        return Refusal.OWN
    if not {actor.id, asked.asked_by} <= rights_roles.administrators(today):
        return Refusal.NOT_YOURS
    seen = _hold(asked.person_id, today)
    since = max(asked.since, today)  # it may be answered days later
    wish = Wish(AssignableRole(Role.ADMINISTRATOR), Scope.ALL, "", since, asked.until)
    giver = rights_roles.granter(actor, today)
    if (wrong := refusal(wish, giver, seen.receiver, today)) is not None:
        return wrong
    _grant(asked.person_id, wish)
    return None


def _note(asked: AdministratorRequest, actor: Actor, given: Answer, real_now: datetime) -> None:
    asked.answer, asked.answered_by, asked.answered_at = given, actor.id, real_now
    record(AdministratorAnswered(person_id=asked.person_id, asked_id=asked.id, answer=given, actor_id=actor.id))


def _grant(person_id: UUID, wish: Wish) -> None:
    add_role(
        person_id, wish.gift.role, scope=wish.scope, reach=wish.reach, since=wish.since, until=wish.until,
        deputy=wish.gift.deputy,
    )  # fmt: skip


def _end(found: Grant, today: date) -> None:
    row = db.session.get_one(RoleGrant, found.id)
    until = last_day(found.held.since, today)
    if until is None:
        db.session.delete(row)
    else:
        row.until = until
    held = found.held
    sessions.end_all(found.person_id)
    record(
        RoleEnded(
            person_id=found.person_id, role=held.role, scope=held.scope, reach=held.reach, since=held.since,
            until=until, deputy=held.deputy,
        )
    )  # fmt: skip


def _hold(person_id: UUID, today: date) -> PersonDetails:
    """Return a person whose roles nobody else changes until the transaction ends."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update()).one()
    return person_details.any_person(person_id, today)


def _queue() -> None:
    """Let those who change administrators go one after the other: two who end each other would leave none."""
    lock_key(blind_index.index("role", Role.ADMINISTRATOR))


def add_role(
    person_id: UUID,
    role: Role,
    *,
    scope: Scope,
    since: date,
    reach: str = "",
    until: date | None = None,
    deputy: bool = False,
) -> None:
    """Give a person a role; a new one ends their sessions, which last as long as the roles held at sign-in allow.

    So does one for a whole service, which opens names, to whom had the role for a country or for another service.
    A code that was handed over is of no use any more: somebody else may have to know them again now.
    """
    held = roles.roles_of(person_id, since)
    given = RoleGrant(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy)
    db.session.add(given)
    if role not in held or scope is Scope.AGENCY:
        end_all(person_id)
        handed_over = (OneTimeCode.person_id == person_id, OneTimeCode.kind == CodeKind.READMISSION)
        db.session.execute(delete(OneTimeCode).where(*handed_over))
    record(
        RoleGranted(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy)
    )


def revoke_role(person_id: UUID, role: Role, *, scope: Scope, today: date, reach: str = "") -> bool:
    """End a role of a person at once, one that was to begin later too; say whether there was any.

    Nobody signs in anew: what a session may do is asked of the roles of the moment.
    """
    mine = (
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.scope == scope,
        RoleGrant.reach == reach,
        or_(RoleGrant.until.is_(None), RoleGrant.until >= today),
    )
    held = list(db.session.scalars(select(RoleGrant).where(*mine).with_for_update()))
    if not held:
        return False
    since, deputy = min(one.since for one in held), all(one.deputy for one in held)
    until = today - timedelta(days=1) if since < today else None  # the last day counts whole
    for one in held:
        if one.since < today:
            one.until = until
        else:
            db.session.delete(one)
    db.session.flush()
    record(RoleEnded(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy))
    return True
