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


def certificate(site: Site) -> UUID:
    """Issue a certificate of the event that was held with the owner, and return its id."""
    later = NOW.replace(month=6) - clock.real_now()
    clock.move(lambda: later)
    fields = {"kind": "attendance", "key": str(site.workshops["held"])}
    sites.post(site.app, site.client("owner"), "/credentials", fields)
    with site.app.app_context():
        return db.session.scalars(select(Certificate.id)).one()


def _issue(site: Site, client: FlaskClient) -> None:
    later = NOW.replace(month=6) - clock.real_now()
    clock.move(lambda: later)
    submit("/credentials", kind="attendance", key=str(site.workshops["held"]))(site, client)


def _show_name(site: Site, client: FlaskClient) -> None:
    submit(f"/credentials/{certificate(site)}/name", shown="yes")(site, client)


def _keep(site: Site, client: FlaskClient) -> None:
    submit(f"/credentials/{certificate(site)}/kept", kept="yes")(site, client)


def _replace(site: Site, client: FlaskClient) -> None:
    submit(f"/credentials/{certificate(site)}/replacement", reason="The name was wrong.")(site, client)


def _revoke(site: Site, client: FlaskClient) -> None:
    certificate_id = certificate(site)
    with site.app.app_context():
        number = db.session.scalars(select(Certificate.number).where(Certificate.id == certificate_id)).one()
    submit(f"/credentials/revocation/{number}", reason="The list was wrong.")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "credentials.issue_certificate": AuditStep(_issue, {"CertificateIssued"}),
    "credentials.change_name_shown": AuditStep(_show_name, {"CertificateIssued", "CertificateNameShown"}),
    "credentials.change_kept": AuditStep(_keep, {"CertificateIssued", "CertificateKept"}),
    "credentials.replace_certificate": AuditStep(_replace, {"CertificateIssued", "CertificateReplaced"}),
    "credentials.revoke_certificate": AuditStep(
        _revoke, {"CertificateIssued", "CertificateRevoked"}, by="contact_point"
    ),
}
