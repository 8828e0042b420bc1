from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.catalogue.domain.courses import CourseFacts, Draw
from app.catalogue.domain.items import Level
from app.db.session import transaction
from app.kernel import clock
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import checked, drafts
from app.studio.service import courses as courses_service
from app.studio.service.drafts import change_files
from tests.support import courses, factories, sites, studio_site
from tests.support.form_fields import form_fields
from tests.support.sql_statements import asked

SETTINGS = f"/teaching/courses/{courses.SLUG}/settings"
COURSES = sorted(path.parent for path in (Path(__file__).resolve().parents[2] / "courses").glob("*/course.toml"))


@pytest.fixture
def author(context: Flask) -> studio_site.Author:
    return studio_site.author()


@pytest.fixture
def client(lite_app: Flask, author: studio_site.Author) -> FlaskClient:
    return factories.sign_in(lite_app, author.id)


def _fields(client: FlaskClient) -> MultiDict[str, str]:
    return form_fields(client.get(SETTINGS).text, "settings")


def _send(app: Flask, client: FlaskClient, fields: MultiDict[str, str], action: str = "save") -> TestResponse:
    data = MultiDict(fields)
    data["csrf_token"], data["action"] = factories.token(app, client), action
    return client.post(SETTINGS, data=data)


def _facts(author: studio_site.Author) -> CourseFacts:
    return checked.folder(author.workspace()).course


