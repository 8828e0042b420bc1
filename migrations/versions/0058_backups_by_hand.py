"""Whether a run belongs to the scheduled backups of a site: those by hand elsewhere, or that failed, do not."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("backup_run", sa.Column("of_schedule", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("backup_run", "of_schedule")
