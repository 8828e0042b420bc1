"""Order the queue of products for an assessor: those that few others can mark first, then those wanted first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.catalogue.domain.items import Level
from app.checks.domain import marking as rules
from app.checks.domain.marking import Calibrated
from app.checks.queries import calibrations, marking as queries
from app.checks.queries.marking import Marker, ScarceProducts, WaitingGroup, WaitingProduct

TRIES = 20  # products that are tried in turn if others take them at the same moment


def waiting(
    marker: Marker,
    groups: Sequence[WaitingGroup],
    by_country: Mapping[str, int],
    today: date,
    *,
    rubric: tuple[str, Level] | None,
    limit: int,
) -> list[WaitingProduct]:
    """Return products that an assessor may mark, in order; `by_country` are the finished markings of a year.

    Fair by country: assessors of a country that has marked more than the reader's are not counted as able to mark.
    """
    assessors = queries.assessors(today, calibrations.without_case())
    loads = rules.load_by_country(by_country, assessors.values())
    others = [assessor for person_id, assessor in assessors.items() if person_id != marker.id]
    scarce = []
    for group in groups:
        agencies = rules.scarce_agencies(group.rubric, own_country=marker.country, others=others, loads=loads)
        if agencies is None or agencies:
            scarce.append(ScarceProducts(group.competency, group.level, agencies))
    # where all are scarce, the order is that of age alone
    are_all = len(scarce) == len(groups) and all(line.agencies is None for line in scarce)
    return queries.waiting(marker, scarce=[] if are_all else scarce, rubric=rubric, limit=limit)


def next_numbers(marker: Marker, rubric: tuple[str, Level] | None, now: datetime) -> list[int]:
    """Return the numbers of products that an assessor may take now, in order."""
    states = calibrations.states(marker.id, now.date())
    groups, by_country = queries.waiting_groups(marker), queries.finished_by_country(now)
    lines = waiting(marker, groups, by_country, now.date(), rubric=rubric, limit=TRIES)
    return [line.number for line in lines if may_mark_by(states, line.rubric)]


def may_mark_by(states: Mapping[str, Calibrated], rubric: str) -> bool:
    """Return whether an assessor with these states of calibration cases may mark by a rubric."""
    return states.get(rubric) in (Calibrated.PASSED, Calibrated.NO_CASE)
