"""Indexes of the digests in drafts: a deleted content is compared with each of them."""

from alembic import op

revision = "0029"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = (
    ("draft_upload", "digest"),
    ("draft_file", "digest"),
    ("draft_file", "base_digest"),
    ("draft_replaced", "digest"),
    ("draft_change", "before"),
    ("draft_change", "after"),
)


def upgrade():
    for table, column in COLUMNS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade():
    for table, column in reversed(COLUMNS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
