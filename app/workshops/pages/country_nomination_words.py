"""Words of the pages of nominations for a contact point: states, reasons, obstacles, decisions, who acts next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _, lazy_gettext, ngettext, pgettext
from flask_babel.speaklater import LazyString

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.i18n.babel import joined, words
from app.i18n.languages import current, language_name
from app.i18n.stored_translations import TranslatedText
from app.learning.queries import course_titles
from app.workshops import labels
from app.workshops.domain.allocation import Reason
from app.workshops.domain.eligibility import Obstacle, ObstacleKind
from app.workshops.domain.nominations import NextActor, NominationOffice
from app.workshops.domain.phases import Phase
from app.workshops.domain.ranking import SeatOutlook
from app.workshops.labels import Translations, nominations as nomination_labels
from app.workshops.queries import workshops
from app.workshops.queries.nominations import DecisionLine
from app.workshops.service.selection import NOT_NOMINATED
from app.workshops.shapes import WorkshopLine

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of roles and competencies in the language of the page, and of courses that the user may read."""

    roles: Mapping[str, str]
    competencies: Mapping[str, str]
    courses: Mapping[str, str]


def titles(actor: Actor) -> Titles:
    """Return the titles of roles, competencies and courses."""
    return Titles(labels.role_names(), catalogue.competency_titles(current()), course_titles.titles(actor))


OUTLOOKS: Mapping[SeatOutlook, LazyString] = {
    SeatOutlook.GUARANTEED: lazy_gettext("Seat of the country"),
    SeatOutlook.POOL: lazy_gettext("Shared seat possible"),
    SeatOutlook.RESERVE: lazy_gettext("Reserve"),
}
PROBLEMS: Mapping[ObstacleKind, LazyString] = {
    ObstacleKind.ROLE: lazy_gettext("Role"),
    ObstacleKind.COURSES: lazy_gettext("Courses"),
    ObstacleKind.COMPETENCIES: lazy_gettext("Competencies"),
    ObstacleKind.SENSITIVITY: lazy_gettext("For practitioners only"),
    ObstacleKind.LANGUAGE: lazy_gettext("Language"),
    ObstacleKind.OVERLAP: lazy_gettext("Another event"),
}
PHASES: Mapping[Phase, tuple[LazyString, str]] = {
    Phase.ANNOUNCED: (lazy_gettext("Not open yet"), "open"),
    Phase.NOMINATIONS_OPEN: (lazy_gettext("Open"), "here"),
    Phase.NOMINATIONS_CLOSED: (lazy_gettext("Selection follows"), "wait"),
    Phase.SELECTION_MADE: (lazy_gettext("Selection is made"), "here"),
    Phase.SEATS_CONFIRMED: (lazy_gettext("Takes place"), "good"),
    Phase.RUNNING: (lazy_gettext("Under way"), "here"),
    Phase.FINISHED: (lazy_gettext("Finished"), "good"),
    Phase.CLOSED: (lazy_gettext("Closed"), "good"),
    Phase.POSTPONED: (lazy_gettext("Postponed"), "wait"),
    Phase.CANCELLED: (lazy_gettext("Cancelled"), "none"),
}
OFFICES: Mapping[NominationOffice, LazyString] = {
    NominationOffice.NOMINEE: lazy_gettext("the officer"),
    NominationOffice.SUPERVISOR: lazy_gettext("the supervisor"),
    NominationOffice.CONTACT_POINT: lazy_gettext("you"),
    NominationOffice.SECRETARIAT: lazy_gettext("the secretariat"),
    NominationOffice.SYSTEM: lazy_gettext("a free seat passes on by itself"),
}


def title(actor: Actor, workshop: WorkshopLine, translations: Translations) -> TranslatedText:
    """Return the title of an event, or its code alone for a contact point who may not read it."""
    if workshops.reads(actor, workshop.sensitivity):
        return labels.title_of(workshop, translations)
    return TranslatedText(workshop.code, labels.SOURCE_LANGUAGE)


def closing(closes_at: datetime, workshop: WorkshopLine, now: datetime) -> str:
    """Return the last day of the nominations with the days left."""
    last = labels.local_day(closes_at - MINUTE, workshop.time_zone)
    left = (last - labels.local_day(now, workshop.time_zone)).days
    return _("Until %(day)s, %(left)s", day=words(last), left=_days_left(left))


