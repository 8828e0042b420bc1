"""The ways to a verification on `/path/<competency>`: what is missing, where and when, and the request for a check."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.checks.domain.requests import CheckRequestState, OwnCheckRequest
from app.checks.domain.ways import OpenWay
from app.checks.labels.requests import state_texts
from app.competence.domain.display import TrainingStage
from app.competence.domain.statuses import VerificationStatus
from app.competence.labels import desk_tasks
from app.competence.shapes import CompetencyStatus
from app.home.pages.path import Offers, workshop_step
from app.home.pages.titles import TitledLine
from app.i18n.babel import words


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationWays:
    """The ways in sittings, the next workshop, and the request: what became of it, the addresses of its steps or "".

    `desk_tasks`: how many of them verify the competency, in sentences; none where no desk task is a way.
    """

    title: str
    missing: str
    ways: Sequence[OpenWay]
    desk_tasks: Sequence[str]
    workshop: TitledLine | None
    none: str
    request: Sequence[str]
    withdraw_url: str
    ask_url: str


def verification_ways(status: CompetencyStatus, stage: TrainingStage | None, offers: Offers) -> VerificationWays | None:
    """Return the ways to verify a competency, or to keep it verified; None while that is not needed."""
    if status.status is VerificationStatus.VERIFIED:
        return None
    ways, workshop = offers.ways_to(status), offers.workshop(status)
    request, tasks = offers.check_requests.get(status.competency), offers.desk_tasks_for(status)
    return VerificationWays(
        title=_title(status),
        missing=missing(status, stage),
        ways=ways,
        desk_tasks=desk_tasks.needed(tasks) if tasks is not None else [],
        workshop=workshop_step(workshop) if workshop else None,
        none="" if ways or workshop else _no_way(status, offers),
        request=state_texts(request) if request else [],
        withdraw_url=_withdraw_url(request),
        ask_url=offers.ask_url(status),
    )


def _title(status: CompetencyStatus) -> str:
    is_due = status.status is VerificationStatus.DUE
    return _("How you keep it verified") if is_due else _("How you get it verified")


def _withdraw_url(request: OwnCheckRequest | None) -> str:
    if request is None or request.state is not CheckRequestState.OPEN:
        return ""
    return url_for("checks.withdraw_request", request_id=request.id)


def missing(status: CompetencyStatus, stage: TrainingStage | None) -> str:
    """Return what an officer lacks for a verification."""
    if status.status is VerificationStatus.DUE and status.until is not None:
        return _("A watched result at the mark before %(day)s keeps it verified.", day=words(status.until))
    if status.status is VerificationStatus.LAPSED or stage is TrainingStage.WATCHED:
        return _("Missing: a new watched result at the mark.")
    if stage is TrainingStage.TEST_PASSED:
        return _("Missing: a person who watches you do it.")
    return _("Missing: the course with its test, then a person who watches you do it.")


def _no_way(status: CompetencyStatus, offers: Offers) -> str:
    if offers.is_for_others(status):
        return _("The workshops announced for this are for other roles.")
    if offers.needs_workshop(status):
        return _("A workshop verifies this. None is announced yet.")
    return _("No check, desk task or workshop for this is offered yet.")
