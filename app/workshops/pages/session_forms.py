"""Build the pages for attendance of a session and for scores by rubric; for `views.results`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Actor
from app.access.workshop_rules import runs_every_workshop
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level as level_words
from app.competence.queries import competencies as competence
from app.i18n import babel, stored_translations as texts
from app.i18n.languages import country_name, current
from app.i18n.stored_translations import TranslatedText
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.attendance import Attendance, AttendanceRefusal, is_prefilled
from app.workshops.domain.events import HistoryKind
from app.workshops.forms.scoring import AttendanceForm
from app.workshops.labels import attendance_label
from app.workshops.pages import event
from app.workshops.pages.attendance_day import AttendanceDay, attendance_day
from app.workshops.pages.dashboard import TeachingTask
from app.workshops.pages.event import EventHeading
from app.workshops.queries import participants as workshops_participants, rubric_sheets
from app.workshops.queries.participants import Participant
from app.workshops.service import closing, results
from app.workshops.shapes import SessionFacts, WorkshopFacts

Assessors = Mapping[tuple[UUID, str], Collection[UUID]]  # by booking and competency


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRow:
    """A participant with the selected attendance: `value` of the field named `field`, `word` as its label."""

    field: str
    alias: str
    sub: str
    value: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendancePage(Page):
    """The attendance of a session; `refusal` is why it cannot be saved now, `last_mark` the last mark on the page."""

    template: ClassVar[str] = "teaching/attendance.html"
    heading: EventHeading
    title: TranslatedText
    number: int
    iso: str
    day: str
    hours: str
    people: Sequence[AttendanceRow]
    intro: str
    options: Sequence[tuple[str, str]]
    is_recorded: bool
    asks_why: bool
    refusal: str
    ask_url: str
    form: AttendanceForm
    last_mark: int
    action: str
    lists: AttendanceDay


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """A participant with the state of the score of each competency."""

    alias: str
    sub: str
    cells: Sequence[TeachingTask]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoresPage(Page):
    """Participants and competencies for an assessor; an outcome is (code, name, level)."""

    template: ClassVar[str] = "teaching/participants.html"
    heading: EventHeading
    outcomes: Sequence[tuple[str, str, str]]
    people: Sequence[ScoreRow]
    summary: str
    refusal: str
    ask_url: str
    batch_urls: Mapping[str, str]


def attendance_page(
    actor: Actor,
    workshop: WorkshopFacts,
    session: SessionFacts,
    form: AttendanceForm,
    *,
    chosen: Mapping[UUID, Attendance],
    last_mark: int,
    now: datetime,
) -> AttendancePage:
    """Return the attendance form of a session without the actor's own; `chosen` are submitted marks by booking."""
    translations = texts.translations_for([workshop.id, session.id], learning_pages.wanted())
    participants = workshops_participants.participants(workshop, now.date(), actor)
    people = [person for person in participants if person.person_id != actor.id]
    coordinator = runs_every_workshop(actor)
    is_recorded = any(session.id in person.marks for person in people)
    refusal = results.refusal_of(
        workshop, session, coordinator=coordinator, corrects=is_recorded, reason="given", now=now
    )
    late = results.refusal_of(workshop, session, coordinator=coordinator, corrects=False, reason="", now=now)
    lists = attendance_day(actor, workshop, session, people, now)
    # with check-in, a participant without one is not preselected as present
    prefilled = is_prefilled(now, session.ends_at) and not lists.has_codes
    return AttendancePage(
        heading=event.heading(workshop, translations),
        title=labels.session_title(session, translations),
        number=session.number,
        iso=session.day.isoformat(),
        day=babel.short_day(session.day),
        hours=labels.hours(session.starts, session.ends),
        people=[_attendance_row(person, session, chosen, prefilled=prefilled) for person in people],
        intro=_with_codes() if lists.has_codes else _intro(is_recorded=is_recorded, prefilled=prefilled),
        options=_options(),
        is_recorded=is_recorded,
        asks_why=is_recorded or late is AttendanceRefusal.NO_REASON,
        refusal=_refusal_text(refusal, session),
        ask_url=_ask_about_attendance(workshop, refusal),
        form=form,
        last_mark=last_mark,
        lists=lists,
        action=url_for("workshops.save_attendance", workshop_id=workshop.id, number=session.number),
    )


def _options() -> list[tuple[str, str]]:
    return [(str(attendance), attendance_label(attendance)) for attendance in Attendance]


def scores_page(workshop: WorkshopFacts, people: Sequence[Participant], *, me: UUID, now: datetime) -> ScoresPage:
    """Return participants and competencies with the state of each score."""
    titles = catalogue.competency_titles(current())
    is_open = results.can_score(workshop, now)
    due = len(people) * len(workshop.outcomes)
    begun = rubric_sheets.begun([person.booking_id for person in people], me)
    assessors: dict[tuple[UUID, str], set[UUID]] = {}
    for assessment in workshops_participants.assessments(workshop.id):
        assessors.setdefault((assessment.booking_id, assessment.competency), set()).add(assessment.assessor_id)
    return ScoresPage(
        heading=event.heading_of(workshop),
        outcomes=[(name, titles.get(name, name), level_words(level)) for name, level in workshop.outcomes],
        people=[_score_row(person, workshop, assessors, begun=begun, me=me, is_open=is_open) for person in people],
        summary=ngettext("%(n)s of %(num)s score given", "%(n)s of %(num)s scores given", due, n=len(assessors)),
        refusal="" if is_open else not_open(workshop, now),
        ask_url=_ask_about_scores(workshop, now),
        batch_urls={name: _batch_url(workshop, name, is_open=is_open) for name, _level in workshop.outcomes},
    )


