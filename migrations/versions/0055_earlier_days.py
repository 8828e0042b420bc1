"""The days of an event before it was moved or postponed."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

COLUMNS = ("earlier_first_day", "earlier_last_day")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("workshop", sa.Column(name, sa.Date(), nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("workshop", name)
