"""Recalculate assignments and their rollups: of people after a deed, of a course in portions, or all of them.

No function changes a past day, except `rebuild`. Changes wait for the end of the transaction and lock the rollups then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from app.catalogue.queries import publications, versions
from app.db.locks import lock_rollups
from app.db.session import Buffer, db
from app.db.upsert import upsert
from app.identity.queries import postings
from app.identity.service import PORTION, portions
from app.learning.domain.assignments import periods, splice
from app.learning.domain.completion import DAY, Spell
from app.learning.models.completion import CompletionRecalculation, CourseSeat, Requirement
from app.learning.queries import assignments, stored_assignments
from app.learning.queries.assignments import changes_assignments
from app.learning.queries.stored_assignments import Stored
from app.learning.service.store import completion as store

SMALL = 1_000  # people with a posting: with more, a job recalculates a course
FEW = 100  # the same after a publication, which must not hold up other writers


@dataclass(frozen=True, slots=True)
class Change:
    """What a deed changes: a person (None: all people) in a course (None: in all courses), from a day on.

    `is_step`: only a lesson, case or test was done, so that the flag "stalled" moves.
    """

    person_id: UUID | None
    course_id: UUID | None
    day: date
    is_step: bool = False


def queue_person(person_id: UUID, day: date, course_id: UUID | None = None) -> None:
    """Recalculate a person in a course, or in all courses, at the end of the transaction."""
    _CHANGES.add(Change(person_id, course_id, day))


def queue_step(person_id: UUID, course_id: UUID, day: date) -> None:
    """Record a lesson, case or test at the end of the transaction."""
    _CHANGES.add(Change(person_id, course_id, day, is_step=True))


def queue_course(course_id: UUID, now: datetime, *, most: int | None = None) -> None:
    """Recalculate a course at the end of the transaction on a small site; on a large one a job does it in portions.

    `most`: with more people the site is a large one; without it, `SMALL`.
    """
    most = SMALL if most is None else most
    if len(postings.posting_page(None, most + 1)) <= most:
        _CHANGES.add(Change(None, course_id, now.date()))
    else:
        _ask_for(course_id, now)


def recalculate(people: Collection[UUID], courses: Collection[UUID] | None, day: date) -> int:
    """Recalculate these people from a day on; return how many periods changed."""
    return _recalculate(people, courses, day)


def rebuild(people: Collection[UUID], today: date) -> int:
    """Recalculate all days of these people from the records, past days too; return how many periods changed."""
    return _recalculate(people, None, date.min, today=today)


def record_step(person_id: UUID, course_id: UUID, day: date) -> None:
    """Record a lesson, case or test of a person on a day; it costs one query, and a write of the moved flags."""
    current = _stored_from(person_id, course_id, day)
    if not current or not _moves(current[0][1], day):
        return
    cycle = current[0][1].cycle
    fresh = [_with_step(spell, day) if spell.cycle == cycle else spell for _, spell in current]
    before = [spell for _, spell in current]
    store.replace({(person_id, course_id): current}, {(person_id, course_id): splice(before, fresh, day)})


def _stored_from(person_id: UUID, course_id: UUID, day: date) -> Stored:
    """Return the stored periods of a person in a course that end on this day or later."""
    stored = stored_assignments.stored([person_id], [course_id]).get((person_id, course_id), [])
    return [(number, spell) for number, spell in stored if (spell.until or day) >= day]


def _moves(spell: Spell, day: date) -> bool:
    """Return whether a step on this day changes a period: the first one of a day in an open course does."""
    return spell.completed_on is None and spell.last_step_on != day


def queue_publication(course_id: UUID, now: datetime) -> None:
    """Recalculate what the newest version of a course changes; most versions change no assignment."""
    for concerned in _concerned_by(course_id):
        queue_course(concerned, now, most=FEW)


def _concerned_by(course_id: UUID) -> list[UUID]:
    """Return the courses whose assignments the newest version of a course changes.

    These are the course itself, and after its first version the required courses that need it before.
    """
    versions_of_course = publications.publications([course_id]).get(course_id, [])
    if len(versions_of_course) > 1:
        *earlier, newest = versions_of_course
        return [course_id] if changes_assignments(earlier, newest) else []
    code = versions.course_records([course_id])[0].code
    required = set(db.session.scalars(select(Requirement.course_id).distinct())) - {course_id}
    published = publications.publications(required)
    return [course_id, *(other for other, past in published.items() if code in past[-1].prerequisites)]


def due() -> list[UUID]:
    """Return the courses that the job recalculates, the first asked first."""
    order = (CompletionRecalculation.asked_at, CompletionRecalculation.course_id)
    return list(db.session.scalars(select(CompletionRecalculation.course_id).order_by(*order)))


def recalculate_portion(course_id: UUID, day: date) -> bool:
    """Recalculate the next people of a course and save the progress; return False after the last ones."""
    query = select(CompletionRecalculation).where(CompletionRecalculation.course_id == course_id).with_for_update()
    row = db.session.scalars(query).one_or_none()
    if row is None:
        return False
    page = postings.posting_page(row.reached, PORTION)
    if not page:
        db.session.delete(row)
        return False
    recalculate(page, [course_id], day)
    row.reached, row.done = page[-1], row.done + len(page)
    return True


def rebuild_rollups() -> None:
    """Delete the rollups and sum them from all assignments, a page at a time."""
    lock_rollups()
    store.rebuild_rollups()


def set_event_seat(
    person_id: UUID, course_ids: Collection[UUID], *, workshop_id: UUID, due_on: date, now: datetime
) -> None:
    """Assign the courses that an event needs to a person with a seat, due on a day; other courses are removed."""
    today = now.date()
    taken = _seats(person_id, workshop_id)
    unchanged = {seat.course_id for seat in taken if seat.course_id in course_ids and seat.due_on == due_on}
    ended = [seat for seat in taken if seat.course_id not in unchanged]
    _end_seats(ended, today)
    added = sorted(set(course_ids) - unchanged)
    for course_id in added:
        db.session.add(
            CourseSeat(person_id=person_id, course_id=course_id, workshop_id=workshop_id, due_on=due_on, since=today)
        )
    for course_id in sorted({*added, *(seat.course_id for seat in ended)}):
        queue_person(person_id, today, course_id)


def remove_event_seat(person_id: UUID, workshop_id: UUID, now: datetime) -> None:
    """End what an event assigned to a person whose seat was withdrawn; past days do not change."""
    seats = _seats(person_id, workshop_id)
    _end_seats(seats, now.date())
    for seat in seats:
        queue_person(person_id, now.date(), seat.course_id)


def delete_seats(person_id: UUID) -> None:
    """Delete the seats of a person whose identity was deleted; the periods they led to remain."""
    db.session.execute(delete(CourseSeat).where(CourseSeat.person_id == person_id))


def _apply(changes: list[Change]) -> None:
    """Apply the changes of a transaction: whole courses, then people, then steps that nothing else covers."""
    lock_rollups()
    steps = dict.fromkeys(change for change in changes if change.is_step)
    _recalculate_courses(change for change in changes if change.person_id is None)
    covered = _recalculate_people(change for change in changes if change not in steps)
    _record_steps(steps, covered)


def _record_steps(steps: Iterable[Change], covered: Collection[tuple[UUID, UUID | None]]) -> None:
    for change in steps:
        if change.person_id and change.course_id and (change.person_id, change.course_id) not in covered:
            record_step(change.person_id, change.course_id, change.day)


def _recalculate_courses(changes: Iterable[Change]) -> None:
    for course_id, day in dict.fromkeys((change.course_id, change.day) for change in changes):
        for page in pages():
            recalculate(page, _only(course_id), day)


def _recalculate_people(changes: Iterable[Change]) -> set[tuple[UUID, UUID | None]]:
    """Recalculate the people of these changes, and return them with their courses."""
    people: dict[tuple[date, UUID | None], set[UUID]] = defaultdict(set)
    for change in changes:
        if change.person_id:
            people[change.day, change.course_id].add(change.person_id)
    for (day, course_id), ids in people.items():
        for portion in portions(sorted(ids)):
            recalculate(portion, _only(course_id), day)
    return {(person_id, course_id) for (_, course_id), ids in people.items() for person_id in ids}


def _only(course_id: UUID | None) -> list[UUID] | None:
    return None if course_id is None else [course_id]


# flushed at the end, after the locks that other handlers take on people
_CHANGES = Buffer[Change](_apply, early=True)


def _recalculate(
    people: Collection[UUID], courses: Collection[UUID] | None, since: date, *, today: date | None = None
) -> int:
    db.session.flush()
    lock_rollups()
    before = stored_assignments.stored(people, courses)
    records = assignments.records(people, courses, before, today or since)
    now = {
        key: splice([spell for _, spell in before.get(key, ())], periods(record), since)
        for key, record in records.items()
    }
    return store.replace(before, now)


def _with_step(spell: Spell, day: date) -> Spell:
    return replace(spell, since=max(spell.since, day), begun_on=spell.begun_on or day, last_step_on=day)


def _seats(person_id: UUID, workshop_id: UUID) -> list[CourseSeat]:
    query = select(CourseSeat).where(CourseSeat.person_id == person_id, CourseSeat.workshop_id == workshop_id)
    return list(db.session.scalars(query.where(CourseSeat.until.is_(None)).with_for_update()))


def _end_seats(seats: Collection[CourseSeat], today: date) -> None:
    for seat in seats:
        seat.until = today - DAY
    db.session.flush()  # an ended seat leaves the unique index before another row uses it


def pages() -> Iterator[list[UUID]]:
    """Yield all people who have or had a posting, in portions."""
    after = None
    while page := postings.posting_page(after, PORTION):
        yield page
        after = page[-1]


def _ask_for(course_id: UUID, now: datetime) -> None:
    total = db.session.scalar(select(func.count()).select_from(postings.serving(now.date()))) or 0
    started = {"asked_at": now, "reached": None, "done": 0, "total": total}
    statement = upsert(CompletionRecalculation, [CompletionRecalculation.course_id], started)
    db.session.execute(statement.values(course_id=course_id, **started))
