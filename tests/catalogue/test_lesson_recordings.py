from pathlib import Path

from flask import Flask

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.service.preparation import prepare
from tests.support import recordings

FILES = Path(__file__).parent / "courses"
COURSE = "harbour-watch"
CAPTIONS = b"WEBVTT\n\n00:01.000 --> 00:02.000\nWho is there?\n"
ENTRY = b'\n[[file]]\nname = "%s"\nlicence = "CC-BY-4.0"\nauthor = "A"\n'


def test_lesson_shows_a_video_with_the_captions_of_its_language(app: Flask) -> None:
    files = {path: raw.replace(b"quay.png", b"quay.mp4") for path, raw in files_on_disk(FILES).items()}
    del files[f"{COURSE}/media/quay.png"]
    files |= {
        f"{COURSE}/media/quay.mp4": recordings.of_type("mp4", seconds=65),
        f"{COURSE}/media/quay.vtt": CAPTIONS,
        f"{COURSE}/media/quay.ar.vtt": CAPTIONS + b"\n",
    }
    files[f"{COURSE}/media.toml"] += ENTRY % b"quay.vtt" + ENTRY % b"quay.ar.vtt"
    library, problems = read_folder(files)
    assert not problems
    with app.app_context():
        ready = prepare(library.courses[COURSE], library.references, files)
    digests = {medium.name: medium.digest for medium in ready.media}
    shown = {
        lesson.language: "".join(part.html for part in lesson.rendered.parts)
        for lesson in ready.lessons
        if lesson.slug == "the-berth-list"
    }
    assert f'src="/media/{digests["quay.mp4"]}"' in shown["en"]
    assert f'src="/media/{digests["quay.vtt"]}" srclang="en"' in shown["en"]
    assert f'src="/media/{digests["quay.ar.vtt"]}" srclang="ar"' in shown["ar"]
    assert "(1:05, 0.1 MB)" in shown["en"]


def test_lesson_offers_the_smaller_variants_of_a_video(app: Flask) -> None:
    files = {path: raw.replace(b"quay.png", b"quay.mp4") for path, raw in files_on_disk(FILES).items()}
    del files[f"{COURSE}/media/quay.png"]
    files |= {
        f"{COURSE}/media/quay.mp4": recordings.of_type("mp4", seconds=65),
        f"{COURSE}/media/quay.360p.mp4": recordings.of_type("mp4", seconds=64),
        f"{COURSE}/media/quay.audio.mp3": recordings.of_type("mp3", seconds=63),
        f"{COURSE}/media/quay.vtt": CAPTIONS,
    }
    files[f"{COURSE}/media.toml"] += ENTRY % b"quay.vtt"
    library, problems = read_folder(files)
    assert not problems
    with app.app_context():
        ready = prepare(library.courses[COURSE], library.references, files)
    digests = {medium.name: medium.digest for medium in ready.media}
    [lesson] = [lesson for lesson in ready.lessons if (lesson.slug, lesson.language) == ("the-berth-list", "en")]
    html = "".join(part.html for part in lesson.rendered.parts)
    assert "Smaller video: 1:04, 0.1 MB" in html
    assert "Sound only: 1:03, 1.0 MB" in html
    assert f'src="/media/{digests["quay.360p.mp4"]}"' in html
    assert html.count(f'src="/media/{digests["quay.vtt"]}"') == 2
