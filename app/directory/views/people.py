"""List and search of people."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.labels import ROLES
from app.access.people_rules import ANYWHERE
from app.access.policy import Action, Role, own_scope
from app.db.session import record, transaction
from app.directory.forms import AccountsForm, FindForm, PeopleForm, read_id
from app.directory.pages import accounts
from app.directory.pages import people as directory_pages_people
from app.directory.queries import accounts as directory_accounts
from app.directory.queries import people as directory_people
from app.directory.queries import search
from app.directory.queries.people import PeopleFilter, PersonLine
from app.directory.views._blueprint import bp
from app.i18n.languages import current
from app.identity.domain.people import PersonState
from app.identity.events import IdentityViewed
from app.identity.queries import people, person_details
from app.invitations.pages import proposals
from app.invitations.pages.invitations import invitation_line
from app.invitations.queries import invitations
from app.invitations.views.invitations import posting_choices
from app.kernel import clock
from app.rights.pages import roles as rights_roles
from app.rights.queries import roles

FEW = 5  # invitations that wait, above the list of people


@bp.get("/people")
@requires(Action.SEE_PEOPLE, of=own_scope)
def show_people() -> ResponseReturnValue:
    """Show invitations that wait, and people by right: of the own country, all by id, or staff."""
    every = _every()
    if (known := _asked_for(every)) is not None and not every.errors:
        return redirect(url_for("directory.show_person", person_id=known))
    return _people(every, FindForm())


@bp.post("/people")
@requires(Action.FIND_PERSON)
def find_person() -> ResponseReturnValue:
    """Find people of the own country by name, alias, work mail or number; what was typed is kept nowhere."""
    form = FindForm(request.form)
    form.validate()
    return _people(_every(), form)


def _people(every: AccountsForm, find: FindForm) -> ResponseReturnValue:
    """Show the list, or in its place whom a search within it has found."""
    form = PeopleForm(request.args)
    own = Role.CONTACT_POINT in actor().roles and bool(actor().country)
    roles = posting_choices(current())
    form.offer(roles, people.agencies(actor().country) if own else [])
    right = form.validate()
    sought = form if right else PeopleForm()
    searched = bool(find.who.data) and not find.errors
    found = directory_people.of_country(actor().country, clock.today(), _filter(sought)) if own and not searched else []
    return render_template(
        "directory/people.html",
        own=own,
        form=form,
        find=find,
        find_url=_list_address(sought, "directory.find_person"),
        found=_find(find.who.data or "", _filter(sought), dict(roles)) if searched else None,
        people=directory_pages_people.people(actor().country, found[: invitations.PAGE_SIZE], dict(roles)),
        everybody=_list_address(sought),
        first=_list_address(sought) if sought.after.data else "",
        onward=_onward(sought, found),
        narrowed=bool(_filter_values(sought)),
        invitations=[invitation_line(line) for line in invitations.waiting(actor(), size=FEW)],
        count=invitations.count_waiting(actor()),
        waiting=_waiting(),
        proposals=proposals.lines(actor()),
        all=_all(every),
    ), 200 if right and not every.errors and not find.errors else 422


def _find(text: str, sought: PeopleFilter, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return whom a search finds; each look at a name stands in the trail first."""
    found = search.find(actor(), text, clock.today(), sought)
    ids = [one.person_id for one in found.people]
    with transaction():  # before anything is shown: what cannot be written is not read, either
        for one in ids:
            if one != current_user.id:
                record(IdentityViewed(person_id=one))
    return directory_pages_people.found(actor().country, found, person_details.names(ids), titles)


def _filter(form: PeopleForm) -> PeopleFilter:
    return PeopleFilter(
        role=form.role.data or "",
        agency_id=UUID(form.agency.data) if form.agency.data else None,
        state=PersonState(form.state.data) if form.state.data else None,
        after=form.after.data or "",
    )


def _filter_values(form: PeopleForm) -> dict[str, str]:
    fields = {"role": form.role.data, "agency": form.agency.data, "state": form.state.data}
    return {name: value for name, value in fields.items() if value}


def _list_address(form: PeopleForm, endpoint: str = "directory.show_people", **more: str) -> str:
    values: dict[str, Any] = {**_filter_values(form), **more}
    return url_for(endpoint, **values)


def _onward(form: PeopleForm, found: Sequence[PersonLine]) -> str:
    if len(found) <= invitations.PAGE_SIZE:
        return ""
    return _list_address(form, after=found[invitations.PAGE_SIZE - 1].alias)


def _every() -> AccountsForm:
    form = AccountsForm(request.args)
    full = Role.ADMINISTRATOR in actor().roles
    roles = [role for role in Role if full or role in rights_roles.OF_COORDINATORS]
    form.offer([(role, str(ROLES[role])) for role in roles])
    form.validate()
    return form


def _asked_for(form: AccountsForm) -> UUID | None:
    """Return whom an administrator or a coordinator asks for by alias or id."""
    text = (form.q.data or "").strip()
    if not text or actor().roles.isdisjoint(ANYWHERE):
        return None
    return directory_accounts.known_person_id(read_id(text), text)


def _waiting() -> list[dict[str, Any]]:
    if Role.ADMINISTRATOR not in actor().roles:
        return []
    return rights_roles.waiting(roles.administrator_requests(clock.real_now()), actor())


def _all(form: AccountsForm) -> dict[str, Any] | None:
    if actor().roles.isdisjoint(ANYWHERE):
        return None
    shown = accounts.accounts(actor(), AccountsForm() if form.errors else form)
    return {**shown, "form": form, "missing": bool(form.q.data)}
