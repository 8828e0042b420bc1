"""Sessions have a room, a meeting link and a language of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0046"
branch_labels = None
depends_on = None

COLUMNS = (("room", 80), ("link", 300), ("language", 12))


def upgrade() -> None:
    with op.batch_alter_table("workshop_session") as table:
        for name, length in COLUMNS:
            table.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("workshop_session") as table:
        for name, _length in COLUMNS:
            table.drop_column(name)
