"""Changes of courses in the studio, and the entries that each leaves in the audit log."""

import io
import re
from collections.abc import Callable, Mapping
from uuid import UUID

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.catalogue.domain.documents import DocumentKind
from app.catalogue.domain.translations import block_hash, front_for, write_front
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.domain.learner_posts import help_digest
from app.learning.models import LearnerQuestion, MistakeReport
from app.rights.service import roles
from app.studio.domain import document_files
from app.studio.domain.course_archive import write_course_archive
from app.studio.domain.judging import JudgingRound
from app.studio.domain.revisions import RevisionKind
from app.studio.models import CourseReview, CourseReviewer, JudgingPanel, ReviewRemark
from app.studio.queries import drafts, workspaces
from app.studio.service import courses as course_service, drafts as service, judging, remarks
from app.studio.service.drafts import change_files
from tests.support import console_versions, courses, review_pages, sites, studio_site, uploads
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.review_pages import COURSE, Draft
from tests.support.sites import Site
from tests.support.studio_site import Author

ALIAS = "Trainer of another course"
BANK = f"{COURSE}/bank"
QUESTION = "## T10-Q01\nkind: single\ncompetency: PRT-01\n\nWhich berth?\n\n---\n\n- [x] Berth 2\n- [ ] Berth 3\n"


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


def _published(site: Site, path: str) -> bytes:
    """Return a file of the published course."""
    with site.app.app_context():
        version_id = versions.course_record(courses.SLUG).version_id
        assert version_id is not None
        return versions.files_of(version_id)[path]


def _save(site: Site, client: FlaskClient) -> None:
    """Save a lesson in the editor."""
    opened = drafts.digest_of(_published(site, "lessons/the-list.en.md"))
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


_MEDIA = f"{COURSE}/media"
_RIGHTS = {"description": "A lamp", "licence": "CC0-1.0", "author": "COLEP Academy"}


def _pixel(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (1, 1), colour).save(file, "PNG")
    return file.getvalue()


def _add_picture(page: str) -> Step:
    """Add a picture to the course as its trainer."""

    def step(site: Site, client: FlaskClient) -> None:
        _make_trainer(site, site.people["trainer"])
        answer = uploads.upload(site.app, client, f"{_MEDIA}/{page}", _pixel("navy"), "lamp.png", **_RIGHTS)
        assert answer.status_code in {200, 302}, answer.status

    return step


def _with_picture(change: Step) -> Step:
    """Add a picture, then change it."""

    def step(site: Site, client: FlaskClient) -> None:
        _add_picture("new")(site, client)
        change(site, client)

    return step


def _replace_picture(site: Site, client: FlaskClient) -> None:
    path = f"{_MEDIA}/lamp.png/replacement"
    assert uploads.upload(site.app, client, path, _pixel("red"), "lamp.png").status_code == 302


def _save_case(site: Site, client: FlaskClient) -> None:
    """Save a case in the editor."""
    text = _published(site, "scenario.en.md")
    changed = text.decode().replace("The watch is over.", "It is over.")
    _as_author(f"{COURSE}/cases/scenario", body=changed, opened=drafts.digest_of(text))(site, client)


def _break_course_file(site: Site) -> None:
    with site.app.test_request_context(), transaction():
        course_id, by = versions.course_record(courses.SLUG).id, site.people["trainer"]
        change_files(course_id, {"course.toml": b"id ="}, RevisionKind.IMPORTED, by=by, now=clock.now())


def _add_document(site: Site) -> None:
    with site.app.test_request_context(), transaction():
        course_id, by = versions.course_record(courses.SLUG).id, site.people["trainer"]
        files = {"course.toml": _published(site, "course.toml")}
        _slug, changes = document_files.add_document(files, DocumentKind.LETTER, "A letter")
        change_files(course_id, changes, RevisionKind.ADDED, by=by, now=clock.now())


def _remove_paper(site: Site, client: FlaskClient) -> None:
    """Add a paper, and remove it."""
    paper = {"id": "T10-P01", "form": "B", "family": "letters", "document": "T10-D01", "items": "T10-Q01"}
    _as_author(f"{COURSE}/papers", **paper)(site, client)
    submit(f"{COURSE}/papers/removal", before="T10-P01")(site, client)


