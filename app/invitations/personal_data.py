"""Rows about a person in the tables of invitations and aliases, for the archive of own data."""

from app.db.personal_data import PersonalDataTable
from app.invitations.models import AnswerAbroad, GivenUpAlias, Invitation, RefusedAlias

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "invitation",
        "The invitation by which you came.",
        Invitation,
        (Invitation.person_id,),
        keep=("country", "role", "posting_roles", "alias", "language", "made_at", "accepted_at", "mails"),
    ),
    PersonalDataTable(
        "invitations_sent",
        "Invitations that you sent, without the data of the invited people.",
        Invitation,
        (Invitation.invited_by,),
        keep=("country", "role", "made_at", "accepted_at", "withdrawn_at"),
    ),
    PersonalDataTable(
        "answers_abroad",
        "How many addresses of other countries you wanted to invite, within a day.",
        AnswerAbroad,
        (AnswerAbroad.person_id,),
    ),
    PersonalDataTable(
        "aliases_before",
        "Aliases that you gave up, and when others may take them.",
        GivenUpAlias,
        (GivenUpAlias.person_id,),
    ),
    PersonalDataTable(
        "aliases_refused",
        "When an alias was refused because another person has it.",
        RefusedAlias,
        (RefusedAlias.holder,),
    ),
)
