import ast
import json
import re
import zipfile
from dataclasses import fields
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import insert

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db import personal_data
from app.db.session import db, record, transaction
from app.identity.models import Agency, Identity
from app.kernel import clock
from app.kernel.events import Event, stored_name
from app.privacy.pages import columns
from app.privacy.pages.access_log import KINDS, LISTS
from app.privacy.pages.archive import STYLE
from app.privacy.pages.columns import PARTS as TITLES
from app.privacy.pages.notice_facts import FACTS
from app.privacy.service import archive, erasure as privacy
from app.quizzes.models import AnswerSave, Attempt
from app.recovery.events import AccessRestored
from app.sign_in.models import SignInSession
from app.sign_in.service import second_factor
from app.workshops.domain.allocation import ExceptionCategory, Reason
from app.workshops.service import selection
from tests.support import factories, sites
from tests.support.data_archive import archive_rows, take_archive
from tests.support.nominated_events import nominated_event
from tests.support.settings import REPOSITORY as ROOT
from tests.support.sites import Site

# columns that name a person, and why they are not in the archive
LEFT_OUT = {
    "name_token.person_id": "keyed pieces of the name, to be found by: the name itself is in it",
    "used_step.person_id": "steps of time whose code was used: kept for an hour, against repeats",
    "password_link.person_id": "a link to a new password: it lasts half an hour and opens the account",
    "checked_sheet.person_id": "a sheet full of other people that the person sent: kept for a day at most",
    "value_sheet.person_id": "a sheet with values that the person sent: kept for a day at most",
    "challenge.person_id": "what a passkey is asked to sign: kept for five minutes",
}
# tables that hang on one with a person in it, and why they are not in the archive
NOT_THEIRS = {
    "cascade_list": "names of officers in a country, deleted after a year; not of who recorded the session",
    "evaluation": "answers without a name",
    "event_afterwards": "days and sums of an event",
    "flagged_questions": "counts of questions of a course, not of who wrote them",
    "stored_result": "sums of officers in a course, not of who wrote it",
    "uncounted_attempt": "the number of an attempt until a job has counted it",
    "course_document": "of a course, not of who published it",
    "key_correction": "of a course, not of who published it",
    "course_statistic": "sums of answers in a course, not of who wrote it",
    "course_draft": "of a course, not of who wrote it",
    "value_batch_row": "numbers of the rows of a sheet, not of who sent it",
    "reminder_row": "codes of late work, not of who sent or got the reminder",
    "report_file": "of a report, not of the person who requested it",
    "draft_change": "of a course, not of who wrote it",
    "frozen_figure": "sums of officers, not of who locked the quarter",
    "adjustment": "sums of officers, not of who locked the quarter",
    "workshop_session": "of an event, not of who wrote it",
    "sitting_task": "what a sitting checks, not who planned it",
    "workshop_outcome": "of an event, not of who wrote it",
    "version_file": "of a course, not of who published it",
    "course_words": "of a course, not of who published it",
    "lesson": "of a course, not of who published it",
    "bank_item": "of a course, not of who published it",
    "course_case": "of a course, not of who published it",
    "course_medium": "of a course, not of who published it",
}


def _persons() -> set[str]:
    """Return every column of every table in which a person can stand."""
    named = ("person_id", "actor_id", "recipient_id")
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.name in named or any(key.column.table.name == "person" for key in column.foreign_keys)
    } | {"person.id"}


def test_every_place_where_a_person_stands_is_in_the_archive_or_has_a_reason() -> None:
    held = frozenset[str]().union(*(part.covers for part in archive.PARTS))
    assert _persons() - held - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) & held == set()
    assert set(LEFT_OUT) <= _persons()


