from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory.service import country_settings
from app.identity.domain.people import AgencyKind
from app.identity.models import Agency, Country
from app.kernel import clock
from app.rights.service import roles as accounts
from app.sign_in.domain import CodeKind
from app.sign_in.models import AuthenticatorApp, OneTimeCode
from app.sign_in.queries import factors
from app.sign_in.service import second_factor
from tests.support import factories, sites

SETTINGS = "/country/settings"


def contact_point(app: Flask, country: str = "IQ") -> FlaskClient:
    with app.app_context():
        grants = ((Role.CONTACT_POINT, Scope.COUNTRY, country),)
        return factories.sign_in(app, factories.person(country=country, roles=(), grants=grants))


def deputy(app: Flask, country: str = "IQ") -> FlaskClient:
    with app.app_context():
        person_id = factories.person(country=country, roles=())
        with transaction():
            accounts.add_role(
                person_id, Role.CONTACT_POINT, scope=Scope.COUNTRY, reach=country, since=clock.today(),
                until=clock.today() + timedelta(days=9), deputy=True,
            )  # fmt: skip
        return factories.sign_in(app, person_id)


def decided(app: Flask, country: str = "IQ") -> tuple[bool, bool]:
    with app.app_context():
        found = country_settings.settings(country)
        return found.second_factor, found.printed_codes


def asked(app: Flask, *, second_factor: bool) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Country, "IQ").second_factor = second_factor


def told(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Entry.facts).where(Entry.name == "CountryChanged").order_by(Entry.id)))


def test_password_only_sign_in_is_confirmed_on_a_separate_page(app: Flask) -> None:
    client = contact_point(app)
    asked(app, second_factor=True)
    answer = sites.post(app, client, SETTINGS, {"printed_codes": "y"})
    assert answer.headers["Location"] == f"{SETTINGS}/second-step"
    assert decided(app) == (True, True)
    assert "can open the account" in client.get(f"{SETTINGS}/second-step").text
    for wrong in ("", "not the password"):
        refused = sites.post(app, client, f"{SETTINGS}/second-step", {"password": wrong})
        assert (refused.status_code, decided(app)) == (422, (True, True))
    done = sites.post(app, client, f"{SETTINGS}/second-step", {"password": factories.PASSWORD})
    assert (done.status_code, decided(app)) == (302, (False, True))
    assert "second_factor off" in told(app)[-1]
    assert sites.post(app, client, SETTINGS, {"second_factor": "y"}).headers["Location"] == SETTINGS
    assert decided(app) == (True, False)


def test_country_settings_apply_to_own_officers_only(app: Flask) -> None:
    client = contact_point(app)
    with app.app_context():
        mine, theirs = factories.person(), factories.person(country="BG")
    sites.post(app, client, SETTINGS, {"second_factor": "y", "printed_codes": "y"})
    with app.app_context():
        today = clock.today()
        assert [factors.factor_is_required(one, today) for one in (mine, theirs)] == [True, False]
        assert [factors.printed_codes_are_allowed(one, today) for one in (mine, theirs)] == [True, False]


@pytest.mark.each_database
def test_it_is_said_whom_the_end_of_printed_lists_would_lock_out(app: Flask) -> None:
    client = contact_point(app)
    with app.app_context():
        alone, with_app, abroad, used_up = (
            factories.person(), factories.person(), factories.person(country="BG"), factories.person(),
        )  # fmt: skip
        now = clock.real_now()
        with transaction():
            for one in (alone, with_app, abroad, used_up):
                second_factor.make_codes(one, CodeKind.PRINTED, now)
            db.session.add(AuthenticatorApp(person_id=with_app, seed="seed", made_at=now, confirmed_at=now))
            db.session.add(AuthenticatorApp(person_id=alone, seed="seed", made_at=now))  # never proved
            used = update(OneTimeCode).where(OneTimeCode.person_id == used_up).values(used_at=now)
            db.session.execute(used)
    assert "have a list alone" not in client.get(SETTINGS).text  # the country takes none
    asked(app, second_factor=True)
    sites.post(app, client, SETTINGS, {"second_factor": "y", "printed_codes": "y"})
    assert "1 person has a list alone" in client.get(SETTINGS).text


def test_deputy_sees_but_cannot_change_lasting_settings(app: Flask) -> None:
    client, whole = deputy(app), contact_point(app)
    asked(app, second_factor=True)
    page, own = client.get(SETTINGS).text, whole.get(SETTINGS).text
    said = "Deputies cannot change this."
    assert (page.count(said), own.count(said)) == (3, 0)
    for field in ('name="second_factor"', 'name="printed_codes"', 'name="months"', f'action="{SETTINGS}/names"'):
        assert (field in page, field in own) == (False, True)
    assert "Officers need a second factor to sign in" in page
    assert client.get(f"{SETTINGS}/second-step").status_code == 403
    sent = {"": {"second_factor": "y", "printed_codes": "y"}, "/names": {"months": "0"}}
    sent["/second-step"] = {"password": factories.PASSWORD}
    before = decided(app), told(app)
    assert {end: sites.post(app, client, SETTINGS + end, fields).status_code for end, fields in sent.items()} == {
        "": 403, "/names": 403, "/second-step": 403,
    }  # fmt: skip
    assert (decided(app), told(app)) == before
    assert sites.post(app, client, f"{SETTINGS}/help", {"text": "Call 1234."}).status_code == 302  # for the days
    assert sites.post(app, whole, f"{SETTINGS}/names", {"months": "12"}).status_code == 302


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_the_contact_point_decides(lite_app: Flask, role: Role) -> None:
    with lite_app.app_context():
        client = factories.sign_in(lite_app, factories.person(grants=((role, Scope.ALL, ""),)))
    before = decided(lite_app)
    assert client.get(SETTINGS).status_code == 403
    assert sites.post(lite_app, client, SETTINGS, {"second_factor": "y"}).status_code == 403
    assert decided(lite_app) == before


