"""Time in lessons: visits, states and parts of a lesson, keys of steps; answers locked after their feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

LOOKED_THROUGH = "NOT looked_through OR (done_at IS NOT NULL AND NOT skipped)"


def upgrade():
    with op.batch_alter_table("lesson_progress") as batch:
        batch.add_column(sa.Column("looked_through", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("spent_seconds", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("part", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("parts", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.create_check_constraint(op.f("ck_lesson_progress_looked_through_is_done"), LOOKED_THROUGH)
        batch.create_check_constraint(op.f("ck_lesson_progress_spent_seconds_count_from_zero"), "spent_seconds >= 0")
    with op.batch_alter_table("lesson_progress") as batch:
        for name in ("looked_through", "part", "parts"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "lesson_visit",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=100), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_lesson_visit_seconds_count_from_zero")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_lesson_visit_enrolment_id_enrolment")),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson", "opened_at", name=op.f("pk_lesson_visit")),
    )
    op.create_index(op.f("ix_lesson_visit_opened_at"), "lesson_visit", ["opened_at"])
    op.create_table(
        "lesson_step",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lesson_step_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_lesson_step")),
    )
    op.create_index(op.f("ix_lesson_step_counted_at"), "lesson_step", ["counted_at"])
    with op.batch_alter_table("answer_save") as batch:
        batch.add_column(sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("answer_save") as batch:
        batch.alter_column("locked", server_default=None)


def downgrade():
    with op.batch_alter_table("answer_save") as batch:
        batch.drop_column("locked")
    op.drop_index(op.f("ix_lesson_step_counted_at"), table_name="lesson_step")
    op.drop_table("lesson_step")
    op.drop_index(op.f("ix_lesson_visit_opened_at"), table_name="lesson_visit")
    op.drop_table("lesson_visit")
    with op.batch_alter_table("lesson_progress") as batch:
        batch.drop_constraint(op.f("ck_lesson_progress_spent_seconds_count_from_zero"), type_="check")
        batch.drop_constraint(op.f("ck_lesson_progress_looked_through_is_done"), type_="check")
        batch.drop_column("parts")
        batch.drop_column("part")
        batch.drop_column("spent_seconds")
        batch.drop_column("looked_through")
