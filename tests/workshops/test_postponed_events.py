"""A postponed event without new days: no page says that its old days hold, and nothing depends on them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.access.policy import Role
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning.queries import completion
from app.messages.domain import MailKind
from app.messages.models import OutgoingMail
from app.workshops import jobs
from app.workshops.domain.eligibility import ObstacleKind
from app.workshops.domain.events import WorkshopState, has_days
from app.workshops.domain.travel import Travel, Visa
from app.workshops.models import Nomination, Workshop
from app.workshops.models.documents import ParticipantNeeds, ParticipantTravel
from app.workshops.queries import conflicts, event_days, nominations, travel as queries, workshops
from app.workshops.service import lifecycle, nomination_events, travel
from tests.support import courses, event_documents, factories, workshop_events
from tests.support.nominated_events import CLOSED, NominatedEvent, nominated_event, rules
from tests.support.workshop_events import doing
from tests.support.workshop_pages import at, client_of, post

OLD_DAYS = (date(2027, 5, 4), date(2027, 5, 5))
NEW_DAYS = (date(2027, 6, 8), date(2027, 6, 9))
BEFORE = "Before: 4 to 5 May"
PASSED = datetime.fromisoformat("2027-05-10T08:00:00+00:00")  # the old days have passed
JOURNEY = Travel(visa=Visa.NOT_NEEDED, arrives_on=date(2027, 5, 3), departs_on=date(2027, 5, 6))
NO_LETTER = "This event is postponed and has no days. A letter can be made when it has new ones."
NO_JOURNEY = "This event is postponed and has no days. Enter travel dates when it has new ones."


@dataclass(frozen=True, slots=True)
class PostponedEvent:
    """A postponed event of 4 and 5 May with two officers of Iraq: one has a seat, one an open offer."""

    app: Flask
    event: NominatedEvent
    seated: UUID
    offered: UUID

    @property
    def workshop_id(self) -> UUID:
        return self.event.workshop_id

    @property
    def path(self) -> str:
        return f"/workshops/{self.workshop_id}"

    def of_country(self, page: str) -> str:
        """Return the address of a page of the contact point about the seated officer."""
        return f"/country/participants/{self.workshop_id}/{self.seated}/{page}"

    def contact_point(self) -> FlaskClient:
        return factories.sign_in(self.app, self.event.contact_points["IQ"].id)

    def text(self, path: str, *, person_id: UUID | None = None) -> str:
        """Return a page as a person reads it, the seated officer if none is named."""
        response = factories.sign_in(self.app, person_id or self.seated).get(path)
        assert response.status_code == 200
        return str(response.text)

    def set_days(self, first: date, last: date, *, ends: time = time(16, 30)) -> None:
        """Save an event of two sessions on other days, or with another end."""
        with self.app.app_context():
            new = workshop_events.draft(
                code=workshops.get(self.workshop_id).code,
                capacity=3,
                nomination=rules(),
                sessions=tuple(workshop_events.session(day, ends=ends) for day in (first, last)),
            )
            doing(lifecycle.update_workshop, self.workshop_id, new, by=self.event.coordinator.id, now=CLOSED)


@pytest.fixture
def postponed(app: Flask) -> PostponedEvent:
    sessions = (workshop_events.session(room="Hall 1"), workshop_events.session(OLD_DAYS[1]))
    with app.app_context():
        event = nominated_event(sessions=sessions)
        seated, offered = event.officers("IQ", 2)
        event.nominate("IQ", [seated, offered])
        event.select()
        event.confirm(seated)
        event_documents.prepare(event.workshop_id, seated, JOURNEY)
        doing(nomination_events.postpone, event.workshop_id, event.coordinator, reason="no hall", now=CLOSED)
        db.session.remove()
    return PostponedEvent(app, event, seated, offered)


@pytest.mark.parametrize("state", WorkshopState)
@pytest.mark.parametrize("earlier_days", [None, OLD_DAYS, NEW_DAYS])
def test_only_a_postponed_event_on_its_days_of_before_has_no_days(
    state: WorkshopState, earlier_days: tuple[date, date] | None
) -> None:
    is_without = state is WorkshopState.POSTPONED and earlier_days == OLD_DAYS
    assert has_days(state, OLD_DAYS, earlier_days) is not is_without


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("state", [WorkshopState.POSTPONED, WorkshopState.SELECTION_MADE])
@pytest.mark.parametrize("earlier_days", [(None, None), OLD_DAYS, NEW_DAYS, (OLD_DAYS[0], NEW_DAYS[1])])
def test_condition_in_sql_agrees_with_the_rule(
    postponed: PostponedEvent, state: WorkshopState, earlier_days: tuple[date | None, date | None]
) -> None:
    row = db.session.get_one(Workshop, postponed.workshop_id)
    row.state, (row.earlier_first_day, row.earlier_last_day) = state, earlier_days
    db.session.flush()
    query = select(event_days.without_days()).where(Workshop.id == row.id)
    assert bool(db.session.scalar(query)) is not workshops.get(row.id).has_days
    for today in (OLD_DAYS[1], PASSED.date()):
        past = select(func.count()).where(Workshop.id == row.id, event_days.is_past(today))
        assert db.session.scalar(past) == (workshops.get(row.id).has_days and today > OLD_DAYS[1])


@pytest.mark.parametrize(
    ("reader", "path"),
    [
        ("contact point", "/country/participants"),
        ("contact point", "/country/nominations"),
        ("seated", "/workshops"),
        ("offered", "/workshops"),
        ("coordinator", "/teaching"),
    ],
)
def test_lists_show_the_days_as_those_of_before(postponed: PostponedEvent, reader: str, path: str) -> None:
    people = {
        "contact point": postponed.event.contact_points["IQ"].id,
        "seated": postponed.seated,
        "offered": postponed.offered,
        "coordinator": postponed.event.coordinator.id,
    }
    assert BEFORE in postponed.text(path, person_id=people[reader])
    postponed.set_days(*NEW_DAYS)
    assert "Before:" not in postponed.text(path, person_id=people[reader])


def test_pages_about_a_participant_show_the_days_as_those_of_before(postponed: PostponedEvent) -> None:
    contact_point = postponed.contact_point()
    for page in ("travel", "letter"):
        assert BEFORE in contact_point.get(postponed.of_country(page)).text
    assert BEFORE in contact_point.get(f"/people/{postponed.seated}/learning").text
    assert BEFORE in postponed.text(f"{postponed.path}/travel")


def test_letter_is_neither_offered_nor_made(app: Flask, postponed: PostponedEvent) -> None:
    client, path = postponed.contact_point(), postponed.of_country("letter")
    listed = client.get("/country/participants").text
    assert ("New days follow." in listed, path in listed) == (True, False)
    page = client.get(path).text
    assert NO_LETTER in page
    assert "Download letter" not in page
    response = post(app, client, path, name="Invented Person", language="en")
    assert response.status_code == 422
    assert NO_LETTER in response.text
    with app.app_context(), pytest.raises(DomainError, match="A letter can be made when it has new ones"):
        travel.record_letter(postponed.workshop_id, postponed.seated, "en", by=postponed.seated, now=CLOSED)
    postponed.set_days(*NEW_DAYS)
    assert path in client.get("/country/participants").text
    assert NO_LETTER not in client.get(path).text


@pytest.mark.parametrize("writer", ["officer", "contact point"])
def test_travel_dates_are_neither_asked_nor_saved(app: Flask, postponed: PostponedEvent, writer: str) -> None:
    client, path = factories.sign_in(app, postponed.seated), f"{postponed.path}/travel"
    if writer == "contact point":
        client, path = postponed.contact_point(), postponed.of_country("travel")
    page = client.get(path).text
    assert "Wait for the new days" in page
    assert NO_JOURNEY in page
    assert 'name="arrives_on"' not in page
    refusal = post(app, client, path, visa="needed", arrives_on="2027-05-02")
    assert refusal.status_code == 422
    assert NO_JOURNEY in refusal.text
    assert post(app, client, path, visa="needed", visa_asked_on="2027-02-20").status_code == 302
    with app.app_context():
        saved = queries.own_travel(postponed.seated, postponed.workshop_id)
    assert (saved.visa, saved.visa_asked_on) == (Visa.NEEDED, date(2027, 2, 20))
    assert (saved.arrives_on, saved.departs_on) == (JOURNEY.arrives_on, JOURNEY.departs_on)
    assert "Arrives on" not in postponed.contact_point().get("/country/participants").text


def test_sessions_have_no_day_hour_or_room(app: Flask, postponed: PostponedEvent) -> None:
    sessions = postponed.text(postponed.path).partition("<h2>Sessions</h2>")[2]
    assert "The night watch" in sessions
    assert "09:00" not in sessions
    assert "2027-05-04" not in sessions
    postponed.set_days(*NEW_DAYS)
    sessions = postponed.text(postponed.path).partition("<h2>Sessions</h2>")[2]
    assert "09:00" in sessions
    assert "2027-06-08" in sessions


def test_staff_see_the_hours_of_sessions_as_those_of_before(app: Flask, postponed: PostponedEvent) -> None:
    client = client_of(app, Role.COORDINATOR)
    assert "Before: 4 May, 09:00 to 16:30" in client.get(f"/teaching/workshops/{postponed.workshop_id}").text


def test_days_on_which_staff_decide_are_shown_as_those_of_before(app: Flask, postponed: PostponedEvent) -> None:
    for path in (f"{postponed.path}/selection", f"/teaching{postponed.path}"):
        page = client_of(app, Role.COORDINATOR).get(path).text
        assert "Before: 14 April" in page
        assert "Before: 20 March" not in page  # the nominations closed then


def test_sheets_to_print_have_no_days(app: Flask, postponed: PostponedEvent) -> None:
    client, path = client_of(app, Role.COORDINATOR), f"/teaching/workshops/{postponed.workshop_id}"
    sheet = client.get(f"{path}/sign-in-sheet").text
    assert "Print the sheet when it has new days." in sheet
    assert "Signature" not in sheet
    assert "May 2027" not in client.get(f"{path}/badges").text
    postponed.set_days(*NEW_DAYS)
    assert "8 June 2027" in client.get(f"{path}/sign-in-sheet").text
    assert "8 to 9 June 2027" in client.get(f"{path}/badges").text


def test_page_to_resume_says_that_the_event_keeps_its_days(app: Flask, postponed: PostponedEvent) -> None:
    client, path = client_of(app, Role.COORDINATOR), f"/teaching/workshops/{postponed.workshop_id}/steps/resume"
    assert "It keeps its days: 4 to 5 May 2027." in client.get(path).text
    postponed.set_days(*NEW_DAYS)
    assert "The new date is 8 to 9 June 2027." in client.get(path).text


def test_open_offer_is_no_task_with_a_deadline(app: Flask, postponed: PostponedEvent) -> None:
    with app.app_context():
        assert db.session.scalar(select(Nomination.offered_until).where(Nomination.person_id == postponed.offered))
    for path in ("/", "/workshops"):
        page = postponed.text(path, person_id=postponed.offered)
        assert "Answer the offer" not in page
        assert "Your request stays, and you get a notice with the new days." in page


def test_open_offer_has_no_last_day_on_the_page_of_the_selection(postponed: PostponedEvent) -> None:
    path, coordinator = f"{postponed.path}/selection", postponed.event.coordinator
    assert "28 March 2027" not in postponed.text(path, person_id=coordinator.id)
    with postponed.app.app_context():
        doing(nomination_events.resume, postponed.workshop_id, coordinator, CLOSED)
    assert "28 March 2027" in postponed.text(path, person_id=coordinator.id)


def test_participant_is_not_told_to_withdraw_by_a_day(app: Flask, postponed: PostponedEvent) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Workshop, postponed.workshop_id).withdraw_by = OLD_DAYS[0]
    page = postponed.text(postponed.path)
    assert "You have a seat." in page
    assert "a withdrawal needs a reason" not in page


def test_event_stays_one_to_come_when_its_old_days_have_passed(app: Flask, postponed: PostponedEvent) -> None:
    at(PASSED)
    contact_point = postponed.contact_point()
    assert BEFORE in contact_point.get("/country/participants").text
    learning = contact_point.get(f"/people/{postponed.seated}/learning").text
    assert ("Postponed" in learning, "Past" in learning) == (True, False)
    own = postponed.text("/workshops")
    assert ("Your seat stays." in own, "Held" in own) == (True, False)
    assert "Your request stays" in postponed.text("/", person_id=postponed.offered)
    assert f"{postponed.path}/travel" in postponed.text(postponed.path)
    staff = client_of(app, Role.COORDINATOR)
    assert "The event is over." not in staff.get(f"/teaching/workshops/{postponed.workshop_id}/travel").text
    assert "Known after the last session" in staff.get(f"/teaching/workshops/{postponed.workshop_id}").text


@pytest.mark.usefixtures("context")
def test_dates_needs_and_answers_stay_when_the_old_days_have_passed(postponed: PostponedEvent) -> None:
    with transaction():
        db.session.query(Nomination).update({"aim": "train my shift"})
    at(PASSED)
    assert (jobs.delete_preparations(), jobs.delete_answers()) == (0, 0)
    assert db.session.query(ParticipantTravel).count() == db.session.query(ParticipantNeeds).count() == 1
    assert {row.aim for row in db.session.query(Nomination)} == {"train my shift"}
    event_documents.prepare(postponed.workshop_id, postponed.seated, JOURNEY)


@pytest.mark.usefixtures("context")
def test_needed_course_is_due_only_while_the_event_has_days(postponed: PostponedEvent) -> None:
    course_id = courses.publish().course_id
    workshop_events.ask_for(postponed.workshop_id, courses.CODE)
    doing(nomination_events.resume, postponed.workshop_id, postponed.event.coordinator, clock.now())
    state = completion.course_states(postponed.seated, clock.today())[course_id]
    assert state.due_on == date(2027, 5, 3)
    again = {"reason": "no hall", "now": clock.now()}
    doing(nomination_events.postpone, postponed.workshop_id, postponed.event.coordinator, **again)
    assert completion.course_states(postponed.seated, clock.today()) == {}


@pytest.mark.usefixtures("context")
def test_days_of_before_are_not_in_conflict_with_other_events(postponed: PostponedEvent) -> None:
    other = workshop_events.announced(sessions=(workshop_events.session(room="Hall 1"),))
    row = db.session.get_one(Workshop, postponed.workshop_id)
    workshop_events.seat(other, postponed.offered)
    answers = {postponed.offered: None}

    def count() -> tuple[int, int, int]:
        own, others = (conflicts.conflicts(workshops.get(key)) for key in (postponed.workshop_id, other))
        lacks = nominations.obstacles(row, answers, CLOSED.date())[postponed.offered]
        return len(own), len(others), sum(line.kind is ObstacleKind.OVERLAP for line in lacks)

    assert count() == (0, 0, 0)
    doing(nomination_events.resume, postponed.workshop_id, postponed.event.coordinator, CLOSED)
    assert count() == (1, 1, 1)


@pytest.mark.usefixtures("context")
def test_calendars_get_no_date_until_the_event_has_days(postponed: PostponedEvent) -> None:
    def mails() -> int:
        db.session.rollback()
        kind = OutgoingMail.kind == MailKind.DATE_CHANGED
        return db.session.scalar(select(func.count()).select_from(OutgoingMail).where(kind)) or 0

    before = mails()
    postponed.set_days(*OLD_DAYS, ends=time(12))
    assert mails() == before
    postponed.set_days(*NEW_DAYS, ends=time(12))
    assert mails() == before + 1
