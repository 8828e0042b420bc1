"""What the trail holds about a person."""

from app.audit.models import Entry
from app.db.personal_data import PersonalDataTable

# what happened to a person and what they did: kind, day and time; details stand with each room
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "trail_about_you",
        "What was done that concerns you.",
        Entry,
        (Entry.person_id,),
        keep=("at", "name", "country", "request_id"),
    ),
    # an entry about somebody holds where that one serves
    PersonalDataTable("trail_by_you", "What you did.", Entry, (Entry.actor_id,), keep=("at", "name", "request_id")),
)
