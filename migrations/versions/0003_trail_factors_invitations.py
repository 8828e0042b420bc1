"""The trail chained by hashes; second factors, passkeys and places signed in; invitations.

Entries of the trail that were there before are numbered 1 to n in their order and chained; their country stays unknown.
Sessions that were open go on: their second step is asked for at the next sign-in.
"""

import hashlib
import json
from datetime import UTC
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite gives out row numbers by itself for INTEGER alone
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# an enum is text with a CHECK
WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
STAGE = sa.Enum("half", "readmitted", "whole", name="stage", **WORDS)
KINDS_BEFORE = {
    "notice": (
        "course_completed",
        "course_published",
        "version_offered",
        "seat_given",
        "workshop_changed",
        "workshop_cancelled",
        "competence_verified",
        "competence_due",
        "claim_decided",
        "test_handed_in",
    ),
    "outgoing_mail": ("waiting", "week", "date_changed", "attention"),
}
KINDS = {
    "notice": (*KINDS_BEFORE["notice"][:-1], "invitation_refused", "test_handed_in"),
    "outgoing_mail": (*KINDS_BEFORE["outgoing_mail"], "new_sign_in", "account_changed", "invitation"),
}
CHECKS = {"notice": "noticekind", "outgoing_mail": "mailkind"}
ENTRY = sa.table(
    "audit_entry",
    sa.column("id", sa.BigInteger),
    sa.column("at", sa.DateTime),
    sa.column("name", sa.String),
    sa.column("actor_id", sa.Uuid),
    sa.column("request_id", sa.String),
    sa.column("facts", sa.String),
    sa.column("hash", sa.LargeBinary),
)
HEAD = sa.table("audit_head", sa.column("id"), sa.column("last_id"), sa.column("hash", sa.LargeBinary))
SESSION = sa.table(
    "sign_in_session",
    sa.column("id", sa.BigInteger),
    sa.column("public_id", sa.Uuid),
    sa.column("stage", sa.String),
    sa.column("browser", sa.String),
    sa.column("system", sa.String),
    sa.column("started_at", sa.DateTime),
    sa.column("proved_at", sa.DateTime),
)
PORTION = 1000


