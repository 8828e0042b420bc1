"""Views of a participant after an event: evaluation, follow-up, own commitments; of a contact point: commitments."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.domain.commitments import CommitmentState
from app.workshops.forms.afterwards import CommitmentEndForm, CommitmentForm, EvaluationForm, FollowUpForm
from app.workshops.pages import commitments as commitment_pages, evaluation as evaluation_page, follow_up
from app.workshops.queries import afterwards, commitments as commitment_queries, follow_ups
from app.workshops.queries.afterwards import OwnParticipation
from app.workshops.service import commitments, evaluations, follow_ups as follow_up_service
from app.workshops.views._blueprint import bp

UNRECORDED = "The time of an entry would identify the writer."


@bp.get("/workshops/<uuid:workshop_id>/evaluation")
@requires(Action.ANSWER_AFTERWARDS, load=afterwards.own_participation)
def show_evaluation(own: OwnParticipation, workshop_id: UUID) -> ResponseReturnValue:
    """Show the statements and questions of the evaluation."""
    return _evaluation(own, EvaluationForm())


@bp.post("/workshops/<uuid:workshop_id>/evaluation")
@requires(Action.ANSWER_AFTERWARDS, load=afterwards.own_participation, audited=False, reason=UNRECORDED)
def send_evaluation(own: OwnParticipation, workshop_id: UUID) -> ResponseReturnValue:
    """Save the anonymous answers; a repeated request changes nothing."""
    form = EvaluationForm(request.form)
    if not form.validate():
        return _evaluation(own, form), 422
    with transaction():
        is_new = evaluations.answer(workshop_id, own.person_id, form.answers(), clock.now())
    flash(_("Sent without your name. Thank you.") if is_new else _("You have answered before."))
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/follow-up")
@requires(Action.ANSWER_AFTERWARDS, load=afterwards.own_participation)
def show_follow_up(own: OwnParticipation, workshop_id: UUID) -> ResponseReturnValue:
    """Show the questions after three to six months."""
    return _follow_up(own, _follow_up_form(own))


@bp.post("/workshops/<uuid:workshop_id>/follow-up")
@requires(Action.ANSWER_AFTERWARDS, load=afterwards.own_participation)
def send_follow_up(own: OwnParticipation, workshop_id: UUID) -> ResponseReturnValue:
    """Save the answers; a repeated request changes nothing."""
    if follow_ups.own(workshop_id, own.person_id) is None:
        raise NoResultFound
    form = FollowUpForm(request.form)
    form.offer(follow_up.competencies(own.workshop))
    if not form.validate():
        return _follow_up(own, form), 422
    with transaction():
        is_new = follow_up_service.answer(workshop_id, own.person_id, form.answers(), clock.now())
    flash(_("Sent. Thank you.") if is_new else _("You have answered before."))
    if own.has_commitments:
        return redirect(url_for("workshops.show_commitments", workshop_id=workshop_id))
    return redirect(url_for("workshops.show_workshop", workshop_id=workshop_id))


@bp.get("/workshops/<uuid:workshop_id>/commitments")
@requires(Action.ANSWER_AFTERWARDS, load=afterwards.own_participation)
def show_commitments(own: OwnParticipation, workshop_id: UUID) -> ResponseReturnValue:
    """Show the own commitments of a study visit."""
    _visit(own)
    return render(commitment_pages.page(own, clock.today()))


@bp.post("/workshops/<uuid:workshop_id>/commitments")
@requires(Action.ANSWER_AFTERWARDS, load=afterwards.own_participation)
def make_commitment(own: OwnParticipation, workshop_id: UUID) -> ResponseReturnValue:
    """Add a commitment; a repeated request changes nothing."""
    _visit(own)
    form = CommitmentForm(request.form)
    if not form.validate():
        return render(commitment_pages.page(own, clock.today(), form=form)), 422
    try:
        with transaction():
            commitments.make_commitment(
                workshop_id, own.person_id, text=form.text.data, due=form.due.data, now=clock.now()
            )
    except DomainError as error:
        form.due.errors = [error.translated(_)]
        return render(commitment_pages.page(own, clock.today(), form=form)), 422
    flash(_("Saved. You get a reminder 14 days before the day."))
    return redirect(url_for("workshops.show_commitments", workshop_id=workshop_id))


@bp.post("/workshops/<uuid:workshop_id>/commitments/<int:number>")
@requires(Action.ANSWER_AFTERWARDS, load=afterwards.own_participation)
def end_commitment(own: OwnParticipation, workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Record that a commitment is done, or why it was dropped."""
    _visit(own)
    if number not in {line.number for line in commitment_queries.own(workshop_id, own.person_id)}:
        raise NoResultFound
    form = CommitmentEndForm(request.form)
    if not form.validate():
        return render(commitment_pages.page(own, clock.today(), ending=form, rejected=number)), 422
    state = CommitmentState(form.state.data)
    with transaction():
        commitments.end_commitment(
            workshop_id, own.person_id, number, state=state, note=form.note.data, now=clock.now()
        )
    flash(_("Saved. Your supervisor can confirm it."))
    return redirect(url_for("workshops.show_commitments", workshop_id=workshop_id))


@bp.get("/country/commitments")
@requires(Action.SEE_COMMITMENTS, of=own_scope)
def show_country_commitments() -> ResponseReturnValue:
    """Show the commitments of the officers of the own country."""
    return render(commitment_pages.country_page(actor(), clock.today()))


def _visit(own: OwnParticipation) -> None:
    """Raise NoResultFound for an event without commitments."""
    if not own.has_commitments:
        raise NoResultFound


def _evaluation(own: OwnParticipation, form: EvaluationForm) -> str:
    dates = afterwards.dates(own.workshop.id)
    answered = afterwards.has_answered(own.workshop.id, own.person_id)
    return render(evaluation_page.page(own, dates, answered, form))


def _follow_up_form(own: OwnParticipation) -> FollowUpForm:
    form = FollowUpForm()
    form.offer(follow_up.competencies(own.workshop))
    return form


def _follow_up(own: OwnParticipation, form: FollowUpForm) -> str:
    return render(follow_up.page(own, follow_ups.own(own.workshop.id, own.person_id), form))
