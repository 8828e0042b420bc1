"""Rooms, meeting links and languages of sessions; admissions with a reason to events with open enrolment."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

COLUMNS = (("room", 80), ("link", 300), ("language", 12))


def upgrade() -> None:
    with op.batch_alter_table("workshop_session") as table:
        for name, length in COLUMNS:
            table.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
    with op.batch_alter_table("booking") as table:
        table.add_column(sa.Column("admitted_by", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("admission_reason", sa.String(300), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_booking_admitted_by_person"), "person", ["admitted_by"], ["id"])
        table.create_check_constraint("admitted_says_why", "admitted_by IS NULL OR admission_reason <> ''")


def downgrade() -> None:
    with op.batch_alter_table("booking") as table:
        table.drop_constraint("admitted_says_why", type_="check")
        table.drop_constraint(op.f("fk_booking_admitted_by_person"), type_="foreignkey")
        table.drop_column("admission_reason")
        table.drop_column("admitted_by")
    with op.batch_alter_table("workshop_session") as table:
        for name, _length in COLUMNS:
            table.drop_column(name)
