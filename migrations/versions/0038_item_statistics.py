"""Stored statistics of items, and panels of judges that set the pass values of items."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
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
        sa.Column("share", sa.Double(), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name=op.f("ck_rate_before_share_is_a_share")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_rate_before_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", "item", "revision", name=op.f("pk_rate_before")),
    )
    op.create_table(
        "judging_panel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(24), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("used_rate", sa.Double(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "used_rate IS NULL OR used_rate BETWEEN 0 AND 1", name=op.f("ck_judging_panel_used_rate_is_a_rate")
        ),
        sa.CheckConstraint(
            "used_rate IS NULL OR closed_at IS NOT NULL", name=op.f("ck_judging_panel_used_is_closed")
        ),
        sa.CheckConstraint(
            "(closed_by IS NULL) = (closed_at IS NULL)", name=op.f("ck_judging_panel_closed_says_when")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_judging_panel_course_id_course")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_judging_panel_opened_by_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_judging_panel_closed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judging_panel")),
    )
    op.create_index(
        "uq_judging_panel_open",
        "judging_panel",
        ["course_id", "item"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "judgement",
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_rate", sa.Double(), nullable=True),
        sa.Column("second_rate", sa.Double(), nullable=True),
        sa.Column("judged_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "first_rate IS NULL OR first_rate BETWEEN 0 AND 1", name=op.f("ck_judgement_first_rate_is_a_rate")
        ),
        sa.CheckConstraint(
            "second_rate IS NULL OR second_rate BETWEEN 0 AND 1", name=op.f("ck_judgement_second_rate_is_a_rate")
        ),
        sa.CheckConstraint(
            "second_rate IS NULL OR first_rate IS NOT NULL", name=op.f("ck_judgement_second_comes_after_first")
        ),
        sa.CheckConstraint("(first_rate IS NULL) = (judged_at IS NULL)", name=op.f("ck_judgement_judged_says_when")),
        sa.ForeignKeyConstraint(["panel_id"], ["judging_panel.id"], name=op.f("fk_judgement_panel_id_judging_panel")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_judgement_person_id_person")),
        sa.PrimaryKeyConstraint("panel_id", "person_id", name=op.f("pk_judgement")),
    )
    op.create_index(op.f("ix_judgement_person_id"), "judgement", ["person_id"])


def downgrade():
    op.drop_table("judgement")
    op.drop_table("judging_panel")
    op.drop_table("rate_before")
    op.drop_table("course_statistic")
