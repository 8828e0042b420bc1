"""Questions of learners to the trainers of a course, and the notice of an answer."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
STATES = ("open", "answered", "closed", "proposed", "published")
KIND = "question_answered"
CHECK = "ck_notice_noticekind"
VALUE = re.compile(r"'([a-z_]+)'")
REFERENCES = (
    ("course_id", "course"), ("version_id", "course_version"), ("person_id", "person"), ("answered_by", "person"),
    ("proposed_by", "person"), ("checked_by", "person"),
)  # fmt: skip


def upgrade():
    op.create_table(
        "learner_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("lesson", sa.String(length=100), nullable=False),
        sa.Column("item", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="questionstate", **WORDS), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("help_question", sa.Text(), nullable=False),
        sa.Column("help_answer", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        _check("(state = 'open') = (answered_by IS NULL)", "answered_says_by_whom"),
        _check("(answered_by IS NULL) = (answered_at IS NULL)", "answered_says_when"),
        _check("(state IN ('open', 'closed')) = (answer = '')", "answered_has_an_answer"),
        _check("(state IN ('proposed', 'published')) = (proposed_by IS NOT NULL)", "proposed_says_by_whom"),
        _check("(state = 'published') = (checked_by IS NOT NULL)", "published_says_by_whom"),
        _check("(checked_by IS NULL) = (published_at IS NULL)", "published_says_when"),
        _check("checked_by <> proposed_by", "two_people_publish"),
        _check("person_id IS NOT NULL OR state = 'published'", "has_an_author_or_is_published"),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_learner_question_{name}_{table}"))
            for name, table in REFERENCES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner_question")),
    )
    op.create_index(op.f("ix_learner_question_course_id_state"), "learner_question", ["course_id", "state"])
    op.create_index(op.f("ix_learner_question_person_id_course_id"), "learner_question", ["person_id", "course_id"])
    _checked([*_values(), KIND])


def downgrade():
    op.execute(sa.text(f"DELETE FROM notice WHERE kind = '{KIND}'"))  # noqa: S608 - a name of this file
    _checked([value for value in _values() if value != KIND])
    op.drop_table("learner_question")


def _check(condition, name):
    return sa.CheckConstraint(condition, name=op.f(f"ck_learner_question_{name}"))


def _values():
    """Return the kinds that the table takes now: others may have been added by revisions in between."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == CHECK))


def _checked(values):
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), f"kind IN ({listed})")
