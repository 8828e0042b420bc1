"""Open Badges 3.0: the credential of a certificate, the profile of the issuer, and the list of ended credentials.

Source: 1EdTech Open Badges 3.0, appendix B; W3C Bitstring Status List 1.0. The structs are the only form that the
academy signs, so that a check can refuse whatever a signature would not cover.
"""

from typing import Any, Literal

import msgspec

from app.credentials.domain.data_integrity import CREDENTIALS_V2, OPEN_BADGES


class _CredentialPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a credential: an unknown field is an error."""


class Issuer(_CredentialPart, frozen=True, kw_only=True):
    id: str
    type: tuple[Literal["Profile"]]
    name: str
    url: str


class Holder(_CredentialPart, frozen=True, kw_only=True):
    """How a badge names its holder: by name or by alias, in plain text."""

    type: Literal["IdentityObject"]
    hashed: bool
    identity_hash: str = msgspec.field(name="identityHash")
    identity_type: Literal["name", "userName"] = msgspec.field(name="identityType")


class Criteria(_CredentialPart, frozen=True, kw_only=True):
    narrative: str


class Achievement(_CredentialPart, frozen=True, kw_only=True):
    id: str
    type: tuple[Literal["Achievement"]]
    achievement_type: Literal["Course", "Competency", "LearningProgram"] = msgspec.field(name="achievementType")
    name: str
    description: str
    criteria: Criteria


class BadgeSubject(_CredentialPart, frozen=True, kw_only=True):
    type: tuple[Literal["AchievementSubject"]]
    identifier: tuple[Holder]
    activity_end: str = msgspec.field(name="activityEndDate")
    achievement: Achievement


class StatusEntry(_CredentialPart, frozen=True, kw_only=True):
    id: str
    type: Literal["BitstringStatusListEntry"]
    purpose: Literal["revocation"] = msgspec.field(name="statusPurpose")
    index: str = msgspec.field(name="statusListIndex")
    list: str = msgspec.field(name="statusListCredential")


class Badge(_CredentialPart, frozen=True, kw_only=True):
    """An Open Badges 3.0 credential without its proof."""

    context: tuple[
        Literal["https://www.w3.org/ns/credentials/v2"],
        Literal["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    ] = msgspec.field(name="@context")
    id: str
    type: tuple[Literal["VerifiableCredential"], Literal["OpenBadgeCredential"]]
    name: str
    issuer: Issuer
    valid_from: str = msgspec.field(name="validFrom")
    subject: BadgeSubject = msgspec.field(name="credentialSubject")
    status: StatusEntry = msgspec.field(name="credentialStatus")


class Proof(_CredentialPart, frozen=True, kw_only=True):
    type: Literal["DataIntegrityProof"]
    created: str
    method: str = msgspec.field(name="verificationMethod")
    cryptosuite: Literal["eddsa-rdfc-2022"]
    purpose: Literal["assertionMethod"] = msgspec.field(name="proofPurpose")
    value: str = msgspec.field(name="proofValue")


class SignedBadge(Badge, frozen=True, kw_only=True):
    proof: Proof


class BadgeAddresses(msgspec.Struct, frozen=True, kw_only=True):
    """The public addresses that a badge names: its check, the issuer, the site, and its status list."""

    check: str
    issuer: str
    site: str
    status_list: str


class BadgeTexts(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of a badge. `name` is the title that others may read, `criteria` says what had to be done."""

    issuer: str
    name: str
    description: str
    criteria: str


class BadgeData(msgspec.Struct, frozen=True, kw_only=True):
    """What the badge of a certificate needs beside addresses and texts; times are RFC 3339 in UTC."""

    achievement_id: str
    achievement_type: Literal["Course", "Competency", "LearningProgram"]
    holder: str
    by_name: bool
    issued_at: str
    ended_at: str
    status_index: int


def badge(data: BadgeData, texts: BadgeTexts, addresses: BadgeAddresses) -> dict[str, Any]:
    """Return the credential of a certificate, without a proof."""
    holder = Holder(
        type="IdentityObject",
        hashed=False,
        identity_hash=data.holder,
        identity_type="name" if data.by_name else "userName",
    )
    achievement = Achievement(
        id=data.achievement_id,
        type=("Achievement",),
        achievement_type=data.achievement_type,
        name=texts.name,
        description=texts.description,
        criteria=Criteria(narrative=texts.criteria),
    )
    credential = Badge(
        context=("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
        id=addresses.check,
        type=("VerifiableCredential", "OpenBadgeCredential"),
        name=texts.name,
        issuer=Issuer(id=addresses.issuer, type=("Profile",), name=texts.issuer, url=addresses.site),
        valid_from=data.issued_at,
        subject=BadgeSubject(
            type=("AchievementSubject",), identifier=(holder,), activity_end=data.ended_at, achievement=achievement
        ),
        status=StatusEntry(
            id=f"{addresses.status_list}#{data.status_index}",
            type="BitstringStatusListEntry",
            purpose="revocation",
            index=str(data.status_index),
            list=addresses.status_list,
        ),
    )
    return plain(credential)


def read_badge(document: object) -> SignedBadge:
    """Return a signed badge. Raises msgspec.ValidationError unless it has the form that the academy signs."""
    return msgspec.convert(document, SignedBadge)


def is_exact(document: object, read: SignedBadge) -> bool:
    """Return whether a document has nothing but what was read from it."""
    return plain(read) == document


def issuer_profile(address: str, *, name: str, site: str, keys: dict[str, str]) -> dict[str, Any]:
    """Return the public document of the issuer: who it is, and its public keys (Multikey texts by key id)."""
    methods = [
        {"id": f"{address}#{key_id}", "type": "Multikey", "controller": address, "publicKeyMultibase": text}
        for key_id, text in keys.items()
    ]
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": address,
        "type": ["Profile"],
        "name": name,
        "url": site,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def status_list_credential(address: str, *, issuer: str, issued_at: str, encoded: str) -> dict[str, Any]:
    """Return the credential with the bits of a status list, without a proof."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": issued_at,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }


def plain(value: object) -> dict[str, Any]:
    """Return a struct as JSON values: lists instead of tuples."""
    return dict(msgspec.json.decode(msgspec.json.encode(value)))
