"""Videos that were converted to smaller variants."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "converted_video",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("converted_at", sa.DateTime(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_converted_video")),
    )


def downgrade():
    op.drop_table("converted_video")
