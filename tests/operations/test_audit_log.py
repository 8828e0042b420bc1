import csv
import io
import re
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event as happening, select
from sqlalchemy.exc import OperationalError

from app.access.policy import Actor, Role, Scope
from app.audit import jobs, queries as audited
from app.audit.models import Entry
from app.audit.queries import AuditFilter
from app.audit.service import entries as audit
from app.db.session import db, is_in_transaction, record, transaction
from app.directory.events import PostingMoved
from app.directory.service import postings
from app.identity.events import IdentityViewed, RoleGranted, SettingsChanged
from app.identity.models import Posting
from app.identity.queries import postings as identity_postings
from app.intake.models import ExportWish, OfficersTaken
from app.intake.service import export
from app.kernel import clock
from app.kernel.events import Event, stored_name
from app.learning.events import LessonDone
from app.operations.domain import OFFICERS_OWN
from app.operations.pages import audit_log
from app.scenarios.events import CaseChoiceMade
from app.sign_in.events import PasswordChanged, SignInFailed
from app.workshops.events import AttendanceRecorded, SeatTaken
from tests.support import databases, factories
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

ADMINISTRATOR = ((Role.ADMINISTRATOR, Scope.ALL, ""),)


class People:
    """A reader of each kind, and officers of two countries, each with an entry."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.administrator = factories.person(country="BG", roles=(), grants=ADMINISTRATOR)
            self.contact = factories.person(country="IQ", grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
            self.own = factories.person(alias="Heron 7", country="IQ")
            self.other = factories.person(alias="Stork 9", country="AT")
            self.workshop = uuid4()
            with transaction():
                record(PasswordChanged(person_id=self.own, actor_id=self.own))
                record(PasswordChanged(person_id=self.other, actor_id=self.other))
                record(SeatTaken(workshop_id=self.workshop, person_id=self.own, seat=4, actor_id=self.other))
                record(SignInFailed(account="f" * 64))


@pytest.fixture
@kept
def people(app: Flask) -> People:
    return People(app)


def _client(app: Flask, person_id: UUID) -> FlaskClient:
    return factories.sign_in(app, person_id)


def _rows(page: str) -> list[str]:
    return re.findall(r"<tr><td[^>]*>(.*?)</tr>", page, re.DOTALL)


def test_administrator_sees_all_entries_with_ids(app: Flask, people: People) -> None:
    page = _client(app, people.administrator).get("/audit").text
    for person in (people.own, people.other):
        assert f"/audit?who={person}" in page
        assert f">{str(person)[:8]}<" in page
    assert "Password changed" in page
    assert any(">Sign-in failed</th>" in row for row in _rows(page))
    assert not any(word in page for word in ("Heron 7", "Stork 9", "Test Person", "f" * 64))


def test_contact_point_sees_own_country_with_aliases(app: Flask, people: People) -> None:
    page = _client(app, people.contact).get("/audit").text
    rows = [row for row in _rows(page) if "Password changed" in row or "Seat taken" in row]
    assert len(rows) == 2
    assert "Outside your country" in rows[0]
    assert "Seat: 4" in rows[0]
    assert "Heron 7" in rows[1]
    assert not any(word in page for word in ("Stork 9", "Test Person", str(people.other)[:8], ">Sign-in failed</th>"))
    assert "Austria" not in page


def test_contact_point_sees_no_ids_of_foreigners(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        told_of = (people.other,)
        record(AttendanceRecorded(workshop_id=uuid4(), session_id=uuid4(), people=told_of, actor_id=people.own))
    for reader, told in ((people.contact, False), (people.administrator, True)):
        for path in ("/audit", "/audit/export"):
            assert (str(people.other)[:8] in _client(app, reader).get(f"{path}?kind=AttendanceKept").text) == told


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierChoice(Event):
    """The event of a choice as former versions recorded it."""

    person_id: UUID
    step: int
    node: str
    move: int


def test_results_are_not_shown(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        record(EarlierChoice(person_id=people.own, step=2, node="the-call", move=1))
    for path in ("/audit", "/audit/export"):
        text = _client(app, people.contact).get(f"{path}?about={people.own}").text
        assert "step: 2" in text.lower()
        assert not any(word in text for word in ("the-call", "ove: 1"))


def test_learning_events_are_not_shown(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        record(CaseChoiceMade(playthrough_id=uuid4(), person_id=people.own, step=2))
        record(LessonDone(person_id=people.own, course_id=uuid4(), lesson="the-quay", actor_id=people.own))
    for reader in (people.contact, people.administrator):
        client = _client(app, reader)
        for query in ("", f"?about={people.own}", f"?who={people.own}", "?before=1"):
            page = client.get(f"/audit{query}").text
            assert not any(word in page for word in ("Step: 2", "Lesson done", "the-quay", "LessonDone"))
        file = client.get("/audit/export").text
        assert "PasswordChanged" in file
        assert not any(word in file for word in ("CaseChoiceMade", "LessonDone", "the-quay"))
        for path in ("/audit", "/audit/export"):
            refused = client.get(f"{path}?kind=LessonDone")
            assert (refused.status_code, "the-quay" in refused.text) == (422, False)


@pytest.mark.each_database
def test_export_limit_ignores_people_with_learning_events_only(app: Flask, people: People) -> None:
    with app.app_context():
        learner = factories.person(country="IQ")
    with app.app_context(), transaction():
        record(LessonDone(person_id=learner, course_id=uuid4(), lesson="the-quay", at=NOW + timedelta(days=40)))
    with app.app_context():
        reader, since = Actor(people.contact, "IQ", frozenset({Role.CONTACT_POINT})), NOW + timedelta(days=30)
        counts = [
            audited.people(reader, AuditFilter(since=since, without=kinds), 5) for kinds in (frozenset(), OFFICERS_OWN)
        ]
    assert counts == [1, 0]


def test_every_learning_event_is_hidden_or_listed() -> None:
    """A new event of these rooms is either left out of the trail or shown for a reason."""
    shown = {
        "LearningSeen", "SupervisedSeen", "OfficersSeen",  # who looked
        "CourseSuggested", "NeedNamed", "NeedDropped",  # what others did for the officer
        "ExemptionSet", "ExemptionAgreed", "ExemptionEnded",  # what others did for the officer
        "CompletionRecorded", "CompletionRecordEnded",  # what others did for the officer
        "RequirementDrafted", "RequirementAgreed", "RequirementDropped", "RequirementEnded",  # of a course
        "SkillClaimed", "ClaimDecided",  # what the contact point decides
        "VersionReplaced", "ReportSettled", "QuestionChanged",  # of a course
        "HelpEntryProposed", "HelpEntryPublished", "HelpEntryWithdrawn",  # of a course
        "AttemptsReduced", "PracticeForgotten", "CasesReduced",  # only numbers, of no person
        "PeerMarkingDeleted",  # only numbers, of no person
    }  # fmt: skip
    for room in ("learning", "quizzes", "scenarios", "competence"):
        import_module(f"app.{room}.events")
    rooms = ("app.learning.", "app.quizzes.", "app.scenarios.", "app.competence.")
    told = {stored_name(kind) for kind in Event.__subclasses__() if kind.__module__.startswith(rooms)}
    assert told == shown | (OFFICERS_OWN - {"RubricScored", "ExtraTimeChanged", "ExtraTimeSeen"})
    assert not shown & OFFICERS_OWN


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=PasswordChanged", 2),
        ("who=Heron+7", 1),
        ("who=unknown", 0),
        ("who={own}", 1),
        ("about={own}&kind=SeatTaken", 1),
        ("about={workshop}", 1),
        ("since=2027-03-01&until=2027-03-01&kind=PasswordChanged", 2),
        ("since=2027-03-02", 0),
        ("until=2027-02-28", 0),
    ],
)
def test_address_parameters_filter_the_list(app: Flask, people: People, query: str, expected: int) -> None:
    client = _client(app, people.administrator)
    asked = query.format(own=people.own, workshop=people.workshop)
    answer = client.get(f"/audit?{asked}")
    assert (answer.status_code, len(_rows(answer.text))) == (200, expected)


def test_foreign_alias_finds_nothing_for_contact_point(app: Flask, people: People) -> None:
    client = _client(app, people.contact)
    for query in ("who=Stork+9", f"who={people.other}"):
        assert _rows(client.get(f"/audit?{query}").text) == []


@pytest.mark.each_database
def test_departed_officer_keeps_alias_in_own_country(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        postings.plan_departure(people.own, NOW.date(), today=NOW.date())
    client = _client(app, people.contact)
    start = clock.real_now()
    clock.move(lambda: NOW + timedelta(days=2) - start)
    for query in ("", "who=Heron+7", f"who={people.own}", f"about={people.own}"):
        row = next(row for row in _rows(client.get(f"/audit?{query}").text) if "Password changed" in row)
        assert "Heron 7" in row
        assert "Outside your country" not in row
    table = csv.DictReader(io.StringIO(client.get("/audit/export?kind=PasswordChanged").text.removeprefix("\ufeff")))
    assert [(line["by"], line["about"]) for line in table] == [("Heron 7", "Heron 7")]
    assert _rows(_client(app, people.administrator).get("/audit?who=Heron+7&kind=PasswordChanged").text) != []


def _served(person_id: UUID, *spells: tuple[str, int, int | None]) -> None:
    """Set the postings of a person: countries with first and last day, in days from now."""
    with transaction():
        db.session.execute(delete(Posting).where(Posting.person_id == person_id))
        for country, since, until in spells:
            agency_id = factories.agency(country)
            db.session.add(
                Posting(
                    person_id=person_id, country=country, agency_id=agency_id, roles="",
                    since=NOW.date() + timedelta(days=since),
                    until=None if until is None else NOW.date() + timedelta(days=until),
                )
            )  # fmt: skip


@pytest.mark.each_database
def test_actions_for_another_country_show_no_alias(app: Flask, people: People) -> None:
    """The country of an entry is that of the person concerned: the actor may have moved since."""
    with app.app_context():
        came, went, back = (factories.person(alias=f"Rail {number}", country="IQ") for number in range(3))
        _served(people.own, ("IQ", -400, None))
        _served(came, ("AT", -400, -31), ("IQ", -30, None))
        _served(went, ("IQ", -400, -31), ("AT", -30, None))
        _served(back, ("IQ", -400, -61), ("AT", -60, -31), ("IQ", -30, None))
        with transaction():
            for who in (came, went, back):
                for days in (100, 45, 10):
                    record(
                        RoleGranted(
                            person_id=people.own, role="trainer", scope="course", reach="x", since=NOW.date(),
                            until=None, deputy=False, actor_id=who, at=NOW - timedelta(days=days),
                        )
                    )  # fmt: skip
        db.session.remove()
    client = _client(app, people.contact)
    rows = _rows(client.get("/audit?kind=RoleGranted&until=2027-02-28").text)
    called = [re.findall(r"Rail \d|Outside your country", row) for row in rows]
    assert sorted(one for (one,) in called) == ["Outside your country"] * 6 + ["Rail 0", "Rail 2", "Rail 2"]
    counts = [
        len(_rows(client.get(f"/audit?kind=RoleGranted&who={who}&until=2027-02-28").text)) for who in (came, went, back)
    ]
    assert counts == [1, 0, 2]


@pytest.mark.parametrize(
    "query", ["kind=Nonsense", "since=x", "since=9999-12-31", "until=0001-01-01", "about=x", "before=1", "before=1-x"]
)
def test_invalid_filters_show_errors(app: Flask, people: People, query: str) -> None:
    client = _client(app, people.administrator)
    for path in ("/audit", "/audit/export"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 422
        assert 'id="mistakes"' in answer.text


@pytest.mark.each_database
def test_pages_of_fifty_entries_reach_the_end(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        for number in range(120):
            record(
                SettingsChanged(person_id=people.own, changed=(f"n{number}",), at=NOW - timedelta(days=number // 50))
            )
    client = _client(app, people.administrator)
    path, seen, pages = "/audit?kind=SettingsChanged", [], []
    while path:
        page = client.get(path).text
        found = re.findall(r"Changed: (n\d+)", page)
        seen += found
        pages.append(len(found))
        onward = re.search(r'href="([^"]*before=[^"]*)"', page)
        path = onward[1].replace("&amp;", "&") if onward else ""
    assert pages == [50, 50, 20]
    assert len(set(seen)) == 120


def test_number_of_queries_does_not_depend_on_entries(app: Flask, people: People) -> None:
    client = _client(app, people.contact)
    client.get("/audit")
    with app.app_context():
        engine = db.engine
    counts = []
    for kind in ("SeatTaken", ""):
        asked: list[str] = []

        def note(_connection: object, _cursor: object, text: str, *_more: object, asked: list[str] = asked) -> None:
            asked.append(text)

        happening.listen(engine, "before_cursor_execute", note)
        assert client.get(f"/audit?kind={kind}").status_code == 200
        happening.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(("path", "name"), [("/audit?kind=SeatTaken", "TrailRead"), ("/audit/export", "TrailExported")])
def test_read_is_recorded_before_entries_are_shown(app: Flask, people: People, path: str, name: str) -> None:
    answer = _client(app, people.contact).get(path)
    assert answer.status_code == 200
    with app.app_context():
        last = db.session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one()
        assert (last.name, last.actor_id, last.country) == (name, people.contact, "IQ")


@pytest.mark.parametrize("path", ["/audit", "/audit/export"])
def test_entries_are_not_shown_when_the_read_cannot_be_recorded(
    app: Flask, people: People, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _client(app, people.administrator)

    def full(*_args: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(audit, "write", full)
    answer = client.get(path)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert str(people.own)[:8] not in answer.text


def test_export_has_the_entries_of_the_page(app: Flask, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "PORTION", 3)
    lines = {}
    for name, person in (("administrator", people.administrator), ("contact", people.contact)):
        answer = _client(app, person).get("/audit/export?kind=PasswordChanged")
        assert answer.content_type == "text/csv; charset=utf-8"
        lines[name] = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    own, other = str(people.own), str(people.other)
    assert lines["administrator"][0] == [
        "entry",
        "at",
        "event",
        "by",
        "about",
        "thing",
        "country",
        "request",
        "details",
    ]
    assert {row[3] for row in lines["administrator"][1:]} == {own, other}
    assert [row[3:5] for row in lines["contact"][1:]] == [["Heron 7", "Heron 7"]]
    whole = _client(app, people.administrator).get("/audit/export").text
    with app.app_context():
        assert whole.count("\r\n") == 1 + len(list(db.session.scalars(select(Entry.id))))


def test_export_of_many_officers_needs_a_second_person(
    app: Flask, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ALONE", 1)
    assert _client(app, people.contact).get("/audit/export").status_code == 409
    assert _client(app, people.contact).get("/audit/export?kind=SeatTaken").status_code == 200
    assert _client(app, people.administrator).get("/audit/export").status_code == 200


def test_exports_of_a_day_count_together_until_approved(
    app: Flask, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ALONE", 2)
    client = _client(app, people.contact)
    for status in (200, 200, 409):
        assert client.get("/audit/export?kind=SeatTaken").status_code == status
    with app.app_context():
        taken = list(db.session.scalars(select(OfficersTaken.count)))
        noted = [one for one in db.session.scalars(select(Entry.name)) if one == "TrailExported"]
        assert (taken, len(noted)) == ([1, 1], 2)
        now = clock.real_now()
        allowed = ExportWish(
            id=uuid4(), person_id=people.contact, country="IQ", asked_at=now, ends_at=now + timedelta(hours=1),
            answered_by=people.administrator, answered_at=now, allowed=True,
        )  # fmt: skip
        with transaction():
            db.session.add(allowed)
    assert client.get("/audit/export").status_code == 200


def test_people_are_counted_before_the_transaction(app: Flask, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, waits = audited.people, list[bool]()

    def people_of(*args: object) -> int:
        waits.append(is_in_transaction())
        return counted(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(audited, "people", people_of)
    assert _client(app, people.contact).get("/audit/export").status_code == 200
    assert waits == [False]


def test_page_shows_state_of_the_chain(app: Flask, people: People) -> None:
    client = _client(app, people.administrator)
    assert client.get("/audit").text.count("<dd>Never</dd>") == 2
    with app.app_context():
        jobs.verify()
    assert "Intact" in client.get("/audit").text
    with app.app_context(), db.engine.connect() as connection, databases.guards_off(connection):
        connection.exec_driver_sql("UPDATE audit_entry SET name = 'Other' WHERE id = 2")
    with app.app_context(), pytest.raises(jobs.DamagedAuditLogError):
        jobs.verify()
    assert re.search(r"Damaged</span> <bdi>2</bdi>", client.get("/audit").text)


@pytest.mark.each_database
def test_administrator_does_not_learn_country_of_protected_officer(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        agency_id = identity_postings.postings([people.other])[people.other][0].agency_id
        postings.protect(people.other, protected=True, titles=(), today=NOW.date())
        record(
            PostingMoved(
                person_id=people.other, country="AT", agency_id=agency_id, roles=("border-guard",), since=NOW.date()
            )
        )
        record(
            RoleGranted(
                person_id=people.other, role="supervisor", scope="country", reach="AT", since=NOW.date(), until=None,
                deputy=False,
            )
        )  # fmt: skip
    client = _client(app, people.administrator)
    for path in (f"/audit?about={people.other}", f"/audit?who={people.other}", "/audit"):
        page = client.get(path).text
        rows = [row for row in _rows(page) if str(people.other) in row]
        assert rows or "who" in path
        assert not any(
            sign in row for row in rows for sign in ("Austria", "AT</", ": AT", str(agency_id)[:8], "border-guard")
        )
    file = client.get("/audit/export").text
    table = csv.DictReader(io.StringIO(file.removeprefix("\ufeff")))
    lines = [line for line in table if str(people.other) in line.values()]
    assert {line["event"] for line in lines} >= {"PostingMoved", "RoleGranted"}
    assert not any("AT" in (line["country"], *line["details"].split(": ")) for line in lines)
    assert not any(sign in "".join(line.values()) for line in lines for sign in (str(agency_id), "border-guard"))
    own = client.get(f"/audit?about={people.own}").text
    # no row has a country: a gap would reveal the protected officers
    assert not any(sign in row for row in _rows(own) for sign in ("IQ", "Iraq"))


def test_missing_entries_do_not_reveal_protected_officer(app: Flask, people: People) -> None:
    with app.app_context():
        hidden, plain = (factories.person(alias=alias, country="IQ") for alias in ("Crane 1", "Crane 2"))
        with transaction():
            record(IdentityViewed(person_id=plain, actor_id=people.contact))
            record(IdentityViewed(person_id=hidden, actor_id=people.contact))
            record(IdentityViewed(person_id=hidden, actor_id=people.administrator))
            postings.protect(hidden, protected=True, titles=(), today=NOW.date())
            record(SettingsChanged(person_id=people.contact, actor_id=people.contact, changed=()))
        db.session.remove()
    client = _client(app, people.administrator)

    def rows(query: str) -> list[str]:
        found = _rows(client.get(f"/audit?{query}").text)
        return [re.sub(r"<[^>]+>|\s+|[0-9a-f]{8}|\d", " ", row) for row in found if "Name viewed" in row]

    two = rows(f"about={hidden}&kind=IdentitySeen")
    assert two[1:] == rows(f"about={plain}&kind=IdentitySeen")
    assert "Person of the same country" in two[1]
    assert "Person of the same country" not in two[0]
    assert str(people.administrator) in client.get(f"/audit?about={hidden}").text
    for officer in (hidden, plain):
        assert str(people.contact) not in client.get(f"/audit?about={officer}").text
        assert str(officer) not in client.get(f"/audit?who={people.contact}").text
    assert "Settings changed" in client.get(f"/audit?who={people.contact}").text  # what is the own goes on
    assert len(_rows(client.get("/audit?kind=ProtectionChanged").text)) == 0
    table = list(csv.DictReader(io.StringIO(client.get("/audit/export").text.removeprefix("\ufeff"))))
    of_these = [line for line in table if line["about"] in {str(hidden), str(plain)}]
    assert {line["event"] for line in of_these} == {"PersonAdded", "RoleGranted", "IdentitySeen"}
    assert not any(str(people.contact) in line.values() for line in of_these)
    assert {line["country"] for line in of_these} == {""}


@pytest.mark.each_database
def test_protected_officer_is_visible_in_own_country_only(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        postings.protect(people.own, protected=True, titles=(), today=NOW.date())
        postings.protect(people.other, protected=True, titles=(), today=NOW.date())
    page = _client(app, people.contact).get("/audit?kind=ProtectionChanged").text
    assert len(_rows(page)) == 1
    with app.app_context():
        both = (*ADMINISTRATOR, (Role.CONTACT_POINT, Scope.COUNTRY, "AT"))
        reader = factories.person(country="AT", roles=(), grants=both)
    found = _rows(_client(app, reader).get("/audit?kind=ProtectionChanged").text)
    assert len(found) == 1
    assert str(people.other) in found[0]
