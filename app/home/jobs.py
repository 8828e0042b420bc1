"""Jobs that queue reminder mails: one for each person and week, and one for each day when a date is near."""

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
from app.learning.queries import progress as learning, suggestions
from app.messages import queries as outbox
from app.messages.domain import MailKind
from app.messages.service import outbox as messages
from app.messages.service.outbox import NewMail

PAGE = 500


def send_week() -> int:
    """Queue the weekly mail for everyone for whom it is due; return the number of new mails."""
    queued, after = 0, None
    while ids := accounts.active_page(after, PAGE):
        now = clock.now()
        queued += _post(_of_the_week(ids, now), MailKind.WEEK, now)
        after = ids[-1]
    db.session.rollback()
    return queued


def send_near() -> int:
    """Queue a mail for everyone with a near date that no mail contained yet; return the number of new mails.

    Each page of people is one transaction. After an interruption the job continues with people without today's mail.
    """
    queued, after, now = 0, None, clock.now()
    while ids := upcoming_dates.people_near(now, after, PAGE):
        queued += _post(_of_the_day(ids, now), MailKind.WAITING, now)
        after = ids[-1]
    db.session.rollback()
    return queued


def _post(mails: Sequence[NewMail], kind: MailKind, now: datetime) -> int:
    db.session.rollback()  # end the read snapshot before writing or reading the next page
    if not mails:
        return 0
    with transaction():
        return messages.mail_each(mails, kind, now)


def _local_times(people: Collection[UUID], now: datetime) -> Mapping[UUID, datetime]:
    """Return the local time of those of these people who want reminders."""
    return {key: now.astimezone(ZoneInfo(zone)) for key, zone in accounts.reminder_time_zones(people).items()}


def _open_counts(people: Collection[UUID]) -> Counter[UUID]:
    """Return per person the number of open courses, suggestions, and courses with delayed questions."""
    today = clock.today()
    delayed = Counter(line.person_id for line in learning.asked_again(people, today))
    return Counter(learning.open_courses(people)) + suggestions.counts(people, today) + delayed


def _mailed_today(people: Mapping[UUID, datetime], now: datetime) -> Counter[UUID]:
    """Return per person the number of suggestions in today's mail of near dates, sent already or not."""
    mailed = upcoming_dates.mailed(people, now)
    near = upcoming_dates.near_suggestions(people, now)
    return Counter(
        {key: len(domain.near_of_the_day(near[key], people[key], mailed.get(key, {}))) for key in near if key in people}
    )


def _of_the_week(people: Collection[UUID], now: datetime) -> list[NewMail]:
    """Return the weekly mails that are due. People who have this week's mail are left out early, to save queries."""
    due = {key: local for key, local in _local_times(people, now).items() if domain.digest_is_due(local)}
    occasions = {key: domain.digest_occasion(local) for key, local in due.items()}
    sent = outbox.facts_of(occasions, set(occasions.values())) if due else {}
    due = {key: local for key, local in due.items() if occasions[key] not in sent.get(key, {})}
    counts = _open_counts(due) - _mailed_today(due, now) if due else Counter[UUID]()
    return [NewMail(person_id, occasions[person_id], {"count": count}) for person_id, count in counts.items()]


def _of_the_day(people: Collection[UUID], now: datetime) -> list[NewMail]:
    """Return the mails of near dates that are due. A mail stores the fingerprints of its dates."""
    awake = _local_times(people, now)
    mailed = upcoming_dates.mailed(awake, now) if awake else {}
    due = {key: local for key, local in awake.items() if domain.near_is_due(local, mailed.get(key, {}))}
    mails = []
    for person_id, dates in upcoming_dates.near(due, now).items() if due else ():
        local = due[person_id]
        if fingerprints := domain.near_of_the_day(dates, local, mailed.get(person_id, {})):
            facts = {"count": len(fingerprints), "said": sorted(fingerprints)}
            mails.append(NewMail(person_id, domain.near_occasion(local.date()), facts))
    return mails
