"""`flask incident`: manage a security incident from the console, if no administrator can sign in."""

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
from app.operations.service import job_runs
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident as sign_in_incident
from app.web.table_files import csv_lines

incident = AppGroup("incident", help="Shut everything, and see what an account did.")
CONSOLE = Actor(UUID(int=0), "", frozenset({Role.ADMINISTRATOR}))


@incident.command("begin")
@click.option("--reason", required=True, type=click.Choice([str(one) for one in IncidentReason]))
@click.option("--person", "aliases", multiple=True, help="Alias of somebody whose second step counts no longer.")
@click.option("--everybody", is_flag=True, help="Nobody's second step counts any longer.")
def begin(reason: str, aliases: tuple[str, ...], *, everybody: bool) -> None:
    """End all sessions, let exports rest, and let second steps count no longer: of those named, or of everybody."""
    people = None if everybody else [_person_id(alias) for alias in aliases]
    try:
        with transaction():
            ended = sign_in_incident.begin(IncidentReason(reason), people, clock.real_now())
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    whose = "everybody" if everybody else ", ".join(aliases) or "nobody"
    click.echo(f"{ended} sessions ended; no file can be taken along. New second step: {whose}.")
    click.echo("Whoever needs one gets a code from a contact point, or by `flask people let-back-in ALIAS`.")


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
    """Write what an account saw and did since a day as CSV: kinds and ids, from the trail; its person sees that, too.

    It holds what the page of administrators holds, and may be made when the incident is over.
    """
    person_id = operations.whose(alias)
    if person_id is None:
        raise click.ClickException(f"Nobody has the alias or id {alias}.")
    begun = since.replace(tzinfo=UTC)
    with transaction():
        job_runs.record_report(person_id, begun)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    for line in csv_lines(pages.HEADS, pages.report(app, "en", CONSOLE, person_id, begun)):
        sys.stdout.write(line)


def _person_id(alias: str) -> UUID:
    person_id = people.person_by_alias(alias)
    if person_id is None:
        raise click.ClickException(f"Nobody has the alias {alias}.")
    return person_id
