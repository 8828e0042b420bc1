"""Changes of checks and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.checks.queries import products
from app.db.session import db
from tests.support import factories
from tests.support.audit_log import AuditStep, Step
from tests.support.marking_scenes import ALL_ALONE, MarkingDesk, scored
from tests.support.sites import Site

CASE = "/teaching/marking/calibration/VIC-02/foundation"


def _assessor(desk: MarkingDesk) -> FlaskClient:
    with desk.app.app_context():
        return desk.client(factories.person(country="BG", roles=(), grants=((Role.ASSESSOR, Scope.ALL, ""),)))


def _marking(path: str, *, takes: bool = True, **fields: str) -> Step:
    """Return the step of an assessor with a desk task of another agency, which the assessor has taken."""

    def step(site: Site, _client: FlaskClient) -> None:
        desk = MarkingDesk(site.app)
        marker, number = _assessor(desk), desk.product()
        if takes:
            desk.take(marker, number)
        answer = desk.post(marker, path.format(number=number), fields)
        assert answer.status_code == 302, (answer.status, path)

    return step


def _score_case(site: Site, _client: FlaskClient) -> None:
    """Score the calibration case of VIC-02 at foundation."""
    desk = MarkingDesk(site.app)
    with site.app.app_context():
        rubric = products.rubric_of("VIC-02", Level.FOUNDATION)
        assert rubric is not None
        db.session.remove()
    assert desk.post(_assessor(desk), CASE, scored(2, rubric.criteria)).status_code == 302


STEPS: Mapping[str, AuditStep] = {
    "checks.add_comment": AuditStep(
        _marking("/teaching/marking/{number}/comments", comment="Name the source."), {"MarkingCommentAdded"}, by=None
    ),
    "checks.return_product": AuditStep(_marking("/teaching/marking/{number}/return"), {"ProductReturned"}, by=None),
    "checks.score_calibration": AuditStep(_score_case, {"CalibrationDone"}, by=None),
    "checks.submit_marking": AuditStep(
        _marking("/teaching/marking/{number}/submission", **ALL_ALONE), {"ProductTaken", "ProductMarked"}, by=None
    ),
    "checks.take_next": AuditStep(_marking("/teaching/marking/next", takes=False), {"ProductTaken"}, by=None),
    "checks.take_product": AuditStep(
        _marking("/teaching/marking/{number}/taking", takes=False), {"ProductTaken"}, by=None
    ),
}
