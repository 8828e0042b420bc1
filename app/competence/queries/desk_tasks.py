"""Read how many desk tasks with all points would verify an officer in competencies."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.domain.references.rubrics import Rubrics
from app.catalogue.queries import courses as catalogue
from app.competence.domain.assessment import rules
from app.competence.domain.desk_tasks import DeskTasksNeeded, desk_tasks_needed, is_verified
from app.competence.domain.measure import SkillState
from app.competence.domain.needs import at_least
from app.competence.models import State
from app.competence.queries import rule_inputs
from app.db.session import db

States = Mapping[tuple[str, Level], SkillState]


def needed(
    person_id: UUID, wanted: Collection[tuple[str, Level]], today: date
) -> Mapping[tuple[str, Level], DeskTasksNeeded]:
    """Return how many desk tasks would verify an officer in these competencies, each at its level.

    Left out are those that are verified today, those without a rubric, and those that take more than a few.
    """
    framework, sizes = catalogue.competencies() or Competencies(), _sizes()
    states = _states(person_id, {name for name, _level in wanted})
    counts: dict[tuple[str, Level], DeskTasksNeeded] = {}
    for aim in wanted:
        if aim in sizes and not _is_verified(states, aim, today):
            rule = rules(framework, aim[0])(aim[1])
            if tasks := desk_tasks_needed(states.get(aim), rule, criteria=sizes[aim], today=today):
                counts[aim] = tasks
    return counts


def _sizes() -> Mapping[tuple[str, Level], int]:
    """Return the number of criteria of each rubric."""
    rubrics = catalogue.rubrics() or Rubrics()
    return {(rubric.competency, rubric.level): len(rubric.criteria) for rubric in rubrics.rubrics}


def _is_verified(states: States, aim: tuple[str, Level], today: date) -> bool:
    return any(is_verified(states.get((aim[0], level)), today) for level in at_least(aim[1]))


def _states(person_id: UUID, competencies: Collection[str]) -> States:
    query = select(State.__table__).where(State.person_id == person_id, State.competency.in_(competencies))
    return {(row.competency, row.level): rule_inputs.skill_state(row) for row in db.session.execute(query)}
