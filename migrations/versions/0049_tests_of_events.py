"""Attempts at the tests before and after an event."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

PURPOSES = ("event_before", "event_after")
CONSTRAINT = "ck_attempt_purpose"
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    _checked([*_purposes(), *PURPOSES])


def downgrade():
    attempts = "SELECT id FROM attempt WHERE purpose IN ('event_before', 'event_after')"
    op.execute("DELETE FROM event_test_attempt")
    for table in ("answer_save", "question_mark"):
        op.execute(f"DELETE FROM {table} WHERE attempt_id IN ({attempts})")
    op.execute("DELETE FROM attempt WHERE purpose IN ('event_before', 'event_after')")
    _checked([purpose for purpose in _purposes() if purpose not in PURPOSES])


def _purposes():
    """Return the purposes that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("attempt")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f(CONSTRAINT)))


def _checked(values):
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("attempt") as batch:
        batch.drop_constraint(op.f(CONSTRAINT), type_="check")
        batch.create_check_constraint(op.f(CONSTRAINT), f"purpose IN ({listed})")
