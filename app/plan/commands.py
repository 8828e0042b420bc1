"""`flask plan`: count the figures anew."""

import click
from flask.cli import AppGroup

from app.plan import jobs

plan = AppGroup("plan", help="Figures of the capacity-building plan.")


@plan.command("recount")
@click.argument("code", required=False)
def recount(code: str | None) -> None:
    """Work out all contributions anew from the records (of one indicator: its code), and say how many were wrong."""
    changed = jobs.count(code)
    click.echo(f"{changed} contributions were changed")
