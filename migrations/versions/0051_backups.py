"""Attempts to make backups, and their checks by holders."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('backup_run',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('row_count', sa.BigInteger(), nullable=False),
    sa.Column('faults', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('check_hash', sa.String(length=64), nullable=False),
    sa.Column('checked_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(name = '') = (error <> '')", name=op.f('ck_backup_run_made_or_failed')),
    sa.CheckConstraint("checked_at IS NULL OR check_hash <> ''", name=op.f('ck_backup_run_checked_was_made')),
    sa.CheckConstraint('took_ms >= 0 AND size >= 0 AND row_count >= 0 AND faults >= 0', name=op.f('ck_backup_run_numbers_are_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_backup_run'))
    )
    op.create_index(op.f('ix_backup_run_started_at'), 'backup_run', ['started_at'])


def downgrade():
    op.drop_table('backup_run')
