"""Open answers that two colleagues mark: the writer's request, the draw, the marking, and what stays hidden."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import select, update

from app.audit.models import Entry
from app.catalogue.queries import courses as catalogue
from app.catalogue.service import publication
from app.db.session import db, transaction
from app.directory.events import IdentityRemoved
from app.identity.queries import people
from app.kernel import clock
from app.learning.models import MistakeReport
from app.messages.models import Notice
from app.quizzes import handlers, jobs
from app.quizzes.domain.peer_marking import (
    DAY,
    LONGEST_COMMENT,
    MOST_REQUESTS,
    READING_LASTS,
    REQUEST_LASTS,
    PeerRequestState,
    RequestFacts,
    has_link,
    may_ask,
    may_withdraw,
    request_state,
)
from app.quizzes.models import PeerMarking, PeerRequest
from app.quizzes.queries import peer_marking as queries
from app.quizzes.service import peer_marking as service
from app.quizzes.service.peer_marking import NoReading
from tests.support import factories, plan_periods
from tests.support.concurrency import at_once
from tests.support.peer_desk import ANSWERS, COURSE, PEERS, TEXT, PeerDesk
from tests.support.settings import NOW


@given(st.integers(0, 2), st.booleans(), st.timedeltas(timedelta(0), timedelta(60)), st.timedeltas(-DAY, DAY))
def test_answer_that_was_marked_is_never_sent_again(
    markings: int, is_withdrawn: bool, age: timedelta, newer: timedelta
) -> None:
    request = RequestFacts(NOW - age, NOW - age, is_withdrawn and not markings, markings)
    state, answered_at = request_state(request, NOW), request.answered_at + newer
    asks = may_ask(request, answered_at, NOW)
    assert not (asks and state is PeerRequestState.OPEN)
    assert not (asks and markings and answered_at <= request.answered_at)
    assert not (may_withdraw(request, NOW) and (markings or asks))


@pytest.mark.parametrize(
    ("comment", "expected"),
    [("See https://a.example", True), ("www.a.example", True), ("write to a@b.example", True), ("Good: 7/8.", False)],
)
def test_link_in_a_comment_is_found(comment: str, expected: bool) -> None:
    assert has_link(comment) is expected


@pytest.fixture
def desk(app: Flask) -> PeerDesk:
    return PeerDesk(app)


@pytest.mark.each_database
def test_two_colleagues_mark_and_the_writer_reads_both(desk: PeerDesk) -> None:
    writer_id, writer = desk.asked("BG")
    markers = [desk.person() for _ in range(3)]
    for number, (_id, client) in enumerate(markers[:2]):
        assert "1 answer of a colleague waits" in client.get(COURSE).text
        path = desk.draw(client)
        page = client.get(path).text
        assert TEXT in page
        assert "How do the hours of the night" in page  # the good answer
        fields = {"earned": str(number), "comment": f"Remark {number}"}
        assert desk.post(client, path, **fields).headers["Location"] == ANSWERS
        assert desk.post(client, path, **fields).status_code == 302  # sent twice
        assert client.get(path).status_code == 404  # marked: it is not opened again
    assert desk.post(markers[2][1], ANSWERS).headers["Location"] == ANSWERS
    page = writer.get(PEERS).text
    assert "Marked by two colleagues" in page
    assert all(f"Remark {number}" in page for number in range(2))
    with desk.app.app_context():
        notices = db.session.scalars(select(Notice).where(Notice.person_id == writer_id)).all()
        assert {notice.path for notice in notices} == {PEERS}
        assert len(notices) == 2
        assert all(notice.at.hour == notice.at.minute == 0 for notice in notices)


def test_neither_side_sees_who_the_other_is(desk: PeerDesk) -> None:
    writer_id, writer = desk.asked("BG")
    marker_id, marker = desk.person("RS")
    with desk.app.app_context():
        aliases = people.names([writer_id, marker_id])
    path = desk.draw(marker)
    shown = marker.get(path).text.split("<main")[1]
    assert [part for part in (aliases[writer_id], "Bulgaria", str(writer_id)) if part in shown] == []
    desk.post(marker, path, comment="Fine.")
    shown = writer.get(PEERS).text.split("<main")[1]
    assert [part for part in (aliases[marker_id], "Serbia", str(marker_id)) if part in shown] == []
    with desk.app.app_context():
        request_id = db.session.scalars(select(PeerRequest.id)).one()
        names = ("PeerAnswerDrawn", "PeerAnswerMarked")
        facts = db.session.scalars(select(Entry.facts).where(Entry.name.in_(names))).all()
    assert len(facts) == len(names)
    assert [text for text in facts if str(request_id) in text or str(writer_id) in text] == []


@pytest.mark.each_database
def test_last_place_goes_to_one_of_many_who_draw_at_once(desk: PeerDesk) -> None:
    desk.asked()
    colleagues = [desk.person()[0] for _ in range(5)]
    drawn = at_once(desk.app, [partial(service.draw, who, desk.course_id, clock.now()) for who in colleagues])
    assert len([result for result in drawn if isinstance(result, UUID)]) == 2
    assert drawn.count(NoReading.NONE_WAITS) == 3
    with desk.app.app_context():
        assert sorted(db.session.scalars(select(PeerMarking.position))) == [1, 2]


def test_person_reads_one_answer_at_a_time_and_never_the_own(desk: PeerDesk) -> None:
    _id, writer = desk.asked()
    desk.asked()
    drawn = desk.draw(writer)  # of the other writer
    assert desk.draw(writer) == drawn
    desk.post(writer, drawn)
    assert desk.post(writer, ANSWERS).headers["Location"] == ANSWERS


def test_colleague_without_an_own_answer_or_without_the_course_gets_none(desk: PeerDesk) -> None:
    desk.asked()
    _id, stranger = desk.person(text="")
    assert stranger.get(ANSWERS).status_code == 404
    desk.post(stranger, f"{COURSE}/enrolment")
    assert "No answer waits" in stranger.get(ANSWERS).text
    assert desk.post(stranger, ANSWERS).headers["Location"] == ANSWERS
    assert desk.post(stranger, PEERS).status_code == 404  # has written nothing


def test_pages_of_a_reading_are_closed_to_all_others(desk: PeerDesk) -> None:
    _id, writer = desk.asked()
    path = desk.draw(desk.person()[1])
    for client in (writer, desk.person()[1]):
        assert client.get(path).status_code == 404
        assert desk.post(client, path, comment="Mine.").status_code == 404
    assert writer.get(f"{ANSWERS}/{uuid4()}").status_code == 404
    assert desk.app.test_client().get(path).status_code == 302


def test_withdrawn_answer_is_gone_for_its_reader(desk: PeerDesk) -> None:
    _id, writer = desk.asked()
    _id, marker = desk.person()
    path = desk.draw(marker)
    desk.post(writer, f"{PEERS}/withdrawal")
    assert marker.get(path).status_code == 404
    assert desk.post(marker, path, comment="Too late.").status_code == 404
    with desk.app.app_context():
        assert list(db.session.scalars(select(PeerRequest.body))) == [""]
    assert desk.count(PeerMarking) == 0
    assert desk.post(writer, PEERS).status_code == 302  # the same answer may be sent again


def test_marked_answer_cannot_be_withdrawn_or_sent_again(desk: PeerDesk) -> None:
    _id, writer = desk.asked()
    _id, marker = desk.person()
    desk.post(marker, desk.draw(marker), earned="0")
    desk.post(writer, f"{PEERS}/withdrawal")
    assert desk.count(PeerMarking) == 1
    assert desk.post(writer, PEERS).status_code == 409


def test_script_in_answer_and_comment_is_text_and_a_link_is_refused(desk: PeerDesk) -> None:
    hostile = "<script>alert(1)</script> {{ 7 * 7 }}"
    _id, writer = desk.person(text=hostile)
    desk.post(writer, PEERS)
    _id, marker = desk.person()
    path = desk.draw(marker)
    assert "<script>alert" not in marker.get(path).text
    for comment in ("Read https://evil.example", "x" * (LONGEST_COMMENT + 1)):
        answer = desk.post(marker, path, comment=comment, earned="1")
        assert answer.status_code == 422
        assert comment in answer.text
    assert desk.post(marker, path, earned="7").status_code == 422
    desk.post(marker, path, comment=f"{hostile}\u202e")
    page = writer.get(PEERS).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "\u202e" not in page


def test_reported_comment_is_hidden_and_goes_to_the_trainers_once(desk: PeerDesk) -> None:
    _id, writer = desk.asked()
    _id, marker = desk.person()
    desk.post(marker, desk.draw(marker), comment="You are lazy.")
    with desk.app.app_context():
        report = f"{PEERS}/{db.session.scalars(select(PeerMarking.id)).one()}/report"
    assert desk.post(marker, report).status_code == 404  # only its writer reports it
    for _ in range(2):
        assert desk.post(writer, report).status_code == 302
    assert "You are lazy." not in writer.get(PEERS).text
    with desk.app.app_context():
        assert [text.splitlines()[-1] for text in db.session.scalars(select(MistakeReport.body))] == ["You are lazy."]


def test_requests_of_a_day_are_limited_also_by_withdrawn_ones(desk: PeerDesk) -> None:
    _id, writer = desk.person()
    for _ in range(MOST_REQUESTS):
        assert desk.post(writer, PEERS).status_code == 302
        desk.post(writer, f"{PEERS}/withdrawal")
    assert desk.post(writer, PEERS).status_code == 429


def test_reading_ends_after_a_day_and_a_request_after_thirty(desk: PeerDesk) -> None:
    desk.asked()
    first, second = desk.person()[0], desk.person()[0]
    with desk.app.app_context():
        asked_at = db.session.scalars(select(PeerRequest.asked_at)).one()
        with transaction():
            old = service.draw(first, desk.course_id, asked_at)
            assert isinstance(service.draw(second, desk.course_id, asked_at), UUID)
        later = asked_at + READING_LASTS
        with transaction():
            new = service.draw(second, desk.course_id, later)
        assert isinstance(new, UUID)
        assert new != old
        assert queries.waiting(first, desk.course_id, asked_at + REQUEST_LASTS, 9) == []
        assert queries.open_reading(second, desk.course_id, asked_at + REQUEST_LASTS) is None


def test_course_that_does_not_allow_it_offers_nothing(desk: PeerDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    _id, writer = desk.asked()
    assert f'href="{PEERS}"' in writer.get(f"{COURSE}/lessons/the-list").text
    monkeypatch.setattr("app.learning.queries.peer_marking.versions.is_retired", lambda _version: True)
    assert writer.get(ANSWERS).status_code == 404
    assert desk.post(writer, PEERS).status_code == 409
    assert "no longer sends answers" in writer.get(PEERS).text


@pytest.mark.each_database
def test_everything_goes_with_identity_course_and_retention(desk: PeerDesk) -> None:
    writer_id, _writer = desk.asked()
    marker_id, marker = desk.person()
    desk.post(marker, desk.draw(marker), comment="Fine.")
    with desk.app.app_context():
        with transaction():
            handlers.on_identity_removed(IdentityRemoved(at=NOW, person_id=marker_id, country="IQ", why="retention"))
        assert (desk.count(PeerRequest), desk.count(PeerMarking)) == (1, 0)
        assert db.session.scalars(select(Notice).where(Notice.person_id == writer_id)).all() == []
        with transaction():
            handlers.on_identity_removed(IdentityRemoved(at=NOW, person_id=writer_id, country="IQ", why="retention"))
        assert desk.count(PeerRequest) == 0
    desk.asked()
    with desk.app.app_context():
        course = catalogue.outline(db.session.scalars(select(PeerRequest.version_id)).one())
        first, second = factories.person(), factories.person()
        with transaction():
            publication.retire(course.course_id, first_id=first, second_id=second, now=clock.now())
        assert desk.count(PeerRequest) == 0


def test_requests_are_deleted_with_the_retention_of_practice(desk: PeerDesk) -> None:
    desk.asked()
    desk.asked()
    with desk.app.app_context():
        plan_periods.load(NOW.date().replace(year=NOW.year - 5, month=1, day=1), NOW.date() - timedelta(days=900))
        with transaction():
            oldest = select(PeerRequest.id).order_by(PeerRequest.id).limit(1).scalar_subquery()
            db.session.execute(
                update(PeerRequest).where(PeerRequest.id == oldest).values(answered_at=NOW - timedelta(days=1000))
            )
        assert jobs.delete_practice() == 1
    assert desk.count(PeerRequest) == 1
