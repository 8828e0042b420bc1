"""Texts that automatic saves replaced within a revision, and the authors of text that a revision copied."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "draft_replaced",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("replaced_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course_draft.course_id"], name=op.f("fk_draft_replaced_course_id_course_draft")
        ),
        sa.ForeignKeyConstraint(["digest"], ["draft_blob.digest"], name=op.f("fk_draft_replaced_digest_draft_blob")),
        sa.PrimaryKeyConstraint("course_id", "path", "digest", name=op.f("pk_draft_replaced")),
    )
    op.create_index(op.f("ix_draft_replaced_replaced_at"), "draft_replaced", ["replaced_at"])
    op.create_table(
        "draft_source_author",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id", "number"],
            ["draft_revision.course_id", "draft_revision.number"],
            name=op.f("fk_draft_source_author_course_id_draft_revision"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_source_author_person_id_person")),
        sa.PrimaryKeyConstraint("course_id", "number", "person_id", name=op.f("pk_draft_source_author")),
    )


def downgrade():
    op.drop_table("draft_source_author")
    op.drop_index(op.f("ix_draft_replaced_replaced_at"), table_name="draft_replaced")
    op.drop_table("draft_replaced")
