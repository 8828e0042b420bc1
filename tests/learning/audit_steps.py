"""Changes of learning and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication as catalogue
from app.db.session import db, transaction
from app.kernel import clock
from app.quizzes.models import Attempt, PeerMarking
from tests.home.audit_steps import suggest_course
from tests.support import courses, factories, kinds_course, lesson_reading, peer_desk, sites
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site

COURSE = f"/courses/{courses.SLUG}"


def _publish_again(site: Site, client: FlaskClient) -> None:
    """Publish a second version, so that it can be taken."""
    ready, _references = courses.ready(why="Because a note lasts.")
    with site.app.app_context():
        first, second = factories.person(), factories.person()
        with transaction():
            catalogue.store_draft(ready, clock.now())
            catalogue.publish(
                courses.CODE,
                kind=VersionKind.EDITORIAL,
                message="Words.",
                first_id=first,
                second_id=second,
                now=clock.now(),
            )
    submit(f"{COURSE}/version")(site, client)


def _answer_again(site: Site, client: FlaskClient) -> None:
    """Begin the delayed questions of a course, as if its test had been passed six months ago."""
    attempt = sites.post(site.app, client, f"{COURSE}/test").headers["Location"].split("/")[2]
    sites.post(site.app, client, f"/attempts/{attempt}/hand-in")
    with site.app.app_context(), transaction():
        mine = update(Attempt).where(Attempt.public_id == UUID(attempt))
        db.session.execute(mine.values(share=1, passed=True, ended_at=clock.now() - timedelta(days=190)))
    submit(f"{COURSE}/later")(site, client)


def _set_aside(site: Site, client: FlaskClient) -> None:
    submit(f"/suggestions/{suggest_course(site)}/setting-aside")(site, client)


def _read_whole(site: Site, client: FlaskClient) -> None:
    """Read a lesson for its stated minutes, then send the step "done" as a device does."""
    token = lesson_reading.token(client, f"{COURSE}/lessons/the-quay")
    before = clock.now() - clock.real_now()
    clock.move(lambda: before + timedelta(minutes=6))
    answer = sites.post_json(site.app, client, "/lessons/steps", {"steps": [lesson_reading.step("done", token)]})
    assert answer.json["results"][0]["state"] == "done"


def _answer_open_question(site: Site) -> None:
    """Publish a version with peer marking; owner and colleague answer its open question."""
    with site.app.app_context():
        sites.publish_course(kinds_course.ready())
    for name in ("owner", "colleague"):
        client = site.client(name)
        submit(f"{COURSE}/enrolment")(site, client)
        sites.post(site.app, client, f"{COURSE}/version")
        peer_desk.answer(site.app, client)


def _ask_colleagues(site: Site) -> None:
    _answer_open_question(site)
    submit(peer_desk.PEERS)(site, site.client("colleague"))


def _draw(site: Site, client: FlaskClient) -> str:
    return sites.post(site.app, client, peer_desk.ANSWERS).headers["Location"]


def _mark(site: Site, client: FlaskClient) -> None:
    submit(_draw(site, client), comment="Ask about the night.")(site, client)


def _get_comment(site: Site) -> None:
    """Let the colleague ask, and the owner mark with a comment."""
    _ask_colleagues(site)
    _mark(site, site.client("owner"))


def _report_comment(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        marking_id = db.session.scalars(select(PeerMarking.id)).one()
    submit(f"{peer_desk.PEERS}/{marking_id}/report")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "learning.ask_peers": AuditStep(
        submit(peer_desk.PEERS), {"PeerMarkingRequested"}, by="colleague", prepare=_answer_open_question
    ),
    "learning.withdraw_from_peers": AuditStep(
        submit(f"{peer_desk.PEERS}/withdrawal"), {"PeerMarkingWithdrawn"}, by="colleague", prepare=_ask_colleagues
    ),
    "learning.draw_answer": AuditStep(submit(peer_desk.ANSWERS), {"PeerAnswerDrawn"}, prepare=_ask_colleagues),
    "learning.mark_answer": AuditStep(_mark, {"PeerAnswerDrawn", "PeerAnswerMarked"}, prepare=_ask_colleagues),
    "learning.report_comment": AuditStep(
        _report_comment, {"MistakeReported", "PeerCommentReported"}, by="colleague", prepare=_get_comment
    ),
    "learning.begin": AuditStep(submit(f"/courses/{sites.RESTRICTED}/enrolment"), {"CourseBegun"}, by="colleague"),
    "learning.done": AuditStep(submit(f"{COURSE}/lessons/the-quay/done"), {"LessonLookedThrough"}),
    "learning.save_steps": AuditStep(_read_whole, {"LessonDone"}),
    "learning.skip": AuditStep(submit(f"{COURSE}/lessons/the-quay/skip"), {"LessonSkipped"}),
    "learning.set_aside": AuditStep(_set_aside, {"SuggestionChanged"}, by="colleague"),
    "learning.take_version": AuditStep(_publish_again, {"VersionTaken"}),
    "learning.ask": AuditStep(submit(f"{COURSE}/questions", about="", text="Why at night?"), {"QuestionAsked"}),
    "learning.report_mistake": AuditStep(
        submit(f"{COURSE}/lessons/the-quay/report", at="1", text="A word is missing."), {"MistakeReported"}
    ),
    "learning.start_case": AuditStep(
        submit(f"/courses/{sites.RESTRICTED}/cases/scenario"), {"CaseStarted"}, by="colleague"
    ),
    "learning.start_later": AuditStep(_answer_again, {"AttemptStarted"}, by="colleague"),
    "learning.start_pretest": AuditStep(
        submit(f"/courses/{sites.RESTRICTED}/pretest"), {"AttemptStarted"}, by="colleague"
    ),
    "learning.start_test": AuditStep(submit(f"/courses/{sites.RESTRICTED}/test"), {"AttemptStarted"}, by="colleague"),
}
