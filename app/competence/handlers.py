"""Handlers of events of other packages: record tests, cases and courses as evidence; follow changes of postings."""

from app.competence.queries import rule_inputs
from app.competence.service import evidence, evidence_records
from app.directory.events import IdentityRemoved, PostingMoved
from app.identity.events import PersonDeactivated
from app.learning.events import CompletionEnded, CourseCompleted
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded, AttemptRegraded
from app.scenarios.events import CaseFinished


def on_attempt_ended(event: AttemptEnded) -> None:
    """Record an attempt at a course's test, or practice that counts, as evidence on each competency it asked about."""
    if event.purpose in (Purpose.TEST, Purpose.PRACTICE):
        line = quizzes.attempt_line(event.attempt)
        evidence_records.add_known(list(evidence.evidence_of_attempt(event.person_id, line)), event.at)


def on_attempt_regraded(event: AttemptRegraded) -> None:
    """Replace the evidence of an attempt whose score a corrected key changed."""
    line = quizzes.attempt_line(event.attempt)
    news = list(evidence.evidence_of_attempt(event.person_id, line, regrades=event.number))
    earlier = evidence.evidence_of_attempt(event.person_id, line, regrades=event.number - 1)
    for source in {old.source for old in earlier}:
        for evidence_id in rule_inputs.in_force(event.person_id, source):
            evidence_records.void(evidence_id, by=None, reason=evidence.KEY_CORRECTED, now=event.at)
    evidence_records.add_known(news, event.at)


def on_case_finished(event: CaseFinished) -> None:
    """Record a finished case as evidence on each competency of its course."""
    evidence_records.add_known(list(evidence.evidence_of_case(event.playthrough_id)), event.at)


def on_course_completed(event: CourseCompleted) -> None:
    """Record a completed course as evidence on each of its competencies."""
    news = evidence.completed(
        event.person_id,
        event.course_id,
        event.version_id,
        event.at,
        minutes_spent=event.minutes_spent,
        minutes_stated=event.minutes_stated,
        cycle=event.cycle,
    )
    evidence_records.add_known(list(news), event.at)


def on_completion_ended(event: CompletionEnded) -> None:
    """Void the evidence of a completion that a breaking version ended, and reassess the person."""
    for evidence_id in rule_inputs.completions_in_force(event.person_id, evidence.completion_source(event.course_id)):
        evidence_records.void(evidence_id, by=None, reason=evidence.COMPLETION_ENDED, now=event.at)


def on_person_deactivated(event: PersonDeactivated) -> None:
    """End all competency periods on the last day of service."""
    evidence_records.rebuild(event.person_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete texts about a person whose identity was deleted."""
    evidence_records.delete_reasons(event.person_id)


def on_posting_moved(event: PostingMoved) -> None:
    """Count the officer in the new posting from its first day on."""
    evidence_records.rebuild(event.person_id, event.at)
