"""Check stored results against the evidence: `flask competence replay`, and the nightly check of `plan`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain.assessment import EvidenceBook, rebuilt_book, rules
from app.competence.domain.evidence import LEVELS
from app.competence.domain.measure import EDITION
from app.competence.domain.periods import EVERY, PostedPeriod, month_of
from app.competence.models import AgencyMonth, CompetencyValidity, CountryMonth, Evidence
from app.competence.queries import rule_inputs
from app.competence.queries.rule_inputs import Key
from app.db.session import db
from app.identity.queries import postings as accounts

PAGE = 200  # people read at once
FEWEST = 5  # the smallest number of officers in a message: operators see ids, not the size of small cells


def faults() -> Iterator[str]:
    """Yield a message for each difference between stored and recalculated results."""
    for ids in pages():
        for person_id, differences in different(ids).items():
            yield from (f"{person_id}: {sentence}" for sentence in differences)
    yield from _months()


def pages(after: UUID | None = None) -> Iterator[list[UUID]]:
    """Yield the ids of people with evidence after this one, page by page."""
    while True:
        query = select(Evidence.person_id).distinct().order_by(Evidence.person_id).limit(PAGE)
        ids = list(db.session.scalars(query if after is None else query.where(Evidence.person_id > after)))
        if not ids:
            return
        yield ids
        after = ids[-1]


def some(people: int) -> str:
    """Return a number of people for a message: "fewer than 5" instead of a small number."""
    return str(people) if people >= FEWEST else f"fewer than {FEWEST}"


def different(ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return messages about stored results of these people that do not follow from the evidence."""
    framework = catalogue.competencies() or Competencies()
    postings = accounts.postings(ids)
    ends = _held(ids)
    differences: dict[UUID, list[str]] = {}
    for key, book in sorted(rule_inputs.stored_books(ids).items()):
        again = rebuilt_book(book, rules(framework, key[1]), postings.get(key[0], []))
        differences.setdefault(key[0], []).extend(_differences(key, book, again, ends))
    return {person_id: sentences for person_id, sentences in differences.items() if sentences}


def _differences(
    key: Key, book: EvidenceBook, again: EvidenceBook, ends: Mapping[tuple[UUID, str, Level], tuple[Any, ...]]
) -> Iterator[str]:
    for level in LEVELS:
        name = f"{key[1]} ({level})"
        yield from _state_differences(name, level, book, again)
        periods = list(again.periods.get(level, ()))
        if list(book.periods.get(level, ())) != periods:
            yield f"the times of {name} are not those that the evidence leads to"
        if ends.get((*key, level)) != _validity(periods):
            yield f"the stored period of {name} is not its newest period"


def _state_differences(name: str, level: Level, book: EvidenceBook, again: EvidenceBook) -> Iterator[str]:
    if book.states.get(level) != again.states.get(level):
        yield f"the state of {name} is not what the evidence leads to"
    elif level in book.states and book.edition < EDITION:
        yield f"the state of {name} was made by older rules"


def _validity(periods: Sequence[PostedPeriod]) -> tuple[Any, ...] | None:
    """Return the values that the stored validity must have: those of the newest period."""
    if not periods:
        return None
    newest = periods[-1]
    return newest.since, newest.until, newest.country, newest.agency_id, newest.role


def _held(ids: Sequence[UUID]) -> dict[tuple[UUID, str, Level], tuple[Any, ...]]:
    columns = (
        CompetencyValidity.since,
        CompetencyValidity.until,
        CompetencyValidity.country,
        CompetencyValidity.agency_id,
        CompetencyValidity.role,
    )
    query = select(
        CompetencyValidity.person_id, CompetencyValidity.competency, CompetencyValidity.level, *columns
    ).where(CompetencyValidity.person_id.in_(ids))
    return {(row[0], row[1], row[2]): tuple(row[3:]) for row in db.session.execute(query)}


def _months() -> Iterator[str]:
    agencies: Counter[tuple[Any, ...]] = Counter()
    countries: Counter[tuple[Any, ...]] = Counter()
    columns = (
        CompetencyValidity.agency_id,
        CompetencyValidity.country,
        CompetencyValidity.role,
        CompetencyValidity.competency,
        CompetencyValidity.level,
        CompetencyValidity.until,
    )
    for agency_id, country, role, name, level, until in db.session.execute(select(*columns)):
        month = month_of(until)
        agencies[agency_id, name, level, month] += 1
        for counted_role in (role, EVERY):
            countries[country, counted_role, name, level, month] += 1
    yield from _counted(AgencyMonth, ("agency_id", "competency", "level", "month"), agencies)
    yield from _counted(CountryMonth, ("country", "role", "competency", "level", "month"), countries)


def _counted(model: Any, names: Sequence[str], counted: Mapping[tuple[Any, ...], int]) -> Iterator[str]:
    columns = [getattr(model, name) for name in names]
    stored = {tuple(row[:-1]): row[-1] for row in db.session.execute(select(*columns, model.n).where(model.n != 0))}
    for key in sorted(stored.keys() | counted.keys(), key=str):
        if stored.get(key, 0) != counted.get(key, 0):
            cell = ", ".join(map(str, key))
            numbers = f"{some(stored.get(key, 0))} counted, {some(counted.get(key, 0))} held"
            yield f"{model.__tablename__}: {numbers} ({cell})"
