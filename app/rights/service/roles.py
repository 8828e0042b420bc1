"""Assign and revoke roles; a further administrator is requested by one administrator, confirmed by another."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update

from app.access.people_rules import AssignableRole, Recipient, can_revoke
from app.access.policy import Actor, Role, Scope
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.events import RoleEnded, RoleGranted
from app.identity.models import Person, RoleGrant
from app.identity.queries import person_details, roles
from app.identity.queries.person_details import GrantedRole, PersonDetails
from app.kernel import clock
from app.rights.domain.roles import (
    ASKED_FOR,
    DEPUTY_WITHIN,
    NEEDS_TWO,
    SCOPES,
    RequestAnswer,
    RoleRefusal,
    RoleRequest,
    last_day,
    refusal,
)
from app.rights.events import AdministratorAnswered, AdministratorAsked
from app.rights.models import AdministratorRequest
from app.rights.queries import roles as rights_roles
from app.rights.service import proposals
from app.rights.service.proposals import NewProposal
from app.sign_in.service import second_factor, sessions


def assign_role(
    actor: Actor, person_id: UUID, wish: RoleRequest, today: date, real_now: datetime
) -> RoleRefusal | UUID | None:
    """Assign a role, or request an administrator; return why not, or None.

    Returns the id of the proposal if the role of a contact point or a coordinator needs a second person.
    """
    role, deputy = wish.gift.role, wish.gift.deputy
    if role in NEEDS_TWO:
        _lock_administrators()
    country = wish.reach if wish.scope is Scope.COUNTRY else ""
    proposals.lock_role(role, country)
    person = _lock_person(person_id, today)
    error = refusal(wish, rights_roles.granter(actor, today), _recipient(person, wish, today), today)
    if error is not None:
        return error
    if role in NEEDS_TWO:
        return _request_administrator(actor, person, wish, today, real_now)
    if proposals.open_for_person(person_id, role) is not None:
        return RoleRefusal.PROPOSED
    if proposals.is_needed(role, country, actor.roles, deputy=deputy):
        new = NewProposal(role, country, wish.since, wish.until, person_id=person_id)
        return proposals.propose(new, actor.id, clock.now())
    _add_requested_role(person_id, wish)
    return None


def end_role(actor: Actor, person_id: UUID, grant_id: UUID, today: date) -> RoleRefusal | None:
    """End a role at once, and all sessions of the person; return why not, or None."""
    if db.session.scalar(select(RoleGrant.role).where(RoleGrant.id == grant_id)) is Role.ADMINISTRATOR:
        _lock_administrators()
    person = _lock_person(person_id, today)
    grant = next((grant for grant in person.grants if grant.id == grant_id), None)
    if grant is None:
        return RoleRefusal.OVER
    error = _refuse_end(actor, person, grant, today)
    if error is None:
        _end(grant, today)
    return error


def answer_request(
    actor: Actor, person_id: UUID, request_id: UUID, answer: RequestAnswer, today: date, real_now: datetime
) -> RoleRefusal | None:
    """Confirm, refuse or withdraw the request for an administrator; return why not, or None."""
    _lock_administrators()
    request = db.session.get(AdministratorRequest, request_id, populate_existing=True)
    if request is None or request.person_id != person_id or not _is_open(request, real_now):
        return RoleRefusal.OVER
    if answer is RequestAnswer.CONFIRMED and (error := _confirm(actor, request, today)) is not None:
        return error
    _record_answer(request, actor, answer, real_now)
    return None


def expire_requests(real_now: datetime) -> None:
    """Expire all open requests for an administrator."""
    waiting = (AdministratorRequest.answered_at.is_(None), AdministratorRequest.ends_at > real_now)
    expired = update(AdministratorRequest).where(*waiting).values(ends_at=real_now)
    db.session.execute(expired, execution_options={"synchronize_session": False})


def is_last_administrator(person_id: UUID, today: date) -> bool:
    """Return whether a person is the only administrator, before the account is closed. Locks the administrators."""
    _lock_administrators()
    is_administrator = person_id in rights_roles.administrators(today, resting=True)
    return is_administrator and not rights_roles.administrators(today) - {person_id}


def _recipient(person: PersonDetails, wish: RoleRequest, today: date) -> Recipient:
    """Return the person as the recipient of a role; for a deputy with the earlier days as a deputy."""
    if not wish.gift.deputy:
        return person.receiver
    earlier = rights_roles.deputy_days(person.person_id, today - timedelta(days=DEPUTY_WITHIN))
    return replace(person.receiver, stood_in=earlier)


def _refuse_end(actor: Actor, person: PersonDetails, grant: GrantedRole, today: date) -> RoleRefusal | None:
    if actor.id == person.person_id:
        return RoleRefusal.OWN
    if not can_revoke(rights_roles.granter(actor, today), person.receiver, grant.assignment, today):
        return RoleRefusal.NOT_YOURS
    if grant.assignment.scope not in SCOPES[grant.assignment.role]:
        return RoleRefusal.AT_EVENT
    if grant.assignment.role is Role.ADMINISTRATOR and not rights_roles.administrators(today) - {person.person_id}:
        return RoleRefusal.LAST
    return None


def _is_open(request: AdministratorRequest, real_now: datetime) -> bool:
    return request.answered_at is None and request.ends_at > real_now


def _request_administrator(
    actor: Actor, person: PersonDetails, wish: RoleRequest, today: date, real_now: datetime
) -> RoleRefusal | None:
    if not rights_roles.administrators(today) - {actor.id, person.person_id}:
        return RoleRefusal.ONE_ALONE
    unanswered = select(AdministratorRequest).where(
        AdministratorRequest.person_id == person.person_id, AdministratorRequest.answered_at.is_(None)
    )
    earlier = db.session.scalars(unanswered).one_or_none()
    if earlier is not None:
        if earlier.ends_at > real_now:
            return RoleRefusal.ASKED
        _record_answer(earlier, actor, RequestAnswer.WITHDRAWN, real_now)
        db.session.flush()
    request = AdministratorRequest(
        person_id=person.person_id, asked_by=actor.id, since=wish.since, until=wish.until,
        asked_at=real_now, ends_at=real_now + ASKED_FOR,
    )  # fmt: skip
    db.session.add(request)
    db.session.flush()
    record(AdministratorAsked(person_id=person.person_id, asked_id=request.id, actor_id=actor.id))
    return None


def _confirm(actor: Actor, request: AdministratorRequest, today: date) -> RoleRefusal | None:
    """Assign the requested role, or return why not: the requester must be another person and still administrator."""
    if actor.id in {request.asked_by, request.person_id}:
        return RoleRefusal.OWN
    if not {actor.id, request.asked_by} <= rights_roles.administrators(today):
        return RoleRefusal.NOT_YOURS
    person = _lock_person(request.person_id, today)
    since = max(request.since, today)  # the answer may come days later
    wish = RoleRequest(AssignableRole(Role.ADMINISTRATOR), Scope.ALL, "", since, request.until)
    error = refusal(wish, rights_roles.granter(actor, today), person.receiver, today)
    if error is None:
        _add_requested_role(request.person_id, wish)
    return error


def _record_answer(request: AdministratorRequest, actor: Actor, answer: RequestAnswer, real_now: datetime) -> None:
    request.answer, request.answered_by, request.answered_at = answer, actor.id, real_now
    record(AdministratorAnswered(person_id=request.person_id, asked_id=request.id, answer=answer, actor_id=actor.id))


def _add_requested_role(person_id: UUID, wish: RoleRequest) -> None:
    add_role(
        person_id, wish.gift.role, scope=wish.scope, reach=wish.reach, since=wish.since, until=wish.until,
        deputy=wish.gift.deputy,
    )  # fmt: skip


def _end(grant: GrantedRole, today: date) -> None:
    row = db.session.get_one(RoleGrant, grant.id)
    assignment = grant.assignment
    until = last_day(assignment.since, today)
    if until is None:
        db.session.delete(row)
    else:
        row.until = until
    sessions.end_all(grant.person_id)
    record(
        RoleEnded(
            person_id=grant.person_id, role=assignment.role, scope=assignment.scope, reach=assignment.reach,
            since=assignment.since, until=until, deputy=assignment.deputy,
        )
    )  # fmt: skip


def _lock_person(person_id: UUID, today: date) -> PersonDetails:
    """Return a person whose roles no other transaction changes until this one ends."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update()).one()
    return person_details.any_person(person_id, today)


