"""Whether a country agrees to exact process counts for coordinators."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("country", sa.Column("exact_counts", sa.Boolean(), nullable=True))


def downgrade():
    op.drop_column("country", "exact_counts")