def test_every_table_that_hangs_on_one_of_them_is_in_the_archive_or_has_a_reason() -> None:
    with_person = {place.partition(".")[0] for place in _persons()} - {"person"}
    hanging = {
        table.name
        for table in db.metadata.tables.values()
        if table.name not in with_person
        and any(key.column.table.name in with_person for column in table.columns for key in column.foreign_keys)
    }
    held = frozenset[str]().union(*(part.covers for part in archive.PARTS))
    assert hanging - held - set(NOT_THEIRS) == set()
    assert set(NOT_THEIRS) <= hanging


def test_every_part_has_a_name_of_its_own_and_a_title() -> None:
    names = [part.name for part in archive.PARTS]
    assert len(set(names)) == len(names)
    assert set(names) == set(TITLES)


def test_every_column_that_is_shown_has_a_word() -> None:
    named = {(part.name, name) for part in archive.PARTS for name in part.shown if columns.shown(name)}
    assert {name for _part, name in named} == set(columns.COLUMNS)
    assert set(columns.OTHER) <= named
    assert columns.OTHER["figures", "role"] == columns.COLUMNS["roles"]  # what they do in the service


def test_every_value_of_an_enum_has_words(lite_app: Flask) -> None:
    """Codes in columns are shown as labels, except role codes that are no roles."""
    kinds = {
        kind
        for part in archive.PARTS
        for column in part.shown.values()
        if (kind := getattr(column.type, "enum_class", None)) is not None
    }
    assert len(kinds) > 20
    with lite_app.test_request_context(), force_locale("en"):
        raw = [one for kind in kinds for one in kind if columns.cell("", "state", one, {}) in {"", str(one.value)}]
    assert raw == []


def test_values_are_read_as_on_the_pages(site: Site) -> None:
    with site.app.app_context(), transaction():
        record(AccessRestored(person_id=site.people["owner"], how="known", actor_id=site.people["contact_point"]))
    files = take_archive(site.app, site.people["owner"])
    page = files["index.html"].decode()
    for words in (
        ">Iraq<",
        "English<",
        ">Officer<",
        ">Lesson looked through<",
        "The person alone",
        ">Access restored<",
        "<time datetime=",
    ):
        assert words in page, words
    assert not re.findall(r">(?:IQ|practitioner|LessonLookedThrough|[a-z]+_[a-z_]+|\d{4}-\d\d-\d\d[^<]*)<", page)
    data = files["data.json"].decode()
    assert all(code in data for code in ('"country":"IQ"', '"LessonLookedThrough"', '"role":"practitioner"'))


def test_readable_archive_leaves_out_technical_columns(lite_app: Flask) -> None:
    course, other = str(uuid4()), str(uuid4())
    with lite_app.test_request_context(), force_locale("en"):
        said = [
            columns.cell(part, name, value, {course: "C01"})
            for part, name, value in (
                ("evidence", "source", f"course:{course}:case:{other}"),
                ("evidence", "source", f"attempt:{other}"),
                ("figures_entered", "source", "A report"),
                ("figures", "thing", f"enrolment:{other}"),
                ("roles", "reach", course),
                ("roles", "reach", ""),
                ("roles", "reach", other),
                ("roles", "reach", "IQ"),
            )
        ]
    assert said == ["C01", "–", "A report", "Course begun", "C01", "–", "–", "Iraq"]


def test_archive_names_the_agency_of_a_role(app: Flask) -> None:
    with app.app_context():
        with transaction():
            service = factories.agency("IQ")
        person_id = factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.AGENCY, service.hex),))
        name = db.session.get_one(Agency, service).name
    files = take_archive(app, person_id)
    assert [(row["reach"], row["agency"]) for row in archive_rows(files, "roles")] == [(service.hex, name)]
    page = files["index.html"].decode()
    assert f"<bdi>{name}</bdi>" in page.partition('<section id="roles">')[2].partition("</section>")[0]
    assert service.hex not in page


