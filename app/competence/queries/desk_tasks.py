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


def needed(
    person_id: UUID, wanted: Collection[tuple[str, Level]], today: date
) -> Mapping[tuple[str, Level], DeskTasksNeeded]:
    """Return how many desk tasks would verify an officer in these competencies, each at its level.

    Left out are those that are verified today, those without a rubric, and those that take more than a few.
    """
    rubrics, framework = catalogue.rubrics() or Rubrics(), catalogue.competencies() or Competencies()
    states = _states(person_id, {name for name, _level in wanted})
    counts: dict[tuple[str, Level], DeskTasksNeeded] = {}
    for name, level in wanted:
        rubric = rubrics.get(name, level)
        if rubric is None or any(is_verified(states.get((name, at)), today) for at in at_least(level)):
            continue
        rule = rules(framework, name)(level)
        tasks = desk_tasks_needed(states.get((name, level)), rule, criteria=len(rubric.criteria), today=today)
        if tasks is not None:
            counts[name, level] = tasks
    return counts


def _states(person_id: UUID, competencies: Collection[str]) -> Mapping[tuple[str, Level], SkillState]:
    query = select(State.__table__).where(State.person_id == person_id, State.competency.in_(competencies))
    return {(row.competency, row.level): rule_inputs.skill_state(row) for row in db.session.execute(query)}
