"""Each edge of the table of completion: dates, sources, exemptions, cycles, postings, problems."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.learning.domain.assignments import (
    AskedCourse,
    AssignmentRecord,
    CourseDates,
    ExemptionDays,
    OfficerPosting,
    RequirementRule,
    periods,
    splice,
)
from app.learning.domain.completion import (
    AssignmentProblem,
    AssignmentSource,
    CompletionCounts,
    CompletionFlag,
    CompletionState,
    Spell,
    changes,
    flags_on,
    state_on,
)
from app.learning.domain.cycles import LearningDates, months_later
from app.learning.domain.requirements import ExemptionKind
from tests.support.completion_histories import day

REQUIRED, SUGGESTED = UUID(int=1), UUID(int=2)
RULE = RequirementRule(
    id=REQUIRED, role="", countries=(), starts=day(0), ends=None, assigned_from=day(0), due_on=day(60)
)
OFFICER = AssignmentRecord(
    joined_on=day(-100),
    postings=(OfficerPosting(day(-100), None, "IQ", ("first_responder",)),),
    course=CourseDates(day(-100), day(-100), day(-100)),
    requirements=(RULE,),
)


def spell(record: AssignmentRecord, moment: date) -> Spell:
    """Return the period of a day."""
    return next(
        period
        for period in periods(record)
        if period.since <= moment and (period.until is None or moment <= period.until)
    )


def state(record: AssignmentRecord, number: int) -> tuple[CompletionState | None, frozenset[CompletionFlag]]:
    period = spell(record, day(number))
    return state_on(period, day(number)), flags_on(period, day(number))


def learned(*, begun: int | None = None, steps: tuple[int, ...] = (), completed: tuple[int, ...] = ()) -> LearningDates:
    return LearningDates(
        None if begun is None else day(begun), tuple(map(day, steps)), tuple(day(number) for number in completed)
    )


def due_on(record: AssignmentRecord, number: int) -> date | None:
    return spell(record, day(number)).due_on


@pytest.mark.parametrize(
    ("number", "flags"),
    [
        (0, set()),
        (20, set()),
        (21, {"waiting"}),
        (45, {"waiting"}),
        (46, {"waiting", "due_soon"}),
        (60, {"waiting", "due_soon"}),  # the due day itself is not overdue
        (61, {"overdue"}),  # and who is overdue does not wait
    ],
)
def test_flags_of_an_officer_who_did_not_start(number: int, flags: set[str]) -> None:
    assert state(OFFICER, number) == (CompletionState.NOT_STARTED, flags)


@pytest.mark.parametrize(
    ("number", "flags"), [(25, set()), (26, {"stalled"}), (29, {"stalled"}), (30, set()), (51, {"stalled", "due_soon"})]
)
def test_officer_is_stalled_21_days_after_the_last_step(number: int, flags: set[str]) -> None:
    record = replace(OFFICER, learning=learned(begun=1, steps=(5, 30)))
    assert state(record, number) == (CompletionState.IN_PROGRESS, flags)


@pytest.mark.parametrize(("completed", "late"), [(60, False), (61, True)])
def test_completion_on_the_due_day_is_on_time(completed: int, late: bool) -> None:
    record = replace(OFFICER, learning=learned(begun=1, completed=(completed,)))
    expected = CompletionState.COMPLETED_LATE if late else CompletionState.COMPLETED_ON_TIME
    assert state(record, completed) == (expected, frozenset())
    assert state(record, completed - 1)[0] is CompletionState.IN_PROGRESS


def test_completion_stays_late_when_the_date_moves_afterwards() -> None:
    rules = (replace(RULE, ends=day(79)), replace(RULE, id=UUID(int=3), starts=day(80), due_on=day(200)))
    record = replace(OFFICER, requirements=rules, learning=learned(begun=1, completed=(61,)))
    assert state(record, 100)[0] is CompletionState.COMPLETED_LATE


def test_failed_test_leaves_the_course_in_progress() -> None:
    record = replace(OFFICER, learning=learned(begun=1, steps=(2, 10)))  # the test of day 10 was handed in
    assert state(record, 10)[0] is CompletionState.IN_PROGRESS


def test_completion_before_the_assignment_is_on_time() -> None:
    record = replace(OFFICER, learning=learned(begun=-50, completed=(-40,)))
    assert state(record, 0)[0] is CompletionState.COMPLETED_ON_TIME
    assert state(record, -30)[0] is CompletionState.BY_CHOICE


@pytest.mark.parametrize(
    ("joined", "expected"),
    [(-100, 60), (29, 60), (30, 60), (31, 61), (90, 120)],  # 30 days of grace after the assignment
)
def test_fixed_date_leaves_30_days_after_joining(joined: int, expected: int) -> None:
    posting = OfficerPosting(day(joined), None, "IQ", ("first_responder",))
    record = replace(OFFICER, joined_on=day(joined), postings=(posting,))
    assert due_on(record, max(joined, 0)) == day(expected)


def test_days_after_joining_count_from_the_role() -> None:
    postings = (
        OfficerPosting(day(-100), day(9), "IQ", ("investigator",)),
        OfficerPosting(day(10), None, "IQ", ("first_responder",)),
    )
    rule = replace(RULE, role="first_responder", due_on=None, due_days=20)
    record = replace(OFFICER, postings=postings, requirements=(rule,))
    assert [period.since for period in periods(record)] == [day(10)]
    assert due_on(record, 10) == day(30)


def test_new_agency_in_the_same_role_keeps_the_assignment() -> None:
    postings = (
        OfficerPosting(day(-100), day(9), "IQ", ("first_responder",)),
        OfficerPosting(day(10), None, "IQ", ("first_responder",)),
    )
    record = replace(OFFICER, postings=postings, requirements=(replace(RULE, due_on=None, due_days=20),))
    assert due_on(record, 10) == day(20)


@pytest.mark.parametrize(("asked_due", "winner"), [(40, SUGGESTED), (80, REQUIRED)])
def test_earliest_date_wins_and_names_its_source(asked_due: int, winner: UUID) -> None:
    asked = AskedCourse(AssignmentSource.SUGGESTION, SUGGESTED, "IQ", day(5), None, day(asked_due))
    period = spell(replace(OFFICER, asked=(asked,)), day(10))
    assert period.source_id == winner
    assert period.due_on == day(min(asked_due, 60))
    assert period.required


def test_suggestion_of_another_country_does_not_apply() -> None:
    asked = AskedCourse(AssignmentSource.SUGGESTION, SUGGESTED, "BG", day(5), None, day(40))
    assert periods(replace(OFFICER, requirements=(), asked=(asked,))) == []


def test_exemption_is_over_after_its_last_day() -> None:
    record = replace(OFFICER, exemptions=(ExemptionDays(ExemptionKind.EXEMPT, "IQ", day(10), day(70)),))
    assert state(record, 9)[0] is CompletionState.NOT_STARTED
    assert state(record, 70) == (CompletionState.EXEMPT, frozenset())
    assert state(record, 71) == (CompletionState.NOT_STARTED, {CompletionFlag.OVERDUE})


def test_later_date_moves_the_due_day_and_stays() -> None:
    record = replace(OFFICER, exemptions=(ExemptionDays(ExemptionKind.LATER, "IQ", day(10), day(90)),))
    assert (due_on(record, 9), due_on(record, 10), due_on(record, 200)) == (day(60), day(90), day(90))


def test_completed_officer_is_completed_in_spite_of_an_exemption() -> None:
    exemption = ExemptionDays(ExemptionKind.EXEMPT, "IQ", day(10), day(70))
    record = replace(OFFICER, exemptions=(exemption,), learning=learned(begun=11, completed=(20,)))
    assert state(record, 20)[0] is CompletionState.COMPLETED_ON_TIME


def test_renewal_begins_a_cycle_with_30_days() -> None:
    record = replace(
        OFFICER, requirements=(replace(RULE, renew_months=12),), learning=learned(begun=1, completed=(20,))
    )
    begins = months_later(day(20), 12)
    period = spell(record, begins)
    assert (period.cycle, period.assigned_on, period.due_on) == (2, begins, begins + timedelta(days=30))
    assert state_on(period, begins) is CompletionState.NOT_STARTED
    assert spell(record, begins - timedelta(days=1)).cycle == 1


def test_test_passed_before_the_renewal_carries_the_cycle_on() -> None:
    early = months_later(day(20), 11)
    learning = LearningDates(day(1), (day(20), early), (day(20), early))
    record = replace(OFFICER, requirements=(replace(RULE, renew_months=12),), learning=learning)
    last = periods(record)[-1]
    assert (last.cycle, last.since) == (2, months_later(early, 12))


def test_breaking_version_begins_a_cycle_of_those_who_completed() -> None:
    course = replace(OFFICER.course, breaking=(day(40),))
    done = replace(OFFICER, course=course, learning=learned(begun=1, completed=(20,)))
    assert state(done, 40)[0] is CompletionState.NOT_STARTED
    under_way = replace(OFFICER, course=course, learning=learned(begun=1, steps=(39,)))
    assert spell(under_way, day(40)).cycle == 1


@pytest.mark.parametrize("ended", ["posting", "requirement"])
def test_end_of_posting_or_requirement_closes_the_assignment(ended: str) -> None:
    last = OfficerPosting(day(-100), day(70), "IQ", ("first_responder",))
    closed = replace(OFFICER, postings=(last,)) if ended == "posting" else None
    record = closed or replace(OFFICER, requirements=(replace(RULE, ends=day(70)),))
    assert [period.until for period in periods(record)] == [day(70)]
    assert state(record, 70) == (CompletionState.NOT_STARTED, {CompletionFlag.OVERDUE})


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        (replace(OFFICER, course=CourseDates(None, None, None)), AssignmentProblem.NOT_PUBLISHED),
        (replace(OFFICER, course=CourseDates(day(-9), None, None)), AssignmentProblem.NOT_PUBLISHED),
        (replace(OFFICER, course=CourseDates(day(-9), day(-9), None)), AssignmentProblem.LANGUAGE),
        (replace(OFFICER, postings=(OfficerPosting(day(-9), None, "IQ", ()),)), AssignmentProblem.NO_ROLE),
    ],
    ids=["course not published", "needed course not published", "language", "no role"],
)
def test_assignment_that_cannot_be_met_is_not_assigned(record: AssignmentRecord, problem: AssignmentProblem) -> None:
    period = spell(record, day(100))
    assert (period.problem, period.assigned_on, period.due_on) == (problem, None, None)
    assert changes(period) == {}


def test_date_before_the_course_existed_is_not_due() -> None:
    record = replace(OFFICER, course=CourseDates(day(70), day(70), day(70)))
    assert spell(record, day(69)).problem is AssignmentProblem.NOT_PUBLISHED
    period = spell(record, day(200))
    assert (period.problem, period.due_on) == (AssignmentProblem.DUE_BEFORE_COURSE, None)
    assert state(record, 200) == (CompletionState.NOT_STARTED, {CompletionFlag.WAITING})


def test_problem_solved_assigns_from_the_publication() -> None:
    record = replace(OFFICER, course=CourseDates(day(-9), day(-9), day(50)))
    assert [(period.since, period.problem) for period in periods(record)] == [
        (day(0), AssignmentProblem.LANGUAGE),
        (day(50), None),
    ]
    assert due_on(record, 50) == day(80)


def test_staff_without_a_role_is_no_exception() -> None:
    record = replace(OFFICER, postings=(OfficerPosting(day(-9), None, "IQ", ()),), is_practitioner=False)
    assert periods(record) == []


def test_threat_takes_the_officer_out_as_leaving_does() -> None:
    stored = periods(OFFICER)
    left = OfficerPosting(day(-100), day(19), "IQ", ("first_responder",))
    flagged = splice(stored, periods(replace(OFFICER, protected=True)), day(20))
    gone = splice(stored, periods(replace(OFFICER, postings=(left,))), day(20))
    assert [changes(period) for period in flagged if period.counted] == [changes(period) for period in gone]
    assert state_on(flagged[-1], day(30)) is CompletionState.NOT_STARTED


def test_rate_leaves_exempt_officers_out() -> None:
    counts = CompletionCounts(
        assigned=12, exempt=2, in_progress=3, completed_on_time=4, completed_late=1, not_started=2
    )
    assert (counts.completed, counts.need, counts.rate) == (5, 10, 0.5)
    assert (counts + counts).assigned == 24
    assert CompletionCounts(assigned=1, exempt=1).rate is None
