"""Pages of reports: the form, texts, schedules and their mails, lines of donors."""

from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.session import db, transaction
from app.identity.domain.people import MailRhythm
from app.identity.models import Person
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import MailKind, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.messages.service import letters
from app.reports import jobs
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind
from app.reports.domain.schedules import SchedulePeriod, next_day, report_period
from app.reports.models import ReportRun
from app.reports.queries import schedules as queries
from app.reports.service import schedules
from app.reports.service.schedules import NewSchedule
from tests.support import factories, plan_figures, sites
from tests.support.plan_figures import Scene
from tests.support.sql_statements import asked

PERIOD = "2026-12-31"
TEXTS = f"/reports/texts?kind=quarterly&period={PERIOD}&language="


@pytest.fixture
def scene(app: Flask) -> Scene:
    return plan_figures.make(app)


def _at(moment: datetime) -> None:
    start = clock.real_now()
    clock.move(lambda: moment - start)


def _new(scene: Scene, **fields: object) -> NewSchedule:
    values = {
        "kind": ReportKind.QUARTERLY,
        "period": SchedulePeriod.QUARTERLY,
        "forms": frozenset({ReportFormat.JSON}),
        "languages": ("en", "ar"),
        "recipients": frozenset({scene.people["co-chair"], scene.people["contact point"]}),
    }
    return NewSchedule(**(values | fields))  # type: ignore[arg-type]


def _create(scene: Scene, **fields: object) -> UUID:
    with transaction():
        possible = queries.possible_recipients(clock.today())
        return schedules.create(
            _new(scene, **fields), possible=possible, by=scene.people["coordinator"], now=clock.now()
        )


def test_form_queues_a_report_for_its_page(scene: Scene) -> None:
    client = scene.client("coordinator")
    fields = {"kind": "quarterly", "period": PERIOD, "compared": "2026-09-30", "language": "en", "forms": "xlsx"}
    response = sites.post(scene.app, client, "/reports/new", fields)
    assert response.status_code == 302
    path = response.headers["Location"]
    page = client.get(path).text
    assert "Refresh page" in page
    with scene.app.app_context():
        jobs.make_reports()
    page = client.get(path).text
    assert "Refresh page" not in page
    assert "Download Data (JSON)" in page
    assert "Completion of required courses" in page


def test_form_without_a_subject_says_what_is_missing(scene: Scene) -> None:
    fields = {"kind": "country", "period": PERIOD, "language": "en", "forms": "xlsx"}
    response = sites.post(scene.app, scene.client("coordinator"), "/reports/new", fields)
    assert response.status_code == 422
    assert "Choose the country, workshop or donor of the report." in response.text


def test_contact_point_requests_the_exact_sheet_of_the_own_country(scene: Scene) -> None:
    client = scene.client("contact point")
    assert client.get("/reports/country-sheet").status_code == 200
    fields = {"period": PERIOD, "language": "en", "forms": "xlsx"}
    path = sites.post(scene.app, client, "/reports/country-sheet", fields).headers["Location"]
    with scene.app.app_context():
        jobs.make_reports()
    assert "50% (7 of 14)" in client.get(path).text
    assert scene.client("coordinator").get("/reports/country-sheet").status_code == 403
    assert scene.client("another contact point").get(path).status_code == 404


def test_texts_are_drafts_with_author_and_other_language(scene: Scene) -> None:
    client = scene.client("coordinator")
    response = sites.post(scene.app, client, TEXTS + "en", {"text-summary": "A good quarter."})
    assert response.status_code == 302
    page = client.get(TEXTS + "en").text
    assert "A good quarter." in page
    assert "Saved by Coordinator" in page
    other = client.get(TEXTS + "ar").text
    assert "A good quarter." in other
    assert "No names, no cases." in other
    assert scene.client("co-chair").get(TEXTS + "en").status_code == 403


def test_long_text_is_refused_and_stays_in_the_form(scene: Scene) -> None:
    text = "x" * 1501
    response = sites.post(scene.app, scene.client("coordinator"), TEXTS + "en", {"text-summary": text})
    assert response.status_code == 422
    assert text in response.text


@pytest.mark.parametrize(
    ("period", "today", "following"),
    [
        (SchedulePeriod.QUARTERLY, date(2027, 3, 1), date(2027, 4, 1)),
        (SchedulePeriod.QUARTERLY, date(2027, 12, 31), date(2028, 1, 1)),
        (SchedulePeriod.MONTHLY, date(2027, 3, 31), date(2027, 4, 1)),
        (SchedulePeriod.MONTHLY, date(2027, 12, 1), date(2028, 1, 1)),
    ],
)
def test_next_day_follows_the_period(period: SchedulePeriod, today: date, following: date) -> None:
    assert next_day(period, today) == following


def test_report_of_a_schedule_is_about_the_last_quarter() -> None:
    assert report_period(date(2027, 4, 1)) == date(2027, 3, 31)
    assert report_period(date(2027, 3, 1)) == date(2026, 12, 31)


def test_schedule_makes_reports_the_day_after_the_period_once(scene: Scene) -> None:
    with scene.app.app_context():
        _create(scene)
        assert jobs.request_scheduled() == 0
    _at(datetime(2027, 4, 1, 6, tzinfo=clock.now().tzinfo))
    with scene.app.app_context():
        assert (jobs.request_scheduled(), jobs.request_scheduled()) == (2, 0)
        assert jobs.make_reports() == 2
        runs = db.session.execute(select(ReportRun.period_end, ReportRun.compared_end, ReportRun.language)).all()
        assert {tuple(run) for run in runs} == {
            (date(2027, 3, 31), date(2026, 12, 31), language) for language in ("en", "ar")
        }
        [schedule] = queries.lines()
        assert schedule.next_on == date(2027, 7, 1)