def test_unchanged_form_changes_no_file(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    before = drafts.files(author.workspace())
    assert _send(lite_app, client, _fields(client)).status_code == 302
    assert drafts.files(author.workspace()) == before


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_unchanged_form_of_a_real_course_changes_no_byte(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author, folder: Path
) -> None:
    files = {name: (folder / name).read_bytes() for name in ("course.toml", "course.en.md")}
    with transaction():
        change_files(author.course_id, dict(files), RevisionKind.IMPORTED, by=author.id, now=clock.now())
    assert _send(lite_app, client, _fields(client)).status_code == 302
    saved = drafts.files(author.workspace())
    assert {name: saved[name] for name in files} == files


def test_changed_settings_are_saved(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    fields = _fields(client)
    fields["title"], fields["hours"], fields["pass_mark"] = "Another title", "2.5", "62.5"
    fields["authors"] = "First author\r\n\r\nSecond author"
    fields.setlist("lessons-0-competencies", ["PRT-01", "PRT-02"])
    assert _send(lite_app, client, fields).status_code == 302
    facts = _facts(author)
    assert facts.test is not None
    assert (facts.hours, facts.test.pass_mark) == (2.5, 0.625)
    assert facts.authors == ("First author", "Second author")
    assert facts.lessons[0].competencies == ("PRT-01", "PRT-02")
    assert "Another title" in client.get(SETTINGS).text


def test_added_row_is_not_saved_before_the_form(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    fields = _fields(client)
    fields["title"] = "Typed before"
    count = len(_facts(author).competencies)
    answer = _send(lite_app, client, fields, "competency")
    assert answer.status_code == 200
    assert author.workspace().revision == 0
    again = form_fields(answer.text, "settings")
    assert again["title"] == "Typed before"
    assert again[f"competencies-{count}-code"] == ""
    again[f"competencies-{count}-code"], again[f"competencies-{count}-level"] = "PRT-02", "specialist"
    assert _send(lite_app, client, again).status_code == 302
    assert (_facts(author).competencies[-1].id, _facts(author).competencies[-1].level) == ("PRT-02", "specialist")


def test_added_draw_is_saved_with_its_number(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    test = _facts(author).test
    assert test is not None
    row = f"draw-{len(test.draw)}"
    fields = form_fields(_send(lite_app, client, _fields(client), "draw").text, "settings")
    fields[f"{row}-code"], fields[f"{row}-level"], fields[f"{row}-items"] = "PRT-02", "practitioner", "2"
    assert _send(lite_app, client, fields).status_code == 302
    changed = _facts(author).test
    assert changed is not None
    assert changed.draw[-1] == Draw("PRT-02", 2, Level.PRACTITIONER)


def test_emptied_row_is_removed(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    fields = form_fields(_send(lite_app, client, _fields(client), "competency").text, "settings")
    count = len(_facts(author).competencies)
    fields[f"competencies-{count}-code"] = "PRT-02"
    _send(lite_app, client, fields)
    fields = _fields(client)
    fields[f"competencies-{count}-code"] = ""
    assert _send(lite_app, client, fields).status_code == 302
    assert len(_facts(author).competencies) == count


def test_test_can_be_removed(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    fields = _fields(client)
    del fields["has_test"]
    assert _send(lite_app, client, fields).status_code == 302
    assert _facts(author).test is None


def test_facts_checked_today_saves_the_date(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    assert _send(lite_app, client, _fields(client), "today").status_code == 302
    assert _facts(author).checked_on == clock.today()


def test_id_and_sensitivity_remain(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    fields = _fields(client)
    fields["id"], fields["code"], fields["sensitivity"] = "X99", "X99", "participants_only"
    assert _send(lite_app, client, fields).status_code == 302
    assert _facts(author).id == courses.CODE
    assert _facts(author).sensitivity == author.workspace().sensitivity


def test_settings_changed_by_another_user_are_shown_and_not_overwritten(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    other = factories.sign_in(lite_app, studio_site.author().id)
    mine, theirs = _fields(client), _fields(other)
    theirs["hours"], theirs["licence"] = "7", "CC0-1.0"
    assert _send(lite_app, other, theirs).status_code == 302
    mine["title"], mine["licence"] = "My title", "CC-BY-SA-4.0"
    answer = _send(lite_app, client, mine)
    assert answer.status_code == 409
    assert "Settings that were changed: Hours" in answer.text
    combined = form_fields(answer.text, "settings")
    assert (combined["title"], combined["hours"], combined["licence"]) == ("My title", "7", "CC-BY-SA-4.0")
    assert (_facts(author).hours, _facts(author).licence) == (7, "CC0-1.0")
    assert _send(lite_app, client, combined).status_code == 302
    assert (_facts(author).hours, _facts(author).licence) == (7, "CC-BY-SA-4.0")


def test_lesson_added_meanwhile_remains(lite_app: Flask, client: FlaskClient, author: studio_site.Author) -> None:
    fields = _fields(client)
    fields["hours"] = "9"
    with transaction():
        courses_service.add_lesson(author.workspace(), "Another lesson", 5, by=author.id, now=clock.now())
    answer = _send(lite_app, client, fields)
    assert answer.status_code == 409
    assert _send(lite_app, client, form_fields(answer.text, "settings")).status_code == 302
    assert _facts(author).hours == 9
    assert _facts(author).lessons[-1].slug == "another-lesson"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("paragraph", ""),
        ("paragraph", "# A heading"),
        ("paragraph", "x" * 1_001),
        ("outcomes", " "),
        ("hours", "many"),
        ("hours", "nan"),
        ("hours", "-1"),
        ("licence", ""),
        ("pass_mark", "101"),
        ("pass_mark", "NaN"),
        ("pass_mark", "sNaN"),
        ("attempts", "9" * 40),
        ("draw-0-items", "101"),
        ("draw-0-code", "XXX-99"),
        ("competencies-0-level", "master"),
        ("roles", "emperor"),
        ("lessons-0-slug", "../x"),
        ("opened", "0"),
        ("opened", "0" * 64),
    ],
)
def test_refused_settings_change_nothing(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author, name: str, value: str
) -> None:
    before = drafts.files(author.workspace())
    fields = _fields(client)
    fields["licence"] = "CC0-1.0"
    fields["competencies-0-code"], fields["competencies-0-level"] = "PRT-01", "foundation"
    fields[name] = value
    answer = _send(lite_app, client, fields)
    assert answer.status_code == 422
    assert form_fields(answer.text, "settings")["title"] == fields["title"]
    assert drafts.files(author.workspace()) == before


def test_form_with_a_thousand_rows_is_refused_or_shown(lite_app: Flask, client: FlaskClient) -> None:
    fields = _fields(client)
    for row in range(100):
        fields[f"competencies-{row * 999}-code"] = "PRT-01"
        fields[f"competencies-{row * 999}-level"] = "foundation"
    assert _send(lite_app, client, fields).status_code in {200, 302, 413, 422}


def test_text_with_markup_is_shown_as_text(lite_app: Flask, client: FlaskClient) -> None:
    fields = _fields(client)
    fields["title"] = fields["authors"] = fields["licence"] = "<script>alert(1)</script>"
    assert _send(lite_app, client, fields).status_code == 302
    html = client.get(SETTINGS).text
    assert "<script>alert" not in html
    assert "<script>alert(1)</script>" in unescape(html)


def test_problems_of_both_files_are_shown(lite_app: Flask, client: FlaskClient) -> None:
    fields = _fields(client)
    fields["draw-0-items"] = "99"
    _send(lite_app, client, fields)
    assert "The test draws 99 items" in client.get(SETTINGS).text


def test_settings_are_absent_for_other_trainers(lite_app: Flask, author: studio_site.Author) -> None:
    other = factories.sign_in(lite_app, factories.person(grants=((Role.TRAINER, Scope.EVENT, "x"),)))
    assert other.get(SETTINGS).status_code == 404
    assert _send(lite_app, other, MultiDict()).status_code == 404


def test_reviewer_reads_the_settings_but_does_not_write(lite_app: Flask, author: studio_site.Author) -> None:
    reviewer = factories.person(grants=((Role.TRAINER, Scope.EVENT, "x"),))
    with transaction():
        courses_service.add_reviewer(author.workspace(), reviewer, clock.now())
    client = factories.sign_in(lite_app, reviewer)
    html = client.get(SETTINGS).text
    assert "Add a row" not in html
    assert _send(lite_app, client, form_fields(html, "settings")).status_code == 403


def _break(author: studio_site.Author, text: bytes = b'id = "T10"\nhours = \n') -> None:
    with transaction():
        change_files(author.course_id, {"course.toml": text}, RevisionKind.IMPORTED, by=author.id, now=clock.now())


def _save_text(app: Flask, client: FlaskClient, body: str, opened: bytes) -> TestResponse:
    return sites.post(app, client, f"{SETTINGS}/text", {"body": body, "opened": drafts.digest_of(opened)})


def test_unreadable_course_file_is_shown_and_corrected_as_text(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    text = drafts.file(author.workspace(), "course.toml").decode()
    broken = text.replace("hours = ", "hours = = ").encode()
    _break(author, broken)
    html = client.get(SETTINGS).text
    assert "The settings cannot be shown as a form" in html
    assert "hours = =" in html
    assert _save_text(lite_app, client, text, broken).status_code == 302
    assert form_fields(client.get(SETTINGS).text, "settings")["hours"]


@pytest.mark.parametrize(("before", "after"), [('id = "T10"', 'id = "X10"'), ("unrestricted", "participants_only")])
def test_text_with_another_id_or_sensitivity_is_refused(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author, before: str, after: str
) -> None:
    text = drafts.file(author.workspace(), "course.toml").decode()
    _break(author, b"id =")
    assert _save_text(lite_app, client, text.replace(before, after), b"id =").status_code == 422
    assert drafts.file(author.workspace(), "course.toml") == b"id ="


def test_readable_course_file_is_not_saved_as_text(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    text = drafts.file(author.workspace(), "course.toml")
    assert _save_text(lite_app, client, "hours = 1", text).status_code == 409
    assert drafts.file(author.workspace(), "course.toml") == text


def test_text_changed_meanwhile_is_shown_and_not_overwritten(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    _break(author, b"id =\n")
    _break(author, b"id = =\n")
    answer = _save_text(lite_app, client, "id = = =", b"id =\n")
    assert answer.status_code == 409
    assert "id = =" in answer.text
    assert drafts.file(author.workspace(), "course.toml") == b"id = =\n"


def test_settings_take_as_many_statements_for_five_lessons_as_for_three(
    lite_app: Flask, client: FlaskClient, author: studio_site.Author
) -> None:
    _send(lite_app, client, MultiDict({**_fields(client), "hours": "9"}))
    before = asked(lite_app, client, SETTINGS)
    for title in ("Fourth", "Fifth"):
        with transaction():
            courses_service.add_lesson(author.workspace(), title, 5, by=author.id, now=clock.now())
    assert asked(lite_app, client, SETTINGS) <= before
