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


def page(actor: Actor, given: WorkshopFacts, now: datetime) -> dict[str, Any]:
    """Return everything that the page of an event shows to those who run it."""
    said = texts.translations_for([given.id, *(one.id for one in given.sessions)], learning_pages.wanted())
    today = now.date()
    people, waiting = participants.participants(given, today, actor), participants.waiting_list(given.id, today, actor)
    scored = participants.assessments(given.id)
    by_booking = Counter(booking for booking, _competency in {(one.booking_id, one.competency) for one in scored})
    taken = len(people)
    word, kind = dashboard.state(given, now, seats=(taken, len(waiting)))
    return {
        "workshop": heading(given, said),
        "state": {"word": word, "kind": kind, "text": _whose_move(given, now)},
        "before": _before(actor, given),
        "during": [*_sessions(given, people, said, now), *_scores(actor, given, people, scored, now)],
        "after": _after(given, people, now),
        "cancel_url": "" if _is_over(given) or now >= given.starts_at else _step(given, WorkshopStep.CANCEL),
        "numbers": {
            "taken": taken,
            "capacity": given.capacity,
            "waiting": bookings.counts([given.id])[given.id][1],
        },
        "participants": [_participant(one, given, by_booking[one.booking_id], now) for one in people],
        "queue": [{"alias": one.alias, "country": labels.country(one.country), "place": one.place} for one in waiting],
        "reopen_url": _step(given, WorkshopStep.REOPEN) if _may_reopen(actor, given, now) else "",
        "history": _history(given),
        "facts": _facts(given),
        "rates": bool(given.outcomes),
    }


def heading(given: WorkshopFacts, said: Mapping[tuple[UUID, str], TranslatedText]) -> Row:
    """Return title and the line above it."""
    return {
        "title": labels.translated(said.get((given.id, "title")), given.code),
        "href": url_for("workshops.show_event", workshop_id=given.id),
        "code": given.code,
        "kind": labels.kind(given.kind),
        "iso": given.first_day.isoformat(),
        "days": labels.days(given.first_day, given.last_day),
        "place": labels.place_and_country(given),
    }


def named(given: WorkshopFacts) -> Row:
    """Return the heading with only the event's own words read."""
    return heading(given, texts.translations_for([given.id], learning_pages.wanted()))


def session_title(one: SessionFacts, said: Mapping[tuple[UUID, str], TranslatedText]) -> dict[str, str]:
    """Return the title of a session."""
    return labels.translated(said.get((one.id, "title")), _("Session %(n)s", n=one.number))


def may_organise(actor: Actor, given: WorkshopFacts) -> bool:
    """Say whether somebody may name the trainers and assessors of an event."""
    return Role.COORDINATOR in actor.roles or actor.id == given.made_by


def _whose_move(given: WorkshopFacts, now: datetime) -> str:
    if given.state is WorkshopState.ANNOUNCED:
        return _held(given, now)
    return {
        WorkshopState.DRAFT: _("Nobody else sees it yet. Next: a second person clears it."),
        WorkshopState.CLEARED: _("A second person cleared it. Next: announce it, so that officers can book."),
        WorkshopState.CANCELLED: _("It was cancelled: %(reason)s", reason=given.reason),
        WorkshopState.CLOSED: _("It can only be read now. A coordinator can still correct attendance."),
    }[given.state]


def _held(given: WorkshopFacts, now: datetime) -> str:
    if now < given.starts_at:
        return _("Officers book by %(day)s. Then it is held.", day=labels.deadline(given))
    if now < given.ends_at:
        return _("The event is taking place. Record the attendance of each session.")
    if closing.may_reopen(given, now):
        return _("The time for attendance and scores is over. Close it, or let a coordinator reopen it.")
    return _("It was held. Complete attendance and scores, then close it.")


