"""Keeping contributions what the records say: which subjects to count anew, and when."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update

from app.db.locks import lock_rollups
from app.db.session import db
from app.identity.queries import postings as accounts
from app.plan import store
from app.plan.domain.definitions import Defined
from app.plan.domain.records import PEOPLE, Reported, Source
from app.plan.domain.rules import DAYS, RULES, Span
from app.plan.domain.spans import later
from app.plan.models import Contribution, Definition
from app.plan.queries import figures
from app.plan.queries import sources as plan_sources
from app.plan.store import Key, Worth, Worths

SMALL = 1_000  # people: with more, new definitions are counted by the job


def recount(source: Source, subjects: Collection[UUID]) -> int:
    """Bring the contributions of these subjects, and the roll-ups, up to their records; return how many changed."""
    return _recount(reading(source), source, subjects) if subjects else 0


def recount_all(code: str | None = None) -> int:
    """Do the same for all subjects (of one indicator's rule) in this transaction."""
    return sum(recount(source, page) for source, page in portions(sources(code)))


def portions(due_sources: Iterable[Source]) -> Iterator[tuple[Source, list[UUID]]]:
    """Return all that can be counted anew of these sources, a page of subjects at a time."""
    for source in due_sources:
        for page in plan_sources.pages(source):
            yield source, page


def active(person_id: UUID, day: date) -> None:
    """Count a day of learning; one look is enough when the officer was active that day already."""
    query = (
        select(Definition.body, Contribution.id, Contribution.until)
        .outerjoin(
            Contribution,
            and_(
                Contribution.subject == person_id,
                Contribution.code == Definition.code,
                Contribution.version == Definition.version,
                Contribution.since <= day,
                or_(Contribution.until.is_(None), Contribution.until >= day),
            ),
        )
        .where(Definition.rule == "active_countries")
    )
    for body, contribution_id, until in db.session.execute(query).all():
        days = int(figures.indicator(body).settings.get("days", DAYS))
        if contribution_id is None or (until is not None and until < later(day, days - 1)):
            recount(Source.ACTIVITY, [person_id])
            return


def standing_changed(person_id: UUID, competency: str) -> None:
    """Count an officer anew whose standing changed in a competency that stands in the core of an indicator."""
    counted = reading(Source.STANDING)
    if any(competency in one.indicator.settings.get("core", ()) for one in counted):
        _recount(counted, Source.STANDING, [person_id])


def booking_ended(workshop_id: UUID) -> None:
    """Count the attendance of an event anew if any was kept."""
    if db.session.scalar(select(Contribution.id).where(Contribution.subject == workshop_id).limit(1)) is not None:
        recount(Source.ATTENDANCE, [workshop_id])


def sessions_moved(person_id: UUID, since: date) -> None:
    """Count the attendance of the events anew in which an officer, who serves elsewhere since then, had a seat."""
    codes = {one.code for one in reading(Source.ATTENDANCE)}
    query = select(Contribution.subject).where(
        Contribution.person_id == person_id, Contribution.code.in_(codes), Contribution.since >= since
    )
    recount(Source.ATTENDANCE, list(db.session.scalars(query.distinct())))


def mark_due(source: Source) -> None:
    """Say that the definitions of a source are to be counted anew, for what they lean on has changed."""
    ids = [one.id for one in reading(source)]
    db.session.execute(update(Definition).where(Definition.id.in_(ids)).values(due=True))


def catch_up() -> None:
    """Count what is due at once on a small site; on a large one the job does, page by page."""
    definitions = due()
    if not definitions or len(accounts.posting_page(None, SMALL + 1)) > SMALL:
        return
    for source, page in portions(read_by(definitions)):
        recount(source, page)
    settle([one.id for one in definitions])


def due() -> list[Defined]:
    """Return the definitions whose records are yet to be counted."""
    return [one for one in figures.definitions() if one.due and one.rule in RULES]


def settle(definitions: Collection[UUID]) -> None:
    """Say that the records of these definitions are counted."""
    db.session.execute(update(Definition).where(Definition.id.in_(definitions)).values(due=False))


def sources(code: str | None = None) -> list[Source]:
    """Return what the rules of all definitions read, or those of one code."""
    return read_by(one for one in figures.definitions() if code in {None, one.code})


def read_by(defined: Iterable[Defined]) -> list[Source]:
    """Return what the rules of these definitions read, each source once."""
    return sorted({RULES[one.rule].source for one in defined if one.rule in RULES})


def reading(source: Source) -> list[Defined]:
    """Return the definitions whose rules read a source."""
    return [one for one in figures.definitions() if one.rule in RULES and RULES[one.rule].source is source]


def wanted(counted: Iterable[Defined], records: Mapping[UUID, Any]) -> Worths:
    """Return the contributions that the rules make of these records."""
    return {
        Key(defined.code, defined.version, subject, span.thing, span.since): _worth(span)
        for subject, record in records.items()
        for defined in counted
        if not isinstance(record, Reported) or record.code == defined.code
        for span in RULES[defined.rule].spans(record, defined.indicator.settings)
    }


def _recount(counted: Sequence[Defined], source: Source, subjects: Collection[UUID]) -> int:
    if not counted:
        return 0
    # the person's row first, as other rooms do: so nobody holds what another one waits for
    postings = plan_sources.lock_person(next(iter(subjects))) if source in PEOPLE and len(subjects) == 1 else None
    lock_rollups()
    now = wanted(counted, plan_sources.gather(source, subjects, postings))
    return store.replace(store.stored({one.code for one in counted}, subjects), now)


def _worth(span: Span) -> Worth:
    return Worth(
        until=span.until,
        country=span.country,
        agency_kind=span.agency_kind,
        role=span.role,
        numerator=span.numerator,
        denominator=span.denominator,
        person_id=span.person_id,
    )
