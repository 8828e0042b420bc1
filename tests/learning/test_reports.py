from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.db.session import db, transaction
from app.kernel.errors import DomainError
from app.learning.domain.learner_posts import MOST_A_DAY, ReportState
from app.learning.models import MistakeReport
from app.learning.queries import reports as queries
from app.learning.service import reports
from app.learning.service.reports import NewReport
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from tests.support import courses, factories, sites, sql_statements
from tests.support.settings import NOW

LESSON = f"/courses/{courses.SLUG}/lessons/the-list"
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} \u202e =HYPERLINK('x')"


@pytest.fixture
def outline(context: Flask) -> Outline:
    return courses.publish().outline


def _lesson(outline: Outline) -> LessonText:
    return catalogue.lesson(outline.version_id, "the-list", "en")


def _report(outline: Outline, person_id: UUID, *, body: str = "Wrong.", element: int = 1, at: object = NOW) -> bool:
    with transaction():
        return reports.report_mistake(NewReport(person_id, element, body), outline, _lesson(outline), at)  # type: ignore[arg-type]


@pytest.mark.each_database
def test_report_has_the_paragraph_as_it_was_read(outline: Outline) -> None:
    person_id = factories.person()
    assert _report(outline, person_id, element=2)
    (line,) = queries.own(person_id, outline.course_id, "the-list")
    assert line.passage == "The second paragraph has a place to stop."
    assert (line.element, line.state) == (2, ReportState.OPEN)


def test_report_about_no_paragraph_is_about_the_whole_lesson(outline: Outline) -> None:
    person_id = factories.person()
    _report(outline, person_id, element=999)
    (line,) = queries.own(person_id, outline.course_id, "the-list")
    assert (line.element, line.passage) == (0, "")


def test_reports_of_a_person_are_limited_within_a_day(outline: Outline) -> None:
    person_id = factories.person()
    assert [_report(outline, person_id) for _ in range(MOST_A_DAY + 1)] == [*[True] * MOST_A_DAY, False]
    assert _report(outline, factories.person())
    assert _report(outline, person_id, at=NOW + timedelta(days=1, seconds=1))


def test_answer_notifies_the_author_once_and_settles_the_report(outline: Outline) -> None:
    person_id, trainer = factories.person(), factories.person()
    _report(outline, person_id)
    (line,) = queries.of_course(outline.course_id, is_open=True, offset=0, size=9)
    with transaction():
        reports.answer_report(outline, line.id, "Corrected.", by=trainer, now=NOW)
    notice = db.session.scalars(select(Notice).where(Notice.person_id == person_id)).one()
    assert (notice.kind, notice.path) == (NoticeKind.REPORT_ANSWERED, f"{LESSON}/report")
    assert queries.count(outline.course_id, is_open=True) == 0
    with pytest.raises(DomainError), transaction():
        reports.close_report(outline.course_id, line.id, by=trainer, now=NOW)


def test_reports_are_deleted_with_the_identity_of_their_author(outline: Outline) -> None:
    person_id = factories.person()
    _report(outline, person_id)
    with transaction():
        reports.delete_reports(person_id)
    assert db.session.scalars(select(MistakeReport)).all() == []


@pytest.fixture
def client(context: Flask, outline: Outline) -> FlaskClient:
    return factories.sign_in(context, factories.person())


def test_lesson_links_to_the_form(client: FlaskClient) -> None:
    assert f'href="{LESSON}/report"' in client.get(LESSON).text


def test_form_offers_the_paragraphs_of_the_lesson(client: FlaskClient) -> None:
    page = client.get(f"{LESSON}/report?at=2").text
    assert '<option value="2" selected>The second paragraph has a place to stop.</option>' in page
    for at in ("-1", "x", "99999999999999999999"):
        assert client.get(f"{LESSON}/report?at={at}").status_code == 200
    assert client.get(f"/courses/{courses.SLUG}/lessons/no-lesson/report").status_code == 404


def test_report_is_shown_to_its_author_as_text(context: Flask, client: FlaskClient) -> None:
    answer = sites.post(context, client, f"{LESSON}/report", {"at": "2", "text": HOSTILE})
    assert answer.headers["Location"] == f"{LESSON}#h-2"
    page = client.get(f"{LESSON}/report").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("fields", [{"at": "1", "text": " \u200b "}, {"at": "1", "text": "x" * 2001}, {"text": "x"}])
def test_form_is_shown_again_with_errors(context: Flask, client: FlaskClient, fields: dict[str, str]) -> None:
    assert sites.post(context, client, f"{LESSON}/report", fields).status_code == 422


def test_too_many_reports_are_refused_with_the_text_kept(context: Flask, client: FlaskClient) -> None:
    for _ in range(MOST_A_DAY):
        sites.post(context, client, f"{LESSON}/report", {"at": "0", "text": "Wrong."})
    answer = sites.post(context, client, f"{LESSON}/report", {"at": "0", "text": "One more."})
    assert answer.status_code == 429
    assert "One more." in answer.text


def test_own_reports_take_as_many_statements_for_three_as_for_one(context: Flask, client: FlaskClient) -> None:
    sites.post(context, client, f"{LESSON}/report", {"at": "0", "text": "Wrong."})
    before = sql_statements.asked(context, client, f"{LESSON}/report")
    for _ in range(2):
        sites.post(context, client, f"{LESSON}/report", {"at": "0", "text": "Wrong."})
    assert sql_statements.asked(context, client, f"{LESSON}/report") == before
