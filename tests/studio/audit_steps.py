"""Changes of courses in the studio and the entries that each leaves in the audit log."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.models import LearnerQuestion, MistakeReport
from app.rights.service import roles
from app.studio.queries import drafts
from tests.support import courses, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site

COURSE = f"/teaching/courses/{courses.SLUG}"


def _as_author(path: str, **fields: str) -> Step:
    """Submit a form as a trainer of the course."""

    def step(site: Site, client: FlaskClient) -> None:
        _make_trainer(site, site.people["trainer"])
        submit(path, **fields)(site, client)

    return step


def _make_trainer(site: Site, person_id: UUID) -> None:
    with site.app.app_context(), transaction():
        course_id = versions.course_record(courses.SLUG).id
        roles.add_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach=str(course_id), since=clock.today())


def _to_learner(path: str, write: Callable[[Site], UUID], **fields: str) -> Step:
    """Submit a form of a trainer about what a learner wrote."""

    def step(site: Site, client: FlaskClient) -> None:
        _as_author(f"{COURSE}/{path.format(id=write(site))}", **fields)(site, client)

    return step


def _report(site: Site) -> UUID:
    submit(f"/courses/{courses.SLUG}/lessons/the-quay/report", at="1", text="A word.")(site, site.client("owner"))
    with site.app.app_context():
        return db.session.scalars(select(MistakeReport.id)).one()


def _question(site: Site) -> UUID:
    submit(f"/courses/{courses.SLUG}/questions", about="", text="Why at night?")(site, site.client("owner"))
    with site.app.app_context():
        return db.session.scalars(select(LearnerQuestion.id)).one()


def _answered(site: Site) -> UUID:
    """Let another trainer answer a question."""
    question_id = _question(site)
    _make_trainer(site, site.people["coordinator"])
    sites.post(
        site.app,
        site.client("coordinator"),
        f"{COURSE}/questions/{question_id}/answer",
        {"text": "Because of the tide."},
    )
    return question_id


def _proposed(site: Site) -> UUID:
    """Let another trainer answer a question and propose its help entry."""
    question_id = _answered(site)
    sites.post(site.app, site.client("coordinator"), f"{COURSE}/questions/{question_id}/help", HELP)
    return question_id


def _save(site: Site, client: FlaskClient) -> None:
    """Save a lesson in the editor."""
    with site.app.app_context():
        version_id = versions.course_record(courses.SLUG).version_id
        assert version_id is not None
        opened = drafts.digest_of(versions.files_of(version_id)["lessons/the-list.en.md"])
    _as_author(f"{COURSE}/lessons/the-list", title="The list", body="A new text.", opened=opened)(site, client)


HELP = {"question": "Why at night?", "answer": "Because of the tide."}
NEW_COURSE = {
    "title": "A course of its own",
    "paragraph": "What it is about.",
    "outcomes": "write down what you saw",
    "code": "T91",
    "language": "en",
    "sensitivity": "unrestricted",
    "hours": "1",
    "source": "scratch",
}
STEPS: Mapping[str, AuditStep] = {
    "studio.create_course": AuditStep(
        submit("/teaching/courses/new", **NEW_COURSE), {"CourseCreated", "DraftSaved", "RoleGranted"}, by="trainer"
    ),
    "studio.add_lesson": AuditStep(_as_author(f"{COURSE}/lessons", title="New"), {"DraftSaved"}, by="trainer"),
    "studio.change_lesson": AuditStep(
        _as_author(f"{COURSE}/lessons/the-list/facts", minutes="9", warning="0"), {"DraftSaved"}, by="trainer"
    ),
    "studio.move_lesson": AuditStep(
        _as_author(f"{COURSE}/lessons/the-list/position", position="2"), {"DraftSaved"}, by="trainer"
    ),
    "studio.remove_lesson": AuditStep(
        _as_author(f"{COURSE}/lessons/after-the-watch/removal"), {"DraftSaved"}, by="trainer"
    ),
    "studio.save_lesson": AuditStep(_save, {"DraftSaved"}, by="trainer"),
    "studio.answer_report": AuditStep(
        _to_learner("reports/{id}/answer", _report, text="Corrected."), {"ReportSettled"}, by="trainer"
    ),
    "studio.close_report": AuditStep(_to_learner("reports/{id}/close", _report), {"ReportSettled"}, by="trainer"),
    "studio.answer_question": AuditStep(
        _to_learner("questions/{id}/answer", _question, text="The tide."), {"QuestionChanged"}, by="trainer"
    ),
    "studio.close_question": AuditStep(
        _to_learner("questions/{id}/close", _question), {"QuestionChanged"}, by="trainer"
    ),
    "studio.propose_question": AuditStep(
        _to_learner("questions/{id}/help", _answered, **HELP), {"HelpEntryProposed"}, by="trainer"
    ),
    "studio.publish_question": AuditStep(
        _to_learner("questions/{id}/publication", _proposed), {"HelpEntryPublished"}, by="trainer"
    ),
    "studio.withdraw_question": AuditStep(
        _to_learner("questions/{id}/withdrawal", _proposed), {"HelpEntryWithdrawn"}, by="trainer"
    ),
}
