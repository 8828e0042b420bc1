"""Reports: runs with their frozen JSON, files, texts, schedules, lines of donors; the notice and mail of a report."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
KINDS = ("quarterly", "country", "workshop", "donors")
STATES = ("queued", "freezing", "drawing", "ready", "failed")
FORMS = ("pdf", "docx", "xlsx", "json")
ADDED = {"notice": ("noticekind", "report_ready"), "outgoing_mail": ("mailkind", "report_ready")}
VALUE = re.compile(r"'([a-z_]+)'")
CHECKS = {
    "subject_is_named": "(kind = 'quarterly') = (subject = '')",
    "exact_is_of_a_country": "is_exact = false OR (kind = 'country' AND country <> '')",
    "frozen_has_a_hash": "(frozen IS NULL) = (sha256 = '')",
    "drawn_is_frozen": "state NOT IN ('drawing', 'ready') OR frozen IS NOT NULL",
    "ended_says_when": "(state IN ('ready', 'failed')) = (ended_at IS NOT NULL)",
    "compared_is_earlier": "compared_end IS NULL OR compared_end < period_end",
    "step_is_one_of_the_steps": "step BETWEEN 0 AND steps",
    "replaced_was_ready": "replaced_by IS NULL OR state = 'ready'",
}


def upgrade():
    _create_schedules()
    _create_runs()
    op.create_table(
        "report_text",
        sa.Column("kind", sa.Enum(*KINDS, name="reportkind", **WORDS), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("text", sa.String(length=1500), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_report_text_saved_by_person")),
        sa.PrimaryKeyConstraint(
            "kind", "period_end", "subject", "section", "language", name=op.f("pk_report_text")
        ),
    )
    op.create_table(
        "donor_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("donor", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.String(length=300), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_line")),
        sa.UniqueConstraint("donor", "code", name=op.f("uq_donor_line_donor_code")),
    )
    for table, (name, added) in ADDED.items():
        _checked(table, name, [*_kinds(table, name), added])


def _create_schedules():
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="reportkind", **WORDS), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("period", sa.Enum("quarterly", "monthly", name="scheduleperiod", **WORDS), nullable=False),
        sa.Column("forms", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.String(length=80), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(CHECKS["subject_is_named"], name=op.f("ck_report_schedule_subject_is_named")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_report_schedule_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
    )
    op.create_index(op.f("ix_report_schedule_ended_at_next_on"), "report_schedule", ["ended_at", "next_on"])
    op.create_table(
        "report_recipient",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report_schedule.id"], name=op.f("fk_report_recipient_schedule_id_report_schedule")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_recipient_person_id_person")),
        sa.PrimaryKeyConstraint("schedule_id", "person_id", name=op.f("pk_report_recipient")),
    )


def _create_runs():
    op.create_table(
        "report_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="reportkind", **WORDS), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("compared_end", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("forms", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="runstate", **WORDS), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("frozen", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("error", sa.String(length=64), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("schedule_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("submission", sa.String(length=64), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_report_run_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_report_run_requested_by_person")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["report_schedule.id"], name=op.f("fk_report_run_schedule_id_report_schedule")
        ),
        sa.ForeignKeyConstraint(["replaced_by"], ["report_run.id"], name=op.f("fk_report_run_replaced_by_report_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_run")),
        sa.UniqueConstraint("submission", name=op.f("uq_report_run_submission")),
    )
    op.create_index(op.f("ix_report_run_state_requested_at"), "report_run", ["state", "requested_at"])
    op.create_index(op.f("ix_report_run_kind_period_end"), "report_run", ["kind", "period_end"])
    op.create_index(op.f("ix_report_run_sha256"), "report_run", ["sha256"])
    op.create_table(
        "report_file",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Enum(*FORMS, name="reportform", **WORDS), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["report_run.id"], name=op.f("fk_report_file_run_id_report_run")),
        sa.PrimaryKeyConstraint("run_id", "form", name=op.f("pk_report_file")),
    )


def downgrade():
    for table in ("report_file", "report_run", "report_recipient", "report_schedule", "report_text", "donor_line"):
        op.drop_table(table)
    for table, (name, added) in ADDED.items():
        op.execute(f"DELETE FROM {table} WHERE kind = '{added}'")
        _checked(table, name, [kind for kind in _kinds(table, name) if kind != added])


def _kinds(table, name):
    """Return the kinds that a table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f(f"ck_{table}_{name}")))


def _checked(table, name, kinds):
    constraint, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"kind IN ({listed})")
