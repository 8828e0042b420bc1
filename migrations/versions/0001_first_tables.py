"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite gives out row numbers by itself for INTEGER alone
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# an enum is text with a CHECK
WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
# the full-text index, as each database has it
ON_SQLITE = (
    """CREATE VIRTUAL TABLE search_text USING fts5(
    folded, content='search_block', content_rowid='id',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
)""",
    """CREATE TRIGGER search_block_added AFTER INSERT ON search_block BEGIN
    INSERT INTO search_text (rowid, folded) VALUES (new.id, new.folded);
END""",
    """CREATE TRIGGER search_block_removed AFTER DELETE ON search_block BEGIN
    INSERT INTO search_text (search_text, rowid, folded) VALUES ('delete', old.id, old.folded);
END""",
    """CREATE TRIGGER search_block_changed AFTER UPDATE OF folded ON search_block BEGIN
    INSERT INTO search_text (search_text, rowid, folded) VALUES ('delete', old.id, old.folded);
    INSERT INTO search_text (rowid, folded) VALUES (new.id, new.folded);
END""",
)
ON_POSTGRESQL = ("""CREATE INDEX search_text ON search_block USING gin (to_tsvector('simple', folded))""",)


def upgrade():
    op.create_table(
        "audit_entry",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])

    op.create_table(
        "country",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(code) = 2", name=op.f("ck_country_code_has_two_letters")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_country")),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column(
            "sensitivity",
            sa.Enum("unrestricted", "law_enforcement_only", "participants_only", name="sensitivity", **WORDS),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_course_slug")),
    )
    op.create_table(
        "failed_sign_in",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
    )
    op.create_index("ix_failed_sign_in_account_at", "failed_sign_in", ["account", "at"])
    op.create_index("ix_failed_sign_in_address_at", "failed_sign_in", ["address", "at"])
    op.create_index("ix_failed_sign_in_at", "failed_sign_in", ["at"])

    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("last_started_at", sa.DateTime(), nullable=False),
        sa.Column("last_good_at", sa.DateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.CheckConstraint("runs >= 0 AND took_ms >= 0", name=op.f("ck_job_run_counts_are_not_negative")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(length=80), nullable=False),
        sa.Column("state", sa.Enum("active", "deactivated", name="personstate", **WORDS), nullable=False),
        sa.Column("password_hash", sa.String(length=128), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("content_language", sa.String(length=12), nullable=True),
        sa.Column("appearance", sa.Enum("device", "light", "dark", name="appearance", **WORDS), nullable=False),
        sa.Column("more_contrast", sa.Boolean(), nullable=False),
        sa.Column("data_saver", sa.Boolean(), nullable=False),
        sa.Column("mail_rhythm", sa.Enum("weekly", "never", name="mailrhythm", **WORDS), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("extra_time", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("extra_time BETWEEN 0 AND 300", name=op.f("ck_person_extra_time_is_a_percentage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("alias", name=op.f("uq_person_alias")),
    )
    op.create_table(
        "reference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("competencies", "plan", "sources", "glossary", name="referencekind", **WORDS),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_reference_kind_number")),
    )
    op.create_table(
        "search_block",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "sensitivity",
            sa.Enum("unrestricted", "law_enforcement_only", "participants_only", name="sensitivity", **WORDS),
            nullable=False,
        ),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("anchor", sa.String(length=80), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_block")),
    )
    op.create_index("ix_search_block_kind_ref", "search_block", ["kind", "ref"])

    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("border", "police", "prosecution", "labour", "migration", "other", name="agencykind", **WORDS),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_agency_country_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("country", "name", name=op.f("uq_agency_country_name")),
    )
    op.create_table(
        "course_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("draft", "current", "past", name="versionstate", **WORDS), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("editorial", "substantive", "breaking", "urgent", name="versionkind", **WORDS),
            nullable=True,
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("first_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (published_at IS NULL) AND (state = 'draft') = (kind IS NULL) AND (state = 'draft') = (first_id IS NULL) AND (state = 'draft') = (second_id IS NULL)",
            name=op.f("ck_course_version_published_says_how_and_by_whom"),
        ),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_course_version_two_people_publish")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_version_course_id_course")),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name=op.f("fk_course_version_first_id_person")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_course_version_second_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_version_course_id_number")),
    )
    op.create_index(
        "uq_course_version_current",
        "course_version",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.create_index(
        "uq_course_version_draft",
        "course_version",
        ["course_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft'"),
        postgresql_where=sa.text("state = 'draft'"),
    )

    op.create_table(
        "identity",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("latin_name", sa.String(), nullable=True),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("mail_index", sa.String(length=64), nullable=False),
        sa.Column("service_number", sa.String(), nullable=True),
        sa.Column("service_index", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(service_number IS NULL) = (service_index IS NULL)", name=op.f("ck_identity_service_number_is_indexed")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_identity")),
        sa.UniqueConstraint("mail_index", name=op.f("uq_identity_mail_index")),
        sa.UniqueConstraint("service_index", name=op.f("uq_identity_service_index")),
    )
    op.create_table(
        "name_token",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_name_token_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "token", name=op.f("pk_name_token")),
    )
    op.create_index("ix_name_token_token", "name_token", ["token"])

    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "course_completed", "course_published", "version_offered", "test_handed_in", name="noticekind", **WORDS
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("substr(path, 1, 1) = '/'", name=op.f("ck_notice_path_is_own")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("occasion", "person_id", name=op.f("uq_notice_occasion_person_id")),
    )
    op.create_index("ix_notice_person_id_at", "notice", ["person_id", "at"])
    op.create_index("ix_notice_person_id_read_at", "notice", ["person_id", "read_at"])

    op.create_table(
        "outgoing_mail",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("occasion", sa.String(length=120), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Enum("waiting", "week", "attention", name="mailkind", **WORDS), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Enum("queued", "sent", "failed", "given_up", name="mailstate", **WORDS), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("last_error", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outgoing_mail_sent_at_is_set_when_sent")
        ),
        sa.CheckConstraint(
            "tries >= 0 AND (tries = 0) = (next_try_at IS NULL)", name=op.f("ck_outgoing_mail_next_try_follows_a_try")
        ),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name=op.f("fk_outgoing_mail_recipient_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
        sa.UniqueConstraint("occasion", "recipient_id", name=op.f("uq_outgoing_mail_occasion_recipient_id")),
    )
    op.create_index("ix_outgoing_mail_state_due_at", "outgoing_mail", ["state", "due_at"])

    op.create_table(
        "practice_answer",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("press", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_practice_answer_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_practice_answer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_answer")),
        sa.UniqueConstraint("person_id", "press", name=op.f("uq_practice_answer_person_id_press")),
    )
    op.create_index(
        "ix_practice_answer_person_id_course_id_item", "practice_answer", ["person_id", "course_id", "item"]
    )

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
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
        sa.Column("scope", sa.Enum("self", "country", "course", "event", "all", name="scope", **WORDS), nullable=False),
        sa.Column("reach", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(scope IN ('self', 'all')) = (reach = '')", name=op.f("ck_role_grant_reach_names_the_thing")
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_role_grant_until_is_not_before_since")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "person_id", "role", "scope", "reach", "since", name=op.f("uq_role_grant_person_id_role_scope_reach_since")
        ),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("shared_computer", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_session_secret_hash")),
    )
    op.create_index("ix_sign_in_session_ends_at", "sign_in_session", ["ends_at"])
    op.create_index("ix_sign_in_session_person_id", "sign_in_session", ["person_id"])

    op.create_table(
        "attempt",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Enum("pretest", "test", "retention", name="purpose", **WORDS), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("pass_mark", sa.Double(), nullable=False),
        sa.Column("state", sa.Enum("open", "handed_in", "ended_by_time", name="attemptstate", **WORDS), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("deadline_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f("ck_attempt_ended_says_when")),
        sa.CheckConstraint(
            "(state = 'open') = (share IS NULL) AND (state = 'open') = (passed IS NULL)",
            name=op.f("ck_attempt_ended_is_marked"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_attempt_number_counts_from_one")),
        sa.CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", name=op.f("ck_attempt_share_is_a_share")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_attempt_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_attempt_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint(
            "person_id", "course_id", "purpose", "number", name=op.f("uq_attempt_person_id_course_id_purpose_number")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempt_public_id")),
    )
    op.create_index("ix_attempt_course_id_ended_at", "attempt", ["course_id", "ended_at"])
    op.create_index(
        "ix_attempt_open_deadline",
        "attempt",
        ["deadline_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_attempt_open",
        "attempt",
        ["person_id", "course_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "bank_item",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("translation", sa.String(length=12), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_version.id"],
            name=op.f("fk_bank_item_version_id_course_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "item", "language", name=op.f("pk_bank_item")),
    )
    op.create_table(
        "course_case",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("translation", sa.String(length=12), nullable=False),
        sa.Column("graph", sa.Text(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_version.id"],
            name=op.f("fk_course_case_version_id_course_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "name", "language", name=op.f("pk_course_case")),
    )
    op.create_table(
        "course_medium",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_version.id"],
            name=op.f("fk_course_medium_version_id_course_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name=op.f("pk_course_medium")),
    )
    op.create_index("ix_course_medium_digest", "course_medium", ["digest"])

    op.create_table(
        "course_words",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("translation", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_version.id"],
            name=op.f("fk_course_words_version_id_course_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "language", name=op.f("pk_course_words")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum("begun", "completed", name="enrolmentstate", **WORDS), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("last_lesson", sa.String(length=100), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("completed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'completed') = (completed_at IS NOT NULL)", name=op.f("ck_enrolment_completed_says_when")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_enrolment_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("person_id", "course_id", name=op.f("uq_enrolment_person_id_course_id")),
    )
    op.create_index("ix_enrolment_course_id_state", "enrolment", ["course_id", "state"])

    op.create_table(
        "lesson",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("translation", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_lesson_version_id_course_version"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "slug", "language", name=op.f("pk_lesson")),
    )
    op.create_table(
        "playthrough",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("misses", sa.SmallInteger(), nullable=False),
        sa.Column("false_alarms", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("(finished_at IS NULL) = (share IS NULL)", name=op.f("ck_playthrough_finished_is_marked")),
        sa.CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", name=op.f("ck_playthrough_share_is_a_share")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_playthrough_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_playthrough_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["course_version.id"], name=op.f("fk_playthrough_version_id_course_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playthrough")),
        sa.UniqueConstraint(
            "person_id", "course_id", "name", "number", name=op.f("uq_playthrough_person_id_course_id_name_number")
        ),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_posting_until_is_not_before_since")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_posting_agency_id_agency")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_posting_country_country")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_posting_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index("ix_posting_country", "posting", ["country"])
    op.create_index("ix_posting_person_id_since", "posting", ["person_id", "since"])

    op.create_table(
        "version_file",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_version.id"],
            name=op.f("fk_version_file_version_id_course_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "path", name=op.f("pk_version_file")),
    )
    op.create_table(
        "answer_save",
        sa.Column("attempt_id", SERIAL, nullable=False),
        sa.Column("question", sa.SmallInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("certainty", sa.SmallInteger(), nullable=True),
        sa.Column("marked", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_save_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", "question", "sequence", name=op.f("pk_answer_save")),
    )
    op.create_table(
        "case_choice",
        sa.Column("playthrough_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("node", sa.String(length=40), nullable=False),
        sa.Column("move", sa.SmallInteger(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["playthrough_id"], ["playthrough.id"], name=op.f("fk_case_choice_playthrough_id_playthrough")
        ),
        sa.PrimaryKeyConstraint("playthrough_id", "step", name=op.f("pk_case_choice")),
    )
    op.create_table(
        "lesson_progress",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=100), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("NOT skipped OR done_at IS NOT NULL", name=op.f("ck_lesson_progress_skipped_is_done")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_lesson_progress_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "lesson", name=op.f("pk_lesson_progress")),
    )
    op.create_table(
        "question_mark",
        sa.Column("attempt_id", SERIAL, nullable=False),
        sa.Column("question", sa.SmallInteger(), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name=op.f("ck_question_mark_share_is_a_share")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_question_mark_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", "question", name=op.f("pk_question_mark")),
    )
    op.create_index("ix_question_mark_item_revision", "question_mark", ["item", "revision"])
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


def downgrade():
    op.drop_table("question_mark")
    op.drop_table("lesson_progress")
    op.drop_table("case_choice")
    op.drop_table("answer_save")
    op.drop_table("version_file")
    op.drop_table("posting")
    op.drop_table("playthrough")
    op.drop_table("lesson")
    op.drop_table("enrolment")
    op.drop_table("course_words")
    op.drop_table("course_medium")
    op.drop_table("course_case")
    op.drop_table("bank_item")
    op.drop_table("attempt")
    op.drop_table("sign_in_session")
    op.drop_table("role_grant")
    op.drop_table("practice_answer")
    op.drop_table("outgoing_mail")
    op.drop_table("notice")
    op.drop_table("name_token")
    op.drop_table("identity")
    op.drop_table("course_version")
    op.drop_table("agency")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_text")
    op.drop_table("search_block")
    op.drop_table("reference")
    op.drop_table("person")
    op.drop_table("lease")
    op.drop_table("job_run")
    op.drop_table("failed_sign_in")
    op.drop_table("course")
    op.drop_table("country")
    op.drop_table("audit_entry")
