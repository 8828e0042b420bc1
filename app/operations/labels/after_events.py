"""Labels of the values of follow-ups and commitments, for the export of own data and the audit log."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.follow_up import ChangeSeen, DeedAnswer, FollowUpState, Occasion

AFTER_EVENTS: Mapping[type[Enum], Mapping[Any, LazyString]] = {
    FollowUpState: {
        FollowUpState.OPEN: lazy_pgettext("step", "Open"),
        FollowUpState.ANSWERED: _("Answered"),
        FollowUpState.UNANSWERED: _("Not answered"),
    },
    Occasion: {
        Occasion.OFTEN: _("Often"),
        Occasion.SOMETIMES: _("Sometimes"),
        Occasion.NEVER: _("Never: no occasion"),
    },
    DeedAnswer: {
        DeedAnswer.YES: _("Yes"),
        DeedAnswer.NO: _("No"),
        DeedAnswer.NO_OCCASION: _("No occasion"),
    },
    ChangeSeen: {
        ChangeSeen.YES: _("Yes"),
        ChangeSeen.PARTLY: _("Partly"),
        ChangeSeen.NO: _("No"),
        ChangeSeen.CANNOT_SAY: _("Cannot say"),
    },
    CommitmentState: {
        CommitmentState.UNDER_WAY: _("Under way"),
        CommitmentState.DONE: lazy_pgettext("commitment", "Done"),
        CommitmentState.DROPPED: lazy_pgettext("commitment", "Dropped"),
    },
}
