"""Rules on what follows an event, each against a calculation by hand."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from app.plan.domain.contributions import ContributionPeriod
from app.plan.domain.event_records import (
    EventAnswers,
    EventCommitments,
    EventFollowUp,
    EventSeats,
    NomineeCounts,
    OfferedSeat,
    OfficerCommitment,
    OfficerFollowUp,
)
from app.plan.domain.event_rules import (
    commitments_done,
    evaluation_mean,
    follow_up_reports,
    offered_seats_used,
    women_among_attended,
)
from app.plan.domain.spans import FOREVER, PostingInterval
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.domain.follow_up import ChangeSeen, DeedAnswer, FollowUpAnswers, Occasion

DAY = date(2027, 3, 1)
SERVED = PostingInterval("BG", "police", ("investigator",), date(2026, 1, 1), FOREVER)
CAPTURE = {"question": "capture", "supervisor_confirms": True, "out_of": "sent", "competencies": ["ONL-07"]}
REFERRAL = {"question": "referral", "out_of": "met_a_possible_victim"}
YES, NO, NONE = DeedAnswer.YES, DeedAnswer.NO, DeedAnswer.NO_OCCASION


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def value_on(periods: list[ContributionPeriod], day: date) -> tuple[float, float]:
    """Return numerator and denominator of a day."""
    counted = [period for period in periods if period.since <= day and (period.until is None or day <= period.until)]
    return sum(period.numerator for period in counted), sum(period.denominator for period in counted)


def answers(*uses: int) -> tuple[EvaluationAnswers, ...]:
    return tuple(EvaluationAnswers((5, use, *[5] * 8), ("", "", "")) for use in uses)


def test_evaluation_counts_one_statement_from_the_day_of_closing_for_a_year() -> None:
    settings = {"question": "use_in_three_months", "hide_under": 5}
    periods = evaluation_mean(EventAnswers(DAY, answers(1, 2, 4, 5, 5)), settings)
    assert value_on(periods, later(-1)) == (0, 0)
    assert value_on(periods, DAY) == value_on(periods, later(364)) == (17, 5)
    assert value_on(periods, later(365)) == (0, 0)
    assert [(period.person_id, period.country) for period in periods] == [(None, "")]


@pytest.mark.parametrize(("closed", "given"), [(None, (1, 2, 4, 5, 5)), (DAY, (1, 2, 4, 5))])
def test_evaluation_open_or_with_four_answers_is_not_counted(closed: date | None, given: tuple[int, ...]) -> None:
    assert evaluation_mean(EventAnswers(closed, answers(*given)), {"question": "use_in_three_months"}) == []


def officer(
    *,
    capture: DeedAnswer = NONE,
    referral: DeedAnswer = NONE,
    answered: int | None = 3,
    seen: ChangeSeen | None = None,
    supervised: int | None = None,
) -> OfficerFollowUp:
    """Return the follow-up of an officer, closed after 21 days without an answer."""
    follow_up = FollowUpAnswers(
        occasion=Occasion.SOMETIMES, referral=referral, capture=capture, request=NONE, contacted=False
    )
    return OfficerFollowUp(
        id=uuid4(),
        person_id=uuid4(),
        served=SERVED,
        answered=None if answered is None else later(answered),
        closed=later(21) if answered is None else None,
        answers=None if answered is None else follow_up,
        change_seen=seen,
        supervised=None if supervised is None else later(supervised),
    )


def follow_up(*officers: OfficerFollowUp) -> EventFollowUp:
    return EventFollowUp(frozenset({"ONL-07", "LRE-03"}), officers)


def test_capture_counts_once_a_supervisor_saw_a_change_and_silence_counts_as_none() -> None:
    event = follow_up(
        officer(capture=YES, answered=3, seen=ChangeSeen.PARTLY, supervised=10),
        officer(capture=YES, answered=4, seen=ChangeSeen.YES, supervised=1),
        officer(capture=YES, answered=5, seen=ChangeSeen.NO, supervised=6),
        officer(capture=YES, answered=6),
        officer(capture=NO, answered=7),
        officer(capture=NONE, answered=8),
        officer(answered=None),
    )
    periods = follow_up_reports(event, CAPTURE)
    by_day = {number: value_on(periods, later(number)) for number in (2, 3, 4, 8, 9, 10, 20, 21)}
    assert by_day == {2: (0, 0), 3: (0, 1), 4: (1, 2), 8: (1, 6), 9: (1, 6), 10: (2, 6), 20: (2, 6), 21: (2, 7)}
    assert {(period.country, period.role) for period in periods} == {("BG", "investigator")}


def test_capture_is_not_asked_of_events_on_other_competencies() -> None:
    event = EventFollowUp(frozenset({"VIC-01"}), (officer(capture=YES, seen=ChangeSeen.YES, supervised=4),))
    assert follow_up_reports(event, CAPTURE) == []


def test_referral_counts_officers_with_an_occasion_alone() -> None:
    event = follow_up(
        officer(referral=YES),
        officer(referral=NO),
        officer(referral=NO),
        officer(referral=NONE),
        officer(answered=None),
    )
    periods = follow_up_reports(event, REFERRAL)
    assert value_on(periods, later(30)) == (1, 3)
    assert value_on(periods, later(3 + 364)) == (1, 3)
    assert value_on(periods, later(3 + 365)) == (0, 0)


def commitment(ended: int | None, *, is_done: bool = False) -> OfficerCommitment:
    return OfficerCommitment(
        id=uuid4(),
        person_id=uuid4(),
        served=SERVED,
        made_on=DAY,
        ended=None if ended is None else later(ended),
        is_done=is_done,
    )


def test_commitments_count_from_their_end_or_after_six_months() -> None:
    limit = (date(2027, 9, 1) - DAY).days
    event = EventCommitments(
        (
            commitment(30, is_done=True),
            commitment(limit, is_done=True),
            commitment(limit + 1, is_done=True),  # too late
            commitment(60),  # dropped
            commitment(None),
        )
    )
    periods = commitments_done(event, {"after_months": 6})
    values = [value_on(periods, later(number)) for number in (29, 30, 60, limit - 1, limit, limit + 900)]
    assert values == [(0, 0), (1, 1), (1, 2), (1, 2), (2, 5), (2, 5)]


def seats(*used: bool, closed: date | None = DAY, counts: NomineeCounts | None = None) -> EventSeats:
    offered = (OfferedSeat(nomination_id=uuid4(), person_id=uuid4(), served=SERVED, is_used=value) for value in used)
    return EventSeats(closed, tuple(offered), counts)


def test_offered_seats_count_for_a_year_from_the_day_of_closing() -> None:
    periods = offered_seats_used(seats(True, True, False, True), {})
    assert [value_on(periods, day) for day in (later(-1), DAY, later(364), later(365))] == [
        (0, 0), (3, 4), (3, 4), (0, 0),
    ]  # fmt: skip
    assert offered_seats_used(seats(True, closed=None), {}) == []


def counts(told: int, women: int, attended: int, attended_women: int) -> NomineeCounts:
    return NomineeCounts(nominees=told, women=women, attended=attended, attended_women=attended_women)


def test_women_among_attended_is_the_ratio_of_shares_in_one_event() -> None:
    (period,) = women_among_attended(seats(counts=counts(20, 5, 12, 3)), {"hide_under": 5})
    assert period.numerator / period.denominator == pytest.approx((3 / 12) / (5 / 20))
    assert (period.person_id, period.country) == (None, "")


def test_women_among_attended_weighs_events_by_expected_women() -> None:
    first, second = counts(20, 5, 12, 4), counts(10, 2, 10, 1)
    periods = [*women_among_attended(seats(counts=first), {}), *women_among_attended(seats(counts=second), {})]
    numerator, denominator = value_on(periods, DAY)
    assert numerator / denominator == pytest.approx((4 + 1) / (12 * 5 / 20 + 10 * 2 / 10))


@pytest.mark.parametrize("told", [counts(4, 1, 4, 1), counts(9, 2, 4, 1), counts(9, 0, 6, 0), None])
def test_women_are_not_counted_among_few_people_or_without_a_nominated_woman(told: NomineeCounts | None) -> None:
    assert women_among_attended(seats(counts=told), {"hide_under": 5}) == []


def test_rules_give_the_same_periods_whatever_the_order_of_records() -> None:
    officers = [officer(capture=YES, seen=ChangeSeen.YES, supervised=9), officer(capture=NO), officer(answered=None)]
    keys = [{period.thing: period for period in follow_up_reports(follow_up(*order), CAPTURE)}
            for order in (officers, officers[::-1])]  # fmt: skip
    assert keys[0] == keys[1]
    assert all(isinstance(period.person_id, UUID) for period in keys[0].values())
