"""An event as its trainers and coordinators see it: what to do before, during and after, seats, roster, queue."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.access.policy import Actor, Role
from app.i18n import stored_translations as texts
from app.i18n.babel import joined
from app.i18n.languages import language
from app.i18n.stored_translations import TranslatedText
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.workshops import labels
from app.workshops.domain import closing as closing_rules
from app.workshops.domain.attendance import is_earned
from app.workshops.domain.events import OVER, HistoryKind, WorkshopState, WorkshopStep
from app.workshops.pages import dashboard
from app.workshops.queries import bookings, participants
from app.workshops.queries.participants import AssessmentLine, HistoryEntry, Participant
from app.workshops.service import closing
from app.workshops.shapes import SessionFacts, WorkshopFacts

DONE, DUE, LATER, OFF = ("good", "risk", "open", "none")
Row = dict[str, Any]


def page(actor: Actor, workshop: WorkshopFacts, now: datetime) -> dict[str, Any]:
    """Return everything that the page of an event shows to those who run it."""
    translations = texts.translations_for(
        [workshop.id, *(one.id for one in workshop.sessions)], learning_pages.wanted()
    )
    today = now.date()
    people, waiting = (
        participants.participants(workshop, today, actor),
        participants.waiting_list(workshop.id, today, actor),
    )
    scored = participants.assessments(workshop.id)
    by_booking = Counter(booking for booking, _competency in {(one.booking_id, one.competency) for one in scored})
    taken = len(people)
    word, kind = dashboard.state(workshop, now, seats=(taken, len(waiting)))
    return {
        "workshop": heading(workshop, translations),
        "state": {"word": word, "kind": kind, "text": _whose_move(workshop, now)},
        "before": _before(actor, workshop),
        "during": [*_sessions(workshop, people, translations, now), *_scores(actor, workshop, people, scored, now)],
        "after": _after(workshop, people, now),
        "cancel_url": "" if _is_over(workshop) or now >= workshop.starts_at else _step(workshop, WorkshopStep.CANCEL),
        "numbers": {
            "taken": taken,
            "capacity": workshop.capacity,
            "waiting": bookings.counts([workshop.id])[workshop.id][1],
        },
        "participants": [_participant(one, workshop, by_booking[one.booking_id], now) for one in people],
        "queue": [
            {"alias": one.alias, "country": labels.country(one.country), "place": one.position} for one in waiting
        ],
        "reopen_url": _step(workshop, WorkshopStep.REOPEN) if _may_reopen(actor, workshop, now) else "",
        "history": _history(workshop),
        "facts": _facts(workshop),
        "rates": bool(workshop.outcomes),
    }


def heading(workshop: WorkshopFacts, translations: Mapping[tuple[UUID, str], TranslatedText]) -> Row:
    """Return title and the line above it."""
    return {
        "title": labels.translated(translations.get((workshop.id, "title")), workshop.code),
        "href": url_for("workshops.show_event", workshop_id=workshop.id),
        "code": workshop.code,
        "kind": labels.kind(workshop.kind),
        "iso": workshop.first_day.isoformat(),
        "days": labels.days(workshop.first_day, workshop.last_day),
        "place": labels.place_and_country(workshop),
    }


def named(workshop: WorkshopFacts) -> Row:
    """Return the heading with only the event's own words read."""
    return heading(workshop, texts.translations_for([workshop.id], learning_pages.wanted()))


def session_title(session: SessionFacts, translations: Mapping[tuple[UUID, str], TranslatedText]) -> dict[str, str]:
    """Return the title of a session."""
    return labels.translated(translations.get((session.id, "title")), _("Session %(n)s", n=session.number))


def may_organise(actor: Actor, workshop: WorkshopFacts) -> bool:
    """Say whether somebody may name the trainers and assessors of an event."""
    return Role.COORDINATOR in actor.roles or actor.id == workshop.made_by


def _whose_move(workshop: WorkshopFacts, now: datetime) -> str:
    if workshop.state is WorkshopState.ANNOUNCED:
        return _held(workshop, now)
    return {
        WorkshopState.DRAFT: _("Only its staff can see it. Next: a second person approves it."),
        WorkshopState.CLEARED: _("A second person cleared it. Next: announce it, so that officers can book."),
        WorkshopState.CANCELLED: _("It was cancelled: %(reason)s", reason=workshop.reason),
        WorkshopState.CLOSED: _("It can only be read now. A coordinator can still correct attendance."),
    }[workshop.state]


