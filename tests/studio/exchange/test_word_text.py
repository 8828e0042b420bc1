import html
import re

import pytest
from hypothesis import example, given, settings, strategies as st

from app.catalogue.domain.lesson_reader import read_lesson
from app.catalogue.domain.text import TextFile
from app.markup.texts import writer
from app.studio.domain.exchange.word_html import Element
from app.studio.domain.exchange.word_spans import LessonParts, write_line
from app.studio.domain.exchange.word_text import escape, escape_heading, escape_line, plain, raised
from tests.support.examples import examples

_render = writer(inline=False, labels=None, media={})
_SIGNS = st.text(alphabet=st.sampled_from("ab1 \\`*_{}[]()#+-.!<>|/~=:;&@^%$'\"é\n"), max_size=30)
_TEXTS = st.one_of(_SIGNS, st.text(max_size=40))


def _rendered_text(markdown: str) -> str:
    text = _render(markdown)
    assert re.fullmatch(r"<p( dir=\"\w+\")?>[^<]*</p>", text), (markdown, text)
    return html.unescape(re.sub(r"</?p[^>]*>", "", text))


@given(_TEXTS)
@example("[@source, art. 3]")
@example("[[term]]")
@example("[text](address)")
@example("![text](address)")
@example("/// note")
@example("# title")
@example("1. entry")
@example("- entry")
@example("* entry")
@example(": definition")
@example("[^1]: note")
@example("[a]: https://example.org")
@example("~~~")
@example("```")
@example("---")
@example("===")
@example("| a | b |")
@example("<script>alert(1)</script>")
@example("<https://example.org>")
@example("<1@1>")
@example("&lt;b&gt;")
@example("a\\")
@settings(max_examples=examples(150), deadline=None)
def test_plain_text_stays_plain_text(text: str) -> None:
    expected = plain(text).strip(" ")
    markdown = escape_line(escape(expected))
    if expected.strip():
        assert _rendered_text(markdown).strip() == expected.strip()


@given(_TEXTS)
@settings(max_examples=examples(100), deadline=None)
def test_escaped_text_is_no_reference_for_the_checker(text: str) -> None:
    source = TextFile("a.md", f"# Title\n\n{escape_line(escape(plain(text)))}\n")
    lesson, problems = read_lesson(source)
    assert problems == []
    assert lesson.title == "Title"


@given(st.lists(st.tuples(_SIGNS, st.sets(st.sampled_from(["strong", "em"]))), min_size=1, max_size=5))
@example([("a", {"strong"}), ("b", {"em"}), ("c", set())])
@example([("a", set()), ("b", {"em"}), ("c", set())])
@example([("a ", {"strong"}), (" b", {"em"})])
@example([("Note:", {"strong"}), ("b", {"strong", "em"})])
@settings(max_examples=examples(150), deadline=None)
def test_formatted_text_shows_the_same_text(pieces: list[tuple[str, set[str]]]) -> None:
    nodes: list[Element | str] = []
    for text, tags in pieces:
        node: Element | str = text
        for tag in sorted(tags):
            node = Element(tag, children=[node])
        nodes.append(node)
    markdown = write_line(nodes, LessonParts("../media/"))
    expected = re.sub(" +", " ", "".join(plain(text) for text, _ in pieces)).strip(" ")
    text = html.unescape(re.sub(r"</?(p|strong|em)( [^>]*)?>", "", _render(markdown))) if markdown else ""
    assert text.strip() == expected.strip()


@pytest.mark.parametrize(
    ("nodes", "markdown"),
    [
        ([Element("strong", children=["bold "]), "text"], "**bold** text"),
        ([Element("em", children=["a"]), " b"], "_a_ b"),
        (["un", Element("em", children=["believ"]), "able"], "un*believ*able"),
        ([Element("strong", children=["a ", Element("em", children=["b"])])], "**a _b_**"),
        ([Element("strong", children=["a"]), " ", Element("strong", children=["b"])], "**a b**"),
        (["a", Element("br"), "# b"], "a  \n\\# b"),
        ([Element("a", {"href": "https://example.org/a b"}, ["x"])], "[x](https://example.org/a%20b)"),
        ([Element("a", {"href": "https://example.org/(a)"}, ["x"])], "[x](https://example.org/%28a%29)"),
        ([Element("a", {"href": "mailto:office@example.org"}, ["x"])], "[x](mailto:office@example.org)"),
        (["See!", Element("a", {"href": "https://example.org"}, ["x"])], "See\\![x](https://example.org)"),
        ([Element("a", {"href": "https://example.org"}, ["x"]), "(y)"], "[x](https://example.org)(y)"),
        (["m", Element("sup", children=["2"])], "m²"),
        (["H", Element("sub", children=["2"]), "O"], "H₂O"),
    ],
)
def test_inline_elements_become_markdown(nodes: list[Element | str], markdown: str) -> None:
    assert write_line(nodes, LessonParts("../media/")) == markdown


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,a", "//example.org", ""]
)
def test_link_with_another_scheme_becomes_text(address: str) -> None:
    parts = LessonParts("../media/")
    assert write_line([Element("a", {"href": address}, ["x"])], parts) == "x"
    assert parts.lost["links"] == bool(address)


def test_number_sign_at_the_end_of_a_heading_is_text() -> None:
    assert "C#</h2>" in _render("## " + escape_heading(escape("C#")))


def test_raised_letters_without_a_sign_of_their_own_are_not_replaced() -> None:
    assert raised("sup", "2") == "²"
    assert raised("sup", "th") is None
