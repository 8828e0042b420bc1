"""Rows about a person in the tables of supervision, requests and proposals, for the archive of own data."""

from app.db.personal_data import PersonalDataTable
from app.rights.models import AdministratorRequest, RoleProposal, Supervision

PERSONAL_DATA: tuple[PersonalDataTable, ...] = (
    PersonalDataTable(
        "supervision",
        "When you were supervised, or supervised another person: one row for each.",
        Supervision,
        (Supervision.officer_id, Supervision.supervisor_id),
        keep=("since", "until"),
    ),
    PersonalDataTable(
        "administrator",
        "That you were to become an administrator, or had a say in who becomes one.",
        AdministratorRequest,
        (AdministratorRequest.person_id, AdministratorRequest.asked_by, AdministratorRequest.answered_by),
        keep=("asked_at", "ends_at", "answer", "answered_at"),
    ),
    PersonalDataTable(
        "role_proposals",
        "Roles that were proposed for you, or that you proposed, agreed to or stopped.",
        RoleProposal,
        (RoleProposal.person_id, RoleProposal.proposed_by, RoleProposal.agreed_by, RoleProposal.ended_by),
        keep=("role", "proposed_at", "agreed_at", "outcome", "ended_at"),
    ),
)
