"""Changes of courses in the studio and the entries that each leaves in the audit log."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.catalogue.queries import versions
from app.db.session import transaction
from app.kernel import clock
from app.rights.service import roles
from app.studio.queries import drafts
from tests.support import courses, uploads
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


def _upload(site: Site, client: FlaskClient) -> str:
    """Upload a file of questions as a trainer of the course; return the address of its preview."""
    _as_author(f"{COURSE}/lessons", title="New")(site, client)
    answer = uploads.upload(site.app, client, f"{COURSE}/import", b"Is the lamp green? {TRUE}\n", "a.gift", kind="")
    assert answer.status_code == 302
    return answer.headers["Location"].removesuffix("?kind=gift")


def _import(site: Site, client: FlaskClient) -> None:
    submit(_upload(site, client), kind="gift", competency="PRT-01")(site, client)


def _undo_import(site: Site, client: FlaskClient) -> None:
    address = _upload(site, client)
    submit(address, kind="gift", competency="PRT-01")(site, client)
    submit(f"{address}/undo")(site, client)


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
    "studio.import_upload": AuditStep(_import, {"DraftSaved"}, by="trainer"),
    "studio.undo_import": AuditStep(_undo_import, {"DraftSaved"}, by="trainer"),
    "studio.save_lesson": AuditStep(_save, {"DraftSaved"}, by="trainer"),
}
