"""Build the certificate of attendance of an event: length and rate of attendance, never competence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.targets import Target
from app.i18n import babel, stored_translations as texts
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.ports import ports
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.events import WorkshopKind
from app.workshops.pages.participation import Participation
from app.workshops.shapes import BookingLine, WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage(Page):
    """The certificate of attendance; `holder` is the name as the person entered it, or the alias."""

    template: ClassVar[str] = "workshops/certificate.html"
    holder: str
    title: TranslatedText
    url: str
    offer_url: str
    is_study_visit: bool
    facts: tuple[tuple[str, str], ...]


def page(
    workshop: WorkshopFacts, booking: BookingLine, *, attendance_rate: float | None, now: datetime
) -> CertificatePage:
    """Return the certificate, or raise NoResultFound if it was not earned."""
    participation = Participation(workshop, booking, attendance_rate, free=0, waiting=0, missing=(), now=now)
    if not participation.has_certificate or attendance_rate is None:
        raise NoResultFound
    title = texts.translations_for([workshop.id], learning_pages.wanted()).get((workshop.id, "title"))
    return CertificatePage(
        holder=accounts.own_name(booking.person_id) or current_user.signed.alias,
        title=title or TranslatedText(workshop.code, labels.SOURCE_LANGUAGE),
        url=url_for("workshops.show_workshop", workshop_id=workshop.id),
        offer_url=f"{ports().path_to(Target.CERTIFICATES)}?about={workshop.id}",
        is_study_visit=workshop.kind is WorkshopKind.STUDY_VISIT,
        facts=tuple(_facts(workshop, attendance_rate)),
    )


def _facts(workshop: WorkshopFacts, attendance_rate: float) -> list[tuple[str, str]]:
    length = sum((session.ends_at - session.starts_at for session in workshop.sessions), timedelta())
    hours = round(length.total_seconds() / 3600)
    return [
        (_("Dates"), babel.days(workshop.first_day, workshop.last_day)),
        (_("Where"), labels.place_and_country(workshop)),
        (_("Length"), ngettext("%(num)s hour", "%(num)s hours", hours)),
        (_("Attendance"), _("%(n)s %% of the sessions", n=int(attendance_rate * 100))),
        (_("Host"), country_name(workshop.host_country)),
        (_("Issued by"), _("Secretariat of the community")),
        (_("Code"), workshop.code),
    ]
