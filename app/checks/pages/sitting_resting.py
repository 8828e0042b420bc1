"""Say on the page of a sitting which of its competencies have desk tasks only, because too many questions rest."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.checks.domain.pools import LEAST_POOL
from app.checks.domain.sittings import LIVE, Way
from app.checks.pages import sitting_titles
from app.checks.queries import offers, pools, resting
from app.checks.shapes import OfficerSeatLine, SittingDetails, SittingTaskLine


def notes(details: SittingDetails, seats: Iterable[OfficerSeatLine], now: datetime) -> list[str]:
    """Return a sentence for each desk task of a sitting that is not over, which stands for questions that rest."""
    tasks = [task for task in details.tasks if task.way is Way.DESK_TASK] if details.state in LIVE else []
    if not tasks:
        return []
    at = details.opened_at or now
    agency_ids = set(resting.agencies_of([seat.person_id for seat in seats], at))
    if details.agency_id is not None:
        agency_ids.add(details.agency_id)
    return [sentence for task in tasks for sentence in _notes(task, sorted(agency_ids), at)]


def _notes(task: SittingTaskLine, agency_ids: Sequence[UUID], at: datetime) -> list[str]:
    pool = pools.pool(task.competency, task.level)
    can_ask = offers.asks_questions(sitting_titles.framework(), task.level)
    if pool is None or not can_ask or not pools.is_large_enough(pool):
        return []
    left = resting.count_left(pool, agency_ids, at)
    if left >= LEAST_POOL:
        return []
    sentence = _(
        "%(code)s: desk tasks only. %(count)s of %(all)s questions are left, because over 20 %% of the agency's"
        " officers have met the others. Those rest for a year.",
        code=task.competency,
        count=left,
        all=pool.size,
    )
    return [sentence]
