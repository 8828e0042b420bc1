"""An officer's courses and workshops, for the own contact point and the supervisors: states and days, no answers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Sensitivity, allows, own_scope
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.domain.claims import ClaimState
from app.competence.labels import competencies
from app.competence.shapes import ClaimLine
from app.i18n.languages import current, direction
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
from app.workshops import labels as workshops
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.shapes import OwnBooking


@dataclass(frozen=True, slots=True)
class Seen:
    """Another officer of the actor's country, with who supervises the officer."""

    officer: OfficerLine
    country: str
    supervisors: frozenset[UUID]

    @property
    def person_id(self) -> UUID:
        """Return whose page it is."""
        return self.officer.person_id

    @property
    def learner(self) -> Actor:
        """Return the officer as one who may read what officers read: nothing else is told of an officer."""
        return Actor(self.person_id, self.country, frozenset({Role.PRACTITIONER}))


@dataclass(frozen=True, slots=True)
class Taken:
    """A suggestion to an officer that the reader may take back."""

    seen: Seen
    line: SuggestionLine

    @property
    def country(self) -> str:
        """Return where the officer serves."""
        return self.seen.country

    @property
    def supervisors(self) -> frozenset[UUID]:
        """Return who supervises the officer."""
        return self.seen.supervisors


@dataclass(frozen=True, slots=True)
class Attended:
    """Events in which an officer has or had a place, those of which there is a certificate, and titles."""

    events: Sequence[OwnBooking]
    certificates: Collection[UUID]
    said: Mapping[tuple[UUID, str], TranslatedText]


def seen(actor: Actor, person_id: UUID) -> Seen:
    """Return another officer whose courses the actor may see, or raise NoResultFound."""
    if not actor.country or not allows(actor, Action.SEE_LEARNING, own_scope(actor)) or person_id == actor.id:
        raise NoResultFound
    # loaders receive no time; postings and roles end by the day
    today = clock.today()
    officer = Seen(
        accounts.officer(person_id, actor.country, today),
        actor.country,
        supervision.supervisors_of(person_id, today),
    )
    if not allows(actor, Action.SEE_LEARNING, officer):
        raise NoResultFound
    return officer


def taken(actor: Actor, person_id: UUID, suggestion_id: UUID) -> Taken:
    """Return a suggestion that stands on the page of an officer before the actor, or raise NoResultFound."""
    about, line = seen(actor, person_id), learning_suggestions.line(suggestion_id)
    if line.person_id != person_id or line not in shown_to(actor, [line], about.country):
        raise NoResultFound
    return Taken(about, line)


def shown_to(actor: Actor, lines: Sequence[SuggestionLine], country: str) -> list[SuggestionLine]:
    """Return the suggestions that the actor sees: the own contact point all of the country's, a supervisor the own."""
    return [line for line in lines if line.country == country and (sees_all(actor) or line.suggested_by == actor.id)]


def suggester(actor: Actor) -> Suggester:
    """Return as what the actor suggests a course."""
    return Suggester.CONTACT_POINT if sees_all(actor) else Suggester.SUPERVISOR


def sees_all(actor: Actor) -> bool:
    """Say whether somebody sees more than what is completed: the own contact point, never a supervisor."""
    return allows(actor, Action.SEE_OFFICERS, own_scope(actor))


def open_to(actor: Actor, events: Sequence[OwnBooking]) -> list[UUID]:
    """Return the ids of the events that the reader may know by their titles."""
    return [one.workshop.id for one in events if _is_open(one, actor)]


def courses(lines: Sequence[EnrolmentLine], actor: Actor) -> list[dict[str, Any]]:
    """Return the courses of an officer, the newest first: begun and done, or the completed ones alone."""
    shown = [line for line in reversed(lines) if line.completed_on is not None or sees_all(actor)]
    return [
        {**course(catalogue.outline(line.version_id), actor), "begun": line.begun_on, "done": line.completed_on}
        for line in shown
    ]


def course(outline: Outline, actor: Actor) -> dict[str, Any]:
    """Return how a course is called: one of a mark above the reader's stands by its code alone."""
    if not allows(actor, Action.READ_COURSE, outline):
        return {"name": outline.code, "lang": SOURCE, "dir": direction(SOURCE)}
    code = outline.spoken(labels.shown(outline))
    return {"name": f"{outline.code} {outline.title(code)}", "lang": code, "dir": direction(code)}


def choices(
    outlines: Sequence[Outline], lines: Sequence[EnrolmentLine], suggested: Sequence[SuggestionLine], actor: Actor
) -> list[tuple[str, str]]:
    """Return the courses that may be suggested: neither done nor suggested now."""
    done = {line.course_id for line in lines if line.completed_on is not None}
    now = {one.course_id for one in suggested if one.state in LIVE}
    left = [outline for outline in outlines if outline.course_id not in done | now]
    return [(str(outline.course_id), course(outline, actor)["name"]) for outline in left]


