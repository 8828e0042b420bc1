import re
from dataclasses import replace

import pytest
from flask import Flask

from app.catalogue.domain.courses import ReviewPoint
from app.learning.labels import REVIEW_POINTS
from app.learning.pages.courses import REVIEWERS
from tests.support import courses as course, factories


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def reader(app: Flask) -> str:
    with app.app_context():
        course.publish(reviewed=True)
        client = factories.sign_in(app, factories.person())
    return _text(client.get(f"/courses/{course.SLUG}").text)


def test_course_page_lists_reviews_and_missing_reviews(reader: str) -> None:
    assert "Practitioner: 20 November 2026" in reader
    assert "Prosecutor: not yet Victim-support expert: not yet" in reader
    assert "“Not yet” means: check facts before you rely on them." in reader


def test_course_page_shows_the_checklist_and_its_open_points(reader: str) -> None:
    assert "Checked before publication: 2 of 15 points" in reader
    assert reader.count("(open)") == 13
    assert "Reviewed on 21 November 2026" in reader


def test_lesson_page_names_missing_reviewers(app: Flask) -> None:
    with app.app_context():
        course.publish(reviewed=True)
        client = factories.sign_in(app, factories.person())
    page = _text(client.get(f"/courses/{course.SLUG}/lessons/the-list").text)
    assert "Not yet read by: Prosecutor and Victim-support expert." in page


def test_every_checklist_point_and_reviewer_has_a_label() -> None:
    assert list(REVIEW_POINTS) == list(ReviewPoint)
    assert len({str(words) for words in (*REVIEW_POINTS.values(), *REVIEWERS.values())}) == len(REVIEW_POINTS) + len(
        REVIEWERS
    )


def test_arabic_source_list_separates_reference_and_place_in_arabic(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], show_drafts=True))
    with app.app_context():
        course.publish()
        client = factories.sign_in(app, factories.person(language="ar", content_language="ar"))
    page = client.get(f"/courses/{course.SLUG}/lessons/the-list").text
    (sources,) = re.findall(r'<ol lang="ar" dir="rtl">(.*?)</ol>', page)
    assert re.fullmatch(r'<li id="fn-1"><bdi>[A-Z][^،]*</bdi>، <bdi>القاعدة 3</bdi></li>', sources)