def _lock_administrators() -> None:
    """Lock changes of administrators: two who revoke each other at the same time would leave none."""
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
    """Assign a role to a person. A new role ends the sessions, whose length depends on the roles at sign-in.

    So does the role for a whole agency, which opens names, if the person had it for a country or for another agency.
    A reset code that was issued before becomes invalid: another helper may be responsible for the person now.
    """
    existing = roles.roles_of(person_id, since)
    grant = RoleGrant(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy)
    db.session.add(grant)
    if role not in existing or scope is Scope.AGENCY:
        sessions.end_all(person_id)
        second_factor.delete_reset_codes(person_id)
    record(
        RoleGranted(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy)
    )


def revoke_role(person_id: UUID, role: Role, *, scope: Scope, today: date, reach: str = "") -> bool:
    """End a role of a person at once, also one that begins later; return whether there was one.

    Sessions stay open: each request reads the roles of the moment.
    """
    grants = _lock_grants(person_id, role, scope, reach, today)
    if not grants:
        return False
    since, deputy = min(grant.since for grant in grants), all(grant.deputy for grant in grants)
    until = today - timedelta(days=1) if since < today else None  # the last day counts whole
    for grant in grants:
        if grant.since < today:
            grant.until = until
        else:
            db.session.delete(grant)
    db.session.flush()
    record(RoleEnded(person_id=person_id, role=role, scope=scope, reach=reach, since=since, until=until, deputy=deputy))
    return True


def _lock_grants(person_id: UUID, role: Role, scope: Scope, reach: str, today: date) -> list[RoleGrant]:
    query = select(RoleGrant).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.scope == scope,
        RoleGrant.reach == reach,
        or_(RoleGrant.until.is_(None), RoleGrant.until >= today),
    )
    return list(db.session.scalars(query.with_for_update()))
