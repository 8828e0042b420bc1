"""Delete the links, changes of address and requests of a person, for `directory.service.erasure`."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete

from app.db.session import db
from app.recovery.models import AddressChange, PasswordLink, SecondHelp

TABLES: tuple[Any, ...] = (PasswordLink, AddressChange, SecondHelp)


def delete_personal_data(person_id: UUID) -> None:
    """Delete password links, changes of address and requests for a second helper of a person."""
    for table in TABLES:
        db.session.execute(delete(table).where(table.person_id == person_id))
