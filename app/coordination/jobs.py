"""Jobs of coordination: end reminders that are resolved or over; notify officers of courses with a near date."""

from flask_babel import force_locale

from app.catalogue.queries import courses as catalogue
from app.coordination.domain import due_notices as due_rules, reminders as rules
from app.coordination.queries import reminders as queries, resolution
from app.coordination.service import due_notices, reminders as service
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.queries import due_courses

PAGE = 200


def notify_due() -> int:
    """Notify officers 7 days before a course is due and 1 day after, once each; return the number of new notices.

    Each page of officers is one transaction. A repeated or interrupted run sends only what is missing, and a run
    after a break catches up within 7 days.
    """
    now, count, after = clock.now(), 0, None
    days = due_rules.days_of_notices(now.date())
    while people := due_courses.people_due(days, now.date(), after, PAGE):
        due = due_courses.due(people, days, now.date())
        db.session.rollback()  # end the read snapshot before writing
        with transaction():
            count += due_notices.notify_each(due, now)
        after = people[-1]
    db.session.rollback()
    return count


def end_reminders() -> int:
    """Resolve reminders whose rows are no longer late, expire those without answer; return how many ended.

    Each page of reminders is one transaction; a repeated run ends only what is still open.
    """
    ended, after, plan = 0, None, catalogue.plan()
    now = clock.now()
    with force_locale("en"):  # names of countries are sorted: a job has no language of its own
        rows = resolution.late_rows(plan, now) if plan is not None else frozenset()
    while lines := queries.live_page(after, PAGE):
        late_now = resolution.late_now(lines, rows, now)
        resolved = {line.id for line in lines if not resolution.is_late(line, late_now)}
        expired = {
            line.id
            for line in lines
            if line.id not in resolved and rules.has_expired(line.state, line.wanted_by, now.date())
        }
        db.session.rollback()  # end the read snapshot before writing
        with transaction():
            ended += service.end_some(resolved, expired, now)
        after = lines[-1].id
    db.session.rollback()
    return ended
