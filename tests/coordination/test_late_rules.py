"""Rules of the list of late work and of reminders."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.coordination.domain import late, reminders, working_days
from app.coordination.domain.actions import Office
from app.coordination.domain.late import LateCounts, LateDays, LateOffice, LateRule
from app.coordination.domain.reminders import (
    AnswerKind,
    AnswerReason,
    EarlierReminder,
    ReminderAnswer,
    ReminderLimit,
    ReminderState,
)
from app.kernel.errors import DomainError, IllegalMoveError

TODAY = date(2027, 3, 1)  # a Monday
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SENDER, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("due", "step", "waiting", "supervised", "rule"),
    [
        (8, None, False, False, None),
        (7, None, False, True, LateRule.OFFICER),
        (-7, None, False, True, LateRule.OFFICER),
        (-8, None, False, True, LateRule.SUPERVISOR),
        (-8, None, False, False, LateRule.CONTACT_POINT),
        (None, -34, False, True, None),
        (None, -35, False, True, LateRule.SUPERVISOR),
        (None, None, True, False, LateRule.CONTACT_POINT),
    ],
)
def test_officer_has_first_rule_that_fits(
    due: int | None, step: int | None, waiting: bool, supervised: bool, rule: LateRule | None
) -> None:
    days = LateDays(
        due_on=None if due is None else TODAY + due * DAY,
        last_step_on=None if step is None else TODAY + step * DAY,
        waiting=waiting,
        supervised=supervised,
    )
    assert late.rule_of_officer(days, TODAY) is rule


def test_unreadable_course_is_for_content_whatever_the_days() -> None:
    days = LateDays(due_on=TODAY - 99 * DAY, last_step_on=None, waiting=True, supervised=True, readable=False)
    assert late.rule_of_officer(days, TODAY) is LateRule.LANGUAGE


@pytest.mark.parametrize(
    ("counts", "silent", "rule", "acting"),
    [
        (LateCounts(overdue=1, due=9), False, LateRule.OFFICER, ((LateOffice.OFFICERS, 0),)),
        (LateCounts(overdue=2, chased=2, supervised=2, due=9), True, LateRule.SUPERVISOR,
         ((LateOffice.SUPERVISORS, 2),)),
        (LateCounts(overdue=4, chased=3, supervised=1, due=9), False, LateRule.CONTACT_POINT,
         ((LateOffice.SUPERVISORS, 1), (LateOffice.CONTACT_POINT, 2))),
        (LateCounts(overdue=5, chased=5, supervised=5, due=16), False, LateRule.MANY_OVERDUE,
         ((LateOffice.CONTACT_POINT, 5),)),
        (LateCounts(overdue=5, chased=5, supervised=5, due=16), True, LateRule.SILENT,
         ((LateOffice.SECRETARIAT, 0),)),
        (LateCounts(overdue=1, chased=1, due=9), True, LateRule.SILENT, ((LateOffice.SECRETARIAT, 0),)),
    ],
)  # fmt: skip
def test_cell_has_first_rule_that_fits(
    counts: LateCounts, silent: bool, rule: LateRule, acting: tuple[tuple[LateOffice, int], ...]
) -> None:
    assert late.rule_of_cell(counts, silent=silent) is rule
    assert late.acting(rule, counts) == acting


@pytest.mark.parametrize(
    ("overdue", "due", "many"), [(5, 16, True), (5, 17, False), (4, 4, False), (6, 20, False), (7, 20, True)]
)
def test_many_overdue_needs_five_and_over_thirty_percent(overdue: int, due: int, many: bool) -> None:
    assert late.is_many(overdue, due) is many


def test_decision_beside_bands_is_that_of_their_middles() -> None:
    shown = [late.from_bands(LateCounts(overdue=overdue, due=17)) for overdue in (5, 9)]
    assert shown[0] == shown[1] == LateCounts(overdue=7, due=17)
    assert late.from_bands(LateCounts()) == LateCounts()


@pytest.mark.parametrize(
    ("ago", "unanswered", "silent"),
    [(None, 0, False), (30, 0, False), (31, 0, True), (1, 2, False), (1, 3, True), (None, 3, True)],
)
def test_contact_point_is_silent_after_thirty_days_or_three_reminders(
    ago: int | None, unanswered: int, silent: bool
) -> None:
    assert late.is_silent(None if ago is None else NOW - ago * DAY, unanswered, NOW) is silent


@pytest.mark.parametrize(
    ("frequency", "period"),
    [
        ("monthly", (date(2027, 2, 1), date(2027, 2, 28))),
        ("quarterly", (date(2026, 10, 1), date(2026, 12, 31))),
        ("twice_a_year", (date(2026, 7, 1), date(2026, 12, 31))),
        ("yearly", (date(2026, 1, 1), date(2026, 12, 31))),
        ("each_event", None),
    ],
)
def test_last_full_period_follows_the_frequency(frequency: str, period: tuple[date, date] | None) -> None:
    assert late.period_before(TODAY, frequency) == period


def test_figure_is_missing_from_fifteenth_day_after_period() -> None:
    assert not late.figure_is_missing(TODAY - 14 * DAY, TODAY)
    assert late.figure_is_missing(TODAY - 15 * DAY, TODAY)


@pytest.mark.parametrize(("days", "office"), [(7, LateOffice.TRAINERS), (8, LateOffice.SECRETARIAT)])
def test_coordinator_acts_on_action_after_seven_days(days: int, office: LateOffice) -> None:
    assert late.action_acts(Office.TRAINERS, TODAY - days * DAY, TODAY) is office


@pytest.mark.parametrize(("exempt", "assigned", "much"), [(1, 10, False), (2, 19, True), (0, 0, False)])
def test_exemptions_are_much_over_ten_percent(exempt: int, assigned: int, much: bool) -> None:
    assert late.is_much_exempt(exempt, assigned) is much


@given(day=st.dates(date(2026, 1, 1), date(2030, 1, 1)), country=st.sampled_from(sorted(working_days.WEEKENDS)))
def test_ten_working_days_later_leave_out_the_weekend(day: date, country: str) -> None:
    later = working_days.working_days_later(day, working_days.ANSWER_DAYS, country)
    between = [day + n * DAY for n in range(1, (later - day).days + 1)]
    assert working_days.is_working_day(later, country)
    assert sum(working_days.is_working_day(day, country) for day in between) == 10


@pytest.mark.parametrize(
    ("country", "day", "hour", "works"),
    [
        ("IQ", 5, 9, False), ("IQ", 7, 9, True), ("BG", 5, 9, True), ("BG", 7, 9, False),
        ("BG", 1, 7, False), ("BG", 1, 8, True), ("BG", 1, 16, True), ("BG", 1, 17, False),
    ],
)  # fmt: skip
def test_mail_leaves_on_working_days_from_eight_to_seventeen(country: str, day: int, hour: int, works: bool) -> None:
    assert working_days.is_working_time(datetime(2027, 3, day, hour, tzinfo=UTC), country) is works


def _earlier(*reminders_sent: tuple[int, ReminderState], by: UUID = SENDER) -> list[EarlierReminder]:
    return [EarlierReminder(by, NOW - days * DAY, state) for days, state in reminders_sent]


@pytest.mark.parametrize(
    ("earlier", "limit"),
    [
        ([], None),
        (_earlier((6, ReminderState.ANSWERED)), ReminderLimit.TOO_SOON),
        (_earlier((7, ReminderState.SEEN)), None),
        (_earlier((6, ReminderState.SENT), by=OTHER), None),
        (_earlier((30, ReminderState.EXPIRED), (20, ReminderState.SEEN), (10, ReminderState.SENT)),
         ReminderLimit.UNANSWERED),
        (_earlier((30, ReminderState.SENT), (20, ReminderState.ANSWERED), (10, ReminderState.SENT)), None),
    ],
)  # fmt: skip
def test_sender_waits_a_week_and_stops_after_three(earlier: list[EarlierReminder], limit: ReminderLimit | None) -> None:
    assert reminders.limit_of(earlier, SENDER, NOW) is limit


@given(days=st.lists(st.integers(0, 60), max_size=12), state=st.sampled_from(ReminderState))
def test_no_two_reminders_of_a_sender_are_within_a_week(days: list[int], state: ReminderState) -> None:
    sent: list[EarlierReminder] = []
    for day in sorted(days):
        now = NOW + day * DAY
        if reminders.limit_of(sent, SENDER, now) is None:
            assert all(now - earlier.sent_at >= reminders.PAUSE for earlier in sent)
            sent.append(EarlierReminder(SENDER, now, state))
    if state not in {ReminderState.ANSWERED, ReminderState.RESOLVED}:
        assert len(sent) <= 3


def test_reminder_expires_fourteen_days_after_its_date() -> None:
    assert not reminders.has_expired(ReminderState.SEEN, TODAY - 14 * DAY, TODAY)
    assert reminders.has_expired(ReminderState.SEEN, TODAY - 15 * DAY, TODAY)
    assert not reminders.has_expired(ReminderState.ANSWERED, TODAY - 99 * DAY, TODAY)


@pytest.mark.parametrize(
    "answer",
    [
        ReminderAnswer(kind=AnswerKind.DONE_BY),
        ReminderAnswer(kind=AnswerKind.DONE_BY, by=TODAY - DAY),
        ReminderAnswer(kind=AnswerKind.NOT_POSSIBLE),
        ReminderAnswer(kind=AnswerKind.NOT_POSSIBLE, reason=AnswerReason.OTHER, text="a" * 201),
    ],
)
def test_incomplete_answer_is_refused(answer: ReminderAnswer) -> None:
    with pytest.raises(DomainError):
        reminders.check_answer(ReminderState.SENT, answer, TODAY)


def test_answer_leaves_out_what_its_kind_does_not_need() -> None:
    full = ReminderAnswer(kind=AnswerKind.DONE, by=TODAY, reason=AnswerReason.OTHER, text="Text")
    assert reminders.check_answer(ReminderState.SEEN, full, TODAY) == ReminderAnswer(kind=AnswerKind.DONE)


@pytest.mark.parametrize("state", [ReminderState.ANSWERED, ReminderState.RESOLVED, ReminderState.EXPIRED])
def test_ended_reminder_takes_no_answer(state: ReminderState) -> None:
    with pytest.raises(IllegalMoveError):
        reminders.check_answer(state, ReminderAnswer(kind=AnswerKind.DONE), TODAY)


@pytest.mark.parametrize(("days", "text"), [(0, ""), (93, ""), (5, "a" * 201)])
def test_new_reminder_is_refused_with_a_wrong_date_or_text(days: int, text: str) -> None:
    with pytest.raises(DomainError):
        reminders.check_new(TODAY + days * DAY, text, TODAY)


def test_subject_is_the_same_whatever_its_rule() -> None:
    cell = str(uuid4())
    first, second = (
        reminders.ReminderSubject(late.LateKind.COURSE, cell, rule) for rule in (LateRule.SUPERVISOR, LateRule.SILENT)
    )
    assert first.key == second.key
