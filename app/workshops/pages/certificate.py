"""The certificate of attendance: who was where and for how long, and no word of competence."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.i18n import stored_translations as texts
from app.i18n.languages import country_name
from app.identity.queries import people as accounts
from app.workshops import labels
from app.workshops.pages.participation import Participation
from app.workshops.shapes import BookingLine, WorkshopFacts


def page(given: WorkshopFacts, booking: BookingLine, *, share: float | None, now: datetime) -> dict[str, Any]:
    """Return what the certificate says, or raise NoResultFound where it was not earned."""
    stands = Participation(given, booking, share, free=0, waiting=0, missing=(), now=now)
    if not stands.earned or share is None:
        raise NoResultFound
    title = texts.translations_for([given.id], labels.content_language()).get((given.id, "title"))
    return {
        "holder": accounts.own_name(booking.person_id) or current_user.signed.alias,
        "workshop": labels.translated(title, given.code),
        "href": url_for("workshops.show_workshop", workshop_id=given.id),
        "study_visit": given.kind == "study_visit",
        "facts": _facts(given, share),
    }


def _facts(given: WorkshopFacts, share: float) -> list[tuple[str, str]]:
    held = sum((one.ends_at - one.starts_at for one in given.sessions), timedelta())
    hours = round(held.total_seconds() / 3600)
    return [
        (_("Dates"), labels.days(given.first_day, given.last_day)),
        (_("Where"), labels.place_and_country(given)),
        (_("Length"), ngettext("%(num)s hour", "%(num)s hours", hours)),
        (_("Attendance"), _("%(n)s %% of the sessions", n=int(share * 100))),
        (_("Host"), country_name(given.host_country)),
        (_("Issued by"), _("Secretariat of the community")),
        (_("Code"), given.code),
    ]
