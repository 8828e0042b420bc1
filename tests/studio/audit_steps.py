"""Changes of the studio and the entries that each leaves in the audit log."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import db
from app.learning.models import MistakeReport
from tests.support import courses, factories, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site

TEACHING = f"/teaching/courses/{courses.SLUG}"
LESSON = f"/courses/{courses.SLUG}/lessons/the-quay"


def trainer(site: Site) -> FlaskClient:
    """Return a client that is signed in as a new trainer of the course."""
    with site.app.app_context():
        reach = str(versions.course_record(courses.SLUG).id)
        person_id = factories.person(grants=((Role.TRAINER, Scope.COURSE, reach),))
    return factories.sign_in(site.app, person_id)


def _report(site: Site) -> UUID:
    submit(f"{LESSON}/report", at="1", text="A word is missing.")(site, site.client("owner"))
    with site.app.app_context():
        return db.session.scalars(select(MistakeReport.id)).one()


def _settle(step: str, write: Callable[[Site], UUID], **fields: str) -> Step:
    """Submit a trainer's form about what a learner wrote."""

    def run(site: Site, _client: FlaskClient) -> None:
        answer = sites.post(site.app, trainer(site), f"{TEACHING}/{step.format(id=write(site))}", fields)
        assert answer.status_code == 302, answer.status

    return run


STEPS: Mapping[str, AuditStep] = {
    "studio.answer_report": AuditStep(
        _settle("reports/{id}/answer", _report, text="Corrected."), {"MistakeReported", "ReportSettled"}
    ),
    "studio.close_report": AuditStep(_settle("reports/{id}/close", _report), {"MistakeReported", "ReportSettled"}),
}
