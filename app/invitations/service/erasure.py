"""Delete personal data from invitations, and former aliases; used by the use cases of `directory`."""

from uuid import UUID

from sqlalchemy import delete, update

from app.db.session import db
from app.invitations.models import GivenUpAlias, Invitation, RefusedAlias


def delete_personal_data(person_id: UUID) -> None:
    """Delete former aliases, refusals, and the alias and browser hash in the accepted invitation of a person.

    The row of the invitation stays as a record that it existed; accepting it deleted the other personal data.
    """
    db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id))
    db.session.execute(delete(RefusedAlias).where(RefusedAlias.holder == person_id))
    db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias="", browser_hash=None))


def delete_former_aliases(person_id: UUID) -> None:
    """Delete every record of the aliases that a person had before."""
    db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id))
    db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias=""))
