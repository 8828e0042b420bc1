import html
import re

import pytest
from hypothesis import given, settings, strategies as st

from app.markup.texts import writer
from app.studio.domain.exchange.html_text import html_to_markdown, plain_of_html
from app.studio.domain.exchange.plain_text import cleaned, plain_block, plain_line
from app.studio.domain.exchange.shapes import NoteList
from tests.support.examples import examples


def convert(text, *, inline=False, picture_name=lambda _: ""):
    notes = NoteList()
    converted = html_to_markdown(text, notes, picture_name, inline=inline)
    return converted, [note.message % note.values for note in notes.notes]


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>", "One  \nTwo"),
        ("a <b>bold</b> and <em>soft </em>word", "a **bold** and *soft* word"),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n\n    1. c"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td></tr></table>", "| a | b |\n| --- | --- |\n| 1\\|2 |  |"),
        ('<a href="https://example.org/a_b">link</a>', "[link](https://example.org/a%5Fb)"),
        ("H<sub>2</sub>O, m<sup>2</sup>", "H₂O, m²"),
        ("<code>a*b</code> and <code>`</code>", "`a*b` and `` ` ``"),
        ("<pre>x = 1\n  y</pre>", "```\nx = 1\n  y\n```"),
        ("<h1>Title</h1><h4>Small</h4>", "### Title\n\n#### Small"),
        ("Tom &amp; Jerry &lt;b&gt; &nbsp;x", "Tom & Jerry <b> \u00a0x"),
        ("a &lt; b > c <3", "a < b > c <3"),
        ("<div><p>in</p> between <p>out</p></div>", "in\n\nbetween\n\nout"),
        ("one<hr>two", "one\n\n***\n\ntwo"),
        ("before<!-- hidden -->after", "beforeafter"),
        ("# no heading", "\\# no heading"),
        ("<p>- no list</p><p>1. no list</p>", "\\- no list\n\n1\\. no list"),
        ("snake_case *star* _line_ [x](y)", "snake_case \\*star\\* \\_line\\_ \\[x](y)"),
        ("3 * 4 = 12", "3 * 4 = 12"),
        ("<p>---</p><p>=====</p>", "\\---\n\n&#61;===="),
    ],
)
def test_html_becomes_markdown(source, markdown):
    assert convert(source) == (markdown, [])


@pytest.mark.parametrize(
    ("source", "markdown", "message"),
    [
        ("a<script>alert(1)</script>b", "ab", "Scripts and styles were removed."),
        ("<style>p {}</style>b", "b", "Scripts and styles were removed."),
        ("<u>a</u>", "a", "The formatting of these HTML elements was left out: u."),
        ("x<sup>a b</sup>", "x^(a b)", "Raised or lowered text is written as ^(text) or _(text)."),
        ('<a href="javascript:alert(1)">a</a>', "a", "A link was left out: javascript:alert(1)."),
        (
            '<img src="http://example.org/a.png" alt="A map">',
            "A map",
            "A picture was left out: http://example.org/a.png.",
        ),
        ("<iframe>a</iframe>", "a", "Embedded media were left out: iframe."),
        ("\\(x^2\\)", "\\\\(x^2\\\\)", "A formula is shown as its source text."),
        (
            '<table><tr><td colspan="2">a</td></tr></table>',
            "| a |\n| --- |",
            "A table has joined cells, which are single cells now.",
        ),
        ("<b>" * 60 + "a", "**a**", "The HTML was nested too deep, so some formatting was left out."),
    ],
)
def test_html_without_counterpart_is_noted(source, markdown, message):
    converted, messages = convert(source)
    assert message in messages
    assert converted == markdown


def test_picture_of_the_file_becomes_a_picture_of_the_course():
    converted, messages = convert('<img src="x" alt="A [map]">', picture_name=lambda _: "map.png")
    assert (converted, messages) == ("![A (map)](media/map.png)", [])


def test_picture_without_description_is_noted():
    _, messages = convert('<img src="x">', picture_name=lambda _: "map.png")
    assert messages == ["The picture map.png has no description."]


def test_inline_conversion_returns_one_line():
    assert convert("<p>a</p><p>b<br>c</p>", inline=True)[0] == "a b c"


def test_plain_of_html_drops_tags_and_decodes_entities():
    assert plain_of_html("<p>a &amp; <b>b</b></p>\n c") == "a & b c"


PIECES = [
    *"aZ9 .,:;()[]{}|<>*_=-+~#\\/!&\"'`^@",
    *("\n", "\n\n", "  ", "    ", "الجواب", "&lt;", "&#42;", "1. ", "- ", "```", "~~~", "***", "___", "---", "==="),
    *("[a](b)", "[^1]", "[[term]]", "[@source]", "<b>", "<http://a.b>", "a@b.c", "/// note", ": ", "| a |", "|---|"),
    *("# ", "> ", "**a**", "_a_", "__", "http://example.org", "<!-- a -->", "!["),
]
plain_texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def shown(markdown):
    """Return the text that a page shows, with white space collapsed."""
    rendered = writer(inline=False, labels=None, media={})(markdown)
    assert not re.search(r"<(?!/?p>|br>|br />)", rendered), rendered
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", rendered)).split())


@settings(max_examples=examples(100), deadline=None)
@given(plain_texts)
def test_plain_text_is_shown_as_it_is(text):
    assert shown(plain_block(text)) == " ".join(text.split())


@settings(max_examples=examples(60), deadline=None)
@given(plain_texts)
def test_plain_line_is_shown_as_it_is(text):
    assert shown(plain_line(text)) == " ".join(text.split())


@settings(max_examples=examples(60), deadline=None)
@given(plain_texts)
def test_escaped_html_is_shown_as_it_is(text):
    assert shown(convert(html.escape(text))[0]) == " ".join(text.split())


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.sampled_from([*"<>/&;='\"!-ab ", "<p>", "</p>", "<ul>", "<li>", "<td>", "<tr>", "<table>"])).map(
        "".join
    )
)
def test_any_html_is_converted_without_its_tags(text):
    markdown, _notes = convert(text)
    assert re.search(r"(?<!\\)</?(?:p|ul|li|td|tr|table)>", markdown) is None


def test_cleaned_removes_control_and_private_characters():
    assert cleaned("a\0b\x1bc\ue200d\ufeff\r\ne\u0301") == "abcd\né"