def upgrade():
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("last_id", SERIAL, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoint")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_id", SERIAL, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_there_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_verification",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("entries", SERIAL, nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column(
            "fault",
            sa.Enum("changed", "missing", "added", "rewritten", "head", "forged", name="kind", **WORDS),
            nullable=True,
        ),
        sa.Column("fault_entry", SERIAL, nullable=True),
        sa.CheckConstraint(
            "(fault IS NULL) = (fault_entry IS NULL)", name=op.f("ck_audit_verification_fault_names_its_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_verification")),
    )
    op.create_table(
        "failed_invitation_code",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_invitation_code")),
    )
    op.create_index(
        op.f("ix_failed_invitation_code_account_at"), "failed_invitation_code", ["account", "at"], unique=False
    )
    op.create_index(
        op.f("ix_failed_invitation_code_address_at"), "failed_invitation_code", ["address", "at"], unique=False
    )
    op.create_index(op.f("ix_failed_invitation_code_at"), "failed_invitation_code", ["at"], unique=False)
    op.create_table(
        "authenticator_app",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authenticator_app_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator_app")),
    )
    op.create_index(op.f("ix_authenticator_app_person_id"), "authenticator_app", ["person_id"], unique=False)
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge", sa.String(length=100), nullable=False),
        sa.Column("ceremony", sa.Enum("add", "sign_in", "second_step", name="ceremony", **WORDS), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_challenge_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    op.create_index(op.f("ix_challenge_ends_at"), "challenge", ["ends_at"], unique=False)
    op.create_table(
        "failed_code",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_failed_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_code")),
    )
    op.create_index(op.f("ix_failed_code_at"), "failed_code", ["at"], unique=False)
    op.create_index(op.f("ix_failed_code_person_id_at"), "failed_code", ["person_id", "at"], unique=False)
    op.create_table(
        "known_browser",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mark_hash", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_known_browser_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "mark_hash", name=op.f("pk_known_browser")),
    )
    op.create_index(op.f("ix_known_browser_seen_at"), "known_browser", ["seen_at"], unique=False)
    op.create_table(
        "one_time_code",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("recovery", "printed", "readmission", name="codekind", **WORDS), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("person_id", "code_hash", name=op.f("uq_one_time_code_person_id_code_hash")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.String(length=2000), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)
    op.create_table(
        "used_step",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_used_step_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "step", name=op.f("pk_used_step")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("mail_index", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("latin_name", sa.String(), nullable=True),
        sa.Column("service_number", sa.String(), nullable=True),
        sa.Column("service_index", sa.String(length=64), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "practitioner",
                "supervisor",
                "contact_point",
                "trainer",
                "assessor",
                "invigilator",
                "host",
                "coordinator",
                "co_chair",
                "administrator",
                name="role",
                **WORDS,
            ),
            nullable=False,
        ),
        sa.Column("posting_roles", sa.String(length=200), nullable=False),
        sa.Column("alias", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("password_hash", sa.String(length=128), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("letter_ends_at", sa.DateTime(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("bounced_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (person_id IS NULL)", name=op.f("ck_invitation_accepted_by_a_person")
        ),
        sa.CheckConstraint(
            "(code_hash IS NULL) = (letter_ends_at IS NULL)", name=op.f("ck_invitation_letter_has_a_code")
        ),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitation_ends_once")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_invitation_agency_id_agency")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_invitation_country_country")),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_alias"), "invitation", ["alias"], unique=False)
    op.create_index(op.f("ix_invitation_country_made_at"), "invitation", ["country", "made_at"], unique=False)
    op.create_index(op.f("ix_invitation_invited_by_made_at"), "invitation", ["invited_by", "made_at"], unique=False)
    op.create_index(op.f("ix_invitation_service_index"), "invitation", ["service_index"], unique=False)
    op.create_index(
        "uq_invitation_open_mail",
        "invitation",
        ["mail_index"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
    )
    _chain_the_trail()
    with op.batch_alter_table("country", recreate="auto") as batch:
        batch.add_column(sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("printed_codes", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("country", recreate="auto") as batch:
        batch.alter_column("second_factor", server_default=None)
        batch.alter_column("printed_codes", server_default=None)
    _widen("notice", KINDS["notice"])
    _widen("outgoing_mail", KINDS["outgoing_mail"])
    with op.batch_alter_table("outgoing_mail", recreate="auto") as batch:
        batch.add_column(sa.Column("invitation_id", sa.Uuid(), nullable=True))
        batch.alter_column("recipient_id", existing_type=sa.Uuid(), nullable=True)
        batch.create_unique_constraint(op.f("uq_outgoing_mail_occasion_invitation_id"), ["occasion", "invitation_id"])
        batch.create_foreign_key(
            op.f("fk_outgoing_mail_invitation_id_invitation"), "invitation", ["invitation_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_outgoing_mail_goes_to_one"), "(recipient_id IS NULL) <> (invitation_id IS NULL)"
        )
    _mark_sessions()


def _chain_the_trail():
    with op.batch_alter_table("audit_entry", recreate="auto") as batch:
        batch.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("thing_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("country", sa.String(length=2), nullable=True))
        batch.add_column(sa.Column("hash", sa.LargeBinary(length=32), nullable=True))
        batch.drop_index(op.f("ix_audit_entry_at"))
    _chain(op.get_bind())
    with op.batch_alter_table("audit_entry", recreate="auto") as batch:
        batch.alter_column("hash", existing_type=sa.LargeBinary(length=32), nullable=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE audit_entry ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE audit_entry_id_seq")
    op.create_index(op.f("ix_audit_entry_actor_id_at_id"), "audit_entry", ["actor_id", "at", "id"], unique=False)
    op.create_index(op.f("ix_audit_entry_at_id"), "audit_entry", ["at", "id"], unique=False)
    op.create_index(op.f("ix_audit_entry_country_at_id"), "audit_entry", ["country", "at", "id"], unique=False)
    op.create_index(
        op.f("ix_audit_entry_country_name_at_id"), "audit_entry", ["country", "name", "at", "id"], unique=False
    )
    op.create_index(op.f("ix_audit_entry_name_at_id"), "audit_entry", ["name", "at", "id"], unique=False)
    op.create_index(op.f("ix_audit_entry_person_id_at_id"), "audit_entry", ["person_id", "at", "id"], unique=False)
    op.create_index(op.f("ix_audit_entry_thing_id_at_id"), "audit_entry", ["thing_id", "at", "id"], unique=False)


def _chain(connection):
    before, number, after = bytes(32), 0, -1
    link = sa.update(ENTRY).where(ENTRY.c.id == sa.bindparam("old"))
    link = link.values(id=sa.bindparam("new"), hash=sa.bindparam("made"))
    columns = [column for column in ENTRY.c if column.name != "hash"]
    while rows := connection.execute(
        sa.select(*columns).where(ENTRY.c.id > after).order_by(ENTRY.c.id).limit(PORTION)
    ).all():
        changes = []
        for row in rows:
            number += 1
            before = _hash(before, number, row)
            changes.append({"old": row.id, "new": number, "made": before})
        connection.execute(link, changes)
        after = rows[-1].id
    connection.execute(sa.insert(HEAD).values(id=1, last_id=number, hash=before))


def _hash(before, number, row):
    at = row.at.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
    actor = str(row.actor_id) if row.actor_id else None
    line = [number, at, row.name, actor, row.request_id, None, None, None, row.facts]
    return hashlib.sha256(before + json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()).digest()


def _mark_sessions():
    with op.batch_alter_table("sign_in_session", recreate="auto") as batch:
        batch.add_column(sa.Column("public_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("stage", STAGE, nullable=True))
        batch.add_column(sa.Column("browser", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("system", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("proved_at", sa.DateTime(), nullable=True))
    connection = op.get_bind()
    connection.execute(sa.update(SESSION).values(stage="whole", browser="", system="", proved_at=SESSION.c.started_at))
    ids = connection.scalars(sa.select(SESSION.c.id)).all()
    mark = sa.update(SESSION).where(SESSION.c.id == sa.bindparam("row")).values(public_id=sa.bindparam("made"))
    if ids:
        connection.execute(mark, [{"row": one, "made": uuid4()} for one in ids])
    with op.batch_alter_table("sign_in_session", recreate="auto") as batch:
        batch.alter_column("public_id", existing_type=sa.Uuid(), nullable=False)
        batch.alter_column("stage", existing_type=STAGE, nullable=False)
        batch.alter_column("browser", existing_type=sa.String(length=20), nullable=False)
        batch.alter_column("system", existing_type=sa.String(length=20), nullable=False)
        batch.alter_column("proved_at", existing_type=sa.DateTime(), nullable=False)
        batch.create_unique_constraint(op.f("uq_sign_in_session_public_id"), ["public_id"])


def _widen(table, kinds):
    name, condition = CHECKS[table], f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    with op.batch_alter_table(table, recreate="auto") as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def downgrade():
    with op.batch_alter_table("sign_in_session", recreate="auto") as batch:
        batch.drop_constraint(op.f("uq_sign_in_session_public_id"), type_="unique")
        batch.drop_constraint(op.f("ck_sign_in_session_stage"), type_="check")
        for column in ("public_id", "stage", "browser", "system", "proved_at"):
            batch.drop_column(column)
    op.execute("DELETE FROM outgoing_mail WHERE recipient_id IS NULL")
    with op.batch_alter_table("outgoing_mail", recreate="auto") as batch:
        batch.drop_constraint(op.f("ck_outgoing_mail_goes_to_one"), type_="check")
        batch.drop_constraint(op.f("fk_outgoing_mail_invitation_id_invitation"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_outgoing_mail_occasion_invitation_id"), type_="unique")
        batch.alter_column("recipient_id", existing_type=sa.Uuid(), nullable=False)
        batch.drop_column("invitation_id")
    for table, kinds in KINDS_BEFORE.items():
        kept = ", ".join(f"'{kind}'" for kind in kinds)
        op.execute(f"DELETE FROM {table} WHERE kind NOT IN ({kept})")
        _widen(table, kinds)
    with op.batch_alter_table("country", recreate="auto") as batch:
        batch.drop_column("printed_codes")
        batch.drop_column("second_factor")
    _unchain_the_trail()
    op.drop_table("invitation")
    op.drop_table("used_step")
    op.drop_table("passkey")
    op.drop_table("one_time_code")
    op.drop_table("known_browser")
    op.drop_table("failed_code")
    op.drop_table("challenge")
    op.drop_table("authenticator_app")
    op.drop_table("failed_invitation_code")
    op.drop_table("audit_verification")
    op.drop_table("audit_head")
    op.drop_table("audit_checkpoint")


def _unchain_the_trail():
    op.drop_index(op.f("ix_audit_entry_actor_id_at_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_country_at_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_country_name_at_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_name_at_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_person_id_at_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_thing_id_at_id"), table_name="audit_entry")
    with op.batch_alter_table("audit_entry", recreate="auto") as batch:
        for column in ("person_id", "thing_id", "country", "hash"):
            batch.drop_column(column)
        batch.create_index(op.f("ix_audit_entry_at"), ["at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE audit_entry_id_seq OWNED BY audit_entry.id")
        op.execute("ALTER TABLE audit_entry ALTER COLUMN id SET DEFAULT nextval('audit_entry_id_seq')")
        op.execute("SELECT setval('audit_entry_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM audit_entry), false)")
