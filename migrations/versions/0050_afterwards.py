"""What follows an event: evaluation, follow-up, commitments, report of a visit; kinds of notices about them."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

NOTICES = ("evaluation_open", "follow_up_asked", "supervisor_asked", "commitment_due", "visit_report_waits")
TABLES = ("visit_report", "commitment", "follow_up", "evaluation", "evaluation_request", "event_afterwards")
VALUE = re.compile(r"'([a-z_]+)'")


def upgrade():
    _checked("notice", "noticekind", "kind", [*_notices(), *NOTICES])
    op.create_table('event_afterwards',
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('evaluation_opened_on', sa.Date(), nullable=True),
    sa.Column('evaluation_closes_on', sa.Date(), nullable=True),
    sa.Column('evaluation_closed_on', sa.Date(), nullable=True),
    sa.Column('asked', sa.SmallInteger(), nullable=False),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('follow_up_opened_on', sa.Date(), nullable=True),
    sa.Column('follow_up_closed_on', sa.Date(), nullable=True),
    sa.Column('nominees_told', sa.SmallInteger(), nullable=True),
    sa.Column('nominees_women', sa.SmallInteger(), nullable=True),
    sa.Column('attended_told', sa.SmallInteger(), nullable=True),
    sa.Column('attended_women', sa.SmallInteger(), nullable=True),
    sa.CheckConstraint('(evaluation_opened_on IS NULL) = (evaluation_closes_on IS NULL)', name=op.f('ck_event_afterwards_open_says_until_when')),
    sa.CheckConstraint('asked >= 0', name=op.f('ck_event_afterwards_asked_is_a_count')),
    sa.CheckConstraint('attended_women <= attended_told AND attended_told <= nominees_told', name=op.f('ck_event_afterwards_attended_are_nominees')),
    sa.CheckConstraint('evaluation_closed_on IS NULL OR evaluation_opened_on IS NOT NULL', name=op.f('ck_event_afterwards_closed_was_open')),
    sa.CheckConstraint('follow_up_closed_on IS NULL OR follow_up_opened_on IS NOT NULL', name=op.f('ck_event_afterwards_follow_up_was_open')),
    sa.CheckConstraint('nominees_women <= nominees_told', name=op.f('ck_event_afterwards_women_are_nominees')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_event_afterwards_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('workshop_id', name=op.f('pk_event_afterwards'))
    )
    op.create_table('evaluation_request',
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('answered', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evaluation_request_person_id_person')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_evaluation_request_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('workshop_id', 'person_id', name=op.f('pk_evaluation_request')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_evaluation_request_person_id'), 'evaluation_request', ['person_id'])
    op.create_table('evaluation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('content_fits', sa.SmallInteger(), nullable=False),
    sa.Column('use_in_three_months', sa.SmallInteger(), nullable=False),
    sa.Column('enough_practice', sa.SmallInteger(), nullable=False),
    sa.Column('feedback_helped', sa.SmallInteger(), nullable=False),
    sa.Column('trainer_knew', sa.SmallInteger(), nullable=False),
    sa.Column('language_followed', sa.SmallInteger(), nullable=False),
    sa.Column('examples_fit', sa.SmallInteger(), nullable=False),
    sa.Column('felt_safe', sa.SmallInteger(), nullable=False),
    sa.Column('organisation_worked', sa.SmallInteger(), nullable=False),
    sa.Column('send_colleague', sa.SmallInteger(), nullable=False),
    sa.Column('to_keep', sa.String(length=500), nullable=False),
    sa.Column('to_change', sa.String(length=500), nullable=False),
    sa.Column('missed', sa.String(length=500), nullable=False),
    sa.CheckConstraint('content_fits BETWEEN 1 AND 5', name=op.f('ck_evaluation_content_fits_is_on_scale')),
    sa.CheckConstraint('enough_practice BETWEEN 1 AND 5', name=op.f('ck_evaluation_enough_practice_is_on_scale')),
    sa.CheckConstraint('examples_fit BETWEEN 1 AND 5', name=op.f('ck_evaluation_examples_fit_is_on_scale')),
    sa.CheckConstraint('feedback_helped BETWEEN 1 AND 5', name=op.f('ck_evaluation_feedback_helped_is_on_scale')),
    sa.CheckConstraint('felt_safe BETWEEN 1 AND 5', name=op.f('ck_evaluation_felt_safe_is_on_scale')),
    sa.CheckConstraint('language_followed BETWEEN 1 AND 5', name=op.f('ck_evaluation_language_followed_is_on_scale')),
    sa.CheckConstraint('organisation_worked BETWEEN 1 AND 5', name=op.f('ck_evaluation_organisation_worked_is_on_scale')),
    sa.CheckConstraint('send_colleague BETWEEN 1 AND 5', name=op.f('ck_evaluation_send_colleague_is_on_scale')),
    sa.CheckConstraint('trainer_knew BETWEEN 1 AND 5', name=op.f('ck_evaluation_trainer_knew_is_on_scale')),
    sa.CheckConstraint('use_in_three_months BETWEEN 1 AND 5', name=op.f('ck_evaluation_use_in_three_months_is_on_scale')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_evaluation_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_evaluation_workshop_id'), 'evaluation', ['workshop_id'])
    op.create_table('follow_up',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('state', _text_enum('followupstate', 'open', 'answered', 'unanswered'), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('reminders', sa.SmallInteger(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('occasion', _text_enum('occasion', 'often', 'sometimes', 'never'), nullable=True),
    sa.Column('used', sa.String(length=300), nullable=False),
    sa.Column('helped', sa.String(length=100), nullable=False),
    sa.Column('hindered', sa.String(length=100), nullable=False),
    sa.Column('passed_on', sa.SmallInteger(), nullable=True),
    sa.Column('referral', _text_enum('referral_answer', 'yes', 'no', 'no_occasion'), nullable=True),
    sa.Column('capture', _text_enum('capture_answer', 'yes', 'no', 'no_occasion'), nullable=True),
    sa.Column('request', _text_enum('request_answer', 'yes', 'no', 'no_occasion'), nullable=True),
    sa.Column('contacted', sa.Boolean(), nullable=True),
    sa.Column('change_seen', _text_enum('changeseen', 'yes', 'partly', 'no', 'cannot_say'), nullable=True),
    sa.Column('would_help', sa.String(length=300), nullable=False),
    sa.Column('supervised_by', sa.Uuid(), nullable=True),
    sa.Column('supervised_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(state = 'answered') = (answered_on IS NOT NULL)", name=op.f('ck_follow_up_answered_says_when')),
    sa.CheckConstraint("state <> 'answered' OR (occasion IS NOT NULL AND referral IS NOT NULL AND capture IS NOT NULL AND request IS NOT NULL AND contacted IS NOT NULL)", name=op.f('ck_follow_up_answered_is_complete')),
    sa.CheckConstraint('(change_seen IS NULL) = (supervised_by IS NULL)', name=op.f('ck_follow_up_seen_says_by_whom')),
    sa.CheckConstraint('(change_seen IS NULL) = (supervised_on IS NULL)', name=op.f('ck_follow_up_seen_says_when')),
    sa.CheckConstraint('passed_on BETWEEN 0 AND 500', name=op.f('ck_follow_up_passed_on_is_possible')),
    sa.CheckConstraint('reminders BETWEEN 0 AND 2', name=op.f('ck_follow_up_reminders_are_few')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_follow_up_person_id_person')),
    sa.ForeignKeyConstraint(['supervised_by'], ['person.id'], name=op.f('fk_follow_up_supervised_by_person')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_follow_up_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
    sa.UniqueConstraint('workshop_id', 'person_id', name=op.f('uq_follow_up_workshop_id_person_id'))
    )
    op.create_index(op.f('ix_follow_up_person_id'), 'follow_up', ['person_id'])
    op.create_index(op.f('ix_follow_up_state_opened_on'), 'follow_up', ['state', 'opened_on'])
    op.create_index(op.f('ix_follow_up_supervised_by'), 'follow_up', ['supervised_by'])
    op.create_table('commitment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('due', sa.Date(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('state', _text_enum('commitmentstate', 'under_way', 'done', 'dropped'), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(state = 'under_way') = (ended_on IS NULL)", name=op.f('ck_commitment_ended_says_when')),
    sa.CheckConstraint("confirmed_by IS NULL OR state <> 'under_way'", name=op.f('ck_commitment_confirmed_has_ended')),
    sa.CheckConstraint("state = 'under_way' OR note <> ''", name=op.f('ck_commitment_ended_says_what')),
    sa.CheckConstraint("text <> ''", name=op.f('ck_commitment_text_is_not_empty')),
    sa.CheckConstraint('(confirmed_by IS NULL) = (confirmed_on IS NULL)', name=op.f('ck_commitment_confirmed_says_when')),
    sa.CheckConstraint('confirmed_by IS NULL OR confirmed_by <> person_id', name=op.f('ck_commitment_another_person_confirms')),
    sa.CheckConstraint('number BETWEEN 1 AND 2', name=op.f('ck_commitment_two_at_most')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_commitment_confirmed_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_commitment_person_id_person')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_commitment_workshop_id_workshop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
    sa.UniqueConstraint('workshop_id', 'person_id', 'number', name=op.f('uq_commitment_workshop_id_person_id_number'))
    )
    op.create_index(op.f('ix_commitment_confirmed_by'), 'commitment', ['confirmed_by'])
    op.create_index(op.f('ix_commitment_person_id'), 'commitment', ['person_id'])
    op.create_index(op.f('ix_commitment_state_due'), 'commitment', ['state', 'due'])
    op.create_table('visit_report',
    sa.Column('workshop_id', sa.Uuid(), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('written_by', sa.Uuid(), nullable=False),
    sa.Column('written_at', sa.DateTime(), nullable=False),
    sa.Column('approved_by', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("approved_by IS NULL OR summary <> ''", name=op.f('ck_visit_report_approved_is_not_empty')),
    sa.CheckConstraint('(approved_by IS NULL) = (approved_at IS NULL)', name=op.f('ck_visit_report_approved_says_when')),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> written_by', name=op.f('ck_visit_report_another_person_approves')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_visit_report_approved_by_person')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_visit_report_workshop_id_workshop')),
    sa.ForeignKeyConstraint(['written_by'], ['person.id'], name=op.f('fk_visit_report_written_by_person')),
    sa.PrimaryKeyConstraint('workshop_id', name=op.f('pk_visit_report'))
    )
    op.create_index(op.f('ix_visit_report_approved_by'), 'visit_report', ['approved_by'])
    op.create_index(op.f('ix_visit_report_written_by'), 'visit_report', ['written_by'])


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
