"""The badge of an invented certificate, signed with a key of the tests."""

import json
from typing import Any

from app.credentials.domain import credentials, data_integrity, multibase
from app.credentials.domain.signing_keys import public_half

ISSUER = "https://academy.example/verify/issuer"
LIST = "https://academy.example/verify/status/0"
SEED = b"k" * 32
MOMENT = "2027-03-01T09:00:00Z"
INDEX = 77


def signed(document: dict[str, Any], seed: bytes = SEED) -> bytes:
    """Return a credential as signed JSON."""
    name = multibase.public_key_text(public_half(seed))
    content = data_integrity.signed(document, seed=seed, method=f"{ISSUER}#{name}", created=MOMENT)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def document() -> dict[str, Any]:
    """Return the credential of an invented certificate, without a proof."""
    return credentials.badge(
        credentials.BadgeData(
            achievement_id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            achievement_type="Course",
            holder="Rana Khalil",
            by_name=True,
            issued_at=MOMENT,
            ended_at=MOMENT,
            status_index=INDEX,
        ),
        credentials.BadgeTexts(issuer="COLEP Academy", name="M01 Basics", description="A course.", criteria="A test."),
        credentials.BadgeAddresses(
            check="https://academy.example/verify/abc", issuer=ISSUER, site="https://academy.example", status_list=LIST
        ),
    )
