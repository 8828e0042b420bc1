import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.media import Medium, check_media, hash_of, read_media, write_media
from app.catalogue.domain.text import TextFile, normalise

TEXT = '# Drawn by us\n\n[[file]]\nname = "quay.png"    # the quay\nlicence = "CC-BY-4.0"\nauthor = "COLEP Academy"\n'
QUAY = Medium("quay.png", "CC-BY-4.0", "COLEP Academy")


def test_media_are_read_and_written_the_same() -> None:
    assert read_media(TextFile("media.toml", TEXT)) == ((QUAY,), [])
    assert write_media((QUAY,), TEXT) == TEXT


def test_a_new_medium_keeps_the_comments() -> None:
    written = write_media((QUAY, Medium("talk.mp3", "CC0-1.0", source="own recording")), TEXT)
    assert "# Drawn by us" in written
    assert "# the quay" in written
    assert read_media(TextFile("media.toml", written))[0][1].name == "talk.mp3"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[[file]]\nname = "a.png"\nlicence = "CC0-1.0"\n', 1, "neither author nor source"),
        ('[[file]]\nname = "a.png"\nauthor = "A"\n', 1, '"licence" is missing'),
        ('[[file]]\nname = "../a.png"\nlicence = "x"\n', 2, '"name" cannot be used'),
        ('[[file]]\nname = "a.png"\nlicense = "x"\n', 3, '"license" is not known'),
        (TEXT + TEXT, 9, "is here twice"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, message: str) -> None:
    _, problems = read_media(TextFile("media.toml", text))
    assert any(one.line == line and message in one.message % one.values for one in problems), problems


def test_the_type_is_taken_from_the_content() -> None:
    said = check_media("c", (QUAY,), {"quay.png": b"<svg onload=x>"})
    assert [one.message % one.values for one in said] == ["The content is not of the type png."]


def test_video_without_captions_is_a_problem() -> None:
    film = Medium("film.webm", "CC0-1.0", "COLEP Academy")
    captions = Medium("film.vtt", "CC0-1.0", "COLEP Academy")
    contents = {"film.webm": b"\x1a\x45\xdf\xa3"}
    problems = check_media("c", (film,), contents)
    assert [problem.message for problem in problems] == ["The video has no captions."]
    assert check_media("c", (film, captions), {**contents, "film.vtt": b"WEBVTT"}) == []


def test_a_medium_is_addressed_by_its_content() -> None:
    assert hash_of(b"a") != hash_of(b"b")
    assert len(hash_of(b"a")) == 64


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8).map(normalise)
WORDS = LINES.filter(lambda text: bool(text.strip()) and "\n" not in text)
MEDIA = st.lists(
    st.builds(Medium, st.from_regex(r"\A[a-z]{1,4}\.png\Z"), WORDS, WORDS, st.just("") | WORDS),
    max_size=3,
    unique_by=lambda medium: medium.name,
).map(tuple)


@settings(max_examples=25, deadline=None)
@given(MEDIA)
def test_media_written_are_read_the_same(media: tuple[Medium, ...]) -> None:
    for original in (None, TEXT):
        written = write_media(media, original)
        assert read_media(TextFile("media.toml", written)) == (media, [])
        assert write_media(media, written) == written
