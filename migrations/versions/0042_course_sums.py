"""Sums over the first attempts in a course, the attempts that they lack, and stored results of courses."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "course_sum",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.Column("left_out", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_sum_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_sum")),
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "uncounted_attempt",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", number, nullable=False),
        sa.Column("was_counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_uncounted_attempt_course_id_course")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_uncounted_attempt_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncounted_attempt")),
    )
    op.create_index(op.f("ix_uncounted_attempt_course_id"), "uncounted_attempt", ["course_id"])
    op.create_index(op.f("ix_uncounted_attempt_attempt_id"), "uncounted_attempt", ["attempt_id"])
    op.create_table(
        "stored_result",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.Column("left_out", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_stored_result_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_stored_result_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_stored_result")),
    )


def downgrade():
    op.drop_table("stored_result")
    op.drop_table("uncounted_attempt")
    op.drop_table("course_sum")
