"""Job that deletes the choices of expired playthroughs; results remain."""

from uuid import UUID

from app.catalogue.queries import courses as catalogue
from app.db.session import db, transaction
from app.kernel import clock
from app.scenarios import queries, service

PORTION = 100  # playthroughs in one transaction


def reduce_old() -> int:
    """Delete the choices of expired playthroughs, a portion in each transaction; return how many were changed.

    Playthroughs that were never finished start again.
    """
    reduced = 0
    for days in catalogue.expired_days(clock.today()):
        for those in (queries.expired_playthroughs, queries.left_open):
            after = UUID(int=0)
            while playthrough_ids := those(days, after=after, limit=PORTION):
                with transaction():
                    reduced += service.reduce(playthrough_ids, days.ends, clock.now())
                after = playthrough_ids[-1]
    db.session.rollback()  # give the read snapshot back
    return reduced