def _before(actor: Actor, given: WorkshopFacts) -> list[Row]:
    cleared = given.state is not WorkshopState.DRAFT and given.cleared_by is not None
    announced = given.state in {WorkshopState.ANNOUNCED, WorkshopState.CLOSED}
    over = _is_over(given)
    rows = [
        _row(
            _("Facts and sessions"),
            ngettext("%(num)s session", "%(num)s sessions", len(given.sessions)),
            "" if over else url_for("workshops.edit_workshop", workshop_id=given.id),
            done=True,
        ),
        _staff(actor, given),
        _row(
            _("Cleared by a second person"),
            _("A second person, not the author, checks facts, safety and wording."),
            "" if cleared or over else url_for("workshops.clearing", workshop_id=given.id),
            done=cleared,
        ),
        _row(
            _("Announced"),
            _("From then on officers see it and book."),
            _step(given, WorkshopStep.ANNOUNCE) if given.state is WorkshopState.CLEARED else "",
            done=announced,
        ),
    ]
    seats = "" if over else url_for("workshops.capacity", workshop_id=given.id)
    rows.append(_row(_("Number of seats"), ngettext("%(num)s seat", "%(num)s seats", given.capacity), seats, done=True))
    return rows


def _staff(actor: Actor, given: WorkshopFacts) -> Row:
    trainers = ngettext("%(num)s trainer", "%(num)s trainers", len(given.trainers))
    assessors = ngettext("%(num)s assessor", "%(num)s assessors", len(given.assessors))
    enough = bool(given.trainers) and (bool(given.assessors) or not given.outcomes)
    href = url_for("workshops.show_staff", workshop_id=given.id) if may_organise(actor, given) else ""
    return _row(_("Trainers and assessors"), joined([trainers, assessors]), href, done=enough)


def _sessions(
    given: WorkshopFacts, people: Sequence[Participant], said: Mapping[tuple[UUID, str], TranslatedText], now: datetime
) -> list[Row]:
    return [_session(given, one, people, session_title(one, said), now) for one in given.sessions]


def _session(
    given: WorkshopFacts, one: SessionFacts, people: Sequence[Participant], title: dict[str, str], now: datetime
) -> Row:
    marked = sum(one.id in person.marks for person in people)
    begun = now >= one.starts_at and given.state in {WorkshopState.ANNOUNCED, WorkshopState.CLOSED}
    when = _("%(day)s, %(hours)s", day=labels.short_day(one.day), hours=labels.hours(one.starts, one.ends))
    if begun and people and marked == len(people):
        word, kind = _("Attendance recorded"), DONE
    elif begun and people:
        word, kind = _("Attendance due"), DUE
    elif begun:
        word, kind = _("Nobody booked"), OFF
    else:
        word, kind = _("Not begun"), LATER
    return {
        "name": title["text"],
        "lang": title["lang"],
        "dir": title["dir"],
        "sub": when,
        "href": url_for("workshops.attendance", workshop_id=given.id, number=one.number) if begun and people else "",
        "word": word,
        "kind": kind,
    }


def _scores(
    actor: Actor, given: WorkshopFacts, people: Sequence[Participant], scored: Sequence[AssessmentLine], now: datetime
) -> list[Row]:
    if not given.outcomes:
        return []
    pairs = {(one.booking_id, one.competency) for one in scored}
    missing = closing_rules.gaps(
        [one.id for one in given.sessions],
        {one.booking_id: one.marks for one in people},
        [name for name, _level in given.outcomes],
        pairs,
    )
    asked, there = missing.scores_due, missing.scores_due - missing.scores
    sub = ngettext("%(n)s of %(num)s score given", "%(n)s of %(num)s scores given", asked, n=there)
    href = url_for("workshops.participants", workshop_id=given.id) if actor.id in given.assessors else ""
    done = bool(asked) and there >= asked
    due = (_("Due"), DUE) if not closing.may_reopen(given, now) else (_("Time is over"), OFF)
    word, kind = (_("Done"), DONE) if done else (due if now >= given.starts_at else (_("Not begun"), LATER))
    return [_plain(_("Scores by rubric"), sub, href) | {"word": word, "kind": kind}]


