"""Passkeys: what a browser has to sign, and whether it did. A passkey that verified its user counts as both steps."""

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
# what a passkey may be called (WebAuthn level 2, section 5.8.3: 1023 bytes): nothing else reaches the database
_CREDENTIAL_ID = re.compile(r"[A-Za-z0-9_-]{1,1364}")

ready(dict[str, object])


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """What a passkey is bound to: the site's host name, its address, and the name that a browser shows."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class PasskeyChallenge:
    """A challenge: by what it is found again, for the signed cookie; and what the browser is asked, as JSON."""

    ticket: str
    options: str


def begin_registration(person_id: UUID, alias: str, site: RelyingParty, real_now: datetime) -> PasskeyChallenge:
    """Begin to add a passkey."""
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
    """Begin to prove somebody (None: whoever the passkey names).

    Nothing is kept of what strangers ask: the challenge itself is the ticket, so that nobody who asks without end
    throws out those of others. Once it has served, that is kept.
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
    """Add the passkey that a browser made; say False when its answer does not hold.

    `afresh` removes all older factors, once the new one holds: the person was let back in.
    """
    challenge = _take_challenge(ticket, Ceremony.ADD, person_id, real_now)
    credential = _read(answer)
    if challenge is None or credential is None or (len(_credentials(person_id)) >= MOST_PASSKEYS and not afresh):
        return False
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:
        return False
    named = bytes_to_base64url(made.credential_id)
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
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        made_at=real_now,
    )
    db.session.add(key)
    record(FactorAdded(person_id=person_id, factor=Factor.PASSKEY, actor_id=person_id))
    return True


def authenticate(
    person_id: UUID | None,
    ceremony: Ceremony,
    ticket: str,
    answer: str,
    site: RelyingParty,
    real_now: datetime,
) -> UUID | None:
    """Return whom a passkey's answer proves, or None when it does not hold.

    The challenge is used up either way, but a stranger's only when the answer holds. `ticket` is what the signed
    cookie says: a stranger's is believed.
    """
    challenge = (
        _read_ticket(ticket, real_now) if person_id is None else _take_challenge(ticket, ceremony, person_id, real_now)
    )
    credential = _read(answer)
    named = credential.get("id") if credential else None
    if challenge is None or credential is None or not isinstance(named, str) or not _CREDENTIAL_ID.fullmatch(named):
        return None
    query = (
        select(Passkey)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential_id == named, Person.state == PersonState.ACTIVE)
        .with_for_update(of=Passkey)
    )
    key = db.session.scalars(query).one_or_none()
    if key is None or person_id not in {None, key.person_id}:
        return None
    try:
        proved = verify_authentication_response(
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
    if person_id is None and not _use_up(challenge, key, real_now):
        return None
    key.sign_count, key.used_at = proved.new_sign_count, real_now
    return key.person_id


def _use_up(challenge: bytes, key: Passkey, real_now: datetime) -> bool:
    """Keep that a stranger's challenge has served this passkey, whose row is held; say False when it had before."""
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
    """Return the id of the passkey of a browser's answer, "" for none."""
    credential = _read(answer)
    found = credential.get("id") if credential else None
    return found if isinstance(found, str) and _CREDENTIAL_ID.fullmatch(found) else ""


def _read_ticket(ticket: str, real_now: datetime) -> bytes | None:
    ends_at, _, challenge = ticket.partition(".")
    try:
        return base64url_to_bytes(challenge) if challenge and int(ends_at) > real_now.timestamp() else None
    except ValueError:
        return None


def _credentials(person_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    named = db.session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in named]


def _save_challenge(challenge: bytes, ceremony: Ceremony, person_id: UUID, real_now: datetime) -> str:
    kept = Challenge(
        challenge=bytes_to_base64url(challenge),
        ceremony=ceremony,
        person_id=person_id,
        ends_at=real_now + CHALLENGE_LIFETIME,
    )
    db.session.add(kept)
    db.session.flush()
    return str(kept.id)


def _take_challenge(ticket: str, ceremony: Ceremony, person_id: UUID, real_now: datetime) -> bytes | None:
    """Take a person's challenge out of the table: of two that bring it at once, one gets it."""
    try:
        number = UUID(ticket)
    except ValueError:
        return None
    mine = (Challenge.id == number, Challenge.ceremony == ceremony, Challenge.person_id == person_id)
    taken = delete(Challenge).where(*mine, Challenge.ends_at > real_now).returning(Challenge.challenge)
    found = db.session.scalars(taken, execution_options={"synchronize_session": False}).one_or_none()
    return base64url_to_bytes(found) if found else None


def _read(answer: str) -> dict[str, object] | None:
    try:
        return msgspec.json.decode(answer.encode(), type=dict[str, object])
    except (msgspec.DecodeError, ValueError, RecursionError, OverflowError):
        return None
