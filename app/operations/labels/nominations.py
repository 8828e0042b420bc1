"""Labels of the values of nominations and of decisions about seats, for the export of own data and the audit log."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel.speaklater import LazyString

from app.workshops.domain.allocation import CountedAs, ExceptionCategory, Reason, SeatSource
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState, RoundKind, UseTime
from app.workshops.labels import nominations

NOMINATIONS: Mapping[type[Enum], Mapping[Any, LazyString]] = {
    NominationState: {state: label for state, (label, _shape) in nominations.STATES.items()},
    UseTime: nominations.USE_TIMES,
    LanguageLevel: nominations.LANGUAGE_LEVELS,
    NominationReason: nominations.REASONS,
    CountedAs: nominations.COUNTED_AS,
    ExceptionCategory: nominations.EXCEPTION_CATEGORIES,
    SeatSource: nominations.SOURCES,
    Reason: nominations.DECISIONS,
    RoundKind: nominations.ROUNDS,
}
