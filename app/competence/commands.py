"""`flask competence`: compare all that is kept with the evidence, and take evidence out."""

import click
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from app.accounts import queries as accounts
from app.competence import checks, service
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError

competence = AppGroup("competence", help="What officers can do: replay the evidence, take evidence out.")


@competence.command("replay")
@click.option("--mend", is_flag=True, help="Make again what differs, as after a changed framework.")
def replay(*, mend: bool) -> None:
    """Make everything again from the evidence and compare; exit with 1 when something differs."""
    if mend:
        _mend()
    found = list(checks.faults())
    for sentence in found:
        click.echo(sentence)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("All that is kept is what the evidence leads to.")


@competence.command("void")
@click.argument("number", type=int)
@click.option("--by", "alias", required=True, help="Alias of the person who takes it out.")
@click.option("--reason", required=True, help="Why, in a sentence.")
def void(number: int, *, alias: str, reason: str) -> None:
    """Take a piece of evidence out by its number; what followed from it is made again."""
    person_id = accounts.person_by_alias(alias)
    if person_id is None:
        raise click.ClickException("Nobody has this alias.")
    try:
        with transaction():
            service.void(number, by=person_id, reason=reason, now=clock.now())
    except NoResultFound:
        raise click.ClickException("There is no evidence with this number.") from None
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Evidence {number} is out.")


def _mend() -> None:
    for ids in checks.pages():
        differing = list(checks.different(ids))
        db.session.rollback()
        for person_id in differing:
            with transaction():
                service.rebuild(person_id, clock.now())
        if differing:
            click.echo(f"Made again for {len(differing)} people.")
