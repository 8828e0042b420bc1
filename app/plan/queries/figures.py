"""Read definitions, figures of any day, the records behind them, figures entered by hand, notes, checks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, distinct, exists, func, or_, select, union_all
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.references.plan import Indicator, Plan
from app.catalogue.queries import courses as catalogue
from app.db.session import db
from app.kernel import clock
from app.kernel.shapes import ready
from app.plan.domain import definitions as defining
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.frozen import LockedFigure, sums_of
from app.plan.domain.observations import OPEN, ObservationState
from app.plan.domain.sums import FigureSum
from app.plan.domain.targets import merged
from app.plan.models import CheckRun, Contribution, Definition, Observation, ObservationFile, PeriodLock, PlanNote
from app.plan.queries import frozen, rollups, targets
from app.plan.shapes import CountedRecord, FigureCheckRun, IndicatorTotals, NoteLine, Observed

BY_EVENT = frozenset({"session_attendance", "assessors_agree"})  # of the rules about officers: counted by event

ready(Indicator, tuple[str, ...])


def plan_of(day: date | None = None) -> Plan | None:
    """Return the plan as it was loaded by the end of a day (the first one before that), by default the newest.

    Agreed targets in effect on the day, by default today, replace the plan's targets of the same cells.
    """
    numbered = numbered_plan(day)
    return numbered[1] if numbered else None


def numbered_plan(day: date | None = None) -> tuple[int, Plan] | None:
    """Return the result of `plan_of` with the number of the plan's version."""
    numbered = catalogue.numbered_plan(day)
    if numbered is None:
        return None
    return numbered[0], merged(numbered[1], targets.agreed_versions(), day or clock.today())


def definitions() -> list[StoredDefinition]:
    """Return every stored version of every definition, by code and version."""
    return [
        StoredDefinition(key, code, version, valid_from, due, indicator(body))
        for key, code, version, valid_from, due, body in db.session.execute(_DEFINITIONS)
    ]


# built once: most events read them
_DEFINITIONS = select(
    Definition.id, Definition.code, Definition.version, Definition.valid_from, Definition.due, Definition.body
).order_by(Definition.code, Definition.version)


@lru_cache(maxsize=256)
def indicator(body: str) -> Indicator:
    """Return the indicator of a stored body; decoded bodies are cached."""
    return msgspec.json.decode(body, type=Indicator)


def definition(code: str, day: date) -> StoredDefinition:
    """Return the version of a day, with its figure if the day is locked.

    Raises NoResultFound for a code that no plan ever had.
    """
    versions = [stored for stored in definitions() if stored.code == code]
    locked = frozen.of_days([day], only=code).get(day, {}).get(code)
    valid = defining.valid_on(versions, day) if locked is None else _locked_version(versions, locked)
    if valid is None:
        raise NoResultFound
    return valid


def cells(
    code: str | StoredDefinition,
    day: date,
    split: str,
    *,
    country: str = "",
    agency_kind: str = "",
    role: str = "",
    among: Collection[str] | None = None,
) -> dict[str, FigureSum]:
    """Return the sums of an indicator by `country`, `agency_kind` or `role`; cells without a record are left out.

    Callers that have the definition of the day pass it, so that it is not read again. `among`: only of these countries.
    """
    defined = _defined(code, day)
    if defined.frozen_on(day):
        cut = {"country": country, "agency_kind": agency_kind, "role": role}
        return sums_of(frozen.split_cells(defined, day, split, among=among, **cut))
    parts = rollups.of_day([defined], day, split, country=country, agency_kind=agency_kind, role=role, among=among)
    return parts.get((defined.code, defined.version), {})


def history(days: Collection[date], *, only: str = "") -> dict[date, dict[str, IndicatorTotals]]:
    """Return the definition and the sums by country of every indicator (or one) on each of these days, then by code.

    On the last day of a locked quarter they are those of the lock, except of indicators that came later.
    """
    stored = [definition for definition in definitions() if not only or definition.code == only]
    sums = rollups.history(stored, days)
    locked = frozen.of_days(days, only=only)
    return {
        day: {
            code: IndicatorTotals(definition, sums.get((code, definition.version, day), {}))
            for code, definition in defining.all_valid_on(stored, day).items()
        }
        | _locked_totals(stored, locked.get(day, {}))
        for day in days
    }


