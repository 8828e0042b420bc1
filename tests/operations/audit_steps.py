"""Changes of operations and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import delete, update

from app.access.policy import Role
from app.db import blind_index
from app.db.session import db, transaction
from app.identity.models import RoleGrant
from app.identity.queries import people as accounts
from app.kernel import clock
from app.messages.domain import MailKind, MailState
from app.messages.models import OutgoingMail
from app.messages.service import outbox
from app.operations.models import FirstRun
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site


def _incident(site: Site, client: FlaskClient) -> None:
    sent = {"reason": "drill", "whose": "named", "password": factories.PASSWORD}
    assert sites.post(site.app, client, "/operations/incident/begin", sent).status_code == 302


def _end_incident(site: Site, client: FlaskClient) -> None:
    _incident(site, client)
    assert sites.post(site.app, client, "/operations/incident/end", {"password": factories.PASSWORD}).status_code == 302


def _report(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = accounts.names([site.people["owner"]])[site.people["owner"]]
    sent = {"alias": alias, "since": "2027-01-01"}
    _incident(site, client)
    assert sites.post(site.app, client, "/operations/incident/report", sent).status_code == 200


def _first_run(site: Site, **values: object) -> None:
    with site.app.app_context(), transaction():
        ends_at = clock.real_now() + timedelta(hours=1)
        code_hash = blind_index.index("first-code", "1" * 12)
        db.session.add(FirstRun(id=1, code_hash=code_hash, ends_at=ends_at, **values))


def _set_up(path: str) -> Step:
    def step(site: Site, client: FlaskClient) -> None:
        _first_run(site, holder_hash="x", person_id=site.people["administrator"])
        submit(path)(site, client)

    return step


def _without_administrator(site: Site) -> None:
    """Let the site wait for its first administrator."""
    with site.app.app_context(), transaction():
        db.session.execute(delete(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR))
    _first_run(site)


def _first_code(site: Site, _client: FlaskClient) -> None:
    _without_administrator(site)
    assert sites.post(site.app, site.app.test_client(), "/welcome", {"code": "1" * 12}).status_code == 302


def _first_administrator(site: Site, _client: FlaskClient) -> None:
    _without_administrator(site)
    visit = site.app.test_client()
    sites.post(site.app, visit, "/welcome", {"code": "1" * 12})
    fields = {"name": "A Person", "alias": "Watcher 9", "mail": "w9@example.org", "country": "IQ", "agency": "Office"}
    sent = {**fields, "new": "five plain words in a row"}
    assert sites.post(site.app, visit, "/welcome/administrator", sent).status_code == 302


def _retry_mails(site: Site, client: FlaskClient) -> None:
    now = clock.now()
    with site.app.app_context(), transaction():
        outbox.mail(site.people["owner"], MailKind.TEST, occasion="given up", due_at=now, now=now)
        values = {"state": MailState.GIVEN_UP, "tries": 1, "next_try_at": now}
        db.session.execute(update(OutgoingMail).where(OutgoingMail.occasion == "given up").values(values))
    assert sites.post(site.app, client, "/operations/outbox").status_code == 302


STEPS: Mapping[str, AuditStep] = {
    "operations.retry_mails": AuditStep(_retry_mails, {"MailsRetried"}, by="administrator"),
    "operations.begin_incident": AuditStep(_incident, {"IncidentBegun"}, by="administrator"),
    "operations.end_incident": AuditStep(_end_incident, {"IncidentEnded"}, by="administrator"),
    "operations.incident_report": AuditStep(_report, {"AccountSeen", "IncidentBegun"}, by="administrator"),
    "operations.send_test_mail": AuditStep(submit("/operations/test-mail"), {"TestMailAsked"}, by="administrator"),
    "operations.choose_setup_start": AuditStep(_set_up("/welcome/start"), {"StarterChosen"}, by="administrator"),
    "operations.finish_setup": AuditStep(_set_up("/welcome/finish"), {"FirstRunFinished"}, by="administrator"),
    "operations.create_administrator": AuditStep(
        _first_administrator, {"FirstAdministratorMade", "RoleGranted"}, by=None
    ),
    "operations.take_setup_code": AuditStep(_first_code, {"FirstCodeTaken"}, by=None),
    "operations.send_first_test_mail": AuditStep(_set_up("/welcome/mail"), {"TestMailAsked"}, by="administrator"),
}
