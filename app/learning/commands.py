"""`flask completion recalculate`: derive assignments from the records and sum the rollups from them."""

import click
from flask.cli import AppGroup

from app.db.session import transaction
from app.kernel import clock
from app.learning.service import assignments

completion = AppGroup("completion", help="Assignments of courses and their completion.")


@completion.command("recalculate")
@click.option("--past", is_flag=True, help="Derive past days from the records, too, as after an import of rows.")
def recalculate(*, past: bool) -> None:
    """Recalculate all assignments from today on and all rollups, and print how many assignments changed."""
    today, changed = clock.today(), 0
    for people in assignments.pages():
        with transaction():
            changed += assignments.rebuild(people, today) if past else assignments.recalculate(people, None, today)
    with transaction():
        assignments.rebuild_rollups()
    click.echo(f"{changed} assignments were changed")
