"""The page of a person."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guard import actor, requires, thing
from app.access.policy import Action
from app.db.session import record, transaction
from app.directory.views._blueprint import bp
from app.identity.events import IdentityViewed
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails
from app.ports import ports
from app.rights.pages import roles as pages


@bp.get("/people/<uuid:person_id>")
@requires(Action.SEE_PERSON, of=person_details.person)
def show_person(person_id: UUID) -> ResponseReturnValue:
    """Show a person: to the own contact point by name, to whoever gives roles by alias, and where to go from here."""
    seen: PersonDetails = thing()
    named = pages.sees_name(actor(), seen)
    if named and person_id != current_user.id:
        with transaction():  # before anything is shown: what cannot be written is not read, either
            record(IdentityViewed(person_id=person_id))
    return render_template(
        "directory/person.html",
        it=pages.person(actor(), seen),
        name=person_details.name(person_id) if named else None,
        links=ports().person_sections(seen),
    )
