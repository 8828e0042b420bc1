"""Changes of competence and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from tests.home.audit_steps import claim_skill
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site


def _decide_claim(site: Site, client: FlaskClient) -> None:
    submit(f"/country/claims/{claim_skill(site)}/decision", answer="endorse")(site, client)


def _name_need(site: Site, client: FlaskClient) -> None:
    submit(f"/country/officers/{site.people['owner']}/needs", competency="PRT-01", level="foundation")(site, client)


def _drop_need(site: Site, client: FlaskClient) -> None:
    _name_need(site, client)
    submit(f"/country/officers/{site.people['owner']}/needs/PRT-01/drop")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "competence.decide_claim": AuditStep(_decide_claim, {"ClaimDecided", "EvidenceRecorded"}, by="contact_point"),
    "competence.delete_need": AuditStep(_drop_need, {"NeedDropped"}, by="contact_point"),
    "competence.add_need": AuditStep(_name_need, {"NeedNamed"}, by="contact_point"),
}
