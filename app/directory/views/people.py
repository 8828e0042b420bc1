"""Views of `/people`: the list of people, and the search by POST, so that no name is part of a URL."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.labels import ROLES
from app.access.people_rules import acts_beyond_country
from app.access.policy import Action, allows, own_scope
from app.db.session import record, transaction
from app.directory.forms import AccountsForm, FindForm, PeopleForm, read_id
from app.directory.pages.accounts import listed_roles
from app.directory.pages.people import people_filter, people_page
from app.directory.queries import accounts, search
from app.directory.queries.search import PersonMatch
from app.directory.views._blueprint import bp
from app.i18n.languages import current
from app.identity.events import IdentityViewed
from app.identity.queries import people
from app.kernel import clock
from app.ports import ports
from app.web.pages import render


@bp.get("/people")
@requires(Action.SEE_PEOPLE, of=own_scope)
def show_people() -> ResponseReturnValue:
    """Show open invitations and the people that the user may see: of the own country, all by id, or staff."""
    form = _accounts_form()
    if (person_id := _searched_account(form)) is not None and not form.errors:
        return redirect(url_for("directory.show_person", person_id=person_id))
    return _page(form, FindForm())


@bp.post("/people")
@requires(Action.FIND_PERSON)
def find_person() -> ResponseReturnValue:
    """Find people of the own country by name, alias, work mail or number; the search text is not stored."""
    form = FindForm(request.form)
    form.validate()
    return _page(_accounts_form(), form)


def _page(accounts_form: AccountsForm, find: FindForm) -> ResponseReturnValue:
    """Return the list of people, or the result of a search."""
    form, titles = PeopleForm(request.args), list(ports().posting_titles(current()))
    form.offer(titles, people.agencies(actor().country) if allows(actor(), Action.FIND_PERSON) else [])
    form.validate()
    is_search = bool(find.text.data) and not find.errors
    match = _find(find.text.data, form) if is_search else None
    page_model = people_page(actor(), form, find, accounts_form, match, dict(titles))
    return render(page_model), 422 if form.errors or accounts_form.errors or find.errors else 200


def _find(text: str, form: PeopleForm) -> PersonMatch:
    """Return the people that match a search; each view of a name is recorded first."""
    match = search.find(actor(), text, clock.today(), people_filter(form))
    with transaction():  # before anything is shown: what cannot be written is not read, either
        for line in match.people:
            if line.person_id != current_user.id:
                record(IdentityViewed(person_id=line.person_id))
    return match


def _accounts_form() -> AccountsForm:
    form = AccountsForm(request.args)
    form.offer([(role, str(ROLES[role])) for role in listed_roles(actor())])
    form.validate()
    return form


def _searched_account(form: AccountsForm) -> UUID | None:
    """Return the person whom an administrator or a coordinator searches by alias or id, or None."""
    text = (form.q.data or "").strip()
    if not text or not acts_beyond_country(actor()):
        return None
    return accounts.known_person_id(read_id(text), text)
