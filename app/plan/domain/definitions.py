"""An indicator's definition in its versions: what marks a change, which version a day has, who collects it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from app.catalogue.domain.references.plan import Indicator

SHARES = frozenset({"completed_of_started", "session_attendance", "verified_in_all_share"})
BY_HAND = frozenset({"observed", "observed_countries"})
COLLECTED = SHARES | {
    "modules_current", "translations_reviewed", "completers", "active_countries", "events_closed", "verified_in_all",
}  # fmt: skip
EVENTS = frozenset({"workshop", "study_visit"})  # types of events that the academy keeps


class Collected(StrEnum):
    """Where a figure comes from."""

    PLATFORM = "platform"
    BY_HAND = "by_hand"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Defined:
    """A stored version of a definition; `indicator` is without targets, which belong to the plan, not to it."""

    id: UUID
    code: str
    version: int
    valid_from: date
    due: bool
    indicator: Indicator

    @property
    def rule(self) -> str:
        """Return the name of the rule."""
        return self.indicator.rule


def fingerprint(indicator: Indicator) -> str:
    """Return the SHA-256 over what a version fixes, as 64 hexadecimal digits."""
    return hashlib.sha256(msgspec.json.encode(indicator.fixed, order="deterministic")).hexdigest()


def collected(indicator: Indicator) -> Collected:
    """Say whether the platform counts this, people report it, or nobody does yet."""
    if indicator.rule in BY_HAND:
        return Collected.BY_HAND
    if indicator.rule not in COLLECTED:
        return Collected.NOT_YET
    if indicator.rule == "events_closed" and indicator.settings.get("type") not in EVENTS:
        return Collected.NOT_YET
    return Collected.PLATFORM


def valid_on(versions: Iterable[Defined], day: date) -> Defined | None:
    """Return the version of a day: the newest that is valid then, else the first there is."""
    found = sorted(versions, key=lambda one: one.version)
    valid = [one for one in found if one.valid_from <= day]
    return valid[-1] if valid else (found[0] if found else None)


def all_valid_on(defined: Iterable[Defined], day: date) -> dict[str, Defined]:
    """Return the version of a day of every definition, by code."""
    by_code: dict[str, list[Defined]] = {}
    for one in defined:
        by_code.setdefault(one.code, []).append(one)
    found = {code: valid_on(versions, day) for code, versions in by_code.items()}
    return {code: one for code, one in found.items() if one is not None}
