"""Register and verify passkeys (WebAuthn). A passkey that verified its user replaces password and second factor."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import delete, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.domain.people import PersonState
from app.identity.models import Person
from app.kernel.shapes import ready
from app.sign_in.domain import CHALLENGE_LIFETIME, Ceremony, Factor
from app.sign_in.events import FactorAdded
from app.sign_in.models import Challenge, Passkey
from app.sign_in.service import second_factor

MOST_PASSKEYS = 20
USER_VERIFICATION = UserVerificationRequirement.REQUIRED
# ids of credentials (WebAuthn level 2, section 5.8.3: 1023 bytes): no other text reaches the database
_CREDENTIAL_ID = re.compile(r"[A-Za-z0-9_-]{1,1364}")

ready(dict[str, object])


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The site that a passkey is bound to: host name, origin, and the name that a browser shows."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class PasskeyChallenge:
    """A challenge: the ticket for the signed cookie, and the options for the browser as JSON."""

    ticket: str
    options: str


def begin_registration(person_id: UUID, alias: str, site: RelyingParty, real_now: datetime) -> PasskeyChallenge:
    """Create the challenge for a new passkey."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=person_id.bytes,
        user_name=alias,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=USER_VERIFICATION
        ),
        exclude_credentials=_credentials(person_id),
    )
    return PasskeyChallenge(
        _save_challenge(options.challenge, Ceremony.ADD, person_id, real_now), options_to_json(options)
    )


def begin_authentication(
    person_id: UUID | None, ceremony: Ceremony, site: RelyingParty, real_now: datetime
) -> PasskeyChallenge:
    """Create the challenge for an authentication of a person (None: the owner of the passkey).

    The challenges of visitors are not stored: the challenge itself is the ticket, so that endless requests of a
    visitor cannot displace the challenges of others. A used challenge is stored.
    """
    allowed = _credentials(person_id) if person_id else None
    options = generate_authentication_options(
        rp_id=site.host, allow_credentials=allowed, user_verification=USER_VERIFICATION
    )
    if person_id is None:
        ends_at = int((real_now + CHALLENGE_LIFETIME).timestamp())
        return PasskeyChallenge(f"{ends_at}.{bytes_to_base64url(options.challenge)}", options_to_json(options))
    return PasskeyChallenge(_save_challenge(options.challenge, ceremony, person_id, real_now), options_to_json(options))


def add(
    person_id: UUID, ticket: str, answer: str, site: RelyingParty, real_now: datetime, *, afresh: bool = False
) -> bool:
    """Add the passkey of a browser; return False if the response of the browser is invalid.

    `afresh` deletes all older factors after the new one is valid: the access of the person was restored.
    """
    challenge = _take_challenge(ticket, Ceremony.ADD, person_id, real_now)
    credential = _read(answer)
    if challenge is None or credential is None or not _may_add(person_id, afresh=afresh):
        return False
    registration = _verified_registration(credential, challenge, site)
    if registration is None:
        return False
    named = bytes_to_base64url(registration.credential_id)
    if not _CREDENTIAL_ID.fullmatch(named):
        return False
    lock_key(person_id.hex)
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == named)) is not None:
        return False
    if afresh:
        second_factor.delete_factors(person_id)
    key = Passkey(
        person_id=person_id,
        credential_id=named,
        public_key=bytes_to_base64url(registration.credential_public_key),
        sign_count=registration.sign_count,
        made_at=real_now,
    )
    db.session.add(key)
    record(FactorAdded(person_id=person_id, factor=Factor.PASSKEY, actor_id=person_id))
    return True


def _verified_registration(
    credential: dict[str, object], challenge: bytes, site: RelyingParty
) -> VerifiedRegistration | None:
    """Return the registration, or None if the signature or any other part of the response is invalid."""
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:
        return None


def _may_add(person_id: UUID, *, afresh: bool) -> bool:
    return len(_credentials(person_id)) < MOST_PASSKEYS or afresh