def _after(given: WorkshopFacts, people: Sequence[Participant], now: datetime) -> list[Row]:
    closed = given.state is WorkshopState.CLOSED
    open_marks = sum(one.id not in person.marks for person in people for one in given.sessions)
    complete = now >= given.ends_at and not open_marks
    earned = sum(is_earned(one.share, given.attendance_share) for one in people)
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
                percent=round(given.attendance_share * 100),
            )
            if now >= given.ends_at
            else _("Known after the last session"),
            "",
            done=complete,
        ),
    ]
    can_close = given.state is WorkshopState.ANNOUNCED and now >= given.ends_at
    sub = _("Then it counts in the plan and can only be read.")
    href = _step(given, WorkshopStep.CLOSE) if can_close else ""
    return [*rows, _row(pgettext("event", "Closed"), sub, href, done=closed)]


def _participant(one: Participant, given: WorkshopFacts, there: int, now: datetime) -> Row:
    return {
        "seat": one.seat,
        "alias": one.alias,
        "country": labels.country(one.country),
        "marked": _("%(n)s of %(m)s", n=len(one.marks), m=len(given.sessions)),
        "share": "" if one.share is None or now < given.ends_at else _("%(n)s %%", n=round(one.share * 100)),
        "scored": _("%(n)s of %(m)s", n=there, m=len(given.outcomes)),
    }


def _may_reopen(actor: Actor, given: WorkshopFacts, now: datetime) -> bool:
    return Role.COORDINATOR in actor.roles and closing.may_reopen(given, now)


def _history(given: WorkshopFacts) -> list[Row]:
    """Return when the event was closed and reopened, by whom and why, and what the coordinators were asked."""
    entries = participants.history(given.id)
    names = accounts.names([one.person_id for one in entries]) if entries else {}
    said = {
        HistoryKind.CLOSED: pgettext("event", "Closed"),
        HistoryKind.REOPENED: _("Reopened"),
        HistoryKind.ATTENDANCE_ASKED: _("Coordinators asked about attendance"),
        HistoryKind.SCORES_ASKED: _("Coordinators asked about scores"),
    }
    return [
        {
            "word": said[one.kind],
            "at": one.at,
            "alias": names.get(one.person_id, ""),
            "reason": one.reason,
            "missing": _left_out(one),
        }
        for one in entries
    ]


def _left_out(entry: HistoryEntry) -> str:
    """Return what was missing when an event was closed."""
    if not entry.missing_marks and not entry.missing_scores:
        return ""
    marks = ngettext("%(num)s mark", "%(num)s marks", entry.missing_marks)
    scores = ngettext("%(num)s score", "%(num)s scores", entry.missing_scores)
    return _("Missing: %(what)s.", what=joined([marks, scores]))


def _facts(given: WorkshopFacts) -> list[tuple[str, str]]:
    names = accounts.names([*given.trainers, *given.assessors])
    trainers, assessors = (
        joined(sorted((names.get(one, "") for one in group), key=alias_key)) if group else _("None yet")
        for group in (given.trainers, given.assessors)
    )
    return [
        (_("Trainers"), trainers),
        (_("Assessors"), assessors),
        (_("Booking until"), labels.deadline(given)),
        (_("Languages"), joined([language(code).name for code in given.languages])),
        (_("Mark"), learning_pages.sensitivity(given.sensitivity)),
        (_("Code"), given.code),
        *([(_("Activity of the plan"), given.activity)] if given.activity else []),
    ]


def _row(name: str, sub: str, href: str, *, done: bool) -> Row:
    word, kind = (_("Done"), DONE) if done else (pgettext("step", "Open"), LATER)
    return _plain(name, sub, href) | {"word": word, "kind": kind}


def _plain(name: str, sub: str, href: str) -> Row:
    return {"name": name, "sub": sub, "href": href, "lang": "", "dir": ""}


def _step(given: WorkshopFacts, step: WorkshopStep) -> str:
    return url_for("workshops.step", workshop_id=given.id, step=str(step))


def _is_over(given: WorkshopFacts) -> bool:
    return given.state in OVER
