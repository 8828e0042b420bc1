"""Jobs of `schedule.py`: recalculate due definitions, note adjustments of locked quarters, check all figures."""

from app.db.session import db, transaction
from app.kernel import clock
from app.plan.service import consistency_checks, manual_figures, periods, recalculation, value_sheets


def count_due() -> int:
    """Count the definitions that are due, a page of subjects in each transaction; return how many records changed."""
    due, changed = recalculation.due(), 0
    for source, page in recalculation.portions(recalculation.read_by(due)):
        with transaction():
            changed += recalculation.recount(source, page)
    if due:
        with transaction():
            recalculation.mark_recalculated([definition.id for definition in due])
    return changed


def delete_expired() -> int:
    """Delete checked sheets of values that have expired."""
    with transaction():
        return value_sheets.delete_expired(clock.real_now())


def check_nightly() -> None:
    """Note the adjustments of locked quarters, run the invariant checker and record its result."""
    with transaction():
        periods.note_adjustments(clock.now())
    began = clock.now()
    faults = list(consistency_checks.faults())
    db.session.rollback()
    with transaction():
        manual_figures.record_check(
            faults, checked=len(consistency_checks.CHECKS), began_at=began, ended_at=clock.now()
        )
