"""The week's mail: one a person and week, only when something waits."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from app.accounts import queries as accounts
from app.accounts.domain import MailRhythm
from app.accounts.queries import Addressee
from app.db.session import db, transaction
from app.home import domain
from app.kernel import clock
from app.learning import queries as learning
from app.messages import service as messages
from app.messages.domain import MailKind

PAGE = 500


def send_week() -> int:
    """Put the week's mail into the outbox of everybody for whom it is due; return how many were new."""
    made, after = 0, None
    while ids := accounts.active_page(after, PAGE):
        people = accounts.addressees(ids)
        for person_id, count in _waiting(ids).items():
            if person_id in people and people[person_id].mail_rhythm is MailRhythm.WEEKLY:
                made += _one(people[person_id], count)
        after = ids[-1]
        db.session.rollback()  # give the read snapshot back between pages
    return made


def _waiting(people: Collection[UUID]) -> Counter[UUID]:
    """Return how many courses each of these people has open, is asked again by, or was suggested."""
    again = Counter(one.person_id for one in learning.asked_again(people, clock.today()))
    return Counter(learning.open_courses(people)) + Counter(learning.open_suggestions(people)) + again


def _one(person: Addressee, count: int) -> int:
    now = clock.now()
    local = now.astimezone(ZoneInfo(person.time_zone))
    if not domain.digest_is_due(local):
        return 0
    with transaction():
        new = messages.mail(
            person.person_id,
            MailKind.WEEK,
            occasion=domain.digest_occasion(local),
            facts={"count": count},
            due_at=now,
            now=now,
        )
    return int(new)
