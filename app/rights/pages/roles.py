"""View model of `/people/<id>/roles`: roles, open requests, and the form with the assignable roles."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access import policy
from app.access.labels import ROLES
from app.access.people_rules import AssignableRole, Granter, can_assign, can_revoke
from app.access.policy import Actor, Role, Scope
from app.identity.queries import people, person_details
from app.identity.queries.person_details import PersonDetails
from app.kernel import clock
from app.rights.domain.roles import SCOPES, assignable_roles
from app.rights.forms import AssignRoleForm
from app.rights.labels import role_line, scope_titles
from app.rights.queries import roles
from app.rights.queries.roles import sees_country_of_roles, visible_roles
from app.rights.shapes import RoleLine
from app.sign_in.forms.authentication import ReauthenticationForm
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocableRole:
    """A role of the person; `end` is the address that ends it, or "" if the user may not."""

    line: RoleLine
    end: str
    of_event: bool  # the user may end it on the page of the event


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorRequestBox:
    """An open request that this person become an administrator."""

    own: bool
    asked_by: str
    ends_at: datetime
    confirm: str
    refuse: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesPage(Page):
    """The roles of a person, and the form that assigns one."""

    template: ClassVar[str] = "rights/roles.html"
    person_id: UUID
    alias: str
    requests: tuple[AdministratorRequestBox, ...]
    roles: tuple[RevocableRole, ...]
    own: bool
    offers_roles: bool
    offers_reach: bool
    offers_deputy: bool
    offers_administrator: bool
    only_administrator: bool
    asks_password: bool
    answers_first: bool  # a request that the user may confirm has the primary button
    reach_hint: str
    proof_hint: str
    form: AssignRoleForm
    proof: ReauthenticationForm


def roles_page(
    actor: Actor,
    person: PersonDetails,
    offered: Sequence[AssignableRole],
    *,
    form: AssignRoleForm,
    proof: ReauthenticationForm,
    asks_password: bool,
) -> RolesPage:
    """Return the view model; `offered` are the roles that the form offers."""
    today = clock.today()
    is_administrator = policy.administrator(actor)
    requests = _requests(actor, person) if is_administrator else ()
    reach_hint, proof_hint = _hints(offered)
    return RolesPage(
        person_id=person.person_id,
        alias=person.alias,
        requests=requests,
        roles=tuple(_revocable_roles(actor, person, roles.granter(actor, today), today)),
        own=person.person_id == actor.id,
        offers_roles=bool(offered) and person.active,
        offers_reach=len(form.reach.pairs) > 1,
        offers_deputy=any(assignable.deputy for assignable in offered),
        offers_administrator=AssignableRole(Role.ADMINISTRATOR) in offered,
        only_administrator=is_administrator and len(roles.administrators(today)) < 2,
        asks_password=asks_password,
        answers_first=any(not request.own for request in requests),
        reach_hint=reach_hint,
        proof_hint=proof_hint,
        form=form,
        proof=proof,
    )


def offer_roles(form: AssignRoleForm, actor: Actor, person: PersonDetails) -> list[AssignableRole]:
    """Set the choices of the form, and return the roles that the actor may assign to the person."""
    today = clock.today()
    granter = roles.granter(actor, today)
    offered = [
        assignable
        for assignable in assignable_roles(granter.assignments, granter.country, today)
        if can_assign(granter, person.receiver, assignable, today)
    ]
    scopes = {scope for assignable in offered for scope in SCOPES[assignable.role]}
    choices = _agency_choices(person, scopes) + _thing_choices(actor, scopes)
    form.offer([(assignable, _choice_label(assignable)) for assignable in offered], choices)
    return offered


def _requests(actor: Actor, person: PersonDetails) -> tuple[AdministratorRequestBox, ...]:
    requests = roles.administrator_requests(clock.real_now(), person.person_id)
    aliases = people.names({request.asked_by for request in requests})
    return tuple(
        AdministratorRequestBox(
            own=request.asked_by == actor.id,
            asked_by=aliases.get(request.asked_by, ""),
            ends_at=request.ends_at,
            confirm=url_for("rights.confirm_administrator", person_id=request.person_id, request_id=request.id),
            refuse=url_for("rights.refuse_administrator", person_id=request.person_id, request_id=request.id),
        )
        for request in requests
    )


def _revocable_roles(actor: Actor, person: PersonDetails, granter: Granter, today: date) -> list[RevocableRole]:
    titles, shows_country = scope_titles(actor), sees_country_of_roles(actor, person)
    lines = []
    for grant in visible_roles(actor, person):
        may = can_revoke(granter, person.receiver, grant.assignment, today)
        of_event = grant.assignment.scope not in SCOPES[grant.assignment.role]
        end = url_for("rights.revoke_role", person_id=person.person_id, grant_id=grant.id)
        lines.append(
            RevocableRole(
                line=role_line(grant.assignment, titles, shows_country=shows_country, today=today),
                end=end if may and not of_event else "",
                of_event=may and of_event,
            )
        )
    return lines


def _hints(offered: Collection[AssignableRole]) -> tuple[str, str]:
    """Return the hints below the reach and the password: for roles of a country, or for roles of the academy."""
    if any(Scope.AGENCY in SCOPES[assignable.role] for assignable in offered):
        return (
            _("A supervisor sees the officers you assign by name, or all officers of the own agency."),
            _("For a deputy, and for a supervisor of a whole agency."),
        )
    return (
        _("A trainer may be of one course, an invigilator or a host of one event."),
        _("For a contact point, a coordinator or an administrator."),
    )


def _choice_label(assignable: AssignableRole) -> str:
    return _("Deputy contact point, while on leave") if assignable.deputy else str(ROLES[assignable.role])


def _agency_choices(person: PersonDetails, scopes: Collection[Scope]) -> list[tuple[str, str]]:
    if person.agency_id is None or Scope.AGENCY not in scopes:
        return []
    label = _("All officers of the agency: %(name)s", name=person_details.agency(person.agency_id))
    return [(f"{Scope.AGENCY}:{person.agency_id.hex}", label)]


def _thing_choices(actor: Actor, scopes: Collection[Scope]) -> list[tuple[str, str]]:
    """Return the courses and events that may be named in a role: all that the actor sees, if either is possible."""
    if Scope.COURSE not in scopes and Scope.EVENT not in scopes:
        return []
    titles = scope_titles(actor)
    return [
        (f"{scope}:{thing_id}", _("%(kind)s: %(title)s", kind=kind, title=title))
        for scope, kind in ((Scope.COURSE, _("Course")), (Scope.EVENT, _("Event")))
        for thing_id, title in titles.get(scope, {}).items()
    ]
