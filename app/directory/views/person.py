"""View of `/people/<id>`, the page of a person; it records each view of a name in the access log."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import record, transaction
from app.directory.pages.person import person_page
from app.directory.views._blueprint import bp
from app.identity.events import IdentityViewed
from app.identity.queries import person_details
from app.identity.queries.person_details import PersonDetails
from app.rights.queries import roles
from app.web.pages import render


@bp.get("/people/<uuid:person_id>")
@requires(Action.SEE_PERSON, load=person_details.person)
def show_person(details: PersonDetails, person_id: UUID) -> ResponseReturnValue:
    """Show a person: by name to the own contact point, by alias to users who assign roles; a view is recorded first."""
    if roles.sees_name(actor(), details) and person_id != current_user.id:
        with transaction():  # before anything is shown: what cannot be written is not read, either
            record(IdentityViewed(person_id=person_id))
    return render(person_page(actor(), details))
