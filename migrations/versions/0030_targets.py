"""Targets with the opinions of contact points, and planned needs."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None

ENUM = {"native_enum": False, "create_constraint": True, "length": 32}
OPEN = sa.text("state IN ('draft', 'proposed')")
AGREED = sa.text("state = 'agreed'")
PROPOSED = sa.text("state = 'proposed'")
FOUR_EYES = {
    "four_eyes": "agreed_by IS NULL OR agreed_by <> set_by",
    "agreed_says_when": "(agreed_by IS NULL) = (agreed_at IS NULL)",
    "version_is_positive": "version >= 1",
}
TARGET_CHECKS = FOUR_EYES | {
    "agreed_by_two": "state <> 'agreed' OR agreed_by IS NOT NULL",
    "open_is_not_agreed": "state NOT IN ('draft', 'proposed') OR agreed_by IS NULL",
    "says_why": "reason <> ''",
}
NEED_CHECKS = FOUR_EYES | {
    "agreed_by_two": "state <> 'agreed' OR agreed_by IS NOT NULL",
    "open_is_not_agreed": "state <> 'proposed' OR agreed_by IS NULL",
    "value_is_not_negative": "value >= 0",
    "names_its_source": "source <> ''",
}
CELL = ["code", "country", "period"]
NOTICES = ("target_proposed", "targets_wait", "target_noted", "need_proposed")
VALUE = re.compile(r"'([a-z_]+)'")
NOTICE_KIND = "ck_notice_noticekind"


def upgrade():
    _target()
    op.create_table(
        "target_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("opinion", sa.Enum("agreement", "objection", name="targetopinion", **ENUM), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_target_note_says_why")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_target_note_target_id_target")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_target_note_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_note")),
        sa.UniqueConstraint("submission", name=op.f("uq_target_note_submission")),
    )
    op.create_index(op.f("ix_target_note_target_id_written_at"), "target_note", ["target_id", "written_at"])
    _planned_need()
    _take_kinds([*_kinds(), *NOTICES])


def downgrade():
    op.execute("DELETE FROM notice WHERE kind IN ({})".format(", ".join(f"'{kind}'" for kind in NOTICES)))
    _take_kinds([kind for kind in _kinds() if kind not in NOTICES])
    for table in ("planned_need", "target_note", "target"):
        op.drop_table(table)


def _kinds():
    """Return the kinds of notices that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == NOTICE_KIND))


def _take_kinds(kinds):
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(op.f(NOTICE_KIND), type_="check")
        batch.create_check_constraint(op.f(NOTICE_KIND), f"kind IN ({listed})")


def _target():
    states = sa.Enum("draft", "proposed", "agreed", "replaced", name="targetstate", **ENUM)
    op.create_table(
        "target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("second_value", sa.Double(), nullable=True),
        sa.Column("state", states, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        *_set_and_agreed("target"),
        *_checks("target", TARGET_CHECKS),
        sa.UniqueConstraint(*CELL, "version", name=op.f("uq_target_code_country_period_version")),
    )
    for name, condition in (("uq_target_open", OPEN), ("uq_target_agreed", AGREED)):
        op.create_index(name, "target", CELL, unique=True, sqlite_where=condition, postgresql_where=condition)


def _planned_need():
    op.create_table(
        "planned_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("state", sa.Enum("proposed", "agreed", "replaced", name="plannedneedstate", **ENUM), nullable=False),
        *_set_and_agreed("planned_need"),
        *_checks("planned_need", NEED_CHECKS),
        sa.UniqueConstraint("country", "role", "version", name=op.f("uq_planned_need_country_role_version")),
    )
    for name, condition in (("uq_planned_need_open", PROPOSED), ("uq_planned_need_agreed", AGREED)):
        op.create_index(
            name, "planned_need", ["country", "role"], unique=True, sqlite_where=condition, postgresql_where=condition
        )


def _set_and_agreed(table):
    people = [
        sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))
        for column in ("set_by", "agreed_by")
    ]
    return [
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("submission", sa.String(length=64), nullable=True),
        *people,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("submission", name=op.f(f"uq_{table}_submission")),
    ]


def _checks(table, checks):
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in checks.items()]
