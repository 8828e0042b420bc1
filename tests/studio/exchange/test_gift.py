import pytest

from app.catalogue.domain.items import (
    Choices,
    Gap,
    Gaps,
    ItemKind,
    Match,
    Number,
    NumberAnswer,
    Open,
    Option,
    Pair,
    Short,
    ShortAnswer,
)
from app.studio.domain.exchange.gift import read_gift
from app.studio.domain.exchange.shapes import NoteSeverity
from tests.support.question_exchange import gift_item, import_options, messages, only_refused

CASES = [
    (
        "What is the capital?{=Arna#Yes ~Belmora#No: a port ~%50%Arna-on-Sea}",
        ItemKind.SINGLE,
        Choices((Option("Arna", 1.0, "Yes"), Option("Belmora", 0.0, "No: a port"), Option("Arna-on-Sea", 0.5))),
    ),
    (
        "Which two?{\n~%50%One\n~%50%Two\n~%-100%Three\n}",
        ItemKind.SEVERAL,
        Choices((Option("One", 1.0), Option("Two", 1.0), Option("Three", 0.0))),
    ),
    (
        "Which?{~%75%One ~%25%Two ~%-50%Three ~%-50%Four}",
        ItemKind.SEVERAL,
        Choices((Option("One", 0.75), Option("Two", 0.25), Option("Three", 0.0), Option("Four", 0.0))),
    ),
    (
        "Water boils.{T#That is wrong#That is right}",
        ItemKind.TRUEFALSE,
        Choices((Option("True", 1.0, "That is right"), Option("False", 0.0, "That is wrong"))),
    ),
    (
        "Ice is hot.{false#It is wrong}",
        ItemKind.TRUEFALSE,
        Choices((Option("True", 0.0, "It is wrong"), Option("False", 1.0))),
    ),
    (
        "Who?{=Ada =%50%Ad* #Nearly}",
        ItemKind.SHORT,
        Short((ShortAnswer("Ada"), ShortAnswer("Ad*", 0.5, "Nearly"))),
    ),
    ("Who?{Ada}", ItemKind.SHORT, Short((ShortAnswer("Ada"),))),
    ("How many?{#3.14:0.1}", ItemKind.NUMBER, Number((NumberAnswer("3.14", "0.1"),))),
    ("How many?{#1..5}", ItemKind.NUMBER, Number((NumberAnswer("3", "2"),))),
    ("How many?{#-1.5..2}", ItemKind.NUMBER, Number((NumberAnswer("0.25", "1.75"),))),
    (
        "When?{#\n=1822:0#Right\n=%50%1822:2#Nearly\n}",
        ItemKind.NUMBER,
        Number((NumberAnswer("1822", "", 1.0, "Right"), NumberAnswer("1822", "2", 0.5, "Nearly"))),
    ),
    (
        "Match.{=cat -> meows =dog -> barks = -> sings}",
        ItemKind.MATCH,
        Match(("Item", "Match"), (Pair("cat", "meows"), Pair("dog", "barks"), Pair("", "sings"))),
    ),
]


@pytest.mark.parametrize(("text", "kind", "answers"), CASES)
def test_gift_question_becomes_item(text, kind, answers):
    imported = gift_item(text)
    assert (imported.item.kind, imported.item.answers) == (kind, answers)
    assert imported.item.stem == text.split("{")[0]
    assert (imported.item.id, imported.item.competency, imported.item.form) == ("X1-Q01", "LRE-01", None)
    assert messages(imported) == []


@pytest.mark.parametrize(
    ("text", "parts", "gap"),
    [
        ("The {=sun} shines.", ("The ", " shines."), Gap("typed", ("sun",))),
        ("The {=sun =moon} shines.", ("The ", " shines."), Gap("typed", ("sun", "moon"))),
        ("The {~moon =sun} shines.", ("The ", " shines."), Gap("chosen", ("sun",), ("moon", "sun"))),
        ("Not a \\{\\=gap\\}, {=one} is.", ("Not a \\{=gap}, ", " is."), Gap("typed", ("one",))),
    ],
)
def test_missing_word_becomes_a_gap(text, parts, gap):
    item = gift_item(text).item
    assert item.kind is ItemKind.GAPS
    assert item.answers == Gaps(parts, (gap,))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The {~moon#no =sun#yes} shines.", ItemKind.SINGLE),
        ("The {=su*} shines.", ItemKind.SHORT),
        ("It is {#5} metres.", ItemKind.NUMBER),
        ("This {T} is so.", ItemKind.TRUEFALSE),
    ],
)
def test_missing_word_with_more_than_a_gap_shows_a_blank(text, kind):
    item = gift_item(text).item
    assert item.kind is kind
    assert "\\_\\_\\_\\_\\_" in item.stem


