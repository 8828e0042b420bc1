"""The secret before a session's, a proof by all that an account has; aliases that were given up, and refusals; new notices.

Sessions that are open go on; before they change how somebody signs in, they ask for everything once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite gives out row numbers by itself for INTEGER alone
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = ("add", "sign_in", "second_step")
NOW = (*BEFORE, "again")
NOTICES_BEFORE = (
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
)
NOTICES = (
    *NOTICES_BEFORE[:-2],
    "invitation_bounced",
    "role_given",
    "threat_over",
    "officer_seen_again",
    *NOTICES_BEFORE[-2:],
)


def upgrade():
    op.add_column("sign_in_session", sa.Column("former_hash", sa.String(length=64), nullable=True))
    op.add_column("sign_in_session", sa.Column("fully_proved_at", sa.DateTime(), nullable=True))
    op.create_index(op.f("ix_sign_in_session_former_hash"), "sign_in_session", ["former_hash"], unique=True)
    _kinds("challenge", "ceremony", "ceremony", NOW)
    _kinds("notice", "noticekind", "kind", NOTICES)
    op.create_table(
        "given_up_alias",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.String(length=80), nullable=False),
        sa.Column("free_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_given_up_alias_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_up_alias")),
    )
    op.create_index(op.f("ix_given_up_alias_alias"), "given_up_alias", ["alias"])
    op.create_index(op.f("ix_given_up_alias_free_at"), "given_up_alias", ["free_at"])
    op.create_index(op.f("ix_given_up_alias_person_id"), "given_up_alias", ["person_id"])
    op.create_table(
        "refused_alias",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_alias")),
    )
    op.create_index(op.f("ix_refused_alias_at"), "refused_alias", ["at"])
    op.create_index(op.f("ix_refused_alias_holder_at"), "refused_alias", ["holder", "at"])


def downgrade():
    op.drop_table("refused_alias")
    op.drop_table("given_up_alias")
    op.execute("DELETE FROM challenge WHERE ceremony = 'again'")
    _kinds("challenge", "ceremony", "ceremony", BEFORE)
    kept = ", ".join(f"'{one}'" for one in NOTICES_BEFORE)
    op.execute(f"DELETE FROM notice WHERE kind NOT IN ({kept})")
    _kinds("notice", "noticekind", "kind", NOTICES_BEFORE)
    op.drop_index(op.f("ix_sign_in_session_former_hash"), table_name="sign_in_session")
    op.drop_column("sign_in_session", "fully_proved_at")
    op.drop_column("sign_in_session", "former_hash")


def _kinds(table, name, column, known):
    listed = ", ".join(f"'{one}'" for one in known)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({listed})")
