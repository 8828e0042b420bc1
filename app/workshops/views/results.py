"""Pages of the room: attendance of a session, and rubrics on an assessor's phone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires, thing
from app.access.policy import Action, Actor, Role
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.kernel.errors import DomainError
from app.workshops.domain import attendance as attendance_rules
from app.workshops.domain.attendance import AttendanceRefusal, Mark
from app.workshops.domain.events import HistoryKind
from app.workshops.forms import scoring
from app.workshops.forms.scoring import AttendanceForm, ScoreForm
from app.workshops.pages import session_forms
from app.workshops.queries import bookings, workshops
from app.workshops.queries import participants as workshops_participants
from app.workshops.queries.participants import Participant
from app.workshops.service import closing, results
from app.workshops.shapes import SessionFacts, WorkshopFacts
from app.workshops.views._blueprint import bp


def run(actor: Actor, workshop_id: UUID, **_rest: object) -> WorkshopFacts:
    """Return an event that the actor runs, or raise NoResultFound."""
    return workshops.run_by(actor, workshop_id)


def assessed(actor: Actor, workshop_id: UUID, **_rest: object) -> WorkshopFacts:
    """Return an event that the actor assesses, or raise NoResultFound."""
    return workshops.assessed_by(actor, workshop_id)


@bp.get("/teaching/workshops/<uuid:workshop_id>/sessions/<int:number>/attendance")
@requires(Action.RUN_WORKSHOP, of=run)
def attendance(workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Show the marks of a session, all present where nobody was marked yet."""
    session = _session(number)
    return _attendance(session, {}, AttendanceForm(), workshops_participants.last_mark(session.id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/sessions/<int:number>/attendance")
@requires(Action.RUN_WORKSHOP, of=run)
def save_attendance(workshop_id: UUID, number: int) -> ResponseReturnValue:
    """Keep the attendance of a session."""
    session, form, seen = _session(number), AttendanceForm(request.form), scoring.seen(request.form)
    others = [one.id for one in bookings.seated(workshop_id) if one.person_id != current_user.id]
    marks = scoring.marks(request.form, others)
    # what the form showed and nobody touched is no word of its sender: somebody else may have corrected it since
    said = attendance_rules.changed(workshops_participants.marks_of(session.id, seen), marks)
    if not form.validate() or _lacks_reason(session, said, form):
        return _attendance(session, marks, form, seen), 422
    with transaction():
        kept = results.save_attendance(
            workshop_id, session.id, said, by=current_user.id, now=clock.now(), reason=form.reason.data or ""
        )
    text = ngettext("Saved. %(num)s mark is new.", "Saved. %(num)s marks are new.", len(kept))
    flash(text if kept else _("Nothing has changed."))
    return redirect(url_for("workshops.show_event", workshop_id=workshop_id))


@bp.post("/teaching/workshops/<uuid:workshop_id>/questions/attendance")
@requires(Action.RUN_WORKSHOP, of=run)
def ask_about_attendance(workshop_id: UUID) -> ResponseReturnValue:
    """Notify the coordinators that attendance is missing and its time is over."""
    return _ask(workshop_id, HistoryKind.ATTENDANCE_ASKED)


@bp.post("/teaching/workshops/<uuid:workshop_id>/questions/scores")
@requires(Action.ASSESS, of=assessed)
def ask_about_scores(workshop_id: UUID) -> ResponseReturnValue:
    """Notify the coordinators that scores are missing and their time is over."""
    return _ask(workshop_id, HistoryKind.SCORES_ASKED)


@bp.get("/teaching/workshops/<uuid:workshop_id>/assess")
@requires(Action.ASSESS, of=assessed)
def participants(workshop_id: UUID) -> ResponseReturnValue:
    """Show participants and outcomes, and what is scored."""
    given, now = _event(), clock.now()
    _note_look(now)
    people = workshops_participants.participants(given, now.date(), actor())
    _say_what_came_of_it(given, people, now)
    return render_template(
        "teaching/participants.html", **session_forms.participants(given, people, me=current_user.id, now=now)
    )


@bp.get("/teaching/workshops/<uuid:workshop_id>/assess/<uuid:booking_id>/<competency:competency>")
@requires(Action.ASSESS, of=assessed)
def rubric(workshop_id: UUID, booking_id: UUID, competency: str) -> ResponseReturnValue:
    """Show the rubric of an outcome for a participant, with what was scored."""
    return _rubric(booking_id, competency, None, ScoreForm())


@bp.post("/teaching/workshops/<uuid:workshop_id>/assess/<uuid:booking_id>/<competency:competency>")
@requires(Action.ASSESS, of=assessed)
def score(workshop_id: UUID, booking_id: UUID, competency: str) -> ResponseReturnValue:
    """Keep the scores of a participant."""
    given, form = _event(), ScoreForm(request.form)
    wanted = results.rubric_of(given, competency)
    scores = scoring.scores(request.form, wanted.criteria)
    before = workshops_participants.assessment_of(workshop_id, booking_id, competency, current_user.id)
    corrects = before is not None and before.scores != scores
    wrong = not form.validate() or len(scores) < len(wanted.criteria)
    if wrong or (corrects and form.needs_reason()):
        return _rubric(booking_id, competency, scores, form), 422
    with transaction():
        results.score(
            workshop_id, booking_id, competency=competency, scores=scores, by=current_user.id, now=clock.now(),
            reason=form.reason.data or "",
        )  # fmt: skip
    return redirect(url_for("workshops.participants", workshop_id=workshop_id, scored=booking_id, outcome=competency))


def _ask(workshop_id: UUID, about: HistoryKind) -> ResponseReturnValue:
    try:
        with transaction():
            is_new = closing.ask_coordinator(workshop_id, about, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "warning")
        return redirect(url_for("workshops.show_teaching"))
    flash(_("The coordinators get a notice.") if is_new else _("The coordinators have a notice already."))
    return redirect(url_for("workshops.show_teaching"))


def _event() -> WorkshopFacts:
    found: WorkshopFacts = thing()
    return found


def _say_what_came_of_it(given: WorkshopFacts, people: Sequence[Participant], now: datetime) -> None:
    """Say on this page what the score led to from which its sender comes.

    It names somebody: a flash of the page before would have carried that in the cookie, which anybody at the computer
    reads.
    """
    booking_id, competency = request.args.get("scored", type=UUID), request.args.get("outcome", "")
    level = dict(given.outcomes).get(competency)
    one = next((one for one in people if one.booking_id == booking_id), None)
    if one is None or level is None or one.person_id == current_user.id:
        return
    if workshops_participants.assessment_of(given.id, one.booking_id, competency, current_user.id) is not None:
        flash(
            session_forms.result(one.person_id, one.alias, competency, level, now)
        )  # shown and forgotten with this answer


def _note_look(now: datetime) -> None:
    with transaction():
        results.record_view(_event().id, now)


def _session(number: int) -> SessionFacts:
    found = next((one for one in _event().sessions if one.number == number), None)
    if found is None:
        raise NoResultFound
    return found


def _coordinates() -> bool:
    return Role.COORDINATOR in actor().roles


def _lacks_reason(session: SessionFacts, marks: Mapping[UUID, Mark], form: AttendanceForm) -> bool:
    """Note that a correction comes without its reason, and say whether it does."""
    before = workshops_participants.marks_of(session.id)
    new = attendance_rules.changed(before, marks)
    refused = results.refusal_of(
        _event(),
        session,
        coordinator=_coordinates(),
        corrects=not before.keys().isdisjoint(new),
        reason=form.reason.data or "",
        now=clock.now(),
    )
    if not new or refused is not AttendanceRefusal.NO_REASON:
        return False
    form.reason.errors = [_("Say why the attendance is corrected.")]
    return True


def _attendance(session: SessionFacts, chosen: Mapping[UUID, Mark], form: AttendanceForm, seen: int) -> str:
    given, now = _event(), clock.now()
    _note_look(now)
    people = [
        one
        for one in workshops_participants.participants(given, now.date(), actor())
        if one.person_id != current_user.id
    ]
    values = session_forms.attendance(given, session, people, chosen=chosen, coordinator=_coordinates(), now=now)
    return render_template("teaching/attendance.html", form=form, seen=seen, **values)


def _person(booking_id: UUID) -> tuple[UUID, str]:
    person_id = workshops_participants.participant(_event().id, booking_id)
    return person_id, accounts.names([person_id]).get(person_id, "")


def _rubric(booking_id: UUID, competency: str, sent: Mapping[str, int] | None, form: ScoreForm) -> str:
    given = _event()
    wanted = results.rubric_of(given, competency)
    person_id, alias = _person(booking_id)
    if person_id == current_user.id:
        raise NoResultFound  # nobody scores themselves
    before = workshops_participants.assessment_of(given.id, booking_id, competency, current_user.id)
    chosen = sent if sent is not None else (before.scores if before else {})
    values = session_forms.rubric(
        given, wanted, booking_id=booking_id, alias=alias, before=before, chosen=chosen, now=clock.now()
    )
    missing = [f"score-{one}" for one in wanted.criteria if sent is not None and one not in sent]
    return render_template("teaching/rubric.html", form=form, missing=missing, **values)
