"""Drafts of courses with revisions, reviews with checklist and remarks."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "draft_blob",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_draft_blob")),
    )
    op.create_table(
        "course_reviewer",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_reviewer_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_reviewer_person_id_person")),
        sa.PrimaryKeyConstraint("course_id", "person_id", name=op.f("pk_course_reviewer")),
    )
    op.create_table(
        "course_draft",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("base_version_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_version_id"], ["course_version.id"], name=op.f("fk_course_draft_base_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_draft_course_id_course")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_draft")),
    )
    op.create_table(
        "course_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_review",
                "changes_requested",
                "approved",
                "published",
                "withdrawn",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "editorial",
                "substantive",
                "breaking",
                "urgent",
                name="versionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(ends_on IS NULL) = (kind <> 'breaking')", name=op.f("ck_course_review_breaking_has_a_day")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'changes_requested', 'published')) = (decided_by IS NOT NULL)",
            name=op.f("ck_course_review_decided_says_by_whom"),
        ),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL)", name=op.f("ck_course_review_decided_says_when")
        ),
        sa.CheckConstraint("decided_by <> submitted_by", name=op.f("ck_course_review_two_people_decide")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course_draft.course_id"], name=op.f("fk_course_review_course_id_course_draft")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_course_review_decided_by_person")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_course_review_submitted_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_review")),
    )
    with op.batch_alter_table("course_review", schema=None) as batch_op:
        batch_op.create_index(
            "uq_course_review_open",
            ["course_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('in_review', 'approved')"),
            postgresql_where=sa.text("state IN ('in_review', 'approved')"),
        )

    op.create_table(
        "course_review_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("anchor", sa.String(length=6), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(resolved_by IS NULL) = (resolved_at IS NULL)", name=op.f("ck_course_review_remark_resolved_says_when")
        ),
        sa.ForeignKeyConstraint(
            ["answers_id"],
            ["course_review_remark.id"],
            name=op.f("fk_course_review_remark_answers_id_course_review_remark"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_course_review_remark_author_id_person")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course_draft.course_id"], name=op.f("fk_course_review_remark_course_id_course_draft")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["person.id"], name=op.f("fk_course_review_remark_resolved_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_review_remark")),
    )
    with op.batch_alter_table("course_review_remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_review_remark_course_id_path"), ["course_id", "path"], unique=False)

    op.create_table(
        "draft_editor",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course_draft.course_id"], name=op.f("fk_draft_editor_course_id_course_draft")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_editor_person_id_person")),
        sa.PrimaryKeyConstraint("course_id", "path", "person_id", name=op.f("pk_draft_editor")),
    )
    op.create_table(
        "draft_file",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("base_digest", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("digest IS NOT NULL OR base_digest IS NOT NULL", name=op.f("ck_draft_file_is_or_was_there")),
        sa.ForeignKeyConstraint(
            ["base_digest"], ["draft_blob.digest"], name=op.f("fk_draft_file_base_digest_draft_blob")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course_draft.course_id"], name=op.f("fk_draft_file_course_id_course_draft")
        ),
        sa.ForeignKeyConstraint(["digest"], ["draft_blob.digest"], name=op.f("fk_draft_file_digest_draft_blob")),
        sa.PrimaryKeyConstraint("course_id", "path", name=op.f("pk_draft_file")),
    )
    op.create_table(
        "draft_revision",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "saved",
                "autosaved",
                "added",
                "removed",
                "reordered",
                "imported",
                "restored",
                "undone",
                "updated",
                name="revisionkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_draft_revision_author_id_person")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course_draft.course_id"], name=op.f("fk_draft_revision_course_id_course_draft")
        ),
        sa.PrimaryKeyConstraint("course_id", "number", name=op.f("pk_draft_revision")),
    )
    op.create_table(
        "course_review_tick",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column(
            "point",
            sa.Enum(
                "outcomes",
                "facts",
                "fiction",
                "mark",
                "warnings",
                "rights",
                "words",
                "feedback",
                "readable",
                "light",
                "alternatives",
                "countries",
                "licence",
                "reviewed",
                "dual_use",
                name="reviewpoint",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("ticked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_review_tick_person_id_person")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["course_review.id"], name=op.f("fk_course_review_tick_review_id_course_review")
        ),
        sa.PrimaryKeyConstraint("review_id", "point", name=op.f("pk_course_review_tick")),
    )
    op.create_table(
        "draft_change",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=True),
        sa.Column("after", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["after"], ["draft_blob.digest"], name=op.f("fk_draft_change_after_draft_blob")),
        sa.ForeignKeyConstraint(["before"], ["draft_blob.digest"], name=op.f("fk_draft_change_before_draft_blob")),
        sa.ForeignKeyConstraint(
            ["course_id", "number"],
            ["draft_revision.course_id", "draft_revision.number"],
            name=op.f("fk_draft_change_course_id_draft_revision"),
        ),
        sa.PrimaryKeyConstraint("course_id", "number", "path", name=op.f("pk_draft_change")),
    )
    with op.batch_alter_table("draft_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draft_change_course_id_path_number"), ["course_id", "path", "number"], unique=False
        )


def downgrade():
    with op.batch_alter_table("draft_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_change_course_id_path_number"))

    op.drop_table("draft_change")
    op.drop_table("course_review_tick")
    op.drop_table("draft_revision")
    op.drop_table("draft_file")
    op.drop_table("draft_editor")
    with op.batch_alter_table("course_review_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_review_remark_course_id_path"))

    op.drop_table("course_review_remark")
    with op.batch_alter_table("course_review", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_course_review_open",
            sqlite_where=sa.text("state IN ('in_review', 'approved')"),
            postgresql_where=sa.text("state IN ('in_review', 'approved')"),
        )

    op.drop_table("course_review")
    op.drop_table("course_draft")
    op.drop_table("course_reviewer")
    op.drop_table("draft_blob")
