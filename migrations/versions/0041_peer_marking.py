"""Peer marking of open answers: requests and markings."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

NOTICE = "answer_marked"
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    op.create_table(
        "peer_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=100), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("earned", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR body = ''", name=op.f("ck_peer_request_withdrawn_has_no_text")
        ),
        _references("peer_request", "person_id", "person"),
        _references("peer_request", "course_id", "course"),
        _references("peer_request", "version_id", "course_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_request")),
    )
    for columns in (["person_id", "course_id", "item"], ["course_id", "asked_at"]):
        op.create_index(op.f("ix_peer_request_" + "_".join(columns)), "peer_request", columns)
    op.create_table(
        "peer_marking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("marked_at", sa.DateTime(), nullable=True),
        sa.Column("earned", sa.Text(), nullable=False),
        sa.Column("comment", sa.String(length=300), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("position BETWEEN 1 AND 2", name=op.f("ck_peer_marking_position_is_one_of_two")),
        sa.CheckConstraint(
            "marked_at IS NOT NULL OR (comment = '' AND reported_at IS NULL)",
            name=op.f("ck_peer_marking_comment_is_marked"),
        ),
        _references("peer_marking", "request_id", "peer_request"),
        _references("peer_marking", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_marking")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_peer_marking_request_id_position")),
        sa.UniqueConstraint("request_id", "person_id", name=op.f("uq_peer_marking_request_id_person_id")),
    )
    op.create_index(op.f("ix_peer_marking_person_id_drawn_at"), "peer_marking", ["person_id", "drawn_at"])
    _check_notices([*_notices(), NOTICE])


def downgrade():
    op.execute(f"DELETE FROM notice WHERE kind = '{NOTICE}'")
    _check_notices([kind for kind in _notices() if kind != NOTICE])
    op.drop_table("peer_marking")
    op.drop_table("peer_request")


def _references(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _notices():
    """Return the kinds of notices that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _check_notices(values):
    constraint, listed = op.f("ck_notice_noticekind"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"kind IN ({listed})")
