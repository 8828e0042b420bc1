"""The form of an event in three steps, templates, rooms and meeting links of sessions, and conflicts."""

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, strategies as st

from app.access.policy import Role
from app.db.session import transaction
from app.kernel import clock
from app.workshops.domain import conflicts, drafts
from app.workshops.domain.conflicts import EventConflict, Occupation
from app.workshops.domain.templates import TEMPLATES, EventTemplate, nomination_days
from app.workshops.forms import editor_start
from app.workshops.forms.editor_steps import step_of
from app.workshops.queries import conflicts as queries, workshops
from app.workshops.service import staff
from tests.support import factories, workshop_events
from tests.support.workshop_events import session
from tests.support.workshop_pages import announced, client_of, fields, post

NEW = "/teaching/workshops/new"
INPUT = re.compile(r'<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"')
START = datetime(2027, 5, 4, 9, tzinfo=UTC)
LINK = "https://meet.example/room-3"


def hidden(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in INPUT.findall(text) if name != "csrf_token"}


def of_step(step: int) -> dict[str, str]:
    """Return what a browser sends from one step alone."""
    return {name: value for name, value in fields().items() if step_of(name) == step}


def test_steps_carry_all_fields_to_the_saved_event(lite_app: Flask) -> None:
    client = client_of(lite_app, Role.COORDINATOR)
    second = post(lite_app, client, NEW, **of_step(1), step="1", go="next")
    assert (second.status_code, "Where and when" in second.text) == (200, True)
    third = post(lite_app, client, NEW, **hidden(second.text) | of_step(2) | {"step": "2", "go": "next"})
    assert third.status_code == 200
    saved = post(lite_app, client, NEW, **hidden(third.text) | of_step(3) | {"step": "3", "go": "save"})
    assert saved.status_code == 302, saved.text
    with lite_app.app_context():
        workshop = workshops.get(UUID(saved.headers["Location"].rsplit("/", 1)[1]))
        assert (workshop.code, workshop.town, workshop.capacity, len(workshop.sessions)) == (
            "WS-2027-90",
            "Sofia",
            20,
            2,
        )


def test_step_of_sessions_has_empty_rows_after_the_carried_ones(lite_app: Flask) -> None:
    client = client_of(lite_app, Role.COORDINATOR)
    page = post(lite_app, client, NEW, **fields(), step="1", go="next")
    assert re.findall(r'name="session-(\d+)-starts"', page.text) == ["0", "1", "2", "3", "4"]


def test_step_with_an_error_stays_and_does_not_show_errors_of_later_steps(lite_app: Flask) -> None:
    answer = post(
        lite_app, client_of(lite_app, Role.COORDINATOR), NEW, **of_step(1) | {"title": "", "step": "1", "go": "next"}
    )
    assert answer.status_code == 422
    assert "Enter a title." in answer.text
    assert "Enter at least one session." not in answer.text


def test_error_of_an_earlier_step_returns_to_that_step(lite_app: Flask) -> None:
    answer = post(lite_app, client_of(lite_app, Role.COORDINATOR), NEW, **fields(title=""), step="3", go="save")
    assert answer.status_code == 422
    assert 'name="step" value="1"' in answer.text
    assert hidden(answer.text)["capacity"] == "20"


def test_back_keeps_invalid_values_without_errors(lite_app: Flask) -> None:
    sent = fields(**{"session-0-day": "2027-13-40"})
    answer = post(lite_app, client_of(lite_app, Role.COORDINATOR), NEW, **sent, step="2", go="back")
    assert answer.status_code == 200
    assert hidden(answer.text)["session-0-day"] == "2027-13-40"


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_fills_in_sessions_that_can_be_saved(template: EventTemplate) -> None:
    rows = editor_start.rows(template, date(2027, 5, 4))
    sessions = TEMPLATES[template].sessions
    assert [rows.sent[f"session-{n}-title"] for n in range(len(sessions))] == [line.title for line in sessions]
    in_order = [(line.after, line.starts, line.ends) for line in sessions]
    assert in_order == sorted(in_order)
    assert all(line.ends > line.starts for line in sessions)
    assert all(before.after < line.after or before.ends <= line.starts for before, line in pairwise(sessions))


