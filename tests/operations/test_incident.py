import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pyotp
import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event as happening, func, select
from werkzeug.test import TestResponse

from app.access.guard import exports
from app.access.people_rules import AssignableRole
from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db.session import db, record, transaction
from app.directory.service import postings
from app.identity import service
from app.identity.events import IdentityViewed
from app.identity.queries import people
from app.intake.models import ExportWish
from app.invitations.models import Invitation
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import MailKind
from app.messages.models import OutgoingMail
from app.operations.domain import OFFICERS_OWN
from app.recovery import queries as recovery_queries
from app.recovery.domain import LINK_LIFE, IdentityCheck
from app.recovery.models import PasswordLink
from app.recovery.service import address_change, restore_access
from app.recovery.service.restore_access import ResetRefusal
from app.rights.domain.roles import RequestAnswer, RoleRefusal, RoleRequest
from app.rights.events import SupervisorAssigned
from app.rights.queries import roles as rights_roles
from app.rights.service import roles
from app.sign_in.domain import CodeKind, IncidentReason
from app.sign_in.events import PasswordChanged
from app.sign_in.models import AuthenticatorApp, KnownBrowser, SignInSession
from app.sign_in.queries import factors
from app.sign_in.service import incident as sign_in_incident, second_factor
from app.sign_in.views import current_session as door
from tests.support import factories, routes, sites
from tests.support.invitations import contact_point, invited
from tests.support.settings import REPOSITORY
from tests.support.sites import Site

# one's own, public, or no data of anybody: an incident does not stop them
NO_EXPORT = {
    "assets.send",
    "assets.send_picture",
    "catalogue.medium",
    "rights.access_table_export",
    "workshops.calendar",
}
# where files are given; `views/incident` is the report of the incident itself, `pages/mail` makes mails
PLACES = {
    "catalogue/views.py",
    "coordination/pages/completion_files.py",
    "credentials/views/copies.py",
    "demo/views.py",
    "intake/views.py",
    "messages/pages/mail.py",
    "operations/views/audit_log.py",
    "operations/views/incident.py",
    "plan/models/__init__.py",
    "plan/views/manual_figures.py",
    "privacy/pages/archive.py",
    "reports/service/pdf.py",  # the data of a report inside its file
    "reports/views/runs.py",
    "rights/views/access_table.py",
    "studio/domain/exchange/moodle_xml.py",  # a setting of questions in Moodle
    "studio/views/exports.py",
    "studio/views/imports.py",
    "studio/views/media.py",
    "studio/views/results.py",
    "studio/views/scorm.py",
    "studio/views/translation_files.py",
    "web/locked_sheets.py",
    "web/table_files.py",
    "workshops/views/cascades.py",
    "workshops/views/country_participants.py",
    "workshops/views/event_files.py",
    "workshops/views/bookings.py",
}
APP = REPOSITORY / "app"
READERS = ("owner", "contact_point")
BEGIN = {"reason": "stolen_password", "whose": "named", "aliases": "", "password": factories.PASSWORD}


def administrator(app: Flask) -> FlaskClient:
    with app.app_context():
        person_id = factories.person(country="BG", roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    return factories.sign_in(app, person_id)


def begin(app: Flask, client: FlaskClient, **fields: str) -> TestResponse:
    return sites.post(app, client, "/operations/incident/begin", BEGIN | fields)


def lasts(app: Flask) -> bool:
    with app.app_context():
        found = sign_in_incident.last_incident()
        return found is not None and found.lasts


def officer(app: Flask, alias: str = "Heron 7") -> UUID:
    """Add a person with an authenticator app."""
    with app.app_context():
        person_id = factories.person(alias=alias, mail=f"{alias.replace(' ', '')}@example.org")
        now = clock.real_now()
        with transaction():
            app_row = AuthenticatorApp(person_id=person_id, seed=pyotp.random_base32(), made_at=now, confirmed_at=now)
            db.session.add(app_row)
            second_factor.make_codes(person_id, CodeKind.RECOVERY, now)
        return person_id


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["incident", *words])


