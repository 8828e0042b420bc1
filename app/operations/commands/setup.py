"""`flask first-admin` and `flask running-role` prepare a site."""

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.access.targets import Target
from app.db.server import privileges
from app.db.server.privileges import Rights
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.operations.service import setup
from app.ports import ports
from app.sign_in.domain import in_two_halves
from app.web.settings import settings


@click.command
@with_appcontext
def first_admin() -> None:
    """Print the code that opens the setup pages; it works once, within a day."""
    try:
        with transaction():
            code = setup.make_code(clock.real_now())
    except DomainError as error:
        raise click.ClickException(f"{error} `flask people add --role administrator` adds another one.") from error
    click.echo(
        f"Open {settings().site_url}{ports().path_to(Target.WELCOME)} within 24 hours and type: {in_two_halves(code)}"
    )


@click.command
@click.argument("role")
@with_appcontext
def running_role(role: str) -> None:
    """Grant a role of PostgreSQL the privileges to run the academy; it can only append to the audit log.

    Run this command as the owner of the tables, after `flask upgrade`.
    """
    if db.engine.dialect.name == "sqlite":
        raise click.ClickException("SQLite knows no roles: who may write into the folder of its file may change all.")
    try:
        with transaction():
            privileges.grant(role)
            if faults := role_faults(privileges.privileges_of(role)):
                raise click.ClickException(" ".join(faults))
    except SQLAlchemyError as error:
        asked = "Is there such a role? Does DATABASE_URL name the owner of the tables? Was `flask upgrade` run?"
        raise click.ClickException(f"The database did not take it ({type(error).__name__}). {asked}") from error
    click.echo(f"The role {role} can run the academy now, and only append to the audit log.")


def role_faults(rights: Rights) -> list[str]:
    """Return a message with its fix for each privilege that the role has or lacks by mistake."""
    faults, again = [], f"Run `flask running-role {rights.role}` under the owner of the tables."
    if rights.owned:
        cure = "Let another role own them: docs/operations.md, “Two roles of PostgreSQL”."
        faults.append(f"the role {rights.role} owns {rights.owned} tables, or may act as who does. {cure}")
    elif rights.changed:
        faults.append(f"the role {rights.role} may change or remove rows of {', '.join(rights.changed)}. {again}")
    if rights.closed:
        faults.append(f"the role {rights.role} may not write as it has to into {', '.join(rights.closed)}. {again}")
    return faults
