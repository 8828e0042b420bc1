"""Practice, compared and corrected results, and a judging panel of a busy academy, in the states of pages."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from app.access.policy import Actor, Role, Scope
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.kernel import clock
from app.quizzes import queries
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.models import Regrade
from app.quizzes.service import attempts, practice
from app.studio.queries import judging as panels, workspaces
from app.studio.service import judging
from tests.support import competence_site, course_attempts, factories
from tests.support.served_academy import VICTIMS

COMPETENCY = "VIC-01"
JUDGED_COURSE, JUDGED_ITEM = "the-identification-interview", "M03-Q222"


def make(people: Mapping[str, UUID]) -> dict[str, str]:
    """Let the learner practise and sit tests, the officer begin a practice, the author open a panel; return ids."""
    course = catalogue.visible(Actor(people["learner"], "BG", frozenset({Role.PRACTITIONER})), VICTIMS)
    competence_site.verify(people["learner"], COMPETENCY, Level.FOUNDATION, ago=30)
    course_attempts.sit(people["learner"], course, Purpose.PRETEST, right=False)
    test = course_attempts.sit(people["learner"], course, at=course_attempts.THEN + timedelta(days=20))
    ended = _sitting(people["learner"], course, answers=3)
    with transaction():
        attempts.hand_in(ended, clock.now())
        _correct(ended)
    begun = _sitting(people["officer"], course, answers=1)
    ids = {"compared result": str(test), "corrected practice": str(ended), "begun practice": str(begun)}
    return {**ids, "panel": str(_panel(people["author"]))}


def _sitting(person_id: UUID, course: Outline, *, answers: int) -> UUID:
    """Begin a practice and save the first answers, which are explained and locked."""
    now = clock.now()
    with transaction():
        attempt = practice.start(
            person_id=person_id,
            outline=course,
            language="en",
            competencies=[COMPETENCY],
            counted=[COMPETENCY],
            last_met={},
            now=now,
        ).public_id
    for number in range(1, answers + 1):
        with transaction():
            _answer(attempt, number)
    return attempt


def _answer(attempt: UUID, number: int) -> None:
    now = clock.now()
    item = queries.questions_of_attempt(queries.lock(attempt)).questions[number - 1].item
    save = Save(number, number, course_attempts.key(item))
    attempts.save_form(attempt, number, save.body, certainty=None, marked=False, arrived_at=now, now=now)


def _correct(attempt: UUID) -> None:
    """Note a corrected key of the first question."""
    current = queries.lock(attempt)
    regrade = Regrade(
        attempt_id=current.row_id,
        number=1,
        question=1,
        by_version_id=current.version_id,
        share_before=0.0,
        share_after=1.0,
        at=clock.now(),
    )
    db.session.add(regrade)


def _panel(author: UUID) -> UUID:
    actor = Actor(author, "", frozenset({Role.TRAINER}))
    course_id = str(workspaces.workspace(actor, JUDGED_COURSE).course_id)
    for _judge in range(2):
        factories.person(country="BG", roles=("trainer",), grants=((Role.TRAINER, Scope.COURSE, course_id),))
    workspace = workspaces.workspace(actor, JUDGED_COURSE)
    with transaction():
        judging.open_panel(workspace, JUDGED_ITEM, by=author, now=clock.now())
    return next(panel.id for panel in panels.panels(workspace.course_id) if panel.item == JUDGED_ITEM)
