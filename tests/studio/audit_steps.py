"""Changes of the studio and the entries that each leaves in the audit log."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import db
from app.learning.models import LearnerQuestion, MistakeReport
from tests.support import courses, factories, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site

TEACHING = f"/teaching/courses/{courses.SLUG}"
HELP = {"question": "Why at night?", "answer": "Because of the tide."}
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


def _question(site: Site) -> UUID:
    submit(f"/courses/{courses.SLUG}/questions", about="", text="Why at night?")(site, site.client("owner"))
    with site.app.app_context():
        return db.session.scalars(select(LearnerQuestion.id)).one()


def _answered(site: Site) -> UUID:
    question_id = _question(site)
    sites.post(site.app, trainer(site), f"{TEACHING}/questions/{question_id}/answer", {"text": "The tide."})
    return question_id


def _proposed(site: Site) -> UUID:
    question_id = _answered(site)
    sites.post(site.app, trainer(site), f"{TEACHING}/questions/{question_id}/help", HELP)
    return question_id


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
    "studio.answer_question": AuditStep(
        _settle("questions/{id}/answer", _question, text="The tide."), {"QuestionAsked", "QuestionChanged"}
    ),
    "studio.close_question": AuditStep(
        _settle("questions/{id}/close", _question), {"QuestionAsked", "QuestionChanged"}
    ),
    "studio.propose_question": AuditStep(
        _settle("questions/{id}/help", _answered, **HELP), {"QuestionAsked", "QuestionChanged"}
    ),
    "studio.publish_question": AuditStep(
        _settle("questions/{id}/publication", _proposed), {"QuestionAsked", "QuestionChanged"}
    ),
    "studio.withdraw_question": AuditStep(
        _settle("questions/{id}/withdrawal", _proposed), {"QuestionAsked", "QuestionChanged"}
    ),
    "studio.close_report": AuditStep(_settle("reports/{id}/close", _report), {"MistakeReported", "ReportSettled"}),
}
