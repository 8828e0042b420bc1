import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import delete, select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, record, transaction
from app.directory import jobs
from app.directory.queries import people
from app.directory.service import postings
from app.identity import service as identity_service
from app.identity.domain.people import PersonState
from app.identity.events import IdentityViewed
from app.identity.models import Agency, Person, Posting
from app.identity.queries import people as identity_people, postings as identity_postings
from app.intake.events import OfficersExported, SheetSeen
from app.intake.models import Batch, BatchLine
from app.kernel import clock
from app.messages import labels, queries as messages
from app.messages.domain import NoticeKind
from app.privacy.service import erasure
from app.rights.service import roles
from app.sign_in.models import SignInSession
from tests.support import factories, sites
from tests.support.contact_points import DAY, TODAY, chief, deputy
from tests.support.settings import NOW
from tests.support.site_snapshots import kept

PAGES = ("", "/posting?since=2027-04-01", "/leaving?last_day=2027-04-01", "/protection", "/erasure")
CHANGES = ("posting", "leaving", "leaving/withdrawal", "protection", "erasure")


@pytest.fixture
@kept
def officer(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(alias="Watcher 7", name="Planted Name")


def agency(app: Flask, name: str, country: str = "IQ") -> UUID:
    with app.app_context(), transaction():
        made = factories.agency(country)
        db.session.get_one(Agency, made).name = name
    return made


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Entry.name).order_by(Entry.id)))


