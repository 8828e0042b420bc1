"""Views for trainers and assessors at /teaching/workshops/<id>: attendance of a session, scores by rubric."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.access.workshop_rules import runs_every_workshop
from app.catalogue.domain.references.rubrics import Rubric
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.web.pages import render
from app.workshops.domain import attendance as attendance_rules
from app.workshops.domain.attendance import Attendance, AttendanceRefusal
from app.workshops.domain.events import HistoryKind
from app.workshops.forms import scoring
from app.workshops.forms.on_the_day import CommentForm
from app.workshops.forms.scoring import AttendanceForm, ScoreForm
from app.workshops.pages import rubrics, session_forms
from app.workshops.pages.rubrics import SentRubric
from app.workshops.queries import bookings, participants as workshops_participants, workshops
from app.workshops.queries.participants import AssessmentLine, Participant
from app.workshops.service import attendance_lists, closing, results, rubric_sheets
from app.workshops.service.rubric_sheets import SheetOf
from app.workshops.shapes import SessionFacts, WorkshopFacts
from app.workshops.views._blueprint import bp


@bp.get("/teaching/workshops/<uuid:workshop_id>/sessions/<int:number>/attendance")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def attendance(workshop: WorkshopFacts, workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Show the attendance form of a session.

    Until one day after the session, participants without saved attendance are preselected as present; later, not.
    """
    session = _session(workshop, number)
    return _attendance(workshop, session, {}, AttendanceForm(), workshops_participants.last_mark(session.id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/sessions/<int:number>/attendance")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def save_attendance(workshop: WorkshopFacts, workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Save the attendance of a session."""
    session, form = _session(workshop, number), AttendanceForm(request.form)
    last_shown = scoring.last_shown_mark(request.form)
    others = [booking.id for booking in bookings.seated(workshop_id) if booking.person_id != current_user.id]
    marks = scoring.attendance_marks(request.form, others)
    # unchanged fields are not saved: another user may have corrected those marks since the form was shown
    submitted = attendance_rules.changed_marks(workshops_participants.marks_of(session.id, last_shown), marks)
    if not form.validate() or _validate_reason(workshop, session, submitted, form):
        return _attendance(workshop, session, marks, form, last_shown), 422
    with transaction():
        saved = results.save_attendance(
            workshop_id, session.id, submitted, by=current_user.id, now=clock.now(), reason=form.reason.data or ""
        )
        attendance_lists.settle_conflicts(session.id, clock.now())
    text = ngettext("Saved. %(num)s mark is new.", "Saved. %(num)s marks are new.", len(saved))
    flash(text if saved else _("Nothing has changed."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/questions/attendance")
@requires(Action.RUN_WORKSHOP, load=workshops.run_by)
def ask_about_attendance(_workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Notify the coordinators that attendance is missing and the deadline has passed."""
    return _ask(workshop_id, HistoryKind.ATTENDANCE_ASKED)


@bp.post("/teaching/workshops/<uuid:workshop_id>/questions/scores")
@requires(Action.ASSESS, load=workshops.assessed_by)
def ask_about_scores(_workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Notify the coordinators that scores are missing and the deadline has passed."""
    return _ask(workshop_id, HistoryKind.SCORES_ASKED)


@bp.get("/teaching/workshops/<uuid:workshop_id>/assess")
@requires(Action.ASSESS, load=workshops.assessed_by)
def participants(workshop: WorkshopFacts, workshop_id: UUID) -> ResponseReturnValue:
    """Show participants, outcomes and existing scores."""
    now = clock.now()
    _record_view(workshop, now)
    people = workshops_participants.participants(workshop, now.date(), actor())
    _flash_score(workshop, people, now)
    return render(session_forms.scores_page(workshop, people, me=current_user.id, now=now))


@bp.get("/teaching/workshops/<uuid:workshop_id>/assess/<uuid:booking_id>/<competency:competency>")
@requires(Action.ASSESS, load=workshops.assessed_by)
def rubric(workshop: WorkshopFacts, workshop_id: UUID, booking_id: UUID, competency: str) -> ResponseReturnValue:
    """Show the rubric of an outcome for a participant, with saved scores."""
    if "scored" in request.args:
        now = clock.now()
        _flash_score(workshop, workshops_participants.participants(workshop, now.date(), actor()), now)
    return _rubric(workshop, booking_id, competency, SentRubric())


@bp.post("/teaching/workshops/<uuid:workshop_id>/assess/<uuid:booking_id>/<competency:competency>")
@requires(Action.ASSESS, load=workshops.assessed_by)
def score(workshop: WorkshopFacts, workshop_id: UUID, booking_id: UUID, competency: str) -> ResponseReturnValue:
    """Save the scores of a participant: all of them, or for later those that are chosen so far."""
    form, rubric = ScoreForm(request.form), results.rubric_of(workshop, competency)
    scores, comment = scoring.scores(request.form, rubric.criteria), CommentForm(request.form)
    sent = SentRubric(form, comment, scores)
    if not comment.validate():
        return _rubric(workshop, booking_id, competency, sent), 422
    key = SheetOf(booking_id, competency, current_user.id)
    text = comment.comment.data or ""
    before = workshops_participants.assessment_of(workshop_id, booking_id, competency, current_user.id)
    if before is None and request.form.get("step") == "later":
        return _save_for_later(workshop_id, key, scores, text)
    if not _is_complete(form, scores, rubric, before):
        return _rubric(workshop, booking_id, competency, sent), 422
    with transaction():
        results.score(
            workshop_id, booking_id, competency=competency, scores=scores, by=current_user.id, now=clock.now(),
            reason=form.reason.data or "",
        )  # fmt: skip
        rubric_sheets.save_sheet(workshop_id, key, scores={}, comment=text, now=clock.now())
    return redirect(_after_score(workshop, booking_id, competency))


def _save_for_later(workshop_id: UUID, key: SheetOf, scores: Mapping[str, int], comment: str) -> ResponseReturnValue:
    with transaction():
        rubric_sheets.save_sheet(workshop_id, key, scores=scores, comment=comment, now=clock.now())
    flash(_("Saved for later. Nothing is recorded until each criterion has a score."))
    return redirect(url_for("workshops.participants", workshop_id=workshop_id))


def _is_complete(form: ScoreForm, scores: Mapping[str, int], rubric: Rubric, before: AssessmentLine | None) -> bool:
    """Return whether each criterion has a score and a correction has a reason; else add an error to the form."""
    if not form.validate() or len(scores) < len(rubric.criteria):
        return False
    corrects = before is not None and before.scores != scores
    return not (corrects and form.needs_reason())


def _after_score(workshop: WorkshopFacts, booking_id: UUID, competency: str) -> str:
    """Return the address of the next person, if the user asked for it, or of the list."""
    following = None
    if request.form.get("step") == "next":
        following = rubrics.next_booking(workshop, competency, booking_id, current_user.id)
        if following is None:
            flash(_("You have scored everyone in this competency."))
    if following is None:
        return url_for("workshops.participants", workshop_id=workshop.id, scored=booking_id, outcome=competency)
    return url_for(
        "workshops.rubric",
        workshop_id=workshop.id,
        booking_id=following,
        competency=competency,
        scored=booking_id,
        outcome=competency,
    )


def _ask(workshop_id: UUID, about: HistoryKind) -> ResponseReturnValue:
    try:
        with transaction():
            is_new = closing.ask_coordinator(workshop_id, about, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "warning")
        return redirect(url_for("workshops.show_teaching"))
    flash(_("The coordinators get a notice.") if is_new else _("The coordinators have a notice already."))
    return redirect(url_for("workshops.show_teaching"))


def _flash_score(workshop: WorkshopFacts, people: Sequence[Participant], now: datetime) -> None:
    """Flash the result of the score that the user has just saved.

    The message names a person, so this page flashes it: a flash before the redirect would store it in the cookie, which
    other users of the computer can read.
    """
    booking_id, competency = request.args.get("scored", type=UUID), request.args.get("outcome", "")
    level = dict(workshop.outcomes).get(competency)
    person = next((person for person in people if person.booking_id == booking_id), None)
    if person is None or level is None or person.person_id == current_user.id:
        return
    if workshops_participants.assessment_of(workshop.id, person.booking_id, competency, current_user.id) is not None:
        flash(session_forms.result(person.person_id, person.alias, competency, level, now))


def _record_view(workshop: WorkshopFacts, now: datetime) -> None:
    with transaction():
        results.record_view(workshop.id, now)


def _session(workshop: WorkshopFacts, number: int) -> SessionFacts:
    session = next((session for session in workshop.sessions if session.number == number), None)
    if session is None:
        raise NoResultFound
    return session


def _validate_reason(
    workshop: WorkshopFacts, session: SessionFacts, marks: Mapping[UUID, Attendance], form: AttendanceForm
) -> bool:
    """Add an error if a correction has no reason, and return whether it has none."""
    before = workshops_participants.marks_of(session.id)
    new = attendance_rules.changed_marks(before, marks)
    refusal = results.refusal_of(
        workshop,
        session,
        coordinator=runs_every_workshop(actor()),
        corrects=not before.keys().isdisjoint(new),
        reason=form.reason.data or "",
        now=clock.now(),
    )
    if not new or refusal is not AttendanceRefusal.NO_REASON:
        return False
    form.reason.errors = [_("Say why the attendance is corrected.")]
    return True


def _attendance(
    workshop: WorkshopFacts,
    session: SessionFacts,
    chosen: Mapping[UUID, Attendance],
    form: AttendanceForm,
    last_mark: int,
) -> str:
    now = clock.now()
    _record_view(workshop, now)
    page = session_forms.attendance_page(actor(), workshop, session, form, chosen=chosen, last_mark=last_mark, now=now)
    return render(page)


def _rubric(workshop: WorkshopFacts, booking_id: UUID, competency: str, sent: SentRubric) -> str:
    rubric = results.rubric_of(workshop, competency)
    return render(rubrics.rubric_page(actor(), workshop, rubric, booking_id=booking_id, sent=sent, now=clock.now()))
