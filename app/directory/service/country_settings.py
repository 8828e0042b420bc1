"""What a country decides for itself: the second step of its officers, codes on paper, help, its services."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, delete, exists, func, or_, select, update
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Scope, allows, own_scope
from app.db.session import db, record
from app.directory.events import AgencyAdded, AgencyDropped, AgencyRenamed, CountryChanged
from app.identity.domain.people import AgencyKind
from app.identity.models import Agency, Country, Posting, RoleGrant
from app.invitations.queries import invitations

REVIEWED_EVERY = timedelta(days=183)  # a number that nobody answers any more is worse than none


@dataclass(frozen=True, slots=True)
class CountrySettings:
    """What a country has decided."""

    code: str
    second_factor: bool
    printed_codes: bool
    help_text: str
    help_reviewed_on: date | None
    identity_months: int

    def help_is_due(self, today: date) -> bool:
        """Say whether the help contact is missing, or was looked at more than half a year ago."""
        return self.help_reviewed_on is None or today - self.help_reviewed_on > REVIEWED_EVERY


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """A service of a country; one that people served in, or are invited to, stays."""

    id: UUID
    country: str
    kind: AgencyKind
    name: str
    used: bool


def settings(country: str) -> CountrySettings:
    """Return what a country has decided, or raise NoResultFound."""
    found = db.session.get_one(Country, country, populate_existing=True)
    return CountrySettings(
        found.code,
        found.second_factor,
        found.printed_codes,
        found.help_text,
        found.help_reviewed_on,
        found.identity_months,
    )


def help_text(country: str) -> str:
    """Return where officers of a country find help, "" when nothing is said."""
    return db.session.scalar(select(Country.help_text).where(Country.code == country)) or ""


def agencies(country: str) -> list[AgencyLine]:
    """Return the services of a country by name."""
    query = select(Agency, _used()).where(Agency.country == country).order_by(Agency.name, Agency.id)
    return [_line(row[0], used=row[1]) for row in db.session.execute(query)]


def agency(actor: Actor, agency_id: UUID) -> AgencyLine:
    """Return a service of the actor's country for its contact point, or raise NoResultFound."""
    if not allows(actor, Action.SET_COUNTRY, own_scope(actor)):
        raise NoResultFound
    query = select(Agency, _used()).where(Agency.id == agency_id, Agency.country == (actor.country or None))
    row = db.session.execute(query).one()
    return _line(row[0], used=row[1])


def change(country: str, *, second_factor: bool, printed_codes: bool) -> bool:
    """Decide on the second step and on codes on paper; say whether anything changed."""
    found = db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    wanted = {"second_factor": second_factor, "printed_codes": printed_codes}
    changed = tuple(name for name, value in wanted.items() if getattr(found, name) != value)
    for name in changed:
        setattr(found, name, wanted[name])
    if changed:
        told = tuple(f"{name} {'on' if wanted[name] else 'off'}" for name in changed)
        record(CountryChanged(country=country, changed=told))
    return bool(changed)


def set_help(country: str, text: str, today: date) -> None:
    """Say where officers find help after a hard text; saving it, changed or not, is its review."""
    found = db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    same = found.help_text == text
    found.help_text, found.help_reviewed_on = text, today
    record(CountryChanged(country=country, changed=("help reviewed",) if same else ("help",)))


def keep_names(country: str, months: int) -> bool:
    """Decide how long names are kept after somebody left; say whether that changed anything."""
    found = db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    if found.identity_months == months:
        return False
    found.identity_months = months
    record(CountryChanged(country=country, changed=(f"identity_months {months}",)))
    return True


def add_agency(country: str, kind: AgencyKind, name: str) -> UUID | None:
    """Add a service; None when the country has one of this name."""
    if _is_taken(country, name):
        return None
    made = Agency(country=country, kind=kind, name=name)
    db.session.add(made)
    db.session.flush()
    record(AgencyAdded(agency_id=made.id, country=country))
    return made.id


def rename_agency(line: AgencyLine, name: str) -> bool:
    """Call a service otherwise; say False when another one of the country is called so."""
    if _is_taken(line.country, name, but=line.id):
        return False
    db.session.execute(update(Agency).where(Agency.id == line.id).values(name=name))
    record(AgencyRenamed(agency_id=line.id, country=line.country))
    return True


def drop_agency(line: AgencyLine) -> bool:
    """Remove a service; say False and keep it when somebody served in it, is invited to it or holds a role for it."""
    unused = ~_used()
    gone = db.session.execute(delete(Agency).where(Agency.id == line.id, unused).returning(Agency.id)).first()
    if gone is None:
        return False
    record(AgencyDropped(agency_id=line.id, country=line.country))
    return True


def _is_taken(country: str, name: str, but: UUID | None = None) -> bool:
    # who changes a country's services goes one after the other: the row of the country is held
    db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    same = select(Agency.id).where(Agency.country == country, Agency.name == name)
    found = db.session.scalars(same if but is None else same.where(Agency.id != but)).first()
    return found is not None


def _used() -> ColumnElement[bool]:
    served = exists().where(Posting.agency_id == Agency.id)
    invited = invitations.uses_agency(Agency.id)
    # who moves on the first day leaves no posting behind, and yet the role, whose page names the service
    whole = (RoleGrant.role == Role.SUPERVISOR, RoleGrant.scope == Scope.AGENCY)
    supervised = exists().where(*whole, RoleGrant.reach == func.replace(cast(Agency.id, String), "-", ""))
    return or_(served, invited, supervised)


def _line(found: Agency, *, used: bool) -> AgencyLine:
    return AgencyLine(found.id, found.country, found.kind, found.name, used)