def authenticate(
    person_id: UUID | None,
    ceremony: Ceremony,
    ticket: str,
    answer: str,
    site: RelyingParty,
    real_now: datetime,
) -> UUID | None:
    """Return the person whom the response of a passkey authenticates, or None if it is invalid.

    The challenge is used up in both cases, that of a visitor only by a valid response. `ticket` is the text of the
    signed cookie, which is trusted for visitors.
    """
    challenge = (
        _read_ticket(ticket, real_now) if person_id is None else _take_challenge(ticket, ceremony, person_id, real_now)
    )
    credential = _read(answer)
    if challenge is None or credential is None:
        return None
    key = _lock_passkey(credential, person_id)
    if key is None:
        return None
    sign_count = _verified_sign_count(credential, challenge, key, site)
    if sign_count is None or (person_id is None and not _use_up(challenge, key, real_now)):
        return None
    key.sign_count, key.used_at = sign_count, real_now
    return key.person_id


def _lock_passkey(credential: dict[str, object], person_id: UUID | None) -> Passkey | None:
    """Lock and return the passkey of a credential, or None unless it is of an active account, and of this person."""
    named = _id_of(credential)
    if not named:
        return None
    query = (
        select(Passkey)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential_id == named, Person.state == PersonState.ACTIVE)
        .with_for_update(of=Passkey)
    )
    key = db.session.scalars(query).one_or_none()
    return key if key is not None and person_id in {None, key.person_id} else None


def _verified_sign_count(
    credential: dict[str, object], challenge: bytes, key: Passkey, site: RelyingParty
) -> int | None:
    """Return the new sign count of a passkey, or None if the signature is invalid."""
    try:
        authentication = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except Exception:
        return None
    return authentication.new_sign_count


def _use_up(challenge: bytes, key: Passkey, real_now: datetime) -> bool:
    """Store the challenge of a visitor as used by this passkey, whose row is locked; return False if used before."""
    number = uuid5(key.id, challenge.hex())
    if db.session.get(Challenge, number) is not None:
        return False
    used = Challenge(
        id=number,
        challenge=bytes_to_base64url(challenge),
        ceremony=Ceremony.SIGN_IN,
        person_id=key.person_id,
        ends_at=real_now + CHALLENGE_LIFETIME,
    )
    db.session.add(used)
    return True


def credential_id(answer: str) -> str:
    """Return the credential id in the response of a browser, "" for none."""
    return _id_of(_read(answer))


def _id_of(credential: dict[str, object] | None) -> str:
    value = credential.get("id") if credential else None
    return value if isinstance(value, str) and _CREDENTIAL_ID.fullmatch(value) else ""


def _read_ticket(ticket: str, real_now: datetime) -> bytes | None:
    ends_at, _, challenge = ticket.partition(".")
    try:
        return base64url_to_bytes(challenge) if challenge and int(ends_at) > real_now.timestamp() else None
    except ValueError:
        return None


def _credentials(person_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    named = db.session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential)) for credential in named]


def _save_challenge(challenge: bytes, ceremony: Ceremony, person_id: UUID, real_now: datetime) -> str:
    row = Challenge(
        challenge=bytes_to_base64url(challenge),
        ceremony=ceremony,
        person_id=person_id,
        ends_at=real_now + CHALLENGE_LIFETIME,
    )
    db.session.add(row)
    db.session.flush()
    return str(row.id)


def _take_challenge(ticket: str, ceremony: Ceremony, person_id: UUID, real_now: datetime) -> bytes | None:
    """Delete and return the challenge of a person: of two requests at once, only one gets it."""
    try:
        number = UUID(ticket)
    except ValueError:
        return None
    of_person = (Challenge.id == number, Challenge.ceremony == ceremony, Challenge.person_id == person_id)
    taken = delete(Challenge).where(*of_person, Challenge.ends_at > real_now).returning(Challenge.challenge)
    challenge = db.session.scalars(taken, execution_options={"synchronize_session": False}).one_or_none()
    return base64url_to_bytes(challenge) if challenge else None


def _read(answer: str) -> dict[str, object] | None:
    try:
        return msgspec.json.decode(answer.encode(), type=dict[str, object])
    except (msgspec.DecodeError, ValueError, RecursionError, OverflowError):
        return None
