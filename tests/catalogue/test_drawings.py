import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.drawings import PAINT, STYLE, read_drawing

TOKENS = Path(__file__).parents[2] / "app/static/css/tokens.css"
OPENING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120">'
TOLD = "<title>Steps</title><desc>Two steps, one after the other.</desc>"


def drawn(inside: str, opening: str = OPENING, told: str = TOLD) -> bytes:
    return f"{opening}{told}{inside}</svg>".encode()


def said(content: bytes) -> list[tuple[int, str]]:
    return [(one.line, str(one)) for one in read_drawing("c/media/steps.svg", content).problems]


def test_drawing_gets_its_size_and_the_colours_of_the_academy() -> None:
    drawing = read_drawing("steps.svg", drawn('<g class="n"><text x="10" y="20" class="t">A &lt; B</text></g>'))
    assert not drawing.problems
    assert drawing.height == 120
    assert drawing.content.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120" width="320" height="120">'
        f'<style>{STYLE}</style>{TOLD}<g class="n"><text x="10" y="20" class="t">A &lt; B</text></g></svg>'
    )


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<script>alert(1)</script>", 'cannot contain "script"'),
        ("<style>text{fill:red}</style>", 'cannot contain "style"'),
        ('<image href="https://example.org/x.png"/>', 'cannot contain "image"'),
        ("<foreignObject><p>x</p></foreignObject>", 'cannot contain "foreignObject"'),
        ("<use href='#a'/>", 'cannot contain "use"'),
        ("<a href='https://example.org'><text x='1' y='1'>x</text></a>", 'cannot contain "a"'),
        ('<rect x="1" y="1" width="9" height="9" onclick="alert(1)"/>', 'does not take "onclick"'),
        ('<rect x="1" y="1" width="9" height="9" style="fill:red"/>', 'does not take "style"'),
        ('<rect x="1" y="1" width="9" height="9" fill="url(#x)"/>', 'does not take "fill"'),
        ('<rect x="1" y="1" width="9" height="9" class="red"/>', 'no class "red"'),
        ('<rect x="1e9" y="1" width="9" height="9"/>', '"x" cannot be 1e9'),
        ('<text x="٣" y="1">x</text>', '"x" cannot be ٣'),
        ('<polyline points="1,1\u00a02,2"/>', '"points" cannot be'),
        ('<path d="M٣ 1"/>', '"d" cannot be'),
        ('<g transform="scale(٣)"/>', '"transform" cannot be'),
        ('<path d="M0 0 url(javascript:x)"/>', '"d" cannot be'),
        ('<g transform="matrix(1)"/>', '"transform" cannot be'),
        ("lost words", "There is text outside"),
        ("<?php echo 1 ?>", "instruction"),
        ("<g>", "not well-formed"),
        ("<g>" * 20 + "</g>" * 20, 'cannot contain "g" here'),
    ],
)
def test_forbidden_parts_of_a_drawing_are_problems(inside: str, message: str) -> None:
    assert any(message in one for _, one in said(drawn(inside)))


def test_no_entity_is_expanded() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + drawn('<text x="1" y="1">&b;</text>')
    drawing = read_drawing("steps.svg", bomb)
    assert [one.message for one in drawing.problems] == [
        'A drawing has no "<!DOCTYPE".',
        *[m.message for m in drawing.problems[1:]],
    ]
    assert b"aaa" not in drawing.content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (drawn("", told=""), "no title or no description"),
        (drawn("", told="<title> </title><desc>x</desc>"), "no title or no description"),
        (drawn("", opening=OPENING.replace("320 120", "640 120")), "wrong size"),
        (drawn("", opening=OPENING.replace("320 120", "320 900")), "wrong size"),
        (drawn("", opening=OPENING.replace("320 120", "320 ١٢٠")), "wrong size"),
        (drawn("", opening=OPENING.replace(">", ' onload="alert(1)">')), "first element of the drawing is wrong"),
        (b"<html></html>", "first element of the drawing is wrong"),
        (drawn("<g/>" * 20_000), "the limit is"),
        (b"\xff\xfe", "not well-formed"),
    ],
)
def test_a_drawing_of_another_form_is_refused(content: bytes, message: str) -> None:
    assert any(message in one for _, one in said(content))


def test_problem_has_its_line() -> None:
    assert [line for line, _ in said(drawn('\n\n<rect x="a" y="1" width="9" height="9"/>'))] == [3]


def test_the_colours_are_those_of_the_pages() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    for theme, block in zip(
        ("light", "dark"), re.split(r"@media \(prefers-color-scheme: dark\)", css, maxsplit=1), strict=True
    ):
        declared = dict(re.findall(r"--([\w-]+):\s*(#\w+);", block))
        assert {name: declared[name] for name in PAINT[theme]} == PAINT[theme]


@given(st.text(max_size=60))
def test_no_word_of_a_drawing_becomes_an_element(words: str) -> None:
    drawing = read_drawing("steps.svg", drawn(f'<text x="1" y="1"><![CDATA[{words}]]></text>'))
    assert drawing.problems or drawing.content.count(b"<") == 10
