"""Passkeys: what a browser has to sign, and whether it did. A passkey that verified its user counts as both steps."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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

from app.accounts import proving, service
from app.accounts.domain import CHALLENGE_LIFE, Ceremony, Factor, PersonState
from app.accounts.events import FactorAdded
from app.accounts.models import Challenge, Passkey, Person
from app.db.session import db, record
from app.kernel.shapes import ready

MOST_OPEN = 1000  # of challenges for strangers
MOST_PASSKEYS = 20
VERIFIED = UserVerificationRequirement.REQUIRED

ready(dict[str, object])


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is bound to: the site's host name, its address, and the name that a browser shows."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge: its id, and what the browser is asked, as JSON."""

    challenge_id: UUID
    options: str


def ask_to_add(person_id: UUID, alias: str, site: Site, real_now: datetime) -> Asked:
    """Begin to add a passkey."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=person_id.bytes,
        user_name=alias,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=VERIFIED
        ),
        exclude_credentials=_of(person_id),
    )
    return Asked(_keep(options.challenge, Ceremony.ADD, person_id, real_now), options_to_json(options))


def ask_to_prove(person_id: UUID | None, ceremony: Ceremony, site: Site, real_now: datetime) -> Asked:
    """Begin to prove somebody (None: whoever the passkey names)."""
    if person_id is None:
        _make_room()
    allowed = _of(person_id) if person_id else None
    options = generate_authentication_options(rp_id=site.host, allow_credentials=allowed, user_verification=VERIFIED)
    return Asked(_keep(options.challenge, ceremony, person_id, real_now), options_to_json(options))


def add(
    person_id: UUID, challenge_id: UUID | None, answer: str, site: Site, real_now: datetime, *, afresh: bool = False
) -> bool:
    """Add the passkey that a browser made; say False when its answer does not hold.

    `afresh` removes all older factors, once the new one holds: the person was let back in.
    """
    challenge = _take(challenge_id, Ceremony.ADD, person_id, real_now)
    credential = _read(answer)
    if challenge is None or credential is None or (len(_of(person_id)) >= MOST_PASSKEYS and not afresh):
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
    service.queue(person_id.hex)
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == named)) is not None:
        return False
    if afresh:
        proving.forget_factors(person_id)
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


def prove(
    person_id: UUID | None,
    ceremony: Ceremony,
    challenge_id: UUID | None,
    answer: str,
    site: Site,
    real_now: datetime,
) -> UUID | None:
    """Return whom a passkey's answer proves, or None when it does not hold. The challenge is used up either way."""
    challenge = _take(challenge_id, ceremony, person_id, real_now)
    credential = _read(answer)
    if challenge is None or credential is None or not isinstance(credential.get("id"), str):
        return None
    query = (
        select(Passkey)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential_id == credential["id"], Person.state == PersonState.ACTIVE)
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
    key.sign_count, key.used_at = proved.new_sign_count, real_now
    return key.person_id


def _make_room() -> None:
    """Let the oldest challenges of strangers go: who asks without end must keep nobody else from asking."""
    strangers = select(Challenge.id).where(Challenge.person_id.is_(None))
    oldest = strangers.order_by(Challenge.ends_at.desc(), Challenge.id).offset(MOST_OPEN - 1)
    gone = delete(Challenge).where(Challenge.id.in_(oldest))
    db.session.execute(gone, execution_options={"synchronize_session": False})


def _of(person_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    named = db.session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in named]


def _keep(challenge: bytes, ceremony: Ceremony, person_id: UUID | None, real_now: datetime) -> UUID:
    kept = Challenge(
        challenge=bytes_to_base64url(challenge),
        ceremony=ceremony,
        person_id=person_id,
        ends_at=real_now + CHALLENGE_LIFE,
    )
    db.session.add(kept)
    db.session.flush()
    return kept.id


def _take(challenge_id: UUID | None, ceremony: Ceremony, person_id: UUID | None, real_now: datetime) -> bytes | None:
    """Take a challenge out of the table: of two that bring it at once, one gets it."""
    if challenge_id is None:
        return None
    whose = Challenge.person_id.is_(None) if person_id is None else Challenge.person_id == person_id
    taken = (
        delete(Challenge)
        .where(Challenge.id == challenge_id, Challenge.ceremony == ceremony, whose, Challenge.ends_at > real_now)
        .returning(Challenge.challenge)
    )
    found = db.session.scalars(taken, execution_options={"synchronize_session": False}).one_or_none()
    return base64url_to_bytes(found) if found else None


def _read(answer: str) -> dict[str, object] | None:
    try:
        return msgspec.json.decode(answer.encode(), type=dict[str, object])
    except (msgspec.DecodeError, ValueError, RecursionError, OverflowError):
        return None
