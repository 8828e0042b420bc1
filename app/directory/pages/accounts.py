"""View model of the section "all accounts" of `/people`, for administrators and coordinators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from app.access import policy
from app.access.labels import ROLES
from app.access.people_rules import acts_beyond_country
from app.access.policy import Actor, Role
from app.directory.forms import AccountsForm, PeopleForm
from app.directory.queries import accounts
from app.directory.queries.accounts import AccountFilter, AccountLine
from app.i18n.babel import joined
from app.i18n.languages import country_name
from app.identity.domain.people import PersonState
from app.identity.labels import account_state
from app.kernel import clock
from app.rights.domain.roles import ASSIGNED_BY_COORDINATORS
from app.web.forms import OneOfField


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A person in the list of all; `id` is None for coordinators. `word` and `kind` are the state of the account."""

    id: UUID | None
    alias: str
    href: str
    roles: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsSection:
    """All people for an administrator, or the staff whose roles a coordinator assigns; `first`, `onward` may be ""."""

    is_complete: bool
    form: AccountsForm
    people: Sequence[AccountRow]
    first: str
    onward: str
    is_filtered: bool
    is_missing: bool  # there is no person of the alias or id that was searched


def listed_roles(actor: Actor) -> list[Role]:
    """Return the roles that the list shows and filters."""
    return [role for role in Role if policy.administrator(actor) or role in ASSIGNED_BY_COORDINATORS]


def accounts_section(actor: Actor, form: AccountsForm) -> AccountsSection | None:
    """Return a page of the list, unfiltered if the form has errors; None for users of a single country."""
    if not acts_beyond_country(actor):
        return None
    is_complete = policy.administrator(actor)
    applied = AccountsForm() if form.errors else form
    lines = accounts.accounts(_filter(applied), clock.today(), () if is_complete else ASSIGNED_BY_COORDINATORS)
    return AccountsSection(
        is_complete=is_complete,
        form=form,
        people=[_row(line, is_complete=is_complete) for line in lines[: accounts.PAGE]],
        first=list_address(applied) if applied.beyond.data else "",
        onward=list_address(applied, beyond=lines[accounts.PAGE - 1].alias) if len(lines) > accounts.PAGE else "",
        is_filtered=bool(filters(applied)),
        is_missing=bool(form.q.data),
    )


def filters(form: PeopleForm | AccountsForm) -> Mapping[str, Any]:
    """Return the query parameters of the chosen filters."""
    return {field.name: field.data for field in form if isinstance(field, OneOfField) and field.data}


def list_address(form: PeopleForm | AccountsForm, endpoint: str = "directory.show_people", **more: Any) -> str:
    """Return the address of the filtered list, or of its search."""
    return url_for(endpoint, **filters(form), **more)


def _filter(form: AccountsForm) -> AccountFilter:
    return AccountFilter(
        role=Role(form.role.data) if form.role.data else None,
        state=PersonState(form.account.data) if form.account.data else None,
        after=form.beyond.data or "",
    )


def _row(line: AccountLine, *, is_complete: bool) -> AccountRow:
    visible = [role for role in line.roles if is_complete or role in ASSIGNED_BY_COORDINATORS]
    country = "" if is_complete else line.country
    word, kind = account_state(line.state)
    return AccountRow(
        id=line.person_id if is_complete else None,
        alias=line.alias,
        href=url_for("directory.show_person", person_id=line.person_id),
        roles=joined([_role_label(role, country) for role in visible]) if visible else "",
        word=word,
        kind=kind,
    )


def _role_label(role: Role, country: str) -> str:
    """Return the label of a role; coordinators, who assign contact points, see the country as well."""
    if role is Role.CONTACT_POINT and country:
        return f"{ROLES[role]} ({country_name(country)})"
    return str(ROLES[role])
