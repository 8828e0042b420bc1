"""Messages, files, travel and needs of an event, each made in a transaction of its own."""

import io
from collections.abc import Collection
from datetime import date
from uuid import UUID

from PIL import Image

from app.access.policy import Sensitivity
from app.db.session import db, transaction
from app.kernel import clock
from app.workshops.domain.event_files import clean_file
from app.workshops.domain.needs import AccessNeed, Diet, DietAndAccess
from app.workshops.domain.travel import Travel, Visa
from app.workshops.service import event_files, event_messages, travel
from app.workshops.service.event_files import NewFile
from app.workshops.service.event_messages import NewMessage

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
EXPIRES = date(2027, 6, 4)
MESSAGE = NewMessage("Another hall", "We begin in hall 2.\n\nBring the list of the berths.")
TRAVEL = Travel(visa=Visa.NEEDED, visa_asked_on=date(2027, 2, 20))
NEEDS = DietAndAccess((Diet.HALAL,), (AccessNeed.STEP_FREE,))


def png() -> bytes:
    """Return a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "#0b5563").save(file, "PNG")
    return file.getvalue()


def add_file(
    workshop_id: UUID,
    by: UUID,
    *,
    sensitivity: Sensitivity = Sensitivity.UNRESTRICTED,
    title: str = "Plan of the quay",
    expires_on: date = EXPIRES,
) -> UUID:
    """Add a PDF; its content depends on title and sensitivity, because an event takes no copies."""
    content = clean_file(PDF.replace(b"<< >>", f"<< {title} {sensitivity.value} >>".encode(), 1))
    new = NewFile(title=title, file=content, sensitivity=sensitivity, expires_on=expires_on)
    with transaction():
        file_id = event_files.add(workshop_id, new, by=by, now=clock.now())
    db.session.rollback()
    return file_id


def send(workshop_id: UUID, recipients: Collection[UUID], *, by: UUID) -> UUID:
    """Send a message; return its id."""
    with transaction():
        message_id = event_messages.send(workshop_id, MESSAGE, recipients, by=by, now=clock.now())
    db.session.rollback()
    return message_id


def prepare(workshop_id: UUID, person_id: UUID, dates: Travel = TRAVEL, needs: DietAndAccess = NEEDS) -> None:
    """Save dates and needs of a participant."""
    with transaction():
        travel.save_travel(workshop_id, person_id, dates, by=person_id, now=clock.now())
        travel.save_needs(workshop_id, person_id, needs, clock.now())
    db.session.rollback()
