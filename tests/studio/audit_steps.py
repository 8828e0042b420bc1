"""Changes of courses in the studio and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import transaction
from app.kernel import clock
from app.rights.service import roles
from app.studio.queries import drafts
from tests.support import courses
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site

COURSE = f"/teaching/courses/{courses.SLUG}"


def _as_author(path: str, **fields: str) -> Step:
    """Submit a form as a trainer of the course."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context(), transaction():
            course_id = versions.course_record(courses.SLUG).id
            person_id, since = site.people["trainer"], clock.today()
            roles.add_role(person_id, Role.TRAINER, scope=Scope.COURSE, reach=str(course_id), since=since)
        submit(path, **fields)(site, client)

    return step


def _save(site: Site, client: FlaskClient) -> None:
    """Save a lesson in the editor."""
    with site.app.app_context():
        version_id = versions.course_record(courses.SLUG).version_id
        assert version_id is not None
        opened = drafts.digest_of(versions.files_of(version_id)["lessons/the-list.en.md"])
    _as_author(f"{COURSE}/lessons/the-list", title="The list", body="A new text.", opened=opened)(site, client)


def _save_case(site: Site, client: FlaskClient) -> None:
    """Save a case in the editor."""
    with site.app.app_context():
        version_id = versions.course_record(courses.SLUG).version_id
        assert version_id is not None
        text = versions.files_of(version_id)["scenario.en.md"]
    changed = text.decode().replace("The watch is over.", "It is over.")
    _as_author(f"{COURSE}/cases/scenario", body=changed, opened=drafts.digest_of(text))(site, client)


def _save_settings(site: Site, client: FlaskClient) -> None:
    """Save the settings of a course."""
    with site.app.app_context():
        version_id = versions.course_record(courses.SLUG).version_id
        assert version_id is not None
        files = versions.files_of(version_id)
    opened = {"opened": "course.toml", "opened_text": "course.en.md"}
    digests = {field: drafts.digest_of(files[path]) for field, path in opened.items()}
    texts = {"title": "New", "paragraph": "About it.", "outcomes": "write a note", "hours": "1", "licence": "CC0-1.0"}
    _as_author(f"{COURSE}/settings", action="save", **texts, **digests)(site, client)


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
    "studio.add_case": AuditStep(_as_author(f"{COURSE}/cases", title="New"), {"DraftSaved"}, by="trainer"),
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
    "studio.save_case": AuditStep(_save_case, {"DraftSaved"}, by="trainer"),
    "studio.save_lesson": AuditStep(_save, {"DraftSaved"}, by="trainer"),
    "studio.save_settings": AuditStep(_save_settings, {"DraftSaved"}, by="trainer"),
}
