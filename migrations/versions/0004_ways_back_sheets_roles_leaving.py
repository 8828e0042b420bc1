"""Ways back in, sheets of people, roles for a time, leaving and erasure, first run and incident.

Names are kept 24 months after somebody leaves until their country says otherwise. The trail only grows from here on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite gives out row numbers by itself for INTEGER alone
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# an enum is text with a CHECK
WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
KINDS_BEFORE = {
    "reference": ["competencies", "plan", "sources", "glossary", "rubrics"],
    "notice": [
        "course_completed",
        "course_published",
        "version_offered",
        "seat_given",
        "workshop_changed",
        "workshop_cancelled",
        "competence_verified",
        "competence_due",
        "claim_decided",
        "invitation_refused",
        "test_handed_in",
    ],
    "outgoing_mail": ["waiting", "week", "date_changed", "attention", "new_sign_in", "account_changed", "invitation"],
}
KINDS = {
    "reference": ["competencies", "plan", "sources", "glossary", "rubrics", "treaties"],
    "notice": [
        "course_completed",
        "course_published",
        "course_suggested",
        "version_offered",
        "asked_again",
        "seat_given",
        "workshop_changed",
        "workshop_cancelled",
        "competence_verified",
        "competence_due",
        "claim_decided",
        "invitation_refused",
        "erasure_asked",
        "address_claimed",
        "second_wanted",
        "administrator_wanted",
        "export_wanted",
        "export_answered",
        "contact_point_made",
        "contact_point_first",
        "role_ended",
        "test_handed_in",
    ],
    "outgoing_mail": [
        "waiting",
        "week",
        "date_changed",
        "attention",
        "new_sign_in",
        "account_changed",
        "invitation",
        "password_link",
        "address_link",
        "address_changed",
        "address_claimed",
        "let_back_in",
        "test",
    ],
}
CHECKS = {"reference": "referencekind", "notice": "noticekind", "outgoing_mail": "mailkind"}
# tables that only grow, and what keeps them from shrinking or changing, as each database has it
GROWING = ("audit_checkpoint", "audit_entry")
ON_SQLITE = (
    """CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} BEGIN
    SELECT RAISE(ABORT, '{table} only grows');
END""",
    """CREATE TRIGGER {table}_never_shrinks BEFORE DELETE ON {table} BEGIN
    SELECT RAISE(ABORT, '{table} only grows');
END""",
    """CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE id = new.id) BEGIN
    SELECT RAISE(ABORT, '{table} only grows');
END""",
)
ON_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_all_but_growth() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'this table only grows' USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$""",
    """CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_all_but_growth()""",
)


