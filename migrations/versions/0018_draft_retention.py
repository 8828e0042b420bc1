"""Texts that automatic saves replaced within a revision."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
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


def downgrade():
    op.drop_index(op.f("ix_draft_replaced_replaced_at"), table_name="draft_replaced")
    op.drop_table("draft_replaced")
