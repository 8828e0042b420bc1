"""Locked quarters of the plan with their frozen figures and adjustments; notices of locks."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NOTICES = ("period_proposed", "period_locked")
VALUE = re.compile(r"'([a-z_]+)'")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "period_lock",
        sa.Column("quarter_end", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("locked_at", sa.DateTime(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("last_record", sa.BigInteger(), nullable=False),
        _check("period_lock", "agreed_by IS NULL OR agreed_by <> proposed_by", "four_eyes"),
        _check("period_lock", "(agreed_by IS NULL) = (locked_at IS NULL)", "agreed_says_when"),
        _check("period_lock", "(agreed_by IS NULL) = (sha256 IS NULL)", "agreed_has_a_hash"),
        _check("period_lock", "sha256 IS NULL OR length(sha256) = 64", "hash_is_whole"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_period_lock_proposed_by_person")),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_period_lock_agreed_by_person")),
        sa.PrimaryKeyConstraint("quarter_end", name=op.f("pk_period_lock")),
    )
    op.create_table(
        "frozen_figure",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agency_kind", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("quarter_end", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=False),
        sa.Column("protected_numerator", sa.Double(), nullable=False),
        sa.Column("protected_denominator", sa.Double(), nullable=False),
        sa.Column("officers", sa.Integer(), nullable=False),
        sa.Column("outside", sa.Integer(), nullable=False),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("beside", sa.Text(), nullable=False),
        _quarter("frozen_figure"),
        sa.PrimaryKeyConstraint(
            "day", "agency_kind", "role", "code", "country", name=op.f("pk_frozen_figure")
        ),
    )
    op.create_index(op.f("ix_frozen_figure_day_code"), "frozen_figure", ["day", "code"])
    op.create_index(op.f("ix_frozen_figure_quarter_end"), "frozen_figure", ["quarter_end"])
    op.create_table(
        "adjustment",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("quarter_end", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("counts_in", sa.Date(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=False),
        sa.Column("first_evidence", sa.Date(), nullable=True),
        sa.Column("last_evidence", sa.Date(), nullable=True),
        sa.Column("last_record", sa.BigInteger(), nullable=False),
        _check("adjustment", "counts_in > quarter_end", "counts_later"),
        _check("adjustment", "numerator <> 0 OR denominator <> 0", "changes_something"),
        _check("adjustment", "(first_evidence IS NULL) = (last_evidence IS NULL)", "evidence_has_both_days"),
        _quarter("adjustment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
    )
    op.create_index(op.f("ix_adjustment_code_quarter_end"), "adjustment", ["code", "quarter_end"])
    op.create_index(op.f("ix_adjustment_quarter_end"), "adjustment", ["quarter_end"])
    _take([*_kinds(), *NOTICES])


def downgrade():
    listed = ", ".join(f"'{kind}'" for kind in NOTICES)
    op.execute(f"DELETE FROM notice WHERE kind IN ({listed})")
    _take([kind for kind in _kinds() if kind not in NOTICES])
    for table in ("adjustment", "frozen_figure", "period_lock"):
        op.drop_table(table)


def _check(table, rule, name):
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _quarter(table):
    name = op.f(f"fk_{table}_quarter_end_period_lock")
    return sa.ForeignKeyConstraint(["quarter_end"], ["period_lock.quarter_end"], name=name)


def _kinds():
    """Return the kinds of notices that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _take(kinds):
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(op.f("ck_notice_noticekind"), type_="check")
        batch.create_check_constraint(op.f("ck_notice_noticekind"), f"kind IN ({listed})")
