"""Breaking versions that end completions on a day, enrolments that ended, and courses that are retired."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

VALUE = re.compile(r"'([a-z_]+)'")
# table: the column with its CHECK, and the values that are added
ADDED = {
    "notice": ("kind", "noticekind", ("completion_ends", "completion_ended")),
    "course_version": ("state", "versionstate", ("retired",)),
    "course_review": ("kind", "versionkind", ("retirement",)),
    "enrolment": ("state", "enrolmentstate", ("ended",)),
}
LIVE = sa.text("state <> 'ended'")


def upgrade():
    for table in ADDED:
        _check_values(table, lambda values, added: [*values, *added])
    _check_kinds_of_versions(lambda values: [*values, "retirement"])
    with op.batch_alter_table("course_version") as batch:
        batch.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_course_version_only_breaking_ends"), "ends_on IS NULL OR kind = 'breaking'"
        )
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_constraint(op.f("ck_enrolment_completed_says_when"), type_="check")
        batch.create_check_constraint(
            op.f("ck_enrolment_completed_says_when"), "(state = 'begun') = (completed_at IS NULL)"
        )
        batch.drop_constraint(op.f("uq_enrolment_person_id_course_id"), type_="unique")
    op.create_index(
        "uq_enrolment_live",
        "enrolment",
        ["person_id", "course_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(op.f("ix_enrolment_person_id"), "enrolment", ["person_id"])


def downgrade():
    _delete_added_rows()
    op.drop_index(op.f("ix_enrolment_person_id"), table_name="enrolment")
    op.drop_index("uq_enrolment_live", table_name="enrolment")
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_constraint(op.f("ck_enrolment_completed_says_when"), type_="check")
        batch.create_check_constraint(
            op.f("ck_enrolment_completed_says_when"), "(state = 'completed') = (completed_at IS NOT NULL)"
        )
        batch.create_unique_constraint(op.f("uq_enrolment_person_id_course_id"), ["person_id", "course_id"])
    with op.batch_alter_table("course_version") as batch:
        batch.drop_constraint(op.f("ck_course_version_only_breaking_ends"), type_="check")
        batch.drop_column("ends_on")
    _check_kinds_of_versions(lambda values: [value for value in values if value != "retirement"])
    for table in ADDED:
        _check_values(table, lambda values, added: [value for value in values if value not in added])


def _delete_added_rows():
    """Delete what the revision before does not know; a retired course is an older version of itself."""
    for kind in ADDED["notice"][2]:
        op.execute(sa.text("DELETE FROM notice WHERE kind = :kind").bindparams(kind=kind))
    op.execute("UPDATE course_version SET state = 'past' WHERE state = 'retired'")
    retirements = "(SELECT id FROM course_review WHERE kind = 'retirement')"
    op.execute(f"DELETE FROM course_review_tick WHERE review_id IN {retirements}")  # noqa: S608 - text of this file
    op.execute("DELETE FROM course_review WHERE kind = 'retirement'")
    ended = "(SELECT id FROM enrolment WHERE state = 'ended')"
    for table in ("lesson_progress", "lesson_visit"):
        op.execute(f"DELETE FROM {table} WHERE enrolment_id IN {ended}")  # noqa: S608 - names of this file
    op.execute("DELETE FROM enrolment WHERE state = 'ended'")


def _check_kinds_of_versions(changed):
    _check("course_version", "kind", "versionkind", changed(_values("course_version", "versionkind")))


def _check_values(table, changed):
    column, name, added = ADDED[table]
    _check(table, column, name, changed(_values(table, name), added))


def _values(table, name):
    """Return the values that a table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    constraint = op.f(f"ck_{table}_{name}")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == constraint))


def _check(table, column, name, values):
    constraint, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"{column} IN ({listed})")
