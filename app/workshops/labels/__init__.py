"""Labels, dates and titles of events in the language of the page; also used by `home`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time, get_timezone_location
from flask_babel import get_locale, gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import role_titles
from app.i18n import babel
from app.i18n.languages import country_name, current
from app.i18n.stored_translations import TranslatedText
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.evaluation import EvaluationStatement
from app.workshops.domain.events import Format, SessionKind, WorkshopKind, WorkshopState
from app.workshops.domain.nominations import (
    NextActor,
    NominationFacts,
    NominationOffice,
    NominationState,
    next_step,
)
from app.workshops.labels import nominations
from app.workshops.shapes import OwnNomination, OwnNominationLine, SessionFacts, WorkshopLine

SOURCE_LANGUAGE = "en"
MINUTE = timedelta(minutes=1)
Translations = Mapping[tuple[UUID, str], TranslatedText]


def attendance_label(attendance: Attendance) -> str:
    """Return the label of an attendance."""
    return {
        Attendance.PRESENT: _("Present"),
        Attendance.LATE: _("Late"),
        Attendance.LEFT_EARLY: _("Left early"),
        Attendance.EXCUSED: _("Excused"),
        Attendance.ABSENT: _("Absent"),
    }[attendance]


def kind(value: WorkshopKind) -> str:
    """Return the label of a kind of event."""
    return {
        WorkshopKind.WORKSHOP: _("Workshop"),
        WorkshopKind.STUDY_VISIT: _("Study visit"),
        WorkshopKind.COLEP_MEETING: _("COLEP meeting"),
        WorkshopKind.EXERCISE: _("Exercise"),
    }[value]


def session_kind(value: SessionKind) -> str:
    """Return the label of a kind of session."""
    return {
        SessionKind.PRACTICE: _("Practice"),
        SessionKind.LECTURE: _("Lecture"),
        SessionKind.DISCUSSION: _("Discussion"),
        SessionKind.ASSESSMENT: _("Assessment"),
        SessionKind.VISIT: _("Visit"),
    }[value]


def own_nomination(line: OwnNominationLine, now: datetime) -> tuple[str, str, str]:
    """Return the state of the user's nomination, the shape of the state, and a sentence: who acts next, until when."""
    nomination = line.nomination
    facts = NominationFacts(nomination.state, nomination.offered_until, line.has_supervisor)
    actor = next_step(facts, line.deadlines, now)
    word, kind = nominations.state(nomination.state)
    if line.workshop.state is WorkshopState.POSTPONED:
        return word, kind, _("The event is postponed. Your request stays, and you get a notice with the new days.")
    if nomination.state is NominationState.WAITLISTED:
        return word, kind, waiting_place(nomination)
    return word, kind, next_actor(actor, line.workshop, nomination.state) if actor else ""


def waiting_place(nomination: OwnNomination) -> str:
    """Return the place of a nominee on the waiting list."""
    if nomination.waiting_place is None:
        return _("You are on the waiting list.")
    return _("You are on the waiting list, place %(n)s.", n=nomination.waiting_place)


def next_actor(actor: NextActor, workshop: WorkshopLine, state: NominationState) -> str:
    """Return who acts next on the user's nomination, and until when."""
    day = babel.short_day(last_day(actor.until, workshop.time_zone))
    if actor.office is NominationOffice.NOMINEE:
        return _("Answer the offer by %(day)s.", day=day)
    if actor.office is NominationOffice.SUPERVISOR:
        return _("Next: your supervisor answers, by %(day)s.", day=day)
    if actor.office is NominationOffice.CONTACT_POINT:
        return _("Next: your contact point answers, by %(day)s.", day=day)
    if state is NominationState.SELECTED:
        return _("Next: the secretariat sends the offer, by %(day)s.", day=day)
    if actor.office is NominationOffice.SECRETARIAT:
        return _("Next: the secretariat and the host select, by %(day)s.", day=day)
    return _("You get a notice as soon as a seat is yours.")


def last_day(until: datetime, zone: str) -> date:
    """Return the last day of a deadline, which ends with the minute before."""
    return local_day(until - MINUTE, zone)


def role_names() -> Mapping[str, str]:
    """Return the titles of the framework's roles in the language of the page."""
    return role_titles(catalogue.competencies(), current())


def audience(roles: Sequence[str], names: Mapping[str, str] | None = None) -> str:
    """Return the titles of roles of the framework as one text; `names` are the titles if the caller has them."""
    titles = role_names() if names is None else names
    return babel.joined([titles.get(role, role) for role in roles])


def place(workshop: WorkshopLine) -> str:
    """Return the location of an event: its town, or online, or both."""
    if workshop.form is Format.ONLINE:
        return _("Online")
    return _("%(town)s and online", town=workshop.town) if workshop.form is Format.BLENDED else workshop.town


