import re

from flask import Flask

from app.checks.domain.sittings import SeatState, SittingState, WorkState
from app.checks.models import SeatWork, SittingTask
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.quizzes.queries import watched
from tests.support import factories, sitting_scene, watched_course
from tests.support.sitting_pages import begin, confirm_all, enter, post
from tests.support.sitting_scene import scene


def test_officer_goes_from_code_to_evidence(app: Flask) -> None:
    made = scene(app)
    officer, watcher = factories.sign_in(app, made.officers[0]), factories.sign_in(app, made.invigilator)
    assert enter(app, officer, made).location == f"/sittings/{made.code}"
    page = officer.get(f"/sittings/{made.code}").text
    assert "Name of officer 1" in page
    assert "Begin" not in re.findall(r"<button[^>]*>\s*<span>([^<]*)", page)
    confirm_all(app, watcher, made)
    attempt = begin(app, officer, made)
    question = officer.get(f"/attempts/{attempt}/1").text
    assert "watched.js" in question
    assert "quiz.js" not in question
    assert question.count("data-question=") == 1
    with app.app_context():
        items = [line.item.id for line in watched.answers_of(attempt)]
    answered = post(app, officer, f"/attempts/{attempt}/1", step="next", **watched_course.right_answer(items[0]))
    assert answered.location == f"/attempts/{attempt}/2"
    assert "1 of 12" in watcher.get(f"/sittings/{made.sitting_id}").text
    assert "Submit answers" in officer.get(f"/attempts/{attempt}/check").text
    post(app, officer, f"/attempts/{attempt}/hand-in")
    assert officer.get(f"/attempts/{attempt}/result").location == f"/sittings/{made.code}"
    assert "You are finished. Sign out now." in officer.get(f"/sittings/{made.code}").text
    closed = post(app, watcher, f"/sittings/{made.sitting_id}/close", note="No incidents.")
    assert closed.status_code == 302
    with app.app_context():
        assert db.session.query(Evidence).one().person_id == made.officers[0]
        assert sitting_scene.details(made.sitting_id).state is SittingState.CLOSED


def test_legend_says_when_the_circle_of_a_question_changes(app: Flask) -> None:
    made = scene(app)
    officer, watcher = factories.sign_in(app, made.officers[0]), factories.sign_in(app, made.invigilator)
    enter(app, officer, made)
    confirm_all(app, watcher, made)
    attempt = begin(app, officer, made)
    page = officer.get(f"/attempts/{attempt}/1").text
    assert "Filled circle: answered. Small square: marked." in page
    assert "The circle of this question changes when you open another one." in page
    with app.app_context():
        item = watched.answers_of(attempt)[0].item.id
    post(app, officer, f"/attempts/{attempt}/1", step="next", marked="y", **watched_course.right_answer(item))
    assert re.findall(r'data-goto="1" class="([^"]+)"', officer.get(f"/attempts/{attempt}/2").text) == ["done marked"]


def test_list_names_aliases_and_never_the_real_name(app: Flask) -> None:
    made = scene(app)
    watcher = factories.sign_in(app, made.invigilator)
    page = watcher.get(f"/sittings/{made.sitting_id}").text
    with app.app_context():
        aliases = [line.alias for line in sitting_scene.seats_of(made.sitting_id)]
    assert all(alias in page for alias in aliases)
    assert "Name of officer" not in page


