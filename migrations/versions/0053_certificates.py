"""Certificates, the bits of their public status lists, and the notice that one was revoked."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

NOTICE = "certificate_revoked"
VALUE = re.compile(r"'([a-z_]+)'")
VALID = sa.text("state = 'valid'")


def upgrade() -> None:
    op.create_table(
        "credential_status",
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_credential_status")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("code", sa.String(26), nullable=False),
        sa.Column("number", sa.String(13), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("sensitivity", sa.String(32), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("alias", sa.String(80), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("name_shown_until", sa.DateTime(), nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('attendance', 'completion', 'competence')", name=op.f("ck_certificate_certificatekind")),
        sa.CheckConstraint("state IN ('valid', 'replaced', 'revoked')", name=op.f("ck_certificate_certificatestate")),
        sa.CheckConstraint("sensitivity IN ('unrestricted', 'law_enforcement_only', 'participants_only')", name=op.f("ck_certificate_sensitivity")),
        sa.CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name=op.f("ck_certificate_ended_says_when")),
        sa.CheckConstraint("(state = 'valid') = (reason = '')", name=op.f("ck_certificate_ended_says_why")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_certificate_ended_by_person")),
        sa.ForeignKeyConstraint(["replaces_id"], ["certificate.id"], name=op.f("fk_certificate_replaces_id_certificate")),
        sa.ForeignKeyConstraint(["status_index"], ["credential_status.index"], name=op.f("fk_certificate_status_index_credential_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("status_index", name=op.f("uq_certificate_status_index")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_certificate_replaces_id")),
    )
    op.create_index(
        "uq_certificate_valid", "certificate", ["person_id", "kind", "subject"],
        unique=True, sqlite_where=VALID, postgresql_where=VALID,
    )
    op.create_index(op.f("ix_certificate_person_id_issued_at"), "certificate", ["person_id", "issued_at"])
    _check_notices([*_notices(), NOTICE])


def downgrade() -> None:
    op.execute(f"DELETE FROM notice WHERE kind = '{NOTICE}'")
    _check_notices([kind for kind in _notices() if kind != NOTICE])
    op.drop_table("certificate")
    op.drop_table("credential_status")


def _check_notices(kinds):
    values = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("notice") as table:
        table.drop_constraint(op.f("ck_notice_noticekind"), type_="check")
        table.create_check_constraint(op.f("ck_notice_noticekind"), f"kind IN ({values})")


def _notices():
    """Return the kinds of notices that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))
