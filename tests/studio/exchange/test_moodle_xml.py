import pytest

from app.catalogue.domain.items import (
    Choices,
    Criterion,
    ItemKind,
    ListEntry,
    Match,
    Number,
    NumberAnswer,
    Open,
    Option,
    Order,
    Pair,
    Short,
    ShortAnswer,
)
from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from app.studio.domain.import_content import read_content
from app.studio.domain.import_kinds import ImportKind
from tests.support.question_exchange import (
    import_options,
    messages,
    moodle_file,
    moodle_item,
    moodle_question,
    only_refused,
)


def answer(fraction, text, feedback="", more=""):
    return (
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>'
        f'<feedback format="html"><text><![CDATA[{feedback}]]></text></feedback>{more}</answer>'
    )


SINGLE = "<single>true</single>"
SEVERAL = "<single>false</single>"
CASES = [
    (
        "multichoice",
        SINGLE + answer(100, "<p>One</p>", "<p>Yes</p>") + answer(0, "Two") + answer(50, "Three"),
        ItemKind.SINGLE,
        Choices((Option("One", 1.0, "Yes"), Option("Two", 0.0), Option("Three", 0.5))),
    ),
    (
        "multichoice",
        SEVERAL + answer("33.33333", "a") + answer("33.33333", "b") + answer("33.33333", "c") + answer(-100, "d"),
        ItemKind.SEVERAL,
        Choices((Option("a", 1.0), Option("b", 1.0), Option("c", 1.0), Option("d", 0.0))),
    ),
    (
        "multichoice",
        SEVERAL + answer(75, "a") + answer(25, "b") + answer(-25, "c"),
        ItemKind.SEVERAL,
        Choices((Option("a", 0.75), Option("b", 0.25), Option("c", -0.25))),
    ),
    (
        "truefalse",
        answer(0, "true", "No") + answer(100, "false", "Yes"),
        ItemKind.TRUEFALSE,
        Choices((Option("True", 0.0, "No"), Option("False", 1.0, "Yes"))),
    ),
    (
        "matching",
        "".join(
            f"<subquestion format='html'><text><![CDATA[{left}]]></text>"
            f"<answer><text>{right}</text></answer></subquestion>"
            for left, right in (("<p>a <b>b</b></p>", "c*d*"), ("e", "f"), ("", "g"))
        ),
        ItemKind.MATCH,
        Match(("Item", "Match"), (Pair("a **b**", "c\\*d\\*"), Pair("e", "f"), Pair("", "g"))),
    ),
    (
        "ordering",
        answer("1.0000000", "<p>First</p>") + answer("2.0000000", "Second", "Then"),
        ItemKind.ORDER,
        Order((ListEntry("First"), ListEntry("Second", "Then"))),
    ),
    (
        "numerical",
        answer(100, "3,5", "", "<tolerance>0.1</tolerance>") + answer(50, "2e2", "Nearly", "<tolerance>0</tolerance>"),
        ItemKind.NUMBER,
        Number((NumberAnswer("3.5", "0.1"), NumberAnswer("200", "", 0.5, "Nearly"))),
    ),
    (
        "shortanswer",
        "<usecase>0</usecase>" + answer(100, "Ad*") + answer(50, "A\\*"),
        ItemKind.SHORT,
        Short((ShortAnswer("Ad*"), ShortAnswer("A\\*", 0.5))),
    ),
    (
        "essay",
        "<defaultgrade>6.0000000</defaultgrade>"
        "<graderinfo format='html'><text>Two &lt;b&gt;reasons&lt;/b&gt;.</text></graderinfo>",
        ItemKind.OPEN,
        Open(("Criterion", "Points", "What earns them"), (Criterion("Answer", 6.0, "Two **reasons**."),)),
    ),
]


@pytest.mark.parametrize(("kind", "body", "item_kind", "answers"), CASES)
def test_moodle_question_becomes_item(kind, body, item_kind, answers):
    imported = moodle_item(kind, body)
    assert (imported.item.kind, imported.item.answers) == (item_kind, answers)
    assert (imported.item.stem, imported.source_name, imported.line_or_number) == ("What?", "A name", 1)
    assert (imported.item.id, imported.item.competency, imported.item.form) == ("X1-Q01", "LRE-01", None)
    assert [note.severity for note in imported.notes if note.severity == "error"] == []


def test_shuffle_general_feedback_unit_and_hint_are_read():
    body = (
        "<generalfeedback><text>&lt;p&gt;Because.&lt;/p&gt;</text></generalfeedback><shuffleanswers>0</shuffleanswers>"
        "<hint><text>Think.</text></hint>"
    )
    item = moodle_item("multichoice", body + SINGLE + answer(100, "a") + answer(0, "b")).item
    assert (item.shuffle, item.general, item.hint) == (False, "Because.", "Think.")
    units = "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit></units>"
    assert moodle_item("numerical", answer(100, "1") + units).item.unit == "km"


def test_category_tags_and_idnumber_are_kept_as_tags():
    body = "<tags><tag><text>law</text></tag></tags><idnumber>7</idnumber>"
    category = '<question type="category"><category><text>$course$/top/Law</text></category></question>'
    question = moodle_question("truefalse", body + answer(100, "true") + answer(0, "false"))
    result = read_moodle_xml(moodle_file(category, question), import_options())
    assert result.items[0].item.tags == ("law",)
    assert result.items[0].tags == ("idnumber=7", "category=$course$/top/Law")
    assert result.items[0].line_or_number == 1


