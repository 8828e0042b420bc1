"""Changes that each leave entries in the audit log: signing in and out."""

from collections.abc import Mapping
from uuid import UUID

import pyotp
from flask.testing import FlaskClient

from app.db.session import db, transaction
from app.identity.models import Country
from app.kernel import clock
from app.sign_in.domain import CodeKind, Stage
from app.sign_in.queries import factors
from app.sign_in.service import second_factor, sessions as accounts_service
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site


def _sign_in(site: Site, _client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        factories.person(mail="new@example.org")
    fields = {"name": "new@example.org", "password": factories.PASSWORD}
    assert sites.post(site.app, site.app.test_client(), "/sign-in", fields).status_code == 302


def _fail_to_sign_in(site: Site, _client: FlaskClient) -> None:
    fields = {"name": "unknown@example.org", "password": "wrong"}
    assert sites.post(site.app, site.app.test_client(), "/sign-in", fields).status_code == 422


def _half(site: Site) -> tuple[FlaskClient, UUID]:
    """Return a visit of a person without a factor, after a right password."""
    with site.app.app_context(), transaction():
        factories.agency("FR", second_factor=True)
        db.session.get_one(Country, "FR").printed_codes = True
        person_id = factories.person(country="FR")
        secret = accounts_service.open_session(person_id, shared=False, real_now=clock.real_now(), stage=Stage.HALF)
    client = site.app.test_client()
    with client.session_transaction() as session:
        session["half"] = secret
    return client, person_id


def _second_step(site: Site, _client: FlaskClient) -> None:
    client, person_id = _half(site)
    with site.app.app_context(), transaction():
        code = second_factor.make_codes(person_id, CodeKind.PRINTED, clock.real_now())[0]
    assert sites.post(site.app, client, "/sign-in/second-step", {"code": code}).status_code == 302


def _fail_second_step(path: str, status: int, **fields: str) -> Step:
    def step(site: Site, _client: FlaskClient) -> None:
        client, person_id = _half(site)
        with site.app.app_context(), transaction():
            second_factor.make_codes(person_id, CodeKind.PRINTED, clock.real_now())
        assert sites.post(site.app, client, path, fields).status_code == status

    return step


def _start_again(site: Site, _client: FlaskClient) -> None:
    assert sites.post(site.app, _half(site)[0], "/sign-in/start-again").status_code == 302


def confirm_app(site: Site, client: FlaskClient) -> None:
    sites.post(site.app, client, "/sign-in/factors/app")
    with site.app.app_context():
        shown = factors.app_seed(site.people["owner"], confirmed=False)
    assert shown is not None
    fields = {"code": pyotp.TOTP(shown[1]).now()}
    assert sites.post(site.app, client, "/sign-in/factors/app/code", fields).status_code == 200


def _paper(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        db.session.get_one(Country, "IQ").printed_codes = True
    assert sites.post(site.app, client, "/sign-in/factors/printed").status_code == 200


def _recovery(site: Site, client: FlaskClient) -> None:
    confirm_app(site, client)
    assert sites.post(site.app, client, "/sign-in/factors/recovery").status_code == 200


STEPS: Mapping[str, AuditStep] = {
    "sign_in.send_sign_in": AuditStep(_sign_in, {"SignedIn"}, by=None),
    "sign_in.send_sign_in failing": AuditStep(_fail_to_sign_in, {"SignInFailed"}, by=None),
    "sign_in.sign_out": AuditStep(submit("/sign-out"), {"SignedOut"}),
    "sign_in.choose_language": AuditStep(submit("/sign-in/language", to="ar"), {"SettingsChanged"}),
    "sign_in.begin_app": AuditStep(submit("/sign-in/factors/app"), {"FactorBegun"}),
    "sign_in.confirm_app": AuditStep(confirm_app, {"FactorAdded", "CodesMade"}),
    "sign_in.make_list": AuditStep(_paper, {"FactorAdded", "CodesMade"}),
    "sign_in.make_recovery": AuditStep(_recovery, {"CodesMade"}),
    "sign_in.take_code": AuditStep(_second_step, {"CodeUsed", "SignedIn"}, by=None),
    "sign_in.take_code failing": AuditStep(
        _fail_second_step("/sign-in/second-step", 422, code="1"), {"SecondStepFailed"}, by=None
    ),
    "sign_in.take_passkey": AuditStep(
        _fail_second_step("/sign-in/second-step/passkey", 422, credential="{}"), {"SecondStepFailed"}, by=None
    ),
    "sign_in.sign_in_by_passkey": AuditStep(
        _fail_second_step("/sign-in/passkey", 302, credential="{}"), {"SignInFailed"}, by=None
    ),
    "sign_in.start_again": AuditStep(_start_again, {"SignedOut"}, by=None),
}
