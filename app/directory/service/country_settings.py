"""Read and change the settings of a country: sign-in rules, help contact, retention of names, agencies."""

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

REVIEWED_EVERY = timedelta(days=183)  # an outdated number is worse than none


@dataclass(frozen=True, slots=True)
class CountrySettings:
    """The settings of a country."""

    code: str
    second_factor: bool
    printed_codes: bool
    help_text: str
    help_reviewed_on: date | None
    identity_months: int
    exact_counts: bool | None  # None: not answered yet

    def help_is_due(self, today: date) -> bool:
        """Return whether the help contact was never reviewed, or more than half a year ago."""
        return self.help_reviewed_on is None or today - self.help_reviewed_on > REVIEWED_EVERY


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency of a country; a used one cannot be removed."""

    id: UUID
    country: str
    kind: AgencyKind
    name: str
    used: bool


def settings(country: str) -> CountrySettings:
    """Return the settings of a country. Raises NoResultFound."""
    row = db.session.get_one(Country, country, populate_existing=True)
    return CountrySettings(
        code=row.code,
        second_factor=row.second_factor,
        printed_codes=row.printed_codes,
        help_text=row.help_text,
        help_reviewed_on=row.help_reviewed_on,
        identity_months=row.identity_months,
        exact_counts=row.exact_counts,
    )


def help_text(country: str) -> str:
    """Return the help contact of a country, or ""."""
    return db.session.scalar(select(Country.help_text).where(Country.code == country)) or ""


def agencies(country: str) -> list[AgencyLine]:
    """Return the agencies of a country by name."""
    query = select(Agency, _used()).where(Agency.country == country).order_by(Agency.name, Agency.id)
    return [_line(row[0], used=row[1]) for row in db.session.execute(query)]


def agency(actor: Actor, agency_id: UUID) -> AgencyLine:
    """Return an agency of the actor's country for its contact point. Raises NoResultFound."""
    if not allows(actor, Action.SET_COUNTRY, own_scope(actor)):
        raise NoResultFound
    query = select(Agency, _used()).where(Agency.id == agency_id, Agency.country == (actor.country or None))
    row = db.session.execute(query).one()
    return _line(row[0], used=row[1])


def change(country: str, *, second_factor: bool, printed_codes: bool) -> bool:
    """Change the sign-in rules; return whether anything changed."""
    row = db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    wanted = {"second_factor": second_factor, "printed_codes": printed_codes}
    changed = tuple(name for name, value in wanted.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        changes = tuple(f"{name} {'on' if wanted[name] else 'off'}" for name in changed)
        record(CountryChanged(country=country, changed=changes))
    return bool(changed)


def set_help(country: str, text: str, today: date) -> None:
    """Save the help contact; saving it unchanged counts as a review."""
    row = db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    same = row.help_text == text
    row.help_text, row.help_reviewed_on = text, today
    record(CountryChanged(country=country, changed=("help reviewed",) if same else ("help",)))


def keep_names(country: str, months: int) -> bool:
    """Change how many months names are kept after a person left; return whether it changed."""
    row = db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    if row.identity_months == months:
        return False
    row.identity_months = months
    record(CountryChanged(country=country, changed=(f"identity_months {months}",)))
    return True


def agree_to_exact_counts(country: str, *, agreed: bool) -> bool:
    """Save whether coordinators see exact process counts of the country; return whether the answer changed."""
    row = db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    if row.exact_counts is agreed:
        return False
    row.exact_counts = agreed
    record(CountryChanged(country=country, changed=(f"exact_counts {'on' if agreed else 'off'}",)))
    return True


def add_agency(country: str, kind: AgencyKind, name: str) -> UUID | None:
    """Add an agency and return its id, or None if the country has one of this name."""
    if _is_taken(country, name):
        return None
    agency = Agency(country=country, kind=kind, name=name)
    db.session.add(agency)
    db.session.flush()
    record(AgencyAdded(agency_id=agency.id, country=country))
    return agency.id


def rename_agency(line: AgencyLine, name: str) -> bool:
    """Rename an agency; return False if another agency of the country has the name."""
    if _is_taken(line.country, name, exclude_id=line.id):
        return False
    db.session.execute(update(Agency).where(Agency.id == line.id).values(name=name))
    record(AgencyRenamed(agency_id=line.id, country=line.country))
    return True


def drop_agency(line: AgencyLine) -> bool:
    """Remove an agency; return False if postings, invitations or role assignments refer to it."""
    unused = ~_used()
    removed = db.session.execute(delete(Agency).where(Agency.id == line.id, unused).returning(Agency.id)).first()
    if removed is None:
        return False
    record(AgencyDropped(agency_id=line.id, country=line.country))
    return True


def _is_taken(country: str, name: str, *, exclude_id: UUID | None = None) -> bool:
    # changes of a country's agencies run one after the other: the row of the country is locked
    db.session.get_one(Country, country, with_for_update=True, populate_existing=True)
    same = select(Agency.id).where(Agency.country == country, Agency.name == name)
    query = same if exclude_id is None else same.where(Agency.id != exclude_id)
    return db.session.scalars(query).first() is not None


def _used() -> ColumnElement[bool]:
    served = exists().where(Posting.agency_id == Agency.id)
    invited = invitations.uses_agency(Agency.id)
    # a person who moves on the first day leaves no posting behind, but a role whose page names the agency
    whole = (RoleGrant.role == Role.SUPERVISOR, RoleGrant.scope == Scope.AGENCY)
    supervised = exists().where(*whole, RoleGrant.reach == func.replace(cast(Agency.id, String), "-", ""))
    return or_(served, invited, supervised)


def _line(agency: Agency, *, used: bool) -> AgencyLine:
    return AgencyLine(agency.id, agency.country, agency.kind, agency.name, used)
