"""View model of the list of all accounts."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from app.access.labels import ROLES
from app.access.policy import Actor, Role
from app.directory.forms import AccountsForm
from app.directory.queries import accounts as directory_accounts
from app.directory.queries.accounts import AccountFilter, AccountLine
from app.i18n.babel import joined
from app.i18n.languages import country_name
from app.identity.domain.people import PersonState
from app.identity.labels import account_state
from app.kernel import clock
from app.rights.domain.roles import ASSIGNED_BY_COORDINATORS


def accounts(actor: Actor, form: AccountsForm) -> dict[str, Any]:
    """Return a page of all people for an administrator, or of the staff whose roles a coordinator gives."""
    full = Role.ADMINISTRATOR in actor.roles
    account_filter = AccountFilter(
        role=Role(form.held.data) if form.held.data else None,
        state=PersonState(form.account.data) if form.account.data else None,
        after=form.beyond.data or "",
    )
    lines = directory_accounts.accounts(account_filter, clock.today(), () if full else ASSIGNED_BY_COORDINATORS)
    return {
        "full": full,
        "form": form,
        "people": [_line(line, full=full) for line in lines[: directory_accounts.PAGE]],
        "first": _list(form) if account_filter.after else "",
        "onward": _onward(form, lines),
        "narrowed": bool(_filter_values(form)),
    }


def _onward(form: AccountsForm, lines: Sequence[AccountLine]) -> str:
    if len(lines) <= directory_accounts.PAGE:
        return ""
    return _list(form, beyond=lines[directory_accounts.PAGE - 1].alias)


def _line(line: AccountLine, *, full: bool) -> dict[str, Any]:
    visible = [role for role in line.roles if full or role in ASSIGNED_BY_COORDINATORS]
    country = "" if full else line.country
    return {
        "id": line.person_id if full else "",
        "alias": line.alias,
        "href": url_for("directory.show_person", person_id=line.person_id),
        "roles": joined([_role_of(role, country) for role in visible]) if visible else "",
        **account_state(line.state),
    }


def _role_of(role: Role, country: str) -> str:
    """Return the label of a role; coordinators, who assign contact points, see the country as well."""
    if role is Role.CONTACT_POINT and country:
        return f"{ROLES[role]} ({country_name(country)})"
    return str(ROLES[role])


def _filter_values(form: AccountsForm) -> dict[str, str]:
    fields = {"held": form.held.data, "account": form.account.data}
    return {name: value for name, value in fields.items() if value}


def _list(form: AccountsForm, **more: str) -> str:
    values: dict[str, Any] = {**_filter_values(form), **more}
    return url_for("directory.show_people", **values)
