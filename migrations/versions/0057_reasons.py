"""The category of an exception to the allocation of seats; why an event is postponed, for its participants."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

CATEGORIES = "'host_need', 'role_in_event', 'replacement', 'team_balance', 'data_error', 'other'"
CONSTRAINT = "ck_seat_decision_exceptioncategory"


def upgrade() -> None:
    with op.batch_alter_table("seat_decision") as table:
        table.add_column(sa.Column("exception_category", sa.String(32), nullable=True))
        table.create_check_constraint(op.f(CONSTRAINT), f"exception_category IN ({CATEGORIES})")
    op.add_column("workshop", sa.Column("postponed_reason", sa.String(300), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("workshop", "postponed_reason")
    with op.batch_alter_table("seat_decision") as table:
        table.drop_constraint(op.f(CONSTRAINT), type_="check")
        table.drop_column("exception_category")
