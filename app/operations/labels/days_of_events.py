"""Labels of the values of visas, check-ins, tests of events and national sessions, for the export of own data."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.workshops.domain.cascades import CascadeState, CountedBy
from app.workshops.domain.check_in import CheckInState
from app.workshops.domain.event_tests import EventTestPart
from app.workshops.domain.travel import Visa

DAYS_OF_EVENTS: Mapping[type[Enum], Mapping[Any, LazyString]] = {
    Visa: {
        Visa.NEEDED: _("Needed"),
        Visa.NOT_NEEDED: _("Not needed"),
    },
    CheckInState: {
        CheckInState.RECORDED: _("Checked in"),
        CheckInState.WAITING: _("Sent later, not decided"),
        CheckInState.CONFIRMED: lazy_pgettext("check-in", "Confirmed"),
        CheckInState.DECLINED: lazy_pgettext("check-in", "Declined"),
    },
    EventTestPart: {
        EventTestPart.BEFORE: _("Test before the event"),
        EventTestPart.AFTER: _("Test after the event"),
    },
    CascadeState: {
        CascadeState.RECORDED: lazy_pgettext("national session", "Recorded"),
        CascadeState.WITHDRAWN: lazy_pgettext("national session", "Withdrawn"),
    },
    CountedBy: {
        CountedBy.ALIAS: _("By alias"),
        CountedBy.HEAD_COUNT: _("Head count"),
    },
}
