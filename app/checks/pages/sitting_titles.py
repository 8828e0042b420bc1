"""Titles of what a sitting checks, for all of its pages."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain.pools import PoolSize
from app.checks.domain.sittings import Way
from app.checks.labels import sittings as labels
from app.checks.queries import pools
from app.checks.shapes import SittingDetails, SittingTaskLine
from app.competence.labels import competencies as competence
from app.i18n.stored_translations import TranslatedText


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTitle:
    """What a sitting checks: competency, level, way with minutes, and a note about a small pool ("" for none)."""

    position: int
    code: str
    title: TranslatedText
    level: str
    way: str
    note: str


def framework() -> Competencies:
    """Return the framework, empty if none was loaded."""
    return catalogue.competencies() or Competencies()


def titles(details: SittingDetails) -> list[TaskTitle]:
    """Return the titles of the tasks of a sitting."""
    entries = framework()
    return [_title(task, entries) for task in details.tasks]


def _title(task: SittingTaskLine, entries: Competencies) -> TaskTitle:
    way = _("%(way)s, %(minutes)s minutes", way=labels.WAYS[task.way], minutes=task.minutes)
    return TaskTitle(
        position=task.position,
        code=task.competency,
        title=competence.title(entries, task.competency),
        level=competence.level(task.level),
        way=way,
        note=_note(task),
    )


def _note(task: SittingTaskLine) -> str:
    if task.way is Way.DESK_TASK:
        return _("An assessor of another agency marks it within ten days.")
    pool = pools.pool(task.competency, task.level)
    is_small = pool is not None and pool.kind is PoolSize.SMALL
    return _("Small pool: %(count)s questions.", count=pool.size) if pool is not None and is_small else ""
