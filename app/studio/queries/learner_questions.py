"""Questions of the learners of a course with the aliases of their authors, as trainers see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.policy import Actor
from app.access.visibility import Viewer
from app.identity.queries import visible_identity
from app.learning.domain.learner_posts import QuestionState
from app.learning.queries import questions
from app.learning.queries.questions import LearnerQuestionLine


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A page of the questions in some states, and the aliases of their authors by id."""

    lines: list[LearnerQuestionLine]
    aliases: Mapping[UUID, str]


def part(
    actor: Actor, course_id: UUID, states: Collection[QuestionState], *, offset: int, size: int, today: date
) -> QuestionPart:
    """Return a page of the questions of a course; no name is read."""
    lines = questions.in_states(course_id, states, offset=offset, size=size)
    authors = {line.person_id for line in lines if line.person_id is not None}
    visible = visible_identity.visible_identities(actor, authors, today, Viewer.TRAINER)
    return QuestionPart(lines, {person_id: identity.alias for person_id, identity in visible.items()})
