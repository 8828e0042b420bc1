"""`flask plan recount [CODE]`: recalculate all contributions from the records, or those of one indicator."""

import click
from flask.cli import AppGroup

from app.db.session import transaction
from app.plan.service import recalculation

plan = AppGroup("plan", help="Figures of the capacity-building plan.")


@plan.command("recount")
@click.argument("code", required=False)
def recount(code: str | None) -> None:
    """Recalculate all contributions from the records, or those of one indicator, and print how many changed."""
    changed = 0
    for source, page in recalculation.portions(recalculation.sources(code)):
        with transaction():
            changed += recalculation.recount(source, page)
    click.echo(f"{changed} contributions were changed")
