"""Load what a what-if of an indicator needs, in a fixed number of queries: pools, samples, seats taken, shares."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.plan import Indicator
from app.competence.domain.evidence import LEVELS
from app.competence.domain.forecast import RUBRIC_MARK
from app.competence.domain.what_if import Skill
from app.competence.queries import what_if as competence
from app.competence.queries.what_if import HolderEnds, HolderGroup, PeriodLength, WantedAims
from app.plan.domain.gaps import Aim, AskedCompetencies, gap_on
from app.plan.domain.survival import ValidDays, still_valid
from app.plan.queries.sources import required_levels
from app.workshops.queries import forecast as workshops, workshops as events
from app.workshops.queries.forecast import ActivityRecord, TakenSeat

MEMORY = timedelta(days=730)  # how far back own events count
SAMPLE = 24  # officers whose chances are calculated, for each kind of pool


@dataclass(frozen=True, slots=True)
class WorkshopShares:
    """What the gain of a seat is calculated from; `standard`: days of validity by the standard path of the measure."""

    today: date
    core: Sequence[str]
    records: Mapping[str, ActivityRecord]
    lengths: Mapping[str, Sequence[ValidDays]]
    standard: int

    def still_valid(self, day: date, last: date) -> tuple[float, bool]:
        """Return the share of passes of a day that still count on the last day, and whether it was measured.

        It is the smallest of the competencies: from their periods, else by the standard path.
        """
        after = (last - day).days
        measured = [still_valid(self.lengths[name], after) for name in self.core]
        shares = [share for share in measured if share is not None]
        if shares and len(shares) == len(measured):
            return min(shares), True
        return float(after < self.standard), False


@dataclass(frozen=True, slots=True)
class GainSources:
    """All that gains on a day are calculated from."""

    asked: AskedCompetencies
    today: date
    last: date
    groups: Sequence[HolderGroup]
    ending: Sequence[Sequence[Skill]]  # of officers verified today and no longer on the last day
    lacking: Sequence[Sequence[Skill]]  # of officers who were verified before in all that they lack on the last day
    practised: Mapping[str, frozenset[Aim]]
    shares: WorkshopShares


@dataclass(frozen=True, slots=True)
class BookedSeats:
    """The seats taken in announced events, with the last days of their officers' competencies."""

    seats: Sequence[TakenSeat]
    officers: Mapping[UUID, HolderEnds]
    practised: Mapping[UUID, frozenset[Aim]]


def asked_of(indicator: Indicator) -> AskedCompetencies:
    """Return the competencies that an indicator asks for."""
    settings = indicator.settings
    level = Level(settings["level"]) if "level" in settings else None
    roles = frozenset(settings.get("roles", ()))
    return AskedCompetencies(tuple(settings.get("core", ())), roles, level, required_levels())


def sources(asked: AskedCompetencies, today: date, last: date, *, country: str = "") -> GainSources:
    """Return the pools, samples and shares behind the gains on a day, of a country or of all."""
    ending, lacking = _sample(asked, today, last, country)
    skills = competence.skills_of(ending | lacking)
    return GainSources(
        asked=asked,
        today=today,
        last=last,
        groups=competence.holder_groups(WantedAims(asked.every_aim(), asked.roles), today, last, country=country),
        ending=[skills[person_id] for person_id in ending],
        lacking=[skills[person_id] for person_id in lacking],
        practised=workshops.practised_by_activity(),
        shares=shares(asked, today),
    )


def booked(asked: AskedCompetencies, today: date, last: date, *, country: str = "") -> BookedSeats:
    """Return the seats taken in workshops that end by a day, of the officers of a country or of all."""
    seats = workshops.taken_seats(today, last, country=country)
    if not seats:
        return BookedSeats((), {}, {})
    officers = competence.ends_of({seat.person_id: seat.roles for seat in seats}, asked.core)
    outcomes = events.outcomes_of({seat.workshop_id for seat in seats})
    return BookedSeats(seats, {officer.person_id: officer for officer in officers}, outcomes)


def shares(asked: AskedCompetencies, today: date) -> WorkshopShares:
    """Return what the gain of a seat is calculated from: results of own events, lengths of validity."""
    some_role = next(iter(sorted(asked.roles)), "")
    aims = sorted(asked.aims((some_role,)))
    lengths = competence.period_lengths(asked.core, min((level for _name, level in aims), key=LEVELS.index))
    return WorkshopShares(
        today=today,
        core=asked.core,
        records=workshops.records_by_activity(today - MEMORY, RUBRIC_MARK),
        lengths={name: _lengths(lengths, name, today) for name in asked.core},
        standard=min(competence.standard_days(name, level, today) for name, level in aims),
    )


def _lengths(lengths: Sequence[PeriodLength], name: str, today: date) -> list[ValidDays]:
    return [
        ValidDays((min(length.until, today) - length.since).days + 1, length.until < today)
        for length in lengths
        if length.competency == name and length.since < today
    ]


def _sample(
    asked: AskedCompetencies, today: date, last: date, country: str
) -> tuple[dict[UUID, frozenset[Aim]], dict[UUID, frozenset[Aim]]]:
    """Return officers of both pools with what they lack on the last day."""
    ending: dict[UUID, frozenset[Aim]] = {}
    lacking: dict[UUID, frozenset[Aim]] = {}
    for officer in competence.sample(asked.core, last, country=country):
        aims = asked.aims(officer.roles)
        gap = gap_on(officer.ends, aims, last)
        if gap and not gap_on(officer.ends, aims, today):
            _put(ending, officer, gap)
        if gap and gap <= officer.ends.keys():
            _put(lacking, officer, gap)
    return ending, lacking


def _put(sample: dict[UUID, frozenset[Aim]], officer: HolderEnds, gap: Collection[Aim]) -> None:
    if len(sample) < SAMPLE:
        sample[officer.person_id] = frozenset(gap)
