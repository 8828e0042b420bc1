"""Mistakes in lessons that learners report, and the notice of an answer."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
STATES = ("open", "answered", "closed")
KIND = "report_answered"
CHECK = "ck_notice_noticekind"
VALUE = re.compile(r"'([a-z_]+)'")
REFERENCES = (
    ("course_id", "course"), ("version_id", "course_version"), ("person_id", "person"), ("answered_by", "person"),
)  # fmt: skip


def upgrade():
    op.create_table(
        "mistake_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("element", sa.Integer(), nullable=False),
        sa.Column("passage", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="reportstate", **WORDS), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        _check("(state = 'open') = (answered_by IS NULL)", "answered_says_by_whom"),
        _check("(answered_by IS NULL) = (answered_at IS NULL)", "answered_says_when"),
        _check("(state = 'answered') = (answer <> '')", "answered_has_an_answer"),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_mistake_report_{name}_{table}"))
            for name, table in REFERENCES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mistake_report")),
    )
    op.create_index(op.f("ix_mistake_report_course_id_state"), "mistake_report", ["course_id", "state"])
    op.create_index(op.f("ix_mistake_report_person_id_reported_at"), "mistake_report", ["person_id", "reported_at"])
    _checked([*_values(), KIND])


def downgrade():
    op.execute(sa.text(f"DELETE FROM notice WHERE kind = '{KIND}'"))  # noqa: S608 - a name of this file
    _checked([value for value in _values() if value != KIND])
    op.drop_table("mistake_report")


def _check(condition, name):
    return sa.CheckConstraint(condition, name=op.f(f"ck_mistake_report_{name}"))


def _values():
    """Return the kinds that the table takes now: others may have been added by revisions in between."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == CHECK))


def _checked(values):
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), f"kind IN ({listed})")
