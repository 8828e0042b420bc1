"""Events that are reopened, with a history; figures and notes entered once; a reason of a large change; two notices."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
HISTORY = ("closed", "reopened", "attendance_asked", "scores_asked")
NOTICES = ("workshop_reopened", "workshop_asked")
ENTERED_ONCE = ("observation", "plan_note")


def upgrade():
    with op.batch_alter_table("workshop") as batch:
        batch.add_column(sa.Column("reopened_at", sa.DateTime(), nullable=True))
    op.create_table(
        "workshop_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*HISTORY, name="historykind", **WORDS), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("missing_marks", sa.Integer(), nullable=False),
        sa.Column("missing_scores", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind <> 'reopened' OR reason <> ''", name=op.f("ck_workshop_history_reopened_says_why")),
        sa.CheckConstraint(
            "missing_marks >= 0 AND missing_scores >= 0", name=op.f("ck_workshop_history_missing_is_a_count")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_workshop_history_person_id_person")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_history_workshop_id_workshop")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_history")),
    )
    op.create_index(op.f("ix_workshop_history_person_id"), "workshop_history", ["person_id"])
    op.create_index(op.f("ix_workshop_history_workshop_id_at"), "workshop_history", ["workshop_id", "at"])
    for table in ENTERED_ONCE:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("submission", sa.String(length=64), nullable=True))
            batch.create_unique_constraint(op.f(f"uq_{table}_submission"), ["submission"])
    with op.batch_alter_table("observation") as batch:
        batch.add_column(sa.Column("explanation", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("observation") as batch:
        batch.alter_column("explanation", existing_type=sa.String(length=300), server_default=None)
    _set_notices([*_notices(), *NOTICES])


def downgrade():
    for kind in NOTICES:
        op.execute(f"DELETE FROM notice WHERE kind = '{kind}'")  # noqa: S608 - a constant
    _set_notices([one for one in _notices() if one not in NOTICES])
    with op.batch_alter_table("observation") as batch:
        batch.drop_column("explanation")
    for table in ENTERED_ONCE:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"uq_{table}_submission"), type_="unique")
            batch.drop_column("submission")
    op.drop_table("workshop_history")
    with op.batch_alter_table("workshop") as batch:
        batch.drop_column("reopened_at")


def _notices():
    """Return the kinds of notices that the table takes now: other revisions add theirs."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    [found] = [one["sqltext"] for one in checks if one["name"] == "ck_notice_noticekind"]
    return re.findall(r"'([a-z_]+)'", found)


def _set_notices(known):
    listed = ", ".join(f"'{one}'" for one in known)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(op.f("ck_notice_noticekind"), type_="check")
        batch.create_check_constraint(op.f("ck_notice_noticekind"), f"kind IN ({listed})")
