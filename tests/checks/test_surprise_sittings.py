"""Surprise checks in sittings: who is drawn is decided by the server, and the draw follows the sitting."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.checks.domain import surprise as rules
from app.checks.domain.surprise import PickState
from app.checks.jobs import marking as marking_jobs
from app.checks.models import SittingSeat, SurpriseDraw, SurprisePick
from app.checks.queries import surprise as queries
from app.checks.service import closing, sittings, surprise
from app.checks.service.surprise import NewDraw
from app.competence.domain.evidence import EvidenceKind
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.models import Notice
from tests.support import factories, marking_scenes, sitting_scene, surprise_scene, watched_course
from tests.support.sitting_pages import post
from tests.support.sitting_scene import Scene, scene

COMPETENCY = watched_course.COMPETENCY


@pytest.fixture
def made(app: Flask) -> Scene:
    """A planned sitting without surprise, whose first officer is drawn."""
    made = scene(app, opened=False)
    with app.app_context():
        draw(made.officers[0])
        db.session.remove()
    return made


def draw(person_id: UUID) -> None:
    quarter = rules.quarter_of(clock.today())
    with transaction():
        picks = {person_id: (Level.FOUNDATION, sitting_scene.COUNTRY)}
        surprise.store(NewDraw(quarter, COMPETENCY, 1, 20, picks), clock.now())


def pick(person_id: UUID) -> tuple[PickState, UUID | None]:
    row = db.session.execute(
        select(SurprisePick.state, SurprisePick.sitting_id).where(SurprisePick.person_id == person_id)
    ).one()
    db.session.rollback()
    return row[0], row[1]


def plan(app: Flask, made: Scene, **more: str) -> UUID:
    """Plan a sitting for both officers as the contact point, by the form that the link of the draw fills."""
    with app.app_context():
        aliases = "\n".join(map(sitting_scene.people_alias, made.officers))
    client = factories.sign_in(app, made.second)
    fields = {
        "aims": f"{COMPETENCY}.foundation",
        "kind": "group",
        "officers": aliases,
        "at": "10:00",
        "location": "Room 9",
    }
    answer = post(app, client, "/sittings/new", **fields, day=clock.today().isoformat(), **more)
    assert answer.status_code == 302, answer.text
    return UUID(answer.location.rsplit("/", 1)[1])


def surprised(sitting_id: UUID) -> set[UUID]:
    query = select(SittingSeat.person_id).where(SittingSeat.sitting_id == sitting_id, SittingSeat.is_surprise)
    return set(db.session.scalars(query))


def test_form_of_a_surprise_check_keeps_it(app: Flask, made: Scene) -> None:
    client = factories.sign_in(app, made.second)
    page = client.get(f"/sittings/new?competency={COMPETENCY}.foundation&officer={made.officers[0]}&surprise=1").text
    assert 'name="surprise" value="1"' in page
    assert "Officers who were drawn get no notice." in page
    assert 'name="surprise"' not in client.get("/sittings/new").text


def test_only_drawn_officers_have_a_surprise_seat_without_notice(app: Flask, made: Scene) -> None:
    with app.app_context():
        notices = set(db.session.scalars(select(Notice.id)))
    sitting_id = plan(app, made, surprise="1")
    with app.app_context():
        assert surprised(sitting_id) == {made.officers[0]}
        assert pick(made.officers[0]) == (PickState.SEATED, sitting_id)
        fresh = db.session.scalars(select(Notice).where(Notice.id.not_in(notices)))
        assert {notice.person_id for notice in fresh} == {made.officers[1]}
    own = factories.sign_in(app, made.officers[0]).get("/sittings").text
    assert "Room 4" in own  # the sitting of the scene
    assert "Room 9" not in own


def test_sitting_without_the_field_takes_no_pick(app: Flask, made: Scene) -> None:
    sitting_id = plan(app, made)
    with app.app_context():
        assert surprised(sitting_id) == set()
        assert pick(made.officers[0]) == (PickState.DRAWN, None)


def test_added_officer_who_was_drawn_has_a_surprise_seat(app: Flask, made: Scene) -> None:
    sitting_id = plan(app, made, surprise="1")
    with app.app_context():
        late = factories.person()
        alias = sitting_scene.people_alias(late)
        with transaction():
            row = db.session.scalars(select(SurprisePick)).one()
            db.session.add(
                SurprisePick(
                    draw_id=row.draw_id, person_id=late, level=row.level, country=row.country, state=PickState.DRAWN
                )
            )
        db.session.remove()
    client = factories.sign_in(app, made.second)
    assert post(app, client, f"/sittings/{sitting_id}/officers", officers=alias).status_code == 302
    with app.app_context():
        assert surprised(sitting_id) == {made.officers[0], late}
        assert pick(late) == (PickState.SEATED, sitting_id)


def test_cancelled_sitting_gives_the_pick_back(app: Flask, made: Scene) -> None:
    sitting_id = plan(app, made, surprise="1")
    assert post(app, factories.sign_in(app, made.second), f"/sittings/{sitting_id}/cancel").status_code == 302
    with app.app_context():
        assert pick(made.officers[0]) == (PickState.DRAWN, None)


def test_surprise_check_asks_one_competency(app: Flask, made: Scene) -> None:
    with app.app_context():
        aims = [
            sittings.CheckAim(competency=COMPETENCY, level=Level.FOUNDATION),
            sittings.CheckAim(competency=COMPETENCY, level=Level.PRACTITIONER),
        ]
        new = sittings.NewSitting(country="IQ", planned_for=clock.now(), aims=aims, is_surprise=True)
        with pytest.raises(DomainError, match="one competency"), transaction():
            sittings.plan(new, by=made.second, now=clock.now())


def checked(app: Flask, made: Scene, sitting_id: UUID) -> None:
    """Let the first officer work and hand in, and close the sitting."""
    sitting_scene.open_it(sitting_id, made.second)
    code = sitting_scene.details(sitting_id).code
    again = Scene(sitting_id, code, made.second, made.invigilator, made.officers)
    sitting_scene.hand_in(sitting_scene.at_work(again, made.officers[0]))
    with transaction():
        closing.close(sitting_id, by=made.second, note="No incidents.", now=clock.now())


def test_evidence_of_a_surprise_seat_ends_the_pick(app: Flask, made: Scene) -> None:
    sitting_id = plan(app, made, surprise="1")
    with app.app_context():
        checked(app, made, sitting_id)
        assert pick(made.officers[0]) == (PickState.CHECKED, sitting_id)
        assert [line.kind for line in db.session.scalars(select(Evidence))] == [EvidenceKind.SURPRISE]


def test_desk_task_marked_in_the_next_quarter_ends_the_pick_of_its_day(lite_app: Flask) -> None:
    desk = marking_scenes.MarkingDesk(lite_app)
    officer = desk.officer()
    number = desk.product(officer, days_ago=70)
    with lite_app.app_context():
        quarter = rules.quarter_of(clock.today() - timedelta(days=70))
        assert quarter != rules.quarter_of(clock.today())
        with transaction():
            db.session.scalars(select(SittingSeat)).one().is_surprise = True
            picks = {officer: (Level.PRACTITIONER, "IQ")}
            surprise.store(NewDraw(quarter, marking_scenes.COMPETENCY, 1, 20, picks), clock.now())
        with transaction():
            surprise.end_quarters(clock.now())
        assert pick(officer) == (PickState.MISSED, None)
    desk.mark(desk.marker(), number)
    with lite_app.app_context():
        assert marking_jobs.record_results() == 1
        assert pick(officer) == (PickState.CHECKED, None)


def test_own_chain_is_warned_until_another_chain_watches(app: Flask, made: Scene) -> None:
    """A pick after a result that the own chain alone watched does not count if it watches alone again."""
    officer = made.officers[0]
    with app.app_context():
        surprise_scene.share_agency(officer, made.second)
        surprise_scene.checked(officer, [made.second], competency=COMPETENCY)
        with transaction():
            db.session.query(SurprisePick).delete()
            db.session.query(SurpriseDraw).delete()
        draw(officer)
        db.session.remove()
    sitting_id = plan(app, made, surprise="1")
    with app.app_context():
        seat = sitting_scene.seat_of(sitting_id, officer)
        details = sitting_scene.details(sitting_id)
        assert queries.needs_other(details, officer, clock.now())
    client, path = factories.sign_in(app, made.second), f"/sittings/{sitting_id}/seats/{seat.id}"
    assert "Another chain has to watch this surprise check" in client.get(path).text
    with app.app_context():
        with transaction():
            sittings.add_invigilator(sitting_id, made.invigilator, by=made.second, now=clock.now())
        db.session.remove()
    assert "Another chain has to watch" not in client.get(path).text
