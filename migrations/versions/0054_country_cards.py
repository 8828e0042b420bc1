"""Cards of countries as a kind of reference."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

KIND = "countries"
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade() -> None:
    _check_kinds([*_kinds(), KIND])


def downgrade() -> None:
    op.execute(f"DELETE FROM reference WHERE kind = '{KIND}'")
    _check_kinds([kind for kind in _kinds() if kind != KIND])


def _check_kinds(kinds):
    values = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("reference") as table:
        table.drop_constraint(op.f("ck_reference_referencekind"), type_="check")
        table.create_check_constraint(op.f("ck_reference_referencekind"), f"kind IN ({values})")


def _kinds():
    """Return the kinds of references that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("reference")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_reference_referencekind")))
