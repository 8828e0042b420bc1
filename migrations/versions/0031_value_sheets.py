"""Completions elsewhere, and sheets of values with the batches that they wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
PROOFS = ("certificate", "attendance_list", "service_record", "other")
KINDS = ("figures", "needs", "targets", "completions")
OUTCOMES = ("undone", "agreed", "changed", "locked", "gone")
COUNTED = ("completion_day", "completion_month")


def upgrade():
    op.add_column("assignment", sa.Column("recorded", sa.Boolean(), server_default=sa.false(), nullable=False))
    for table in COUNTED:
        op.add_column(table, sa.Column("recorded", sa.Integer(), server_default="0", nullable=False))
    _records()
    _sheets()
    _batches()


def _records():
    op.create_table(
        "recorded_completion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.Enum(*PROOFS, name="completionproof", **WORDS), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        _check("recorded_completion", "completed_on <= recorded_on", "completed_before_it_is_recorded"),
        _check("recorded_completion", "(ended_on IS NULL) = (ended_by IS NULL)", "ended_says_by_whom"),
        _check("recorded_completion", "ended_on >= recorded_on", "ends_after_it_began"),
        _check("recorded_completion", "recorded_by <> person_id", "nobody_records_themself"),
        _key("recorded_completion", "person_id", "person.id"),
        _key("recorded_completion", "course_id", "course.id"),
        _key("recorded_completion", "country", "country.code"),
        _key("recorded_completion", "recorded_by", "person.id"),
        _key("recorded_completion", "ended_by", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_completion")),
    )
    op.create_index(op.f("ix_recorded_completion_person_id"), "recorded_completion", ["person_id"])
    op.create_index(op.f("ix_recorded_completion_country_ended_on"), "recorded_completion", ["country", "ended_on"])
    is_valid = sa.text("ended_on IS NULL")
    op.create_index(
        "uq_recorded_completion_valid", "recorded_completion", ["person_id", "course_id"], unique=True,
        sqlite_where=is_valid, postgresql_where=is_valid,
    )


def _sheets():
    op.create_table(
        "value_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="sheetkind", **WORDS), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        _key("value_sheet", "person_id", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_sheet")),
    )
    op.create_index(op.f("ix_value_sheet_person_id"), "value_sheet", ["person_id"])
    op.create_index(op.f("ix_value_sheet_ends_at"), "value_sheet", ["ends_at"])


def _batches():
    op.create_table(
        "value_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="sheetkind", **WORDS), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        _check("value_batch", "(undone_at IS NULL) = (undone_by IS NULL)", "undone_says_by_whom"),
        _check("value_batch", "added >= 0 AND changed >= 0 AND same >= 0", "counts_are_counts"),
        _check("value_batch", "added + changed > 0", "has_a_value"),
        _key("value_batch", "person_id", "person.id"),
        _key("value_batch", "undone_by", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_batch")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_value_batch_sheet_id")),
    )
    op.create_index(op.f("ix_value_batch_person_id_made_at"), "value_batch", ["person_id", "made_at"])
    op.create_table(
        "value_batch_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="valueoutcome", **WORDS), nullable=True),
        _key("value_batch_row", "batch_id", "value_batch.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_value_batch_row")),
        sa.UniqueConstraint("batch_id", "record_id", name=op.f("uq_value_batch_row_batch_id_record_id")),
    )


def downgrade():
    for table in ("value_batch_row", "value_batch", "value_sheet", "recorded_completion"):
        op.drop_table(table)
    for table in ("assignment", *COUNTED):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("recorded")


def _check(table, condition, name):
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _key(table, column, target):
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}_{target.split('.')[0]}"))
