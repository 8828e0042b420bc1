"""Versions of an indicator's definition: fingerprint, the version valid on a day, and how it is collected."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from app.catalogue.domain.references.plan import Indicator
from app.plan.domain.frozen import LockedFigure

MEANS = frozenset({"mean_gain", "evaluation_mean", "women_among_attended"})  # the numerator is no number of officers
SHARES = frozenset({
    "completed_of_started", "session_attendance", "verified_in_all_share", "retained_share", "scenario_accuracy",
    "assessors_agree", "content_marked", "action_points_on_time",
    "follow_up_reports", "commitments_done", "offered_seats_used",
})  # fmt: skip
BY_HAND = frozenset({"observed", "observed_countries"})
COLLECTED = SHARES | MEANS | {
    "modules_current", "translations_reviewed", "completers", "active_countries", "events_closed", "verified_in_all",
    "incidents",
}  # fmt: skip
FEWEST = {
    "mean_gain": 20,
    "retained_share": 20,
    "assessors_agree": 20,
    "evaluation_mean": 5,
    "follow_up_reports": 5,
}  # records; with fewer there is no status
EVENTS = frozenset({"workshop", "study_visit"})  # types of events that the academy keeps
INTERIM_UNITS = frozenset({"count", "percent", "score"})  # of indicators that may be entered until they are counted


class Collected(StrEnum):
    """Where a figure comes from."""

    PLATFORM = "platform"
    BY_HAND = "by_hand"
    INTERIM = "interim"  # by hand, of all members together, until a feature counts it
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """A stored version of a definition; its `indicator` has no targets, which are read from the plan.

    `frozen` is its figure on the last day of a locked quarter, if it was read for such a day.
    """

    id: UUID
    code: str
    version: int
    valid_from: date
    due: bool
    indicator: Indicator
    frozen: LockedFigure | None = field(default=None, compare=False)

    @property
    def rule(self) -> str:
        """Return the name of the rule."""
        return self.indicator.rule

    def frozen_on(self, day: date) -> LockedFigure | None:
        """Return the locked figure of a day, or None."""
        return self.frozen if self.frozen is not None and self.frozen.day == day else None


def fingerprint(indicator: Indicator) -> str:
    """Return the SHA-256 over the fields that a version fixes, as 64 hexadecimal digits."""
    return hashlib.sha256(msgspec.json.encode(indicator.fixed, order="deterministic")).hexdigest()


def fewest_records(indicator: Indicator) -> int:
    """Return how many records a figure needs before it is compared with its target."""
    return int(indicator.settings.get("at_least", FEWEST.get(indicator.rule, 0)))


def collected(indicator: Indicator) -> Collected:
    """Return whether the platform counts an indicator, people report it, or it is not collected yet.

    A feature that counts an interim indicator starts a version of its definition with a rule of another name, so that
    earlier periods keep the figures entered by hand.
    """
    return collected_by(indicator.rule, indicator.unit, indicator.settings)


def collected_by(rule: str, unit: str, settings: Mapping[str, Any]) -> Collected:
    """Return where the figures of a rule with its unit and settings come from."""
    if rule in BY_HAND:
        return Collected.BY_HAND
    if rule in COLLECTED and (rule != "events_closed" or settings.get("type") in EVENTS):
        return Collected.PLATFORM
    return Collected.INTERIM if unit in INTERIM_UNITS else Collected.NOT_YET


def is_entered(indicator: Indicator) -> bool:
    """Return whether people enter the figures of an indicator, for good or until the academy counts it."""
    return collected(indicator) in {Collected.BY_HAND, Collected.INTERIM}


def is_entered_by_countries(indicator: Indicator) -> bool:
    """Return whether each country enters its own figure; others are of the community as a whole."""
    return indicator.rule in BY_HAND and "country" in indicator.split_by


def valid_on(versions: Iterable[StoredDefinition], day: date) -> StoredDefinition | None:
    """Return the version of a day: the newest that is valid then, or the first version before that."""
    ordered = sorted(versions, key=lambda defined: defined.version)
    valid = [defined for defined in ordered if defined.valid_from <= day]
    return valid[-1] if valid else next(iter(ordered), None)


def all_valid_on(defined: Iterable[StoredDefinition], day: date) -> dict[str, StoredDefinition]:
    """Return the version of a day of every definition, by code."""
    by_code: dict[str, list[StoredDefinition]] = {}
    for definition in defined:
        by_code.setdefault(definition.code, []).append(definition)
    valid = {code: valid_on(versions, day) for code, versions in by_code.items()}
    return {code: definition for code, definition in valid.items() if definition is not None}
