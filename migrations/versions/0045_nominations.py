"""Events with nominated enrolment: rules of an event, nominations, their history, rounds and decisions about seats."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

KINDS = ("workshop", "study_visit")
NEW_KINDS = ("colep_meeting", "exercise")
WORKSHOP_STATES = ("draft", "cleared", "announced", "closed", "cancelled")
NEW_WORKSHOP_STATES = ("selection_made", "seats_confirmed", "postponed")
HISTORY = ("closed", "reopened", "attendance_asked", "scores_asked")
NEW_HISTORY = ("postponed", "resumed", "seats_confirmed")
NOTICES = ("nomination_changed", "seat_offered", "endorsement_asked", "nomination_waits")
STATES = (
    "interested", "endorsed", "nominated", "selected", "waitlisted", "declined", "offered", "confirmed", "attended",
    "partly_attended", "no_show", "withdrawn", "replaced", "expired",
)  # fmt: skip
TABLES = ("seat_decision", "seat_round", "nomination_change", "nomination")
CHECKS = {
    "nominated_has_dates": "enrolment = 'open' OR (nomination_opens IS NOT NULL AND nomination_deadline IS NOT NULL)",
    "nominations_close_after_they_open": "nomination_deadline >= nomination_opens",
    "selection_is_of_nominated": "enrolment = 'nominated' OR state NOT IN ('selection_made', 'seats_confirmed', 'postponed')",
    "guaranteed_is_possible": "guaranteed >= 0 AND guaranteed <= capacity",
    "offer_days_are_possible": "offer_days BETWEEN 1 AND 60",
    "minimum_is_possible": "minimum BETWEEN 0 AND 1000",
    "observers_are_few": "observers BETWEEN 0 AND 3",
}
COLUMNS = (
    "enrolment", "nomination_opens", "nomination_deadline", "reallocation_date", "guaranteed", "invited_countries",
    "offer_days", "unanswered", "minimum", "decide_by", "withdraw_by", "observers", "competencies",
)  # fmt: skip
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    # the previous version of the code writes events without these columns
    with op.batch_alter_table("workshop") as batch:
        batch.add_column(sa.Column("enrolment", sa.String(length=32), nullable=False, server_default="open"))
        batch.add_column(sa.Column("nomination_opens", sa.Date(), nullable=True))
        batch.add_column(sa.Column("nomination_deadline", sa.Date(), nullable=True))
        batch.add_column(sa.Column("reallocation_date", sa.Date(), nullable=True))
        batch.add_column(sa.Column("guaranteed", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("offer_days", sa.SmallInteger(), nullable=False, server_default="7"))
        batch.add_column(sa.Column("unanswered", sa.String(length=32), nullable=False, server_default="pass_on"))
        batch.add_column(sa.Column("minimum", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("decide_by", sa.Date(), nullable=True))
        batch.add_column(sa.Column("withdraw_by", sa.Date(), nullable=True))
        batch.add_column(sa.Column("observers", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.create_check_constraint(op.f("ck_workshop_enrolment"), "enrolment IN ('open', 'nominated')")
        batch.create_check_constraint(op.f("ck_workshop_unanswered"), "unanswered IN ('pass_on', 'keep_asking')")
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_workshop_{name}"), condition)
    _checked("workshop", "workshopkind", "kind", (*KINDS, *NEW_KINDS))
    _checked("workshop", "workshopstate", "state", _states_with(NEW_WORKSHOP_STATES))
    # after the table was copied: a copy writes an empty default in another way
    op.add_column("workshop", sa.Column("invited_countries", sa.String(length=100), nullable=False, server_default=""))
    op.add_column("workshop", sa.Column("competencies", sa.String(length=200), nullable=False, server_default=""))
    _checked("workshop_history", "historykind", "kind", (*HISTORY, *NEW_HISTORY))
    _checked("notice", "noticekind", "kind", [*_notices(), *NOTICES])

    op.create_table('seat_round',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('kind', _text_enum('roundkind', 'selection', 'reallocation'), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=True),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('capacity', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_seat_round_made_by_person')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_seat_round_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_round')),
    sa.UniqueConstraint('workshop_id', 'number', name=op.f('uq_seat_round_workshop_id_number'))
    )
    op.create_table('nomination',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('state', _text_enum('nominationstate', *STATES), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('use_time', _text_enum('usetime', 'now', 'this_year', 'later', 'not_sure'), nullable=True),
    sa.Column('language_level', _text_enum('languagelevel', 'none', 'basic', 'working', 'fluent'), nullable=True),
    sa.Column('aim', sa.String(length=300), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('endorsed_by', sa.Uuid(), nullable=True),
    sa.Column('endorsed_at', sa.DateTime(), nullable=True),
    sa.Column('nominated_by', sa.Uuid(), nullable=True),
    sa.Column('nominated_at', sa.DateTime(), nullable=True),
    sa.Column('nomination_reason', _text_enum('nominationreason', 'uses_it_daily', 'new_in_role', 'passes_it_on', 'need_of_country', 'other'), nullable=True),
    sa.Column('nomination_text', sa.String(length=300), nullable=False),
    sa.Column('rank', sa.SmallInteger(), nullable=True),
    sa.Column('counted_as', _text_enum('countedas', 'woman', 'man', 'not_said'), nullable=True),
    sa.Column('admitted_by', sa.Uuid(), nullable=True),
    sa.Column('admission_reason', sa.String(length=300), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('decision_reason', sa.String(length=300), nullable=False),
    sa.Column('offered_until', sa.DateTime(), nullable=True),
    sa.Column('seat_source', _text_enum('seatsource', 'guaranteed', 'pool', 'substitute', 'observer'), nullable=True),
    sa.Column('booking_id', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("admitted_by IS NULL OR admission_reason <> ''", name=op.f('ck_nomination_admitted_says_why')),
    sa.CheckConstraint("state <> 'confirmed' OR booking_id IS NOT NULL OR seat_source = 'observer'", name=op.f('ck_nomination_confirmed_has_a_booking')),
    sa.CheckConstraint("state <> 'declined' OR decision_reason <> ''", name=op.f('ck_nomination_declined_says_why')),
    sa.CheckConstraint("state <> 'offered' OR offered_until IS NOT NULL", name=op.f('ck_nomination_offered_says_until_when')),
    sa.CheckConstraint('(endorsed_by IS NULL) = (endorsed_at IS NULL)', name=op.f('ck_nomination_endorsed_says_when')),
    sa.CheckConstraint('(nominated_by IS NULL) = (nominated_at IS NULL)', name=op.f('ck_nomination_nominated_says_when')),
    sa.CheckConstraint('rank > 0', name=op.f('ck_nomination_rank_is_positive')),
    sa.ForeignKeyConstraint(['admitted_by'], ['person.id'], name=op.f('fk_nomination_admitted_by_person')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_nomination_booking_id_booking')),
    sa.ForeignKeyConstraint(['country'], ['country.code'], name=op.f('fk_nomination_country_country')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_nomination_decided_by_person')),
    sa.ForeignKeyConstraint(['endorsed_by'], ['person.id'], name=op.f('fk_nomination_endorsed_by_person')),
    sa.ForeignKeyConstraint(['nominated_by'], ['person.id'], name=op.f('fk_nomination_nominated_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_nomination_person_id_person')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_nomination_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination')),
    sa.UniqueConstraint('workshop_id', 'country', 'rank', name=op.f('uq_nomination_workshop_id_country_rank'))
    )
    op.create_index(op.f('ix_nomination_booking_id'), 'nomination', ['booking_id'])
    op.create_index(op.f('ix_nomination_person_id'), 'nomination', ['person_id'])
    op.create_index(op.f('ix_nomination_state_offered_until'), 'nomination', ['state', 'offered_until'])
    op.create_index('uq_nomination_live', 'nomination', ['workshop_id', 'person_id'], unique=True, sqlite_where=sa.text("state NOT IN ('declined', 'withdrawn', 'replaced', 'expired')"), postgresql_where=sa.text("state NOT IN ('declined', 'withdrawn', 'replaced', 'expired')"))
    op.create_table('nomination_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('from_state', _text_enum('from_state', *STATES), nullable=True),
    sa.Column('to_state', _text_enum('to_state', *STATES), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_nomination_change_changed_by_person')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_nomination_change_nomination_id_nomination')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_change'))
    )
    op.create_index(op.f('ix_nomination_change_changed_by'), 'nomination_change', ['changed_by'])
    op.create_index(op.f('ix_nomination_change_nomination_id_at'), 'nomination_change', ['nomination_id', 'at'])
    op.create_table('seat_decision',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('reason', _text_enum('seat_reason', 'guaranteed_seat', 'pool_seat', 'set_in', 'no_seat_left', 'not_eligible', 'set_out'), nullable=False),
    sa.Column('seat_source', _text_enum('seatsource', 'guaranteed', 'pool', 'substitute', 'observer'), nullable=True),
    sa.Column('reserve', sa.SmallInteger(), nullable=True),
    sa.Column('problems', sa.String(length=300), nullable=False),
    sa.Column('competitors', sa.Text(), nullable=False),
    sa.Column('exception_by', sa.Uuid(), nullable=True),
    sa.Column('exception_reason', sa.String(length=300), nullable=False),
    sa.CheckConstraint("(reserve IS NOT NULL) = (reason = 'no_seat_left')", name=op.f('ck_seat_decision_reserve_waits')),
    sa.CheckConstraint("exception_by IS NULL OR exception_reason <> ''", name=op.f('ck_seat_decision_exception_says_why')),
    sa.ForeignKeyConstraint(['exception_by'], ['person.id'], name=op.f('fk_seat_decision_exception_by_person')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_seat_decision_nomination_id_nomination')),
    sa.ForeignKeyConstraint(['round_id'], ['seat_round.id'], name=op.f('fk_seat_decision_round_id_seat_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_decision')),
    sa.UniqueConstraint('round_id', 'nomination_id', name=op.f('uq_seat_decision_round_id_nomination_id')),
    sa.UniqueConstraint('round_id', 'position', name=op.f('uq_seat_decision_round_id_position'))
    )
    op.create_index(op.f('ix_seat_decision_nomination_id'), 'seat_decision', ['nomination_id'])


def downgrade():
    for kind in NOTICES:
        op.execute(f"DELETE FROM notice WHERE kind = '{kind}'")
    _checked("notice", "noticekind", "kind", [kind for kind in _notices() if kind not in NOTICES])
    for table in TABLES:
        op.drop_table(table)
    for kind in NEW_HISTORY:
        op.execute(f"DELETE FROM workshop_history WHERE kind = '{kind}'")
    _checked("workshop_history", "historykind", "kind", HISTORY)
    for state in NEW_WORKSHOP_STATES:
        op.execute(f"UPDATE workshop SET state = 'announced' WHERE state = '{state}'")
    for kind in NEW_KINDS:
        op.execute(f"UPDATE workshop SET kind = 'workshop' WHERE kind = '{kind}'")
    _checked("workshop", "workshopkind", "kind", KINDS)
    _checked("workshop", "workshopstate", "state", WORKSHOP_STATES)
    with op.batch_alter_table("workshop") as batch:
        for name in ("enrolment", "unanswered", *CHECKS):
            batch.drop_constraint(op.f(f"ck_workshop_{name}"), type_="check")
        for column in COLUMNS:
            batch.drop_column(column)


def _text_enum(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _states_with(states):
    """Return the states of an event with the new ones before the last two, as the code lists them."""
    return (*WORKSHOP_STATES[:-2], *states, *WORKSHOP_STATES[-2:])


def _notices():
    """Return the kinds of notices that the table takes now: other revisions add theirs."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _checked(table, name, column, values):
    constraint, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"{column} IN ({listed})")
