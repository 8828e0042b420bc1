"""Changes that each leave entries in the audit log: account recovery."""

from collections.abc import Mapping

from flask.testing import FlaskClient
from sqlalchemy import select

from app.db.session import db, transaction
from app.kernel import clock
from app.recovery.domain import LINK_LIFE
from app.recovery.models import AddressChange, PasswordLink
from app.recovery.service import address_change
from app.sign_in.service.sessions import hash_secret
from tests.support import sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site


def _set_password(site: Site, _client: FlaskClient) -> None:
    owner, ends_at = site.people["owner"], clock.real_now() + LINK_LIFE
    with site.app.app_context(), transaction():
        db.session.add(PasswordLink(person_id=owner, token="t", token_hash=hash_secret("t"), ends_at=ends_at))
    fields = {"new": "five plain words in a row"}
    assert sites.post(site.app, site.app.test_client(), "/sign-in/help/t", fields).status_code == 302


def _confirm_address(site: Site, _client: FlaskClient) -> None:
    with site.app.app_context():
        with transaction():
            address_change.ask(site.people["owner"], "new@example.org", address="a", real_now=clock.real_now())
        change = db.session.scalars(select(AddressChange)).one()
        tokens = (change.old_token, change.new_token)
        db.session.remove()
    for token in tokens:
        assert sites.post(site.app, site.app.test_client(), f"/sign-in/address/{token}").status_code == 302


def _help(end: str = "", **fields: str) -> Step:
    """Do something with the access of the owner, who is signed in somewhere."""

    def step(site: Site, client: FlaskClient) -> None:
        site.client("owner")
        answer = sites.post(site.app, client, f"/people/{site.people['owner']}/access{end}", fields)
        assert answer.status_code in {200, 302}, answer.status

    return step


def _confirm_in_place(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        with transaction():
            address_change.ask(site.people["owner"], "new@example.org", address="a", real_now=clock.real_now())
        db.session.remove()
    _help("/address", how="known", confirmed="y")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "recovery.close_account": AuditStep(_help("/closing", sure="y"), {"PersonDeactivated"}, by="contact_point"),
    "recovery.confirm_admin_address": AuditStep(_confirm_in_place, {"AddressConfirmed"}, by="contact_point"),
    "recovery.end_sessions": AuditStep(_help("/sessions"), {"SessionsEnded"}, by="contact_point"),
    "recovery.restore_account": AuditStep(
        _help(how="known", confirmed="y"), {"LetBackIn", "CodesMade"}, by="contact_point"
    ),
    "recovery.request_link": AuditStep(submit("/sign-in/help", name="unknown@example.org"), {"LinkAsked"}, by=None),
    "recovery.confirm_address_link": AuditStep(_confirm_address, {"AddressConfirmed", "AddressChanged"}, by=None),
    "recovery.set_password": AuditStep(_set_password, {"PasswordChanged"}, by=None),
}
