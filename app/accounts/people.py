"""Reading people of a country by alias, and invitations."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from app.access.policy import Actor, Role, Scope
from app.accounts import invitation_rules, queries
from app.accounts.alias_order import alias_key
from app.accounts.domain import PersonState
from app.accounts.invitation_rules import (
    ALIAS_STAYS,
    ANYWHERE,
    PEOPLE_OF_A_COUNTRY,
    AliasRefusal,
    InvitationState,
    Term,
    Waits,
    gives,
    tells,
)
from app.accounts.lookalikes import has_signs, looks
from app.accounts.models import Agency, Country, GivenUpAlias, Identity, Invitation, Person, Posting
from app.accounts.queries import LinkMail
from app.accounts.roster import posting_on
from app.db import blind_index
from app.db.session import db
from app.kernel import clock

PAGE = 50
LARGE = 5000  # postings of a country


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of a country in the list of the contact point."""

    alias: str
    person_id: UUID
    state: PersonState
    roles: tuple[str, ...]
    agency: str
    agency_id: UUID
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What narrows a list of people; empty for all."""

    role: str = ""
    agency_id: UUID | None = None
    state: PersonState | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation as those see it who may: `name` and `mail` are "" once it is over."""

    id: UUID
    alias: str
    role: Role
    country: str
    agency: str
    language: str
    term: Term
    made_at: datetime
    bounced_at: datetime | None
    name: str
    mail: str

    def state(self, now: datetime) -> InvitationState:
        """Return the state."""
        return self.term.state(now)


@dataclass(frozen=True, slots=True)
class Guest:
    """An invitation as the invited person sees it."""

    id: UUID
    token: str
    term: Term
    country: str
    agency: str
    mail: str
    name: str
    latin_name: str
    alias: str
    language: str
    has_password: bool
    role: Role
    letter: str  # by what a browser is known in which the code of the newest letter was typed
    browser: str  # hash of the browser in which the password was chosen, or ""


def of_country(
    country: str, today: date, sought: Sought, *, among: Select[UUID] | None = None, size: int = PAGE
) -> list[PersonLine]:
    """Return a page of a country's people by alias and one more, when there are more; the last posting counts.

    They are `among` these, where it is given: few, so that they are asked first.
    """
    still = or_(Posting.until.is_(None), Posting.until >= today)
    later = Posting.__table__.alias("later")
    newest = ~select(later.c.id).where(later.c.person_id == Person.id, later.c.since > Posting.since).exists()
    serves = or_(and_(Person.state == PersonState.ACTIVE, still), and_(Person.state != PersonState.ACTIVE, newest))
    query = (
        select(Person.alias, Person.id, Person.state, Posting.roles, Agency.name, Agency.id, Person.protected)
        .join(Posting, Posting.person_id == Person.id)
        .join(Agency, Agency.id == Posting.agency_id)
        .where(_serves_in(country), Posting.since <= today, serves, Person.alias_key > alias_key(sought.after))
        .where(Person.erased_at.is_(None))
        .order_by(Person.alias_key)
        .limit(size + 1)
    )
    if among is not None:
        query = query.where(Person.id.in_(among))
    if sought.role:
        query = query.where((" " + Posting.roles + " ").contains(f" {sought.role} ", autoescape=True))
    if sought.agency_id is not None:
        query = query.where(Posting.agency_id == sought.agency_id)
    if sought.state is not None:
        query = query.where(Person.state == sought.state)
    rows = db.session.execute(query)
    return [PersonLine(row[0], row[1], row[2], tuple(row[3].split()), *row[4:]) for row in rows]


def agencies(country: str = "") -> list[tuple[UUID, str, str]]:
    """Return id, country and name of a country's services, or of all."""
    query = select(Agency.id, Agency.country, Agency.name).order_by(Agency.country, Agency.name)
    rows = db.session.execute(query.where(Agency.country == country) if country else query)
    return [(row[0], row[1], row[2]) for row in rows]


def waiting(actor: Actor, which: Waits | None = None, *, offset: int = 0, size: int = PAGE) -> list[InvitationLine]:
    """Return a page of the invitations that somebody may see and that are neither accepted nor withdrawn.

    Those whose mail came back stand first, then the newest.
    """
    order = (Invitation.bounced_at.is_(None), Invitation.made_at.desc(), Invitation.alias, Invitation.id)
    page = select(Invitation.id).where(*_waits(actor, which)).order_by(*order).offset(offset).limit(size)
    query = _INVITATIONS.where(Invitation.id.in_(page)).order_by(*order)  # to sort all whole rows takes longer
    return [_line(row[0], row[1]) for row in db.session.execute(query)]


def count_waiting(actor: Actor, which: Waits | None = None) -> int:
    """Return how many invitations `waiting` has in all."""
    return db.session.execute(counting_waiting(actor, which)).scalar_one()