def test_facts_and_changes_are_read_in_words(lite_app: Flask) -> None:
    with lite_app.test_request_context(), force_locale("en"):
        assert columns.cell("notices", "facts", {"course": "C01"}, {}) == "Course: C01"
        told = columns.cell("mails", "facts", {"at": "2027-03-01T09:30:00+00:00", "dates": []}, {})
        assert told.startswith("When: 1 March 2027, 09:30")
        changes = [{"column": "mail", "before": "", "after": "a@example.org"}]
        read = columns.cell("imported", "changes", changes, {})
        assert read == "Work e-mail: before None, now a@example.org"
        assert columns.cell("answers", "body", {"choice": [0]}, {}) == "choice: [0]"
        assert columns.cell("assessments", "scores", [1, 2], {}) == "[1,2]"


def test_decisions_about_nominations_are_read_in_words(app: Flask) -> None:
    with app.app_context():
        event = nominated_event()
        [officer] = event.officers("IQ", 1)
        event.nominate("IQ", [officer])
        with transaction():
            event.row(officer).decision_reason = ExceptionCategory.DATA_ERROR.code
        db.session.remove()
    files = take_archive(app, officer)
    assert archive_rows(files, "nominations")[0]["decision_reason"] == "exception:data_error"
    page = files["index.html"].decode()
    assert "Error in the data" in page
    assert "exception:" not in page


def test_every_stored_code_of_a_decision_has_words(lite_app: Flask) -> None:
    codes = [*Reason, *(category.code for category in ExceptionCategory), selection.NOT_NOMINATED]
    places = (("nominations", "decision_reason"), ("nomination_changes", "reason"))
    with lite_app.test_request_context(), force_locale("en"):
        for part, name in places:
            texts = [columns.cell(part, name, str(code), {}) for code in codes]
            assert not [text for text in texts if "_" in text or ":" in text.partition(" ")[0]]
            assert columns.cell(part, name, "on leave in May", {}) == "on leave in May"
        assert columns.cell("notices", "facts", {"reason": "exception:data_error"}, {}) == "Reason: Error in the data"


def test_every_fact_of_notices_and_mails_has_a_word_or_tells_a_reader_nothing() -> None:
    """Facts are dicts in the code: an argument `facts`, or a variable of this name."""
    sources = [path for path in (ROOT / "app").rglob("*.py") if not {"demo", "plan"} & set(path.parts)]
    trees = [ast.parse(text) for path in sources if "facts" in (text := path.read_text("utf-8"))]
    given = [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if (isinstance(node, ast.keyword) and node.arg == "facts")
        or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "facts")
    ]
    names = {str(key.value) for one in given if isinstance(one, ast.Dict) for key in one.keys if key is not None}  # type: ignore[attr-defined]
    assert {"course", "role", "until", "said"} <= names
    assert names | {"became"} <= set(FACTS) | columns.UNTOLD


RESTORED = "The access of an administrator was restored: a second one agreed."


def test_facts_are_read_as_words_days_and_roles(lite_app: Flask) -> None:
    with lite_app.test_request_context(), force_locale("en"):
        for facts, said in (
            ({"role": "trainer", "until": "2027-03-09"}, "Role at the academy: Trainer, Until: 9 March 2027"),
            ({"role": "trainer", "until": ""}, "Role at the academy: Trainer"),
            ({"became": "let_in"}, "What became of it: " + RESTORED),
            ({"count": 2, "said": ["0123456789abcdef"]}, "How many: 2"),
        ):
            read = columns.cell("notices", "facts", facts, {}).replace("\N{NO-BREAK SPACE}", " ")
            assert read.replace(" and ", ", ") == said


@pytest.mark.each_database
def test_archive_of_notices_names_no_other_person(app: Flask) -> None:
    with app.app_context():
        desk = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        officer = factories.person()
        with transaction():
            privacy.ask_erasure(officer, clock.now())
    files = take_archive(app, desk)
    assert len(json.loads(files["data.json"])["parts"]["notices"]["rows"]) == 1
    assert all(str(officer).encode() not in found and officer.hex.encode() not in found for found in files.values())


