"""View model of the list of all accounts."""

from collections.abc import Collection
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
from app.kernel import clock
from app.rights.pages.roles import OF_COORDINATORS, account


def accounts(actor: Actor, form: AccountsForm) -> dict[str, Any]:
    """Return a page of all people for an administrator, or of the staff whose roles a coordinator gives."""
    full = Role.ADMINISTRATOR in actor.roles
    narrowed = AccountFilter(
        role=Role(form.held.data) if form.held.data else None,
        state=PersonState(form.account.data) if form.account.data else None,
        after=form.beyond.data or "",
    )
    found = directory_accounts.accounts(narrowed, clock.today(), () if full else OF_COORDINATORS)
    return {
        "full": full,
        "form": form,
        "people": [_line(one, full=full) for one in found[: directory_accounts.PAGE]],
        "first": _list(form) if narrowed.after else "",
        "onward": _list(form, beyond=found[directory_accounts.PAGE - 1].alias)
        if len(found) > directory_accounts.PAGE
        else "",
        "narrowed": bool(_filter_values(form)),
    }


def _line(one: AccountLine, *, full: bool) -> dict[str, Any]:
    shown: Collection[Role] = one.roles if full else [each for each in one.roles if each in OF_COORDINATORS]
    return {
        "id": one.person_id if full else "",
        "alias": one.alias,
        "href": url_for("directory.show_person", person_id=one.person_id),
        "roles": joined([_role_of(each, "" if full else one.country) for each in shown]) if shown else "",
        **account(one.state),
    }


def _role_of(role: Role, country: str) -> str:
    """Return a role in words; who gives contact points their role sees of which country they are."""
    if role is Role.CONTACT_POINT and country:
        return f"{ROLES[role]} ({country_name(country)})"
    return str(ROLES[role])


def _filter_values(form: AccountsForm) -> dict[str, str]:
    fields = {"held": form.held.data, "account": form.account.data}
    return {name: value for name, value in fields.items() if value}


def _list(form: AccountsForm, **more: str) -> str:
    values: dict[str, Any] = {**_filter_values(form), **more}
    return url_for("directory.show_people", **values)
