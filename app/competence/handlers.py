"""What this room does when another one speaks: tests, cases and courses are evidence on what a course aims at."""

from app.accounts.events import IdentityRemoved, PersonDeactivated, PostingMoved
from app.competence import assessing, service
from app.learning.events import CourseCompleted
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded
from app.scenarios.events import CaseFinished


def test_ended(happened: AttemptEnded) -> None:
    """Take the first attempt at a course's test as evidence on each competency it asked about."""
    if happened.purpose == Purpose.TEST and happened.number == 1:
        given = (happened.person_id, happened.course_id, happened.version_id, happened.attempt)
        service.add_known(list(assessing.tested(*given, happened.at.date())), happened.at)


def case_finished(happened: CaseFinished) -> None:
    """Take the first way through a case as evidence on all that its course aims at."""
    news = assessing.walked(happened.playthrough_id, happened.share, happened.at.date())
    service.add_known(list(news), happened.at)


def course_completed(happened: CourseCompleted) -> None:
    """Take a completed course as a training in all that it aims at."""
    given = (happened.person_id, happened.course_id, happened.version_id)
    service.add_known(list(assessing.completed(*given, happened.at.date())), happened.at)


def person_left(happened: PersonDeactivated) -> None:
    """Let nobody count after the last day of service."""
    service.rebuild(happened.person_id, happened.at)


def identity_removed(happened: IdentityRemoved) -> None:
    """Keep no words about somebody whose name is kept no longer."""
    service.forget_words(happened.person_id)


def person_moved(happened: PostingMoved) -> None:
    """Let somebody count in the new posting from its first day on."""
    service.rebuild(happened.person_id, happened.at)