def _held(workshop: WorkshopFacts, now: datetime) -> str:
    if now < workshop.starts_at:
        return _("Officers book by %(day)s. Then the event takes place.", day=labels.deadline(workshop))
    if now < workshop.ends_at:
        return _("The event is taking place. Record the attendance of each session.")
    if closing.may_reopen(workshop, now):
        return _("The time for attendance and scores is over. Close it, or let a coordinator reopen it.")
    return _("It was held. Complete attendance and scores, then close it.")


def _before(actor: Actor, workshop: WorkshopFacts) -> list[Row]:
    cleared = workshop.state is not WorkshopState.DRAFT and workshop.cleared_by is not None
    announced = workshop.state in {WorkshopState.ANNOUNCED, WorkshopState.CLOSED}
    over = _is_over(workshop)
    rows = [
        _row(
            _("Facts and sessions"),
            ngettext("%(num)s session", "%(num)s sessions", len(workshop.sessions)),
            "" if over else url_for("workshops.edit_workshop", workshop_id=workshop.id),
            done=True,
        ),
        _staff(actor, workshop),
        _row(
            _("Cleared by a second person"),
            _("A second person, not the author, checks facts, safety and wording."),
            "" if cleared or over else url_for("workshops.clearing", workshop_id=workshop.id),
            done=cleared,
        ),
        _row(
            _("Announced"),
            _("From then on officers see it and book."),
            _step(workshop, WorkshopStep.ANNOUNCE) if workshop.state is WorkshopState.CLEARED else "",
            done=announced,
        ),
    ]
    seats = "" if over else url_for("workshops.capacity", workshop_id=workshop.id)
    rows.append(
        _row(_("Number of seats"), ngettext("%(num)s seat", "%(num)s seats", workshop.capacity), seats, done=True)
    )
    return rows


def _staff(actor: Actor, workshop: WorkshopFacts) -> Row:
    trainers = ngettext("%(num)s trainer", "%(num)s trainers", len(workshop.trainers))
    assessors = ngettext("%(num)s assessor", "%(num)s assessors", len(workshop.assessors))
    enough = bool(workshop.trainers) and (bool(workshop.assessors) or not workshop.outcomes)
    href = url_for("workshops.show_staff", workshop_id=workshop.id) if may_organise(actor, workshop) else ""
    return _row(_("Trainers and assessors"), joined([trainers, assessors]), href, done=enough)


def _sessions(
    workshop: WorkshopFacts,
    people: Sequence[Participant],
    translations: Mapping[tuple[UUID, str], TranslatedText],
    now: datetime,
) -> list[Row]:
    return [_session(workshop, one, people, session_title(one, translations), now) for one in workshop.sessions]


def _session(
    workshop: WorkshopFacts, session: SessionFacts, people: Sequence[Participant], title: dict[str, str], now: datetime
) -> Row:
    marked = sum(session.id in person.marks for person in people)
    begun = now >= session.starts_at and workshop.state in {WorkshopState.ANNOUNCED, WorkshopState.CLOSED}
    when = _("%(day)s, %(hours)s", day=labels.short_day(session.day), hours=labels.hours(session.starts, session.ends))
    if begun and people and marked == len(people):
        word, kind = _("Attendance recorded"), DONE
    elif begun and people:
        word, kind = _("Attendance due"), DUE
    elif begun:
        word, kind = _("No bookings"), OFF
    else:
        word, kind = _("Not begun"), LATER
    return {
        "name": title["text"],
        "lang": title["lang"],
        "dir": title["dir"],
        "sub": when,
        "href": url_for("workshops.attendance", workshop_id=workshop.id, number=session.number)
        if begun and people
        else "",
        "word": word,
        "kind": kind,
    }


def _scores(
    actor: Actor,
    workshop: WorkshopFacts,
    people: Sequence[Participant],
    scored: Sequence[AssessmentLine],
    now: datetime,
) -> list[Row]:
    if not workshop.outcomes:
        return []
    pairs = {(one.booking_id, one.competency) for one in scored}
    missing = closing_rules.gaps(
        [one.id for one in workshop.sessions],
        {one.booking_id: one.marks for one in people},
        [name for name, _level in workshop.outcomes],
        pairs,
    )
    asked, scored_number = missing.scores_due, missing.scores_due - missing.scores
    sub = ngettext("%(n)s of %(num)s score given", "%(n)s of %(num)s scores given", asked, n=scored_number)
    href = url_for("workshops.participants", workshop_id=workshop.id) if actor.id in workshop.assessors else ""
    done = bool(asked) and scored_number >= asked
    due = (_("Due"), DUE) if not closing.may_reopen(workshop, now) else (_("Time is over"), OFF)
    word, kind = (_("Done"), DONE) if done else (due if now >= workshop.starts_at else (_("Not begun"), LATER))
    return [_plain(_("Scores by rubric"), sub, href) | {"word": word, "kind": kind}]


