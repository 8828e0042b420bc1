"""Days of an event: check-in, attendance lists of devices, sheets of assessors, tests; and cascade sessions."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NOTICES = ("attendance_due", "event_test_opened")
TABLES = (
    "cascade_list", "cascade_officer", "cascade_session", "event_test_attempt", "event_test", "rubric_sheet",
    "attendance_list", "check_in", "check_in_code",
)  # fmt: skip
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    _checked("notice", "noticekind", "kind", [*_notices(), *NOTICES])
    op.create_table('check_in_code',
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('secret', sa.String(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_check_in_code_opened_by_person')),
    sa.ForeignKeyConstraint(['session_id'], ['workshop_session.id'], name=op.f('fk_check_in_code_session_id_workshop_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_check_in_code'))
    )
    op.create_table('check_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('state', _text_enum('checkinstate', 'recorded', 'waiting', 'confirmed', 'declined'), nullable=False),
    sa.Column('shown_at', sa.DateTime(), nullable=False),
    sa.Column('taken_at', sa.DateTime(), nullable=False),
    sa.Column('arrived_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(state IN ('confirmed', 'declined')) = (decided_by IS NOT NULL)", name=op.f('ck_check_in_decided_says_by_whom')),
    sa.CheckConstraint('(decided_by IS NULL) = (decided_at IS NULL)', name=op.f('ck_check_in_decided_says_when')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_check_in_booking_id_booking')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_check_in_decided_by_person')),
    sa.ForeignKeyConstraint(['session_id'], ['workshop_session.id'], name=op.f('fk_check_in_session_id_workshop_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in')),
    sa.UniqueConstraint('session_id', 'booking_id', name=op.f('uq_check_in_session_id_booking_id'))
    )
    op.create_index(op.f('ix_check_in_booking_id'), 'check_in', ['booking_id'])
    op.create_table('attendance_list',
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('session_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('taken_at', sa.DateTime(), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('saved', sa.SmallInteger(), nullable=False),
    sa.Column('conflicts', sa.Text(), nullable=False),
    sa.Column('settled_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_attendance_list_recorded_by_person')),
    sa.ForeignKeyConstraint(['session_id'], ['workshop_session.id'], name=op.f('fk_attendance_list_session_id_workshop_session')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_attendance_list'))
    )
    op.create_index(op.f('ix_attendance_list_recorded_by'), 'attendance_list', ['recorded_by'])
    op.create_index(op.f('ix_attendance_list_session_id_settled_at'), 'attendance_list', ['session_id', 'settled_at'])
    op.create_table('rubric_sheet',
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('competency', sa.String(length=20), nullable=False),
    sa.Column('assessor_id', sa.Uuid(), nullable=False),
    sa.Column('scores', sa.Text(), nullable=False),
    sa.Column('comment', sa.String(length=600), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['assessor_id'], ['person.id'], name=op.f('fk_rubric_sheet_assessor_id_person')),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_rubric_sheet_booking_id_booking')),
    sa.PrimaryKeyConstraint('booking_id', 'competency', 'assessor_id', name=op.f('pk_rubric_sheet'))
    )
    op.create_index(op.f('ix_rubric_sheet_assessor_id'), 'rubric_sheet', ['assessor_id'])
    op.create_table('event_test',
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('part', _text_enum('part', 'before', 'after'), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('items', sa.SmallInteger(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('closed_at >= opened_at', name=op.f('ck_event_test_closes_after_it_opens')),
    sa.CheckConstraint('items BETWEEN 1 AND 40', name=op.f('ck_event_test_items_are_few')),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_event_test_opened_by_person')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_event_test_version_id_course_version')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_event_test_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('workshop_id', 'part', name=op.f('pk_event_test'))
    )
    op.create_table('event_test_attempt',
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('part', _text_enum('part', 'before', 'after'), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['booking_id'], ['booking.id'], name=op.f('fk_event_test_attempt_booking_id_booking')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_event_test_attempt_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('workshop_id', 'part', 'booking_id', name=op.f('pk_event_test_attempt')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_event_test_attempt_attempt_id'))
    )
    op.create_index(op.f('ix_event_test_attempt_booking_id'), 'event_test_attempt', ['booking_id'])
    op.create_table('cascade_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('minutes', sa.SmallInteger(), nullable=False),
    sa.Column('competency', sa.String(length=20), nullable=False),
    sa.Column('activity', sa.String(length=20), nullable=False),
    sa.Column('counted_by', _text_enum('countedby', 'alias', 'head_count'), nullable=False),
    sa.Column('people', sa.SmallInteger(), nullable=False),
    sa.Column('state', _text_enum('cascadestate', 'recorded', 'withdrawn'), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("state <> 'withdrawn' OR reason <> ''", name=op.f('ck_cascade_session_withdrawn_says_why')),
    sa.CheckConstraint('minutes BETWEEN 15 AND 3000', name=op.f('ck_cascade_session_minutes_are_possible')),
    sa.CheckConstraint('people BETWEEN 1 AND 500', name=op.f('ck_cascade_session_people_are_possible')),
    sa.ForeignKeyConstraint(['country'], ['country.code'], name=op.f('fk_cascade_session_country_country')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_cascade_session_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cascade_session'))
    )
    op.create_index(op.f('ix_cascade_session_country_day'), 'cascade_session', ['country', 'day'])
    op.create_index(op.f('ix_cascade_session_person_id'), 'cascade_session', ['person_id'])
    op.create_table('cascade_officer',
    sa.Column('cascade_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['cascade_id'], ['cascade_session.id'], name=op.f('fk_cascade_officer_cascade_id_cascade_session')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_cascade_officer_person_id_person')),
    sa.PrimaryKeyConstraint('cascade_id', 'person_id', name=op.f('pk_cascade_officer'))
    )
    op.create_index(op.f('ix_cascade_officer_person_id'), 'cascade_officer', ['person_id'])
    op.create_table('cascade_list',
    sa.Column('cascade_id', sa.Uuid(), nullable=False),
    sa.Column('content', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['cascade_id'], ['cascade_session.id'], name=op.f('fk_cascade_list_cascade_id_cascade_session')),
    sa.PrimaryKeyConstraint('cascade_id', name=op.f('pk_cascade_list'))
    )


def downgrade():
    for table in TABLES:
        op.drop_table(table)
    for kind in NOTICES:
        op.execute(f"DELETE FROM notice WHERE kind = '{kind}'")
    _checked("notice", "noticekind", "kind", [kind for kind in _notices() if kind not in NOTICES])


def _text_enum(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _notices():
    """Return the kinds of notices that the table takes now: other revisions add theirs."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _checked(table, name, column, values):
    constraint, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"{column} IN ({listed})")
