"""Competence, workshops, plan."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite gives out row numbers by itself for INTEGER alone
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# an enum is text with a CHECK
WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
# table, its column, the CHECK's name; kinds before and after
KINDS = (
    (
        "reference",
        "kind",
        "referencekind",
        ("competencies", "plan", "sources", "glossary"),
        ("competencies", "plan", "sources", "glossary", "rubrics"),
    ),
    (
        "notice",
        "kind",
        "noticekind",
        ("course_completed", "course_published", "version_offered", "test_handed_in"),
        (
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
    ),
    (
        "outgoing_mail",
        "kind",
        "mailkind",
        ("waiting", "week", "attention"),
        ("waiting", "week", "date_changed", "attention"),
    ),
)


def upgrade():
    for table, column, name, _before, after in KINDS:
        _widen(table, column, name, after)
    op.create_table(
        "cap_month_c",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("country", "role", "competency", "level", "month", name=op.f("pk_cap_month_c")),
    )
    op.create_index(
        op.f("ix_cap_month_c_role_competency_level_month_n"),
        "cap_month_c",
        ["role", "competency", "level", "month", "n"],
        unique=False,
    )
    op.create_table(
        "check_run",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_run")),
    )
    op.create_table(
        "competence_turn",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("done", sa.String(length=64), nullable=False),
        sa.Column("wanted", sa.String(length=64), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_turn")),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_definition_code_version")),
    )
    op.create_table(
        "figure_day",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_kind", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", "agency_kind", "role", "day", "country", name=op.f("pk_figure_day")),
    )
    op.create_table(
        "figure_month",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_kind", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint(
            "code", "version", "agency_kind", "role", "month", "country", name=op.f("pk_figure_month")
        ),
    )
    op.create_table(
        "words",
        sa.Column("thing", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("thing", "field", "language", name=op.f("pk_words")),
    )
    op.create_table(
        "competence_state",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("mu", sa.Double(), nullable=False),
        sa.Column("var", sa.Double(), nullable=False),
        sa.Column("du", sa.Double(), nullable=False),
        sa.Column("uvar", sa.Double(), nullable=False),
        sa.Column("peak", sa.Double(), nullable=False),
        sa.Column("trained", sa.Boolean(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("watched_on", sa.Date(), nullable=True),
        sa.Column("verified_from", sa.Date(), nullable=True),
        sa.Column("verified_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_competence_state_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "competency", "level", name=op.f("pk_competence_state")),
    )
    op.create_table(
        "contribution",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("thing", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("agency_kind", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=False),
        sa.Column("denominator", sa.Double(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_contribution_until_is_not_before_since")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contribution_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint(
            "code",
            "version",
            "subject",
            "thing",
            "since",
            name=op.f("uq_contribution_code_version_subject_thing_since"),
        ),
    )
    op.create_index(
        op.f("ix_contribution_code_version_country_id"),
        "contribution",
        ["code", "version", "country", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_contribution_code_version_id"), "contribution", ["code", "version", "id"], unique=False)
    op.create_index(
        op.f("ix_contribution_code_version_since"), "contribution", ["code", "version", "since"], unique=False
    )
    op.create_index(op.f("ix_contribution_subject_code"), "contribution", ["subject", "code"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "module",
                "refresher",
                "quiz",
                "review",
                "check",
                "surprise",
                "scenario",
                "workshop",
                "supervisor",
                "claim",
                "void",
                name="evidencekind",
                **WORDS,
            ),
            nullable=False,
        ),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("mark", sa.Double(), nullable=True),
        sa.Column("items", sa.SmallInteger(), nullable=False),
        sa.Column("trust", sa.Double(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("guess", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("assessor_country", sa.String(length=2), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("voids", SERIAL, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(kind = 'void') = (voids IS NOT NULL)", name=op.f("ck_evidence_void_names_a_row")),
        sa.CheckConstraint("kind <> 'void' OR reason <> ''", name=op.f("ck_evidence_void_says_why")),
        sa.CheckConstraint(
            "(share IS NULL) = (items = 0) AND (share IS NULL) = (mark IS NULL)",
            name=op.f("ck_evidence_asked_is_marked"),
        ),
        sa.CheckConstraint("mark IS NULL OR mark BETWEEN 0 AND 1", name=op.f("ck_evidence_mark_is_a_share")),
        sa.CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", name=op.f("ck_evidence_share_is_a_share")),
        sa.CheckConstraint("trust BETWEEN 0 AND 1", name=op.f("ck_evidence_trust_is_a_share")),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_evidence_assessor_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_evidence_recorded_by_person")),
        sa.ForeignKeyConstraint(["voids"], ["evidence.id"], name=op.f("fk_evidence_voids_evidence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "person_id", "competency", "level", "source", name=op.f("uq_evidence_person_id_competency_level_source")
        ),
        sa.UniqueConstraint("voids", name=op.f("uq_evidence_voids")),
    )
    op.create_table(
        "named_need",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["named_by"], ["person.id"], name=op.f("fk_named_need_named_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_named_need_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "competency", name=op.f("pk_named_need")),
    )
    op.create_table(
        "observation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "pending", "returned", "approved", name="observationstate", **WORDS),
            nullable=False,
        ),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_at IS NOT NULL)", name=op.f("ck_observation_approved_says_when")
        ),
        sa.CheckConstraint("state <> 'returned' OR reason <> ''", name=op.f("ck_observation_returned_says_why")),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> entered_by", name=op.f("ck_observation_four_eyes")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_observation_decided_by_person")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_observation_entered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index(op.f("ix_observation_code_state"), "observation", ["code", "state"], unique=False)
    op.create_table(
        "plan_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_plan_note_written_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_note")),
    )
    op.create_index(op.f("ix_plan_note_code_written_at"), "plan_note", ["code", "written_at"], unique=False)
    op.create_table(
        "skill_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column(
            "state", sa.Enum("waiting", "endorsed", "declined", "withdrawn", name="claimstate", **WORDS), nullable=False
        ),
        sa.Column("claimed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_skill_claim_decided_says_when")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> person_id", name=op.f("ck_skill_claim_a_second_person_decides")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_skill_claim_decided_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_skill_claim_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_claim")),
        sa.UniqueConstraint("person_id", "competency", "level", name=op.f("uq_skill_claim_person_id_competency_level")),
    )
    op.create_index(op.f("ix_skill_claim_state"), "skill_claim", ["state"], unique=False)
    op.create_table(
        "workshop",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.Enum("workshop", "study_visit", name="workshopkind", **WORDS), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "cleared", "announced", "closed", "cancelled", name="workshopstate", **WORDS),
            nullable=False,
        ),
        sa.Column(
            "sensitivity",
            sa.Enum("unrestricted", "law_enforcement_only", "participants_only", name="sensitivity", **WORDS),
            nullable=False,
        ),
        sa.Column("host_country", sa.String(length=2), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("venue", sa.String(length=300), nullable=False),
        sa.Column("form", sa.Enum("in_person", "online", "blended", name="format", **WORDS), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("booking_until", sa.Date(), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("languages", sa.String(length=100), nullable=False),
        sa.Column("prerequisites", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.String(length=200), nullable=False),
        sa.Column("activity", sa.String(length=20), nullable=False),
        sa.Column("attendance_share", sa.Double(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("queue_counter", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'cancelled') = (reason <> '')", name=op.f("ck_workshop_cancelled_says_why")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_workshop_closed_says_when")),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR cleared_by IS NOT NULL", name=op.f("ck_workshop_cleared_says_by_whom")
        ),
        sa.CheckConstraint("attendance_share BETWEEN 0 AND 1", name=op.f("ck_workshop_share_is_a_share")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 1000", name=op.f("ck_workshop_capacity_is_possible")),
        sa.CheckConstraint("cleared_by IS NULL OR cleared_by <> made_by", name=op.f("ck_workshop_two_people_clear")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_workshop_last_day_is_not_before_first")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_workshop_changed_by_person")),
        sa.ForeignKeyConstraint(["cleared_by"], ["person.id"], name=op.f("fk_workshop_cleared_by_person")),
        sa.ForeignKeyConstraint(["host_country"], ["country.code"], name=op.f("fk_workshop_host_country_country")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_workshop_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("code", name=op.f("uq_workshop_code")),
    )
    op.create_index(op.f("ix_workshop_state_first_day"), "workshop", ["state", "first_day"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum("waiting", "seated", "withdrawn", name="bookingstate", **WORDS), nullable=False),
        sa.Column("seat", sa.SmallInteger(), nullable=True),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(state = 'seated') = (seat IS NOT NULL)", name=op.f("ck_booking_seat_is_set_when_seated")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_booking_person_id_person")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_booking_workshop_id_workshop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("workshop_id", "queued", name=op.f("uq_booking_workshop_id_queued")),
        sa.UniqueConstraint("workshop_id", "seat", name=op.f("uq_booking_workshop_id_seat")),
    )
    op.create_index(op.f("ix_booking_person_id"), "booking", ["person_id"], unique=False)
    op.create_index(
        "uq_booking_live",
        "booking",
        ["workshop_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "cap_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("var", sa.Double(), nullable=False),
        sa.Column("audited", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_cap_day_agency_id_agency")),
        sa.PrimaryKeyConstraint("day", "country", "agency_id", "competency", "level", name=op.f("pk_cap_day")),
    )
    op.create_table(
        "cap_month",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_cap_month_agency_id_agency")),
        sa.PrimaryKeyConstraint("agency_id", "competency", "level", "month", name=op.f("pk_cap_month")),
    )
    op.create_table(
        "competence_held",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_competence_held_agency_id_agency")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_competence_held_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "competency", "level", name=op.f("pk_competence_held")),
    )
    op.create_index(op.f("ix_competence_held_agency_id_until"), "competence_held", ["agency_id", "until"], unique=False)
    op.create_index(
        op.f("ix_competence_held_competency_level_until"),
        "competence_held",
        ["competency", "level", "until"],
        unique=False,
    )
    op.create_index(
        op.f("ix_competence_held_country_competency_until"),
        "competence_held",
        ["country", "competency", "until"],
        unique=False,
    )
    op.create_table(
        "competence_period",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_competence_period_until_is_not_before_since")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_competence_period_agency_id_agency")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_competence_period_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_period")),
        sa.UniqueConstraint(
            "person_id",
            "competency",
            "level",
            "since",
            name=op.f("uq_competence_period_person_id_competency_level_since"),
        ),
    )
    op.create_index(
        op.f("ix_competence_period_competency_level_since"),
        "competence_period",
        ["competency", "level", "since"],
        unique=False,
    )
    op.create_table(
        "observation_file",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_observation_file_observation_id_observation")
        ),
        sa.PrimaryKeyConstraint("observation_id", name=op.f("pk_observation_file")),
    )
    op.create_table(
        "workshop_outcome",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_outcome_workshop_id_workshop"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workshop_id", "competency", name=op.f("pk_workshop_outcome")),
    )
    op.create_table(
        "workshop_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("practice", "lecture", "discussion", "assessment", "visit", name="sessionkind", **WORDS),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("ck_workshop_session_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_session_workshop_id_workshop"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_session")),
        sa.UniqueConstraint("workshop_id", "number", name=op.f("uq_workshop_session_workshop_id_number")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Enum("foundation", "practitioner", "specialist", name="level", **WORDS), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_assessment_assessor_id_person")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_assessment_booking_id_booking")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_assessment_workshop_id_workshop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "booking_id",
            "competency",
            "level",
            "assessor_id",
            "number",
            name=op.f("uq_assessment_booking_id_competency_level_assessor_id_number"),
        ),
    )
    op.create_index(op.f("ix_assessment_workshop_id"), "assessment", ["workshop_id"], unique=False)
    op.create_table(
        "attendance_mark",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mark", sa.Enum("present", "late", "left_early", "excused", "absent", name="mark", **WORDS), nullable=False
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_attendance_mark_booking_id_booking")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_attendance_mark_recorded_by_person")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["workshop_session.id"], name=op.f("fk_attendance_mark_session_id_workshop_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_mark")),
    )
    op.create_index(op.f("ix_attendance_mark_booking_id"), "attendance_mark", ["booking_id"], unique=False)
    op.create_index(
        op.f("ix_attendance_mark_session_id_booking_id"), "attendance_mark", ["session_id", "booking_id"], unique=False
    )


def downgrade():
    op.drop_table("attendance_mark")
    op.drop_table("assessment")
    op.drop_table("workshop_session")
    op.drop_table("workshop_outcome")
    op.drop_table("observation_file")
    op.drop_table("competence_period")
    op.drop_table("competence_held")
    op.drop_table("cap_month")
    op.drop_table("cap_day")
    op.drop_table("booking")
    op.drop_table("workshop")
    op.drop_table("skill_claim")
    op.drop_table("plan_note")
    op.drop_table("observation")
    op.drop_table("named_need")
    op.drop_table("evidence")
    op.drop_table("contribution")
    op.drop_table("competence_state")
    op.drop_table("words")
    op.drop_table("figure_month")
    op.drop_table("figure_day")
    op.drop_table("definition")
    op.drop_table("competence_turn")
    op.drop_table("check_run")
    op.drop_table("cap_month_c")
    for table, column, name, before, _after in KINDS:
        kinds = ", ".join(f"'{kind}'" for kind in before)
        op.execute(f"DELETE FROM {table} WHERE {column} NOT IN ({kinds})")
        _widen(table, column, name, before)


def _widen(table, column, name, kinds):
    condition = f"{column} IN ({', '.join(repr(kind) for kind in kinds)})"
    with op.batch_alter_table(table, recreate="auto") as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)
