"""Rows that lead from the pages of an event to what follows it: for its staff, and for a participant."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _, pgettext

from app.i18n import babel
from app.workshops.domain.afterwards import AfterDates, AfterPhase, after_phase
from app.workshops.domain.events import WorkshopKind
from app.workshops.domain.follow_up import FollowUpState
from app.workshops.pages.dashboard import TeachingTask
from app.workshops.queries import afterwards, commitments, follow_ups
from app.workshops.queries.afterwards import FINISHED
from app.workshops.shapes import BookingLine, WorkshopFacts


def state(dates: AfterDates) -> tuple[str, str]:
    """Return the state of an event after its last session, and its shape."""
    return {
        AfterPhase.FINISHED: (_("Finished"), "open"),
        AfterPhase.EVALUATED: (_("Evaluated"), "here"),
        AfterPhase.FOLLOW_UP: (_("Follow-up"), "here"),
        AfterPhase.CLOSED: (_("Followed up"), "good"),
    }[after_phase(dates)]


def staff_tasks(workshop: WorkshopFacts, now: datetime) -> list[TeachingTask]:
    """Return the link to evaluation and follow-up of an event that took place."""
    if workshop.state not in FINISHED or now < workshop.ends_at:
        return []
    dates = afterwards.dates(workshop.id)
    word, kind = state(dates)
    href = url_for("workshops.show_afterwards", workshop_id=workshop.id)
    return [TeachingTask(name=_("Evaluation and follow-up"), sub=_when(dates), href=href, word=word, kind=kind)]


def _when(dates: AfterDates) -> str:
    if dates.evaluation_closes_on is None:
        return _("The evaluation opens for those with recorded attendance.")
    if dates.evaluation_closed_on is None:
        return _("Evaluation open until %(day)s", day=babel.words(dates.evaluation_closes_on))
    if dates.follow_up_opened_on is None:
        return _("Evaluation closed on %(day)s", day=babel.words(dates.evaluation_closed_on))
    return _("Follow-up since %(day)s", day=babel.words(dates.follow_up_opened_on))


def participant_tasks(workshop: WorkshopFacts, booking: BookingLine | None, now: datetime) -> list[TeachingTask]:
    """Return what a participant is asked after an event, or an empty list before it ends."""
    if booking is None or booking.seat is None or workshop.state not in FINISHED:
        return []
    is_visit = workshop.kind is WorkshopKind.STUDY_VISIT
    rows = list(_commitments(workshop, booking)) if is_visit and now >= workshop.starts_at else []
    if now < workshop.ends_at:
        return rows
    return [*_evaluation(workshop, booking), *_follow_up(workshop, booking), *rows, *_report(workshop)]


def _evaluation(workshop: WorkshopFacts, booking: BookingLine) -> Iterator[TeachingTask]:
    answered = afterwards.has_answered(workshop.id, booking.person_id)
    if answered is None:
        return
    word, kind = (pgettext("evaluation", "Done"), "good") if answered else (pgettext("step", "Open"), "open")
    yield TeachingTask(
        name=_("Evaluation"),
        sub=_("Ten statements and three questions, without your name."),
        href="" if answered else url_for("workshops.show_evaluation", workshop_id=workshop.id),
        word=word,
        kind=kind,
    )


def _follow_up(workshop: WorkshopFacts, booking: BookingLine) -> Iterator[TeachingTask]:
    line = follow_ups.own(workshop.id, booking.person_id)
    if line is None:
        return
    word, kind = {
        FollowUpState.OPEN: (pgettext("step", "Open"), "open"),
        FollowUpState.ANSWERED: (_("Answered"), "good"),
        FollowUpState.UNANSWERED: (_("Not answered"), "none"),
    }[line.state]
    is_open = line.state is FollowUpState.OPEN
    yield TeachingTask(
        name=_("What do you use from it?"),
        sub=_("Answer by %(day)s", day=babel.words(line.closes_on)),
        href=url_for("workshops.show_follow_up", workshop_id=workshop.id) if is_open else "",
        word=word,
        kind=kind,
    )


def _commitments(workshop: WorkshopFacts, booking: BookingLine) -> Iterator[TeachingTask]:
    number = len(commitments.own(workshop.id, booking.person_id))
    yield TeachingTask(
        name=_("My commitments"),
        sub=_("%(n)s of 2 written", n=number),
        href=url_for("workshops.show_commitments", workshop_id=workshop.id),
        word="" if number else pgettext("step", "Open"),
    )


def _report(workshop: WorkshopFacts) -> Iterator[TeachingTask]:
    if workshop.kind is WorkshopKind.STUDY_VISIT:
        yield TeachingTask(
            name=_("Report of the visit"),
            sub=_("Written by participants and hosts."),
            href=url_for("workshops.show_report", workshop_id=workshop.id),
        )