def place_and_country(workshop: WorkshopLine) -> str:
    """Return the location of an event with the country of the town."""
    if workshop.form is Format.ONLINE:
        return _("Online")
    return _("%(place)s, %(country)s", place=place(workshop), country=country_name(workshop.host_country))


def country(code: str) -> str:
    """Return the name of a country, or the same text for every country that the user may not see."""
    return country_name(code) if code else _("Member country")


def clock_of(workshop: WorkshopLine) -> str:
    """Return the city whose local time the page shows: the town of the event, or the city of its zone."""
    return workshop.town or str(get_timezone_location(workshop.time_zone, locale=current_locale(), return_city=True))


def current_locale() -> Any:
    """Return the locale of the page."""
    return get_locale() or SOURCE_LANGUAGE


def month(value: date) -> str:
    """Return a month with its year: March 2027."""
    return str(format_skeleton("yMMMM", value, locale=current_locale()))


def hours(starts: time, ends: time) -> str:
    """Return a time of the day and its end: 09:00 to 16:30."""
    return _("%(starts)s to %(ends)s", starts=_hour(starts), ends=_hour(ends))


def time_of(moment: datetime, zone: str) -> str:
    """Return the time of the day of a moment in a time zone."""
    return _hour(moment.astimezone(ZoneInfo(zone)).time())


def own_hours(session: SessionFacts, own_zone: str) -> str:
    """Return the hours of a session in the user's time zone, with the day if it differs; "" if both times agree."""
    starts, ends = (at.astimezone(ZoneInfo(own_zone)) for at in (session.starts_at, session.ends_at))
    if (starts.date(), starts.time()) == (session.day, session.starts):
        return ""
    local_hours = hours(starts.time(), ends.time())
    if starts.date() == session.day:
        return _("%(hours)s your time", hours=local_hours)
    return _("%(day)s, %(hours)s your time", day=babel.short_day(starts.date()), hours=local_hours)


def event_days(workshop: WorkshopLine, *, short: bool = False) -> str:
    """Return the days of an event; while it is postponed without new ones, those of before, marked as such."""
    days = (babel.short_days if short else babel.days)(workshop.first_day, workshop.last_day)
    return days if workshop.has_days else _("Before: %(day)s", day=days)


def deadline(workshop: WorkshopLine) -> str:
    """Return the end of booking with the city whose local time counts."""
    return _("%(day)s, 23:59 %(place)s", day=babel.words(workshop.booking_until), place=clock_of(workshop))


def translated(translation: TranslatedText | None, otherwise: str) -> TranslatedText:
    """Return a text with its language; `otherwise` if there is no translation."""
    return translation or TranslatedText(otherwise, SOURCE_LANGUAGE)


def title_of(workshop: WorkshopLine, translations: Translations) -> TranslatedText:
    """Return the title of an event, or its code if it has no title."""
    return translated(translations.get((workshop.id, "title")), workshop.code)


def session_title(session: SessionFacts, translations: Translations) -> TranslatedText:
    """Return the title of a session, or its number."""
    return translated(translations.get((session.id, "title")), _("Session %(n)s", n=session.number))


def local_day(at: datetime, zone: str) -> date:
    """Return the day of a moment in a time zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def _hour(value: time) -> str:
    return str(format_time(value, "HH:mm" if current() == SOURCE_LANGUAGE else "short", locale=current_locale()))


STATEMENTS: Mapping[EvaluationStatement, LazyString] = {
    EvaluationStatement.CONTENT_FITS: lazy_gettext("The content fits my job."),
    EvaluationStatement.USE_IN_THREE_MONTHS: lazy_gettext("I will use this within three months."),
    EvaluationStatement.ENOUGH_PRACTICE: lazy_gettext("There was enough practice."),
    EvaluationStatement.FEEDBACK_HELPED: lazy_gettext("Feedback helped me improve."),
    EvaluationStatement.TRAINER_KNEW: lazy_gettext("The trainer knew the subject."),
    EvaluationStatement.LANGUAGE_FOLLOWED: lazy_gettext("I could follow in the language used."),
    EvaluationStatement.EXAMPLES_FIT: lazy_gettext("Examples fit my country or route."),
    EvaluationStatement.FELT_SAFE: lazy_gettext("I felt safe to say what I do not know."),
    EvaluationStatement.ORGANISATION_WORKED: lazy_gettext("Organisation, travel and rooms worked."),
    EvaluationStatement.SEND_COLLEAGUE: lazy_gettext("I would send a colleague."),
}


def postponed_text(postponed_reason: str) -> str:
    """Return what follows a postponed event, and why it is postponed if that is stored."""
    follows, why = _("New days follow."), _("Reason: %(reason)s", reason=babel.isolated(postponed_reason))
    return f"{follows} {why}" if postponed_reason else follows
