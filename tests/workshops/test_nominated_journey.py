"""A study visit of two countries from interest to follow-up, and every figure of the plan that it changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Actor, Role, Scope
from app.catalogue.domain.items import Level
from app.db.session import db, transaction
from app.plan.queries import figures
from app.plan.service import consistency_checks as plan_checks, recalculation
from app.rights.service import supervision
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.cascades import CascadeTotals
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.evaluation import EvaluationAnswers
from app.workshops.domain.events import WorkshopKind
from app.workshops.domain.follow_up import ChangeSeen, DeedAnswer
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState, UseTime
from app.workshops.queries import bookings, cascades, consistency_checks, workshops
from app.workshops.service import (
    closing,
    commitments,
    evaluations,
    follow_ups,
    nomination_events,
    nominations,
    offers,
    results,
)
from app.workshops.service.nominations import Interest, RankedOfficer
from app.workshops.service.store import afterwards
from tests.support import after_events, factories, national_sessions, plans as it, workshop_rubrics
from tests.support.indicator_figures import figures_on
from tests.support.nominated_events import CLOSED, NominatedEvent, nominated_event
from tests.support.settings import NOW

RULES = {  # rule, unit, settings: those of courses/plan.toml
    "OC1.4": (
        "follow_up_reports",
        "percent",
        'question = "capture", supervisor_confirms = true, out_of = "sent", competencies = ["ONL-07"]',
    ),
    "OC2.5": ("follow_up_reports", "percent", 'question = "referral", out_of = "met_a_possible_victim"'),
    "OP2.3": ("women_among_attended", "ratio", "hide_under = 5"),
    "OP3.1": ("events_closed", "count", 'type = "workshop"'),
    "OP3.2": ("session_attendance", "percent", ""),
    "OP3.3": ("offered_seats_used", "percent", ""),
    "OP3.4": ("evaluation_mean", "score", 'question = "use_in_three_months", hide_under = 5'),
    "OP4.1": ("events_closed", "count", 'type = "study_visit"'),
    "OP4.2": ("commitments_done", "percent", "after_months = 6"),
}
PRESENT, LATE, ABSENT = Attendance.PRESENT, Attendance.LATE, Attendance.ABSENT
OFFER_ENDS = datetime.fromisoformat("2027-03-28T21:00:00+00:00")  # seven days after the selection, in Sofia
REALLOCATED = datetime.fromisoformat("2027-04-14T21:00:00+00:00")
DURING = datetime(2027, 5, 5, 9, tzinfo=UTC)  # second day
AFTER = datetime(2027, 5, 6, 9, tzinfo=UTC)  # the day after the visit: results, evaluation
FOLLOWED_UP = datetime(2027, 8, 9, 9, tzinfo=UTC)  # three months later
READ_ON = date(2027, 11, 20)  # more than six months after the commitments of 5 May


@dataclass(frozen=True)
class Officers:
    """Officers of the journey: Iraq and Bulgaria nominate four each, for six seats."""

    iraq: Sequence[UUID]
    bulgaria: Sequence[UUID]
    refused: UUID  # by the supervisor
    substitute: UUID
    supervisor: Actor  # of the officers of Iraq

    @property
    def attended(self) -> list[UUID]:
        """Return the five officers who took part."""
        return [self.iraq[1], self.iraq[3], self.substitute, self.bulgaria[1], self.bulgaria[3]]


@pytest.fixture(autouse=True)
def plan(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for code, rule in RULES.items():
        monkeypatch.setitem(it.RULES, code, rule)
    it.load(*map(it.indicator, RULES))
    workshop_rubrics.load(number=9)


def do(step: Callable[[], object]) -> None:
    """Take a step in a transaction of its own."""
    with transaction():
        step()
    db.session.rollback()


def interest(counted_as: CountedAs) -> Interest:
    return Interest(
        use_time=UseTime.NOW, language_level=LanguageLevel.WORKING, aim="train my shift", counted_as=counted_as
    )


def officers_of(event: NominatedEvent) -> Officers:
    """Add the officers; those of Iraq have a supervisor, for those of Bulgaria the contact point endorses."""
    iraq, bulgaria = event.officers("IQ", 6), event.officers("BG", 4)
    with transaction():
        grant = (Role.SUPERVISOR, Scope.COUNTRY, "IQ")
        supervisor = factories.person(roles=(), grants=(grant,))
        for person_id in iraq:
            assert supervision.assign(person_id, supervisor, NOW.date()) is None
    db.session.rollback()
    actor = Actor(supervisor, "IQ", frozenset({Role.SUPERVISOR}))
    return Officers(iraq[:4], bulgaria, refused=iraq[4], substitute=iraq[5], supervisor=actor)


def express_interest(event: NominatedEvent, officers: Officers) -> None:
    """The last officer of each country is a woman, everyone else a man."""
    women = {officers.iraq[3], officers.bulgaria[3]}
    for person_id in (*officers.iraq, officers.refused, *officers.bulgaria):
        answers = interest(CountedAs.WOMAN if person_id in women else CountedAs.MAN)
        do(partial(nominations.express_interest, event.workshop_id, person_id, answers, NOW))


def endorse(event: NominatedEvent, officers: Officers) -> None:
    for person_id in officers.iraq:
        do(partial(nominations.endorse, event.row(person_id).id, officers.supervisor, NOW))
    refused = event.row(officers.refused).id
    do(partial(nominations.decline, refused, officers.supervisor, reason="Not this month", now=NOW))
    contact_point = event.contact_points["BG"]
    for person_id in officers.bulgaria:
        do(partial(nominations.endorse, event.row(person_id).id, contact_point, NOW))


def nominate(event: NominatedEvent, officers: Officers) -> None:
    """Iraq nominates an hour before Bulgaria: that decides between equal nominees."""
    for country, people, hours in (("IQ", officers.iraq, 0), ("BG", officers.bulgaria, 1)):
        ranked = [RankedOfficer(person_id=person_id, reason=NominationReason.OTHER) for person_id in people]
        at = NOW + timedelta(hours=hours)
        do(partial(nominations.nominate, event.workshop_id, ranked, event.contact_points[country], at))


def answer_offers(event: NominatedEvent, officers: Officers) -> None:
    """One expires and passes on, one is refused and waits for the reallocation, one person is replaced."""
    iraq, bulgaria = officers.iraq, officers.bulgaria
    for person_id in (iraq[0], iraq[1], bulgaria[0], bulgaria[1]):
        event.confirm(person_id)
    do(partial(offers.withdraw, event.row(bulgaria[2]).id, bulgaria[2], now=CLOSED))
    assert event.settle(OFFER_ENDS) == 1  # that of the third officer of Iraq
    assert event.states([iraq[2], iraq[3], bulgaria[3]]) == [
        NominationState.EXPIRED, NominationState.OFFERED, NominationState.WAITLISTED,
    ]  # fmt: skip
    event.confirm(iraq[3], OFFER_ENDS)
    assert event.settle(REALLOCATED) == 0
    event.confirm(bulgaria[3], REALLOCATED)
    other = RankedOfficer(person_id=officers.substitute, reason=NominationReason.OTHER, counted_as=CountedAs.MAN)
    replaced, contact_point = event.row(iraq[0]).id, event.contact_points["IQ"]
    do(partial(offers.substitute, replaced, other, contact_point, REALLOCATED))
    event.confirm(officers.substitute, REALLOCATED)


def record_attendance(event: NominatedEvent, officers: Officers) -> None:
    """Five officers attend both sessions, one of them late to one; the first officer of Bulgaria never comes."""
    marks = dict.fromkeys(officers.attended, (PRESENT, PRESENT))
    marks |= {officers.iraq[3]: (PRESENT, LATE), officers.bulgaria[0]: (ABSENT, ABSENT)}
    seats = {seat.person_id: seat.id for seat in bookings.seated(event.workshop_id)}
    assert set(seats) == set(marks)
    trainer = factories.person(roles=(), grants=((Role.TRAINER, Scope.EVENT, str(event.workshop_id)),))
    for number, session in enumerate(workshops.get(event.workshop_id).sessions):
        values = {seats[person_id]: both[number] for person_id, both in marks.items()}
        do(partial(results.save_attendance, event.workshop_id, session.id, values, by=trainer, now=AFTER))
    db.session.rollback()
    do(partial(closing.close, event.workshop_id, by=event.coordinator.id, now=AFTER, reason="No rubric was used."))
    do(partial(nomination_events.delete_answers, event.workshop_id, AFTER.date()))


def make_commitments(event: NominatedEvent, officers: Officers) -> None:
    """Four commitments of 5 May: done in June, done on 6 November (too late), dropped, still under way."""
    done, dropped = CommitmentState.DONE, CommitmentState.DROPPED
    ends: Sequence[tuple[CommitmentState, datetime] | None] = [
        (done, datetime(2027, 6, 10, 9, tzinfo=UTC)),
        (done, datetime(2027, 11, 6, 9, tzinfo=UTC)),
        (dropped, datetime(2027, 7, 1, 9, tzinfo=UTC)),
        None,
    ]
    people = officers.attended[:4]
    for person_id in people:
        due = date(2027, 7, 1)
        do(partial(commitments.make_commitment, event.workshop_id, person_id, text="A card", due=due, now=DURING))
    for person_id, end in zip(people, ends, strict=True):
        if end is not None:
            state, at = end
            step = partial(commitments.end_commitment, event.workshop_id, person_id, 1, state=state, note="A note")
            do(partial(step, now=at))


def evaluate(event: NominatedEvent, officers: Officers) -> None:
    """Five answers to the second statement: 5, 4, 4, 3 and 5."""
    do(partial(evaluations.open_evaluation, event.workshop_id, AFTER))
    for person_id, use in zip(officers.attended, (5, 4, 4, 3, 5), strict=True):
        answers = EvaluationAnswers((1, use, *[1] * 8), ("", "", ""))
        do(partial(evaluations.answer, event.workshop_id, person_id, answers, AFTER))
    do(partial(evaluations.close_evaluation, event.workshop_id, AFTER + timedelta(days=20)))


def follow_up(event: NominatedEvent, officers: Officers) -> None:
    """Four of five officers answer; the supervisor in Iraq saw a change in the first one."""
    yes, no, none = DeedAnswer.YES, DeedAnswer.NO, DeedAnswer.NO_OCCASION
    do(partial(follow_ups.open_follow_up, event.workshop_id, FOLLOWED_UP))
    deeds = ((yes, yes), (yes, none), (no, no), (none, yes))  # capture, referral
    for person_id, (capture, referral) in zip(officers.attended, deeds, strict=False):
        answers = after_events.reports(capture=capture, referral=referral)
        do(partial(follow_ups.answer, event.workshop_id, person_id, answers, FOLLOWED_UP))
    ids = {row.person_id: row.id for row in afterwards.follow_ups(event.workshop_id)}
    for person_id, change in zip(officers.attended, (ChangeSeen.PARTLY, ChangeSeen.NO), strict=False):
        step = partial(follow_ups.answer_as_supervisor, ids[person_id], change, would_help="")
        do(partial(step, by=officers.supervisor.id, now=FOLLOWED_UP))
    do(partial(follow_ups.remind_or_close, event.workshop_id, FOLLOWED_UP + timedelta(days=22)))


def values(country: str = "") -> Mapping[str, float | None]:
    figures = {code: figure.value for code, figure in figures_on(READ_ON, country=country).items()}
    db.session.rollback()
    return figures


def test_visit_of_six_seats_changes_the_plan_by_what_a_calculation_by_hand_gives() -> None:
    before = values()
    outcomes = (("ONL-07", Level.FOUNDATION),)
    event = nominated_event(capacity=6, kind=WorkshopKind.STUDY_VISIT, outcomes=outcomes)
    officers = officers_of(event)
    express_interest(event, officers)
    endorse(event, officers)
    nominate(event, officers)
    event.select()
    assert event.states([*officers.iraq, *officers.bulgaria]) == [
        *[NominationState.OFFERED] * 3, NominationState.WAITLISTED,
        *[NominationState.OFFERED] * 3, NominationState.WAITLISTED,
    ]  # fmt: skip
    answer_offers(event, officers)
    record_attendance(event, officers)
    attended = NominationState.ATTENDED
    assert event.states([*officers.iraq, officers.substitute, officers.refused]) == [
        NominationState.REPLACED, attended, NominationState.EXPIRED, attended, attended, NominationState.DECLINED,
    ]  # fmt: skip
    assert event.states(officers.bulgaria) == [
        NominationState.NO_SHOW, attended, NominationState.WITHDRAWN, attended,
    ]  # fmt: skip
    evaluate(event, officers)
    make_commitments(event, officers)
    follow_up(event, officers)
    assert before == dict.fromkeys(RULES) | {"OP3.1": 0, "OP4.1": 0}
    assert values() == pytest.approx(
        {
            "OC1.4": 100 * 1 / 5,  # 5 asked; 2 report a capture, the supervisor saw a change in 1; silence counts as 0
            "OC2.5": 100 * 2 / 3,  # 3 had an occasion: yes, no, yes; one had none, one did not answer
            "OP2.3": 2 / (5 * 2 / 9),  # 2 women of 5 attended; expected 1.11, as 2 of the 9 nominees are women
            "OP3.1": 0,  # a study visit is no workshop
            "OP3.2": 100 * 10 / 12,  # 6 seats x 2 sessions; the officer who never came missed 2, late counts
            "OP3.3": 100 * 5 / 8,  # 5 used; expired, refused and no-show are not; the replaced person is left out
            "OP3.4": 21 / 5,  # 5 + 4 + 4 + 3 + 5, of 5 answers
            "OP4.1": 1,  # this visit
            "OP4.2": 100 * 1 / 4,  # 4 made; 1 done in time, 1 too late, 1 dropped, 1 still under way
        }
    )
    iraq, bulgaria = values("IQ"), values("BG")
    seats = {"IQ": iraq["OP3.3"], "BG": bulgaria["OP3.3"]}
    assert seats == {
        "IQ": 100 * 3 / 4,  # used by two nominees and the substitute; one offer expired
        "BG": 100 * 2 / 4,  # used by two; one refused, one never came
    }
    assert [iraq["OC1.4"], bulgaria["OC1.4"]] == pytest.approx([100 * 1 / 3, 0])  # 1 of 3; 0 of 2
    assert [iraq["OP3.2"], bulgaria["OP3.2"]] == pytest.approx([100, 100 * 4 / 6])  # 6 of 6; 4 of 6
    assert (iraq["OP3.4"], iraq["OP2.3"]) == (None, None)  # anonymous answers and sex have no country
    assert [*plan_checks.faults(), *consistency_checks.faults()] == []
    with transaction():
        assert recalculation.recount_all() == 0  # counting everything again changes nothing


def test_national_session_changes_no_figure_and_is_counted_apart() -> None:
    references = figures.definitions()
    before = values()
    trainer = national_sessions.trainer()
    national_sessions.record(trainer, head_count=12, signed_list=national_sessions.PDF, activity="A08")
    assert (values(), len(figures.definitions())) == (before, len(references))
    assert cascades.totals_by_activity(["A08"]) == {"A08": CascadeTotals(sessions=1, people=12)}
