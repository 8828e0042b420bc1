"""Recalculate contributions and rollups of changed subjects; for handlers, jobs and `flask plan recount`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select, update

from app.db.locks import lock_rollups
from app.db.session import db
from app.identity.queries import postings as accounts
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.records import PEOPLE, POSTED, ApprovedFigure, RecordSource
from app.plan.domain.rules import DAYS, rule_of
from app.plan.domain.spans import days_later
from app.plan.models import Contribution, Definition
from app.plan.queries import figures, sources as plan_sources
from app.plan.service import store
from app.plan.service.store import ContributionKey, Worths

SMALL = 1_000  # people: with more, new definitions are counted by the job
# whether an officer counts as active on a day; built once: every lesson asks
_ACTIVE_ON = (
    select(Definition.body, Contribution.id, Contribution.until)
    .outerjoin(
        Contribution,
        and_(
            Contribution.subject == bindparam("person_id"),
            Contribution.code == Definition.code,
            Contribution.version == Definition.version,
            Contribution.since <= bindparam("day"),
            or_(Contribution.until.is_(None), Contribution.until >= bindparam("day")),
        ),
    )
    .where(Definition.rule == "active_countries")
)


def recount(source: RecordSource, subjects: Collection[UUID]) -> int:
    """Recalculate the contributions of these subjects and the roll-ups, and return how many changed."""
    return _recount(reading(source), source, subjects) if subjects else 0


def recount_all(code: str | None = None) -> int:
    """Recalculate all subjects, or those of one indicator, in this transaction, and return how many changed."""
    return sum(recount(source, page) for source, page in portions(sources(code)))


def portions(due_sources: Iterable[RecordSource]) -> Iterator[tuple[RecordSource, list[UUID]]]:
    """Yield all subjects of these sources, a page at a time."""
    for source in due_sources:
        for page in plan_sources.pages(source):
            yield source, page


def count_learning_day(person_id: UUID, day: date) -> None:
    """Count a day of learning; one query is enough if the officer already counts as active long enough."""
    rows = db.session.execute(_ACTIVE_ON, {"person_id": person_id, "day": day}).all()
    for body, contribution_id, until in rows:
        days = int(figures.indicator(body).settings.get("days", DAYS))
        if contribution_id is None or (until is not None and until < days_later(day, days - 1)):
            recount(RecordSource.ACTIVITY, [person_id])
            return


def standing_changed(person_id: UUID, competency: str) -> None:
    """Recalculate an officer after a change in a competency that is in the core of an indicator."""
    counted = reading(RecordSource.STANDING)
    if any(competency in defined.indicator.settings.get("core", ()) for defined in counted):
        _recount(counted, RecordSource.STANDING, [person_id])


def booking_ended(workshop_id: UUID) -> None:
    """Recalculate the attendance of an event if any was recorded."""
    if db.session.scalar(select(Contribution.id).where(Contribution.subject == workshop_id).limit(1)) is not None:
        recount(RecordSource.ATTENDANCE, [workshop_id])


def events_moved(person_id: UUID, since: date) -> None:
    """Recalculate the records of events since a change of an officer's posting."""
    for source in sorted(POSTED):
        codes = {defined.code for defined in reading(source)}
        query = select(Contribution.subject).where(
            Contribution.person_id == person_id, Contribution.code.in_(codes), Contribution.since >= since
        )
        recount(source, list(db.session.scalars(query.distinct())))


def mark_due(source: RecordSource) -> None:
    """Mark the definitions of a source as due for recalculation."""
    ids = [defined.id for defined in reading(source)]
    db.session.execute(update(Definition).where(Definition.id.in_(ids)).values(due=True))


def catch_up() -> None:
    """Recalculate due definitions at once on a small site; on a large one a job does it page by page."""
    definitions = due()
    if not definitions or len(accounts.posting_page(None, SMALL + 1)) > SMALL:
        return
    for source, page in portions(read_by(definitions)):
        recount(source, page)
    mark_recalculated([defined.id for defined in definitions])


def due() -> list[StoredDefinition]:
    """Return the definitions that are due for recalculation."""
    return [defined for defined in figures.definitions() if defined.due and rule_of(defined.indicator)]


def mark_recalculated(definitions: Collection[UUID]) -> None:
    """Mark these definitions as recalculated."""
    db.session.execute(update(Definition).where(Definition.id.in_(definitions)).values(due=False))


def sources(code: str | None = None) -> list[RecordSource]:
    """Return the sources that the rules of all definitions read, or those of one indicator."""
    return read_by(defined for defined in figures.definitions() if code in {None, defined.code})


def read_by(definitions: Iterable[StoredDefinition]) -> list[RecordSource]:
    """Return the sources that the rules of these definitions read, each source once."""
    rules = (rule_of(defined.indicator) for defined in definitions)
    return sorted({rule.source for rule in rules if rule is not None})


def reading(source: RecordSource) -> list[StoredDefinition]:
    """Return the definitions whose rules read a source."""
    pairs = [(defined, rule_of(defined.indicator)) for defined in figures.definitions()]
    return [defined for defined, rule in pairs if rule is not None and rule.source is source]


def contributions_of(counted: Iterable[StoredDefinition], records: Mapping[UUID, Any]) -> Worths:
    """Return the contributions that the rules make of these records."""
    return {
        ContributionKey(defined.code, defined.version, subject, span.thing, span.since): store.contribution_value(span)
        for subject, record in records.items()
        for defined in counted
        if not isinstance(record, ApprovedFigure) or record.code == defined.code
        for rule in [rule_of(defined.indicator)]
        if rule is not None
        for span in rule.spans(record, defined.indicator.settings)
    }


def _recount(counted: Sequence[StoredDefinition], source: RecordSource, subjects: Collection[UUID]) -> int:
    if not counted:
        return 0
    # the person's row first, as in other packages: locks in the same order cause no deadlock
    postings = plan_sources.lock_person(next(iter(subjects))) if source in PEOPLE and len(subjects) == 1 else None
    lock_rollups()
    now = contributions_of(counted, plan_sources.records_of(source, subjects, postings))
    return store.replace(store.stored({defined.code for defined in counted}, subjects), now)
