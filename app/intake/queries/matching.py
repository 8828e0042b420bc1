"""Match the rows of a sheet with accounts and invitations, in portions: the number of statements is constant."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from app.access.people_rules import PEOPLE_OF_A_COUNTRY, can_invite
from app.access.policy import Actor
from app.db import blind_index
from app.identity import service
from app.identity.queries import people
from app.identity.queries.postings import PostingSpan
from app.intake.domain.rows import PersonRow, shared
from app.intake.domain.validation import (
    ExistingAccount,
    ExistingRecords,
    PendingInvitation,
    ServiceNumberOwner,
    manages,
)
from app.invitations.domain.invitations import asks_whether_led
from app.invitations.queries import matching
from app.invitations.queries.matching import Awaited, MatchedAccount

K = TypeVar("K")
V = TypeVar("V")


def existing_records(rows: Sequence[PersonRow], actor: Actor, today: date) -> ExistingRecords:
    """Return the accounts and invitations with the mail addresses and service numbers of these rows."""
    mails = {blind_index.index("mail", row.mail): shared(row.mail) for row in rows if row.mail}
    numbers = {blind_index.index("service", value): shared(value) for row in rows if (value := row.service_number)}
    accounts = _by_text(lambda indexes: matching.accounts(indexes, today), mails)
    invitations = _by_text(matching.awaited, mails)
    owners = _by_text(lambda indexes: matching.number_owners(indexes, today), numbers)
    led = people.led_countries({row.country for row in rows}) if asks_whether_led(actor.roles) else frozenset[str]()
    return ExistingRecords(
        accounts=existing_accounts(accounts, today),
        invitations={mail: _invitation(invitation, actor) for mail, invitation in invitations.items()},
        # a person who is not in the sheet has only the index of the mail address
        numbers={
            number: ServiceNumberOwner(mails.get(owner.mail_index, owner.mail_index), owner.country)
            for number, owner in owners.items()
        },
        led=led,
    )


def existing_accounts(accounts: Mapping[K, MatchedAccount], today: date) -> dict[K, ExistingAccount]:
    """Return these accounts in the shape of the rules, under the same keys."""
    ids = {account.posting.agency_id for account in accounts.values() if account.posting}
    names = matching.agency_names(ids)
    return {key: _account(account, names, today) for key, account in accounts.items()}


def accounts_of(ids: Sequence[UUID], today: date) -> dict[UUID, ExistingAccount]:
    """Return the accounts of these people; people without identity are left out."""
    return existing_accounts(_in_portions(lambda portion: matching.accounts_of(portion, today), ids), today)


def _account(account: MatchedAccount, agencies: Mapping[UUID, str], today: date) -> ExistingAccount:
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


def _invitation(invitation: Awaited, actor: Actor) -> PendingInvitation:
    of_country = manages(actor, invitation.country) and invitation.role in PEOPLE_OF_A_COUNTRY
    # without a country of its own, a role invites only if it invites in all countries
    own = invitation.invited_by == actor.id and can_invite(actor.roles, "", invitation.role, "", led=False)
    return PendingInvitation(
        country=invitation.country,
        visible=of_country or own,
        name=invitation.name,
        latin_name=invitation.latin_name,
        service_number=invitation.service_number,
        agency_id=invitation.agency_id,
        posting=invitation.posting_roles,
        role=invitation.role,
    )


def _in_portions(query: Callable[[Sequence[K]], Mapping[K, V]], keys: Collection[K]) -> dict[K, V]:
    results: dict[K, V] = {}
    for portion in service.portions(list(keys)):
        results.update(query(portion))
    return results


def _by_text(query: Callable[[Sequence[str]], Mapping[str, V]], texts: Mapping[str, str]) -> dict[str, V]:
    """Return the results of a query by index under the texts of the indexes."""
    return {texts[index]: result for index, result in _in_portions(query, texts).items()}


def countries_of(mails: Sequence[str], numbers: Sequence[str], today: date) -> list[str]:
    """Return the countries of the people and invitations with these addresses and service numbers."""
    indexes = {blind_index.index("mail", mail) for mail in mails}
    accounts = _in_portions(lambda portion: matching.accounts(portion, today), indexes)
    served = {record.posting.country for record in accounts.values() if record.posting}
    awaited = {record.country for record in _in_portions(matching.awaited, indexes).values()}
    service = {blind_index.index("service", number) for number in numbers}
    owners = _in_portions(lambda portion: matching.number_owners(portion, today), service)
    return sorted((served | awaited | {record.country for record in owners.values()}) - {""})


def owners_of(numbers: Sequence[str], today: date) -> set[str]:
    """Return which of these service numbers a person has, in the form of `shared`."""
    indexes = {blind_index.index("service", number): shared(number) for number in numbers}
    return set(_by_text(lambda portion: matching.number_owners(portion, today), indexes))
