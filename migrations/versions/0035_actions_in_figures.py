"""Mark the stored definition of actions done on time: the job recalculates it from the actions that exist."""

from alembic import op

revision = "0035"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("UPDATE definition SET due = true WHERE rule = 'action_points_on_time'")


def downgrade():
    op.execute("UPDATE definition SET due = false WHERE rule = 'action_points_on_time'")