def test_archive_contains_no_secret_and_no_other_person() -> None:
    columns = {f"{part.model.__table__.name}.{name}" for part in archive.PARTS for name in part.shown}
    hidden = {
        name for name in columns if name.endswith(("_hash", "_index", ".seed", ".token", "_key", "credential_id"))
    }
    assert hidden == set()
    assert columns & (_persons() - {"person.id"}) == set()


@pytest.fixture
def site(lite_app: Flask) -> Site:
    return sites.make(lite_app)


def _everything_about(site: Site, name: str) -> None:
    """Give people names of their own, so that a foreign one can be found."""
    with site.app.app_context(), transaction():
        for key, person_id in site.people.items():
            db.session.get_one(Identity, person_id).name = f"Planted {key}"
    with site.app.app_context(), transaction():
        second_factor.begin_app(site.people[name], clock.real_now())


def test_archive_contains_own_actions_without_other_identities(site: Site) -> None:
    _everything_about(site, "owner")
    files = take_archive(site.app, site.people["owner"])
    assert set(files) == {"data.json", "index.html", "style.css"}
    assert [row["name"] for row in archive_rows(files, "identity")] == ["Planted owner"]
    counts = {
        part: len(archive_rows(files, part)) for part in ("attempts", "answers", "cases", "bookings", "attendance")
    }
    assert counts == {"attempts": 2, "answers": 1, "cases": 2, "bookings": 2, "attendance": 2}
    assert {row["agency"][:14] for row in archive_rows(files, "postings")} == {"Border service"}
    assert "OwnDataTaken" in {row["name"] for row in archive_rows(files, "trail_by_you")}
    text = b"".join(files.values()).decode()
    others = [name for name in site.people if name != "owner" and f"Planted {name}" in text]
    others += [name for name, person_id in site.people.items() if name != "owner" and str(person_id) in text]
    assert others == []
    assert factories.PASSWORD_HASH not in text


def test_archive_of_staff_contains_own_actions_only(site: Site) -> None:
    _everything_about(site, "contact_point")
    client = site.client("contact_point")
    path = f"/country/officers/{site.people['owner']}/needs"
    sites.post(site.app, client, path, {"competency": "PRT-01", "level": "foundation"})
    client.get(f"/country/officers/{site.people['owner']}")
    files = take_archive(site.app, site.people["contact_point"])
    assert [row["competency"] for row in archive_rows(files, "needs_named")] == ["PRT-01"]
    text = b"".join(files.values()).decode()
    assert str(site.people["owner"]) not in text
    assert "Planted owner" not in text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.attributes = dict(attrs)
        self.links += [value for name, value in attrs if name in {"href", "src", "action", "data"}]
        assert tag not in {"script", "img", "iframe", "style", "form", "object"}


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_readable_archive_is_translated_and_self_contained(lite_app: Flask, language: str, direction: str) -> None:
    with lite_app.app_context():
        person_id = factories.person(language=language)
    client = factories.sign_in(lite_app, person_id)
    answer = sites.post(lite_app, client, "/settings/my-data")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        page = archive.read("index.html").decode()
    reader = _Reader()
    reader.feed(page)
    assert reader.attributes == {"lang": language, "dir": direction}
    assert reader.links
    assert {str(link) for link in reader.links if not str(link).startswith("#")} == {"style.css"}
    assert "url(" not in STYLE


def test_ten_thousand_answers_are_read_in_pages_and_all_of_them_are_there(site: Site, monkeypatch: Any) -> None:
    with site.app.app_context(), transaction():
        attempt_id = db.session.query(Attempt.id).filter(Attempt.person_id == site.people["owner"]).first()[0]
        many = [
            {
                "attempt_id": attempt_id,
                "question": 1,
                "sequence": n,
                "body": '{"choice":[0]}',
                "arrived_at": clock.now(),
            }
            for n in range(100_000, 110_000)
        ]
        db.session.execute(insert(AnswerSave), many)
    portions: list[int] = []
    rows = personal_data.rows

    def noting(part: personal_data.PersonalDataTable, person_id: UUID) -> Any:
        if part.name == "answers":
            portions.append(personal_data.PAGE)
        return rows(part, person_id)

    monkeypatch.setattr(personal_data, "rows", noting)
    files = take_archive(site.app, site.people["owner"])
    sequences = [row["sequence"] for row in archive_rows(files, "answers")]
    assert len(sequences) == len(set(sequences)) == 10_001
    assert portions == [1000]
    assert files["index.html"].count(b"<tr>") < 2000  # the page shows the first of them


