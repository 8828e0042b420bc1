"""Labels of nominations and of decisions about seats: states, answers, reasons, sources of seats."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.workshops.domain.allocation import CountedAs, ExceptionCategory, Reason, SeatSource
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState, RoundKind, UseTime

# the label and the shape of a state
STATES: Mapping[NominationState, tuple[LazyString, str]] = {
    NominationState.INTERESTED: (_("Interested"), "open"),
    NominationState.ENDORSED: (lazy_pgettext("nomination", "Endorsed"), "here"),
    NominationState.NOMINATED: (lazy_pgettext("nomination", "Nominated"), "here"),
    NominationState.SELECTED: (lazy_pgettext("nomination", "Selected"), "here"),
    NominationState.WAITLISTED: (lazy_pgettext("nomination", "Waiting list"), "wait"),
    NominationState.DECLINED: (lazy_pgettext("nomination", "Declined"), "none"),
    NominationState.OFFERED: (lazy_pgettext("nomination", "Seat offered"), "wait"),
    NominationState.CONFIRMED: (lazy_pgettext("nomination", "Confirmed"), "good"),
    NominationState.ATTENDED: (lazy_pgettext("nomination", "Attended"), "good"),
    NominationState.PARTLY_ATTENDED: (lazy_pgettext("nomination", "Partly attended"), "risk"),
    NominationState.NO_SHOW: (lazy_pgettext("nomination", "Did not come"), "bad"),
    NominationState.WITHDRAWN: (lazy_pgettext("nomination", "Withdrawn"), "none"),
    NominationState.REPLACED: (lazy_pgettext("nomination", "Replaced"), "none"),
    NominationState.EXPIRED: (_("Offer expired"), "none"),
}
USE_TIMES: Mapping[UseTime, LazyString] = {
    UseTime.NOW: _("At once"),
    UseTime.THIS_YEAR: _("Within a year"),
    UseTime.LATER: _("Later"),
    UseTime.NOT_SURE: _("Not sure"),
}
LANGUAGE_LEVELS: Mapping[LanguageLevel, LazyString] = {
    LanguageLevel.NONE: _("Not at all"),
    LanguageLevel.BASIC: _("Basic"),
    LanguageLevel.WORKING: _("Enough for work"),
    LanguageLevel.FLUENT: _("Fluent"),
}
REASONS: Mapping[NominationReason, LazyString] = {
    NominationReason.NEED_OF_COUNTRY: _("Need of the country"),
    NominationReason.USES_IT_DAILY: _("Uses it daily"),
    NominationReason.NEW_IN_ROLE: _("New in the role"),
    NominationReason.PASSES_IT_ON: _("Passes it on to colleagues"),
    NominationReason.OTHER: _("Other reason"),
}
COUNTED_AS: Mapping[CountedAs, LazyString] = {
    CountedAs.NOT_SAID: _("Not said"),
    CountedAs.WOMAN: _("Woman"),
    CountedAs.MAN: _("Man"),
}
SOURCES: Mapping[SeatSource, LazyString] = {
    SeatSource.GUARANTEED: _("Seat of the country"),
    SeatSource.POOL: _("Shared seat"),
    SeatSource.SUBSTITUTE: _("Substitute"),
    SeatSource.OBSERVER: _("Observer"),
}
DECISIONS: Mapping[Reason, LazyString] = {
    Reason.GUARANTEED_SEAT: _("Seat of the country"),
    Reason.POOL_SEAT: _("Shared seat"),
    Reason.SET_IN: _("Added by the secretariat, with a reason"),
    Reason.NO_SEAT_LEFT: _("No seat left: on the waiting list"),
    Reason.NOT_ELIGIBLE: _("A requirement is missing"),
    Reason.SET_OUT: _("Left out by the secretariat, with a reason"),
}
EXCEPTION_CATEGORIES: Mapping[ExceptionCategory, LazyString] = {
    ExceptionCategory.HOST_NEED: _("Operational need of the host"),
    ExceptionCategory.ROLE_IN_EVENT: _("Speaker or other role in the event"),
    ExceptionCategory.REPLACEMENT: _("Replaces a person who withdrew"),
    ExceptionCategory.TEAM_BALANCE: _("Balance of women and men in a team"),
    ExceptionCategory.DATA_ERROR: _("Error in the data"),
    ExceptionCategory.OTHER: _("Other reason"),
}
EXCEPTION_CODES: Mapping[str, LazyString] = {  # by the stored reason of a nomination
    category.code: label for category, label in EXCEPTION_CATEGORIES.items()
}
DECISION_CODES: Mapping[str, LazyString] = {  # by the stored reason of a nomination that no person wrote
    **{reason.value: label for reason, label in DECISIONS.items()},
    **EXCEPTION_CODES,
    "not_nominated": _("The country did not nominate the officer in time"),
}
ROUNDS: Mapping[RoundKind, LazyString] = {
    RoundKind.SELECTION: _("Selection"),
    RoundKind.REALLOCATION: _("Free seats shared again"),
}


def decision_reason(stored: str) -> str:
    """Return the reason of a decision about a nomination: the label of a code, or the text of a person."""
    return str(DECISION_CODES.get(stored, stored))


def exception_reason(category: ExceptionCategory | None, note: str) -> str:
    """Return the reason of an exception for the people concerned: its category, or the text stored before categories.

    The note beside a category is for staff. "" for a decision by the rule.
    """
    return str(EXCEPTION_CATEGORIES[category]) if category else note


def state(value: NominationState) -> tuple[str, str]:
    """Return the label of a state and its shape."""
    label, shape = STATES[value]
    return str(label), shape
