"""Timed work of accounts."""

from app.accounts import abroad, access, addresses, aliases, enrolling, invitations, readmission, recovery, service
from app.db.session import transaction
from app.kernel import clock


def forget_old() -> int:
    """Remove ended sessions, old failures of signing in, links that have ended, who never accepted an invitation."""
    now = clock.real_now()
    with transaction():
        rooms = (service, invitations, recovery, addresses, aliases, readmission, abroad)
        gone: int = sum(each.forget_old(now) for each in rooms)
    ended = enrolling.PORTION
    while ended == enrolling.PORTION:
        with transaction():
            ended = enrolling.end_unaccepted(now)
        gone += ended
    return gone


def answer_asked() -> int:
    """Make the links that were asked for and let them be mailed; return how many asked."""
    now = clock.real_now()
    asked, changes = access.unanswered(now), access.unlooked(now)
    for asked_id in asked:
        with transaction():
            recovery.answer(asked_id, now)
    for change_id in changes:
        with transaction():
            addresses.begin(change_id, now)
    return len(asked) + len(changes)