def rows(
    code: str | StoredDefinition, day: date, *, after: int = 0, size: int = 100, **cut: str | frozenset[str]
) -> list[CountedRecord]:
    """Return the records that count on a day, by number, after a number; for `cut` see `count_rows`."""
    query = select(*_ROW).where(*_counting(code, day, cut), Contribution.id > after)
    return [CountedRecord(*row) for row in db.session.execute(query.order_by(Contribution.id).limit(size))]


def count_rows(code: str | StoredDefinition, day: date, **cut: str | frozenset[str]) -> int:
    """Return how many records count on a day.

    `cut` narrows them by country (one or several), agency_kind, role, or thing (the name of the record).
    """
    return db.session.execute(select(func.count()).where(*_counting(code, day, cut))).scalar_one()


def count_officers(code: str | StoredDefinition, day: date, **cut: str) -> int:
    """Return how many officers the records are about that count on a day; for `cut` see `count_rows`."""
    query = select(func.count(distinct(Contribution.person_id)))
    return db.session.execute(query.where(*_counting(code, day, cut))).scalar_one()


def records_of(people: Collection[UUID]) -> list[CountedRecord]:
    """Return all records about these officers; those counted by event are found by their codes."""
    by_officer = select(*_ROW).where(Contribution.subject.in_(people))
    codes = select(Definition.code).where(Definition.rule.in_(BY_EVENT))
    of_events = select(*_ROW).where(Contribution.code.in_(codes), Contribution.person_id.in_(people))
    return [CountedRecord(*row) for row in db.session.execute(union_all(by_officer, of_events))]


def row(number: int) -> CountedRecord:
    """Return a record by its number, or raise NoResultFound."""
    return CountedRecord(*db.session.execute(select(*_ROW).where(Contribution.id == number)).one())


def observations(
    code: str | None = None,
    state: ObservationState | None = None,
    *,
    country: str | None = None,
    offset: int = 0,
    size: int | None = 200,
) -> list[Observed]:
    """Return figures entered by hand, the newest first, from an offset on; `size` None returns all."""
    wanted = {Observation.code: code, Observation.state: state, Observation.country: country}
    query = select(*_OBSERVED).where(*(column == value for column, value in wanted.items() if value is not None))
    ordered = query.order_by(Observation.day.desc(), Observation.entered_at.desc(), Observation.id)
    return [Observed(*row) for row in db.session.execute(ordered.offset(offset).limit(size))]


def count_observations(country: str | None = None) -> int:
    """Return how many figures were entered by hand, in all or for one country."""
    query = select(func.count()).select_from(Observation)
    if country is not None:
        query = query.where(Observation.country == country)
    return db.session.execute(query).scalar_one()


def count_open_observations(country: str) -> int:
    """Return how many figures of a country are drafts, or were returned to their author."""
    query = select(func.count()).select_from(Observation)
    return db.session.scalar(query.where(Observation.country == country, Observation.state.in_(OPEN))) or 0


def observation(observation_id: UUID) -> Observed:
    """Return a figure entered by hand, or raise NoResultFound."""
    return Observed(*db.session.execute(select(*_OBSERVED).where(Observation.id == observation_id)).one())


def last_approved(code: str, country: str, before: date) -> Observed | None:
    """Return the newest approved figure of an indicator and country from before a day, or None."""
    same = (Observation.code == code, Observation.country == country, Observation.day < before)
    query = select(*_OBSERVED).where(*same, Observation.state == ObservationState.APPROVED)
    row = db.session.execute(query.order_by(Observation.day.desc(), Observation.approved_at.desc()).limit(1)).first()
    return None if row is None else Observed(*row)


