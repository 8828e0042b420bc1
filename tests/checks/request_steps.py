"""Changes of requests for a check with their entries in the audit log."""

from collections.abc import Mapping
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.checks.models import CheckRequest
from app.db.session import db
from tests.support import check_requests
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site

ADDRESS, COMPETENCY = "/sittings/requests", "PRT-01"


def _ask(site: Site, client: FlaskClient) -> None:
    with check_requests.ways({(COMPETENCY, Level.FOUNDATION): 30}):
        submit(ADDRESS, competency=f"{COMPETENCY}.foundation")(site, client)


def _request(site: Site) -> UUID:
    """Ask for a check as the owner; return the request."""
    _ask(site, site.client("owner"))
    with site.app.app_context():
        return db.session.scalars(select(CheckRequest.id)).one()


def _withdraw(site: Site, client: FlaskClient) -> None:
    submit(f"{ADDRESS}/{_request(site)}/withdraw")(site, client)


def _decline(site: Site, client: FlaskClient) -> None:
    path = f"{ADDRESS}/{COMPETENCY}/foundation/decline"
    submit(path, request=str(_request(site)), reason="No room this month.")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "checks.ask_for_check": AuditStep(_ask, {"CheckAsked"}),
    "checks.withdraw_request": AuditStep(_withdraw, {"CheckRequestAnswered"}),
    "checks.decline_requests": AuditStep(_decline, {"CheckRequestAnswered"}, by="contact_point"),
}
