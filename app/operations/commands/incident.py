"""`flask incident`: begin, end and report on a security incident if no administrator can sign in."""

import sys
from datetime import UTC, datetime
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from app.access.policy import Actor, Role
from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError
from app.operations import queries as operations
from app.operations.pages import audit_log as pages
from app.operations.service import administrator_actions
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident as sign_in_incident
from app.web.table_files import csv_lines

incident = AppGroup("incident", help="Manage a security incident, and report what an account did.")
CONSOLE = Actor(UUID(int=0), "", frozenset({Role.ADMINISTRATOR}))


@incident.command("begin")
@click.option("--reason", required=True, type=click.Choice([str(reason) for reason in IncidentReason]))
@click.option("--person", "aliases", multiple=True, help="Alias of a person whose second factor is reset.")
@click.option("--everybody", is_flag=True, help="Reset the second factor of every person.")
def begin(reason: str, aliases: tuple[str, ...], *, everybody: bool) -> None:
    """End all sessions, disable exports, and reset the second factors of the named people or of everybody."""
    people = None if everybody else [_person_id(alias) for alias in aliases]
    try:
        with transaction():
            ended = sign_in_incident.begin(IncidentReason(reason), people, clock.real_now())
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    named = "everybody" if everybody else ", ".join(aliases) or "none"
    click.echo(f"{ended} sessions ended; exports are disabled. Second factors reset: {named}.")
    click.echo("These people need a code from a contact point, or from `flask people let-back-in ALIAS`.")


@incident.command("end")
def end() -> None:
    """End the incident: enable exports again. People whose second factor was reset still need a new one."""
    with transaction():
        done = sign_in_incident.end(clock.real_now())
    click.echo("The incident is over." if done else "There is no security incident.")


@incident.command("report")
@click.option("--person", "alias", required=True, help="Alias or id of the account; it may be closed.")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day, in UTC.")
def report(alias: str, since: datetime) -> None:
    """Write the audit entries and views of an account since a day as CSV; the person sees this in the access log.

    The report has the content of the administrators' page, and does not need an active incident.
    """
    person_id = operations.find_person_id(alias)
    if person_id is None:
        raise click.ClickException(f"No account has the alias or id {alias}.")
    begun = since.replace(tzinfo=UTC)
    with transaction():
        administrator_actions.record_report(person_id, begun)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    for line in csv_lines(pages.HEADS, pages.report(app, "en", CONSOLE, person_id, begun)):
        sys.stdout.write(line)


def _person_id(alias: str) -> UUID:
    person_id = people.person_by_alias(alias)
    if person_id is None:
        raise click.ClickException(f"No account has the alias {alias}.")
    return person_id
