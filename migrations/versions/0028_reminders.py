"""Reminders with the late rows that they are about."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
OFFICES = ("contact_point", "supervisor", "officer")
STATES = ("sent", "seen", "answered", "resolved", "expired")
ANSWERS = ("done", "done_by", "not_possible")
REASONS = ("no_longer_in_service", "no_line", "no_time", "language", "wrong_list", "other")
KINDS = ("invitations", "course", "language", "figure", "action")
RULES = (
    "invitations", "language", "officer", "supervisor", "contact_point", "many_overdue", "silent", "figure", "action",
)
ADDED = {
    "notice": ("noticekind", ("answer_asked", "date_asked", "reminder_answered")),
    "outgoing_mail": ("mailkind", ("answer_asked", "date_asked", "answer_came")),
}
VALUE = re.compile(r"'([a-z_]+)'")
CHECKS = {
    "contact_points_are_an_office": "(office = 'contact_point') = (recipient_id IS NULL)",
    "answer_says_when": "(answer IS NULL) = (answered_at IS NULL)",
    "answered_has_an_answer": "state <> 'answered' OR answer IS NOT NULL",
    "ended_says_when": "(state IN ('resolved', 'expired')) = (ended_at IS NOT NULL)",
    "done_by_names_a_day": "(answer = 'done_by') = (answer_on IS NOT NULL)",
    "not_possible_says_why": "(answer = 'not_possible') = (answer_reason IS NOT NULL)",
}


def upgrade():
    op.create_table(
        "reminder",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.Enum(*OFFICES, name="reminderoffice", **WORDS), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=False),
        sa.Column("request_text", sa.String(length=200), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="reminderstate", **WORDS), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.Enum(*ANSWERS, name="answerkind", **WORDS), nullable=True),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.Column("answer_reason", sa.Enum(*REASONS, name="answerreason", **WORDS), nullable=True),
        sa.Column("answer_text", sa.String(length=200), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("submission", sa.String(length=64), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_reminder_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name=op.f("fk_reminder_recipient_id_person")),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_reminder_sender_id_person")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_reminder_answered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("submission", name=op.f("uq_reminder_submission")),
    )
    op.create_index(op.f("ix_reminder_recipient_id_state"), "reminder", ["recipient_id", "state"])
    op.create_index(op.f("ix_reminder_country_state"), "reminder", ["country", "state"])
    op.create_index(op.f("ix_reminder_state_wanted_by"), "reminder", ["state", "wanted_by"])
    op.create_index(op.f("ix_reminder_sender_id_sent_at"), "reminder", ["sender_id", "sent_at"])
    op.create_table(
        "reminder_row",
        sa.Column("reminder_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="latekind", **WORDS), nullable=False),
        sa.Column("cell", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.Enum(*RULES, name="laterule", **WORDS), nullable=False),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminder.id"], name=op.f("fk_reminder_row_reminder_id_reminder")),
        sa.PrimaryKeyConstraint("reminder_id", "kind", "cell", name=op.f("pk_reminder_row")),
    )
    op.create_index(op.f("ix_reminder_row_kind_cell"), "reminder_row", ["kind", "cell"])
    for table, (name, added) in ADDED.items():
        _checked(table, name, [*_kinds(table, name), *added])


def downgrade():
    op.drop_table("reminder_row")
    op.drop_table("reminder")
    for table, (name, added) in ADDED.items():
        listed = ", ".join(f"'{kind}'" for kind in added)
        op.execute(f"DELETE FROM {table} WHERE kind IN ({listed})")
        _checked(table, name, [kind for kind in _kinds(table, name) if kind not in added])


def _kinds(table, name):
    """Return the kinds that a table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f(f"ck_{table}_{name}")))


def _checked(table, name, kinds):
    constraint, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"kind IN ({listed})")
