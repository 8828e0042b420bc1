"""Files that users upload to import them into the draft of a course."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "draft_upload",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_draft_upload_course_id_course")),
        sa.ForeignKeyConstraint(["digest"], ["draft_blob.digest"], name=op.f("fk_draft_upload_digest_draft_blob")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_upload_person_id_person")),
        sa.PrimaryKeyConstraint("course_id", "digest", "person_id", name=op.f("pk_draft_upload")),
    )


def downgrade():
    op.drop_table("draft_upload")
