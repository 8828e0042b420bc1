from pathlib import Path

from flask import Flask

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.drawings import STYLE_HASH
from app.catalogue.domain.folder import read_folder
from app.catalogue.service.preparation import ReadyCourse, prepare
from tests.support import factories, sites

HERE = Path(__file__).parent / "courses"
COURSE = "harbour-watch"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120"><title>Quay</title><desc>A quay.</desc>'
    '<text x="{x}" y="20">1</text></svg>'
)


def with_drawings() -> ReadyCourse:
    """Return the course with a drawing in place of its picture, and a mirrored one for Arabic."""
    files = {path: raw.replace(b"quay.png", b"quay.svg") for path, raw in files_on_disk(HERE).items()}
    del files[f"{COURSE}/media/quay.png"]
    files[f"{COURSE}/media/quay.svg"] = DRAWING.format(x=20).encode()
    files[f"{COURSE}/media/quay.ar.svg"] = DRAWING.format(x=300).encode()
    files[f"{COURSE}/media.toml"] += b'\n[[file]]\nname = "quay.ar.svg"\nlicence = "CC-BY-4.0"\nauthor = "A"\n'
    library, problems = read_folder(files)
    assert not problems
    return prepare(library.courses[COURSE], library.references, files)


def test_lesson_shows_the_drawing_of_its_language(app: Flask) -> None:
    with app.app_context():
        ready = with_drawings()
    digests = {medium.name: medium.digest for medium in ready.media}
    shown = {
        lesson.language: "".join(part.html for part in lesson.rendered.parts)
        for lesson in ready.lessons
        if lesson.slug == "the-berth-list"
    }
    assert digests["quay.svg"] != digests["quay.ar.svg"]
    assert f'height="180" loading="lazy" src="/media/{digests["quay.svg"]}" width="480"' in shown["en"]
    assert f'src="/media/{digests["quay.ar.svg"]}"' in shown["ar"]


def test_drawing_is_sent_as_an_attachment_without_scripts(app: Flask) -> None:
    with app.app_context():
        ready = with_drawings()
        sites.publish_course(ready)
        client = factories.sign_in(app, factories.person())
    digest = next(medium.digest for medium in ready.media if medium.name == "quay.svg")
    answer = client.get(f"/media/{digest}")
    assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"] == f"default-src 'none'; style-src '{STYLE_HASH}'; sandbox"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.text.startswith("<svg ")
    assert "<style>" in answer.text