def test_move_shows_consequences_before_the_change(app: Flask, officer: UUID) -> None:
    client, new = chief(app), agency(app, "Coast guard")
    path = f"/people/{officer}/service"
    page = client.get(path).text
    assert "Watcher 7" in page
    assert "Planted Name" not in page
    asked = client.get(f"{path}/posting?agency={new}&roles=first_responder&since=2027-04-01").text
    assert "is: Coast guard." in asked
    assert "Figures of earlier days stay with the agency of those days." in asked
    assert "Supervisors of the whole former agency no longer see this officer." in asked
    with app.app_context():
        now = identity_postings.posting_on(officer, TODAY)
    assert now is not None
    asked = client.get(f"{path}/posting?agency={now.agency_id}&roles=first_responder&since=2027-04-01").text
    assert ("Consequences" in asked, "former agency" in asked) == (True, False)
    assert names(app)[-1] == "ServiceSeen"  # nothing was changed by looking
    sent = {"agency": str(new), "roles": "first_responder", "since": "2027-04-01"}
    answer = sites.post(app, client, f"{path}/posting", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    shown = client.get(path).text
    assert "Coast guard" in shown
    assert "Planned" in shown


def test_move_with_invalid_fields_is_rejected(app: Flask, officer: UUID) -> None:
    client, here, abroad = chief(app), agency(app, "Coast guard"), agency(app, "Abroad", "BG")
    right = {"agency": str(here), "roles": "first_responder", "since": "2027-04-01"}
    for wrong, said in (
        ({"since": "soon"}, "since"),
        ({"agency": str(abroad)}, "Choose an agency from the list."),
        ({"roles": ""}, "Choose at least one."),
        ({"roles": "juggler"}, "Choose a role from the list."),
    ):
        sent = {name: value for name, value in {**right, **wrong}.items() if value}
        answer = sites.post(app, client, f"/people/{officer}/service/posting", sent)
        assert (answer.status_code, said in answer.text) == (422, True)
    assert "PostingMoved" not in names(app)


def test_move_without_submitted_day_changes_nothing(app: Flask, officer: UUID) -> None:
    """A field that was not submitted has no value: the default on the page is not used."""
    client = chief(app)
    for end in ("posting", "leaving"):
        answer = sites.post(app, client, f"/people/{officer}/service/{end}", {"to": "en"})
        assert answer.status_code == 422, end
    with app.app_context():
        person = identity_people.get(officer)
        assert (person.state, person.leaves_on) == (PersonState.ACTIVE, None)
    assert "PostingMoved" not in names(app)


def test_past_day_is_rejected_with_a_hint(app: Flask, officer: UUID) -> None:
    client, new = chief(app), agency(app, "Coast guard")
    path, past = f"/people/{officer}/service", str(TODAY - DAY)
    sent = {"agency": str(new), "roles": "first_responder", "since": past}
    answers = [
        sites.post(app, client, f"{path}/posting", sent),
        client.get(f"{path}/posting?agency={new}&roles=first_responder&since={past}"),
        sites.post(app, client, f"{path}/leaving", {"last_day": past}),
        client.get(f"{path}/leaving?last_day={past}"),
    ]
    assert [(one.status_code, "Choose today or a later day." in one.text) for one in answers] == [(422, True)] * 4


def test_planned_departure_can_be_cancelled(app: Flask, officer: UUID) -> None:
    client, own = chief(app), factories.sign_in(app, officer)
    path = f"/people/{officer}/service"
    later = str(TODAY + 9 * DAY)
    assert "Until then it works." in client.get(f"{path}/leaving?last_day={later}").text
    assert sites.post(app, client, f"{path}/leaving", {"last_day": later}).status_code == 302
    assert own.get("/settings").status_code == 200
    assert "The last day of service is" in client.get(path).text
    assert sites.post(app, client, f"{path}/leaving/withdrawal").status_code == 302
    assert "The last day of service is" not in client.get(path).text
    assert "every session of it ends" in client.get(f"{path}/leaving?last_day={TODAY}").text
    assert sites.post(app, client, f"{path}/leaving", {"last_day": str(TODAY)}).status_code == 302
    assert own.get("/settings").status_code in {302, 401}
    assert "This account is closed" in client.get(path).text


def test_deputy_cannot_erase_accounts(app: Flask, officer: UUID) -> None:
    client, whole, path = deputy(app), chief(app), f"/people/{officer}/service/erasure"
    sites.post(app, factories.sign_in(app, officer), "/settings/my-data/erasure")
    page, own = client.get(path), whole.get(path)
    assert (page.status_code, own.status_code) == (200, 200)
    assert ("Deputies cannot change this." in page.text, "Deputies cannot change this." in own.text) == (
        True,
        False,
    )
    assert ("Erase for good" in page.text, "Erase for good" in own.text) == (False, True)
    assert sites.post(app, client, path, {"identified": "y"}).status_code == 403
    with app.app_context():
        assert identity_people.own_name(officer) == "Planted Name"
    assert sites.post(app, whole, path, {"identified": "y"}).status_code == 302
    with app.app_context():
        assert identity_people.own_name(officer) == ""


def test_departure_and_erasure_need_recent_authentication(app: Flask, officer: UUID) -> None:
    client, path = chief(app), f"/people/{officer}/service"
    sites.post(app, factories.sign_in(app, officer), "/settings/my-data/erasure")
    with app.app_context(), transaction():
        for session in db.session.query(SignInSession):
            session.proved_at -= timedelta(minutes=11)
    for end, sent in (("leaving", {"last_day": str(TODAY)}), ("erasure", {"identified": "y"})):
        for password, said in (("", "Enter your password."), ("wrong", "The password is not right.")):
            answer = sites.post(app, client, f"{path}/{end}", {**sent, "password": password})
            assert (answer.status_code, said in answer.text) == (422, True), (end, password)
    with app.app_context():
        assert identity_people.get(officer).state is PersonState.ACTIVE
    answer = sites.post(app, client, f"{path}/erasure", {"identified": "y", "password": factories.PASSWORD})
    assert answer.headers["Location"] == "/people"


def test_contact_point_moves_and_protects_but_does_not_end_staff(
    app: Flask,
) -> None:
    client = chief(app)
    for role, scope, reach in ((Role.TRAINER, Scope.COURSE, "x"), (Role.ADMINISTRATOR, Scope.ALL, "")):
        with app.app_context():
            staff = factories.person(roles=(), grants=((role, scope, reach),))
            with transaction():
                erasure.ask_erasure(staff, clock.now())
        path = f"/people/{staff}/service"
        page = client.get(path)
        assert (page.status_code, "Revoke it first, or ask a coordinator to close the account." in page.text) == (
            200,
            True,
        )
        asked = [client.get(f"{path}/{end}").status_code for end in ("leaving", "erasure", "protection")]
        sent = [
            sites.post(app, client, f"{path}/{end}", {"last_day": str(TODAY), "identified": "y"}).status_code
            for end in ("leaving", "erasure")
        ]
        assert (asked, sent) == ([404, 404, 200], [404, 404])
        with app.app_context(), transaction():
            identity_service.deactivate(staff, TODAY)
        assert client.get(f"{path}/erasure").status_code == 200  # the account is closed: now it can be erased


def test_protection_shows_consequences_before_the_change(app: Flask, officer: UUID) -> None:
    client, path = chief(app), f"/people/{officer}/service"
    page = client.get(f"{path}/protection").text
    assert "No figure under 10" in page
    assert "Supervisors of the whole agency no longer see this officer. Supervisors assigned by name still do." in page
    assert sites.post(app, client, f"{path}/protection", {"protected": "yes"}).status_code == 302
    with app.app_context():
        assert identity_people.get(officer).protected
    assert "Small figures include the officer again." in client.get(f"{path}/protection").text
    assert sites.post(app, client, f"{path}/protection").status_code == 422  # an empty form does not end the protection
    with app.app_context():
        assert identity_people.get(officer).protected
    assert sites.post(app, client, f"{path}/protection", {"protected": "no"}).status_code == 302
    assert names(app).count("ProtectionChanged") == 2


def test_deputy_is_erased_after_the_role_has_ended(app: Flask, officer: UUID) -> None:
    client, path = chief(app), f"/people/{officer}/service"
    with app.app_context(), transaction():
        roles.add_role(
            officer, Role.CONTACT_POINT, scope=Scope.COUNTRY, reach="IQ", since=TODAY, until=TODAY + 9 * DAY,
            deputy=True,
        )  # fmt: skip
        erasure.ask_erasure(officer, clock.now())
    page = client.get(path).text
    assert "beyond your country" not in page
    assert "Revoke it first, or ask a coordinator to close the account." in page
    held = client.get(f"/people/{officer}/roles").text.split("Deputy contact point", 1)[1]
    (end, *_others) = re.findall(r'action="([^"]+/end)"', held)
    assert sites.post(app, client, end).status_code == 302
    assert client.get(f"{path}/erasure").status_code == 200


def test_contact_point_erases_officer_on_request(app: Flask, officer: UUID) -> None:
    client, own = chief(app), factories.sign_in(app, officer)
    path = f"/people/{officer}/service"
    assert client.get(f"{path}/erasure").status_code == 302  # an erasure needs a request
    assert sites.post(app, own, "/settings/my-data/erasure").status_code == 302
    assert "You have requested erasure" in own.get("/settings/my-data").text
    assert "An officer of your country asks to be erased." in client.get("/notices").text
    assert "This officer asks to be erased" in client.get(path).text
    page = client.get(f"{path}/erasure").text
    assert "This cannot be undone" in page
    assert '<div><label class="tick-row">' in page  # a label alone in a field would be its heading
    assert sites.post(app, client, f"{path}/erasure").status_code == 422  # not identified
    assert sites.post(app, client, f"{path}/erasure", {"identified": "y"}).headers["Location"] == "/people"
    assert own.get("/settings").status_code in {302, 401}
    gone = client.get(path)
    assert gone.status_code == 404
    assert "Watcher 7" not in client.get("/people?state=deactivated").text
    with app.app_context():
        assert identity_people.get(officer).alias.startswith("Former member ")


def test_erasure_request_can_be_withdrawn(app: Flask, officer: UUID) -> None:
    client, own = chief(app), factories.sign_in(app, officer)
    sites.post(app, own, "/settings/my-data/erasure")
    assert sites.post(app, own, "/settings/my-data/erasure/withdrawal").status_code == 302
    answer = sites.post(app, client, f"/people/{officer}/service/erasure", {"identified": "y"})
    assert answer.headers["Location"].endswith("/service")
    with app.app_context():
        assert identity_people.get(officer).state is PersonState.ACTIVE


def test_posting_pages_return_404_outside_own_scope(app: Flask, officer: UUID) -> None:
    with app.app_context():
        others = [
            factories.person(country="BG", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),)),
            factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),)),
            factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),)),
            factories.person(grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),)),
            officer,
        ]
        mine = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        db.session.remove()
    pairs = [(one, officer) for one in others] + [(mine, mine), (mine, UUID(int=7))]
    for reader, about in pairs:
        client = factories.sign_in(app, reader)
        asked = [client.get(f"/people/{about}/service{end}").status_code for end in PAGES]
        asked += [sites.post(app, client, f"/people/{about}/service/{end}").status_code for end in CHANGES]
        assert set(asked) == {404}
    with app.app_context():
        person = db.session.get_one(Person, officer)
        assert (person.state, person.protected, person.leaves_on) == (PersonState.ACTIVE, False, None)


