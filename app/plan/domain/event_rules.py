"""Rules on what follows an event: its evaluation, follow-up, commitments, and the seats that countries used.

OP3.4 `evaluation_mean`        all answers to one statement, of closed evaluations with five answers or more. Counts
                               for 365 days from the day of closing, without country: an answer has none.
OC1.4, OC2.5 `follow_up_reports`  officer x event asked: 1 if the officer reports the deed (OC1.4: once the supervisor
                               saw a change in practice), else 0; from the day of the answer, or as 0 from the day on
                               which the questions closed. Else officers without an occasion and
                               without an answer are left out. For 365 days, in the posting of the day of asking.
OP4.2 `commitments_done`       each commitment: 1 from the day on which it was done with a note, 0 from the day on
                               which it was dropped, or after six months; what is done later stays 0. For good.
OP3.3 `offered_seats_used`     each seat offered by a closed nominated event: 1 if the officer took part. A replaced
                               nominee is left out: the substitute has the same seat. Counts for 365 days.
OP2.3 `women_among_attended`   event by event: women who attended, of the women expected if their share were that
                               among all nominees of the event who told their sex. Counts for 365 days, without country.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from app.learning.domain.cycles import months_later
from app.plan.domain.contributions import ContributionPeriod, Settings, of_person
from app.plan.domain.event_records import (
    EventAnswers,
    EventCommitments,
    EventFollowUp,
    EventSeats,
    OfficerCommitment,
    OfficerFollowUp,
)
from app.plan.domain.spans import DAY
from app.workshops.domain.evaluation import EvaluationStatement
from app.workshops.domain.follow_up import CONFIRMS, DeedAnswer

YEAR = timedelta(days=364)  # from the first to the last of 365 days
HIDE_UNDER = 5  # answers, and people who told their sex
MONTHS = 6
EVERYONE = "sent"  # a report is counted of all officers asked


def evaluation_mean(event: EventAnswers, settings: Settings) -> list[ContributionPeriod]:
    """Count all answers of a closed evaluation to one statement together; fewer than five never count."""
    if event.closed is None or len(event.answers) < settings.get("hide_under", HIDE_UNDER):
        return []
    statement = EvaluationStatement(settings["question"])
    return [
        ContributionPeriod(
            thing="evaluation",
            since=event.closed,
            until=event.closed + YEAR,
            numerator=float(sum(answer.score(statement) for answer in event.answers)),
            denominator=float(len(event.answers)),
        )
    ]


def follow_up_reports(event: EventFollowUp, settings: Settings) -> list[ContributionPeriod]:
    """Count each officer asked after an event that practised one of the competencies, or after any event."""
    wanted = frozenset(settings.get("competencies", ()))
    if wanted and not wanted & event.competencies:
        return []
    return [
        of_person(
            officer.person_id,
            officer.served,
            thing=f"{thing}:{officer.id}",
            since=since,
            until=until,
            numerator=numerator,
            denominator=1.0,
        )
        for officer in event.officers
        for thing, numerator, since, until in _reports(officer, settings)
    ]


def _reports(officer: OfficerFollowUp, settings: Settings) -> Iterator[tuple[str, float, date, date]]:
    """Yield name, numerator, first and last day of the periods of one officer."""
    is_of_all = settings.get("out_of", EVERYONE) == EVERYONE
    if officer.answered is None or officer.answers is None:
        if officer.closed is not None and is_of_all:
            yield "follow_up", 0.0, officer.closed, officer.closed + YEAR
        return
    deed = DeedAnswer(getattr(officer.answers, settings["question"]))
    if is_of_all or deed is not DeedAnswer.NO_OCCASION:
        since = _counts_since(officer, deed, needs_supervisor=bool(settings.get("supervisor_confirms")))
        yield from _answered(officer.answered, since)


def _answered(answered: date, since: date | None) -> Iterator[tuple[str, float, date, date]]:
    """Yield the periods of an officer who answered and whose report counts since a day, or never."""
    last = answered + YEAR
    if since is None or since > last:
        yield "follow_up", 0.0, answered, last
        return
    if since > answered:
        yield "follow_up", 0.0, answered, since - DAY
    yield "follow_up", 1.0, since, last


def _counts_since(officer: OfficerFollowUp, deed: DeedAnswer, *, needs_supervisor: bool) -> date | None:
    if deed is not DeedAnswer.YES:
        return None
    return _confirmed(officer) if needs_supervisor else officer.answered


def _confirmed(officer: OfficerFollowUp) -> date | None:
    """Return the day on which both officer and supervisor had answered, None unless a change was seen."""
    if officer.answered is None or officer.supervised is None or officer.change_seen not in CONFIRMS:
        return None
    return max(officer.answered, officer.supervised)


def commitments_done(event: EventCommitments, settings: Settings) -> list[ContributionPeriod]:
    """Count each commitment from its end, or from six months on."""
    months = int(settings.get("after_months", MONTHS))
    return [_commitment(commitment, months_later(commitment.made_on, months)) for commitment in event.commitments]


def _commitment(commitment: OfficerCommitment, limit: date) -> ContributionPeriod:
    in_time = commitment.ended if commitment.ended is not None and commitment.ended <= limit else None
    return of_person(
        commitment.person_id,
        commitment.served,
        thing=f"commitment:{commitment.id}",
        since=in_time or limit,
        numerator=float(in_time is not None and commitment.is_done),
        denominator=1.0,
    )


def offered_seats_used(event: EventSeats, settings: Settings) -> list[ContributionPeriod]:
    """Count each offered seat of a closed event, and whether it was used."""
    if event.closed is None:
        return []
    return [
        of_person(
            seat.person_id,
            seat.served,
            thing=f"seat:{seat.nomination_id}",
            since=event.closed,
            until=event.closed + YEAR,
            numerator=float(seat.is_used),
            denominator=1.0,
        )
        for seat in event.seats
    ]


def women_among_attended(event: EventSeats, settings: Settings) -> list[ContributionPeriod]:
    """Count the women who attended, and the number expected from the share of women among nominees."""
    counts, fewest = event.counts, settings.get("hide_under", HIDE_UNDER)
    if event.closed is None or counts is None or min(counts.nominees, counts.attended) < fewest or not counts.women:
        return []
    return [
        ContributionPeriod(
            thing="women",
            since=event.closed,
            until=event.closed + YEAR,
            numerator=float(counts.attended_women),
            denominator=counts.attended * counts.women / counts.nominees,
        )
    ]
