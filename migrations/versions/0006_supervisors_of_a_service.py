"""A supervisor's role that holds for all officers of the own service; indexes of postings and invitations; a notice."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = ("self", "country", "course", "event", "all")
OPEN = sa.text("accepted_at IS NULL AND withdrawn_at IS NULL")
NOW = ("self", "country", "agency", "course", "event", "all")
NOTICES_BEFORE = (
    "course_completed",
    "course_published",
    "course_suggested",
    "version_offered",
    "asked_again",
    "seat_given",
    "workshop_changed",
    "workshop_cancelled",
    "competence_verified",
    "competence_due",
    "claim_decided",
    "invitation_refused",
    "erasure_asked",
    "address_claimed",
    "second_wanted",
    "administrator_wanted",
    "export_wanted",
    "export_answered",
    "contact_point_made",
    "contact_point_first",
    "invitation_bounced",
    "role_given",
    "threat_over",
    "officer_seen_again",
    "role_ended",
    "test_handed_in",
)
NOTICES = (*NOTICES_BEFORE[:-5], "officer_became_staff", *NOTICES_BEFORE[-5:])
SERVICE = "FROM agency WHERE REPLACE(CAST(agency.id AS VARCHAR(36)), '-', '') = role_grant.reach"
TO_THE_COUNTRY = f"""
UPDATE role_grant SET scope = 'country', reach = (SELECT agency.country {SERVICE})
WHERE scope = 'agency' AND EXISTS (SELECT 1 {SERVICE}) AND NOT EXISTS (
    SELECT 1 FROM role_grant AS other
    WHERE other.person_id = role_grant.person_id AND other.role = role_grant.role AND other.since = role_grant.since
      AND (other.scope = 'country' OR (other.scope = 'agency' AND other.id < role_grant.id))
)"""


def upgrade():
    _checked("role_grant", "scope", "scope", NOW)
    _checked("notice", "noticekind", "kind", NOTICES)
    op.create_index(op.f("ix_posting_agency_id"), "posting", ["agency_id"])
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"])
    op.create_index(
        "ix_invitation_open", "invitation", ["country", "ends_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade():
    op.drop_index("ix_invitation_open", table_name="invitation")
    op.drop_index(op.f("ix_invitation_person_id"), table_name="invitation")
    op.drop_index(op.f("ix_posting_agency_id"), table_name="posting")
    # whoever supervised a whole service keeps the role, for officers assigned one by one
    op.execute(TO_THE_COUNTRY)
    op.execute("DELETE FROM role_grant WHERE scope = 'agency'")  # beside one for the country, of the same day
    _checked("role_grant", "scope", "scope", BEFORE)
    op.execute("DELETE FROM notice WHERE kind = 'officer_became_staff'")
    _checked("notice", "noticekind", "kind", NOTICES_BEFORE)


def _checked(table, name, column, known):
    listed = ", ".join(f"'{one}'" for one in known)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})")