def _after(workshop: WorkshopFacts, people: Sequence[Participant], now: datetime) -> list[Row]:
    closed = workshop.state is WorkshopState.CLOSED
    open_marks = sum(one.id not in person.marks for person in people for one in workshop.sessions)
    complete = now >= workshop.ends_at and not open_marks
    earned = sum(is_earned(one.attendance_rate, workshop.attendance_share) for one in people)
    rows = [
        _row(
            _("Attendance complete"),
            ngettext("%(num)s mark is open", "%(num)s marks are open", open_marks) if open_marks else "",
            "",
            done=complete,
        ),
        _row(
            _("Certificates of attendance"),
            _(
                "%(n)s of %(m)s were at %(percent)s %% of the sessions or more",
                n=earned,
                m=len(people),
                percent=round(workshop.attendance_share * 100),
            )
            if now >= workshop.ends_at
            else _("Known after the last session"),
            "",
            done=complete,
        ),
    ]
    can_close = workshop.state is WorkshopState.ANNOUNCED and now >= workshop.ends_at
    sub = _("Then it counts in the plan and can only be read.")
    href = _step(workshop, WorkshopStep.CLOSE) if can_close else ""
    return [*rows, _row(pgettext("event", "Closed"), sub, href, done=closed)]


def _participant(person: Participant, workshop: WorkshopFacts, scored: int, now: datetime) -> Row:
    return {
        "seat": person.seat,
        "alias": person.alias,
        "country": labels.country(person.country),
        "marked": _("%(n)s of %(m)s", n=len(person.marks), m=len(workshop.sessions)),
        "share": ""
        if person.attendance_rate is None or now < workshop.ends_at
        else _("%(n)s %%", n=round(person.attendance_rate * 100)),
        "scored": _("%(n)s of %(m)s", n=scored, m=len(workshop.outcomes)),
    }


def _may_reopen(actor: Actor, workshop: WorkshopFacts, now: datetime) -> bool:
    return Role.COORDINATOR in actor.roles and closing.may_reopen(workshop, now)


def _history(workshop: WorkshopFacts) -> list[Row]:
    """Return when the event was closed and reopened, by whom and why, and what the coordinators were asked."""
    entries = participants.history(workshop.id)
    names = accounts.names([entry.person_id for entry in entries]) if entries else {}
    translations = {
        HistoryKind.CLOSED: pgettext("event", "Closed"),
        HistoryKind.REOPENED: _("Reopened"),
        HistoryKind.ATTENDANCE_ASKED: _("Coordinators asked about attendance"),
        HistoryKind.SCORES_ASKED: _("Coordinators asked about scores"),
    }
    return [
        {
            "word": translations[entry.kind],
            "at": entry.at,
            "alias": names.get(entry.person_id, ""),
            "reason": entry.reason,
            "missing": _left_out(entry),
        }
        for entry in entries
    ]


def _left_out(entry: HistoryEntry) -> str:
    """Return what was missing when an event was closed."""
    if not entry.missing_marks and not entry.missing_scores:
        return ""
    marks = ngettext("%(num)s mark", "%(num)s marks", entry.missing_marks)
    scores = ngettext("%(num)s score", "%(num)s scores", entry.missing_scores)
    return _("Missing: %(what)s.", what=joined([marks, scores]))


def _facts(workshop: WorkshopFacts) -> list[tuple[str, str]]:
    names = accounts.names([*workshop.trainers, *workshop.assessors])
    trainers, assessors = (
        joined(sorted((names.get(one, "") for one in group), key=alias_key)) if group else _("None yet")
        for group in (workshop.trainers, workshop.assessors)
    )
    return [
        (_("Trainers"), trainers),
        (_("Assessors"), assessors),
        (_("Booking until"), labels.deadline(workshop)),
        (_("Languages"), joined([language(code).name for code in workshop.languages])),
        (_("Mark"), learning_pages.sensitivity(workshop.sensitivity)),
        (_("Code"), workshop.code),
        *([(_("Activity of the plan"), workshop.activity)] if workshop.activity else []),
    ]


def _row(name: str, sub: str, href: str, *, done: bool) -> Row:
    word, kind = (_("Done"), DONE) if done else (pgettext("step", "Open"), LATER)
    return _plain(name, sub, href) | {"word": word, "kind": kind}


def _plain(name: str, sub: str, href: str) -> Row:
    return {"name": name, "sub": sub, "href": href, "lang": "", "dir": ""}


def _step(workshop: WorkshopFacts, step: WorkshopStep) -> str:
    return url_for("workshops.step", workshop_id=workshop.id, step=str(step))


def _is_over(workshop: WorkshopFacts) -> bool:
    return workshop.state in OVER