def test_template_is_shown_with_its_days(lite_app: Flask) -> None:
    path = f"{NEW}?template=practical_workshop&first_day=2027-05-04&enrolment=nominated"
    values = hidden(client_of(lite_app, Role.COORDINATOR).get(path).text)
    assert (values["session-0-day"], values["session-8-day"]) == ("2027-05-04", "2027-05-06")
    days = nomination_days(date(2027, 5, 4))
    assert values["opens"] == days.opens.isoformat() == "2027-02-09"


def test_template_without_a_first_day_is_refused(lite_app: Flask) -> None:
    answer = client_of(lite_app, Role.COORDINATOR).get(f"{NEW}?template=exercise")
    assert (answer.status_code, "Enter the first day of the event." in answer.text) == (422, True)


@pytest.mark.parametrize(
    "link",
    ["http://meet.example/a", "javascript:alert(1)", "https://", "https://a b", "https://user@meet.example", "meet"],
)
def test_meeting_link_other_than_https_is_refused(lite_app: Flask, link: str) -> None:
    assert not drafts.is_meeting_link(link)
    answer = post(lite_app, client_of(lite_app, Role.COORDINATOR), NEW, **fields(**{"session-0-link": link}))
    assert answer.status_code == 422
    assert "Enter a meeting link that begins with https." in unescape(answer.text)


def test_room_and_link_are_shown_to_people_with_a_seat_alone(lite_app: Flask) -> None:
    workshop_id = announced(lite_app, sessions=(session(room="Room 3", link=LINK, language="fr"),))
    with lite_app.app_context():
        [seated] = workshop_events.booked(workshop_id, 1)
        other = factories.person()
    pages = [page_of(lite_app, person, workshop_id) for person in (seated, other)]
    assert ["Room 3" in text for text in pages] == [True, False]
    assert [f'href="{LINK}"' in text for text in pages] == [True, False]
    assert all("Français" in text for text in pages)


def page_of(app: Flask, person: UUID, workshop_id: UUID) -> str:
    return factories.sign_in(app, person).get(f"/workshops/{workshop_id}").text


def occupation(number: int, *, after: int, minutes: int, room: str = "", people: tuple[UUID, ...] = ()) -> Occupation:
    starts = START + timedelta(minutes=after)
    return Occupation(
        code=f"WS-{number}",
        number=number,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        town=("BG", "Sofia"),
        room=room,
        staff=frozenset(people),
    )


@given(after=st.integers(-300, 300), minutes=st.integers(1, 300))
def test_sessions_conflict_only_while_they_overlap(after: int, minutes: int) -> None:
    own, other = (
        occupation(1, after=0, minutes=60, room="Hall 3"),
        occupation(2, after=after, minutes=minutes, room="HALL  3"),
    )
    overlap = after < 60 and after + minutes > 0
    assert conflicts.conflicts([own], [other]) == ([EventConflict(1, "WS-2", 2, room="Hall 3")] if overlap else [])


def test_same_person_conflicts_and_sessions_without_a_room_do_not() -> None:
    person = uuid4()
    own, other = (
        occupation(1, after=0, minutes=60, people=(person,)),
        occupation(2, after=30, minutes=60, people=(person,)),
    )
    assert conflicts.conflicts([own], [other]) == [EventConflict(1, "WS-2", 2, person_id=person)]


@pytest.mark.each_database
def test_conflicts_of_room_and_trainer_are_read_from_other_events(app: Flask) -> None:
    with app.app_context():
        trainer = factories.person()
        ids = [workshop_events.announced(sessions=(session(starts=time(9 + n), room="Hall 3"),)) for n in range(2)]
        for workshop_id in ids:
            with transaction():
                staff.appoint(workshop_id, trainer, Role.TRAINER, clock.now())
        lines = queries.conflicts(workshops.get(ids[0]))
        assert [(line.room, line.person_id) for line in lines] == [("Hall 3", None), ("", trainer)]
        elsewhere = workshop_events.announced(town="Plovdiv", sessions=(session(room="Hall 3"),))
        assert queries.conflicts(workshops.get(elsewhere)) == []
