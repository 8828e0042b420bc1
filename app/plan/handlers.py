"""Handlers of events of other packages (see `subscriptions.py`): recalculate contributions of changed subjects."""

from uuid import UUID

from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.events import CoursePublished, ReferenceLoaded
from app.checks.events import ProductSettled
from app.competence.domain.evidence import EvidenceKind
from app.competence.events import EvidenceRecorded, EvidenceVoided, StandingChanged
from app.db.session import queued_events
from app.directory.events import IdentityRemoved, PostingMoved
from app.identity.events import PersonAdded, PersonDeactivated
from app.learning.events import CourseBegun, CourseCompleted, LessonDone
from app.plan.domain.records import PEOPLE, RecordSource
from app.plan.queries.result_sources import ACADEMY
from app.plan.service import definitions, recalculation, value_sheets
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded, AttemptRegraded
from app.scenarios.events import CaseFinished
from app.sign_in.events import IncidentBegun, IncidentEnded
from app.workshops.events import (
    AttendanceRecorded,
    BookingWithdrawn,
    RubricScored,
    WorkshopReopened,
    WorkshopStateChanged,
)
from app.workshops.events.afterwards import (
    CommitmentChanged,
    EvaluationClosed,
    FollowUpAnswered,
    FollowUpClosed,
    NomineesCounted,
)

WATCHED_KINDS = frozenset({EvidenceKind.CHECK, EvidenceKind.DESK_TASK, EvidenceKind.SURPRISE, EvidenceKind.WORKSHOP})


def on_course_begun(event: CourseBegun) -> None:
    """Count the day of learning and the course that was begun."""
    recalculation.count_learning_day(event.person_id, event.at.date())
    recalculation.recount(RecordSource.ENROLMENTS, [event.person_id])


def on_learning(event: LessonDone) -> None:
    """Count the day of learning."""
    recalculation.count_learning_day(event.person_id, event.at.date())


def on_case_finished(event: CaseFinished) -> None:
    """Count the day of learning and the result of the case."""
    recalculation.count_learning_day(event.person_id, event.at.date())
    recalculation.recount(RecordSource.CASES, [event.person_id])


def on_attempt_ended(event: AttemptEnded) -> None:
    """Count the day of learning and the result; what the server ended counts on the day of its deadline.

    A watched check is no learning; its evidence has an event of its own.
    """
    if event.purpose == Purpose.WATCHED:
        return
    if event.by == "time":
        recalculation.recount(RecordSource.ACTIVITY, [event.person_id])
    else:
        recalculation.count_learning_day(event.person_id, event.at.date())
    recalculation.recount(RecordSource.RESULTS, [event.person_id])


def on_attempt_regraded(event: AttemptRegraded) -> None:
    """Recalculate the results of an officer after a corrected key."""
    recalculation.recount(RecordSource.RESULTS, [event.person_id])


def on_course_completed(event: CourseCompleted) -> None:
    """Count the completion."""
    recalculation.recount(RecordSource.ENROLMENTS, [event.person_id])


def on_standing_changed(event: StandingChanged) -> None:
    """Recalculate an officer whose competency changed, once for all its levels."""
    key = (event.person_id, event.competency)
    others = [(other.person_id, other.competency) for other in queued_events() if isinstance(other, StandingChanged)]
    if key not in others:
        recalculation.standing_changed(*key)


def on_evidence_recorded(event: EvidenceRecorded) -> None:
    """Recalculate an officer who was watched: the figures say whether the own chain alone watched last."""
    if event.kind in WATCHED_KINDS and not _changes_standing(event.person_id, event.competency):
        recalculation.standing_changed(event.person_id, event.competency)


def on_evidence_voided(event: EvidenceVoided) -> None:
    """Recalculate an officer whose watched evidence was voided."""
    if event.kind in WATCHED_KINDS:
        recalculation.recount(RecordSource.STANDING, [event.person_id])


