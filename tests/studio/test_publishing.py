"""From a changed lesson to what a learner reads."""

from flask import Flask

from app.studio.domain.reviews import REQUIRED
from tests.support import courses, factories, review_pages
from tests.support.review_pages import COURSE

TEXT = "A new paragraph about the night watch."


def test_published_draft_is_what_a_new_learner_reads(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app, TEXT)
        learner = factories.person()
        fields = review_pages.submit_fields(draft.author)
    author, reviewer = draft.author.id, draft.reviewer
    sent = draft.post(author, f"{COURSE}/submit", **fields)
    assert sent.status_code == 302, sent.text
    review = sent.headers["Location"].partition("#")[0]
    for point in REQUIRED:
        assert draft.post(reviewer, f"{review}/checklist", point=str(point), done="yes").status_code == 302
    assert draft.post(reviewer, f"{review}/approval").status_code == 302
    published = draft.post(author, f"{review}/publication")
    assert published.status_code == 302, published.text
    page = draft.client(learner).get(f"/courses/{courses.SLUG}/lessons/the-quay")
    assert TEXT in page.text
    assert "Published" in draft.client(author).get(review).text
