"""Labels of the values of nominations and of decisions about seats, for the export of own data and the audit log."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.workshops.domain.allocation import CountedAs, Reason, SeatSource
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState, RoundKind, UseTime

NOMINATIONS: Mapping[type[Enum], Mapping[Any, LazyString]] = {
    NominationState: {
        NominationState.INTERESTED: _("Interested"),
        NominationState.ENDORSED: lazy_pgettext("nomination", "Endorsed"),
        NominationState.NOMINATED: lazy_pgettext("nomination", "Nominated"),
        NominationState.SELECTED: lazy_pgettext("nomination", "Selected"),
        NominationState.WAITLISTED: _("On the reserve list"),
        NominationState.DECLINED: lazy_pgettext("nomination", "Declined"),
        NominationState.OFFERED: _("Offered"),
        NominationState.CONFIRMED: lazy_pgettext("nomination", "Confirmed"),
        NominationState.ATTENDED: lazy_pgettext("nomination", "Attended"),
        NominationState.PARTLY_ATTENDED: lazy_pgettext("nomination", "Partly attended"),
        NominationState.NO_SHOW: lazy_pgettext("nomination", "Did not come"),
        NominationState.WITHDRAWN: lazy_pgettext("nomination", "Withdrawn"),
        NominationState.REPLACED: lazy_pgettext("nomination", "Replaced"),
        NominationState.EXPIRED: lazy_pgettext("nomination", "Expired"),
    },
    UseTime: {
        UseTime.NOW: _("At once"),
        UseTime.THIS_YEAR: _("Within a year"),
        UseTime.LATER: _("Later"),
        UseTime.NOT_SURE: _("Not sure"),
    },
    LanguageLevel: {
        LanguageLevel.NONE: _("Not at all"),
        LanguageLevel.BASIC: _("Basic"),
        LanguageLevel.WORKING: _("Enough for work"),
        LanguageLevel.FLUENT: _("Fluent"),
    },
    NominationReason: {
        NominationReason.USES_IT_DAILY: _("Uses it daily"),
        NominationReason.NEW_IN_ROLE: _("New in the role"),
        NominationReason.PASSES_IT_ON: _("Passes it on to colleagues"),
        NominationReason.NEED_OF_COUNTRY: _("Need of the country"),
        NominationReason.OTHER: _("Other reason"),
    },
    CountedAs: {
        CountedAs.WOMAN: _("Woman"),
        CountedAs.MAN: _("Man"),
        CountedAs.NOT_SAID: _("Not said"),
    },
    SeatSource: {
        SeatSource.GUARANTEED: _("Seat of the country"),
        SeatSource.POOL: _("Shared seat"),
        SeatSource.SUBSTITUTE: _("Substitute"),
        SeatSource.OBSERVER: _("Observer"),
    },
    Reason: {
        Reason.GUARANTEED_SEAT: _("Seat of the country"),
        Reason.POOL_SEAT: _("Shared seat"),
        Reason.SET_IN: _("Added by the secretariat, with a reason"),
        Reason.NO_SEAT_LEFT: _("No seat left: on the reserve list"),
        Reason.NOT_ELIGIBLE: _("A requirement is missing"),
        Reason.SET_OUT: _("Left out by the secretariat, with a reason"),
    },
    RoundKind: {
        RoundKind.SELECTION: _("Selection"),
        RoundKind.REALLOCATION: _("Free seats shared again"),
    },
}