def test_begin_ends_all_other_sessions(app: Flask) -> None:
    with app.app_context():
        person = factories.person()
    visits = [factories.sign_in(app, person) for _ in range(2)]
    client = administrator(app)
    with client.session_transaction() as session:
        before = session["sid"]
    answer = begin(app, client)
    assert answer.status_code == 302
    assert [visit.get("/record").status_code for visit in visits] == [302, 302]
    page = client.get("/operations/incident").text
    assert "Security incident" in page
    assert "2 sessions ended" in page or "3 sessions ended" in page
    with client.session_transaction() as session:
        assert session["sid"] != before
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 1
        (entry,) = db.session.scalars(select(Entry).where(Entry.name == "IncidentBegun"))
    assert entry.actor_id is not None
    assert '"reason":"stolen_password"' in entry.facts


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "wrong"},
        {"password": ""},
        {"reason": "curiosity"},
        {"whose": "unknown"},
        {"aliases": "Unknown alias"},
        {"aliases": "x" * 8001},
        {"aliases": "Heron 7\n" * 101},
    ],
)
def test_invalid_form_begins_no_incident(lite_app: Flask, fields: dict[str, str]) -> None:
    visit = factories.sign_in(lite_app, officer(lite_app))
    answer = begin(lite_app, administrator(lite_app), **fields)
    assert answer.status_code == 422
    assert "error" in answer.text
    assert not lasts(lite_app)
    assert visit.get("/record").status_code == 200


def test_incident_page_is_for_administrators_only(lite_app: Flask) -> None:
    for role in (Role.CO_CHAIR, Role.CONTACT_POINT, Role.COORDINATOR, None):
        with lite_app.app_context():
            person = factories.person(grants=((role, Scope.ALL, ""),) if role else ())
        client = factories.sign_in(lite_app, person)
        assert client.get("/operations/incident").status_code == 403
        for end in ("begin", "end", "report"):
            assert sites.post(lite_app, client, f"/operations/incident/{end}", BEGIN).status_code == 403
    assert not lasts(lite_app)


def test_invalidated_factor_needs_more_than_a_password(app: Flask) -> None:
    person, other = officer(app), officer(app, "Egret 3")
    assert begin(app, administrator(app), aliases="Heron 7\n").status_code == 302
    with app.app_context():
        assert [factors.factors(one).count for one in (person, other)] == [0, 1]
        assert factors.factors(person).recovery == 0
    visit = app.test_client()
    sites.post(app, visit, "/sign-in", {"name": "heron7@example.org", "password": factories.PASSWORD})
    for path in ("/sign-in/factors", "/sign-in/factors/app"):
        assert visit.get(path).headers["Location"].startswith("/sign-in/second-step")
    assert "no longer valid" in visit.get("/sign-in/second-step").text
    wrong = sites.post(app, visit, "/sign-in/second-step", {"code": "000 000"})
    assert (wrong.status_code, "You now need a code from your contact point" in wrong.text) == (422, True)
    assert sites.post(app, visit, "/sign-in/factors/app").headers["Location"].startswith("/sign-in/second-step")
    assert visit.get("/record").status_code == 302
    with app.app_context(), transaction():
        now = clock.real_now()
        code = second_factor.make_codes(person, CodeKind.READMISSION, now, ends_at=now + timedelta(hours=72))[0]
    assert sites.post(app, visit, "/sign-in/second-step", {"code": code}).headers["Location"] == "/sign-in/factors"
    sites.post(app, visit, "/sign-in/factors/app")
    with app.app_context():
        seed = factors.app_seed(person, confirmed=False)[1]  # type: ignore[index]
    answer = sites.post(app, visit, "/sign-in/factors/app/code", {"code": pyotp.TOTP(seed).now()})
    assert answer.status_code == 200
    assert visit.get("/record").status_code == 200
    with app.app_context():
        assert not people.get(person).factors_void


def test_second_factor_is_required_after_incident(app: Flask) -> None:
    with app.app_context():
        person = factories.person(mail="plain@example.org")
        with transaction():
            sign_in_incident.begin(IncidentReason.LEAK, None, clock.real_now())
        assert people.get(person).factors_void
    visit = app.test_client()
    fields = {"name": "plain@example.org", "password": factories.PASSWORD}
    assert sites.post(app, visit, "/sign-in", fields).headers["Location"] == "/sign-in/second-step"
    assert visit.get("/sign-in/factors").headers["Location"].startswith("/sign-in/second-step")


