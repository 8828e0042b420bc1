"""`flask people`: add accounts, assign roles, set passwords and close accounts on the server's console."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID
from zoneinfo import available_timezones

import click
from babel import Locale
from flask.cli import AppGroup

from app.access.policy import Role, Scope
from app.db.session import transaction
from app.i18n.languages import INTERFACE
from app.identity import service
from app.identity.domain.contact import is_mail
from app.identity.domain.people import AgencyKind
from app.identity.queries import people as identity_people, person_details, roles
from app.identity.service import NewPerson
from app.kernel import clock
from app.recovery.domain import IdentityCheck
from app.recovery.service import restore_access
from app.rights.service import roles as rights_roles
from app.sign_in.domain import PASSPHRASE_MAX, PASSPHRASE_MIN
from app.sign_in.queries import sessions
from app.sign_in.service import passwords

people = AppGroup("people", help="Accounts, from the console of the server.")
COUNTRY = 2  # letters
# how far a role reaches when the console gives it
REACH = {Role.CONTACT_POINT: Scope.COUNTRY, Role.SUPERVISOR: Scope.COUNTRY, Role.PRACTITIONER: Scope.SELF}


def _passphrase(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not PASSPHRASE_MIN <= len(value) <= PASSPHRASE_MAX:
        raise click.BadParameter(f"It has {PASSPHRASE_MIN} to {PASSPHRASE_MAX} characters, of any kind.")
    return value


def _mail(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not is_mail(value.strip()):
        raise click.BadParameter("A plain mail address, such as name@example.org.")
    return value.strip()


def _country(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if len(value) != COUNTRY or value.upper() not in Locale("en").territories:
        raise click.BadParameter("Two letters, such as IQ.")
    return value.upper()


def _zone(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value not in available_timezones():  # every page of theirs would fail
        raise click.BadParameter("The name of a time zone, such as Asia/Baghdad.")
    return value


def _line(longest: int) -> Callable[[click.Context, click.Parameter, str], str]:
    def check(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
        if not 0 < len(value.strip()) <= longest or not value.isprintable():
            raise click.BadParameter(f"One line of at most {longest} characters.")
        return value.strip()

    return check


# asked for, never an argument: arguments are seen by everybody on the machine
_password = click.option(
    "--password", prompt="Password", hide_input=True, confirmation_prompt=True, callback=_passphrase
)


@people.command("add")
@click.option("--alias", required=True, callback=_line(80), help="What others see, such as: Investigator 17.")
@click.option("--name", required=True, prompt=True, callback=_line(200), help="Name as on certificates; encrypted.")
@click.option("--mail", required=True, prompt=True, callback=_mail, help="Work e-mail, to sign in with; encrypted.")
@click.option("--country", required=True, callback=_country, help="Two letters, such as IQ.")
@click.option("--agency", required=True, callback=_line(200), help="Name of the agency; created if it is new.")
@click.option("--agency-kind", type=click.Choice([str(kind) for kind in AgencyKind]), default="police")
@click.option("--work", multiple=True, help="Role of the framework, such as first_responder; none for staff alone.")
@click.option("--role", "roles", multiple=True, type=click.Choice([str(role) for role in Role]), help="Role here.")
@click.option("--language", type=click.Choice(sorted(INTERFACE)), default="en")
@click.option("--time-zone", default="UTC", callback=_zone)
@_password
def add(*, roles: Sequence[str], work: Sequence[str], password: str, **options: str) -> None:
    """Add a person."""
    _check_unused(options["alias"], options["mail"])
    hashed = passwords.make_password_hash(password)
    country = options["country"]
    with transaction():
        new = NewPerson(
            alias=options["alias"],
            name=options["name"],
            mail=options["mail"],
            password_hash=hashed,
            country=country,
            agency_id=_agency_id(options),
            roles=tuple(work),
            language=options["language"],
            time_zone=options["time_zone"],
        )
        person = service.add_person(new, clock.now())
        for role in roles:
            _add_role(person, Role(role), country)
    click.echo(f"{options['alias']} can sign in with this mail address.")


@people.command("role")
@click.argument("alias")
@click.argument("role", type=click.Choice([str(role) for role in Role]))
def give_role(alias: str, role: str) -> None:
    """Give a person a role, where no page can: the second administrator of a site that has one."""
    person, wanted, today = _person_id(alias), Role(role), clock.today()
    if wanted in roles.roles_of(person, today):
        raise click.ClickException(f"{alias} holds this role already.")
    country = person_details.any_person(person, today).country
    if REACH.get(wanted) is Scope.COUNTRY and not country:
        raise click.ClickException(f"{alias} has no posting today.")
    with transaction():
        _add_role(person, wanted, country)
    click.echo(f"{alias} holds the role and signs in again.")


@people.command("password")
@click.argument("alias")
@_password
def password(alias: str, password: str) -> None:
    """Set a new password; all sessions of the person end."""
    person, hashed = _person_id(alias), passwords.make_password_hash(password)
    with transaction():
        passwords.set_password(person, hashed)
    click.echo(f"{alias} has a new password.")


@people.command("deactivate")
@click.argument("alias")
def deactivate(alias: str) -> None:
    """Close an account; all sessions of the person end."""
    person = _person_id(alias)
    with transaction():
        if rights_roles.is_last_administrator(person, clock.today()):
            raise click.ClickException(f"{alias} is the last administrator. Give the role to another person first.")
        service.deactivate(person, clock.today())
    click.echo(f"{alias} can no longer sign in.")


@people.command("let-back-in")
@click.argument("alias")
def let_back_in(alias: str) -> None:
    """Create a code with which a person who lost all factors sets up new ones, after the password."""
    person = _person_id(alias)
    with transaction():
        code = restore_access.issue_reset_code(person, IdentityCheck.CONSOLE, clock.real_now())
    click.echo(f"{alias} enters this code once, within 72 hours, as the second step: {code}")


def _person_id(alias: str) -> UUID:
    person_id = identity_people.person_by_alias(alias)
    if person_id is None:
        raise click.ClickException("No person has this alias.")
    return person_id


def _check_unused(alias: str, mail: str) -> None:
    if identity_people.person_by_alias(alias) is not None or sessions.credentials_by_name(mail) is not None:
        raise click.ClickException("Another account already has this alias or this mail address.")


def _agency_id(options: Mapping[str, str]) -> UUID:
    country, name = options["country"], options["agency"]
    if country not in identity_people.countries():
        service.add_country(country, options["time_zone"])
    existing = identity_people.agency(country, name)
    return existing or service.add_agency(country, AgencyKind(options["agency_kind"]), name)


def _add_role(person_id: UUID, role: Role, country: str) -> None:
    scope = REACH.get(role, Scope.ALL)
    reach = country if scope is Scope.COUNTRY else ""
    rights_roles.add_role(person_id, role, scope=scope, reach=reach, since=clock.today())
