"""How many saves and practice answers a person sent within the current minute."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "save_count",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_save_count_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_save_count")),
    )


def downgrade():
    op.drop_table("save_count")
