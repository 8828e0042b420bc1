"""Search on PostgreSQL: the vector of a block is stored, so that ranking does not compute it again."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX search_text")
    op.execute(
        "ALTER TABLE search_block ADD COLUMN search_text_vector tsvector"
        " GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED"
    )
    op.execute("CREATE INDEX search_text ON search_block USING gin (search_text_vector)")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX search_text")
    op.execute("ALTER TABLE search_block DROP COLUMN search_text_vector")
    op.execute("CREATE INDEX search_text ON search_block USING gin (to_tsvector('simple', folded))")
