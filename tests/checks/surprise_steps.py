"""Changes of watched checks and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient
from sqlalchemy import select

from app.checks.domain.surprise import FEWEST
from app.checks.jobs import surprise as jobs
from app.checks.models import SurprisePick
from app.competence.domain.evidence import EvidenceKind
from app.db.session import db
from tests.support import competency_evidence as evidence, factories, sites
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site


def _train(site: Site) -> None:
    """Train enough officers in a competency for a surprise draw."""
    with site.app.app_context():
        for _number in range(FEWEST):
            evidence.record(evidence.new(factories.person(), EvidenceKind.MODULE, competency="PRT-01"))
        db.session.remove()


def _draw(site: Site) -> None:
    _train(site)
    with site.app.app_context():
        jobs.draw_surprise_checks()
        db.session.remove()


def _excuse(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        draw_id, person_id = db.session.execute(select(SurprisePick.draw_id, SurprisePick.person_id).limit(1)).one()
    path = f"/sittings/surprise/{draw_id}/{person_id}/excuse"
    assert sites.post(site.app, client, path, {"reason": "Away until June"}).status_code == 302


STEPS: Mapping[str, AuditStep] = {
    "checks.draw_surprise": AuditStep(
        submit("/sittings/surprise/draw"), {"SurpriseDrawn"}, by="coordinator", prepare=_train
    ),
    "checks.excuse_from_surprise": AuditStep(_excuse, {"SurpriseExcused"}, by="contact_point", prepare=_draw),
}
