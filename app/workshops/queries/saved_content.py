"""Recognize the saved content of an event, so that two editors do not overwrite each other."""

import hashlib
from uuid import UUID

from app.i18n import stored_translations
from app.workshops.queries import workshops

# fields of the form beside seats, competencies, sessions and texts
WRITTEN = (
    "code", "kind", "sensitivity", "host_country", "town", "venue", "form", "time_zone", "booking_until",
    "languages", "prerequisites", "roles", "activity", "attendance_share", "competencies", "nomination",
)  # fmt: skip


def fingerprint(workshop_id: UUID) -> str:
    """Return a hash of the saved content of an event."""
    workshop = workshops.get(workshop_id)
    facts = {name: getattr(workshop, name) for name in (*WRITTEN, "capacity", "outcomes")}
    sessions = [
        (
            session.number,
            session.kind,
            session.day,
            session.starts,
            session.ends,
            session.room,
            session.link,
            session.language,
        )
        for session in workshop.sessions
    ]
    translations = stored_translations.all_of_many([workshop_id, *(session.id for session in workshop.sessions)])
    texts = sorted(
        (str(row_id), field, code, text)
        for row_id, fields in translations.items()
        for field, by_code in fields.items()
        for code, text in by_code.items()
    )
    return hashlib.sha256(repr((facts, sessions, texts)).encode()).hexdigest()
