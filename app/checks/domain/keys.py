"""The key of a competency at a level in addresses and forms: `VIC-01.foundation`."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from app.catalogue.domain.items import Level

_KEY = re.compile(r"([A-Z]{2,6}-[0-9]{2})\.([a-z]+)")


def key_of(competency: str, level: Level) -> str:
    """Return the key of a competency at a level."""
    return f"{competency}.{level}"


def parsed(key: str) -> tuple[str, Level] | None:
    """Return the competency and the level of a key, or None for another text."""
    match = _KEY.fullmatch(key)
    if match is None or match[2] not in set(Level):
        return None
    return match[1], Level(match[2])


def new_sitting_query(
    wanted: Iterable[tuple[str, Level]], officers: Iterable[UUID], *, is_surprise: bool = False
) -> str:
    """Return the query of `/sittings/new` with these competencies and officers."""
    keys = [("competency", key_of(name, level)) for name, level in wanted]
    surprise = [("surprise", "1")] if is_surprise else []
    return urlencode([*keys, *(("officer", str(person_id)) for person_id in officers), *surprise])