def _batch_url(workshop: WorkshopFacts, competency: str, *, is_open: bool) -> str:
    """Return the address of the first criterion of a rubric for all participants, "" if scores are not taken now."""
    rubrics, level = catalogue.rubrics(), dict(workshop.outcomes)[competency]
    rubric = rubrics.get(competency, level) if rubrics else None
    if rubric is None or not is_open:
        return ""
    return url_for(
        "workshops.show_criterion",
        workshop_id=workshop.id,
        competency=competency,
        criterion=rubric.criteria[0],
    )


def result(person_id: UUID, alias: str, competency: str, level: Level, now: datetime) -> str:
    """Return the message after scoring: until when the competency is verified."""
    until = competence.outlook(person_id, competency, level, now.date()).until
    if until is not None and until >= now.date():
        return _(
            "Scored. %(competency)s of %(alias)s is verified until %(day)s.",
            competency=competency, alias=alias, day=babel.words(until),
        )  # fmt: skip
    return _("Scored. %(competency)s of %(alias)s is not verified yet.", competency=competency, alias=alias)


def _with_codes() -> str:
    return _("Those who checked in have a mark. Choose one for the others. A change of a saved mark needs a reason.")


def _intro(*, is_recorded: bool, prefilled: bool) -> str:
    if is_recorded:
        return _("You see the saved attendance. Correct it, and give a reason.")
    if prefilled:
        return _("All are set to present. Change only those who were not.")
    return _("This session took place some time ago. Choose a mark only if you are sure, such as from a list.")


def _ask_about_attendance(workshop: WorkshopFacts, refusal: AttendanceRefusal | None) -> str:
    """Return the URL to ask the coordinators, or "" while attendance can be entered or after the question."""
    is_late = refusal is AttendanceRefusal.COORDINATOR_ONLY
    if not is_late or _is_asked(workshop, HistoryKind.ATTENDANCE_ASKED):
        return ""
    return url_for("workshops.ask_about_attendance", workshop_id=workshop.id)


def _ask_about_scores(workshop: WorkshopFacts, now: datetime) -> str:
    if not closing.may_reopen(workshop, now) or _is_asked(workshop, HistoryKind.SCORES_ASKED):
        return ""
    has_gaps = bool(workshops_participants.missing_results(workshop).scores)
    return url_for("workshops.ask_about_scores", workshop_id=workshop.id) if has_gaps else ""


def _is_asked(workshop: WorkshopFacts, kind: HistoryKind) -> bool:
    return kind in workshops_participants.open_coordinator_questions([workshop.id])[workshop.id]


def _attendance_row(
    person: Participant, session: SessionFacts, chosen: Mapping[UUID, Attendance], *, prefilled: bool
) -> AttendanceRow:
    usual = Attendance.PRESENT if prefilled else None
    shown = chosen.get(person.booking_id) or person.marks.get(session.id) or usual
    return AttendanceRow(
        field=f"mark-{person.booking_id}",
        alias=person.alias,
        sub=_seat_and_country(person),
        value=str(shown or ""),
        word=attendance_label(shown) if shown else _("No mark"),
    )


def _seat_and_country(person: Participant) -> str:
    if not person.country:
        return _("Seat %(n)s", n=person.seat)
    return _("Seat %(n)s, %(country)s", n=person.seat, country=country_name(person.country))


def _refusal_text(refusal: AttendanceRefusal | None, session: SessionFacts) -> str:
    if refusal is AttendanceRefusal.NOT_BEGUN:
        hours = labels.hours(session.starts, session.ends)
        return _("Attendance can be recorded once the session has begun: %(day)s, %(hours)s.",
                 day=babel.short_day(session.day), hours=hours)  # fmt: skip
    if refusal is AttendanceRefusal.COORDINATOR_ONLY:
        return _("The time for corrections is over. Ask a coordinator, and say why.")
    return ""


def _score_row(
    person: Participant,
    workshop: WorkshopFacts,
    assessors: Assessors,
    *,
    begun: Collection[tuple[UUID, str]],
    me: UUID,
    is_open: bool,
) -> ScoreRow:
    """Return a participant by alias only: an assessor does not see the country."""
    cells = []
    for competency, _level in workshop.outcomes:
        by = assessors.get((person.booking_id, competency), ())
        word, kind = _score_state(is_self=person.person_id == me, is_own=me in by, is_scored=bool(by))
        if (person.booking_id, competency) in begun and me not in by:
            word, kind = _("Saved for later"), "here"
        url = url_for("workshops.rubric", workshop_id=workshop.id, booking_id=person.booking_id, competency=competency)
        is_open_to_me = person.person_id != me and (me in by or is_open)
        cells.append(TeachingTask(name=competency, href=url if is_open_to_me else "", word=word, kind=kind))
    return ScoreRow(alias=person.alias, sub=_("Seat %(n)s", n=person.seat), cells=cells)


def _score_state(*, is_self: bool, is_own: bool, is_scored: bool) -> tuple[str, str]:
    if is_self:
        return _("Yourself"), "none"
    if is_own:
        return _("Scored"), "good"
    return (_("By another assessor"), "here") if is_scored else (_("Score"), "open")


def not_open(workshop: WorkshopFacts, now: datetime) -> str:
    """Return why scores cannot be saved now."""
    if not workshop.has_days:
        return _("This event is postponed. Scores are given from the first session on.")
    if now < workshop.starts_at:
        return _("Scores are given from the first session on: %(day)s.", day=babel.short_day(workshop.first_day))
    return _("The time for scores is over. What was scored can be read.")