def _asked(site: Site) -> Iterator[tuple[str, str]]:
    """Yield clients with addresses: each user with each page."""
    values = {"workshop_id": site.workshops["seat"], "person_id": site.people["owner"], "digest": site.picture}
    for rule in routes.of_method(site.app, "GET"):
        if rule.endpoint not in NO_EXPORT:
            for name in READERS:
                yield name, routes.address(site.app, rule, **values)


def test_exports_are_disabled_during_incident(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    clients = {name: site.client(name) for name in READERS}
    taken = [
        one
        for one in _asked(site)
        if clients[one[0]].get(one[1]).headers.get("Content-Disposition", "").startswith("attachment")
    ]
    matched = [lite_app.url_map.bind("localhost").match(path, return_rule=True)[0] for _name, path in taken]
    assert {"operations.export_audit_log", "plan.countries_file", "plan.rows"} <= {rule.endpoint for rule in matched}
    assert [rule.rule for rule in matched if not exports(rule.rule)] == []
    with lite_app.app_context(), transaction():
        sign_in_incident.begin(IncidentReason.DRILL, [], clock.real_now())
    clients, noted = {name: site.client(name) for name in READERS}, _noted(lite_app)
    answers = [clients[name].get(path) for name, path in taken]
    assert {answer.status_code for answer in answers} == {409}
    assert all("during a security incident" in answer.text for answer in answers)
    sent = [
        sites.post(lite_app, clients[name], routes.address(lite_app, rule)).status_code
        for rule in routes.of_method(lite_app, "POST")
        if exports(rule.rule)
        for name in READERS
    ]
    assert set(sent) <= {403, 404, 409}
    assert _noted(lite_app) == noted
    with lite_app.app_context(), transaction():
        assert sign_in_incident.end(clock.real_now())
    assert clients["contact_point"].get("/audit/export").status_code == 200


def test_export_of_own_data_is_disabled_during_incident(lite_app: Flask) -> None:
    with lite_app.app_context(), transaction():
        sign_in_incident.begin(IncidentReason.DRILL, [], clock.real_now())
    client = factories.sign_in(lite_app, officer(lite_app))
    answer = sites.post(lite_app, client, "/settings/my-data", {"password": factories.PASSWORD})
    assert (answer.status_code, "during a security incident" in answer.text) == (409, True)
    with lite_app.app_context(), transaction():
        sign_in_incident.end(clock.real_now())
    assert sites.post(lite_app, client, "/settings/my-data", {"password": factories.PASSWORD}).status_code == 200


def test_every_view_that_gives_a_file_is_listed() -> None:
    """A new view with a file must be listed: its address ends like a file, or the view is marked."""
    gives = re.compile(r"send_csv\(|send_sheet\(|as_attachment=True|attachment")
    found = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        if gives.search(re.sub(r'"""|#.*', "", path.read_text("utf-8")))
    }
    assert found == PLACES


def _noted(app: Flask) -> int:
    with app.app_context():
        query = select(func.count()).select_from(Entry).where(Entry.name.in_(["TrailExported", "ArchiveTaken"]))
        return db.session.scalar(query) or 0


def test_incident_banner_is_shown_to_staff_only(lite_app: Flask) -> None:
    with lite_app.app_context():
        person = factories.person()
        point = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        with transaction():
            sign_in_incident.begin(IncidentReason.DRILL, [], clock.real_now())
    told = ["Security incident" in factories.sign_in(lite_app, one).get("/courses").text for one in (person, point)]
    assert told == [False, True]


def test_incident_begins_and_ends_once(app: Flask) -> None:
    client = administrator(app)
    assert begin(app, client).status_code == 302
    assert begin(app, client).status_code == 409
    wrong = sites.post(app, client, "/operations/incident/end", {"password": "wrong"})
    assert (wrong.status_code, lasts(app)) == (422, True)
    ended = sites.post(app, client, "/operations/incident/end", {"password": factories.PASSWORD})
    assert (ended.status_code, lasts(app)) == (302, False)
    assert "The last incident lasted from" in client.get("/operations/incident").text
    assert begin(app, client, reason="drill").status_code == 302
    assert lasts(app)


