"""Recalculate the figure of actions done on time; counts of flagged questions; an index for the what-if."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None

INDEX = "ix_competence_held_person_id_competency_level_until"


def upgrade():
    op.execute("UPDATE definition SET due = true WHERE rule = 'action_points_on_time'")
    op.create_index(INDEX, "competence_held", ["person_id", "competency", "level", "until"])
    op.create_table(
        "flagged_questions",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(questions = 0) = (item = '')", name=op.f("ck_flagged_questions_flagged_names_the_first")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_flagged_questions_course_id_course")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_flagged_questions_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_flagged_questions")),
    )


def downgrade():
    op.drop_table("flagged_questions")
    op.drop_index(INDEX, "competence_held")
    op.execute("UPDATE definition SET due = false WHERE rule = 'action_points_on_time'")
