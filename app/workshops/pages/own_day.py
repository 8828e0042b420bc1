"""Build what a participant sees of the days of an event: check-in, tests, comments of assessors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.queries import courses as catalogue
from app.i18n.languages import current
from app.workshops.domain import check_in as rules
from app.workshops.domain.event_tests import EventTestPart
from app.workshops.domain.seats import BookingState
from app.workshops.pages.event_tests import part_title
from app.workshops.queries import check_ins, event_tests, rubric_sheets
from app.workshops.shapes import BookingLine, WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTest:
    """A test of an event for a participant; `action` begins it, `href` opens a submitted one."""

    title: str
    word: str
    kind: str
    action: str
    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnComment:
    """A comment of an assessor with the competency."""

    competency: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDay:
    """What a participant does and reads on the days of an event; `check_in_url` is "" without an open session."""

    check_in_url: str
    tests: Sequence[OwnTest]
    comments: Sequence[OwnComment]


def own_day(workshop: WorkshopFacts, booking: BookingLine | None, now: datetime) -> OwnDay | None:
    """Return the days of an event for a participant with a seat, or None if there is nothing to see."""
    if booking is None or booking.state is not BookingState.SEATED:
        return None
    day = OwnDay(
        check_in_url=_check_in_url(workshop, now),
        tests=_tests(workshop, booking),
        comments=_comments(booking),
    )
    return day if day.check_in_url or day.tests or day.comments else None


def _check_in_url(workshop: WorkshopFacts, now: datetime) -> str:
    if not workshop.has_days:
        return ""
    running = [session.id for session in workshop.sessions if rules.is_open(session.starts_at, session.ends_at, now)]
    return url_for("workshops.show_check_in") if running and check_ins.with_codes(running) else ""


def _tests(workshop: WorkshopFacts, booking: BookingLine) -> list[OwnTest]:
    tests = event_tests.tests_of(workshop.id)
    if not tests:
        return []
    attempts = event_tests.own_attempts(booking.id)
    rows = []
    for part in EventTestPart:
        test = tests.get(part)
        if test is not None:
            rows.append(_own_test(workshop, part, attempts.get(part), is_open=test.closed_at is None))
    return rows


def _own_test(
    workshop: WorkshopFacts, part: EventTestPart, attempt: tuple[UUID, bool] | None, *, is_open: bool
) -> OwnTest:
    attempt_id, is_submitted = attempt or (None, False)
    word, kind = _state(is_open=is_open, is_begun=attempt_id is not None, is_submitted=is_submitted)
    can_take = is_open and not is_submitted
    return OwnTest(
        title=part_title(part),
        word=word,
        kind=kind,
        action=url_for("workshops.take_test", workshop_id=workshop.id, part=part) if can_take else "",
        label=_("Continue the test") if attempt_id else _("Start the test"),
        href=url_for("quizzes.result", attempt=attempt_id) if is_submitted else "",
    )


def _state(*, is_open: bool, is_begun: bool, is_submitted: bool) -> tuple[str, str]:
    if is_submitted:
        return _("Submitted"), "good"
    if not is_open:
        return _("Closed for participants"), "none"
    return (_("In progress"), "here") if is_begun else (_("Open"), "open")


def _comments(booking: BookingLine) -> list[OwnComment]:
    comments = rubric_sheets.comments_for(booking.id)
    titles = catalogue.competency_titles(current()) if comments else {}
    return [
        OwnComment(competency=titles.get(comment.competency, comment.competency), text=comment.text)
        for comment in comments
    ]
