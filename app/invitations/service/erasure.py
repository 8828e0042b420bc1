"""Delete personal data from invitations and aliases."""

from uuid import UUID

from sqlalchemy import delete, update

from app.db.session import db
from app.invitations.models import GivenUpAlias, Invitation, RefusedAlias


def delete_personal_data(person_id: UUID) -> None:
    """Delete former aliases, refusals, and what an accepted invitation stores of a person.

    The row of the invitation stays as a record that it existed; accepting it deleted the rest.
    """
    db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id))
    db.session.execute(delete(RefusedAlias).where(RefusedAlias.holder == person_id))
    db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias="", browser_hash=None))


def delete_former_aliases(person_id: UUID) -> None:
    """Delete every record of the aliases that a person had before."""
    db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id))
    db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias=""))