def on_person_added(event: PersonAdded) -> None:
    """Count a new officer among those who need the core competencies."""
    recalculation.recount(RecordSource.STANDING, [event.person_id])


def on_person_deactivated(event: PersonDeactivated) -> None:
    """Stop counting an officer whose posting has ended."""
    for source in (RecordSource.ACTIVITY, RecordSource.STANDING, RecordSource.RESULTS):
        recalculation.recount(source, [event.person_id])


def on_posting_moved(event: PostingMoved) -> None:
    """Count an officer in the new posting from its first day, with the records of that day."""
    for source in sorted(PEOPLE):
        recalculation.recount(source, [event.person_id])
    recalculation.events_moved(event.person_id, event.since)


def on_course_published(event: CoursePublished) -> None:
    """Count the new version and its content."""
    for source in (RecordSource.COURSE, RecordSource.CONTENT):
        recalculation.recount(source, [event.course_id])


def on_reference_loaded(event: ReferenceLoaded) -> None:
    """Load the definitions of a plan, or recalculate the definitions that use the framework of competencies."""
    if event.kind == ReferenceKind.PLAN:
        definitions.load_definitions(event.number, event.at)
        recalculation.mark_due(RecordSource.INCIDENTS)  # they count within the period of the plan
    elif event.kind == ReferenceKind.COMPETENCIES:
        recalculation.mark_due(RecordSource.STANDING)
    elif event.kind == ReferenceKind.RUBRICS:
        recalculation.mark_due(RecordSource.ASSESSMENTS)
    else:
        return
    recalculation.catch_up()


def on_workshop_state_changed(event: WorkshopStateChanged | WorkshopReopened) -> None:
    """Count an event that was closed, and stop counting one that was cancelled or reopened."""
    for source in (RecordSource.EVENT, RecordSource.ATTENDANCE, RecordSource.SEATS):
        recalculation.recount(source, [event.workshop_id])


def on_attendance_recorded(event: AttendanceRecorded) -> None:
    """Count the attendance of a session."""
    recalculation.recount(RecordSource.ATTENDANCE, [event.workshop_id])


def on_rubric_scored(event: RubricScored) -> None:
    """Compare the scores of two assessors."""
    recalculation.recount(RecordSource.ASSESSMENTS, [event.workshop_id])


def on_product_settled(event: ProductSettled) -> None:
    """Compare the scores of two assessors for a desk task."""
    recalculation.recount(RecordSource.ASSESSMENTS, [event.product_id])


def on_evaluation_closed(event: EvaluationClosed) -> None:
    """Count the answers of an event."""
    recalculation.recount(RecordSource.EVALUATIONS, [event.workshop_id])


def on_follow_up(event: FollowUpAnswered | FollowUpClosed) -> None:
    """Count what officers report after an event, and who did not answer."""
    recalculation.recount(RecordSource.FOLLOW_UPS, [event.workshop_id])


def on_commitment_changed(event: CommitmentChanged) -> None:
    """Count the commitments of a study visit."""
    recalculation.recount(RecordSource.COMMITMENTS, [event.workshop_id])


def on_nominees_counted(event: NomineesCounted) -> None:
    """Count the women among nominees and participants."""
    recalculation.recount(RecordSource.SEATS, [event.workshop_id])


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the checked sheets that may name a person whose identity was deleted."""
    value_sheets.delete_sheets_of(event.country)


def on_incident(_event: IncidentBegun | IncidentEnded) -> None:
    """Count the security incidents."""
    recalculation.recount(RecordSource.INCIDENTS, [ACADEMY])


def on_booking_withdrawn(event: BookingWithdrawn) -> None:
    """Stop counting the attendance of an officer who withdrew."""
    recalculation.booking_ended(event.workshop_id)


def _changes_standing(person_id: UUID, competency: str) -> bool:
    """Return whether a queued event recalculates a competency of an officer anyway."""
    return any(
        isinstance(event, StandingChanged) and (event.person_id, event.competency) == (person_id, competency)
        for event in queued_events()
    )