def suggestions(
    lines: Sequence[SuggestionLine], outlines: Mapping[UUID, Outline], aliases: Mapping[UUID, str], actor: Actor
) -> list[dict[str, Any]]:
    """Return what was suggested and what became of it; a course that is no longer published has no name any more."""
    found = []
    for line in lines:
        word, kind = _answered(_told(line.state, actor))
        outline = outlines.get(line.course_id)
        named = course(outline, actor) if outline else {"name": _("A course"), "lang": current(), "dir": "auto"}
        back = url_for("home.withdraw_suggestion", person_id=line.person_id, suggestion_id=line.id)
        found.append(
            {
                **named,
                "by": "" if line.suggested_by == actor.id else aliases.get(line.suggested_by, ""),
                "on": line.suggested_on,
                "due_on": line.due_on,
                "reason": line.reason,
                "word": word,
                "kind": kind,
                "back": back if line.state in LIVE else "",
            }
        )
    return found


def bookings(attended: Attended, actor: Actor, today: date) -> list[dict[str, Any]]:
    """Return seats and places in queues, the newest event first, each with its state in words."""
    return [_booking(one, attended, actor, today) for one in reversed(attended.events)]


def claims(lines: Sequence[ClaimLine], framework: Competencies) -> list[dict[str, Any]]:
    """Return the earlier skills that an officer claimed, the newest first."""
    found = []
    for line in lines:
        named = competencies.title(framework, line.competency)
        word, kind = _claimed(line.state)
        found.append(
            {
                "name": named.text,
                "lang": named.lang,
                "dir": named.dir,
                "level": competencies.level(line.level),
                "day": line.claimed_at.date(),
                "word": word,
                "kind": kind,
            }
        )
    return found


def links(actor: Actor, person_id: UUID) -> dict[str, str]:
    """Return where the reader came from, and who looked where that is for them."""
    if not sees_all(actor):
        return {"back": url_for("competence.show_supervised_officers"), "looks_url": ""}
    return {"back": "", "looks_url": url_for("privacy.show_officer_access_log", person_id=person_id)}


def _booking(one: OwnBooking, attended: Attended, actor: Actor, today: date) -> dict[str, Any]:
    event = one.workshop
    word, kind = _state(one, attended.certificates, today)
    shown = _is_open(one, actor)
    days = workshops.days(event.first_day, event.last_day)
    place = workshops.place_and_country(event)
    return {
        "title": workshops.translated(attended.said.get((event.id, "title")) if shown else None, event.code),
        "sub": _("%(days)s, %(place)s", days=days, place=place) if shown else days,
        "href": url_for("workshops.show_workshop", workshop_id=event.id) if shown else "",
        "word": word,
        "kind": kind,
    }


def _is_open(one: OwnBooking, actor: Actor) -> bool:
    mark = one.workshop.sensitivity
    reads = Role.PRACTITIONER in actor.roles and mark is Sensitivity.LAW_ENFORCEMENT_ONLY
    return mark is Sensitivity.UNRESTRICTED or reads


def _state(one: OwnBooking, certificates: Collection[UUID], today: date) -> tuple[str, str]:
    """Return the state of a booking as a word and its shape."""
    event = one.workshop
    if event.state is WorkshopState.CANCELLED:
        return _("Cancelled"), "none"
    if event.id in certificates:
        return _("Certificate of attendance"), "good"
    if event.last_day < today:
        return _("Past"), "none"
    if one.booking.state is BookingState.WAITING:
        return _("On the waiting list, place %(n)s", n=one.booking.position or 1), "wait"
    return _("Has a seat"), "good"


def _told(state: SuggestionState, actor: Actor) -> SuggestionState:
    """Return how far a suggestion is as the reader may know it: a supervisor is told nothing of a course not done."""
    begun = state is SuggestionState.BEGUN
    return SuggestionState.OPEN if begun and not sees_all(actor) else state


def _answered(state: SuggestionState) -> tuple[str, str]:
    return {
        SuggestionState.OPEN: (pgettext("step", "Open"), "open"),
        SuggestionState.BEGUN: (_("In progress"), "here"),
        SuggestionState.DONE: (_("Done"), "good"),
        SuggestionState.SET_ASIDE: (_("Set aside"), "none"),
        SuggestionState.TAKEN_BACK: (_("Taken back"), "none"),
    }[state]


def _claimed(state: ClaimState) -> tuple[str, str]:
    return {
        ClaimState.WAITING: (_("Waiting"), "wait"),
        ClaimState.ENDORSED: (_("Endorsed"), "good"),
        ClaimState.DECLINED: (_("Not now"), "none"),
        ClaimState.WITHDRAWN: (_("Withdrawn"), "none"),
    }[state]
