"""Pages of late work: counts for coordinators, officers for the own country and supervisors, reminders and limits."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.identity.models import Country
from app.kernel import clock
from tests.support import factories, late_scenes
from tests.support.late_scenes import LateScene
from tests.support.plan_pages import send, text, words_of
from tests.support.sql_statements import counted

DAY = timedelta(days=1)


@pytest.fixture
def late(app: Flask) -> LateScene:
    return late_scenes.make(app)


def _row(late: LateScene, country: str = "IQ") -> str:
    return f"course:{late.course_id}:{country}"


def _remind(late: LateScene, client: FlaskClient, path: str, *rows: str, **fields: object) -> tuple[int, str]:
    values = {"wanted_by": (clock.today() + 10 * DAY).isoformat(), **fields}
    return send(late.scene, client, f"{path}/remind", row=list(rows), **values)


def test_coordinator_sees_counts_and_offices_but_no_officer(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    page = words_of(text(late.scene.client("coordinator"), "/plan/late"))
    assert "6 overdue since" in page
    assert "Contact point of Iraq: 6" in page
    assert "Never reminded" in page
    assert "Hidden" not in page


def test_supervised_officers_are_for_their_supervisors(late: LateScene) -> None:
    people = late_scenes.be_late(late, "IQ", 3)
    late_scenes.be_late(late, "IQ", 8, days=-60)  # due, not late: no plan of the country is needed
    late_scenes.supervisor(late, people[:2], "IQ")
    page = words_of(text(late.scene.client("coordinator"), "/plan/late"))
    assert "Supervisors: 2 Contact point of Iraq: 1" in page


def test_country_without_consent_is_late_in_bands_and_in_no_sum(late: LateScene) -> None:
    late_scenes.be_late(late, "DE", 13)
    late_scenes.be_late(late, "IQ", 6)
    with late.app.app_context(), transaction():
        db.session.get_one(Country, "DE").exact_counts = None
    client = late.scene.client("coordinator")
    page = words_of(text(client, "/plan/late"))
    assert re.search(r"Germany: .*Overdue since [^:]+: 10 to 14\.", page)
    assert "Contact point of Germany: 10 to 14" in page
    assert "6 courses are overdue." in page
    assert "Without exact numbers, and not in the sums: Germany." in page
    form = words_of(text(client, f"/plan/late/remind?row={_row(late, 'DE')}"))
    attention = words_of(text(client, "/plan").split('id="late"')[1].split('id="outcomes"')[0])
    assert "Officers due: 10 to 14. Overdue: 10 to 14." in attention
    action = text(client, "/plan/late?country=DE").split('">Assign an action')[0].rpartition('href="')[2]
    for shown in (page, form, attention, action):
        assert not re.search(r"\b13\b", shown.replace(str(late.course_id), ""))


def test_country_without_contact_point_is_for_the_secretariat(late: LateScene) -> None:
    late_scenes.be_late(late, "FR", 2)
    page = text(late.scene.client("coordinator"), "/plan/late?country=FR")
    assert "Call, ask the deputy, or assign an action." in page
    assert _row(late, "FR") not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("country=IQ", True), ("country=BG", False), ("office=contact_point", True), ("office=content", False),
        ("days=7", True), ("days=90", False), ("course={code}", True), ("course={other}", False),
    ],
)  # fmt: skip
def test_list_is_narrowed_by_the_address(late: LateScene, query: str, shown: bool) -> None:
    late_scenes.be_late(late, "IQ", 6)
    with late.app.app_context():
        code = next(record.code for record in versions.course_records() if record.id == late.course_id)
        other = next((record.code for record in versions.course_records() if record.id != late.course_id), "")
    if "{other}" in query and not other:
        pytest.skip("one course")
    path = f"/plan/late?{query.format(code=code, other=other)}"
    assert ("6 overdue since" in text(late.scene.client("coordinator"), path)) is shown


@pytest.mark.parametrize("query", ["course=unknown", "country=XX", "days=2"])
def test_unknown_filter_is_refused(late: LateScene, query: str) -> None:
    response = late.scene.client("coordinator").get(f"/plan/late?{query}")
    assert (response.status_code, "Choose from the lists on the page." in response.text) == (400, True)


def test_link_fills_the_form_of_an_action(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    client = late.scene.client("coordinator")
    page = text(client, "/plan/late")
    href = page.split('">Assign an action')[0].rpartition('href="')[2].replace("&amp;", "&")
    form = text(client, href)
    assert 'value="contact_point:IQ" selected' in form
    assert f'value="course:{late.course_id}" selected' in form
    assert 'name="origin" value="late_list"' in form
    assert "6 overdue since" in form


def test_reminder_is_answered_and_the_sender_reads_the_date(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    coordinator, contact = late.scene.client("coordinator"), late.scene.client("contact point")
    assert "Remind 1 contact point" in text(coordinator, f"/plan/late/remind?row={_row(late)}")
    assert _remind(late, coordinator, "/plan/late", _row(late), message="Please look.")[0] == 302
    assert "Last reminded on" in text(coordinator, "/plan/late")
    assert "A colleague asks you for 1 answer" in text(contact, "/country")
    page = text(contact, "/reminders")
    path = page.split('href="/reminders/')[1].split('"')[0]
    assert "Please look." in text(contact, f"/reminders/{path}")
    assert "Seen" in text(coordinator, "/plan/reminders")
    by = (clock.today() + 30 * DAY).isoformat()
    assert send(late.scene, contact, f"/reminders/{path}/answer", kind="done_by", by=by)[0] == 302
    log = words_of(text(coordinator, "/plan/reminders"))
    assert "Answered Done by 31 March 2027" in log
    assert "An answer has come to something you asked." in text(coordinator, "/notices")
    assert "A colleague asks you for" not in text(contact, "/country")


def test_second_press_finds_the_first_result(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    client = late.scene.client("coordinator")
    for _ in range(2):
        assert _remind(late, client, "/plan/late", _row(late), submission="a form")[0] == 302
        assert "1 reminder is sent." in text(client, "/plan/reminders")
    assert "1 reminder." in text(client, "/plan/reminders")


def test_reminder_within_a_week_is_left_out(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    client = late.scene.client("coordinator")
    for _ in range(2):
        _remind(late, client, "/plan/late", _row(late))
    assert "1 was left out" in text(client, "/plan/reminders")
    assert _row(late) not in text(client, "/plan/late")
    assert "No reminder to send" in text(client, f"/plan/late/remind?row={_row(late)}")
    assert _remind(late, late.scene.client("second coordinator"), "/plan/late", _row(late))[0] == 302
    assert "2 reminders." in text(client, "/plan/reminders")


def test_third_reminder_without_answer_is_the_last(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    for _ in range(3):
        assert late_scenes.remind(late, days=20)
        late_scenes.days_later(8)
    assert late_scenes.remind(late, days=20) == []
    page = text(late.scene.client("coordinator"), "/plan/late")
    assert "Three reminders without answer" in page
    assert _row(late) not in page
    assert "Assign an action" in page


def test_rows_of_a_country_are_one_message(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    late_scenes.be_late(late, "DE", 6)
    client = late.scene.client("coordinator")
    _remind(late, client, "/plan/late", _row(late), _row(late, "DE"), _row(late, "FR"))
    assert "2 reminders are sent." in text(client, "/plan/reminders")


def test_form_without_late_rows_is_refused(late: LateScene) -> None:
    client = late.scene.client("coordinator")
    assert _remind(late, client, "/plan/late", _row(late))[0] == 422


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "done_by"}, "Enter the date by which it will be done, today or later."),
        ({"kind": "not_possible"}, "Choose why it is not possible."),
        ({}, "Choose an answer."),
    ],
)
def test_answer_is_refused_with_a_message(late: LateScene, fields: dict[str, str], message: str) -> None:
    [reminder_id] = late_scenes.remind(late)
    client = late.scene.client("contact point")
    data = {"csrf_token": factories.token(late.app, client), **fields}
    response = client.post(f"/reminders/{reminder_id}/answer", data=data)
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)


def test_second_answer_is_refused(late: LateScene) -> None:
    [reminder_id] = late_scenes.remind(late)
    client = late.scene.client("contact point")
    path = f"/reminders/{reminder_id}/answer"
    assert send(late.scene, client, path, kind="not_possible", reason="other", text="No line.")[0] == 302
    assert send(late.scene, client, path, kind="done")[0] == 422


def test_reminder_of_another_country_returns_404(late: LateScene) -> None:
    [reminder_id] = late_scenes.remind(late)
    for reader in ("another contact point", "coordinator", "practitioner"):
        assert text(late.scene.client(reader), f"/reminders/{reminder_id}", 404)


def test_contact_point_reminds_own_officers_by_alias(late: LateScene) -> None:
    people = late_scenes.be_late(late, "IQ", 2)
    client = late.scene.client("contact point")
    assert "Hidden IQ" in text(client, "/country/late")
    rows = [f"{person_id}:{late.course_id}" for person_id in people]
    assert "Remind 2 officers" in text(client, f"/country/late/remind?to=officer&row={rows[0]}&row={rows[1]}")
    assert _remind(late, client, "/country/late", *rows, to="officer")[0] == 302
    officer = factories.sign_in(late.app, people[0])
    assert "A colleague asks you for 1 answer" in text(officer, "/")
    assert "Something of yours has a date" in text(officer, "/notices")
    assert "Hidden IQ" in text(client, "/plan/reminders")
    assert "Hidden" not in text(late.scene.client("coordinator"), "/plan/reminders")


def test_contact_point_reminds_supervisors_once_for_all_officers(late: LateScene) -> None:
    people = late_scenes.be_late(late, "IQ", 2)
    boss = late_scenes.supervisor(late, people, "IQ")
    client = late.scene.client("contact point")
    rows = [f"{person_id}:{late.course_id}" for person_id in people]
    assert _remind(late, client, "/country/late", *rows, to="supervisor")[0] == 302
    assert "1 reminder is sent." in text(client, "/country/late")
    page = text(factories.sign_in(late.app, boss), "/reminders")
    assert page.count('href="/reminders/') == 1


def test_supervisor_sees_and_reminds_own_officers_only(late: LateScene) -> None:
    people = late_scenes.be_late(late, "IQ", 3)
    client = factories.sign_in(late.app, late_scenes.supervisor(late, people[:1], "IQ"))
    page = text(client, "/supervision/late")
    assert page.count('<bdi dir="auto">Hidden IQ') == 1
    assert "Remind their supervisors" not in page
    rows = [f"{person_id}:{late.course_id}" for person_id in people]
    assert _remind(late, client, "/supervision/late", *rows, to="supervisor")[0] == 302
    assert "1 reminder is sent." in text(client, "/plan/reminders")


def test_officers_of_another_country_are_absent(late: LateScene) -> None:
    people = late_scenes.be_late(late, "DE", 1)
    client = late.scene.client("contact point")
    assert "Hidden" not in text(client, "/country/late")
    assert _remind(late, client, "/country/late", f"{people[0]}:{late.course_id}", to="officer")[0] == 422


@pytest.mark.parametrize(
    ("reader", "path"), [("coordinator", "/plan/late"), ("contact point", "/country/late")], ids=["plan", "country"]
)
def test_list_takes_as_many_queries_for_three_rows_as_for_one(late: LateScene, reader: str, path: str) -> None:
    late_scenes.be_late(late, "IQ", 1)
    client = late.scene.client(reader)
    text(client, path)
    with counted(late.app) as for_one:
        text(client, path)
    late_scenes.be_late(late, "IQ", 2)
    late_scenes.be_late(late, "DE", 2)
    late_scenes.be_late(late, "BG", 2)
    with counted(late.app) as for_three:
        text(client, path)
    assert len(for_three) == len(for_one)


def test_log_takes_as_many_queries_for_three_reminders_as_for_one(late: LateScene) -> None:
    late_scenes.remind(late)
    client = late.scene.client("coordinator")
    text(client, "/plan/reminders")
    with counted(late.app) as for_one:
        text(client, "/plan/reminders")
    late_scenes.remind(late, country="DE")
    with counted(late.app) as for_three:
        text(client, "/plan/reminders")
    assert len(for_three) == len(for_one)
