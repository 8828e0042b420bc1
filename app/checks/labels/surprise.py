"""Names of states of surprise checks and of results by invigilator, in the user's language."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _, lazy_pgettext
from flask_babel.speaklater import LazyString

from app.checks.domain.surprise import PickState
from app.checks.domain.watching import WatchingStatus

STATES: Mapping[PickState, tuple[LazyString, str]] = {  # with the shape of a status
    PickState.DRAWN: (_("Drawn"), "open"),
    PickState.SEATED: (_("Sitting planned"), "here"),
    PickState.CHECKED: (lazy_pgettext("surprise check", "Checked"), "good"),
    PickState.EXCUSED: (lazy_pgettext("surprise check", "Excused"), "none"),
    PickState.MISSED: (_("Missed"), "bad"),
}
WATCHING: Mapping[WatchingStatus, tuple[LazyString, str]] = {
    WatchingStatus.WITHIN: (_("As expected"), "good"),
    WatchingStatus.ABOVE: (_("Higher than expected"), "risk"),
    WatchingStatus.BELOW: (_("Lower than expected"), "risk"),
    WatchingStatus.FAR_ABOVE: (_("Much higher than expected"), "bad"),
    WatchingStatus.FAR_BELOW: (_("Much lower than expected"), "bad"),
}
