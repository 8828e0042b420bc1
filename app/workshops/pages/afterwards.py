"""Build the page /teaching/workshops/<id>/afterwards: evaluation, follow-up, commitments, for staff of an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import format_decimal, gettext as _

from app.access.policy import Actor
from app.access.visibility import Viewer
from app.i18n import babel
from app.web.pages import Page
from app.workshops.domain import follow_up as rules
from app.workshops.domain.afterwards import AfterDates
from app.workshops.domain.evaluation import EvaluationResult
from app.workshops.domain.events import WorkshopKind
from app.workshops.domain.follow_up import FollowUpResult
from app.workshops.forms.afterwards import (
    CHANGES,
    DEEDS,
    INFLUENCES,
    OCCASIONS,
    QUESTIONS,
    FollowUpDayForm,
)
from app.workshops.labels import STATEMENTS
from app.workshops.pages import after_links, commitments as commitment_pages, event
from app.workshops.pages.commitments import CommitmentRow
from app.workshops.pages.event import EventHeading
from app.workshops.queries import afterwards, commitments, follow_ups
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSection:
    """The evaluation of an event; `means` and `texts` are empty while the answers are hidden."""

    tiles: Sequence[tuple[str, str]]
    text: str
    means: Sequence[tuple[str, str]]
    texts: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSection:
    """The follow-up of an event; `facts` are empty while the answers are hidden, `form` is for its day."""

    tiles: Sequence[tuple[str, str]]
    text: str
    facts: Sequence[tuple[str, str]]
    form: FollowUpDayForm | None
    url: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterwardsPage(Page):
    """What followed an event, in counts; commitments by alias."""

    template: ClassVar[str] = "teaching/afterwards.html"
    heading: EventHeading
    word: str
    kind: str
    evaluation: EvaluationSection
    follow_up: FollowUpSection
    is_visit: bool
    commitments: Sequence[CommitmentRow]
    tiles: Sequence[tuple[int, str]]
    report_url: str


def page(actor: Actor, workshop: WorkshopFacts, today: date, form: FollowUpDayForm | None = None) -> AfterwardsPage:
    """Return the page of a finished event; a rejected form is passed."""
    dates = afterwards.dates(workshop.id)
    is_visit = workshop.kind is WorkshopKind.STUDY_VISIT
    lines = commitments.of_event(workshop.id) if is_visit else []
    word, kind = after_links.state(dates)
    return AfterwardsPage(
        heading=event.heading_of(workshop),
        word=word,
        kind=kind,
        evaluation=_evaluation(dates, afterwards.evaluation_result(workshop.id, dates)),
        follow_up=_follow_up(workshop, dates, rules.result(follow_ups.of_event(workshop.id)), today, form),
        is_visit=is_visit,
        commitments=commitment_pages.rows(actor, lines, today, Viewer.TRAINER),
        tiles=commitment_pages.tiles(lines),
        report_url=url_for("workshops.show_report", workshop_id=workshop.id) if is_visit else "",
    )


def _evaluation(dates: AfterDates, result: EvaluationResult) -> EvaluationSection:
    return EvaluationSection(
        tiles=[(_("%(n)s of %(m)s", n=result.answered, m=result.asked), _("answered"))] if result.asked else [],
        text=_evaluation_text(dates, result),
        means=[(str(STATEMENTS[statement]), format_decimal(round(mean, 1), "0.0")) for statement, mean in result.means],
        texts=[(str(QUESTIONS[question]), texts) for question, texts in result.texts if texts],
    )


def _evaluation_text(dates: AfterDates, result: EvaluationResult) -> str:
    if dates.evaluation_closes_on is None:
        return _("The evaluation opens after the last session for those whose attendance is recorded.")
    if not result.is_closed:
        day = babel.words(dates.evaluation_closes_on)
        return _("Results appear after %(day)s, together, so that no single answer can be told.", day=day)
    return "" if result.is_shown else _("Fewer than five people answered. Their answers are not shown.")


def _follow_up(
    workshop: WorkshopFacts, dates: AfterDates, result: FollowUpResult, today: date, form: FollowUpDayForm | None
) -> FollowUpSection:
    day = dates.follow_up_on or rules.first_day(workshop.last_day)
    can_plan = dates.follow_up_opened_on is None and today <= rules.latest_day(workshop.last_day)
    return FollowUpSection(
        tiles=_numbers(result) if dates.follow_up_opened_on else [],
        text=_follow_up_text(dates, result, day),
        facts=_facts(result),
        form=(form or FollowUpDayForm(day=day)) if can_plan else None,
        url=url_for("workshops.plan_follow_up", workshop_id=workshop.id),
        first_day=max(rules.first_day(workshop.last_day), today).isoformat(),
        last_day=rules.latest_day(workshop.last_day).isoformat(),
    )


def _numbers(result: FollowUpResult) -> list[tuple[str, str]]:
    return [
        (_("%(n)s of %(m)s", n=result.answered, m=result.asked), _("participants answered")),
        (str(result.unanswered), _("closed without an answer")),
        (_("%(n)s of %(m)s", n=result.supervisors_answered, m=result.asked), _("answers of supervisors")),
    ]


def _follow_up_text(dates: AfterDates, result: FollowUpResult, day: date) -> str:
    if dates.follow_up_opened_on is None:
        return _("Participants and supervisors are asked on %(day)s.", day=babel.words(day))
    if dates.follow_up_closed_on is None:
        return _("Answers appear when the questions are closed.")
    return "" if result.is_shown else _("Fewer than five people answered. Their answers are not shown.")


def _facts(result: FollowUpResult) -> list[tuple[str, str]]:
    if not result.is_shown:
        return []
    return [
        *((str(OCCASIONS[value]), _of(number, result.answered)) for value, number in result.occasions),
        *((str(DEEDS[deed]), _of(done, occasions)) for deed, done, occasions in result.deeds),
        (_("Contacted a person from the event"), _of(result.contacted, result.answered)),
        (_("Colleagues to whom it was passed on"), str(result.colleagues)),
        *((_("Helped: %(what)s", what=INFLUENCES[value]), str(number)) for value, number in result.helped),
        *((_("Hindered: %(what)s", what=INFLUENCES[value]), str(number)) for value, number in result.hindered),
        *((_("Supervisors: %(what)s", what=CHANGES[value]), str(number)) for value, number in result.changes),
    ]


def _of(number: int, whole: int) -> str:
    return _("%(n)s of %(m)s", n=number, m=whole)