def test_export_is_recorded_before_the_file_is_sent(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise OSError("disk is full")

    monkeypatch.setattr("app.privacy.service.archive.write", broken)
    client = site.client("owner")
    with pytest.raises(OSError, match="disk is full"):
        sites.post(site.app, client, "/settings/my-data")
    with site.app.app_context():
        last = db.session.query(Entry.name).order_by(Entry.id.desc()).first()[0]
    assert last == "OwnDataTaken"


def _not_proved(app: Flask) -> None:
    with app.app_context(), transaction():
        for each in db.session.query(SignInSession):
            each.proved_at -= timedelta(minutes=11)


@pytest.mark.parametrize("path", ["/settings/my-data", "/settings/my-data/erasure"])
def test_export_needs_recent_authentication(app: Flask, path: str) -> None:
    with app.app_context():
        person_id = factories.person()
    client = factories.sign_in(app, person_id)
    _not_proved(app)
    assert 'name="password"' in client.get("/settings/my-data").text
    for typed, said in (("", "Enter your password."), ("not the password", "The password is not right.")):
        answer = sites.post(app, client, path, {"password": typed})
        assert (answer.status_code, said in answer.text) == (422, True)
    assert sites.post(app, client, path, {"password": factories.PASSWORD}).status_code in {200, 302}
    assert 'name="password"' not in client.get("/settings/my-data").text


def test_export_contains_data_of_the_user_only(site: Site) -> None:
    """The address has no person: the archive is always that of the user, whatever the request contains."""
    other = str(site.people["owner"])
    client = site.client("colleague")
    answer = sites.post(site.app, client, f"/settings/my-data?person_id={other}", {"person_id": other})
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        text = archive.read("data.json").decode()
    assert other not in text
    assert str(site.people["colleague"]) in text


def test_every_kind_of_look_at_a_person_has_words() -> None:
    """An event that ends in Seen and names a person is a look: it has to stand on the page of who looked."""
    looks = {
        stored_name(kind)
        for kind in _below(Event)
        if kind.__module__.startswith("app.")
        and stored_name(kind).endswith("Seen")
        and {one.name for one in fields(kind)} & {"person_id", "officer"}
    }
    assert looks - {"BrowserFirstSeen"} == set(KINDS)
    assert set(LISTS) == {"OfficersSeen", "OfficersExported", "SheetChecked", "SheetSeen"}


def _below(kind: type) -> set[type]:
    found = set(kind.__subclasses__())
    return found.union(*(_below(one) for one in found))


def test_archive_is_forbidden_for_other_users(site: Site) -> None:
    assert site.client("anonymous").get("/settings/my-data").status_code in {302, 401}
    with site.app.app_context():
        chief = factories.person(country="BG", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),))
    files = take_archive(site.app, chief)
    assert str(site.people["owner"]).encode() not in files["data.json"]


def test_archive_hides_country_of_assessed_officers(site: Site) -> None:
    """An entry has the country of its person for each viewer, protected or not."""
    with site.app.app_context(), transaction():
        record(AccessRestored(person_id=site.people["foreigner"], how="known", actor_id=site.people["trainer"]))
    rows = archive_rows(take_archive(site.app, site.people["trainer"]), "trail_by_you")
    assert "LetBackIn" in {row["name"] for row in rows}
    assert "BG" not in {value for row in rows for value in row.values()}