def approved_values(country: str, until: date) -> dict[str, float]:
    """Return the newest approved value of a country up to a day, by code."""
    query = select(Observation.code, Observation.value).where(
        Observation.country == country,
        Observation.day <= until,
        Observation.state == ObservationState.APPROVED,
    )
    rows = db.session.execute(query.order_by(Observation.day, Observation.approved_at, Observation.id))
    return {row[0]: row[1] for row in rows}


def file(observation_id: UUID) -> tuple[bytes, str]:
    """Return the PDF behind a figure and its SHA-256, or raise NoResultFound."""
    stored = db.session.get_one(ObservationFile, observation_id)
    return stored.content, stored.sha256


def notes(code: str) -> list[NoteLine]:
    """Return the notes on an outcome or output, the newest first."""
    query = select(PlanNote.text, PlanNote.written_by, PlanNote.written_at).where(PlanNote.code == code)
    return [NoteLine(*row) for row in db.session.execute(query.order_by(PlanNote.written_at.desc(), PlanNote.id))]


def newest_check() -> FigureCheckRun | None:
    """Return the newest run of the invariant checker."""
    run = db.session.scalars(select(CheckRun).order_by(CheckRun.id.desc()).limit(1)).one_or_none()
    if run is None:
        return None
    messages = msgspec.json.decode(run.told, type=tuple[str, ...])
    return FigureCheckRun(run.began_at, run.ended_at, run.checked, run.faults, messages)


_ROW: tuple[Any, ...] = (
    Contribution.id, Contribution.code, Contribution.version, Contribution.thing, Contribution.subject,
    Contribution.person_id, Contribution.since, Contribution.until, Contribution.country, Contribution.agency_kind,
    Contribution.role, Contribution.numerator, Contribution.denominator,
)  # fmt: skip
_OBSERVED: tuple[Any, ...] = (
    Observation.id, Observation.code, Observation.version, Observation.country, Observation.day, Observation.value,
    Observation.source, Observation.state, Observation.entered_by, Observation.entered_at, Observation.decided_by,
    Observation.approved_at, Observation.reason,
    exists().where(ObservationFile.observation_id == Observation.id), Observation.explanation,
)  # fmt: skip


def _locked_version(versions: Iterable[StoredDefinition], locked: LockedFigure) -> StoredDefinition | None:
    """Return the version that a figure was locked with."""
    version = next((stored for stored in versions if stored.version == locked.version), None)
    return None if version is None else replace(version, frozen=locked)


def _locked_totals(
    stored: Iterable[StoredDefinition], locked: Mapping[str, LockedFigure]
) -> dict[str, IndicatorTotals]:
    """Return the locked figures of a day by code."""
    figures = ((definition, locked.get(definition.code)) for definition in stored)
    return {
        definition.code: IndicatorTotals(replace(definition, frozen=figure), figure.sums)
        for definition, figure in figures
        if figure is not None and figure.version == definition.version
    }


def _defined(code: str | StoredDefinition, day: date) -> StoredDefinition:
    return code if isinstance(code, StoredDefinition) else definition(code, day)


def _counting(
    code: str | StoredDefinition, day: date, cut: Mapping[str, str | frozenset[str]]
) -> Iterable[ColumnElement[bool]]:
    """Return the conditions for the records in a cell that count on a day, by the definition of that day.

    Behind a locked figure stand the records that existed when it was locked.
    """
    defined = _defined(code, day)
    yield from counting(defined, day)
    if defined.frozen_on(day) is not None:
        newest = select(PeriodLock.last_record).where(PeriodLock.quarter_end == day).scalar_subquery()
        yield Contribution.id <= func.coalesce(newest, Contribution.id)
    for name in ("country", "agency_kind", "role", "thing"):
        column, wanted = getattr(Contribution, name), cut.get(name, "")
        if isinstance(wanted, frozenset):
            yield column.in_(wanted)
        elif wanted:
            yield column == wanted


def counting(defined: StoredDefinition, day: date) -> Iterable[ColumnElement[bool]]:
    """Return the conditions for the records of a definition that count on a day."""
    yield Contribution.code == defined.code
    yield Contribution.version == defined.version
    yield Contribution.since <= day
    yield or_(Contribution.until.is_(None), Contribution.until >= day)
