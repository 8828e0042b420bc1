"""Asking accounts who of a sheet is known already, in portions: as many statements for ten rows as for five hundred."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from app.access.people_rules import ANYWHERE, PEOPLE_OF_A_COUNTRY
from app.access.policy import Actor, Role
from app.db import blind_index
from app.identity import service
from app.identity.queries import people
from app.identity.queries.postings import PostingSpan
from app.intake.domain.rows import Row, shared
from app.intake.domain.validation import ExistingAccount, Owner, PendingInvitation, World
from app.invitations.domain.invitations import asks_whether_led, gives
from app.invitations.queries import matching
from app.invitations.queries.matching import Account, Awaited

V = TypeVar("V")


def world(rows: Sequence[Row], actor: Actor, today: date) -> World:
    """Return who is known already of these rows' mail addresses and service numbers."""
    mails = {blind_index.index("mail", row.mail): shared(row.mail) for row in rows if row.mail}
    numbers = {blind_index.index("service", one): shared(one) for row in rows if (one := row.service_number)}
    accounts = _asked(lambda some: matching.accounts(some, today), mails)
    awaited = _asked(matching.awaited, mails)
    owners = _asked(lambda some: matching.number_owners(some, today), numbers)
    led = people.led_countries({row.country for row in rows}) if asks_whether_led(actor.roles) else frozenset[str]()
    return World(
        known=_known(accounts, mails, today),
        waiting={mails[index]: _waiting(one, actor) for index, one in awaited.items()},
        # whoever is not in the sheet is somebody else, by whatever name
        numbers={
            numbers[index]: Owner(mails.get(one.mail_index, one.mail_index), one.country)
            for index, one in owners.items()
        },
        led=led,
    )


def known(accounts: Mapping[Any, Account], today: date) -> Mapping[Any, ExistingAccount]:
    """Return these accounts as the rules know them."""
    ids = {one.posting.agency_id for one in accounts.values() if one.posting}
    names = matching.agency_names(ids)
    return {key: _one(account, names, today) for key, account in accounts.items()}


def _known(accounts: Mapping[str, Account], mails: Mapping[str, str], today: date) -> Mapping[str, ExistingAccount]:
    return {mails[index]: one for index, one in known(accounts, today).items()}


def _one(account: Account, agencies: Mapping[UUID, str], today: date) -> ExistingAccount:
    posting = account.posting
    return ExistingAccount(
        person_id=account.person_id,
        country=posting.country if posting else "",
        serves=account.active and posting is not None and _covers(posting, today),
        moves=account.moves,
        name=account.name,
        latin_name=account.latin_name,
        service_number=account.service_number,
        agency_id=posting.agency_id if posting else None,
        agency=agencies.get(posting.agency_id, "") if posting else "",
        posting=posting.roles if posting else (),
        roles=account.roles,
    )


def _covers(posting: PostingSpan, today: date) -> bool:
    return posting.since <= today and (posting.until is None or posting.until >= today)


def _waiting(one: Awaited, actor: Actor) -> PendingInvitation:
    of_country = Role.CONTACT_POINT in actor.roles and actor.country == one.country and one.role in PEOPLE_OF_A_COUNTRY
    own = one.invited_by == actor.id and one.role in gives(actor.roles & set(ANYWHERE))
    return PendingInvitation(
        country=one.country,
        visible=of_country or own,
        name=one.name,
        latin_name=one.latin_name,
        service_number=one.service_number,
        agency_id=one.agency_id,
        posting=one.posting_roles,
        role=one.role,
    )


def _asked(ask: Callable[[Collection[str]], Mapping[str, V]], indexes: Collection[str]) -> dict[str, V]:
    found: dict[str, V] = {}
    for some in service.portions(list(indexes)):
        found.update(ask(some))
    return found


def countries_of(mails: Sequence[str], numbers: Sequence[str], today: date) -> list[str]:
    """Return in which countries these addresses and service numbers are somebody's, or are invited."""
    indexes = {blind_index.index("mail", mail) for mail in mails}
    accounts = _asked(lambda some: matching.accounts(some, today), indexes)
    served = {one.posting.country for one in accounts.values() if one.posting}
    awaited = {one.country for one in _asked(matching.awaited, indexes).values()}
    service = {blind_index.index("service", number) for number in numbers}
    owners = _asked(lambda some: matching.number_owners(some, today), service)
    return sorted((served | awaited | {one.country for one in owners.values()}) - {""})


def owners_of(numbers: Sequence[str], today: date) -> set[str]:
    """Return which of these service numbers are somebody's, as `shared` makes them."""
    indexes = {blind_index.index("service", one): shared(one) for one in numbers}
    return {indexes[index] for index in _asked(lambda some: matching.number_owners(some, today), indexes)}
