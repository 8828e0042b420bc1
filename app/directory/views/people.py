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
from app.invitations.labels import invitation_line, proposal_line
from app.invitations.queries import invitations, proposals
from app.kernel import clock
from app.ports import ports
from app.rights.domain.roles import ASSIGNED_BY_COORDINATORS
from app.rights.queries import roles

FEW = 5  # invitations that wait, above the list of people


@bp.get("/people")
@requires(Action.SEE_PEOPLE, of=own_scope)
def show_people() -> ResponseReturnValue:
    """Show open invitations and the people that the user may see: of the own country, all by id, or staff."""
    every = _every()
    if (person_id := _asked_for(every)) is not None and not every.errors:
        return redirect(url_for("directory.show_person", person_id=person_id))
    return _people(every, FindForm())


@bp.post("/people")
@requires(Action.FIND_PERSON)
def find_person() -> ResponseReturnValue:
    """Find people of the own country by name, alias, work mail or number; the search text is not stored."""
    form = FindForm(request.form)
    form.validate()
    return _people(_every(), form)


def _people(every: AccountsForm, find: FindForm) -> ResponseReturnValue:
    """Show the list of people, or the result of a search."""
    form = PeopleForm(request.args)
    own = Role.CONTACT_POINT in actor().roles and bool(actor().country)
    roles = list(ports().posting_titles(current()))
    form.offer(roles, people.agencies(actor().country) if own else [])
    right = form.validate()
    sought = form if right else PeopleForm()
    searched = bool(find.who.data) and not find.errors
    lines = directory_people.of_country(actor().country, clock.today(), _filter(sought)) if own and not searched else []
    return render_template(
        "directory/people.html",
        own=own,
        form=form,
        find=find,
        find_url=_list_address(sought, "directory.find_person"),
        found=_find(find.who.data or "", _filter(sought), dict(roles)) if searched else None,
        people=directory_pages_people.people(actor().country, lines[: invitations.PAGE_SIZE], dict(roles)),
        everybody=_list_address(sought),
        first=_list_address(sought) if sought.after.data else "",
        onward=_onward(sought, lines),
        narrowed=bool(_filter_values(sought)),
        invitations=[invitation_line(line) for line in invitations.waiting(actor(), size=FEW)],
        count=invitations.count_waiting(actor()),
        waiting=_waiting(),
        proposals=[proposal_line(details) for details in proposals.open_proposals(actor())],
        all=_all(every),
    ), 200 if right and not every.errors and not find.errors else 422


def _find(text: str, sought: PeopleFilter, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the people that match a search; each view of a name is recorded first."""
    match = search.find(actor(), text, clock.today(), sought)
    ids = [line.person_id for line in match.people]
    with transaction():  # before anything is shown: what cannot be written is not read, either
        for person_id in ids:
            if person_id != current_user.id:
                record(IdentityViewed(person_id=person_id))
    return directory_pages_people.matches(actor().country, match, person_details.names(ids), titles)


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


def _onward(form: PeopleForm, lines: Sequence[PersonLine]) -> str:
    if len(lines) <= invitations.PAGE_SIZE:
        return ""
    return _list_address(form, after=lines[invitations.PAGE_SIZE - 1].alias)


def _every() -> AccountsForm:
    form = AccountsForm(request.args)
    full = Role.ADMINISTRATOR in actor().roles
    roles = [role for role in Role if full or role in ASSIGNED_BY_COORDINATORS]
    form.offer([(role, str(ROLES[role])) for role in roles])
    form.validate()
    return form


def _asked_for(form: AccountsForm) -> UUID | None:
    """Return the person whom an administrator or a coordinator asks for by alias or id, or None."""
    text = (form.q.data or "").strip()
    if not text or actor().roles.isdisjoint(ANYWHERE):
        return None
    return directory_accounts.known_person_id(read_id(text), text)


def _waiting() -> list[dict[str, Any]]:
    if Role.ADMINISTRATOR not in actor().roles:
        return []
    return [
        {
            "alias": line.alias,
            "href": url_for("rights.roles", person_id=line.person_id),
            "own": line.asked_by == actor().id,
        }
        for line in roles.administrator_requests(clock.real_now())
    ]


def _all(form: AccountsForm) -> dict[str, Any] | None:
    if actor().roles.isdisjoint(ANYWHERE):
        return None
    shown = accounts.accounts(actor(), AccountsForm() if form.errors else form)
    return {**shown, "form": form, "missing": bool(form.q.data)}