def test_help_is_said_to_officers_of_the_country_and_looked_at_again(app: Flask) -> None:
    client = contact_point(app)
    with app.app_context():
        mine, theirs = (factories.sign_in(app, factories.person(country=code)) for code in ("IQ", "BG"))
        assert country_settings.settings("IQ").help_is_due(clock.today())
    assert "Review this again" in client.get(SETTINGS).text
    words = "Call 1234, day and night.\n<b>Ask for Nadia</b>"
    assert sites.post(app, client, f"{SETTINGS}/help", {"text": words}).status_code == 302
    page = mine.get("/about/help").text
    assert "Call 1234" in page
    assert "&lt;b&gt;" in page
    assert "Call 1234" not in theirs.get("/about/help").text
    assert "Call 1234" not in app.test_client().get("/about/help").text
    with app.app_context():
        found = country_settings.settings("IQ")
        assert not found.help_is_due(clock.today() + timedelta(days=183))
        assert found.help_is_due(clock.today() + timedelta(days=184))
    assert not any("1234" in fact for fact in told(app))
    assert sites.post(app, client, f"{SETTINGS}/help", {"text": "x" * 501}).status_code == 422


def service(app: Flask, name: str = "Coast guard") -> UUID:
    with app.app_context(), transaction():
        factories.agency("IQ")
        made = country_settings.add_agency("IQ", AgencyKind.BORDER, name)
    assert made is not None
    return made


def names(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Agency.name).where(Agency.country == "IQ")))


@pytest.mark.each_database
def test_services_are_added_renamed_and_removed_while_unused(app: Flask) -> None:
    client = contact_point(app)
    added = sites.post(app, client, f"{SETTINGS}/services", {"name": "  Coast   guard ", "kind": "border"})
    assert added.status_code == 302
    assert "Coast guard" in names(app)
    twice = sites.post(app, client, f"{SETTINGS}/services", {"name": "Coast guard", "kind": "police"})
    assert (twice.status_code, "an agency with this name" in twice.text) == (422, True)
    with app.app_context():
        made = db.session.scalars(select(Agency.id).where(Agency.name == "Coast guard")).one()
    renamed = sites.post(app, client, f"{SETTINGS}/services/{made}", {"name": "Sea guard"})
    assert renamed.status_code == 302
    assert "Sea guard" in names(app)
    assert sites.post(app, client, f"{SETTINGS}/services/{made}/removal").headers["Location"] == SETTINGS
    assert "Sea guard" not in names(app)


def test_agency_in_use_is_not_removed(app: Flask) -> None:
    client = contact_point(app)
    with app.app_context():
        used = db.session.scalars(select(Agency.id).where(Agency.country == "IQ")).first()
    answer = sites.post(app, client, f"{SETTINGS}/services/{used}/removal")
    assert answer.headers["Location"] == f"{SETTINGS}/services/{used}"
    with app.app_context():
        assert db.session.get(Agency, used) is not None


@pytest.mark.parametrize("end", ["", "/removal"])
def test_agency_of_another_country_returns_404(app: Flask, end: str) -> None:
    made = service(app)
    client = contact_point(app, "BG")
    assert sites.post(app, client, f"{SETTINGS}/services/{made}{end}", {"name": "Taken"}).status_code == 404
    assert client.get(f"{SETTINGS}/services/{made}").status_code == 404
    assert "Coast guard" in names(app)


@pytest.mark.parametrize("name", ["", " ", "\u202e\u200b", "x" * 201])
def test_agency_needs_a_name(lite_app: Flask, name: str) -> None:
    before = names(lite_app)
    answer = sites.post(lite_app, contact_point(lite_app), f"{SETTINGS}/services", {"name": name, "kind": "border"})
    assert answer.status_code == 422
    assert len(names(lite_app)) <= len(before) + 1  # that of the contact point


def test_contact_point_without_posting_has_no_agencies(context: Flask) -> None:
    made = service(context)
    actor = Actor(UUID(int=1), "", frozenset({Role.CONTACT_POINT}))
    with pytest.raises(NoResultFound):
        country_settings.agency(actor, made)


def test_contact_point_answers_for_exact_counts(app: Flask) -> None:
    client = contact_point(app)
    assert sites.post(app, client, f"{SETTINGS}/exact-counts", {}).status_code == 422
    for answer, agreed in (("no", False), ("yes", True), ("yes", True)):
        assert sites.post(app, client, f"{SETTINGS}/exact-counts", {"exact_counts": answer}).status_code == 302
        with app.app_context():
            assert country_settings.settings("IQ").exact_counts is agreed
    changes = [facts.partition("exact_counts ")[2][:3].strip('"') for facts in told(app)]
    assert changes == ["off", "on"]  # the same answer twice is one change
    assert sites.post(app, deputy(app), f"{SETTINGS}/exact-counts", {"exact_counts": "no"}).status_code == 403