def test_ended_session_cannot_begin_incident(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, fully = administrator(app), door.recently_fully_authenticated

    def ended() -> bool:
        found = fully()
        with transaction():
            db.session.execute(delete(SignInSession))
        return found

    monkeypatch.setattr(door, "recently_fully_authenticated", ended)
    answer = begin(app, client)
    assert (answer.status_code, lasts(app)) == (401, False)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0


@pytest.mark.each_database
def test_concurrent_requests_begin_one_incident(app: Flask) -> None:
    officer(app)
    start, told = Barrier(2), list[str]()

    def one() -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    sign_in_incident.begin(IncidentReason.LEAK, [], clock.real_now())
                told.append("begun")
            except DomainError as error:
                told.append(str(error))
            db.session.remove()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["An incident has begun already. End it first.", "begun"]


def test_session_opened_during_begin_is_ended(app: Flask) -> None:
    visit = factories.sign_in(app, officer(app))
    with app.app_context(), transaction():
        (row,) = db.session.scalars(select(SignInSession))
        kept = {one.name: getattr(row, one.name) for one in SignInSession.__table__.columns if one.name != "id"}
        sign_in_incident.begin(IncidentReason.LEAK, [], clock.real_now())
        db.session.expunge_all()
        db.session.add(SignInSession(**kept))  # its transaction ended after the sessions were deleted
    assert visit.get("/record").status_code == 302
    with app.app_context(), transaction():
        sign_in_incident.end(clock.real_now())
    assert visit.get("/record").status_code == 302


def test_people_with_invalidated_factors_get_a_mail(app: Flask) -> None:
    person = officer(app)
    assert begin(app, administrator(app), aliases="Heron 7").status_code == 302
    with app.app_context():
        mails = db.session.scalars(select(OutgoingMail.kind).where(OutgoingMail.recipient_id == person))
        assert list(mails) == [MailKind.ACCOUNT_CHANGED]


REPORT = "/operations/incident/report"


def reported(app: Flask, client: FlaskClient, whom: UUID | str, **fields: str) -> TestResponse:
    return sites.post(app, client, REPORT, {"alias": str(whom), "since": "2027-02-01", **fields})


def lines_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def incident(app: Flask) -> None:
    with app.app_context(), transaction():
        sign_in_incident.begin(IncidentReason.DRILL, [], clock.real_now())


def alias_of(app: Flask, person_id: UUID) -> str:
    with app.app_context():
        return people.names([person_id])[person_id]


@pytest.mark.each_database
def test_report_contains_actions_and_no_names(app: Flask) -> None:
    site = sites.make(app)
    owner = site.people["owner"]
    alias = alias_of(app, owner)
    with app.app_context(), transaction():
        record(PasswordChanged(person_id=owner, actor_id=owner))
    incident(app)
    client = site.client("administrator")
    answer = reported(app, client, alias)
    lines = lines_of(answer.get_data(as_text=True))
    kinds = {line["event"] for line in lines}
    assert "PasswordChanged" in kinds
    assert not kinds & OFFICERS_OWN  # learning results stay private, even in an incident
    assert {line["by"] for line in lines} == {str(owner)}
    assert not any(line["entry"] or line["country"] for line in lines)
    assert "Test Person" not in answer.text
    assert alias not in answer.text
    later = reported(app, client, alias, since="2099-01-01")
    assert len(later.text.splitlines()) == 1
    for unknown in ("Unknown", "00000000-0000-0000-0000-000000000000"):
        assert reported(app, client, unknown).status_code == 422
    with app.app_context(), transaction():
        service.deactivate(owner, clock.today())
    for named in (alias, str(owner)):  # closing the account is what everybody does first
        assert len(lines_of(reported(app, client, named).text)) >= len(lines)
    by_console = run(app, "report", "--person", alias, "--since", "2027-02-01")
    assert lines_of(by_console.output) == lines_of(reported(app, client, alias).text)


def test_report_on_contact_point_names_no_countrymen(app: Flask) -> None:
    with app.app_context():
        point = contact_point()
        hidden, plain = (factories.person(country="IQ") for _turn in range(2))
        stranger = factories.person(country="AT")
        with transaction():
            postings.protect(hidden, protected=True, titles=(), today=clock.today())
            for one in (hidden, plain, hidden, stranger):
                record(IdentityViewed(person_id=one, actor_id=point))
            record(IdentityViewed(person_id=hidden, actor_id=point, at=clock.now() + timedelta(days=1)))
            record(SupervisorAssigned(person_id=plain, supervisor_id=hidden, country="IQ", actor_id=point))
            record(PasswordChanged(person_id=point, actor_id=point))
    incident(app)
    client = administrator(app)
    for text in (
        reported(app, client, point).text,
        run(app, "report", "--person", str(point), "--since", "2027-02-01").output,
    ):
        lines = lines_of(text)
        assert not any(str(one) in text for one in (hidden, plain))
        counted = [line for line in lines if len(line["at"]) == 10]  # a day alone
        assert [(line["at"], line["event"], line["details"], line["request"]) for line in counted] == [
            ("2027-03-02", "IdentitySeen", "times: 1", ""),
            ("2027-03-01", "IdentitySeen", "times: 3", ""),
            ("2027-03-01", "SupervisorAssigned", "times: 1", ""),
        ]
        named = {line["event"]: line["about"] for line in lines if len(line["at"]) > 10}
        assert named["IdentitySeen"] == str(stranger)
        assert named["PasswordChanged"] == str(point)
        assert {line["by"] for line in lines} == {str(point)}


def test_report_needs_an_active_incident(app: Flask) -> None:
    client, person = administrator(app), officer(app)
    page = client.get("/operations/incident").text
    assert f'action="{REPORT}"' not in page
    assert "This table is for a security incident, and there is none." in page
    refused = reported(app, client, person)
    assert (refused.status_code, "there is none" in refused.text) == (409, True)
    assert _seen(app, person) == []
    incident(app)
    client = administrator(app)
    assert f'action="{REPORT}"' in client.get("/operations/incident").text
    assert reported(app, client, person).content_type == "text/csv; charset=utf-8"
    with app.app_context(), transaction():
        sign_in_incident.end(clock.real_now())
    assert reported(app, client, person).status_code == 409
    assert len(_seen(app, person)) == 1
    assert run(app, "report", "--person", str(person), "--since", "2027-02-01").exit_code == 0  # for after it
    assert len(_seen(app, person)) == 2


def test_report_needs_reauthentication(app: Flask) -> None:
    incident(app)
    client, person = administrator(app), officer(app)
    assert 'name="proof"' not in client.get("/operations/incident").text
    with app.app_context(), transaction():
        for session in db.session.scalars(select(SignInSession)):
            session.proved_at -= timedelta(minutes=11)
    assert 'name="proof"' in client.get("/operations/incident").text
    for password, said in (("", "Enter your password."), ("wrong", "The password is not right.")):
        answer = reported(app, client, person, proof=password)
        assert (answer.status_code, said in answer.text) == (422, True), password
    assert _seen(app, person) == []
    assert reported(app, client, person, proof=factories.PASSWORD).status_code == 200
    assert reported(app, client, person).status_code == 200


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31", "1999-12-31", "x"])
def test_report_rejects_days_outside_the_audit_log(lite_app: Flask, since: str) -> None:
    with lite_app.app_context():
        grants = ((Role.ADMINISTRATOR, Scope.ALL, ""),)
        east = factories.person(country="BG", roles=(), grants=grants)
        with transaction():
            people.get(east).time_zone = "Asia/Dhaka"  # where the first day of all would begin before all days
    incident(lite_app)
    answer = reported(lite_app, factories.sign_in(lite_app, east), east, since=since)
    assert (answer.status_code, "Enter a date." in answer.text) == (422, True)


def test_number_of_queries_does_not_depend_on_people(lite_app: Flask) -> None:
    with lite_app.app_context():
        names = [f"Heron {number}" for number in range(100)]
        for name in names:
            factories.person(alias=name)
        engine = db.engine
    client, counts = administrator(lite_app), []
    for aliases in (names[:1], names):
        asked: list[str] = []

        def note(_connection: object, _cursor: object, text: str, *_more: object, asked: list[str] = asked) -> None:
            asked.append(text)

        happening.listen(engine, "before_cursor_execute", note)
        refused = begin(lite_app, client, aliases="\n".join(aliases), password="wrong")
        happening.remove(engine, "before_cursor_execute", note)
        assert refused.status_code == 422
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0


def test_report_appears_in_access_log_of_the_person(app: Flask) -> None:
    incident(app)
    client, person = administrator(app), officer(app)
    assert reported(app, client, person).status_code == 200
    run(app, "report", "--person", str(person), "--since", "2027-02-01")
    page = factories.sign_in(app, person).get("/settings/who-looked").text
    assert page.count("What your account saw and did, because of an incident") == 2
    assert "Administrator" in page
    assert "Staff of the academy" in page  # at the console


def _seen(app: Flask, person_id: UUID) -> list[Entry]:
    with app.app_context():
        mine = select(Entry).where(Entry.name == "AccountSeen", Entry.person_id == person_id)
        return list(db.session.scalars(mine))


@pytest.mark.each_database
def test_console_command_begins_and_ends_incident(app: Flask) -> None:
    person = officer(app)
    visit = factories.sign_in(app, person)
    assert run(app, "begin", "--reason", "leak", "--person", "Unknown").exit_code == 1
    assert not lasts(app)
    began = run(app, "begin", "--reason", "leak", "--person", "Heron 7")
    assert "1 sessions ended" in began.output
    assert visit.get("/record").status_code == 302
    assert "Incident: one lasts since" in app.test_cli_runner().invoke(args=["doctor"]).output
    again = run(app, "begin", "--reason", "drill")
    assert (again.exit_code, "has begun already" in again.output) == (1, True)
    assert "is over" in run(app, "end").output
    assert "no security incident" in run(app, "end").output
    everybody = run(app, "begin", "--reason", "drill", "--everybody")
    assert "Second factors reset: everybody" in everybody.output


@pytest.mark.each_database
def test_open_requests_of_a_stolen_session_are_closed(app: Flask) -> None:
    """A request for two people is open for 72 hours: an incident must close those of an attacker."""
    now = clock.real_now()
    with app.app_context():
        grants = ((Role.ADMINISTRATOR, Scope.ALL, ""),)
        thief, lost, friend = (factories.person(roles=(), grants=grants) for _ in range(3))
        puppet = factories.person(mail="puppet@example.org")
        wish = RoleRequest(AssignableRole(Role.ADMINISTRATOR), Scope.ALL, "", clock.today(), None)
        with transaction():
            assert restore_access.approve_reset(lost, thief, IdentityCheck.KNOWN, now) is ResetRefusal.ASKED
            actor = Actor(thief, "IQ", frozenset({Role.ADMINISTRATOR}))
            assert roles.assign_role(actor, puppet, wish, clock.today(), now) is None
            assert address_change.ask(puppet, "evil@example.org", address="192.0.2.1", real_now=now) is None
            db.session.add(PasswordLink(person_id=puppet, token_hash="0" * 64, token="x", ends_at=now + LINK_LIFE))
        assert recovery_queries.open_request(lost, now) is not None
        (asked,) = rights_roles.administrator_requests(now)
        with transaction():
            sign_in_incident.begin(IncidentReason.MISUSE, [], now)
        now = clock.real_now()  # open requests are closed
        assert recovery_queries.open_request(lost, now) is None
        assert recovery_queries.change_of(puppet, now) is None
        assert db.session.scalars(select(PasswordLink)).all() == []
        assert rights_roles.administrator_requests(now) == []
        with transaction():
            helper = Actor(friend, "IQ", frozenset({Role.ADMINISTRATOR}))
            over = roles.answer_request(helper, puppet, asked.id, RequestAnswer.CONFIRMED, clock.today(), now)
        assert over is RoleRefusal.OVER
        with transaction():
            # a new request, by another administrator
            assert roles.assign_role(helper, puppet, wish, clock.today(), now) is None


@pytest.mark.each_database
@pytest.mark.parametrize("named", [True, False])
def test_open_links_of_a_stolen_account_are_void(app: Flask, named: bool) -> None:
    now = clock.real_now()
    with app.app_context():
        thief, friend = (contact_point() for _ in range(2))
        with transaction():
            wish = ExportWish(person_id=thief, country="IQ", asked_at=now, ends_at=now + timedelta(days=1))
            wish.answered_by, wish.answered_at, wish.allowed = friend, now, True
            db.session.add_all([wish, KnownBrowser(person_id=thief, mark_hash="1" * 64, seen_at=now)])
        theirs, others = invited(thief, now), invited(friend, now, mail="other@example.org")
        with transaction():
            sign_in_incident.begin(IncidentReason.STOLEN_PASSWORD, [thief] if named else None, now)
        now = clock.real_now()
        assert db.session.scalars(select(ExportWish)).all() == []
        assert db.session.scalars(select(KnownBrowser)).all() == []
        closed = {one: db.session.get_one(Invitation, one).ends_at <= now for one in (theirs, others)}
        assert closed == {theirs: True, others: not named}
