"""Reminders of figures that fall soon."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TABLE, ADDED = "reminder_row", "fall"
COLUMNS = {"kind": "latekind", "rule": "laterule"}
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    for column, name in COLUMNS.items():
        _check(column, name, [*_values(name), ADDED])


def downgrade():
    op.execute(f"DELETE FROM {TABLE} WHERE kind = '{ADDED}'")
    for column, name in COLUMNS.items():
        _check(column, name, [value for value in _values(name) if value != ADDED])


def _values(name):
    """Return the values that a column takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(TABLE)
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f(f"ck_{TABLE}_{name}")))


def _check(column, name, values):
    constraint, listed = op.f(f"ck_{TABLE}_{name}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"{column} IN ({listed})")
