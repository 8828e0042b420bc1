"""Learners see the pictures in questions and cases, as in lessons."""

from pathlib import Path

import pytest
from flask import Flask

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.service.preparation import ReadyCourse, prepare
from tests.support import factories, sites

FOLDER = Path(__file__).parent / "courses"
STEM, OPTION, REASON = "What do you do first?", "Write it down with the time", "Right: the note comes first."
PICTURE = "![A quay](media/quay.png)"
SCENE, MOVE = "A ship lies at berth 2 of Belmora.", "Write it down and call a second officer"


def _prepared(changes: dict[str, str]) -> ReadyCourse:
    """Return the course with these texts replaced in the source language."""
    files = files_on_disk(FOLDER)
    for name in ("test.en.md", "scenario.en.md"):
        path = f"{sites.RESTRICTED}/{name}"
        for old, new in changes.items():
            files[path] = files[path].replace(old.encode(), new.encode())
    library, _problems = read_folder(files)
    return prepare(library.courses[sites.RESTRICTED], library.references, files)


def _with_pictures(*texts: str) -> ReadyCourse:
    return _prepared({text: f"{text} {PICTURE}" for text in texts})


def _image(ready: ReadyCourse) -> str:
    digest = next(medium.digest for medium in ready.media if medium.name == "quay.png")
    return f'<img alt="A quay" loading="lazy" src="/media/{digest}">'


@pytest.mark.parametrize("text", [STEM, OPTION, REASON])
def test_picture_of_a_question_is_shown(context: Flask, text: str) -> None:
    ready = _with_pictures(text)
    texts = next(item.texts for item in ready.items if item.language == "en")
    shown = {STEM: texts.stem, OPTION: texts.answers[0], REASON: texts.feedback[0]}
    assert {part for part, html in shown.items() if _image(ready) in html} == {text}


@pytest.mark.parametrize("text", [SCENE, MOVE])
def test_picture_of_a_case_is_shown(context: Flask, text: str) -> None:
    ready = _with_pictures(text)
    texts = next(case.texts for case in ready.cases if case.language == "en")
    shown = {SCENE: texts.scene, MOVE: texts.moves["d1"][0].text}
    assert {part for part, html in shown.items() if _image(ready) in html} == {text}


def test_unknown_picture_of_a_question_is_its_description(context: Flask) -> None:
    ready = _prepared({STEM: f"{STEM} ![A quay](media/none.png) ![Outside](https://example.org/a.png)"})
    stem = next(item.texts.stem for item in ready.items if item.language == "en")
    assert "<img" not in stem
    assert "A quay" in stem


def test_pictures_of_questions_and_cases_leave_lessons_as_they_are(context: Flask) -> None:
    assert _with_pictures(STEM, OPTION, SCENE).lessons == _prepared({}).lessons


def test_learner_sees_the_pictures_of_a_test_and_a_case(app: Flask) -> None:
    with app.app_context():
        ready = _prepared(
            {"rule 3\n\n": f"rule 3\n\n{PICTURE} ", "rule 4\n\n": f"rule 4\n\n{PICTURE} ", SCENE: PICTURE}
        )
        sites.publish_course(ready)
        client = factories.sign_in(app, factories.person())
    course = f"/courses/{sites.RESTRICTED}"
    attempt = sites.post(app, client, f"{course}/test").headers["Location"].split("/")[2]
    assert _image(ready) in client.get(f"/attempts/{attempt}/1").text
    case = sites.post(app, client, f"{course}/cases/scenario").headers["Location"]
    assert _image(ready) in client.get(case).text
