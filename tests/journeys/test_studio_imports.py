"""A Word document and a Moodle file become a published course: uploaded, checked, corrected, reviewed, read."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.studio.domain.reviews import REQUIRED
from tests.support.course_authors import TRAINER, TRAINER_OF_ALL, course_of
from tests.support.import_files import LESSONS, WITHOUT_A_RIGHT_ANSWER, document_of_20_pages, moodle_file_of_60
from tests.support.served_academy import Academy
from tests.support.visitors import Invite, Visitor, press

pytestmark = pytest.mark.browser
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_word_document_and_moodle_file_are_imported_and_published(academy: Academy, visitor: Invite) -> None:
    author, second, learner = visitor(grants=TRAINER), visitor(grants=TRAINER_OF_ALL), visitor()
    outline = course_of(academy, author)
    page = _upload(author, outline, "manual.docx", WORD, document_of_20_pages())
    page.locator("main form[method=get] select").select_option("word-lessons")
    press(page.locator("main form[method=get] button"))
    expect(page.locator(".tasks .row")).to_have_count(len(LESSONS))
    expect(page.locator(".title")).to_contain_text(re.compile("Tracked insertions that were accepted: 1"))
    page.locator("#licence").fill("CC-BY-4.0")
    page.locator("#author").fill("The training unit")
    press(page.locator("main form[method=post] button.primary"))
    page = _upload(author, outline, "questions.xml", "text/xml", moodle_file_of_60())
    expect(page.locator(".tasks .row .status.risk", has_text="To be corrected")).to_have_count(
        len(WITHOUT_A_RIGHT_ANSWER)
    )
    expect(page.locator(".tasks .row", has_text="Left out")).to_have_count(1)
    press(page.locator("main form[method=post] button.primary"))
    _correct_questions(author, outline)
    _correct_lesson(author, outline)
    _publish(author, second, outline)
    read = learner.go(f"/courses/{outline.rsplit('/', 1)[1]}/lessons/who-to-call")
    expect(read.locator("article")).to_contain_text("Ask one colleague only")
    expect(read.locator("article img[alt='A quay at night']")).to_have_count(1)
    expect(read.locator("article table")).to_have_count(4)
    learner.go(f"/courses/{outline.rsplit('/', 1)[1]}/lessons/signs-at-the-border")
    expect(read.locator(".footnotes")).to_contain_text("Manual, rule 2.")
    assert author.complaints + second.complaints + learner.complaints == []


def _upload(author: Visitor, outline: str, name: str, kind: str, content: bytes) -> Page:
    """Upload a file; what its import would add is open."""
    page = author.go(f"{outline}/import")
    page.locator("#file").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    press(page.locator("main form button.primary"))
    return page


def _correct_questions(author: Visitor, outline: str) -> None:
    """Open each question that prevents a review, and say which answer is right."""
    page = author.go(f"{outline}/submit")
    errors = page.locator("[aria-labelledby=errors] a")
    expect(errors).to_have_count(len(WITHOUT_A_RIGHT_ANSWER))
    press(errors.first)
    faulty = page.locator(".picks .row:has(.status.bad) a")
    for left in range(len(WITHOUT_A_RIGHT_ANSWER), 0, -1):
        expect(faulty).to_have_count(left)
        press(faulty.first)
        page.locator(".answer-row [name=right]").first.check()
        press(page.locator(".dock button.primary"))
        press(page.locator(f"main a[href='{outline}/bank']").first)


def _correct_lesson(author: Visitor, outline: str) -> None:
    """Change a sentence of an imported lesson."""
    page = author.go(f"{outline}/lessons/who-to-call")
    text = page.locator("#body").input_value()
    page.locator("#body").fill(text.replace("Ask once only", "Ask one colleague only"))
    press(page.locator(".dock button.primary"))


def _publish(author: Visitor, second: Visitor, outline: str) -> None:
    """Send the draft to review, let the second person approve it, and publish it."""
    page = author.go(f"{outline}/submit")
    page.locator("#message").fill("The first version.")
    press(page.locator("main form button.primary"))
    review = page.url.removeprefix(author.url)
    second.go(review)
    for point in sorted(REQUIRED):
        press(second.page.locator(f"form:has(input[value={point}]) button"))
    press(second.page.locator("form[action$='/approval'] button"))
    author.go(review)
    press(page.locator("form[action$='/publication'] button"))
