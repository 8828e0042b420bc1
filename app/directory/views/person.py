"""The page of a person."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import record, transaction
from app.directory.pages.person import person as person_page
from app.directory.views._blueprint import bp
from app.identity.events import IdentityViewed
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails
from app.ports import ports
from app.rights.queries import roles


@bp.get("/people/<uuid:person_id>")
@requires(Action.SEE_PERSON, load=person_details.person)
def show_person(details: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Show a person: by name to the own contact point, by alias to users who assign roles; a view is recorded first."""
    named = roles.sees_name(actor(), details)
    if named and person_id != current_user.id:
        with transaction():  # before anything is shown: what cannot be written is not read, either
            record(IdentityViewed(person_id=person_id))
    return render_template(
        "directory/person.html",
        it=person_page(actor(), details),
        name=person_details.name(person_id) if named else None,
        links=ports().person_sections(details),
    )
