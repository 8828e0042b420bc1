"""Order the queue of products for an assessor: those that few others can mark first, then those wanted first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.catalogue.domain.items import Level
from app.checks.domain import marking as rules
from app.checks.domain.marking import Calibrated
from app.checks.domain.products import is_overdue
from app.checks.queries import calibrations, marking as queries
from app.checks.queries.marking import PostedAssessor, ScarceProducts, WaitingGroup, WaitingProduct

TRIES = 20  # products that are tried in turn if others take them at the same moment


@dataclass(frozen=True, slots=True)
class MarkingQueue:
    """Products that an assessor may mark: counted by rubric, and the first ones; finished markings by country."""

    groups: Sequence[WaitingGroup]
    lines: Sequence[WaitingProduct]
    by_country: Mapping[str, int]

    @property
    def waiting(self) -> int:
        """Return how many products wait."""
        return sum(group.count for group in self.groups)

    def overdue(self, today: date) -> int:
        """Return how many of the first products are overdue."""
        return sum(is_overdue(line.wanted_by, today) for line in self.lines)


def read(
    marker: PostedAssessor | None,
    now: datetime,
    *,
    rubric: tuple[str, Level] | None,
    limit: int,
    language: str = "",
) -> MarkingQueue:
    """Return the queue of an assessor, in order; empty without a posting. `language` "": written in any.

    Fair by country: assessors of a country that has marked more than the reader's are not counted as able to mark.
    """
    by_country = queries.finished_by_country(now)
    if marker is None:
        return MarkingQueue((), (), by_country)
    groups = queries.waiting_groups(marker)
    scarce = _scarce(marker, groups, by_country, now.date())
    lines = queries.waiting(marker, scarce=scarce, rubric=rubric, limit=limit, language=language)
    return MarkingQueue(groups, lines, by_country)


def _scarce(
    marker: PostedAssessor, groups: Sequence[WaitingGroup], by_country: Mapping[str, int], today: date
) -> list[ScarceProducts]:
    """Return the products that few others can mark; empty if that is so of all: then the order is that of age."""
    assessors = queries.assessors(today, calibrations.without_case())
    loads = rules.load_by_country(by_country, assessors.values())
    others = [assessor for person_id, assessor in assessors.items() if person_id != marker.id]
    lines = [
        ScarceProducts(
            group.competency,
            group.level,
            rules.scarce_agencies(group.rubric, own_country=marker.country, others=others, loads=loads),
        )
        for group in groups
    ]
    if all(line.agencies is None for line in lines):
        return []
    return [line for line in lines if line.agencies != frozenset()]


def next_numbers(
    marker: PostedAssessor | None, rubric: tuple[str, Level] | None, now: datetime, *, language: str = ""
) -> list[int]:
    """Return the numbers of products that an assessor may take now, in order."""
    if marker is None:
        return []
    states = calibrations.states(marker.id, now.date())
    lines = read(marker, now, rubric=rubric, limit=TRIES, language=language).lines
    return [line.number for line in lines if may_mark_by(states, line.rubric)]


def may_mark_by(states: Mapping[str, Calibrated], rubric: str) -> bool:
    """Return whether an assessor with these states of calibration cases may mark by a rubric."""
    return states.get(rubric) in (Calibrated.PASSED, Calibrated.NO_CASE)
