"""Delete an identity in all packages after its retention, or erase the account at the person's request."""

import secrets
from datetime import date, datetime
from uuid import UUID

from app.db.session import record
from app.directory.events import IdentityRemoved, PersonErased
from app.directory.service.postings import country_of_person
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.queries import people as identity_people, postings
from app.invitations.queries import aliases
from app.invitations.service import erasure as invitations_erasure
from app.recovery.service import erasure as recovery_erasure
from app.sign_in.service import erasure as sign_in_erasure

NEUTRAL = "Former member {}"
RETENTION, ERASURE = "retention", "erasure"


def delete_identity(person_id: UUID, *, why: str, today: date) -> bool:
    """Delete the personal data of a person in all packages; return False if there was no identity. Work stays."""
    postings.lock(person_id)
    # of roles nothing is deleted: assignments, requests and proposals are records by id
    invitations_erasure.delete_personal_data(person_id)
    recovery_erasure.delete_personal_data(person_id)
    sign_in_erasure.delete_personal_data(person_id)  # before the identity, which names the failed sign-ins
    existed = service.delete_personal_data(person_id)
    if existed:
        record(IdentityRemoved(person_id=person_id, country=country_of_person(person_id, today), why=why))
    return existed


def erase_account(person_id: UUID, now: datetime) -> None:
    """Erase an account: no identity, a neutral alias, no password; completed work still counts."""
    today = now.date()
    postings.lock(person_id)
    person = identity_people.get(person_id)
    if person.erased_at is not None:
        return
    if person.state is PersonState.ACTIVE:
        service.deactivate(person_id, today)
    delete_identity(person_id, why=ERASURE, today=today)
    person.alias = _neutral()
    person.password_hash, person.language, person.content_language, person.time_zone = "", "en", None, "UTC"
    person.extra_time, person.more_contrast, person.data_saver = 0, False, False
    person.shows_country, person.leaves_on, person.erased_at = False, None, now
    record(PersonErased(person_id=person_id, country=country_of_person(person_id, today)))


def _neutral() -> str:
    alias = NEUTRAL.format(secrets.token_hex(4))
    while aliases.alias_is_taken(alias):
        alias = NEUTRAL.format(secrets.token_hex(4))
    return alias
