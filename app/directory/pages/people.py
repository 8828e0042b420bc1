"""View model of `/people`: people of the own country or of a search, open invitations and proposals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from flask import url_for

from app.access import policy
from app.access.policy import Action, Actor, Role, allows
from app.directory.forms import AccountsForm, FindForm, PeopleForm
from app.directory.pages.accounts import AccountsSection, accounts_section, filters, list_address
from app.directory.queries import people
from app.directory.queries.people import PeopleFilter, PersonLine
from app.directory.queries.search import PersonMatch
from app.i18n.babel import joined
from app.identity.domain.people import PersonState
from app.identity.labels import account_state
from app.identity.queries import person_details
from app.identity.queries.person_details import GrantedRole, PersonName
from app.invitations.labels import InvitationSummary, ProposalRow, invitation_line, proposal_line
from app.invitations.queries import invitations, proposals
from app.invitations.queries.invitations import PAGE_SIZE
from app.kernel import clock
from app.rights.labels import role_label
from app.rights.queries import roles
from app.web.pages import Page

FEW = 5  # open invitations above the list of people
NO_NAME = PersonName("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonListRow:
    """A person of the own country, by name if a search matched; `word` and `kind` are the state of the account."""

    alias: str
    href: str
    name: PersonName
    agency: str
    roles: str
    academy_roles: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorRequestRow:
    """A person who is to become an administrator; `is_own`: the user asked for it."""

    alias: str
    href: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(Page):
    """The people that the user may see.

    `match` is the result of a search, shown instead of the list; `people` are its rows, or those of the list.
    `errors` are those of the filter and of the search. `first` and `onward` are addresses, or "".
    """

    template: ClassVar[str] = "directory/people.html"
    has_country: bool
    form: PeopleForm
    find: FindForm
    errors: Sequence[Sequence[tuple[str, str]]]
    find_url: str
    list_url: str
    is_filtered: bool
    match: PersonMatch | None
    people: Sequence[PersonListRow]
    first: str
    onward: str
    invitations: Sequence[InvitationSummary]
    open_invitations: int
    requests: Sequence[AdministratorRequestRow]
    proposals: Sequence[ProposalRow]
    accounts: AccountsSection | None


def people_page(
    actor: Actor,
    form: PeopleForm,
    find: FindForm,
    accounts_form: AccountsForm,
    match: PersonMatch | None,
    titles: Mapping[str, str],
) -> PeoplePage:
    """Return the page; `match` is the result of a search, `titles` are those of the roles in an agency."""
    applied = PeopleForm() if form.errors else form
    lines, names = _people(actor, form, match)
    return PeoplePage(
        has_country=allows(actor, Action.FIND_PERSON),
        form=form,
        find=find,
        errors=[_errors(form), _errors(find)],
        find_url=list_address(applied, "directory.find_person"),
        list_url=list_address(applied),
        is_filtered=bool(filters(applied)),
        match=match,
        people=_rows(actor.country, lines[:PAGE_SIZE], names, titles),
        first=list_address(applied) if applied.after.data else "",
        onward=list_address(applied, after=lines[PAGE_SIZE - 1].alias) if len(lines) > PAGE_SIZE else "",
        invitations=[invitation_line(line) for line in invitations.open_invitations(actor, size=FEW)],
        open_invitations=invitations.count_waiting(actor),
        requests=_requests(actor),
        proposals=[proposal_line(details) for details in proposals.open_proposals(actor)],
        accounts=accounts_section(actor, accounts_form),
    )


def people_filter(form: PeopleForm) -> PeopleFilter:
    """Return the filter of a form, or an empty one if the form has errors."""
    if form.errors:
        return PeopleFilter()
    return PeopleFilter(
        role=form.role.data or "",
        agency_id=UUID(form.agency.data) if form.agency.data else None,
        state=PersonState(form.state.data) if form.state.data else None,
        after=form.after.data or "",
    )


def _people(
    actor: Actor, form: PeopleForm, match: PersonMatch | None
) -> tuple[Sequence[PersonLine], Mapping[UUID, PersonName]]:
    """Return the matches of a search with their names, or the people of the own country without names."""
    if match is not None:
        return match.people, person_details.names([line.person_id for line in match.people])
    if not allows(actor, Action.FIND_PERSON):
        return [], {}
    return people.of_country(actor.country, clock.today(), people_filter(form)), {}


def _errors(form: PeopleForm | FindForm) -> list[tuple[str, str]]:
    return [(field.name, field.errors[0]) for field in form if field.errors]


def _requests(actor: Actor) -> list[AdministratorRequestRow]:
    if not policy.administrator(actor):
        return []
    return [
        AdministratorRequestRow(
            alias=line.alias, href=url_for("rights.roles", person_id=line.person_id), is_own=line.asked_by == actor.id
        )
        for line in roles.administrator_requests(clock.real_now())
    ]


def _rows(
    country: str, lines: Sequence[PersonLine], names: Mapping[UUID, PersonName], titles: Mapping[str, str]
) -> list[PersonListRow]:
    academy_roles = _academy_roles(country, {line.person_id: line.agency_id for line in lines})
    return [
        _row(line, names.get(line.person_id, NO_NAME), academy_roles.get(line.person_id, ()), titles) for line in lines
    ]


def _row(
    line: PersonLine, name: PersonName, academy_roles: Collection[str], titles: Mapping[str, str]
) -> PersonListRow:
    word, kind = account_state(line.state)
    return PersonListRow(
        alias=line.alias,
        href=url_for("directory.show_person", person_id=line.person_id),
        name=name,
        agency=line.agency,
        roles=joined([titles.get(role, role) for role in line.roles]) if line.roles else "",
        academy_roles=joined(list(academy_roles)) if academy_roles else "",
        word=word,
        kind=kind,
    )


def _academy_roles(country: str, agencies: Mapping[UUID, UUID]) -> dict[UUID, list[str]]:
    """Return the labels of today's roles at the academy of people, who are given with their agencies."""
    if not agencies:
        return {}
    return {
        person_id: _role_labels(country, agencies[person_id], grants)
        for person_id, grants in person_details.grants(agencies.keys(), clock.today()).items()
    }


def _role_labels(country: str, agency_id: UUID, grants: Sequence[GrantedRole]) -> list[str]:
    """Return the labels of roles that are valid today; that of an officer only without another role."""
    assignments = [grant.assignment for grant in grants]
    assigned = [role for role in assignments if person_details.has_role(role, country, agency_id, clock.today())]
    staff = [role for role in assigned if role.role is not Role.PRACTITIONER]
    return list(dict.fromkeys(role_label(role) for role in staff or assigned))
