"""Rows about a person in the tables of account recovery, for the archive of own data."""

from app.db.personal_data import PersonalDataTable
from app.recovery.models import AddressChange, SecondHelp

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "address_changes",
        "Other mail addresses that you wanted.",
        AddressChange,
        (AddressChange.person_id,),
        keep=("mail", "old_mail", "ends_at", "begun_at", "old_confirmed_at", "new_confirmed_at", "done_at"),
    ),
    PersonalDataTable(
        "second_help",
        "That an administrator is to be let back in, you or by you.",
        SecondHelp,
        (SecondHelp.person_id, SecondHelp.asked_by),
        keep=("ends_at",),
    ),
)
