"""The time at which a second device was refused for a seat; the notice of a sitting that was left open."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

NOTICE = "sitting_closed"
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    with op.batch_alter_table("sitting_seat") as batch:
        batch.add_column(sa.Column("device_refused_at", sa.DateTime(), nullable=True))
    _check_notices([*_notices(), NOTICE])


def downgrade():
    op.execute(f"DELETE FROM notice WHERE kind = '{NOTICE}'")
    _check_notices([kind for kind in _notices() if kind != NOTICE])
    with op.batch_alter_table("sitting_seat") as batch:
        batch.drop_column("device_refused_at")


def _notices():
    """Return the kinds of notices that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _check_notices(values):
    constraint, listed = op.f("ck_notice_noticekind"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"kind IN ({listed})")