def counting_waiting(actor: Actor, which: Waits | None = None) -> Select[int]:
    """Return the query of `count_waiting`, for who asks several things at once."""
    return select(func.count()).select_from(Invitation).where(*_waits(actor, which))


def expired(actor: Actor, most: int) -> list[UUID]:
    """Return the oldest invitations that somebody may see and that have expired."""
    query = select(Invitation.id).where(*_waits(actor, Waits.EXPIRED)).order_by(Invitation.made_at, Invitation.id)
    return list(db.session.scalars(query.limit(most)))


def invitation(actor: Actor, invitation_id: UUID) -> InvitationLine:
    """Return an invitation that somebody may see, or raise NoResultFound."""
    row = db.session.execute(_INVITATIONS.where(_visible(actor), Invitation.id == invitation_id)).one()
    return _line(row[0], row[1])


def may_see(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on invitations that somebody may see, for whoever works on many of them."""
    return _visible(actor)


def guest(token: str) -> Guest | None:
    """Return the invitation of a link's secret part, whatever its state, or None."""
    row = db.session.execute(
        _INVITATIONS.where(Invitation.token_hash == blind_index.index("invitation", token))
    ).first()
    if row is None:
        return None
    found: Invitation = row[0]
    return Guest(
        id=found.id, token=token, term=term(found), country=found.country, agency=row[1],
        mail=found.mail, name=found.name, latin_name=found.latin_name or "",
        alias=found.alias, language=found.language, has_password=found.password_hash is not None, role=found.role,
        letter=sha256(f"{found.id} {found.code_hash}".encode()).hexdigest(), browser=found.browser_hash or "",
    )  # fmt: skip


def term(found: Invitation) -> Term:
    """Return until when an invitation opens, and what ended it."""
    return Term(found.ends_at, found.letter_ends_at, found.accepted_at, found.withdrawn_at)


def lost_its_sender(found: Invitation) -> bool:
    """Say whether whoever invited may not any more. Of staff nobody else sees it, to take it back.

    Officers and supervisors are looked after by the contact points of their country, one after the other.
    """
    if found.role in PEOPLE_OF_A_COUNTRY:
        return False
    by, today = found.invited_by, clock.today()
    posting = posting_on(by, today)
    serves = posting.country if posting else ""
    active = queries.get(by).state is PersonState.ACTIVE
    return not (active and may_invite(queries.roles_of(by, today), serves, found.role, found.country))


def link_mail(invitation_id: UUID, real_now: datetime) -> LinkMail | None:
    """Return what the mail of an invitation needs, or None when the link opens nothing any more."""
    found = db.session.get(Invitation, invitation_id)
    if found is None or not term(found).opens(real_now, by_code=False):
        return None
    return LinkMail(found.mail, found.language, found.token)


def invitations_of(person_id: UUID) -> list[UUID]:
    """Return the invitations by which a person came."""
    return list(db.session.scalars(select(Invitation.id).where(Invitation.person_id == person_id)))


def open_for_mail(mail_index: str) -> Invitation | None:
    """Return the invitation to a mail address that is neither accepted nor withdrawn, expired or not."""
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return db.session.scalars(select(Invitation).where(Invitation.mail_index == mail_index, *still)).one_or_none()


def country_of_mail(mail_index: str, today: date) -> str | None:
    """Return the country where the person of a mail address serves or last served ("": nowhere); None: nobody's."""
    owner = db.session.scalars(select(Identity.person_id).where(Identity.mail_index == mail_index)).one_or_none()
    if owner is None:
        return None
    posting = posting_on(owner, today)
    return posting.country if posting else ""


def may_invite(roles: Set[Role], own_country: str, role: Role, country: str) -> bool:
    """Say whether somebody of these roles and this country may invite to a role in a country, as things stand."""
    is_led = role is Role.CONTACT_POINT and invitation_rules.asks_whether_led(roles) and bool(queries.led([country]))
    return invitation_rules.may_invite(roles, own_country, role, country, led=is_led)


def looks_after(person_id: UUID, country: str, today: date) -> bool:
    """Say whether somebody is a contact point of this country, and serves there."""
    holders = queries.holders(Scope.COUNTRY, country, today)
    posting = posting_on(person_id, today)
    return (Role.CONTACT_POINT, person_id) in holders and posting is not None and posting.country == country


def country_of_number(service_index: str, today: date) -> str | None:
    """Return where a service number is somebody's, or of an invitation that is not over, as `country_of_mail` does."""
    owner = db.session.scalars(select(Identity.person_id).where(Identity.service_index == service_index)).one_or_none()
    if owner is not None:
        posting = posting_on(owner, today)
        return posting.country if posting else ""
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    invited = select(Invitation.country).where(Invitation.service_index == service_index, *still)
    return db.session.scalars(invited.limit(1)).first()


def is_numbered(service_index: str) -> bool:
    """Say whether a service number is a person's."""
    return db.session.scalar(select(Identity.person_id).where(Identity.service_index == service_index)) is not None


def alias_is_taken(text: str, but: UUID | None = None) -> bool:
    """Say whether an alias is or was a person's, or stands in another invitation that is not over."""
    if db.session.scalars(select(Person.id).where(Person.alias == text)).first() is not None:
        return True
    if db.session.scalars(select(GivenUpAlias.id).where(GivenUpAlias.alias == text)).first() is not None:
        return True
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    others = select(Invitation.id).where(Invitation.alias == text, *still)
    if but is not None:
        others = others.where(Invitation.id != but)
    return db.session.scalars(others.limit(1)).first() is not None


def refuse_alias(person_id: UUID, text: str, now: datetime) -> AliasRefusal | None:
    """Return why somebody does not get an alias, None where they do; all aliases are compared by their looks."""
    person = db.session.get_one(Person, person_id)
    identity = db.session.get(Identity, person_id)
    if text == person.alias:
        return AliasRefusal.SAME
    if (free_at := alias_free_at(person_id)) is not None and now < free_at:
        return AliasRefusal.SOON
    names, addresses = ("", ""), ("", "")
    if identity is not None:
        names, addresses = (identity.name, identity.latin_name or ""), (identity.mail, identity.service_number or "")
    return unfit_alias(text, names=names, addresses=addresses, but=person_id)


def unfit_alias(text: str, *, names: Iterable[str], addresses: Iterable[str], but: UUID) -> AliasRefusal | None:
    """Return why an alias is for nobody, or not for whoever is so called; `but` is the person or invitation."""
    if not has_signs(text):
        return AliasRefusal.EMPTY
    if tells(text, names=names, addresses=addresses):
        return AliasRefusal.NAME
    wanted = looks(text)
    return AliasRefusal.ALIKE if any(wanted & looks(one) for one in _aliases_but(but)) else None


def alias_free_at(person_id: UUID) -> datetime | None:
    """Return from when on somebody may choose another alias; None: they have chosen none since the invitation."""
    chosen_at = db.session.get_one(Person, person_id).alias_chosen_at
    return None if chosen_at is None else chosen_at + ALIAS_STAYS


def _aliases_but(one: UUID) -> Iterator[str]:
    """Yield the aliases of all people, of invitations that are not over, and those that rest, but of this one."""
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    yield from db.session.scalars(select(Person.alias).where(Person.id != one))
    yield from db.session.scalars(select(Invitation.alias).where(Invitation.id != one, *still))
    rests = (GivenUpAlias.person_id != one, GivenUpAlias.free_at > clock.now())
    yield from db.session.scalars(select(GivenUpAlias.alias).where(*rests))


def country(code: str) -> Country:
    """Return a member country or raise NoResultFound."""
    return db.session.get_one(Country, code)


def _serves_in(country: str) -> ColumnElement[bool]:
    """Return the condition on a posting's country.

    SQLite would read all postings of the country and sort them: of a large one it walks the aliases instead, which
    takes no longer the more people there are.
    """
    if db.engine.dialect.name == "sqlite":
        some = select(Posting.id).where(Posting.country == country).limit(LARGE).subquery()
        if (db.session.scalar(select(func.count()).select_from(some)) or 0) >= LARGE:
            return Posting.country.concat("") == country  # no index holds this
    return Posting.country == country


def _waits(actor: Actor, which: Waits | None) -> list[ColumnElement[bool]]:
    found = [_visible(actor), Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)]
    if which is Waits.BOUNCED:
        found.append(Invitation.bounced_at.is_not(None))
    if which is Waits.EXPIRED:
        now = clock.real_now()
        found += [Invitation.ends_at <= now, func.coalesce(Invitation.letter_ends_at, Invitation.ends_at) <= now]
    return found


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return what an actor may see: whom they invited as what they still are, a contact point all of the own country.

    Who was contact point and is no more reads no names of what they sent then.
    """
    of_country: ColumnElement[bool] = false()
    if Role.CONTACT_POINT in actor.roles and actor.country:
        of_country = and_(Invitation.country == actor.country, Invitation.role.in_(PEOPLE_OF_A_COUNTRY))
    far = gives(actor.roles & set(ANYWHERE))
    own: ColumnElement[bool] = and_(Invitation.invited_by == actor.id, Invitation.role.in_(far)) if far else false()
    return or_(own, of_country)


def _line(found: Invitation, agency: str) -> InvitationLine:
    return InvitationLine(
        id=found.id, alias=found.alias, role=found.role, country=found.country, agency=agency,
        language=found.language, term=term(found), made_at=found.made_at, bounced_at=found.bounced_at,
        name=found.name, mail=found.mail,
    )  # fmt: skip


_INVITATIONS = select(Invitation, Agency.name).join(Agency, Agency.id == Invitation.agency_id)
