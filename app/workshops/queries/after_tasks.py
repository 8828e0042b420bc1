"""Count what users are asked after events: participants, supervisors, and people who approve a summary."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select

from app.access.policy import Action, Actor, allows, own_scope, practitioner
from app.kernel import clock
from app.workshops.domain.commitments import REMINDED_BEFORE, CommitmentState
from app.workshops.domain.follow_up import FollowUpState
from app.workshops.models import Commitment, EvaluationRequest, FollowUp
from app.workshops.queries import commitments, follow_ups, visit_reports


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the queries that count the tasks of a user, each with the event of the first one."""
    return {**_own(actor), **_supervised(actor), **_summaries(actor)}


def _own(actor: Actor) -> dict[str, Select[Any]]:
    if not practitioner(actor, None):
        return {}
    evaluations = (EvaluationRequest.person_id == actor.id, EvaluationRequest.answered.is_(False))
    asked = (FollowUp.person_id == actor.id, FollowUp.state == FollowUpState.OPEN)
    due = (
        Commitment.person_id == actor.id,
        Commitment.state == CommitmentState.UNDER_WAY,
        Commitment.due <= clock.today() + REMINDED_BEFORE,
    )
    return {
        "evaluations": select(func.count()).select_from(EvaluationRequest).where(*evaluations),
        "evaluations_first": select(EvaluationRequest.workshop_id).where(*evaluations).limit(1),
        "follow_ups": select(func.count()).select_from(FollowUp).where(*asked),
        "follow_ups_first": select(FollowUp.workshop_id).where(*asked).order_by(FollowUp.closes_on).limit(1),
        "commitments_due": select(func.count()).select_from(Commitment).where(*due),
        "commitments_due_first": select(Commitment.workshop_id).where(*due).order_by(Commitment.due).limit(1),
    }


def _supervised(actor: Actor) -> dict[str, Select[Any]]:
    if not allows(actor, Action.ANSWER_ABOUT_OFFICER, own_scope(actor)):
        return {}
    return {
        "supervised_follow_ups": follow_ups.supervisor_task(actor),
        "unconfirmed_commitments": commitments.supervisor_task(actor),
    }


def _summaries(actor: Actor) -> dict[str, Select[Any]]:
    query = visit_reports.approval_task(actor)
    return {} if query is None else {"visit_summaries": query, "visit_summaries_first": visit_reports.first(actor)}