def _save_document(site: Site, client: FlaskClient) -> None:
    """Save a document in its editor."""
    _make_trainer(site, site.people["trainer"])
    opened = re.search(r'name="opened" value="([0-9a-f]{64})"', client.get(f"{COURSE}/documents/a-letter").text)
    assert opened
    body = "# A letter\nid: T10-D01\nkind: letter\n\nDear owner."
    submit(f"{COURSE}/documents/a-letter", body=body, opened=opened[1])(site, client)


def _save_settings(site: Site, client: FlaskClient) -> None:
    """Save the settings of a course."""
    opened = drafts.digest_of(_published(site, "course.toml"))
    opened_text = drafts.digest_of(_published(site, "course.en.md"))
    texts = {
        "title": "New",
        "paragraph": "About it.",
        "outcomes": "write a note",
        "hours": "1",
        "licence": "CC0-1.0",
        "feedback": "after_attempt",
        "shown_result": "best",
    }
    _as_author(f"{COURSE}/settings", action="save", opened=opened, opened_text=opened_text, **texts)(site, client)


def _unused(draft: Draft) -> None:
    """Add a question of a competency that the test does not draw."""
    text = QUESTION.replace("T10-Q01", "T10-Q90").replace("PRT-01", "LRE-01")
    content = drafts.file(draft.author.workspace(), "test.en.md") + f"\n{text}".encode()
    with transaction():
        files = {"test.en.md": content}
        service.change_files(draft.author.course_id, files, RevisionKind.SAVED, by=draft.author.id, now=clock.now())


def _create_from_archive(site: Site, client: FlaskClient) -> None:
    """Create a course from an archive of the small course, under another id."""
    files = {path.removeprefix("night-harbour/"): content for path, content in courses.files().items()}
    lessons = {path: content for path, content in files.items() if path.startswith("lessons/")}
    own = {path: files[path] for path in ("course.toml", "course.en.md", "test.en.md", "scenario.en.md")}
    content = write_course_archive("night-harbour", own | lessons)
    path = "/teaching/courses/new/archive"
    answer = uploads.upload(site.app, client, path, content, "a.zip", archive_code="T92")
    assert answer.status_code == 302, answer.text


HELP = {"question": "Why at night?", "answer": "Because of the tide."}


def _save_question(site: Site, client: FlaskClient) -> None:
    """Save a question in the editor."""
    opened = drafts.digest_of(_published(site, "test.en.md"))
    _as_author(f"{BANK}/T10-Q01", shown_as="text", text=QUESTION, opened=opened)(site, client)


def _try_question(site: Site, client: FlaskClient) -> None:
    """Answer a question on trial: its key is shown."""
    _as_author(f"{BANK}/T10-Q01/copy")(site, client)
    response = sites.post(site.app, client, f"{BANK}/T10-Q01/trial", {"choice": "0"})
    assert response.status_code == 200, response.status


_TRANSLATION = f"{COURSE}/translate/fr/lesson-after-the-watch"
_TITLE, _PARAGRAPH = "# After the watch", "Write down what you saw, with the time."
_TRANSLATED = {"opened-1": f"{block_hash(_TITLE)}.{block_hash('')}", "target-1": "# Titre"}


def _translated(draft: Draft) -> None:
    """Translate a lesson as another author."""
    front = write_front(front_for([_TITLE, _PARAGRAPH]))
    files = {"lessons/after-the-watch.fr.md": f"{front}# Titre\n\nTexte.\n".encode()}
    with transaction():
        service.change_files(draft.author.course_id, files, RevisionKind.SAVED, by=draft.author.id, now=clock.now())


