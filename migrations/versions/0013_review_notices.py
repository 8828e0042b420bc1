"""Notices about reviews of course drafts."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ADDED = ("review_asked", "review_approved", "changes_requested")
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    _checked([*_kinds(), *ADDED])


def downgrade():
    for kind in ADDED:
        op.execute(sa.text("DELETE FROM notice WHERE kind = :kind").bindparams(kind=kind))
    _checked([kind for kind in _kinds() if kind not in ADDED])


def _kinds():
    """Return the kinds that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _checked(kinds):
    name, listed = op.f("ck_notice_noticekind"), ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"kind IN ({listed})")
