"""All incidents, for the figures of the plan."""

import json
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0016"
branch_labels = None
depends_on = None

WORDS = {"native_enum": False, "create_constraint": True, "length": 32}
REASONS = ("stolen_password", "lost_device", "leak", "misuse", "drill")


def upgrade():
    op.create_table(
        "past_incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Enum(*REASONS, name="incidentreason", **WORDS), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= begun_at", name=op.f("ck_past_incident_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_incident")),
    )
    op.create_index(op.f("ix_past_incident_begun_at"), "past_incident", ["begun_at"])
    _copy_from_audit_log()


def downgrade():
    op.drop_table("past_incident")


def _copy_from_audit_log():
    """Write the incidents that the audit log names, each with the end that follows its beginning."""
    columns = [sa.column("id"), sa.column("name"), sa.column("facts"), sa.column("at", sa.DateTime())]
    entry = sa.table("audit_entry", *columns)
    query = sa.select(entry.c.name, entry.c.at, entry.c.facts).where(
        entry.c.name.in_(["IncidentBegun", "IncidentEnded"])
    )
    rows = []
    for name, at, facts in op.get_bind().execute(query.order_by(entry.c.id)):
        if name == "IncidentBegun":
            rows.append({"id": uuid4(), "reason": json.loads(facts)["reason"], "begun_at": at, "ended_at": None})
        elif rows and rows[-1]["ended_at"] is None:
            rows[-1]["ended_at"] = at
    if rows:
        names = ("id", "reason", "begun_at", "ended_at")
        kinds = (sa.Uuid(), sa.String(), sa.DateTime(), sa.DateTime())
        op.bulk_insert(sa.table("past_incident", *map(sa.column, names, kinds)), rows)
