"""Views of small numbers of completion, so that one audit entry a day and filter is written."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "completion_view",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("filters", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_completion_view_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "day", "filters", name=op.f("pk_completion_view")),
    )


def downgrade():
    op.drop_table("completion_view")
