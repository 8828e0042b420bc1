"""Timed work: count what is due page by page, and look every night whether all figures are what they should be."""

from app.db.session import db, transaction
from app.kernel import clock
from app.plan import checks, recounting, service


def count_due() -> int:
    """Count the definitions that are due, a page of subjects in each transaction; return how many records changed."""
    due, changed = recounting.due(), 0
    for source, page in recounting.portions(recounting.read_by(due)):
        with transaction():
            changed += recounting.recount(source, page)
    if due:
        with transaction():
            recounting.settle([one.id for one in due])
    return changed


def check_nightly() -> None:
    """Run the invariant checker and keep what it found."""
    began = clock.now()
    found = list(checks.faults())
    db.session.rollback()
    with transaction():
        service.note_check(found, checked=len(checks.CHECKS), began_at=began, ended_at=clock.now())
