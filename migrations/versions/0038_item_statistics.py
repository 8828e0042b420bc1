"""Stored statistics of items, and panels of judges that set the pass values of items."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "course_statistic",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_statistic_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_course_statistic_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_statistic")),
    )
    op.create_table(
        "rate_before",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(24), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name=op.f("ck_rate_before_share_is_a_share")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_rate_before_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "item", "revision", name=op.f("pk_rate_before")),
    )


def downgrade():
    op.drop_table("rate_before")
    op.drop_table("course_statistic")
