"""Scheduled jobs: delete expired rows and identities, send requested links, assign due roles, close accounts."""

from app.db.session import db, transaction
from app.directory.service import erasure, postings
from app.identity import service as identity_service
from app.identity.queries import retention
from app.invitations.service import aliases, bulk, letter_codes, lookup_limit, proposal_answers
from app.kernel import clock
from app.recovery import queries
from app.recovery.service import address_change, password_reset, restore_access
from app.rights.service import proposals
from app.sign_in.service import sessions


def delete_expired_rows() -> int:
    """Delete expired sessions, attempts, links and invitations, replace reserved aliases; return the number of rows."""
    now = clock.real_now()
    with transaction():
        gone = (
            sessions.delete_expired(now)
            + letter_codes.delete_expired(now)
            + password_reset.delete_expired(now)
            + address_change.delete_expired(now)
            + aliases.delete_expired(now)
            + restore_access.delete_expired(now)
            + lookup_limit.delete_expired(now)
            + proposals.delete_expired(clock.now())
        )
    for person_id in aliases.after_role_ends(clock.now()):
        with transaction():
            gone += aliases.replace_reserved(person_id, clock.now())
    ended: int = identity_service.PORTION
    while ended == identity_service.PORTION:
        with transaction():
            ended = bulk.end_unaccepted(now)
        gone += ended
    return gone


def answer_asked() -> int:
    """Create the requested links and queue their mails; return the number of requests."""
    now = clock.real_now()
    asked, changes = queries.unanswered_requests(now), queries.unchecked_changes(now)
    for asked_id in asked:
        with transaction():
            password_reset.answer(asked_id, now)
    for change_id in changes:
        with transaction():
            address_change.begin(change_id, now)
    return len(asked) + len(changes)


def carry_out_proposals() -> int:
    """Assign roles after their objection period, and end proposals without an agreement; return how many."""
    now, done = clock.now(), 0
    while ids := proposals.due(now):
        for proposal_id in ids:
            with transaction():
                proposal_answers.carry_out(proposal_id, clock.today(), now)
        done += len(ids)
    return done


def close_departed_accounts() -> int:
    """Close the accounts of people whose last day of service is over; return their number."""
    today = clock.today()
    departed = retention.departed_with_open_account(today)
    db.session.rollback()
    done = 0
    for person_id in departed:
        with transaction():
            done += postings.close_departed_account(person_id, today=today)
    return done


def delete_identities() -> int:
    """Delete the identities whose retention period, set by the country, is over; return their number."""
    today = clock.today()
    expired = retention.expired_identities(today)
    db.session.rollback()
    done = 0
    for person_id in expired:
        with transaction():
            done += erasure.delete_identity(person_id, why=erasure.RETENTION, today=today)
    return done
