"""Agreed actions of the demonstration: eight of coordinators, three of them from a meeting, in all states."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.coordination.domain.actions import ActionOrigin, ActionStep, Office, Owner, SubjectKind
from app.coordination.service import actions as service
from app.coordination.service.actions import NewAction
from app.demo.history.manual_entries import DemoStaff as Staff
from app.demo.history.timeline import TimedAction
from app.plan.queries import figures

MEETING = -62  # the day of the community's meeting, from today


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedAction:
    """An action with its later steps. Days count from the first day of the tour (today); `moved_to`: its new date."""

    text: str
    day: int
    due: int
    country: str = ""  # of the contact point that owns it
    office: Office = Office.SECRETARIAT
    indicator: str = ""
    about_country: str = ""
    origin: ActionOrigin = ActionOrigin.PLAN
    started: int | None = None
    ended: int | None = None
    result: str = ""
    is_dropped: bool = False
    moved_to: int | None = None
    note: str = ""


ACTIONS = (
    AgreedAction(
        text="Plan a refresher for first responders", day=-12, due=20, indicator="OC2.1",
        origin=ActionOrigin.ATTENTION, started=-9, note="Two trainers are free in the second week of the month.",
    ),
    AgreedAction(
        text="Tell the planned need of the country", day=-40, due=-10, country="AZ", indicator="OP2.1",
        origin=ActionOrigin.LATE_LIST,
    ),
    AgreedAction(
        text="Assign supervisors to the officers who came in May", day=-25, due=9, country="PK",
        origin=ActionOrigin.LATE_LIST, started=-20, moved_to=16, note="Half of them have a supervisor now.",
    ),
    AgreedAction(
        text="Check the addresses of nine invitations that came back", day=-15, due=4, country="BD",
        origin=ActionOrigin.LATE_LIST, started=-6,
    ),
    AgreedAction(
        text="Confirm the contact directory of the country", day=MEETING, due=-30, country="BG",
        origin=ActionOrigin.MEETING, started=-50, ended=-36, result="Confirmed with the agency, two entries changed.",
    ),
    AgreedAction(
        text="Share the checklist for the first interview with all members", day=MEETING, due=-20,
        origin=ActionOrigin.MEETING, moved_to=-5, ended=-4, result="Sent with the summary of the meeting.",
    ),
    AgreedAction(
        text="Translate the course on victims into French", day=MEETING, due=30, office=Office.TRAINERS,
        about_country="FR", origin=ActionOrigin.MEETING, started=-18,
    ),
    AgreedAction(
        text="Ask for a second venue for the autumn workshop", day=-55, due=-15, is_dropped=True, ended=-28,
        result="The first venue has enough room.",
    ),
)  # fmt: skip


def actions(staff: Staff) -> Iterator[TimedAction]:
    """Return the agreed actions and their later steps."""
    for agreed in ACTIONS:
        yield from _steps(staff, agreed)


def _steps(staff: Staff, agreed: AgreedAction) -> Iterator[TimedAction]:
    maker = staff.staff["Coordinator 1"]
    owner = staff.contacts.get(agreed.country, maker)
    ids: list[UUID] = []
    at = staff.at(agreed.day)
    yield TimedAction(at, maker, lambda: ids.append(_create(staff, agreed, maker, at)))
    if agreed.started is not None:
        start = staff.at(agreed.started)
        yield TimedAction(start, owner, lambda: service.take_step(ids[0], ActionStep.START, now=start))
        if agreed.note:
            noted = start + timedelta(hours=2)
            yield TimedAction(noted, owner, lambda: service.add_note(ids[0], agreed.note, by=owner, now=noted))
    if agreed.moved_to is not None:
        moved, due_on = staff.at(agreed.due - 3), _day(staff, agreed.moved_to)
        moved = min(moved, staff.now)
        yield TimedAction(moved, owner, lambda: service.move(ids[0], due_on, by=owner, now=moved))
    if agreed.ended is not None:
        ended, step = staff.at(agreed.ended), ActionStep.DROP if agreed.is_dropped else ActionStep.FINISH
        by = maker if agreed.is_dropped else owner
        yield TimedAction(ended, by, lambda: service.take_step(ids[0], step, explanation=agreed.result, now=ended))


def _create(staff: Staff, agreed: AgreedAction, by: UUID, at: datetime) -> UUID:
    plan = figures.plan_of()
    members = frozenset(plan.head.members if plan and plan.head else ())
    owner = Owner(office=Office.CONTACT_POINT if agreed.country else agreed.office, country=agreed.country)
    new = NewAction(
        text=agreed.text,
        owner=owner,
        due_on=_day(staff, agreed.due),
        subject_kind=SubjectKind.INDICATOR if agreed.indicator else SubjectKind.NONE,
        subject=agreed.indicator,
        about_country=agreed.about_country or agreed.country,
        origin=agreed.origin,
        meeting_on=at.date() if agreed.origin is ActionOrigin.MEETING else None,
    )
    return service.create(new, members=members, by=by, now=at)


def _day(staff: Staff, day: int) -> date:
    return staff.now.date() + timedelta(days=day)
