"""Build the rows of the history of an event: who closed, reopened or postponed it and why; for `pages.event`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _, ngettext, pgettext

from app.i18n.babel import joined
from app.identity.queries import people as accounts
from app.workshops.domain.events import HistoryKind
from app.workshops.queries import participants
from app.workshops.queries.participants import HistoryEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """An entry in the history of an event; `missing` is what was missing when it was closed."""

    word: str
    at: datetime
    alias: str
    reason: str
    missing: str


def history(workshop_id: UUID) -> list[HistoryRow]:
    """Return when the event was closed and reopened, by whom and why, and what the coordinators were asked."""
    entries = participants.history(workshop_id)
    names = accounts.names([entry.person_id for entry in entries]) if entries else {}
    translations = {
        HistoryKind.CLOSED: pgettext("event", "Closed"),
        HistoryKind.REOPENED: _("Reopened"),
        HistoryKind.ATTENDANCE_ASKED: _("Coordinators asked about attendance"),
        HistoryKind.SCORES_ASKED: _("Coordinators asked about scores"),
        HistoryKind.POSTPONED: _("Postponed"),
        HistoryKind.RESUMED: _("Resumed"),
        HistoryKind.SEATS_CONFIRMED: _("Decided that it takes place"),
    }
    return [
        HistoryRow(
            word=translations[entry.kind],
            at=entry.at,
            alias=names.get(entry.person_id, ""),
            reason=entry.reason,
            missing=_missing(entry),
        )
        for entry in entries
    ]


def _missing(entry: HistoryEntry) -> str:
    """Return what was missing when an event was closed."""
    if not entry.missing_marks and not entry.missing_scores:
        return ""
    marks = ngettext("%(num)s mark", "%(num)s marks", entry.missing_marks)
    scores = ngettext("%(num)s score", "%(num)s scores", entry.missing_scores)
    return _("Missing: %(what)s.", what=joined([marks, scores]))