def test_recipients_get_one_neutral_mail_and_a_notice_for_each_report(scene: Scene) -> None:
    with scene.app.app_context():
        _create(scene)
    _at(datetime(2027, 4, 1, 6, tzinfo=clock.now().tzinfo))
    with scene.app.app_context():
        jobs.request_scheduled()
        jobs.make_reports()
        kind = OutgoingMail.kind == MailKind.REPORT_READY
        mails = list(db.session.scalars(select(OutgoingMail.recipient_id).where(kind)))
        assert len(mails) == 2
        assert set(mails) == {scene.people["co-chair"], scene.people["contact point"]}
        notices = list(db.session.scalars(select(Notice.path).where(Notice.kind == NoticeKind.REPORT_READY)))
        assert len(notices) == 4
        letter = letters.letter(MailKind.REPORT_READY, {}, "en")
        assert letter.subject == "Something is waiting for you"
        assert "report" not in " ".join(letter.lines).lower()
    assert scene.client("co-chair").get(notices[0]).status_code == 200


def test_mail_leaves_in_working_time_to_those_who_want_mails(scene: Scene) -> None:
    with scene.app.app_context():
        _create(scene)
        with transaction():
            db.session.get_one(Person, scene.people["co-chair"]).mail_rhythm = MailRhythm.NEVER
            db.session.get_one(Person, scene.people["contact point"]).time_zone = "Asia/Baghdad"
    _at(datetime(2027, 4, 1, 18, tzinfo=clock.now().tzinfo))  # a Thursday, before the weekend of Iraq
    with scene.app.app_context():
        jobs.request_scheduled()
        jobs.make_reports()
        kind = OutgoingMail.kind == MailKind.REPORT_READY
        [(recipient, due_at)] = db.session.execute(select(OutgoingMail.recipient_id, OutgoingMail.due_at).where(kind))
        assert recipient == scene.people["contact point"]
        assert due_at == datetime(2027, 4, 4, 5, tzinfo=clock.now().tzinfo)


@pytest.mark.parametrize("name", ["practitioner", "administrator"])
def test_person_without_the_right_is_no_recipient(scene: Scene, name: str) -> None:
    with scene.app.app_context(), pytest.raises(DomainError):
        _create(scene, recipients=frozenset({scene.people[name]}))


def test_schedule_has_at_most_twenty_recipients(scene: Scene) -> None:
    with scene.app.app_context():
        people = {factories.person(country="NL", roles=()) for _number in range(21)}
        with pytest.raises(DomainError):
            _create(scene, recipients=frozenset(people))


def test_ended_schedule_makes_no_report(scene: Scene) -> None:
    client = scene.client("coordinator")
    with scene.app.app_context():
        schedule_id = _create(scene)
    assert sites.post(scene.app, client, f"/reports/schedules/{schedule_id}/end").status_code == 302
    _at(datetime(2027, 4, 1, 6, tzinfo=clock.now().tzinfo))
    with scene.app.app_context():
        assert jobs.request_scheduled() == 0


def test_page_creates_a_schedule(scene: Scene) -> None:
    client = scene.client("coordinator")
    people = str(scene.people["co-chair"])
    fields = {"kind": "quarterly", "period": "quarterly", "forms": "xlsx", "languages": "en", "recipients": people}
    assert sites.post(scene.app, client, "/reports/schedules", fields).status_code == 302
    assert "Co-Chair" in client.get("/reports/schedules").text


def test_donor_line_is_added_once_and_deleted(scene: Scene) -> None:
    client = scene.client("coordinator")
    fields = {"donor": "Fund", "code": "R1", "wording": "People trained", "indicator": "OP2.1"}
    assert sites.post(scene.app, client, "/reports/donor-lines", fields).status_code == 302
    assert sites.post(scene.app, client, "/reports/donor-lines", fields).status_code == 422
    page = client.get("/reports/donor-lines").text
    assert "People trained" in page
    path = page.split("/delete")[0].rpartition('"')[2] + "/delete"
    assert sites.post(scene.app, client, path).status_code == 302
    assert "People trained" not in client.get("/reports/donor-lines").text


def test_list_takes_as_many_statements_for_three_reports_as_for_one(scene: Scene) -> None:
    client = scene.client("coordinator")
    fields = {"kind": "quarterly", "period": PERIOD, "language": "en", "forms": "xlsx"}
    sites.post(scene.app, client, "/reports/new", fields)
    before = asked(scene.app, client, "/reports")
    for language in ("ar", "fr"):
        sites.post(scene.app, client, "/reports/new", fields | {"language": language})
    assert asked(scene.app, client, "/reports") == before


@pytest.mark.parametrize(("kind", "subject"), [("country", ""), ("donors", "IQ"), ("country", "Fund")])
def test_schedule_with_a_subject_of_another_kind_is_refused(scene: Scene, kind: str, subject: str) -> None:
    client = scene.client("coordinator")
    line = {"donor": "Fund", "code": "R1", "wording": "People trained", "indicator": "OP2.1"}
    sites.post(scene.app, client, "/reports/donor-lines", line)
    people = str(scene.people["co-chair"])
    fields = {"kind": kind, "subject": subject, "period": "quarterly", "forms": "xlsx", "languages": "en"}
    response = sites.post(scene.app, client, "/reports/schedules", fields | {"recipients": people})
    assert response.status_code == 422