def test_posting_pages_return_404_after_move_abroad(app: Flask, officer: UUID) -> None:
    client, abroad = chief(app), agency(app, "Abroad", "BG")
    with app.app_context(), transaction():
        from app.identity.models import Posting

        for posting in db.session.query(Posting).filter(Posting.person_id == officer):
            posting.country, posting.agency_id = "BG", abroad
    assert client.get(f"/people/{officer}/service").status_code == 404


def test_officer_sees_views_with_role_alias_and_day(app: Flask, officer: UUID) -> None:
    client, own = chief(app), factories.sign_in(app, officer)
    assert "No views recorded" in own.get("/settings/who-looked").text
    client.get(f"/people/{officer}/service")
    client.get(f"/country/officers/{officer}")
    client.get("/country/officers")
    page = own.get("/settings/who-looked").text
    for words in (
        "Contact point", "Chief IQ", "1 March 2027", "Where you serve", "Your competencies and their dates",
        "A list of all officers of your country",
    ):  # fmt: skip
        assert words in page
    other = factories.sign_in(app, _another(app))
    assert "Where you serve" not in other.get("/settings/who-looked").text


def test_export_is_a_view_only_for_included_officers(app: Flask, officer: UUID) -> None:
    chief(app)
    other = agency(app, "Coast guard")
    own = factories.sign_in(app, officer)
    with app.app_context():
        found, mine = identity_people.person_by_alias("Chief IQ"), identity_postings.posting_on(officer, TODAY)
        assert mine is not None
        for agency_id, country in ((other, "IQ"), (None, "BG"), (mine.agency_id, "IQ"), (None, "IQ")):
            with transaction():
                record(OfficersExported(country=country, agency_id=agency_id, count=9, actor_id=found))
    page = own.get("/settings/who-looked").text
    assert "Your name, in a file of officers of your country" in page
    assert "2 times" in page


