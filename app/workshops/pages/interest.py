"""Build the page /workshops/<id>/interest: three questions, the answers sent, and the withdrawal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.i18n import babel
from app.web.pages import Page
from app.workshops.domain.phases import NominationRules
from app.workshops.forms.interest import InterestForm, WithdrawalForm
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import detail, event, own_nomination, own_request
from app.workshops.pages.event import EventHeading
from app.workshops.pages.obstacles import ObstacleLine
from app.workshops.pages.own_request import OwnNominationRequest
from app.workshops.shapes import OwnNomination, WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestPage(Page):
    """The questions of an event; `form` is None when the answers can no longer be sent, `answers` are those sent.

    `withdrawal` is None when the user cannot withdraw.
    """

    template: ClassVar[str] = "workshops/interest.html"
    heading: EventHeading
    event_url: str
    lead: str
    is_new: bool
    deadline: str
    obstacles: Sequence[ObstacleLine]
    form: InterestForm | None
    answers: Sequence[tuple[str, str]]
    withdrawal: WithdrawalForm | None
    withdraw_url: str
    needs_reason: bool
    has_seat: bool


def page(
    actor: Actor,
    workshop: WorkshopFacts,
    rules: NominationRules,
    now: datetime,
    *,
    form: InterestForm | None = None,
    withdrawal: WithdrawalForm | None = None,
) -> InterestPage:
    """Return the page; `form` and `withdrawal` are forms with errors."""
    request = own_request.own_request(actor, workshop, rules, now)
    nomination = request.nomination if request.is_live else None
    return InterestPage(
        heading=event.heading_of(workshop),
        event_url=url_for("workshops.show_workshop", workshop_id=workshop.id),
        lead=own_nomination.lead(request),
        is_new=nomination is None,
        deadline=babel.short_day(rules.deadline),
        obstacles=_obstacles(actor, request),
        form=(form or InterestForm.of(nomination)) if request.can_answer else None,
        answers=_answers(request, nomination),
        withdrawal=(withdrawal or WithdrawalForm()) if request.can_withdraw else None,
        withdraw_url=url_for("workshops.withdraw_nomination", workshop_id=workshop.id),
        needs_reason=request.needs_reason,
        has_seat=request.has_seat,
    )


def _obstacles(actor: Actor, request: OwnNominationRequest) -> list[ObstacleLine]:
    courses = detail.needed_courses(actor, request.workshop)
    return own_nomination.obstacle_lines(request, detail.course_links(request.workshop, courses))


def _answers(request: OwnNominationRequest, nomination: OwnNomination | None) -> list[tuple[str, str]]:
    """Return the answers that were sent and can no longer be changed, as questions with answers."""
    answers: list[tuple[str, str]] = []
    if nomination is None or request.can_answer:
        return answers
    if nomination.use_time is not None:
        answers.append((_("When would you use it?"), str(nomination_labels.USE_TIMES[nomination.use_time])))
    if nomination.language_level is not None:
        level = str(nomination_labels.LANGUAGE_LEVELS[nomination.language_level])
        answers.append((_("How well do you know the working language?"), level))
    if nomination.aim:
        answers.append((_("What do you want to do with it?"), nomination.aim))
    return answers
