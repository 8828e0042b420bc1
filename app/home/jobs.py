"""Mails of what waits: one a person and week, and one a day when a date is near."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.session import db, transaction
from app.home import domain
from app.home.queries import upcoming_dates
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.queries import progress as learning
from app.learning.queries import suggestions
from app.messages import queries as outbox
from app.messages.domain import MailKind
from app.messages.service import outbox as messages
from app.messages.service.outbox import NewMail

PAGE = 500


def send_week() -> int:
    """Put the week's mail into the outbox of everybody for whom it is due; return how many were new."""
    made, after = 0, None
    while ids := accounts.active_page(after, PAGE):
        now = clock.now()
        made += _post(_of_the_week(ids, now), MailKind.WEEK, now)
        after = ids[-1]
    db.session.rollback()
    return made


def send_near() -> int:
    """Put a mail into the outbox of everybody for whom a date is near that no mail has said; return how many were new.

    A page of people is a transaction: broken off, it goes on with those who have no mail of the day yet.
    """
    made, after, now = 0, None, clock.now()
    while ids := upcoming_dates.people_near(now, after, PAGE):
        made += _post(_of_the_day(ids, now), MailKind.WAITING, now)
        after = ids[-1]
    db.session.rollback()
    return made


def _post(letters: Sequence[NewMail], kind: MailKind, now: datetime) -> int:
    db.session.rollback()  # give the read snapshot back: what follows writes, or reads the next page
    if not letters:
        return 0
    with transaction():
        return messages.mail_each(letters, kind, now)


def _locals(people: Collection[UUID], now: datetime) -> Mapping[UUID, datetime]:
    """Return what time it is for those of these people who want reminders."""
    return {key: now.astimezone(ZoneInfo(zone)) for key, zone in accounts.reminder_time_zones(people).items()}


def _waiting(people: Collection[UUID]) -> Counter[UUID]:
    """Return how many courses each of these people has open, is asked again by, or was suggested."""
    today = clock.today()
    again = Counter(one.person_id for one in learning.asked_again(people, today))
    return Counter(learning.open_courses(people)) + suggestions.counts(people, today) + again


def _said_today(people: Mapping[UUID, datetime], now: datetime) -> Counter[UUID]:
    """Return how much of what waits the mail of near dates says on the same day, sent already or not."""
    said = upcoming_dates.said(people, now)
    near = upcoming_dates.near_suggestions(people, now)
    return Counter(
        {key: len(domain.near_of_the_day(near[key], people[key], said.get(key, {}))) for key in near if key in people}
    )


def _of_the_week(people: Collection[UUID], now: datetime) -> list[NewMail]:
    """Return the week's mails for those of these people who had none; who has it is asked for nothing else."""
    due = {key: local for key, local in _locals(people, now).items() if domain.digest_is_due(local)}
    occasions = {key: domain.digest_occasion(local) for key, local in due.items()}
    had = outbox.facts_of(occasions, set(occasions.values())) if due else {}
    due = {key: local for key, local in due.items() if occasions[key] not in had.get(key, {})}
    waiting = _waiting(due) - _said_today(due, now) if due else Counter[UUID]()
    return [NewMail(person_id, occasions[person_id], {"count": count}) for person_id, count in waiting.items()]


def _of_the_day(people: Collection[UUID], now: datetime) -> list[NewMail]:
    """Return the mails of near dates for those of these people who had none today; what they say stands as marks."""
    awake = _locals(people, now)
    said = upcoming_dates.said(awake, now) if awake else {}
    due = {key: local for key, local in awake.items() if domain.near_is_due(local, said.get(key, {}))}
    found = []
    for person_id, things in upcoming_dates.near(due, now).items() if due else ():
        local = due[person_id]
        if marks := domain.near_of_the_day(things, local, said.get(person_id, {})):
            facts = {"count": len(marks), "said": sorted(marks)}
            found.append(NewMail(person_id, domain.near_occasion(local.date()), facts))
    return found