@pytest.mark.parametrize(
    ("text_format", "source", "stem"),
    [
        ("html", "<p>a <i>b</i></p>", "a *b*"),
        ("markdown", "a *b*", "a *b*"),
        ("plain_text", "a *b* <i>\nc", "a \\*b\\* <i>  \nc"),
        ("moodle_auto_format", "a *b*\nc", "a \\*b\\*  \nc"),
        ("moodle_auto_format", "a <i>b</i>\nc", "a *b*  \nc"),
    ],
)
def test_text_formats_are_read(text_format, source, stem):
    imported = moodle_item("shortanswer", answer(100, "a"), stem=source, text_format=text_format)
    assert imported.item.stem == stem


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        (
            "shortanswer",
            "<usecase>1</usecase>",
            "Moodle compares capital and small letters in this question, the academy does not.",
        ),
        (
            "shortanswer",
            "<defaultgrade>2.0</defaultgrade>",
            "These settings of Moodle were left out: defaultgrade (2).",
        ),
        (
            "shortanswer",
            "<penalty>0.5000000</penalty><hidden>1</hidden>",
            "These settings of Moodle were left out: hidden, penalty (0.5).",
        ),
        (
            "shortanswer",
            "<correctfeedback><text>Well done</text></correctfeedback>",
            "The feedback for right, partly right and wrong answers as a whole was left out.",
        ),
        ("shortanswer", "<hint><text>a</text></hint><hint><text>b</text></hint>", "The hints were joined to one."),
        ("shortanswer", "<hint><text>a</text><clearwrong/></hint>", "The options of hints were left out."),
        ("shortanswer", answer(-50, "b"), "A deduction for a typed answer was left out."),
        ("shortanswer", "<plugin><data>x</data></plugin>", "These settings of Moodle were left out: plugin."),
    ],
)
def test_loss_is_noted(kind, body, message):
    assert message in messages(moodle_item(kind, body + answer(100, "a")))


@pytest.mark.parametrize(
    ("kind", "body", "message"),
    [
        ("numerical", answer(100, "1") + answer(0, "*", "no"), "The feedback for any other number was left out."),
        (
            "numerical",
            answer(100, "1")
            + "<units><unit><multiplier>1</multiplier><unit_name>km</unit_name></unit>"
            + "<unit><multiplier>1000</multiplier><unit_name>m</unit_name></unit></units>",
            "An item has one unit only. These units were left out: m.",
        ),
        ("essay", "", "The open question has one criterion with all points."),
        (
            "essay",
            "<responsetemplate><text>Dear</text></responsetemplate>",
            "These settings of Moodle were left out: responsetemplate.",
        ),
        (
            "multichoice",
            SEVERAL + answer(50, "a") + answer(50, "b") + answer(0, "c"),
            "Selecting a wrong option now costs points, as in all items with several right options.",
        ),
        ("multichoice", SINGLE + answer(100, "a") + answer("33.33333", "b"), "The mark of 33.3333% is 33% now."),
        (
            "matching",
            "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>" * 2
            + "<subquestion><text>c</text><answer><text></text></answer></subquestion>",
            "A row without an answer was left out.",
        ),
        (
            "multichoice",
            SINGLE + answer(100, "a") + answer(100, "b"),
            "The item does not have exactly one right option.",
        ),
    ],
)
def test_loss_of_a_type_is_noted(kind, body, message):
    assert message in messages(moodle_item(kind, body))


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("description", "", "A description has no answers."),
        ("calculated", answer(100, "{a}+{b}"), "Questions of the type %(kind)s are not supported."),
        ("ddmarker", "", "Questions of the type %(kind)s are not supported."),
        ("numerical", answer(100, "ten"), "%(text)s is not a number."),
        ("truefalse", answer(100, "yes"), "The question has no answer %(name)s."),
        ("multichoice", answer("much", "a"), "%(text)s is not a number."),
        ("shortanswer", "", "The course format cannot express the question. %(problem)s"),
    ],
)
def test_question_without_counterpart_is_refused(kind, body, reason):
    refused = only_refused(read_moodle_xml(moodle_file(moodle_question(kind, body)), import_options()))
    assert (refused.number, refused.name, refused.kind, refused.reason) == (1, "A name", kind, reason)
    assert refused.hint
    assert refused.reason % refused.values


def test_questions_are_refused_when_ids_run_out():
    options = import_options()
    options = type(options)(iter(["M01-Q09"]), options.competency)
    question = moodle_question("shortanswer", answer(100, "a"))
    result = read_moodle_xml(moodle_file(question, question), options)
    assert [item.item.id for item in result.items] == ["M01-Q09"]
    assert [refused.reason for refused in result.refusals] == ["The course has no more ids for items."]


def test_html_that_is_not_marked_as_text_is_noted():
    question = '<question type="shortanswer"><questiontext format="html"><text>a <b>b</b></text></questiontext>'
    result = read_moodle_xml(moodle_file(question + answer(100, "a") + "</question>"), import_options())
    assert result.items[0].item.stem == "a b"
    assert messages(result.items[0]) == [
        "The text has HTML elements that are not marked as text, so they were left out."
    ]


def test_tags_are_kept_and_categories_are_noted_once_for_a_file():
    body = "<tags><tag><text>law</text></tag></tags>" + answer(100, "true") + answer(0, "false")
    category = '<question type="category"><category><text>top/Law</text></category></question>'
    file = moodle_file(category, *[moodle_question("truefalse", body)] * 2)
    content = read_content(file, ImportKind.MOODLE_XML, "a.xml", import_options())
    assert [question.item.tags for question in content.questions] == [("law",)] * 2
    (note,) = content.notes
    assert str(note) == (
        "warning: Tags and categories that were left out: category=top/Law. "
        "Choose a competency for the questions instead."
    )
