"""Page model and loaders of `/people/<id>/learning`: courses, workshops and suggestions, without answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, pgettext
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, allows, may_read, own_scope
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.domain.claims import ClaimState
from app.competence.labels import competencies
from app.competence.shapes import ClaimLine
from app.home.forms import SuggestForm
from app.home.pages import titles
from app.home.pages.titles import TitledLine, Translations
from app.i18n.languages import current
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.identity.queries import people as accounts
from app.identity.queries.people import OfficerLine
from app.kernel import clock
from app.learning import labels
from app.learning.domain import LIVE, Suggester, SuggestionState
from app.learning.queries import suggestions as learning_suggestions
from app.learning.queries.progress import EnrolmentLine
from app.learning.queries.suggestions import SuggestionLine
from app.rights.queries import supervision
from app.web.pages import Page
from app.workshops import labels as workshops
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.shapes import OwnBooking


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionRow(TitledLine):
    """A suggested course; `by` is empty for the actor, and `href` withdraws the suggestion."""

    by: str
    line: SuggestionLine


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerLearningPage(Page):
    """Courses and workshops of an officer; `whole` is False for supervisors, who see finished courses only."""

    template: ClassVar[str] = "home/officer.html"
    alias: str
    person_id: UUID
    whole: bool
    form: SuggestForm
    today: date
    suggestions: Sequence[SuggestionRow]
    courses: Sequence[tuple[TranslatedText, EnrolmentLine]]
    bookings: Sequence[TitledLine]
    claims: Sequence[TitledLine]


@dataclass(frozen=True, slots=True)
class VisibleLearner:
    """Another officer of the actor's country, with the officer's supervisors."""

    officer: OfficerLine
    country: str
    supervisors: frozenset[UUID]

    @property
    def person_id(self) -> UUID:
        """Return the identifier of the officer."""
        return self.officer.person_id

    @property
    def learner(self) -> Actor:
        """Return the officer as an actor with the role of a practitioner alone."""
        return Actor(self.person_id, self.country, frozenset({Role.PRACTITIONER}))


def visible_learner(actor: Actor, person_id: UUID) -> VisibleLearner:
    """Return another officer whose courses the actor may see, or raise NoResultFound."""
    if not actor.country or not allows(actor, Action.SEE_LEARNING, own_scope(actor)) or person_id == actor.id:
        raise NoResultFound
    # loaders receive no time; postings and roles end by the day
    today = clock.today()
    officer = VisibleLearner(
        accounts.officer(person_id, actor.country, today),
        actor.country,
        supervision.supervisors_of(person_id, today),
    )
    if not allows(actor, Action.SEE_LEARNING, officer):
        raise NoResultFound
    return officer


def learner_with_suggestion(actor: Actor, person_id: UUID, suggestion_id: UUID) -> VisibleLearner:
    """Return the officer of a suggestion that the actor sees, or raise NoResultFound."""
    officer, line = visible_learner(actor, person_id), learning_suggestions.line(suggestion_id)
    if line.person_id != person_id or line not in visible_suggestions(actor, [line], officer.country):
        raise NoResultFound
    return officer


def visible_suggestions(actor: Actor, lines: Sequence[SuggestionLine], country: str) -> list[SuggestionLine]:
    """Return the suggestions that the actor sees: a contact point all of the country, a supervisor the own ones."""
    return [line for line in lines if line.country == country and (sees_all(actor) or line.suggested_by == actor.id)]


def suggester(actor: Actor) -> Suggester:
    """Return the capacity in which the actor suggests a course."""
    return Suggester.CONTACT_POINT if sees_all(actor) else Suggester.SUPERVISOR


def sees_all(actor: Actor) -> bool:
    """Return whether the actor sees more than finished courses: the contact point, never a supervisor."""
    return allows(actor, Action.SEE_OFFICERS, own_scope(actor))


def readable_ids(actor: Actor, bookings: Sequence[OwnBooking]) -> list[UUID]:
    """Return the ids of the workshops whose titles the actor may see."""
    return [booking.workshop.id for booking in bookings if may_read(actor, booking.workshop)]


def enrolments(lines: Sequence[EnrolmentLine], actor: Actor) -> list[tuple[TranslatedText, EnrolmentLine]]:
    """Return the titles of the courses of an officer, the newest first; a supervisor sees the finished ones."""
    return [
        (course_title(catalogue.outline(line.version_id), actor), line)
        for line in reversed(lines)
        if line.completed_on is not None or sees_all(actor)
    ]


def course_title(outline: Outline, actor: Actor) -> TranslatedText:
    """Return the code and title of a course, or the code alone if the actor may not read the course."""
    if not allows(actor, Action.READ_COURSE, outline):
        return TranslatedText(outline.code, SOURCE)
    code = outline.spoken(labels.shown(outline))
    return TranslatedText(f"{outline.code} {outline.title(code)}", code)


def choices(
    outlines: Sequence[Outline], lines: Sequence[EnrolmentLine], suggested: Sequence[SuggestionLine], actor: Actor
) -> list[tuple[str, str]]:
    """Return the courses that may be suggested: neither finished nor suggested now."""
    done = {line.course_id for line in lines if line.completed_on is not None}
    now = {line.course_id for line in suggested if line.state in LIVE}
    open_courses = [outline for outline in outlines if outline.course_id not in done | now]
    return [(str(outline.course_id), course_title(outline, actor).text) for outline in open_courses]


def suggestions(
    lines: Sequence[SuggestionLine], outlines: Mapping[UUID, Outline], aliases: Mapping[UUID, str], actor: Actor
) -> list[SuggestionRow]:
    """Return the suggestions with their results; a course that is no longer published has no title."""
    return [_suggestion(line, outlines.get(line.course_id), aliases, actor) for line in lines]


def _suggestion(
    line: SuggestionLine, outline: Outline | None, aliases: Mapping[UUID, str], actor: Actor
) -> SuggestionRow:
    word, kind = _suggestion_status(_visible_state(line.state, actor))
    withdraw_url = url_for("home.withdraw_suggestion", person_id=line.person_id, suggestion_id=line.id)
    return SuggestionRow(
        title=course_title(outline, actor) if outline else TranslatedText(_("A course"), current()),
        href=withdraw_url if line.state in LIVE else "",
        by="" if line.suggested_by == actor.id else aliases.get(line.suggested_by, ""),
        line=line,
        word=word,
        kind=kind,
    )


def claims(lines: Sequence[ClaimLine], framework: Competencies) -> list[TitledLine]:
    """Return the earlier skills that an officer claimed, the newest first."""
    statuses = {
        ClaimState.WAITING: (_("Waiting"), "wait"),
        ClaimState.ENDORSED: (_("Endorsed"), "good"),
        ClaimState.DECLINED: (_("Not now"), "none"),
        ClaimState.WITHDRAWN: (_("Withdrawn"), "none"),
    }
    return [
        TitledLine(
            title=competencies.title(framework, line.competency),
            sub=competencies.level(line.level),
            day=line.claimed_at.date(),
            word=statuses[line.state][0],
            kind=statuses[line.state][1],
        )
        for line in lines
    ]


def booking_line(
    booking: OwnBooking, certificates: Collection[UUID], translations: Translations, actor: Actor
) -> TitledLine:
    """Return a booking of an officer; the actor sees code and days alone of a workshop of a higher sensitivity."""
    event = booking.workshop
    word, kind = _booking_status(booking, certificates)
    if not may_read(actor, event):
        title = TranslatedText(event.code, SOURCE)
        return TitledLine(title=title, sub=workshops.event_days(event), word=word, kind=kind)
    return TitledLine(
        title=titles.workshop_title(event.id, event.code, translations),
        sub=titles.days_and_place(event),
        href=url_for("workshops.show_workshop", workshop_id=event.id),
        word=word,
        kind=kind,
    )


def _booking_status(booking: OwnBooking, certificates: Collection[UUID]) -> tuple[str, str]:
    event = booking.workshop
    if event.state is WorkshopState.CANCELLED:
        return _("Cancelled"), "none"
    if event.id in certificates:
        return _("Certificate of attendance"), "good"
    if event.state is WorkshopState.POSTPONED:
        return _("Postponed"), "wait"
    if event.last_day < clock.today():
        return _("Past"), "none"
    if booking.booking.state is BookingState.WAITING:
        return _("On the waiting list, place %(n)s", n=booking.booking.position or 1), "wait"
    return _("Has a seat"), "good"


def _visible_state(state: SuggestionState, actor: Actor) -> SuggestionState:
    """Return the state that the actor may see: a supervisor does not see whether a course was begun."""
    begun = state is SuggestionState.BEGUN
    return SuggestionState.OPEN if begun and not sees_all(actor) else state


def _suggestion_status(state: SuggestionState) -> tuple[str, str]:
    return {
        SuggestionState.OPEN: (pgettext("step", "Open"), "open"),
        SuggestionState.BEGUN: (_("In progress"), "here"),
        SuggestionState.DONE: (_("Done"), "good"),
        SuggestionState.SET_ASIDE: (_("Set aside"), "none"),
        SuggestionState.TAKEN_BACK: (_("Taken back"), "none"),
    }[state]
