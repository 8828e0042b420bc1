"""Say on the page of a sitting which of its competencies have desk tasks only, because too many questions rest."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.checks.domain.pools import LEAST_POOL
from app.checks.domain.sittings import LIVE, Way
from app.checks.pages import sitting_titles
from app.checks.queries import offers, pools, resting
from app.checks.queries.pools import Pool
from app.checks.shapes import OfficerSeatLine, SittingDetails, SittingTaskLine


def notes(details: SittingDetails, seats: Iterable[OfficerSeatLine], now: datetime) -> list[str]:
    """Return a note for each desk task of a live sitting whose competency has too few questions left."""
    tasks = _desk_tasks_with_pool(details) if details.state in LIVE else []
    if not tasks:
        return []
    at = details.opened_at or now
    agency_ids = resting.agencies_of([seat.person_id for seat in seats], at) | _own_agency(details)
    counts = [(task, pool, resting.count_left(pool, agency_ids, at)) for task, pool in tasks]
    return [_note(task, pool, left) for task, pool, left in counts if left < LEAST_POOL]


def _desk_tasks_with_pool(details: SittingDetails) -> list[tuple[SittingTaskLine, Pool]]:
    """Return the desk tasks of a sitting for which it could ask questions of a pool, were they not resting."""
    framework = sitting_titles.framework()
    tasks = []
    for task in details.tasks:
        pool = pools.pool(task.competency, task.level)
        could_ask = task.way is Way.DESK_TASK and offers.asks_questions(framework, task.level)
        if could_ask and pool is not None and pools.is_large_enough(pool):
            tasks.append((task, pool))
    return tasks


def _own_agency(details: SittingDetails) -> frozenset[UUID]:
    return frozenset() if details.agency_id is None else frozenset({details.agency_id})


def _note(task: SittingTaskLine, pool: Pool, left: int) -> str:
    return _(
        "%(code)s: desk tasks only. %(count)s of %(all)s questions are left, because over 20 %% of the agency's"
        " officers have met the others. Those rest for a year.",
        code=task.competency,
        count=left,
        all=pool.size,
    )
