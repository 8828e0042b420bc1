"""Invitations that count as not in yet: open, or expired or returned in the last 90 days."""

from datetime import timedelta

import pytest
from flask import Flask

from app.access.policy import Role
from app.db.session import transaction
from app.invitations.domain.invitations import KEPT
from app.invitations.queries import counts
from app.invitations.queries.counts import NotInYet
from app.invitations.service import bulk, invitations as service
from tests.support import invitations
from tests.support.settings import NOW

DAY = timedelta(days=1)
ONE = [NotInYet("IQ", "first_responder", 1, 0)]


@pytest.fixture
def ends_in(context: Flask) -> timedelta:
    """Invite an officer, and return how long the invitation is open."""
    invitation = invitations.row(invitations.invited(invitations.contact_point(), NOW))
    return invitation.ends_at - NOW


def test_invitation_counts_from_its_day_until_90_days_after_its_end(ends_in: timedelta) -> None:
    last = (NOW + ends_in).date() + timedelta(days=89)
    assert counts.not_in_yet(NOW.date() - DAY) == []
    assert counts.not_in_yet(NOW.date()) == ONE
    assert counts.not_in_yet(last) == ONE
    assert counts.not_in_yet(last + 2 * DAY) == []


def test_closed_invitation_counts_as_long_as_an_expired_one(ends_in: timedelta) -> None:
    closed = NOW + ends_in + KEPT + DAY
    with transaction():
        assert bulk.end_unaccepted(closed) == 1
    assert counts.not_in_yet(closed.date()) == ONE
    assert counts.not_in_yet((NOW + ends_in).date() + timedelta(days=93)) == []


def test_withdrawn_invitation_counts_until_the_day_before(context: Flask) -> None:
    invitation_id = invitations.invited(invitations.contact_point(), NOW)
    with transaction():
        service.withdraw(invitation_id, NOW + 2 * DAY)
    assert counts.not_in_yet(NOW.date() + DAY) == ONE
    assert counts.not_in_yet(NOW.date() + 2 * DAY) == []


def test_returned_mail_is_counted_and_staff_is_not(context: Flask) -> None:
    contact_point = invitations.contact_point()
    invitation_id = invitations.invited(contact_point, NOW)
    with transaction():
        service.record_bounce(invitation_id, NOW)
    invitations.invited(contact_point, NOW, mail="other@example.org", role=Role.SUPERVISOR, posting_roles=())
    assert counts.not_in_yet(NOW.date()) == [NotInYet("IQ", "first_responder", 1, 1)]
