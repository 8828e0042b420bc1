"""What a person may issue a certificate of: completed courses, attended events, verified competencies."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from app.access.policy import Actor, Sensitivity
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.queries import officers, watched
from app.competence.shapes import PeriodSpan
from app.credentials.domain import certificates as rules
from app.credentials.domain.certificates import SOURCE, CertificateFacts, CertificateSubject
from app.credentials.shapes import CertificateOffer
from app.i18n import stored_translations
from app.learning import domain as learning_rules
from app.learning.queries import progress
from app.learning.shapes import CourseStatus, asks
from app.workshops.queries import bookings, participants, workshops
from app.workshops.shapes import WorkshopFacts


def offers(actor: Actor, today: date) -> list[CertificateOffer]:
    """Return everything of which a person may have a certificate: courses, then events, then competencies."""
    courses = [_course_offer(course) for course in progress.begun(actor.id) if _completed_on(course)]
    events = [_event_offer(actor, line.id) for line in workshops.certificates(actor, today)]
    return [*courses, *events, *_competence_offers(actor.id, today)]


def offer(actor: Actor, subject: CertificateSubject, today: date) -> CertificateOffer | None:
    """Return what a person may have a certificate of about a subject, or None."""
    return next((item for item in offers(actor, today) if item.subject == subject), None)


def has_completed(person_id: UUID, course_id: UUID, version_id: UUID) -> bool:
    """Return whether a person has completed a version of a course, and may have a certificate."""
    enrolment = progress.enrolment_summary(person_id, course_id)
    return enrolment is not None and enrolment.version_id == version_id and enrolment.completed_at is not None


def _completed_on(course: CourseStatus) -> date | None:
    enrolment = course.enrolment
    return enrolment.completed_at.date() if enrolment and enrolment.completed_at else None


def _course_offer(course: CourseStatus) -> CertificateOffer:
    outline, completed_on = course.outline, _completed_on(course)
    assert completed_on is not None  # noqa: S101
    facts = CertificateFacts(
        code=outline.code,
        titles=_course_titles(outline),
        source=outline.facts.source_language,
        last_day=completed_on,
        minutes=learning_rules.minutes_stated(asks(outline)),
        version=outline.number,
    )
    return CertificateOffer(
        subject=rules.course_subject(outline.course_id, outline.number), facts=facts, sensitivity=outline.sensitivity
    )


def _course_titles(outline: Outline) -> dict[str, str]:
    texts = {language: words.text.title for language, words in outline.words.items()}
    return rules.titles_of(texts, outline.facts.source_language)


def _event_offer(actor: Actor, workshop_id: UUID) -> CertificateOffer:
    workshop = workshops.visible(actor, workshop_id)
    texts = stored_translations.all_of(workshop_id).get("title") or {SOURCE: workshop.code}
    source = SOURCE if SOURCE in texts else sorted(texts)[0]
    facts = CertificateFacts(
        code=workshop.code,
        titles=rules.titles_of(texts, source),
        source=source,
        first_day=workshop.first_day,
        last_day=workshop.last_day,
        minutes=_length(workshop) // timedelta(minutes=1),
        rate=_attended_percent(workshop_id, actor.id),
    )
    return CertificateOffer(subject=rules.event_subject(workshop_id), facts=facts, sensitivity=workshop.sensitivity)


def _attended_percent(workshop_id: UUID, person_id: UUID) -> int:
    booking = bookings.booking_of(workshop_id, person_id)
    rate = participants.attendance_rate_of(booking.id) if booking is not None else None
    return int(100 * (rate or 0))


def _length(workshop: WorkshopFacts) -> timedelta:
    return sum((session.ends_at - session.starts_at for session in workshop.sessions), timedelta())


def _competence_offers(person_id: UUID, today: date) -> Iterator[CertificateOffer]:
    """Yield the competencies that are valid today; one that is verified from a claim alone was never shown."""
    shown = watched.reached_on(person_id)
    for span in officers.held_by(person_id, today):
        shown_on = shown.get((span.competency, span.level))
        if span.until >= today and shown_on is not None:
            yield _competence_offer(span, shown_on)


def _competence_offer(span: PeriodSpan, shown_on: date) -> CertificateOffer:
    framework = catalogue.competencies()
    texts = {SOURCE: span.competency}
    for language, entries in framework.texts.items() if framework else ():
        if (entry := entries.get(span.competency)) is not None and entry.title:
            texts[language] = entry.title
    facts = CertificateFacts(
        code=span.competency,
        titles=rules.titles_of(texts, SOURCE),
        source=SOURCE,
        last_day=shown_on,
        level=str(span.level),
        counted_until=span.until,
    )
    subject = rules.competence_subject(span.competency, str(span.level), shown_on)
    return CertificateOffer(subject=subject, facts=facts, sensitivity=Sensitivity.UNRESTRICTED)
