"""Practice sittings; corrected keys, and the scores that they changed."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

PURPOSES = ("pretest", "test", "retention")
NOTICE = "result_corrected"
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    op.create_table(
        "practice_sitting",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_practice_sitting_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_practice_sitting")),
    )
    _checked("attempt", "purpose", "purpose", (*PURPOSES, "practice"))
    op.create_table(
        "key_correction",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("by_version_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        _version("key_correction", "version_id"),
        _version("key_correction", "by_version_id"),
        sa.PrimaryKeyConstraint("version_id", "item", name=op.f("pk_key_correction")),
    )
    op.create_table(
        "regrade",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("question", sa.SmallInteger(), nullable=False),
        sa.Column("by_version_id", sa.Uuid(), nullable=False),
        sa.Column("share_before", sa.Double(), nullable=False),
        sa.Column("share_after", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "share_before BETWEEN 0 AND 1 AND share_after BETWEEN 0 AND 1", name=op.f("ck_regrade_shares_are_shares")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_attempt_id_attempt")),
        _version("regrade", "by_version_id"),
        sa.PrimaryKeyConstraint("attempt_id", "number", "question", name=op.f("pk_regrade")),
    )
    _checked("notice", "noticekind", "kind", [*_notices(), NOTICE])


def downgrade():
    op.execute(f"DELETE FROM notice WHERE kind = '{NOTICE}'")
    _checked("notice", "noticekind", "kind", [kind for kind in _notices() if kind != NOTICE])
    for table in ("regrade", "key_correction", "practice_sitting"):
        op.drop_table(table)
    of_practice = "SELECT id FROM attempt WHERE purpose = 'practice'"
    for table in ("answer_save", "question_mark"):
        op.execute(f"DELETE FROM {table} WHERE attempt_id IN ({of_practice})")
    op.execute("DELETE FROM attempt WHERE purpose = 'practice'")
    _checked("attempt", "purpose", "purpose", PURPOSES)


def _version(table, column):
    return sa.ForeignKeyConstraint([column], ["course_version.id"], name=op.f(f"fk_{table}_{column}_course_version"))


def _notices():
    """Return the kinds of notices that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _checked(table, name, column, values):
    constraint, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"{column} IN ({listed})")