def _sign_translation(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        course_id = versions.course_record(courses.SLUG).id
        digest = drafts.tree(course_id)["lessons/after-the-watch.fr.md"]
        db.session.remove()
    submit(f"{_TRANSLATION}/signature", digest=digest)(site, client)


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


def _prepared(prepare: Callable[[Draft], object]) -> Callable[[Site], None]:
    """Prepare a draft by another author; the site's trainer may write the course, too."""

    def run(site: Site) -> None:
        with site.app.app_context():
            draft = review_pages.changed(site.app)
            studio_site.make_author(site.people["trainer"], draft.author.course_id)
            prepare(draft)
            db.session.remove()

    return run


def _nothing(_draft: Draft) -> None:
    """Leave the draft as it is."""


def _ready(draft: Draft) -> None:
    review_pages.tick_required(review_pages.submitted(draft), draft.reviewer)


def _remarked(draft: Draft) -> None:
    review_id = review_pages.submitted(draft)
    with transaction():
        remarks.write_remark(review_id, review_pages.LESSON, 0, "Which quay?", by=draft.reviewer, now=clock.now())


def _behind(_draft: Draft) -> None:
    console_versions.publish(why="Right: the note comes first, always.")


def _edited(draft: Draft) -> None:
    review_pages.add_text(draft.author, "One more.")


def _imported(draft: Draft) -> None:
    files = {review_pages.LESSON: b"# The quay\n\nImported.\n"}
    with transaction():
        change_files(draft.author.course_id, files, RevisionKind.IMPORTED, by=draft.author.id, now=clock.now())


def _alias(_draft: Draft) -> None:
    review_pages.other_trainer(ALIAS)


def _on_review(page: str, /, **fields: str) -> Step:
    """Submit a form of the review, with the id of its remark in place of {remark}."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            review_id = db.session.scalars(select(CourseReview.id)).one()
            remark_id = db.session.scalars(select(ReviewRemark.id)).one_or_none()
            db.session.remove()
        submit(f"/teaching/review/{review_id}{page.replace('{remark}', str(remark_id))}", **fields)(site, client)

    return step


def _submit_draft(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        fields = review_pages.submit_fields(Author(site.people["trainer"], versions.course_record(courses.SLUG).id))
        db.session.remove()
    submit(f"{COURSE}/submit", **fields)(site, client)


def _remove_reviewer(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        person_id = db.session.scalars(select(CourseReviewer.person_id)).one()
        db.session.remove()
    submit(f"{COURSE}/reviewers/{person_id}/removal")(site, client)


def _remove_author(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        workspace = workspaces.workspace(studio_site.actor(site.people["trainer"]), courses.SLUG)
        (person_id,) = workspace.trainers - {site.people["trainer"]}
        db.session.remove()
    submit(f"{COURSE}/authors/{person_id}/removal")(site, client)


def _step(run: Step, events: set[str], prepare: Callable[[Draft], object] = _nothing) -> AuditStep:
    return AuditStep(run, events, by="trainer", prepare=_prepared(prepare))


def _on_panel(page: str, /, **fields: str) -> Step:
    """Submit a form of the only judging panel."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            panel_id = db.session.scalars(select(JudgingPanel.id)).one()
            db.session.remove()
        submit(f"{BANK}/panels/{panel_id}/{page}", **fields)(site, client)

    return step


def _judges(draft: Draft) -> None:
    """Add a judge: with the author and the reviewer of the draft there are three."""
    with transaction():
        course_service.add_reviewer(draft.author.workspace(), review_pages.other_trainer(), clock.now())


def _panel(draft: Draft) -> UUID:
    _judges(draft)
    with transaction():
        return judging.open_panel(draft.author.workspace(), "T10-Q01", by=draft.author.id, now=clock.now())


def _judged(draft: Draft, *rounds: JudgingRound, absent: int = 0) -> None:
    panel_id, workspace = _panel(draft), draft.author.workspace()
    people = sorted(workspace.trainers | workspace.reviewers)
    for judging_round in rounds:
        for person_id in people[absent:]:
            with transaction():
                judging.judge(workspace, panel_id, 0.6, judging_round, by=person_id, now=clock.now())


def _judged_twice(draft: Draft) -> None:
    _judged(draft, JudgingRound.FIRST, JudgingRound.SECOND)


def _one_absent(draft: Draft) -> None:
    _judges(draft)
    _judged(draft, JudgingRound.FIRST, absent=1)


_SUBMITTED, _APPROVED = review_pages.submitted, review_pages.approved
_REMARK = {"path": review_pages.LESSON, "position": "0", "body": "Which quay?"}
STEPS: Mapping[str, AuditStep] = {
    "studio.create_course": AuditStep(
        submit("/teaching/courses/new", **NEW_COURSE), {"CourseCreated", "DraftSaved", "RoleGranted"}, by="trainer"
    ),
    "studio.create_from_archive": AuditStep(
        _create_from_archive, {"CourseCreated", "DraftSaved", "RoleGranted"}, by="trainer"
    ),
    "studio.add_case": AuditStep(_as_author(f"{COURSE}/cases", title="New"), {"DraftSaved"}, by="trainer"),
    "studio.add_document": AuditStep(
        _as_author(f"{COURSE}/documents", kind="chat", title="New"), {"DraftSaved"}, by="trainer"
    ),
    "studio.save_document": AuditStep(_save_document, {"DraftSaved"}, by="trainer", prepare=_add_document),
    "studio.change_document": AuditStep(
        _as_author(f"{COURSE}/documents/a-letter/facts", form="A", sensitivity="unrestricted", warning="1"),
        {"DraftSaved"},
        by="trainer",
        prepare=_add_document,
    ),
    "studio.remove_document": AuditStep(
        _as_author(f"{COURSE}/documents/a-letter/removal"), {"DraftSaved"}, by="trainer", prepare=_add_document
    ),
    "studio.save_paper": AuditStep(
        _as_author(f"{COURSE}/papers", id="T10-P01", form="B", family="letters", document="T10-D01", items="T10-Q01"),
        {"DraftSaved"},
        by="trainer",
        prepare=_add_document,
    ),
    "studio.save_desk_task": AuditStep(
        _as_author(
            f"{COURSE}/papers/tasks", id="T10-T01", rubric="PRT-01.foundation", document="T10-D01", items="T10-Q01"
        ),
        {"DraftSaved"},
        by="trainer",
        prepare=_add_document,
    ),
    "studio.save_paper_rules": AuditStep(
        _as_author(f"{COURSE}/papers/rules", papers="1"), {"DraftSaved"}, by="trainer"
    ),
    "studio.remove_paper": AuditStep(_remove_paper, {"DraftSaved"}, by="trainer", prepare=_add_document),
    "studio.add_question": AuditStep(
        _as_author(f"{BANK}/new", shown_as="text", text=QUESTION), {"DraftSaved"}, by="trainer"
    ),
    "studio.save_question": AuditStep(_save_question, {"DraftSaved"}, by="trainer"),
    "studio.copy_question": AuditStep(_as_author(f"{BANK}/T10-Q01/copy"), {"DraftSaved"}, by="trainer"),
    "studio.retire_question": AuditStep(_as_author(f"{BANK}/T10-Q01/retirement"), {"DraftSaved"}, by="trainer"),
    "studio.change_keys": AuditStep(
        _as_author(f"{BANK}/keys", items="T10-Q01", form="A"), {"DraftSaved"}, by="trainer"
    ),
    "studio.try_question": AuditStep(_try_question, {"QuestionKeyViewed"}, by="trainer"),
    "studio.ask_in_lesson": AuditStep(
        _as_author(f"{BANK}/lesson", lesson="the-list", items="T10-Q01"), {"DraftSaved"}, by="trainer"
    ),
    "studio.add_to_test": _step(submit(f"{BANK}/test"), {"DraftSaved"}, _unused),
    "studio.open_panel": _step(submit(f"{BANK}/panels", item="T10-Q01"), {"PanelOpened"}, _judges),
    "studio.judge_item": _step(_on_panel("judgement", percent="60", round="first"), {"ItemJudged"}, _panel),
    "studio.leave_out_judges": _step(_on_panel("absent-judges"), {"JudgesLeftOut"}, _one_absent),
    "studio.use_mean": _step(_on_panel("use"), {"DraftSaved", "PanelClosed"}, _judged_twice),
    "studio.close_panel": _step(_on_panel("closing"), {"PanelClosed"}, _panel),
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
    "studio.add_medium": AuditStep(_add_picture("new"), {"DraftSaved"}, by="trainer"),
    "studio.add_picture": AuditStep(_add_picture("pictures"), {"DraftSaved"}, by="trainer"),
    "studio.describe_medium": AuditStep(
        _with_picture(submit(f"{_MEDIA}/lamp.png/details", **_RIGHTS | {"author": "Another"})),
        {"DraftSaved"},
        by="trainer",
    ),
    "studio.insert_medium": AuditStep(
        _with_picture(submit(f"{_MEDIA}/lamp.png/insertion", lesson="the-list")), {"DraftSaved"}, by="trainer"
    ),
    "studio.remove_medium": AuditStep(
        _with_picture(submit(f"{_MEDIA}/lamp.png/removal")), {"DraftSaved"}, by="trainer"
    ),
    "studio.replace_medium": AuditStep(_with_picture(_replace_picture), {"DraftSaved"}, by="trainer"),
    "studio.import_upload": AuditStep(_import, {"DraftSaved"}, by="trainer"),
    "studio.undo_import": AuditStep(_undo_import, {"DraftSaved"}, by="trainer"),
    "studio.save_case": AuditStep(_save_case, {"DraftSaved"}, by="trainer"),
    "studio.save_course_file": AuditStep(
        _as_author(f"{COURSE}/settings/text", body="hours = 1", opened=drafts.digest_of(b"id =")),
        {"DraftSaved"},
        by="trainer",
        prepare=_break_course_file,
    ),
    "studio.save_lesson": AuditStep(_save, {"DraftSaved"}, by="trainer"),
    "studio.save_settings": AuditStep(_save_settings, {"DraftSaved"}, by="trainer"),
    "studio.save_translation": AuditStep(_as_author(_TRANSLATION, **_TRANSLATED), {"DraftSaved"}, by="trainer"),
    "studio.import_translation": AuditStep(
        _as_author(f"{_TRANSLATION}/import/confirmation", **_TRANSLATED), {"DraftSaved"}, by="trainer"
    ),
    "studio.sign_translation": _step(_sign_translation, {"DraftSaved"}, _translated),
    "studio.submit_draft": _step(_submit_draft, {"ReviewSubmitted"}),
    "studio.bring_up_to_date": _step(submit(f"{COURSE}/update"), {"DraftSaved"}, _behind),
    "studio.tick_point": _step(_on_review("/checklist", point="facts", done="yes"), {"ReviewPointTicked"}, _SUBMITTED),
    "studio.approve_review": _step(_on_review("/approval"), {"ReviewDecided"}, _ready),
    "studio.request_changes": _step(_on_review("/changes"), {"ReviewDecided"}, _remarked),
    "studio.withdraw_review": _step(_on_review("/withdrawal"), {"ReviewDecided"}, _SUBMITTED),
    "studio.publish_review": _step(_on_review("/publication"), {"ReviewDecided", "CoursePublished"}, _APPROVED),
    "studio.propose_retirement": _step(submit(f"{COURSE}/retirement", reason="Replaced."), {"ReviewSubmitted"}),
    "studio.write_remark": _step(_on_review("/remarks", **_REMARK), {"RemarkWritten"}, _SUBMITTED),
    "studio.answer_remark": _step(
        _on_review("/remarks/{remark}/answers", body="The north quay."), {"RemarkWritten"}, _remarked
    ),
    "studio.resolve_remark": _step(_on_review("/remarks/{remark}/state", done="yes"), {"RemarkResolved"}, _remarked),
    "studio.restore_revision": _step(submit(f"{COURSE}/history/restore", number="1", path=""), {"DraftSaved"}, _edited),
    "studio.undo_revision": _step(submit(f"{COURSE}/history/undo", number="3"), {"DraftSaved"}, _imported),
    "studio.add_reviewer": _step(submit(f"{COURSE}/reviewers", alias=ALIAS), {"ReviewerAdded"}, _alias),
    "studio.remove_reviewer": _step(_remove_reviewer, {"ReviewerRemoved"}),
    "studio.add_author": _step(submit(f"{COURSE}/authors", alias=ALIAS), {"RoleGranted"}, _alias),
    "studio.remove_author": _step(_remove_author, {"RoleEnded"}),
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
        _to_learner("questions/{id}/publication", _proposed, digest=help_digest(**HELP)),
        {"HelpEntryPublished"},
        by="trainer",
    ),
    "studio.withdraw_question": AuditStep(
        _to_learner("questions/{id}/withdrawal", _proposed), {"HelpEntryWithdrawn"}, by="trainer"
    ),
}
