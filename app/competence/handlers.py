"""What this room does when another one speaks: tests, cases and courses are evidence on what a course aims at."""

from app.competence.service import evidence, evidence_records
from app.directory.events import IdentityRemoved, PostingMoved
from app.identity.events import PersonDeactivated
from app.learning.events import CourseCompleted
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished


def on_attempt_ended(happened: AttemptEnded) -> None:
    """Take an attempt at a course's test as evidence on each competency it asked about."""
    if happened.purpose == Purpose.TEST:
        line = quizzes.attempt_line(happened.attempt)
        evidence_records.add_known(list(evidence.tested(happened.person_id, line)), happened.at)


def on_case_finished(happened: CaseFinished) -> None:
    """Take a way through a case as evidence on all that its course aims at."""
    evidence_records.add_known(list(evidence.walked(happened.playthrough_id)), happened.at)


def on_course_completed(happened: CourseCompleted) -> None:
    """Take a completed course as evidence on all that it aims at."""
    news = evidence.completed(
        happened.person_id,
        happened.course_id,
        happened.version_id,
        happened.at,
        minutes_spent=happened.minutes_spent,
        minutes_stated=happened.minutes_stated,
    )
    evidence_records.add_known(list(news), happened.at)


def on_person_deactivated(happened: PersonDeactivated) -> None:
    """Let nobody count after the last day of service."""
    evidence_records.rebuild(happened.person_id, happened.at)


def on_identity_removed(happened: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    evidence_records.delete_reasons(happened.person_id)


def on_posting_moved(happened: PostingMoved) -> None:
    """Let somebody count in the new posting from its first day on."""
    evidence_records.rebuild(happened.person_id, happened.at)
