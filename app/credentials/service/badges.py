"""Sign badges, the issuer's profile and status lists with the site's badge key; put badges into files."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app.access.targets import Target
from app.credentials.domain import baking, credentials, data_integrity, multibase, status_lists
from app.credentials.domain.certificates import CertificateKind
from app.credentials.domain.credentials import BadgeAddresses, BadgeData, BadgeTexts
from app.credentials.domain.signing_keys import method_name, public_half
from app.credentials.queries import certificates
from app.credentials.service import pictures
from app.credentials.shapes import CertificateLine
from app.ports import ports
from app.web.settings import settings

_TYPES: Mapping[CertificateKind, Any] = {
    CertificateKind.ATTENDANCE: "LearningProgram",
    CertificateKind.COMPLETION: "Course",
    CertificateKind.COMPETENCE: "Competency",
}
_NAME = "COLEP Academy"


def are_set_up() -> bool:
    """Return whether the site has a key that signs badges."""
    return bool(settings().keys.badge)


def signed_badge(line: CertificateLine, texts: BadgeTexts, holder: str, *, by_name: bool) -> str:
    """Return the signed credential of a valid certificate as JSON, without blanks between its parts."""
    issued_at = _moment(line.issued_at)
    data = BadgeData(
        achievement_id=f"urn:uuid:{uuid5(NAMESPACE_URL, f'{_site()}/{line.kind}/{line.subject}')}",
        achievement_type=_TYPES[line.kind],
        holder=holder,
        by_name=by_name,
        issued_at=issued_at,
        ended_at=_moment(datetime.combine(line.facts.last_day, time(), UTC)),
        status_index=line.status_index % status_lists.LENGTH,
    )
    list_number, _position = status_lists.split_index(line.status_index)
    addresses = BadgeAddresses(
        check=_address(Target.CERTIFICATE_CHECK, line.code),
        issuer=_issuer(),
        site=_site(),
        status_list=_address(Target.STATUS_LIST, list_number),
    )
    return _signed(credentials.badge(data, texts, addresses), issued_at)


def as_file(credential: str, extension: str) -> bytes:
    """Return a credential as `json`, or baked into a picture: `png` or `svg`."""
    if extension == "png":
        return baking.bake_png(pictures.png(), credential)
    if extension == "svg":
        return baking.bake_svg(pictures.SVG, credential).encode()
    return credential.encode()


def issuer() -> str:
    """Return the issuer's profile as JSON, with the public half of each key that signs or has signed."""
    keys = {public_half(seed): None for _key_id, seed in settings().keys.badge}
    keys |= dict.fromkeys(public_key.key for public_key in settings().keys.badge_public)
    texts = {method_name(key): multibase.public_key_text(key) for key in keys}
    return _json(credentials.issuer_profile(_issuer(), name=_NAME, site=_site(), keys=texts))


def status_list(list_number: int, now: datetime) -> str | None:
    """Return a signed status list as JSON, or None if there is no such list."""
    positions = certificates.ended_positions(list_number)
    if positions is None:
        return None
    address, encoded = _address(Target.STATUS_LIST, list_number), status_lists.encode(positions)
    moment = _moment(now.replace(minute=0, second=0, microsecond=0))
    unsigned = credentials.status_list_credential(address, issuer=_issuer(), issued_at=moment, encoded=encoded)
    return _signed(unsigned, moment)


def _signed(document: Mapping[str, Any], created: str) -> str:
    """Return a document signed with the newest key."""
    _key_id, seed = settings().keys.badge[0]
    method = f"{_issuer()}#{method_name(public_half(seed))}"
    return _json(data_integrity.signed(document, seed=seed, method=method, created=created))


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _site() -> str:
    return settings().site_url


def _issuer() -> str:
    return _address(Target.BADGE_ISSUER)


def _address(target: Target, *values: object) -> str:
    return f"{_site()}{ports().path_to(target, *values)}"