def test_sitting_is_planned_from_a_link(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        contact_point = factories.person(roles=(), grants=sitting_scene.CONTACT_POINT)
        alias = sitting_scene.seat_of(made.sitting_id, made.officers[0]).alias
    client = factories.sign_in(app, contact_point)
    page = client.get(f"/sittings/new?competency=PRT-01.foundation&officer={made.officers[0]}").text
    assert re.search(r'value="PRT-01.foundation"\s+checked', page)
    assert alias in page
    fields = {"aims": "PRT-01.foundation", "kind": "group", "officers": alias, "day": "2027-03-02", "at": "09:30"}
    planned = post(app, client, "/sittings/new", **fields, location="Room 7", submission="once")
    assert planned.status_code == 302, planned.text
    page = client.get(planned.location).text
    assert "Room 7" in page
    assert alias in page
    assert post(app, client, "/sittings/new", **fields, submission="once").location == planned.location
    assert "watched check on" in factories.sign_in(app, made.officers[0]).get("/notices").text


def test_supervisor_plans_for_one_own_officer_only(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        alias = sitting_scene.seat_of(made.sitting_id, made.officers[0]).alias
    client = factories.sign_in(app, made.officers[1])
    assert client.get("/sittings/new").status_code == 403
    fields = {"aims": "PRT-01.foundation", "kind": "officer", "officers": alias, "day": "2027-03-02", "at": "09:30"}
    assert post(app, client, "/sittings/new", **fields).status_code == 403


def test_second_invigilator_confirms(app: Flask) -> None:
    made = scene(app)
    first, officer = factories.sign_in(app, made.invigilator), factories.sign_in(app, made.officers[0])
    with app.app_context():
        alias = sitting_scene.people_alias(made.second)
    assert post(app, first, f"/sittings/{made.sitting_id}/invigilators", alias=alias).status_code == 302
    enter(app, officer, made)
    confirm_all(app, factories.sign_in(app, made.second), made)
    with app.app_context():
        seat = sitting_scene.seat_of(made.sitting_id, made.officers[0])
        assert (seat.state, seat.confirmed_by) == (SeatState.CONFIRMED, made.second)


def test_seat_page_adds_minutes_and_moves_the_device(app: Flask) -> None:
    made = scene(app)
    officer, watcher = factories.sign_in(app, made.officers[0]), factories.sign_in(app, made.invigilator)
    enter(app, officer, made)
    confirm_all(app, watcher, made)
    attempt = begin(app, officer, made)
    with app.app_context():
        seat_id = sitting_scene.seat_of(made.sitting_id, made.officers[0]).id
    path = f"/sittings/{made.sitting_id}/seats/{seat_id}"
    assert "Continue on another device" in watcher.get(path).text
    assert post(app, watcher, f"{path}/minutes", minutes="10", reason="").status_code == 422
    assert post(app, watcher, f"{path}/minutes", minutes="10", reason="Dead phone").status_code == 302
    assert "+10: Dead phone" in watcher.get(f"/sittings/{made.sitting_id}").text
    assert post(app, watcher, f"{path}/device").status_code == 302
    assert officer.get(f"/attempts/{attempt}/1").status_code == 403


def test_released_seat_shows_the_field_of_the_code_on_the_next_device(app: Flask) -> None:
    made = scene(app)
    officer, watcher = factories.sign_in(app, made.officers[0]), factories.sign_in(app, made.invigilator)
    enter(app, officer, made)
    other = factories.sign_in(app, made.officers[0])
    assert "Your seat is open on another device" in other.get(f"/sittings/{made.code}").text
    with app.app_context():
        seat_id = sitting_scene.seat_of(made.sitting_id, made.officers[0]).id
    post(app, watcher, f"/sittings/{made.sitting_id}/seats/{seat_id}/device")
    page = other.get(f"/sittings/{made.code}").text
    assert "Take my seat" in page
    assert "Your seat is open on another device" not in page
    assert enter(app, other, made).status_code == 302


def test_seat_page_names_all_competencies_of_the_sitting(app: Flask) -> None:
    made = scene(app)
    with app.app_context(), transaction():
        first = db.session.query(SittingTask).filter_by(sitting_id=made.sitting_id).one()
        seat = sitting_scene.seat_of(made.sitting_id, made.officers[0])
        db.session.add(
            SittingTask(
                sitting_id=made.sitting_id, position=2, competency="PRT-02", level=first.level, way=first.way,
                course_id=first.course_id, task="", minutes=30,
            )
        )  # fmt: skip
        db.session.flush()
        db.session.add(SeatWork(seat_id=seat.id, position=2, state=WorkState.WAITING))
    officer = factories.sign_in(app, made.officers[0])
    enter(app, officer, made)
    page = officer.get(f"/sittings/{made.code}").text
    heading = page[page.index("<h1>") : page.index("</h1>")]
    assert "Read a berth list" in heading
    assert "Keep a watch" in heading


def test_list_of_sittings_shows_own_seats_and_watched_ones(app: Flask) -> None:
    made = scene(app)
    assert "Room 4" in factories.sign_in(app, made.officers[0]).get("/sittings").text
    assert str(made.sitting_id) in factories.sign_in(app, made.invigilator).get("/sittings").text


def test_watched_sittings_come_before_the_code_and_past_ones_after_it(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        trainer = factories.person(grants=sitting_scene.CONTACT_POINT)
        later = sitting_scene.plan((), by=trainer)
        past = [sitting_scene.plan((), by=trainer) for _ in range(21)]
        sitting_scene.end(past)
    client = factories.sign_in(app, trainer)
    page = client.get("/sittings").text
    order = [str(made.sitting_id), str(later), "Take your seat", str(past[-1]), str(past[1])]
    assert sorted(order, key=page.index) == order
    assert str(past[0]) not in page
    second = client.get("/sittings?page=2").text
    assert str(past[0]) in second
    assert str(later) not in second


def test_form_shows_each_missing_field_at_once(app: Flask) -> None:
    made = scene(app)
    client = factories.sign_in(app, made.second)
    empty = post(app, client, "/sittings/new", kind="group", day="", at="")
    assert empty.status_code == 422
    assert {"#aims", "#day", "#at"} <= set(re.findall(r'<li><a href="(#[a-z]+)">', empty.text))
    assert 'id="aims-error"' in empty.text
    past = {"aims": "PRT-01.foundation", "kind": "group", "day": "2020-03-02", "at": "09:30"}
    page = post(app, client, "/sittings/new", **past).text
    assert re.findall(r'<li><a href="(#[a-z]+)">', page) == ["#day"]
    assert "Choose a day from today on." in page[page.index('id="day-error"') :]


def test_refused_step_shows_its_error_at_the_field(app: Flask) -> None:
    made = scene(app)
    client = factories.sign_in(app, made.invigilator)
    path = f"/sittings/{made.sitting_id}"
    for step, fields, field in (
        ("invigilators", {"alias": "Officer 7 of no list"}, "alias"),
        ("officers", {"officers": "Officer 7 of no list"}, "officers"),
        ("interrupt", {"note": ""}, "interrupt-note"),
        ("close", {"note": ""}, "close-note"),
        ("close", {"note": "a" * 601}, "close-note"),
    ):
        page = post(app, client, f"{path}/{step}", **fields).text
        assert f'id="{field}-error"' in page, step
        opened = page[: page.index(f'id="{field}-error"')]
        assert opened.rindex("open>") > opened.rindex("<details"), step


def test_officer_who_began_nothing_is_not_called_absent(app: Flask) -> None:
    made = scene(app)
    watcher = factories.sign_in(app, made.invigilator)
    enter(app, factories.sign_in(app, made.officers[0]), made)
    confirm_all(app, watcher, made)
    post(app, watcher, f"/sittings/{made.sitting_id}/close", note="No incidents.")
    page = watcher.get(f"/sittings/{made.sitting_id}").text
    assert page.count("Began nothing") == page.count("Absent") == 1


def test_list_says_how_to_load_it_again_only_while_the_sitting_runs(app: Flask) -> None:
    made = scene(app)
    watcher = factories.sign_in(app, made.invigilator)
    with_script = "The list updates itself every 15 seconds. If it seems old:"
    without_script = "The list shows the state when this page was loaded. To see changes:"
    page = watcher.get(f"/sittings/{made.sitting_id}").text
    assert (with_script in page, without_script in page) == (True, True)
    post(app, watcher, f"/sittings/{made.sitting_id}/close", note="No incidents.")
    page = watcher.get(f"/sittings/{made.sitting_id}").text
    assert (with_script in page, without_script in page) == (False, False)


def test_closed_seat_leads_to_its_result(app: Flask) -> None:
    made = scene(app)
    officer, watcher = factories.sign_in(app, made.officers[0]), factories.sign_in(app, made.invigilator)
    enter(app, officer, made)
    confirm_all(app, watcher, made)
    begin(app, officer, made)
    post(app, watcher, f"/sittings/{made.sitting_id}/close", note="No incidents.")
    assert 'href="/path/PRT-01"' in officer.get(f"/sittings/{made.code}").text
    assert "Watched check" in officer.get("/path/PRT-01").text


def test_start_page_leads_officer_and_invigilator_back_to_the_sitting(app: Flask) -> None:
    made = scene(app)
    officer, watcher = factories.sign_in(app, made.officers[0]), factories.sign_in(app, made.invigilator)
    assert "You watch 1 open sitting" in watcher.get("/").text
    assert "Take your seat in the watched check" in officer.get("/").text
    enter(app, officer, made)
    confirm_all(app, watcher, made)
    assert "Go on with the watched check" in officer.get("/").text
    attempt = begin(app, officer, made)
    assert "Go on with the watched check" in officer.get("/").text
    post(app, officer, f"/attempts/{attempt}/hand-in")
    assert "watched check" not in officer.get("/").text
    post(app, watcher, f"/sittings/{made.sitting_id}/close", note="No incidents.")
    assert "open sitting" not in watcher.get("/").text