def test_essay_becomes_open_with_a_criterion_to_complete():
    imported = gift_item("Say why. {}")
    assert isinstance(imported.item.answers, Open)
    assert [row.points for row in imported.item.answers.criteria] == [1.0]
    assert messages(imported) == ["The file has no criteria for this open question."]


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("::T::[html]<p>a <b>b</b></p>{T}", "a **b**"),
        ("::T::[markdown]a **b**{T}", "a **b**"),
        ("::T::[plain]a **b** <i>{T}", "a \\*\\*b\\*\\* <i>"),
        ("::T::[moodle]a <b>b</b>\\nc{T}", "a **b**  \nc"),
        ("a\\nb{T}", "a  \nb"),
        ("1 \\= 1 \\: \\# \\~ \\\\ \\{x\\}{T}", "1 = 1 : # ~ \\ {x}"),
        ("two\nlines{T}", "two  \nlines"),
    ],
)
def test_formats_and_escapes_are_read(text, stem):
    assert gift_item(text).item.stem == stem


def test_title_category_tags_and_comments_are_read():
    text = "// a comment\n$CATEGORY: $course$/Law\n\n// [id:7] [tag:law] [tag:a\\]b]\n::The title::Yes?{T}\n// end\n"
    imported = gift_item(text)
    assert imported.source_name == "The title"
    assert imported.line_or_number == 4
    assert imported.item.tags == ("law",)
    assert imported.tags == ("idnumber=7", "a]b", "category=$course$/Law")


def test_general_feedback_is_read():
    item = gift_item("Yes?{TRUE####Because.}").item
    assert item.general == "Because."


def test_answers_with_formats_are_read():
    item = gift_item("Which?{=[html]<b>a</b> ~[plain]*b*}").item
    assert [option.text for option in item.answers.options] == ["**a**", "\\*b\\*"]


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("Only a text.", "description", "The text has no answers."),
        ("A {=open question", "gift", "The brace before the answers is not closed."),
        ("Two {=a} and {=b}.", "gift", "The question has more than one pair of braces."),
        ("A {junk =a ~b}", "gift", 'The text "%(text)s" is before the first answer.'),
        ("A {#ten}", "numerical", "%(text)s is not a number."),
        ("A {#1e99}", "numerical", "The number %(text)s has too many digits."),
        ("A {=a -> b =c}", "matching", "A row has no arrow ->."),
    ],
)
def test_question_without_counterpart_is_refused(text, kind, reason):
    refused = only_refused(read_gift(text.encode(), import_options()))
    assert (refused.number, refused.kind, refused.reason) == (1, kind, reason)
    assert refused.hint
    assert refused.reason % refused.values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a{~%33.5%b =c}", "The mark of 33.5% is 34% now."),
        (
            "a{~%50%b ~%50%c ~d}",
            "Selecting a wrong option now costs points, as in all items with several right options.",
        ),
        ("a{=b -> c#no =d -> e}", "Feedback and marks of rows were left out."),
        ("a{#=1#yes ~#no}", "The feedback for any other number was left out."),
        ("a{=b =%-50%c}", "A deduction for a typed answer was left out."),
        ('[html]<img src="a.png">{T}', "A picture was left out: a.png."),
        ("[markdown]a <b>b</b>{T}", "HTML in a Markdown text is shown as text."),
        ("[markdown]![a](b.png){T}", "A picture in a Markdown text was not imported."),
        ("[markdown]a\\n\\n## Title{T}", "A heading or a divider in the text was changed."),
    ],
)
def test_loss_is_noted(text, message):
    assert message in messages(gift_item(text))


def test_item_with_an_error_is_imported_with_the_error():
    imported = gift_item("Which?{=a =b ~c}")
    assert [note.severity for note in imported.notes] == [NoteSeverity.ERROR]
    assert messages(imported) == ["The item does not have exactly one right option."]


def test_questions_are_separated_by_empty_lines():
    result = read_gift(b"One?{T}\n\n \n\nTwo?{F}\n\nThree.\n", import_options())
    assert [(item.line_or_number, item.item.id) for item in result.items] == [(1, "X1-Q01"), (5, "X2-Q01")]
    assert [refused.number for refused in result.refusals] == [7]


def test_file_with_byte_order_mark_and_crlf_is_read():
    assert gift_item("\ufeffOne\r\nline?{T}\r\n").item.stem == "One  \nline?"


def test_utf_16_file_is_read():
    result = read_gift("One?{T}".encode("utf-16"), import_options())
    assert result.items[0].item.stem == "One?"


@pytest.mark.parametrize(
    "stem", ["kind: x{T}", "[markdown]kind: x{T}", "[markdown]a\\n\\n---\\n\\nb{T}", "[plain]/// note{T}"]
)
def test_text_that_looks_like_course_format_stays_text(stem):
    imported = gift_item(stem)
    assert [note for note in imported.notes if note.severity is NoteSeverity.ERROR] == []
