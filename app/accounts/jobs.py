"""Timed work of accounts."""

from app.accounts import (
    abroad,
    access,
    addresses,
    aliases,
    enrolling,
    identities,
    letter_codes,
    proposal_answers,
    proposals,
    readmission,
    recovery,
    service,
)
from app.db.session import transaction
from app.kernel import clock


def forget_old() -> int:
    """Remove ended sessions, old failures of signing in, links that have ended, who never accepted an invitation."""
    now = clock.real_now()
    with transaction():
        rooms = (service, letter_codes, recovery, addresses, aliases, readmission, abroad)
        gone: int = sum(each.forget_old(now) for each in rooms) + proposals.delete_expired(clock.now())
    for person_id in aliases.after_role_ends(clock.now()):
        with transaction():
            gone += aliases.replace_reserved(person_id, clock.now())
    ended = identities.PORTION
    while ended == identities.PORTION:
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


def carry_out_proposals() -> int:
    """Assign the roles whose days of objection are over, and end proposals without an agreement; return how many."""
    now, done = clock.now(), 0
    while ids := proposal_answers.due(now):
        for proposal_id in ids:
            with transaction():
                proposal_answers.carry_out(proposal_id, clock.today(), now)
        done += len(ids)
    return done
