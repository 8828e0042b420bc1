"""Practice sittings."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0036"
branch_labels = None
depends_on = None

PURPOSES = ("pretest", "test", "retention")


def upgrade():
    op.create_table(
        "practice_sitting",
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("counted", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_practice_sitting_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_practice_sitting")),
    )
    _checked((*PURPOSES, "practice"))


def downgrade():
    op.drop_table("practice_sitting")
    of_practice = "SELECT id FROM attempt WHERE purpose = 'practice'"
    for table in ("answer_save", "question_mark"):
        op.execute(f"DELETE FROM {table} WHERE attempt_id IN ({of_practice})")
    op.execute("DELETE FROM attempt WHERE purpose = 'practice'")
    _checked(PURPOSES)


def _checked(purposes):
    constraint, listed = op.f("ck_attempt_purpose"), ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("attempt") as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"purpose IN ({listed})")
