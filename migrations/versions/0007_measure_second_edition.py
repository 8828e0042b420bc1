"""The measure's second edition: the time of a deed, the edition of a state, how many were watched; a kind, a notice."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS_BEFORE = (
    "module", "refresher", "quiz", "review", "check", "surprise", "scenario", "workshop", "supervisor", "claim", "void",
)  # fmt: skip
KINDS = (*KINDS_BEFORE[:8], "desk_task", *KINDS_BEFORE[8:])
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
    "officer_became_staff",
    "role_given",
    "threat_over",
    "officer_seen_again",
    "role_ended",
    "test_handed_in",
)
NOTICES = (*NOTICES_BEFORE[:10], "measure_changed", *NOTICES_BEFORE[10:])


def upgrade():
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("done_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE evidence SET done_at = recorded_at")
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("done_at", existing_type=sa.DateTime(), nullable=False)
    _added("competence_state", "edition", sa.SmallInteger(), 1)
    _added("cap_day", "watched", sa.Integer(), 0)
    _added("cap_day", "checks", sa.Integer(), 0)
    _checked("evidence", "evidencekind", "kind", KINDS)
    _checked("notice", "noticekind", "kind", NOTICES)


def downgrade():
    op.execute("DELETE FROM notice WHERE kind = 'measure_changed'")
    _checked("notice", "noticekind", "kind", NOTICES_BEFORE)
    op.execute("UPDATE evidence SET kind = 'workshop' WHERE kind = 'desk_task'")  # both are an assessor's rubric
    _checked("evidence", "evidencekind", "kind", KINDS_BEFORE)
    for table, column in (
        ("cap_day", "checks"),
        ("cap_day", "watched"),
        ("competence_state", "edition"),
        ("evidence", "done_at"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)


def _added(table, column, kind, value):
    """Add a column that rows of before have this value in, and new ones must say."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(column, kind, nullable=False, server_default=str(value)))
    with op.batch_alter_table(table) as batch:
        batch.alter_column(column, existing_type=kind, existing_nullable=False, server_default=None)


def _checked(table, name, column, known):
    listed = ", ".join(f"'{one}'" for one in known)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})")
