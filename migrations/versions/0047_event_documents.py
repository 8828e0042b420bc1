"""Messages, files, travel and needs of the participants of events; the kinds of their notice and mail."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

NOTICE = "event_message"
MAIL = "message"
KINDS = "kind IN ('pdf', 'png', 'jpg', 'webp')"
LEVELS = "sensitivity IN ('unrestricted', 'law_enforcement_only', 'participants_only')"
TABLES = ("participant_needs", "participant_travel", "event_file", "event_message_recipient", "event_message")
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    _messages()
    _files()
    _travel()
    _check_kinds("notice", "noticekind", [*_kinds("notice", "noticekind"), NOTICE])
    _check_kinds("outgoing_mail", "mailkind", [*_kinds("outgoing_mail", "mailkind"), MAIL])


def downgrade():
    op.execute(f"DELETE FROM notice WHERE kind = '{NOTICE}'")
    op.execute(f"DELETE FROM outgoing_mail WHERE kind = '{MAIL}'")
    _check_kinds("notice", "noticekind", [kind for kind in _kinds("notice", "noticekind") if kind != NOTICE])
    _check_kinds("outgoing_mail", "mailkind", [kind for kind in _kinds("outgoing_mail", "mailkind") if kind != MAIL])
    for table in TABLES:
        op.drop_table(table)


def _messages():
    op.create_table(
        "event_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("subject <> '' AND text <> ''", name=op.f("ck_event_message_says_something")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_event_message_workshop_id_workshop")),
        sa.ForeignKeyConstraint(["sender_id"], ["person.id"], name=op.f("fk_event_message_sender_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_message")),
    )
    _index("event_message", "workshop_id", "sent_at")
    _index("event_message", "sender_id")
    op.create_table(
        "event_message_recipient",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["event_message.id"],
            name=op.f("fk_event_message_recipient_message_id_event_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_message_recipient_person_id_person")),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_event_message_recipient")),
    )
    _index("event_message_recipient", "person_id")


def _files():
    op.create_table(
        "event_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sensitivity", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_event_file_kind")),
        sa.CheckConstraint(LEVELS, name=op.f("ck_event_file_sensitivity")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_event_file_has_a_title")),
        sa.CheckConstraint("size > 0", name=op.f("ck_event_file_size_is_positive")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_event_file_withdrawn_says_by_whom")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (content IS NOT NULL)", name=op.f("ck_event_file_withdrawn_has_no_content")
        ),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_event_file_workshop_id_workshop")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_file_person_id_person")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_event_file_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_file")),
    )
    _index("event_file", "workshop_id", "uploaded_at")
    _index("event_file", "expires_on")
    _index("event_file", "person_id")


def _travel():
    op.create_table(
        "participant_travel",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("visa", sa.String(length=32), nullable=True),
        sa.Column("visa_asked_on", sa.Date(), nullable=True),
        sa.Column("visa_received_on", sa.Date(), nullable=True),
        sa.Column("letter_made_on", sa.Date(), nullable=True),
        sa.Column("arrives_on", sa.Date(), nullable=True),
        sa.Column("departs_on", sa.Date(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("visa IN ('needed', 'not_needed')", name=op.f("ck_participant_travel_visa")),
        sa.CheckConstraint(
            "visa_received_on >= visa_asked_on", name=op.f("ck_participant_travel_received_after_asked")
        ),
        sa.CheckConstraint(
            "visa_received_on IS NULL OR visa_asked_on IS NOT NULL",
            name=op.f("ck_participant_travel_received_was_asked"),
        ),
        sa.CheckConstraint(
            "visa_asked_on IS NULL OR visa = 'needed'", name=op.f("ck_participant_travel_asked_if_needed")
        ),
        sa.CheckConstraint("departs_on >= arrives_on", name=op.f("ck_participant_travel_departs_after_it_arrives")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_participant_travel_workshop_id_workshop")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participant_travel_person_id_person")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_participant_travel_changed_by_person")),
        sa.PrimaryKeyConstraint("workshop_id", "person_id", name=op.f("pk_participant_travel")),
    )
    _index("participant_travel", "person_id")
    _index("participant_travel", "changed_by")
    op.create_table(
        "participant_needs",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("diet", sa.String(), nullable=False),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_participant_needs_workshop_id_workshop")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participant_needs_person_id_person")),
        sa.PrimaryKeyConstraint("workshop_id", "person_id", name=op.f("pk_participant_needs")),
    )
    _index("participant_needs", "person_id")


def _index(table, *columns):
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _kinds(table, enum):
    """Return the kinds that a table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f(f"ck_{table}_{enum}")))


def _check_kinds(table, enum, values):
    constraint, listed = op.f(f"ck_{table}_{enum}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"kind IN ({listed})")