def _posted(app: Flask, person_id: UUID, *spells: tuple[str, int, int | None]) -> list[UUID]:
    """Create postings in countries, with first and last days relative to today; return the agencies."""
    with app.app_context(), transaction():
        db.session.execute(delete(Posting).where(Posting.person_id == person_id))
        services = []
        for country, since, until in spells:
            services.append(factories.agency(country))
            last = None if until is None else TODAY + until * DAY
            db.session.add(
                Posting(
                    person_id=person_id, country=country, agency_id=services[-1], roles="", since=TODAY + since * DAY,
                    until=last,
                )
            )  # fmt: skip
    return services


def _lists(app: Flask, person_id: UUID, *lists: tuple[str, UUID | None, int]) -> list[str]:
    """Let lists of countries and services be taken along, so many days from now; return the days told to the person."""
    with app.app_context():
        by = identity_people.person_by_alias("Chief IQ")
        with transaction():
            for country, agency_id, day in lists:
                at = NOW + day * DAY
                record(OfficersExported(country=country, agency_id=agency_id, count=9, actor_id=by, at=at))
    page = factories.sign_in(app, person_id).get("/settings/who-looked").text
    return [re.findall(r"\d+ \w+ 20\d\d", row)[0] for row in page.split("Your name, in a file")[1:]]


def test_list_of_another_agency_is_no_view(app: Flask, officer: UUID) -> None:
    chief(app)
    first, second = _posted(app, officer, ("IQ", -100, -31), ("IQ", -30, None))
    assert _lists(app, officer, ("IQ", second, -50), ("IQ", first, -10), ("IQ", None, -101)) == []
    found = _lists(app, officer, ("IQ", first, -31), ("IQ", second, -30), ("IQ", None, -50))
    assert found == ["30 January 2027", "29 January 2027", "10 January 2027"]


def test_foreign_list_is_a_view_during_a_posting_there(app: Flask, officer: UUID) -> None:
    chief(app)
    _posted(app, officer, ("BG", -100, -31), ("IQ", -30, None))
    found = _lists(app, officer, ("BG", None, -50), ("BG", None, -20), ("IQ", None, -50), ("IQ", None, -20))
    assert found == ["9 February 2027", "10 January 2027"]


@pytest.mark.each_database
def test_contact_point_sees_no_views_from_another_country(app: Flask, officer: UUID) -> None:
    _posted(app, officer, ("IQ", -100, -61), ("BG", -60, -31), ("IQ", -30, None))
    client = chief(app)
    with app.app_context():
        found = identity_people.person_by_alias("Chief IQ")
        with transaction():
            for day in (-110, -80, -45, -5):
                record(IdentityViewed(person_id=officer, actor_id=found, at=NOW + day * DAY))
                record(OfficersExported(country="BG", agency_id=None, count=9, actor_id=found, at=NOW + day * DAY))
    page = client.get(f"/people/{officer}/who-looked").text
    assert re.findall(r"(\d+ \w+ 20\d\d)", page.partition('class="tasks"')[2])[:3] == [
        "1 March 2027", "24 February 2027", "11 December 2026",
    ]  # fmt: skip
    assert "in a file of officers" not in page


