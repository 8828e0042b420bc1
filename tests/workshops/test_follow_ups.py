"""Follow-ups: dates, answers of participants and supervisors, reminders, closing, and what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.rights.service import supervision
from app.workshops.domain import follow_up
from app.workshops.domain.afterwards import AfterDates, AfterPhase, after_phase
from app.workshops.domain.follow_up import ChangeSeen, FollowUpAnswers, FollowUpState
from app.workshops.models import FollowUp
from app.workshops.queries import afterwards
from app.workshops.service import follow_ups
from tests.support import after_events, factories
from tests.support.workshop_events import doing

DAY = date(2027, 5, 31)
HUNDRED = 100  # days ago: the follow-up opens after three months


@dataclass(frozen=True)
class Asked:
    state: FollowUpState
    answers: FollowUpAnswers | None = None
    change_seen: ChangeSeen | None = None


def _asked(answered: int, unanswered: int = 0, still_open: int = 0) -> list[Asked]:
    done = [Asked(FollowUpState.ANSWERED, after_events.reports(), ChangeSeen.YES) for _ in range(answered)]
    return [*done, *[Asked(FollowUpState.UNANSWERED)] * unanswered, *[Asked(FollowUpState.OPEN)] * still_open]


def test_follow_up_opens_three_to_six_months_after_the_event() -> None:
    assert (follow_up.first_day(DAY), follow_up.latest_day(DAY)) == (date(2027, 8, 31), date(2027, 11, 30))
    possible = [follow_up.is_possible(day, DAY) for day in (date(2027, 8, 30), date(2027, 8, 31), date(2027, 12, 1))]
    assert possible == [False, True, False]


def test_reminders_are_due_after_seven_and_fourteen_days() -> None:
    due = [follow_up.reminders_due(DAY, DAY + timedelta(days=days)) for days in (6, 7, 13, 14, 20)]
    assert due == [0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("asked", "shown"), [(_asked(5, 2), True), (_asked(4, 3), False), (_asked(5, 0, still_open=1), False)]
)
def test_result_shows_answers_of_five_people_after_closing(asked: Sequence[Asked], shown: bool) -> None:
    result = follow_up.result(asked)
    assert result.is_shown is shown
    assert (bool(result.deeds), bool(result.changes)) == (shown, shown)


def test_result_counts_deeds_of_those_with_an_occasion() -> None:
    result = follow_up.result(_asked(5, 2))
    assert [(done, of) for _deed, done, of in result.deeds] == [(5, 5), (0, 5), (0, 0)]
    assert (result.asked, result.answered, result.unanswered, result.colleagues) == (7, 5, 2, 15)


def test_phase_after_an_event_follows_from_its_days() -> None:
    phases = [
        after_phase(None),
        after_phase(AfterDates(evaluation_closed_on=DAY)),
        after_phase(AfterDates(evaluation_closed_on=DAY, follow_up_opened_on=DAY)),
        after_phase(AfterDates(evaluation_closed_on=DAY, follow_up_opened_on=DAY, follow_up_closed_on=DAY)),
    ]
    assert phases == [AfterPhase.FINISHED, AfterPhase.EVALUATED, AfterPhase.FOLLOW_UP, AfterPhase.CLOSED]


def _notices(kind: NoticeKind) -> list[UUID]:
    return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def _supervised() -> tuple[UUID, UUID]:
    officer, supervisor = factories.person(), after_events.supervisor()
    with transaction():
        assert supervision.assign(officer, supervisor, clock.today()) is None
    return officer, supervisor


def _row(workshop_id: UUID) -> FollowUp:
    return db.session.scalars(select(FollowUp).where(FollowUp.workshop_id == workshop_id)).one()


def test_opening_asks_participants_and_their_supervisors(context: Flask) -> None:
    officer, supervisor = _supervised()
    workshop_id = after_events.took_place([officer], days_ago=HUNDRED)
    assert [after_events.open_follow_up(workshop_id) for _ in range(2)] == [1, 0]
    assert _notices(NoticeKind.FOLLOW_UP_ASKED) == [officer]
    assert _notices(NoticeKind.SUPERVISOR_ASKED) == [supervisor]


def test_chosen_day_is_kept(context: Flask) -> None:
    workshop_id = after_events.took_place([factories.person()], days_ago=HUNDRED)
    later = clock.today() + timedelta(days=10)
    with transaction():
        follow_ups.plan_follow_up(workshop_id, later, by=factories.person(), now=clock.now())
    assert after_events.open_follow_up(workshop_id) == 0
    with pytest.raises(DomainError, match="three to six months"), transaction():
        follow_ups.plan_follow_up(
            workshop_id, clock.today() + timedelta(days=300), by=factories.person(), now=clock.now()
        )


def test_answers_of_participant_and_supervisor_count_once(context: Flask) -> None:
    officer, supervisor = _supervised()
    workshop_id = after_events.took_place([officer], days_ago=HUNDRED)
    after_events.open_follow_up(workshop_id)
    saved = [doing(follow_ups.answer, workshop_id, officer, after_events.reports(), clock.now())[0] for _ in range(2)]
    seen = [
        doing(
            follow_ups.answer_as_supervisor,
            _row(workshop_id).id,
            change,
            would_help="",
            by=supervisor,
            now=clock.now(),
        )[0]
        for change in (ChangeSeen.PARTLY, ChangeSeen.NO)
    ]
    assert (saved, seen) == ([True, False], [True, False])
    assert (_row(workshop_id).state, _row(workshop_id).change_seen) == (FollowUpState.ANSWERED, ChangeSeen.PARTLY)


def test_silence_is_reminded_twice_and_closed_as_not_answered(context: Flask) -> None:
    officer = factories.person()
    workshop_id = after_events.took_place([officer], days_ago=HUNDRED)
    after_events.open_follow_up(workshop_id)
    reminded = [
        doing(follow_ups.remind_or_close, workshop_id, clock.now() + timedelta(days=days))[0]
        for days in (6, 7, 8, 14, 15)
    ]
    assert reminded == [0, 1, 0, 1, 0]
    assert len(_notices(NoticeKind.FOLLOW_UP_ASKED)) == 3
    doing(follow_ups.remind_or_close, workshop_id, clock.now() + timedelta(days=22))
    assert _row(workshop_id).state is FollowUpState.UNANSWERED
    assert after_phase(afterwards.dates(workshop_id)) is AfterPhase.FINISHED  # it was not evaluated
    with pytest.raises(DomainError, match="closed"):
        doing(follow_ups.answer, workshop_id, officer, after_events.reports(), clock.now())
