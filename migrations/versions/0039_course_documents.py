"""Documents of course versions, rendered."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "course_document",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(24), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("translation", sa.String(12), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_version.id"],
            name=op.f("fk_course_document_version_id_course_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "document", "language", name=op.f("pk_course_document")),
    )


def downgrade():
    op.drop_table("course_document")
