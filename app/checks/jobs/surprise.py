"""Jobs of watched checks: draw officers for surprise checks, end the draws of past quarters."""

from app.checks.service import surprise
from app.db.session import db, transaction
from app.kernel import clock


def draw_surprise_checks() -> int:
    """Draw officers for the surprise checks of this quarter; return the number of new draws.

    Picks of past quarters become missed, and seats without a check are taken back. Each competency is a transaction:
    a repeated or interrupted run draws only what is missing.
    """
    now = clock.now()
    with transaction():
        surprise.end_quarters(now)
        surprise.release_ended()
        surprise.excuse_departed(now)
    draws = surprise.prepare(now)
    db.session.rollback()  # end the read snapshot before writing
    count = 0
    for draw in draws:
        with transaction():
            count += surprise.store(draw, now)
    return count
