"""Jobs that queue reminder mails: one for each person and week, and one for each day when a date is near."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.coordination.queries import reminders
from app.db.session import db, transaction
from app.home import domain
from app.home.domain import Dated, DatedKind
from app.home.queries import upcoming_dates
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.queries import progress as learning, suggestions
from app.messages import queries as outbox
from app.messages.domain import MailKind
from app.messages.service import outbox as messages
from app.messages.service.outbox import NewMail

PAGE = 500
MAIL_KINDS: Mapping[DatedKind, MailKind] = {
    DatedKind.OWN: MailKind.WAITING,
    DatedKind.ANSWER: MailKind.ANSWER_ASKED,
    DatedKind.DATE: MailKind.DATE_ASKED,
    DatedKind.ANSWER_CAME: MailKind.ANSWER_CAME,
}


def send_week() -> int:
    """Queue the weekly mail for everyone for whom it is due; return the number of new mails."""
    queued, after = 0, None
    while ids := accounts.active_page(after, PAGE):
        now = clock.now()
        queued += _post({MailKind.WEEK: _of_the_week(ids, now)}, now)
        after = ids[-1]
    db.session.rollback()
    return queued


def send_near() -> int:
    """Queue a mail for everyone with a near date that no mail contained yet; return the number of new mails.

    Each page of people is one transaction. After an interruption the job continues with people without today's mail.
    """
    queued, after, now = 0, None, clock.now()
    while ids := upcoming_dates.people_near(now, after, PAGE):
        queued += _post(_of_the_day(ids, now), now)
        after = ids[-1]
    db.session.rollback()
    return queued


def _post(mails: Mapping[MailKind, Sequence[NewMail]], now: datetime) -> int:
    db.session.rollback()  # end the read snapshot before writing or reading the next page
    if not any(mails.values()):
        return 0
    with transaction():
        return sum(messages.mail_each(letters, kind, now) for kind, letters in mails.items() if letters)


def _local_times(people: Collection[UUID], now: datetime) -> Mapping[UUID, datetime]:
    """Return the local time of those of these people who want reminders."""
    return {key: now.astimezone(ZoneInfo(zone)) for key, zone in accounts.reminder_time_zones(people).items()}


def _open_counts(people: Collection[UUID]) -> Counter[UUID]:
    """Return per person the number of open courses, suggestions, courses with delayed questions, and reminders."""
    today = clock.today()
    delayed = Counter(line.person_id for line in learning.asked_again(people, today))
    asked = Counter(reminders.open_counts(people, today))
    return Counter(learning.open_courses(people)) + suggestions.counts(people, today) + delayed + asked


def _mailed_today(people: Mapping[UUID, datetime], now: datetime) -> Counter[UUID]:
    """Return per person the number of suggestions and reminders in today's mail of near dates, sent already or not."""
    mailed = upcoming_dates.mailed(people, now)
    near = dict(upcoming_dates.near_suggestions(people, now))
    for person_id, dates in upcoming_dates.near_reminders(people, now).items():
        asked = [dated for dated in dates if dated.kind is not DatedKind.ANSWER_CAME]
        near[person_id] = [*near.get(person_id, ()), *asked]
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


def _of_the_day(people: Collection[UUID], now: datetime) -> Mapping[MailKind, Sequence[NewMail]]:
    """Return the mails of near dates that are due, by kind. A mail stores the fingerprints of its dates."""
    awake = _local_times(people, now)
    mailed = upcoming_dates.mailed(awake, now) if awake else {}
    due = {key: local for key, local in awake.items() if domain.near_is_due(local, mailed.get(key, {}))}
    mails: dict[MailKind, list[NewMail]] = defaultdict(list)
    for person_id, dates in upcoming_dates.near(due, now).items() if due else ():
        leaving = domain.leaving(dates, due[person_id])
        if fingerprints := domain.near_of_the_day(leaving, due[person_id], mailed.get(person_id, {})):
            new = [dated for dated in leaving if dated.fingerprint in fingerprints]
            mails[MAIL_KINDS[domain.only_kind(new)]].append(_mail_of_the_day(person_id, new, due[person_id]))
    return mails


def _mail_of_the_day(person_id: UUID, dates: Sequence[Dated], local: datetime) -> NewMail:
    fingerprints = {dated.fingerprint for dated in dates}
    facts = {"count": len(fingerprints), "said": sorted(fingerprints)}
    if domain.only_kind(dates) is not DatedKind.OWN:
        facts["by"] = domain.first_day(dates).isoformat()
    return NewMail(person_id, domain.near_occasion(local.date()), facts)
