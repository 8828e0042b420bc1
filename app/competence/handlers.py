"""What this room does when another one speaks: tests, cases and courses are evidence on what a course aims at."""

from app.accounts.events import IdentityRemoved, PersonDeactivated, PostingMoved
from app.competence import assessing, service
from app.learning.events import CourseCompleted
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished


def test_ended(happened: AttemptEnded) -> None:
    """Take an attempt at a course's test as evidence on each competency it asked about."""
    if happened.purpose == Purpose.TEST:
        line = quizzes.attempt_line(happened.attempt)
        service.add_known(list(assessing.tested(happened.person_id, line)), happened.at)


def case_finished(happened: CaseFinished) -> None:
    """Take a way through a case as evidence on all that its course aims at."""
    service.add_known(list(assessing.walked(happened.playthrough_id)), happened.at)


def course_completed(happened: CourseCompleted) -> None:
    """Take a completed course as evidence on all that it aims at."""
    news = assessing.completed(
        happened.person_id,
        happened.course_id,
        happened.version_id,
        happened.at,
        minutes_spent=happened.minutes_spent,
        minutes_stated=happened.minutes_stated,
    )
    service.add_known(list(news), happened.at)


def person_left(happened: PersonDeactivated) -> None:
    """Let nobody count after the last day of service."""
    service.rebuild(happened.person_id, happened.at)


def identity_removed(happened: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    service.forget_words(happened.person_id)


def person_moved(happened: PostingMoved) -> None:
    """Let somebody count in the new posting from its first day on."""
    service.rebuild(happened.person_id, happened.at)
