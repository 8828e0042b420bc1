"""Agreed actions of the plan with notes and earlier due dates."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
SUBJECTS = ("none", "indicator", "course", "event")
OFFICES = ("contact_point", "secretariat", "trainers")
STATES = ("open", "in_hand", "done", "dropped")
ORIGINS = ("plan", "attention", "late_list", "meeting", "report")


def upgrade():
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=150), nullable=False),
        sa.Column("subject_kind", sa.Enum(*SUBJECTS, name="actionsubject", **WORDS), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("about_country", sa.String(length=2), nullable=False),
        sa.Column("office", sa.Enum(*OFFICES, name="actionoffice", **WORDS), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="actionstate", **WORDS), nullable=False),
        sa.Column("origin", sa.Enum(*ORIGINS, name="actionorigin", **WORDS), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=300), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("submission", sa.String(length=64), nullable=True),
        _check("(office = 'contact_point') = (country <> '')", "contact_point_has_a_country"),
        _check("(subject_kind = 'none') = (subject = '')", "subject_is_named"),
        _check("(origin = 'meeting') = (meeting_on IS NOT NULL)", "meeting_says_when"),
        _check("(state IN ('done', 'dropped')) = (ended_at IS NOT NULL)", "ended_says_when"),
        _check("state NOT IN ('done', 'dropped') OR result <> ''", "ended_says_why"),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_action_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
        sa.UniqueConstraint("submission", name=op.f("uq_action_submission")),
    )
    op.create_index(op.f("ix_action_state_due_on"), "action", ["state", "due_on"])
    op.create_index(op.f("ix_action_country_state"), "action", ["country", "state"])
    op.create_index(op.f("ix_action_origin_meeting_on"), "action", ["origin", "meeting_on"])
    op.create_table(
        "action_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_note_action_id_action")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_action_note_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_note")),
    )
    op.create_index(op.f("ix_action_note_action_id"), "action_note", ["action_id"])
    op.create_table(
        "action_date",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("moved_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_date_action_id_action")),
        sa.ForeignKeyConstraint(["moved_by"], ["person.id"], name=op.f("fk_action_date_moved_by_person")),
        sa.PrimaryKeyConstraint("action_id", "moved_at", name=op.f("pk_action_date")),
    )


def downgrade():
    op.drop_table("action_date")
    op.drop_table("action_note")
    op.drop_table("action")


def _check(condition, name):
    return sa.CheckConstraint(condition, name=op.f(f"ck_action_{name}"))