@pytest.mark.each_database
def test_sheet_is_a_view_only_when_it_changed_data(app: Flask, officer: UUID) -> None:
    client = chief(app)
    own, other = factories.sign_in(app, officer), factories.sign_in(app, _another(app))
    with app.app_context():
        found = identity_people.person_by_alias("Chief IQ")
        assert found is not None
        with transaction():
            for changed in (officer, found):
                batch = Batch(
                    id=uuid4(), sheet_id=uuid4(), person_id=found, country="IQ", invited=0, changed=1, same=0,
                    made_at=NOW,
                )  # fmt: skip
                db.session.add(batch)
                db.session.flush()
                db.session.add(BatchLine(batch_id=batch.id, number=2, person_id=changed))
                record(SheetSeen(sheet_id=batch.sheet_id, country="IQ", actor_id=found))
            record(SheetSeen(sheet_id=uuid4(), country="IQ", actor_id=found))
    said = "A sheet that changed something of you"
    page = own.get("/settings/who-looked").text
    assert (page.count(said), "2 times" in page) == (1, False)
    assert said not in other.get("/settings/who-looked").text
    assert "A sheet that changed something of the officer" in client.get(f"/people/{officer}/who-looked").text


def test_access_log_explains_which_views_it_shows(app: Flask, officer: UUID) -> None:
    client, own = chief(app), factories.sign_in(app, officer)
    page = own.get("/settings/who-looked").text
    assert "Each view of your name" not in page
    assert "This list shows who viewed your name or your record." in page
    assert "It does not show who reads lists with your alias only" in page
    theirs = client.get(f"/people/{officer}/who-looked").text
    assert "Each view of your name" not in theirs
    assert "The officer sees the same list." in theirs


def test_protected_viewer_is_not_named(app: Flask, officer: UUID) -> None:
    client = chief(app)
    client.get(f"/people/{officer}/service")
    with app.app_context(), transaction():
        found = identity_people.person_by_alias("Chief IQ")
        assert found is not None
        postings.protect(found, protected=True, titles=(), today=TODAY)
    page = factories.sign_in(app, officer).get("/settings/who-looked").text
    assert "Staff of the academy" in page
    assert "Chief IQ" not in page


@pytest.mark.each_database
def test_access_log_is_shown_in_pages(app: Flask, officer: UUID) -> None:
    chief(app)
    with app.app_context():
        found = identity_people.person_by_alias("Chief IQ")
        from app.kernel import context

        context.actor_id.set(found)
        for _look in range(60):
            with transaction():
                postings.record_view(officer, "IQ")
        context.actor_id.set(None)
    own = factories.sign_in(app, officer)
    first = own.get("/settings/who-looked").text
    assert "50 times" in first
    onward = first.partition('href="/settings/who-looked?before=')[2].partition('"')[0]
    rest = own.get(f"/settings/who-looked?before={onward}").text
    assert ("10 times" in rest, rest.count("Where you serve")) == (True, 1)
    for wrong in ("x", "1-", "9" * 30 + "-1", "1-" + "9" * 30):
        assert own.get(f"/settings/who-looked?before={wrong}").status_code == 422


def test_officer_chooses_whether_the_country_is_shown(app: Flask, officer: UUID) -> None:
    own = factories.sign_in(app, officer)
    assert 'name="shows_country" value="y">' in own.get("/settings").text
    fields = {"language": "en", "content_language": "", "appearance": "device", "mail_rhythm": "weekly"}
    sites.post(app, own, "/settings", {**fields, "shows_country": "y"})
    assert 'name="shows_country" value="y" checked>' in own.get("/settings").text
    with app.app_context():
        assert identity_people.get(officer).shows_country
        facts = db.session.scalar(select(Entry.facts).order_by(Entry.id.desc()).limit(1)) or ""
    assert "shows_country" in facts
    sites.post(app, own, "/settings", fields)
    with app.app_context():
        assert not identity_people.get(officer).shows_country


