"""Requirements, exemptions, assignments and rollups of completion; notices about exemptions."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

ADDED = ("exemption_changed",)
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    op.create_table(
        "completion_day",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "source_group",
            sa.Enum(
                "required",
                "asked",
                "choice",
                name="completiongroup",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("assigned", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("not_started", sa.Integer(), nullable=False),
        sa.Column("in_progress", sa.Integer(), nullable=False),
        sa.Column("completed_on_time", sa.Integer(), nullable=False),
        sa.Column("completed_late", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("due_soon", sa.Integer(), nullable=False),
        sa.Column("stalled", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("by_choice", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("role", "day", "course_id", "country", "source_group", name=op.f("pk_completion_day")),
    )
    op.create_table(
        "completion_month",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "source_group",
            sa.Enum(
                "required",
                "asked",
                "choice",
                name="completiongroup",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("assigned", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("not_started", sa.Integer(), nullable=False),
        sa.Column("in_progress", sa.Integer(), nullable=False),
        sa.Column("completed_on_time", sa.Integer(), nullable=False),
        sa.Column("completed_late", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("due_soon", sa.Integer(), nullable=False),
        sa.Column("stalled", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("by_choice", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "role", "month", "course_id", "country", "source_group", name=op.f("pk_completion_month")
        ),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.SmallInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "requirement",
                "suggestion",
                "event",
                "none",
                name="assignmentsource",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "problem",
            sa.Enum(
                "language",
                "not_published",
                "due_before_course",
                "no_role",
                name="assignmentproblem",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("exempt_until", sa.Date(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("last_step_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_assignment_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        op.f("ix_assignment_country_course_id_until"), "assignment", ["country", "course_id", "until"], unique=False
    )
    op.create_index(op.f("ix_assignment_person_id_course_id"), "assignment", ["person_id", "course_id"], unique=False)
    op.create_index(
        "ix_assignment_problem",
        "assignment",
        ["problem"],
        unique=False,
        sqlite_where=sa.text("problem IS NOT NULL"),
        postgresql_where=sa.text("problem IS NOT NULL"),
    )
    op.create_table(
        "completion_recalculation",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("reached", sa.Uuid(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_completion_recalculation_course_id_course")
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_completion_recalculation")),
    )
    op.create_table(
        "course_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_seat_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_seat_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_seat")),
    )
    op.create_index(op.f("ix_course_seat_person_id"), "course_seat", ["person_id"], unique=False)
    op.create_index(
        "uq_course_seat_taken",
        "course_seat",
        ["person_id", "course_id", "workshop_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "exemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("exempt", "later", name="exemptionkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "trained_elsewhere",
                "not_in_this_duty",
                "long_absence",
                "language",
                "other",
                name="exemptionreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "dropped",
                "ended",
                name="exemptionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(since IS NULL) = (state IN ('proposed', 'dropped'))", name=op.f("ck_exemption_agreed_says_when")
        ),
        sa.CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_exemption_ended_says_when")),
        sa.CheckConstraint("agreed_by <> set_by", name=op.f("ck_exemption_two_people_agree")),
        sa.CheckConstraint("set_by <> person_id", name=op.f("ck_exemption_nobody_exempts_themself")),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_exemption_agreed_by_person")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_exemption_country_country")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_exemption_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exemption_person_id_person")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_exemption_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    op.create_index(op.f("ix_exemption_country_state"), "exemption", ["country", "state"], unique=False)
    op.create_index(op.f("ix_exemption_person_id"), "exemption", ["person_id"], unique=False)
    op.create_index(
        "uq_exemption_live",
        "exemption",
        ["person_id", "course_id", "country"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'agreed')"),
        postgresql_where=sa.text("state IN ('proposed', 'agreed')"),
    )
    op.create_table(
        "requirement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("countries", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_days", sa.SmallInteger(), nullable=True),
        sa.Column("renew_months", sa.SmallInteger(), nullable=True),
        sa.Column("assigned_from", sa.Date(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "agreed",
                "dropped",
                name="requirementstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'agreed') = (agreed_by IS NOT NULL)", name=op.f("ck_requirement_agreed_says_by_whom")
        ),
        sa.CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name=op.f("ck_requirement_agreed_says_when")),
        sa.CheckConstraint("(due_on IS NULL) <> (due_days IS NULL)", name=op.f("ck_requirement_has_a_date_or_days")),
        sa.CheckConstraint("agreed_by <> set_by", name=op.f("ck_requirement_two_people_agree")),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_requirement_agreed_by_person")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_requirement_course_id_course")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["requirement.id"], name=op.f("fk_requirement_replaces_id_requirement")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_requirement_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    op.create_index(op.f("ix_requirement_course_id_state"), "requirement", ["course_id", "state"], unique=False)
    # assignments of courses begun by choice are counted by a job
    op.execute(
        "INSERT INTO completion_recalculation (course_id, asked_at, done, total)"
        " SELECT id, CURRENT_TIMESTAMP, 0, 0 FROM course"
    )
    _checked([*_kinds(), *ADDED])


def downgrade():
    for kind in ADDED:
        op.execute(sa.text("DELETE FROM notice WHERE kind = :kind").bindparams(kind=kind))
    _checked([kind for kind in _kinds() if kind not in ADDED])
    for table in (
        "assignment",
        "exemption",
        "requirement",
        "course_seat",
        "completion_recalculation",
        "completion_month",
        "completion_day",
    ):
        op.drop_table(table)


def _kinds():
    """Return the kinds that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _checked(kinds):
    name, listed = op.f("ck_notice_noticekind"), ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"kind IN ({listed})")
