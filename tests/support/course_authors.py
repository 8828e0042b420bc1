"""Trainers who write courses in a browser."""

from uuid import UUID, uuid4

from playwright.sync_api import Page, expect

from app.access.policy import Role, Scope
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts
from app.studio.service import drafts as draft_service, remarks, reviews
from app.studio.service.reviews import Submission
from tests.support import factories, review_pages, sites
from tests.support.served_academy import Academy
from tests.support.visitors import Visitor, press

TRAINER = ((Role.TRAINER, Scope.EVENT, str(uuid4())),)
TRAINER_OF_ALL = ((Role.TRAINER, Scope.ALL, ""),)


def create_course(trainer: Visitor) -> str:
    """Create a course by its form; return the path of its outline."""
    page = trainer.go("/teaching/courses/new")
    page.locator("#title").fill(f"A course {uuid4().hex[:6]}")
    page.locator("#paragraph").fill("What it is about.")
    page.locator("#outcomes").fill("write down what you saw")
    page.locator("main details summary").click()
    page.locator("#code").fill(f"T{uuid4().int % 10**6}")
    press(page.locator("main form button.primary"))
    return page.url.removeprefix(trainer.url)


def course_of(academy: Academy, trainer: Visitor, *lessons: str) -> str:
    """Create a course with lessons without the browser; return the path of its outline, which is not opened."""
    client = factories.sign_in(academy.app, trainer.person_id)
    fields = {
        "title": f"A course {uuid4().hex[:6]}",
        "paragraph": "What it is about, in a long sentence that needs more than a line of a phone.",
        "outcomes": "write down what you saw",
        "code": f"T{uuid4().int % 10**6}",
        "language": "en",
        "sensitivity": "unrestricted",
        "hours": "1",
        "source": "scratch",
    }
    answer = sites.post(academy.app, client, "/teaching/courses/new", fields)
    assert answer.status_code == 302, answer.text
    outline = answer.headers["Location"]
    for title in lessons:
        assert sites.post(academy.app, client, f"{outline}/lessons", {"title": title}).status_code == 302
    return outline


def add_lesson(page: Page, title: str) -> None:
    """Add a lesson to the outline that is open; its editor opens."""
    page.locator(".add-lesson #title").fill(title)
    press(page.locator(".add-lesson button"))
    expect(page.locator("[data-editor]")).to_be_visible()


def change_text(academy: Academy, course: str, path: str, texts: dict[str, str]) -> UUID:
    """Let another trainer replace passages in a file of a draft; return the trainer's id."""
    by = academy.person(grants=TRAINER_OF_ALL)
    with academy.app.app_context():
        course_id, now = versions.course_record(course).id, clock.now()
        with transaction():
            draft_service.open_draft(course_id, now)
        content = drafts.contents([drafts.tree(course_id)[path]]).popitem()[1].decode()
        for old, new in texts.items():
            assert old in content, old
            content = content.replace(old, new)
        with transaction():
            draft_service.change_files(course_id, {path: content.encode()}, RevisionKind.SAVED, by=by, now=now)
        db.session.remove()
    return by


def submit_with_remark(academy: Academy, course: str, path: str, by: UUID) -> str:
    """Send a draft to review, with a remark of another trainer on a file; return the path of the review."""
    reader = academy.person(grants=TRAINER_OF_ALL)
    with academy.app.app_context():
        course_id, now = versions.course_record(course).id, clock.now()
        tree = review_pages.tree(course_id)
        submission = Submission(VersionKind.EDITORIAL, "A clearer paragraph.")
        db.session.rollback()
        with transaction():
            review_id = reviews.submit(course_id, submission, tree=tree, by=by, now=now)
        with transaction():
            remarks.write_remark(review_id, path, 2, "Which page of the manual?", by=reader, now=now)
        db.session.remove()
    return f"/teaching/review/{review_id}?file={path}"
