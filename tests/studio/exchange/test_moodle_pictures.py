import base64

import pytest

from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from tests.support.question_exchange import import_options, messages, moodle_file, only_item

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff" + bytes(20)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
ANSWER = '<answer fraction="100"><text>a</text></answer>'


def question(stem, *files, text_format="html"):
    elements = "".join(f'<file name="{name}" path="/" encoding="base64">{content}</file>' for name, content in files)
    return (
        f'<question type="shortanswer"><questiontext format="{text_format}"><text><![CDATA[{stem}]]></text>{elements}'
        f"</questiontext>{ANSWER}</question>"
    )


def encoded(content):
    return base64.b64encode(content).decode()


def imported(stem, *files, text_format="html"):
    return only_item(read_moodle_xml(moodle_file(question(stem, *files, text_format=text_format)), import_options()))


@pytest.mark.parametrize(
    ("name", "content", "picture_name", "kind"),
    [
        ("map.png", PNG, "map.png", "png"),
        ("My Map (1).PNG", PNG, "my-map-1.png", "png"),
        ("photo.jpeg", JPEG, "photo.jpeg", "jpg"),
        ("photo.png", JPEG, "photo.jpg", "jpg"),
        ("../../etc/passwd", SVG, "picture.svg", "svg"),
        ("خريطة.svg", SVG, "picture.svg", "svg"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", "webp"),
    ],
)
def test_picture_is_imported_with_a_safe_name(name, content, picture_name, kind):
    address = name.replace(" ", "%20")
    item = imported(f'<img src="@@PLUGINFILE@@/{address}" alt="A map">', (name, encoded(content)))
    assert item.item.stem == f"![A map](media/{picture_name})"
    assert [(picture.name, picture.kind, picture.content) for picture in item.pictures] == [
        (picture_name, kind, content)
    ]
    assert messages(item) == []


def test_picture_of_a_markdown_text_is_imported():
    item = imported("![A map](@@PLUGINFILE@@/map.png)", ("map.png", encoded(PNG)), text_format="markdown")
    assert item.item.stem == "![A map](media/map.png)"


def test_data_address_is_imported():
    item = imported(f'<img alt="A map" src="data:image/png;base64,{encoded(PNG)}">')
    assert item.item.stem == "![A map](media/picture.png)"


def test_pictures_of_one_name_and_other_content_get_other_names():
    first = question('<img src="@@PLUGINFILE@@/a.png" alt="x">', ("a.png", encoded(PNG)))
    second = question('<img src="@@PLUGINFILE@@/a.png" alt="x">', ("a.png", encoded(PNG + b"2")))
    result = read_moodle_xml(moodle_file(first, second, first), import_options())
    assert [item.pictures[0].name for item in result.items] == ["a.png", "a-2.png", "a.png"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("not base64!", "The picture a.png is damaged, so it was left out."),
        ("QQ=", "The picture a.png is damaged, so it was left out."),
        ("", "The picture a.png is damaged, so it was left out."),
        (encoded(b"GIF89a"), "The file a.png is not a PNG, JPEG, WebP or SVG picture, so it was left out."),
    ],
)
def test_picture_that_cannot_be_used_is_an_error(content, message):
    item = imported('<img src="@@PLUGINFILE@@/a.png" alt="A map">', ("a.png", content))
    assert item.item.stem == "A map"
    assert message in messages(item)
    assert item.pictures == ()


@pytest.mark.parametrize("address", ["@@PLUGINFILE@@/b.png", "http://example.org/a.png", "a.png", "file:///etc/passwd"])
def test_picture_that_the_file_does_not_have_is_noted(address):
    item = imported(f'x <img src="{address}" alt="A map">', ("a.png", encoded(PNG)))
    assert item.item.stem == "x A map"
    assert messages(item) == [f"A picture was left out: {address}.", "A file that no text shows was left out."]