def test_erasure_notice_names_no_person(app: Flask, officer: UUID) -> None:
    client = chief(app)
    with app.app_context():
        with transaction():
            erasure.ask_erasure(officer, clock.now())
        found = identity_people.person_by_alias("Chief IQ")
        assert found is not None
        [notice] = messages.notices(found, 1)
        assert notice.facts == {}
        assert people.of_country("IQ", TODAY, people.PeopleFilter())
    assert "Watcher 7" not in client.get("/notices").text


def _told(app: Flask, person_id: UUID) -> list[tuple[str, bool, str]]:
    """Return text, state and path of each notice about an erasure to a person."""
    with app.app_context(), force_locale("en"):
        return [
            (re.sub("[\u2068\u2069]", "", labels.sentence(one.kind, one.facts)), one.unread, one.path)
            for one in messages.notices(person_id, 1)
            if one.kind is NoticeKind.ERASURE_ASKED
        ]


def _only_contact_point(app: Flask) -> tuple[UUID, FlaskClient, UUID]:
    """Return a country's only contact point with their pages, and a coordinator of another country."""
    client = chief(app)
    with app.app_context():
        me = identity_people.person_by_alias("Chief IQ")
        assert me is not None
        coordinator = factories.person(country="BG", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    return me, client, coordinator


NAME_ONE = "A person of Iraq asks to be erased, but no other contact point can decide. Name one."


def test_coordinators_are_notified_without_the_name_when_none_decides(app: Flask) -> None:
    me, client, coordinator = _only_contact_point(app)
    deputy(app)  # a deputy cannot change lasting settings
    answer = sites.post(app, client, "/settings/my-data/erasure")
    page = client.get(answer.location).text
    assert "Your contact point has been notified" not in page
    assert "The secretariat has been notified. It names another contact point, who identifies you first." in page
    assert "No other contact point of your country decides now." in page
    assert _told(app, coordinator) == [(NAME_ONE, True, "/people")]
    assert factories.sign_in(app, coordinator).get("/people").status_code == 200
    assert sites.post(app, client, "/settings/my-data/erasure/withdrawal").status_code == 302
    assert _told(app, coordinator) == [("A request to be erased is settled.", False, "/people")]
    assert _told(app, me) == []


def test_new_contact_point_gets_the_task_and_erases(app: Flask) -> None:
    me, client, coordinator = _only_contact_point(app)
    sites.post(app, client, "/settings/my-data/erasure")
    with app.app_context():
        successor = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    successors = factories.sign_in(app, successor)
    assert f"/people/{me}/service" in successors.get("/").text
    assert "Your contact point identifies you first" in client.get("/settings/my-data").text
    with app.app_context(), transaction():
        identity_service.deactivate(me, TODAY)  # as a coordinator does first: the roles reach beyond officers
    assert sites.post(app, successors, f"/people/{me}/service/erasure", {"identified": "y"}).location == "/people"
    assert _told(app, coordinator) == [("A request to be erased is settled.", False, "/people")]


@pytest.mark.parametrize("others", [True, False])
def test_coordinators_get_no_notice_when_a_contact_point_decides(app: Flask, officer: UUID, *, others: bool) -> None:
    _me, _client, coordinator = _only_contact_point(app)
    asker = officer
    if others:
        with app.app_context():
            asker = factories.person(roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    client = factories.sign_in(app, asker)
    answer = sites.post(app, client, "/settings/my-data/erasure")
    assert "Your contact point has been notified. They identify you first." in client.get(answer.location).text
    assert _told(app, coordinator) == []


def test_page_says_when_no_one_can_process_a_request(app: Flask, officer: UUID) -> None:
    client = factories.sign_in(app, officer)
    answer = sites.post(app, client, "/settings/my-data/erasure")
    assert "Your request is saved. No contact point is available to process it yet." in client.get(answer.location).text


def _another(app: Flask) -> UUID:
    with app.app_context():
        return factories.person()


def test_country_settings_show_the_retention_period(app: Flask, officer: UUID) -> None:
    client = chief(app)
    assert 'name="months" type="number" dir="ltr" value="24"' in client.get("/country/settings").text
    for wrong in ("", "-1", "121", "two"):
        answer = sites.post(app, client, "/country/settings/names", {"months": wrong})
        assert (answer.status_code, "Enter a number of months" in answer.text) == (422, True), wrong
    assert sites.post(app, client, "/country/settings/names", {"months": "0"}).status_code == 302
    assert 'value="0"' in client.get("/country/settings").text
    with app.app_context():
        with transaction():
            postings.plan_departure(officer, TODAY, today=TODAY)
        assert jobs.delete_identities() == 1
