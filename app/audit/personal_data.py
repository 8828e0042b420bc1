"""Personal data in the audit log, for the export of own data: entries about the person, and by the person."""

from app.audit.models import Entry
from app.db.personal_data import PersonalDataTable

# kind, day and time only: each package has the details
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "trail_about_you",
        "What was done that concerns you.",
        Entry,
        (Entry.person_id,),
        keep=("at", "name", "country", "request_id"),
    ),
    # the column country is left out: it is the country of the person that the entry is about
    PersonalDataTable("trail_by_you", "What you did.", Entry, (Entry.actor_id,), keep=("at", "name", "request_id")),
)
