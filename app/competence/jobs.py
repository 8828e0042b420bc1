"""Jobs of `schedule.py`: capacity rollups, reassessment after a changed framework, reminders to officers."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain import reminders
from app.competence.queries import consistency_checks, officers
from app.competence.service import evidence_records, reassessment, rollups
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.identity.queries.postings import roles_on
from app.kernel import clock
from app.learning.queries import progress as learning
from app.learning.service import lesson_progress as learning_service
from app.messages.domain import NoticeKind

PAGE = 500  # people in one reading


def sum_up() -> int:
    """Write the capacity rollups of today and of missed days; return the number of rows."""
    days = rollups.waiting(clock.today())
    return sum(_sum_up(day) for day in days)


def carry_out() -> int:
    """Reassess all people by the rules of a changed framework, and return their number.

    Each person is a transaction: requests wait for one person only, and an interrupted run continues from there.
    """
    progress, count = reassessment.progress(catalogue.competencies() or Competencies()), 0
    if progress is None:
        return 0
    for ids in consistency_checks.pages(progress.after):
        for person_id in ids:
            with transaction():
                evidence_records.rebuild(person_id, clock.now())
                reassessment.record_progress(progress.wanted, person_id)
        count += len(ids)
    with transaction():
        reassessment.finish(progress.wanted)
    return count


def remind() -> int:
    """Notify officers of competencies that end, and of tests to repeat after some months; return the number."""
    return _remind_of_ends() + _tell_asked_again()


def _remind_of_ends() -> int:
    """Notify officers four weeks before a competency that they need ends, and again a week and two later."""
    framework, now = catalogue.competencies(), clock.now()
    if framework is None:
        return 0
    return sum(
        _tell(person_id, competency, until, now)
        for competency, level in [(listed.id, level) for listed in framework.competencies for level in listed.levels]
        for person_id, until in _needing(framework, competency, level, now.date())
    )


def _tell_asked_again() -> int:
    """Notify each person once for each version they passed, a page of people in a transaction."""
    count, after, now = 0, None, clock.now()
    while ids := accounts.active_page(after, PAGE):
        asked = learning.asked_again(ids, now.date())
        db.session.rollback()  # give the read snapshot back: what follows writes
        with transaction():
            count += learning_service.tell_asked_again(asked, now)
        after = ids[-1]
    return count


def _sum_up(day: date) -> int:
    sums = rollups.sums(day)
    db.session.rollback()  # give the read snapshot back before the lock is taken
    with transaction():
        return rollups.store(day, sums)


def _needing(framework: Competencies, competency: str, level: Level, today: date) -> Iterator[tuple[UUID, date]]:
    """Yield officers who need a competency at exactly this level, and its last day, if that is in four weeks."""
    after = None
    while ending := officers.ending(competency, level, first=today, last=reminders.last_day(today), after=after):
        asked = officers.needs(framework, roles_on([person_id for person_id, _until in ending], today))
        db.session.rollback()  # give the read snapshot back: what follows writes
        yield from ((key, until) for key, until in ending if asked.get(key, {}).get(competency) is level)
        after = ending[-1][0]


def _tell(person_id: UUID, competency: str, until: date, now: datetime) -> int:
    turn = reminders.reminder_number(until, now.date())
    if turn is None:
        return 0
    occasion = f"due:{competency}:{until}:{turn}"
    with transaction():
        return evidence_records.notify_holder((person_id, competency), NoticeKind.COMPETENCE_DUE, occasion, now)
