"""Changes of certificates with their entries in the audit log."""

from collections.abc import Mapping
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app.credentials.models import Certificate
from app.db.session import db
from app.kernel import clock
from tests.support import sites
from tests.support.audit_log import AuditStep, submit
from tests.support.settings import NOW
from tests.support.sites import Site


def _after_the_event(_site: Site) -> None:
    later = NOW.replace(month=6) - clock.real_now()
    clock.move(lambda: later)


def _prepare(site: Site) -> None:
    """Issue a certificate of the event that was held with the owner."""
    _after_the_event(site)
    fields = {"kind": "attendance", "key": str(site.workshops["held"])}
    sites.post(site.app, site.client("owner"), "/credentials", fields)


def _stored(site: Site) -> tuple[UUID, str]:
    with site.app.app_context():
        row = db.session.execute(select(Certificate.id, Certificate.number)).one()
        return row.id, row.number


def _issue(site: Site, client: FlaskClient) -> None:
    submit("/credentials", kind="attendance", key=str(site.workshops["held"]))(site, client)


def _show_name(site: Site, client: FlaskClient) -> None:
    submit(f"/credentials/{_stored(site)[0]}/name", shown="yes")(site, client)


def _keep(site: Site, client: FlaskClient) -> None:
    submit(f"/credentials/{_stored(site)[0]}/kept", kept="yes")(site, client)


def _replace(site: Site, client: FlaskClient) -> None:
    submit(f"/credentials/{_stored(site)[0]}/replacement", reason="The name was wrong.")(site, client)


def _revoke(site: Site, client: FlaskClient) -> None:
    submit(f"/credentials/revocation/{_stored(site)[1]}", reason="The list was wrong.")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "credentials.issue_certificate": AuditStep(_issue, {"CertificateIssued"}, prepare=_after_the_event),
    "credentials.change_name_shown": AuditStep(_show_name, {"CertificateNameShown"}, prepare=_prepare),
    "credentials.change_kept": AuditStep(_keep, {"CertificateKept"}, prepare=_prepare),
    "credentials.replace_certificate": AuditStep(_replace, {"CertificateReplaced"}, prepare=_prepare),
    "credentials.revoke_certificate": AuditStep(_revoke, {"CertificateRevoked"}, by="contact_point", prepare=_prepare),
}
