"""Jobs of coordination: reminders end when their rows are no longer late, or 14 days after their date."""

from app.catalogue.queries import courses as catalogue
from app.coordination.domain import reminders as rules
from app.coordination.queries import reminders as queries, resolution
from app.coordination.service import reminders as service
from app.db.session import db, transaction
from app.kernel import clock

PAGE = 200


def end_reminders() -> int:
    """Resolve reminders whose rows are no longer late, expire those without answer; return how many ended.

    Each page of reminders is one transaction; a repeated run ends only what is still open.
    """
    ended, after, plan = 0, None, catalogue.plan()
    now = clock.now()
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