def seats(guaranteed: int, capacity: int, countries: int) -> str:
    """Return how many seats are of the country, and how many are shared by all."""
    shared = capacity - guaranteed * countries
    own = ngettext("%(num)s seat of your country", "%(num)s seats of your country", guaranteed)
    if not guaranteed:
        return ngettext("%(num)s shared seat", "%(num)s shared seats", capacity)
    if shared <= 0:
        return own
    return _("%(own)s, %(shared)s", own=own, shared=ngettext("%(num)s shared seat", "%(num)s shared seats", shared))


def reasons() -> list[tuple[str, str]]:
    """Return the reasons of a nomination to choose from."""
    return [(reason.value, str(label)) for reason, label in nomination_labels.REASONS.items()]


def counted_as() -> list[tuple[str, str]]:
    """Return how an officer may be counted."""
    return [(value.value, str(label)) for value, label in nomination_labels.COUNTED_AS.items()]


def obstacle(missing: Obstacle, titles: Titles) -> str:
    """Return what an officer lacks for an event, by name."""
    return _OBSTACLES[missing.kind](missing.codes, titles)


def competency(code: str, titles: Titles) -> str:
    """Return the id and the title of a competency."""
    return f"{code} {titles.competencies.get(code, '')}".strip()


def needs(names: list[str]) -> str:
    """Return which competencies of the event an officer needs, or ""."""
    return _("Needs %(names)s", names=joined(names)) if names else ""


def next_step(step: NextActor | None, zone: str) -> str:
    """Return who acts next and until when, or "" without a next step."""
    if step is None:
        return ""
    day = words(labels.local_day(step.until - MINUTE, zone))
    return _("Next: %(who)s, until %(day)s", who=OFFICES[step.office], day=day)


def own_reason(stored: str) -> str:
    """Return why a nominee was declined in words; `decision` tells the reason that is stored as a code."""
    if stored == NOT_NOMINATED:
        return _("Your country did not nominate the officer in time.")
    return "" if stored in set(Reason) or stored in nomination_labels.EXCEPTION_CODES else stored


def decision(line: DecisionLine) -> str:
    """Return a decision about a nominee with its reason."""
    text = str(nomination_labels.DECISIONS[line.reason])
    if line.reserve:
        text = _("On the waiting list, place %(n)s", n=line.reserve)
    if line.lost_seat:
        text = _("%(decision)s. The guaranteed seat went to an officer selected by exception", decision=text)
        if line.lost_seat.category:
            text = f"{text}: {nomination_labels.EXCEPTION_CATEGORIES[line.lost_seat.category]}"
    if line.problems:
        names = joined([str(PROBLEMS[ObstacleKind(problem)]) for problem in line.problems])
        text = _("%(decision)s: %(names)s", decision=text, names=names)
    exception = nomination_labels.exception_reason(line.exception_category, line.exception_reason)
    return f"{text}. {exception}" if exception else text


def _days_left(left: int) -> str:
    if left <= 0:
        return _("today is the last day")
    return ngettext("%(num)s day left", "%(num)s days left", left)


def _role(codes: Sequence[str], titles: Titles) -> str:
    return _("Only for: %(roles)s", roles=labels.audience(codes, titles.roles))


def _courses(codes: Sequence[str], titles: Titles) -> str:
    names = [f"{code} {titles.courses.get(code, '')}".strip() for code in codes]
    return _("Missing before: %(names)s", names=joined(names))


def _competencies(codes: Sequence[str], titles: Titles) -> str:
    names = [competency(code.partition(":")[0], titles) for code in codes]
    return _("Not verified: %(names)s", names=joined(names))


def _sensitivity(_codes: Sequence[str], _titles: Titles) -> str:
    return _("The event is for practitioners only")


def _language(codes: Sequence[str], _titles: Titles) -> str:
    return _("Does not follow %(language)s", language=joined([language_name(code) for code in codes]))


def _overlap(codes: Sequence[str], _titles: Titles) -> str:
    return pgettext("officer", "Has a seat on these days in %(events)s") % {"events": joined(list(codes))}


_OBSTACLES: Mapping[ObstacleKind, Callable[[Sequence[str], Titles], str]] = {
    ObstacleKind.ROLE: _role,
    ObstacleKind.COURSES: _courses,
    ObstacleKind.COMPETENCIES: _competencies,
    ObstacleKind.SENSITIVITY: _sensitivity,
    ObstacleKind.LANGUAGE: _language,
    ObstacleKind.OVERLAP: _overlap,
}
