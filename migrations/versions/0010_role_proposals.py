"""Roles that need a second person; the browser of an invitation's password; aliases in the order of their numbers."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
ROLES = (
    "practitioner", "supervisor", "contact_point", "trainer", "assessor", "invigilator", "host", "coordinator",
    "co_chair", "administrator",
)  # fmt: skip
OUTCOMES = ("assigned", "stopped", "withdrawn", "lapsed")
OPEN = sa.text("ended_at IS NULL")
KINDS = {"notice": ("noticekind", ("role_proposed",)), "outgoing_mail": ("mailkind", ("role_proposed",))}
PORTION = 500  # people a statement
NUMBER = re.compile(r"\d+")
VALUE = re.compile(r"'([a-z_]+)'")
PERSON = sa.table("person", sa.column("id", sa.Uuid()), sa.column("alias", sa.String), sa.column("alias_key", sa.String))
PEOPLE = ("person_id", "proposed_by", "agreed_by", "ended_by")


def upgrade():
    _proposals()
    op.add_column("invitation", sa.Column("browser_hash", sa.String(length=64), nullable=True))
    op.add_column("person", sa.Column("alias_key", sa.String(length=400), server_default="", nullable=False))
    _fill(op.get_bind())
    op.create_index(op.f("ix_person_alias_key"), "person", ["alias_key"])
    for table, (_name, added) in KINDS.items():
        _checked(table, [*_values(table), *added])


def downgrade():
    for table, (_name, added) in KINDS.items():
        for kind in added:
            op.execute(sa.text(f"DELETE FROM {table} WHERE kind = '{kind}'"))  # noqa: S608 - two names of this file
        _checked(table, [value for value in _values(table) if value not in added])
    op.drop_index(op.f("ix_person_alias_key"), table_name="person")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("alias_key")
    with op.batch_alter_table("invitation") as batch:
        batch.drop_column("browser_hash")
    op.drop_table("role_proposal")


def _proposals():
    op.create_table(
        "role_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Enum(*ROLES, name="role", **WORDS), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_as", sa.String(length=32), nullable=True),
        sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="proposaloutcome", **WORDS), nullable=True),
        _check("person_id IS NOT NULL OR invitation_id IS NOT NULL", "for_a_person"),
        _check("(role = 'contact_point') = (country <> '')", "contact_point_has_a_country"),
        _check("(agreed_by IS NULL) = (agreed_at IS NULL)", "agreed_at_a_time"),
        _check("(outcome IS NULL) = (ended_at IS NULL)", "ended_with_an_outcome"),
        _check("proposed_by <> person_id", "not_for_the_proposer"),
        _check("agreed_by <> proposed_by AND agreed_by <> person_id", "agreed_by_another_person"),
        *(
            sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_role_proposal_{name}_person"))
            for name in PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_role_proposal_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_proposal")),
    )
    _open_index("uq_role_proposal_open_person", ["person_id", "role"])
    _open_index("uq_role_proposal_open_invitation", ["invitation_id"])
    op.create_index("ix_role_proposal_open", "role_proposal", ["ended_at", "due_at"])


def _check(condition, name):
    return sa.CheckConstraint(condition, name=op.f(f"ck_role_proposal_{name}"))


def _open_index(name, columns):
    op.create_index(name, "role_proposal", columns, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _fill(connection):
    """Give everybody the key of their alias, a portion at a time."""
    missing = sa.select(PERSON.c.id, PERSON.c.alias).where(PERSON.c.alias_key == "").limit(PORTION)
    change = sa.update(PERSON).where(PERSON.c.id == sa.bindparam("key")).values(alias_key=sa.bindparam("order"))
    while rows := connection.execute(missing).all():
        connection.execute(change, [{"key": row.id, "order": _key(row.alias)} for row in rows])


def _key(alias):
    return f"{NUMBER.sub(_sortable, alias)} {alias}"


def _sortable(number):
    digits = str(int(number[0]))
    return f"{len(digits):02}{digits}"


def _values(table):
    """Return the kinds that the table takes now: others may have been added by revisions in between."""
    name = op.f(f"ck_{table}_{KINDS[table][0]}")
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == name))


def _checked(table, values):
    name, listed = op.f(f"ck_{table}_{KINDS[table][0]}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"kind IN ({listed})")
