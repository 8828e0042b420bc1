"""Watched sittings, requests for a check, products and markings, surprise draws; collections of desk tasks."""

import re

import sqlalchemy as sa
from alembic import op

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None

PURPOSES = ("pretest", "test", "retention", "practice")
NOTICES = ("check_asked", "check_planned", "check_cancelled", "check_declined", "check_result", "product_waits")
TABLES = ("marking", "seat_work", "product", "surprise_pick", "sitting_task", "sitting_seat", "sitting_invigilator", "sitting_interruption", "check_request", "sitting", "evidence_watcher", "marking_comment", "calibration", "surprise_draw")
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    op.create_table('surprise_draw',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('quarter', sa.String(length=7), nullable=False),
    sa.Column('competency', sa.String(length=20), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('pool', sa.Integer(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_surprise_draw')),
    sa.UniqueConstraint('quarter', 'competency', name=op.f('uq_surprise_draw_quarter_competency'))
    )
    op.create_table('calibration',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('rubric', sa.String(length=40), nullable=False),
    sa.Column('scores', sa.Text(), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calibration_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration'))
    )
    op.create_index(op.f('ix_calibration_person_id_rubric'), 'calibration', ['person_id', 'rubric'])

    op.create_table('marking_comment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('rubric', sa.String(length=40), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('written_by', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_marking_comment_written_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_marking_comment'))
    )
    op.create_index(op.f('ix_marking_comment_rubric'), 'marking_comment', ['rubric'])

    op.create_table('evidence_watcher',
    sa.Column('evidence_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('in_own_chain', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_evidence_watcher_evidence_id_evidence')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evidence_watcher_person_id_person')),
    sa.PrimaryKeyConstraint('evidence_id', 'person_id', name=op.f('pk_evidence_watcher'))
    )
    op.create_index(op.f('ix_evidence_watcher_person_id'), 'evidence_watcher', ['person_id'])

    op.create_table('sitting',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=True),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('is_group', sa.Boolean(), nullable=False),
    sa.Column('planned_for', sa.DateTime(), nullable=False),
    sa.Column('state', _text_enum('sittingstate', 'planned', 'open', 'interrupted', 'closed', 'cancelled'), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('note', sa.String(length=600), nullable=False),
    sa.Column('submission', sa.String(length=64), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_sitting_closed_says_when')),
    sa.CheckConstraint("(state IN ('planned', 'cancelled')) = (opened_at IS NULL)", name=op.f('ck_sitting_opened_says_when')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_sitting_agency_id_agency')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_sitting_created_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting')),
    sa.UniqueConstraint('code', name=op.f('uq_sitting_code')),
    sa.UniqueConstraint('submission', name=op.f('uq_sitting_submission'))
    )
    op.create_index(op.f('ix_sitting_country_planned_for'), 'sitting', ['country', 'planned_for'])
    op.create_index(op.f('ix_sitting_state_planned_for'), 'sitting', ['state', 'planned_for'])

    op.create_table('check_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('competency', sa.String(length=20), nullable=False),
    sa.Column('level', _text_enum('checklevel', 'foundation', 'practitioner', 'specialist'), nullable=False),
    sa.Column('state', _text_enum('checkrequeststate', 'open', 'planned', 'declined', 'withdrawn', 'done'), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('answered_by', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('sitting_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f('ck_check_request_declined_says_why')),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_check_request_answered_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_check_request_person_id_person')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_check_request_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_request'))
    )
    op.create_index(op.f('ix_check_request_country_state'), 'check_request', ['country', 'state'])
    op.create_index(op.f('ix_check_request_person_id'), 'check_request', ['person_id'])

    op.create_table('sitting_interruption',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('sitting_id', sa.Uuid(), nullable=False),
    sa.Column('began_at', sa.DateTime(), nullable=False),
    sa.Column('began_by', sa.Uuid(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('reason', sa.String(length=600), nullable=False),
    sa.ForeignKeyConstraint(['began_by'], ['person.id'], name=op.f('fk_sitting_interruption_began_by_person')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_sitting_interruption_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_interruption'))
    )
    op.create_index(op.f('ix_sitting_interruption_sitting_id'), 'sitting_interruption', ['sitting_id'])

    op.create_table('sitting_invigilator',
    sa.Column('sitting_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('added_by', sa.Uuid(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_sitting_invigilator_added_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sitting_invigilator_person_id_person')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_sitting_invigilator_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', 'person_id', name=op.f('pk_sitting_invigilator'))
    )
    op.create_index(op.f('ix_sitting_invigilator_person_id'), 'sitting_invigilator', ['person_id'])

    op.create_table('sitting_seat',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('sitting_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('state', _text_enum('seatstate', 'expected', 'arrived', 'confirmed', 'working', 'finished', 'absent', 'refused'), nullable=False),
    sa.Column('is_surprise', sa.Boolean(), nullable=False),
    sa.Column('arrived_at', sa.DateTime(), nullable=True),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('session_id', sa.String(length=64), nullable=True),
    sa.Column('browser_id', sa.String(length=64), nullable=True),
    sa.Column('moves', sa.SmallInteger(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('note', sa.String(length=600), nullable=False),
    sa.CheckConstraint('(confirmed_by IS NULL) = (confirmed_at IS NULL)', name=op.f('ck_sitting_seat_confirmed_says_when')),
    sa.CheckConstraint('confirmed_by IS NULL OR confirmed_by <> person_id', name=op.f('ck_sitting_seat_another_person_confirms')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_sitting_seat_confirmed_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sitting_seat_person_id_person')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_sitting_seat_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_seat')),
    sa.UniqueConstraint('sitting_id', 'person_id', name=op.f('uq_sitting_seat_sitting_id_person_id'))
    )
    op.create_index(op.f('ix_sitting_seat_person_id'), 'sitting_seat', ['person_id'])

    op.create_table('sitting_task',
    sa.Column('sitting_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('competency', sa.String(length=20), nullable=False),
    sa.Column('level', _text_enum('checklevel', 'foundation', 'practitioner', 'specialist'), nullable=False),
    sa.Column('way', _text_enum('checkway', 'questions', 'desk_task'), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('task', sa.String(length=24), nullable=False),
    sa.Column('minutes', sa.SmallInteger(), nullable=False),
    sa.CheckConstraint("(way = 'desk_task') = (task <> '')", name=op.f('ck_sitting_task_desk_task_is_named')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_sitting_task_course_id_course')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_sitting_task_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('sitting_id', 'position', name=op.f('pk_sitting_task')),
    sa.UniqueConstraint('sitting_id', 'competency', 'level', name=op.f('uq_sitting_task_sitting_id_competency_level'))
    )
    op.create_table('surprise_pick',
    sa.Column('draw_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('level', _text_enum('checklevel', 'foundation', 'practitioner', 'specialist'), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('state', _text_enum('pickstate', 'drawn', 'seated', 'checked', 'excused', 'missed'), nullable=False),
    sa.Column('sitting_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['surprise_draw.id'], name=op.f('fk_surprise_pick_draw_id_surprise_draw')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_surprise_pick_person_id_person')),
    sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_surprise_pick_sitting_id_sitting')),
    sa.PrimaryKeyConstraint('draw_id', 'person_id', name=op.f('pk_surprise_pick'))
    )
    op.create_index(op.f('ix_surprise_pick_person_id'), 'surprise_pick', ['person_id'])

    op.create_table('product',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('competency', sa.String(length=20), nullable=False),
    sa.Column('level', _text_enum('checklevel', 'foundation', 'practitioner', 'specialist'), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('task', sa.String(length=24), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=True),
    sa.Column('sat_on', sa.Date(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(), nullable=False),
    sa.Column('wanted_by', sa.Date(), nullable=False),
    sa.Column('state', _text_enum('productstate', 'waiting', 'marking', 'different', 'marked', 'withdrawn'), nullable=False),
    sa.Column('share', sa.Double(), nullable=True),
    sa.Column('marked_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(state = 'marked') = (marked_at IS NOT NULL)", name=op.f('ck_product_marked_says_when')),
    sa.CheckConstraint('share IS NULL OR share BETWEEN 0 AND 1', name=op.f('ck_product_share_is_a_share')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_product_agency_id_agency')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_product_course_id_course')),
    sa.ForeignKeyConstraint(['seat_id'], ['sitting_seat.id'], name=op.f('fk_product_seat_id_sitting_seat')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_product_version_id_course_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_product_attempt_id')),
    sa.UniqueConstraint('number', name=op.f('uq_product_number')),
    sa.UniqueConstraint('seat_id', 'position', name=op.f('uq_product_seat_id_position'))
    )
    op.create_index(op.f('ix_product_state_wanted_by'), 'product', ['state', 'wanted_by'])

    op.create_table('seat_work',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('state', _text_enum('workstate', 'waiting', 'open', 'submitted', 'counted', 'void'), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=True),
    sa.Column('began_at', sa.DateTime(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(state = 'waiting') = (attempt_id IS NULL) OR state = 'void'", name=op.f('ck_seat_work_begun_has_an_attempt')),
    sa.ForeignKeyConstraint(['seat_id'], ['sitting_seat.id'], name=op.f('fk_seat_work_seat_id_sitting_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_work')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_seat_work_attempt_id')),
    sa.UniqueConstraint('seat_id', 'position', name=op.f('uq_seat_work_seat_id_position'))
    )
    op.create_table('marking',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('marker_id', sa.Uuid(), nullable=False),
    sa.Column('part', _text_enum('markingpart', 'first', 'second', 'settling'), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('agency_id', sa.Uuid(), nullable=True),
    sa.Column('taken_at', sa.DateTime(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(), nullable=True),
    sa.Column('scores', sa.Text(), nullable=False),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('evidence_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(submitted_at IS NULL) OR scores <> ''", name=op.f('ck_marking_submitted_has_scores')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_marking_agency_id_agency')),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_marking_evidence_id_evidence')),
    sa.ForeignKeyConstraint(['marker_id'], ['person.id'], name=op.f('fk_marking_marker_id_person')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_marking_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_marking')),
    sa.UniqueConstraint('product_id', 'marker_id', name=op.f('uq_marking_product_id_marker_id')),
    sa.UniqueConstraint('product_id', 'part', name=op.f('uq_marking_product_id_part'))
    )
    op.create_index(op.f('ix_marking_marker_id_submitted_at'), 'marking', ['marker_id', 'submitted_at'])
    _checked("attempt", "purpose", "purpose", (*PURPOSES, "watched"))
    _checked("notice", "noticekind", "kind", [*_notices(), *NOTICES])
    with op.batch_alter_table("course") as batch:
        batch.add_column(sa.Column("collection", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    with op.batch_alter_table("course") as batch:
        batch.drop_column("collection")
    for kind in NOTICES:
        op.execute(f"DELETE FROM notice WHERE kind = '{kind}'")
    _checked("notice", "noticekind", "kind", [kind for kind in _notices() if kind not in NOTICES])
    for table in TABLES:
        op.drop_table(table)
    watched = "SELECT id FROM attempt WHERE purpose = 'watched'"
    for table in ("answer_save", "question_mark"):
        op.execute(f"DELETE FROM {table} WHERE attempt_id IN ({watched})")
    op.execute("DELETE FROM attempt WHERE purpose = 'watched'")
    _checked("attempt", "purpose", "purpose", PURPOSES)


def _text_enum(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _notices():
    """Return the kinds of notices that the table takes now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("notice")
    return VALUE.findall(next(check["sqltext"] for check in checks if check["name"] == op.f("ck_notice_noticekind")))


def _checked(table, name, column, values):
    constraint, listed = op.f(f"ck_{table}_{name}"), ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(constraint, type_="check")
        batch.create_check_constraint(constraint, f"{column} IN ({listed})")
