"""Contents of media that were moved out of the database: their size and SHA-256, and those that nothing refers to."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

HAS_A_SIZE = "(content IS NULL) = (size IS NOT NULL)"
SAYS_WHERE = "(content IS NULL) = (digest IS NOT NULL) AND (content IS NULL) = (size IS NOT NULL)"
CONTENT = sa.LargeBinary()
TABLES = ("course_medium", "draft_blob", "version_file")


def upgrade() -> None:
    for name in ("course_medium", "draft_blob"):
        with op.batch_alter_table(name) as table:
            table.alter_column("content", existing_type=CONTENT, nullable=True)
            table.add_column(sa.Column("size", sa.Integer(), nullable=True))
            table.create_check_constraint(op.f(f"ck_{name}_moved_has_a_size"), HAS_A_SIZE)
    with op.batch_alter_table("version_file") as table:
        table.alter_column("content", existing_type=CONTENT, nullable=True)
        table.add_column(sa.Column("digest", sa.String(64), nullable=True))
        table.add_column(sa.Column("size", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_version_file_moved_says_where"), SAYS_WHERE)
        table.create_index(op.f("ix_version_file_digest"), ["digest"])
    op.create_table(
        "unused_medium",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_unused_medium")),
    )


def downgrade() -> None:
    _refuse_moved()
    op.drop_table("unused_medium")
    with op.batch_alter_table("version_file") as table:
        table.drop_index(op.f("ix_version_file_digest"))
        table.drop_constraint(op.f("ck_version_file_moved_says_where"), type_="check")
        table.drop_column("size")
        table.drop_column("digest")
        table.alter_column("content", existing_type=CONTENT, nullable=False)
    for name in ("course_medium", "draft_blob"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_moved_has_a_size"), type_="check")
            table.drop_column("size")
            table.alter_column("content", existing_type=CONTENT, nullable=False)


def _refuse_moved():
    """Stop while contents are outside of the database: the tables of before have no place for them."""
    for name in TABLES:
        table = sa.table(name, sa.column("content"))
        query = sa.select(sa.func.count()).select_from(table).where(table.c.content.is_(None))
        if op.get_bind().scalar(query):
            raise RuntimeError(f"contents of {name} are in MEDIA_PATH. Run `flask media-back` first.")