def upgrade():
    op.create_table(
        "asked_for_link",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_for_link")),
    )
    op.create_index(op.f("ix_asked_for_link_account_at"), "asked_for_link", ["account", "at"])
    op.create_index(op.f("ix_asked_for_link_address_at"), "asked_for_link", ["address", "at"])
    op.create_index(op.f("ix_asked_for_link_at"), "asked_for_link", ["at"])

    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "reason",
            sa.Enum("stolen_password", "lost_device", "leak", "misuse", "drill", name="incidentreason", **WORDS),
            nullable=False,
        ),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_incident_there_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_table(
        "address_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("mail", sa.String(), nullable=False),
        sa.Column("old_mail", sa.String(), nullable=True),
        sa.Column("old_hash", sa.String(length=64), nullable=False),
        sa.Column("old_token", sa.String(), nullable=False),
        sa.Column("new_hash", sa.String(length=64), nullable=False),
        sa.Column("new_token", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=True),
        sa.Column("old_confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("new_confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(done_at IS NULL) = (old_mail IS NULL)", name=op.f("ck_address_change_old_mail_is_kept_when_done")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_change_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
        sa.UniqueConstraint("new_hash", name=op.f("uq_address_change_new_hash")),
        sa.UniqueConstraint("old_hash", name=op.f("uq_address_change_old_hash")),
    )
    op.create_index(op.f("ix_address_change_ends_at"), "address_change", ["ends_at"])
    op.create_index(op.f("ix_address_change_person_id"), "address_change", ["person_id"])
    op.create_index(
        "uq_address_change_open",
        "address_change",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )

    op.create_table(
        "administrator_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Enum("confirmed", "refused", "withdrawn", name="answer", **WORDS), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "answer <> 'confirmed' OR (answered_by <> asked_by AND answered_by <> person_id)",
            name=op.f("ck_administrator_request_by_two"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_administrator_request_answered_at_a_time")
        ),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)", name=op.f("ck_administrator_request_answered_by_somebody")
        ),
        sa.CheckConstraint("asked_by <> person_id", name=op.f("ck_administrator_request_nobody_asks_for_themself")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_administrator_request_answered_by_person")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_administrator_request_asked_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_administrator_request_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrator_request")),
    )
    op.create_index(
        "uq_administrator_request_open",
        "administrator_request",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.create_table(
        "checked_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_checked_sheet_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checked_sheet")),
    )
    op.create_index(op.f("ix_checked_sheet_ends_at"), "checked_sheet", ["ends_at"])
    op.create_index(op.f("ix_checked_sheet_person_id"), "checked_sheet", ["person_id"])

    op.create_table(
        "erasure_request",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_request_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasure_request")),
    )
    op.create_table(
        "export_wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("allowed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (allowed IS NULL)", name=op.f("ck_export_wish_answered_with_a_word")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_export_wish_answered_by_somebody")
        ),
        sa.CheckConstraint("answered_by <> person_id", name=op.f("ck_export_wish_nobody_agrees_with_themself")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_export_wish_answered_by_person")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_export_wish_country_country")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_export_wish_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_wish")),
    )
    op.create_index(op.f("ix_export_wish_country"), "export_wish", ["country"])
    op.create_index(op.f("ix_export_wish_ends_at"), "export_wish", ["ends_at"])
    op.create_index(op.f("ix_export_wish_person_id"), "export_wish", ["person_id"])
    op.create_index(
        "uq_export_wish_open",
        "export_wish",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )

    op.create_table(
        "first_run",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("holder_hash", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("starter_wanted", sa.Boolean(), nullable=False),
        sa.Column("starter_loaded_at", sa.DateTime(), nullable=True),
        sa.Column("starter_fault", sa.String(length=300), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "finished_at IS NULL OR person_id IS NOT NULL", name=op.f("ck_first_run_finished_by_somebody")
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_first_run_there_is_one")),
        sa.CheckConstraint(
            "person_id IS NULL OR holder_hash IS NOT NULL", name=op.f("ck_first_run_administrator_typed_the_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_first_run_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_run")),
    )
    op.create_table(
        "intake_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_intake_batch_undone_by_somebody")
        ),
        sa.CheckConstraint("invited + changed > 0", name=op.f("ck_intake_batch_holds_something")),
        sa.CheckConstraint(
            "invited >= 0 AND changed >= 0 AND same >= 0", name=op.f("ck_intake_batch_counts_are_counts")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_intake_batch_person_id_person")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_intake_batch_undone_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_batch")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_intake_batch_sheet_id")),
    )
    op.create_index(op.f("ix_intake_batch_country_made_at"), "intake_batch", ["country", "made_at"])
    op.create_index(op.f("ix_intake_batch_person_id_made_at"), "intake_batch", ["person_id", "made_at"])

    op.create_table(
        "officers_taken",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_officers_taken_somebody_was_taken")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_officers_taken_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officers_taken")),
    )
    op.create_index(op.f("ix_officers_taken_at"), "officers_taken", ["at"])
    op.create_index(op.f("ix_officers_taken_person_id_at"), "officers_taken", ["person_id", "at"])

    op.create_table(
        "answer_abroad",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_answer_abroad_something_was_asked")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_abroad_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_abroad")),
    )
    op.create_index(op.f("ix_answer_abroad_at"), "answer_abroad", ["at"])
    op.create_index(op.f("ix_answer_abroad_person_id_at"), "answer_abroad", ["person_id", "at"])

    op.create_table(
        "password_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_link_token_hash")),
    )
    op.create_index(op.f("ix_password_link_ends_at"), "password_link", ["ends_at"])
    op.create_index(op.f("ix_password_link_person_id"), "password_link", ["person_id"])

    op.create_table(
        "second_help",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("asked_by <> person_id", name=op.f("ck_second_help_nobody_helps_themself")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_second_help_asked_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_help_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_help")),
    )
    op.create_index(op.f("ix_second_help_ends_at"), "second_help", ["ends_at"])

    op.create_table(
        "supervision",
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("supervisor_id <> officer_id", name=op.f("ck_supervision_nobody_supervises_themself")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_supervision_until_is_not_before_since")),
        sa.ForeignKeyConstraint(["officer_id"], ["person.id"], name=op.f("fk_supervision_officer_id_person")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_supervision_supervisor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_index(op.f("ix_supervision_officer_id"), "supervision", ["officer_id"])
    op.create_index(op.f("ix_supervision_supervisor_id"), "supervision", ["supervisor_id"])
    op.create_index(
        "uq_supervision_open",
        "supervision",
        ["officer_id", "supervisor_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )

    op.create_table(
        "intake_batch_line",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("changes", sa.String(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("undone", "partly", "accepted", "withdrawn", "changed", "left", "number", name="outcome", **WORDS),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(invitation_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_intake_batch_line_names_one_thing")
        ),
        sa.CheckConstraint(
            "changes IS NULL OR person_id IS NOT NULL", name=op.f("ck_intake_batch_line_a_person_changes")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["intake_batch.id"], name=op.f("fk_intake_batch_line_batch_id_intake_batch")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_intake_batch_line_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_intake_batch_line_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_batch_line")),
        sa.UniqueConstraint("batch_id", "invitation_id", name=op.f("uq_intake_batch_line_batch_id_invitation_id")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_intake_batch_line_batch_id_person_id")),
    )

    op.create_table(
        "course_suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("suggested_by", sa.Uuid(), nullable=False),
        sa.Column("suggested_as", sa.Enum("contact_point", "supervisor", name="suggester", **WORDS), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("suggested_at", sa.DateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "begun", "done", "set_aside", "taken_back", name="suggestionstate", **WORDS),
            nullable=False,
        ),
        sa.Column("changed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (changed_at IS NULL)", name=op.f("ck_course_suggestion_changed_says_when")
        ),
        sa.CheckConstraint(
            "suggested_by <> person_id", name=op.f("ck_course_suggestion_nobody_suggests_to_themself")
        ),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_course_suggestion_country_country")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_suggestion_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_suggestion_person_id_person")),
        sa.ForeignKeyConstraint(["suggested_by"], ["person.id"], name=op.f("fk_course_suggestion_suggested_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_suggestion")),
    )
    op.create_index(op.f("ix_course_suggestion_person_id"), "course_suggestion", ["person_id"])
    op.create_index(op.f("ix_course_suggestion_suggested_by"), "course_suggestion", ["suggested_by"])
    op.create_index(
        "uq_course_suggestion_live",
        "course_suggestion",
        ["person_id", "course_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'begun')"),
        postgresql_where=sa.text("state IN ('open', 'begun')"),
    )

    with op.batch_alter_table("country", recreate="auto") as batch:
        batch.add_column(sa.Column("help_text", sa.String(length=500), nullable=False, server_default=""))
        batch.add_column(sa.Column("help_reviewed_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("identity_months", sa.SmallInteger(), nullable=False, server_default="24"))
    with op.batch_alter_table("person", recreate="auto") as batch:
        batch.add_column(sa.Column("factors_void", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("protected", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("shows_country", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("leaves_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("erased_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("alias_chosen_at", sa.DateTime(), nullable=True))
        batch.create_index(op.f("ix_person_leaves_on"), ["leaves_on"])
        batch.create_index(op.f("ix_person_protected"), ["protected"])
    with op.batch_alter_table("role_grant", recreate="auto") as batch:
        batch.add_column(sa.Column("deputy", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.create_index(op.f("ix_role_grant_role_person_id"), ["role", "person_id"])
    with op.batch_alter_table("country", recreate="auto") as batch:
        batch.alter_column("help_text", server_default=None)
        batch.alter_column("identity_months", server_default=None)
        batch.create_check_constraint(
            op.f("ck_country_identity_is_kept_for_a_time"), "identity_months BETWEEN 0 AND 1200"
        )
    with op.batch_alter_table("person", recreate="auto") as batch:
        batch.alter_column("factors_void", server_default=None)
        batch.alter_column("protected", server_default=None)
        batch.alter_column("shows_country", server_default=None)
        batch.create_check_constraint(op.f("ck_person_erased_is_closed"), "erased_at IS NULL OR state = 'deactivated'")
    with op.batch_alter_table("role_grant", recreate="auto") as batch:
        batch.alter_column("deputy", server_default=None)
        batch.create_check_constraint(
            op.f("ck_role_grant_deputy_for_a_time"), "NOT deputy OR (role = 'contact_point' AND until IS NOT NULL)"
        )
    for table, kinds in KINDS.items():
        _widen(table, kinds)
    for table in GROWING:
        for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
            op.execute(statement.format(table=table))


def _widen(table, kinds):
    name, condition = CHECKS[table], f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    with op.batch_alter_table(table, recreate="auto") as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def downgrade():
    for table in GROWING:
        if op.get_bind().dialect.name == "sqlite":
            for trigger in ("never_changes", "never_shrinks", "never_replaced"):
                op.execute(f"DROP TRIGGER {table}_{trigger}")
        else:
            op.execute(f"DROP TRIGGER {table}_only_grows ON {table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_all_but_growth()")
    for table, kinds in KINDS_BEFORE.items():
        kept = ", ".join(f"'{kind}'" for kind in kinds)
        op.execute(f"DELETE FROM {table} WHERE kind NOT IN ({kept})")
        _widen(table, kinds)
    with op.batch_alter_table("role_grant", recreate="auto") as batch:
        batch.drop_constraint(op.f("ck_role_grant_deputy_for_a_time"), type_="check")
        batch.drop_index(op.f("ix_role_grant_role_person_id"))
        batch.drop_column("deputy")
    with op.batch_alter_table("person", recreate="auto") as batch:
        batch.drop_constraint(op.f("ck_person_erased_is_closed"), type_="check")
        batch.drop_index(op.f("ix_person_leaves_on"))
        batch.drop_index(op.f("ix_person_protected"))
        batch.drop_column("alias_chosen_at")
        batch.drop_column("erased_at")
        batch.drop_column("leaves_on")
        batch.drop_column("shows_country")
        batch.drop_column("protected")
        batch.drop_column("factors_void")
    with op.batch_alter_table("country", recreate="auto") as batch:
        batch.drop_constraint(op.f("ck_country_identity_is_kept_for_a_time"), type_="check")
        batch.drop_column("identity_months")
        batch.drop_column("help_reviewed_on")
        batch.drop_column("help_text")
    op.drop_table("intake_batch_line")
    op.drop_table("course_suggestion")
    op.drop_table("supervision")
    op.drop_table("second_help")
    op.drop_table("password_link")
    op.drop_table("officers_taken")
    op.drop_table("intake_batch")
    op.drop_table("first_run")
    op.drop_table("export_wish")
    op.drop_table("erasure_request")
    op.drop_table("checked_sheet")
    op.drop_table("administrator_request")
    op.drop_table("answer_abroad")
    op.drop_table("address_change")
    op.drop_table("incident")
    op.drop_table("asked_for_link")
