"""`flask competence coverage`: how each core competency of each role can be verified."""

from collections.abc import Sequence
from itertools import groupby

import click
from flask.cli import with_appcontext

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain import coverage as rules
from app.checks.domain.coverage import CoverageLine
from app.checks.queries import offers


@click.command("coverage")
@with_appcontext
def coverage() -> None:
    """Show, by role, how each core competency can be verified; exit with 1 if one has no way."""
    framework = catalogue.competencies() or Competencies()
    ways = offers.possible(framework, {(name, level) for _role, name, level in rules.core(framework)})
    lines = list(rules.coverage(framework, ways))
    _print(lines)
    missing = sum(not line.ways for line in lines)
    click.echo(f"{len(lines)} needs, {missing} without a way.")
    if missing or not lines:
        raise click.exceptions.Exit(1)


def _print(lines: Sequence[CoverageLine]) -> None:
    for role, of_role in groupby(lines, key=lambda line: line.role):
        click.echo(f"{role}:")
        for line in of_role:
            click.echo(f"  {line.competency} {line.level}: {rules.text_of(line)}")
