"""Personal data of messages for the archive in privacy: notices and mails."""

from app.db.personal_data import PersonalDataTable
from app.messages.models import Notice, OutgoingMail

# notices, and mails without their words
PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "notices",
        "Notices on your page.",
        Notice,
        (Notice.person_id,),
        leave=("occasion", "path"),  # they may name others by their ids
        texts=frozenset({"facts"}),
    ),
    PersonalDataTable(
        "mails",
        "Mails to you: why and when, their words were always the same.",
        OutgoingMail,
        (OutgoingMail.recipient_id,),
        texts=frozenset({"facts"}),
        keep=("kind", "facts", "due_at", "made_at", "state", "tries", "sent_at"),
    ),
)
