import pytest
from hypothesis import given, settings, strategies as st

from app.studio.domain.exchange.aiken import read_aiken
from app.studio.domain.exchange.gift import read_gift
from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from app.studio.domain.exchange.shapes import MAX_FILE_BYTES, MAX_QUESTIONS, NoteSeverity
from tests.support.cpu_time import spent
from tests.support.examples import examples
from tests.support.question_exchange import import_options, moodle_file, moodle_question

ANSWER = '<answer fraction="100"><text>a</text></answer>'


def file_error(result):
    """Return the message of the only note of a file that was not read."""
    assert (result.items, result.refusals) == ((), ())
    (note,) = result.notes
    assert note.severity is NoteSeverity.ERROR
    assert note.hint
    return note.message % note.values


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b'<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>',
            "The file has a DOCTYPE or entities, which are not allowed.",
        ),
        (
            b'<!DOCTYPE q SYSTEM "http://example.org/q.dtd"><quiz/>',
            "The file has a DOCTYPE or entities, which are not allowed.",
        ),
        (
            b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
            "The file has a DOCTYPE or entities, which are not allowed.",
        ),
        (b"<!DOCTYPE quiz><quiz/>", "The file has a DOCTYPE or entities, which are not allowed."),
        (b"<a>" * 10_000, "The file is nested too deep or has too many elements."),
        (b"<quiz>" + b"<a/>" * 400_000 + b"</quiz>", "The file is nested too deep or has too many elements."),
        (b"<quiz><question></quiz>", "The file is not valid XML, line 1."),
        (b"<quiz>\n&nbsp;</quiz>", "The file is not valid XML, line 2."),
        (b"<quiz>\0</quiz>", "The file is not valid XML, line 1."),
        (b"<quiz>\xff</quiz>", "The file is not valid XML, line 1."),
        (b'<?xml version="1.0" encoding="x-unknown"?><quiz/>', "The encoding of the file is not supported."),
        (b"", "The file is not valid XML, line 1."),
        (b"no xml", "The file is not valid XML, line 1."),
        (b"<html/>", "The file is XML, but not of Moodle questions."),
        (b"<quiz/>", "The file has no questions."),
        (b" " * (MAX_FILE_BYTES + 1), "The file is larger than 5 MB."),
        (
            b"<quiz>" + b"<question/>" * (MAX_QUESTIONS + 1) + b"</quiz>",
            "The file has more than 5,000 questions.",
        ),
    ],
    ids=range(17),
)
def test_hostile_xml_file_is_an_error(content, message):
    assert file_error(read_moodle_xml(content, import_options())) == message


@pytest.mark.parametrize("read", [read_gift, read_aiken])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\0b", "The file contains NUL characters, so it is not a text file."),
        (b"caf\xe9 {T}", "The file is not UTF-8 text."),
        (b"\xff\xfea", "The file is not UTF-8 text."),
        (b"", "The file has no questions."),
        (b"{" * (MAX_FILE_BYTES + 1), "The file is larger than 5 MB."),
        (b"a\nA. b\nANSWER: A\n\nx{T}\n\n" * (MAX_QUESTIONS + 1), "The file has more than 5,000 questions."),
    ],
    ids=range(6),
)
def test_hostile_text_file_is_an_error(read, content, message):
    assert file_error(read(content, import_options())) == message


@pytest.mark.parametrize("read", [read_gift, read_aiken])
@pytest.mark.parametrize(
    "piece", ["{", "~", "}", "=", "\\", "::", "{~\n\n", "[html]<b{=a\n", "A. x\n", "ANSWER: \n", "//[tag:"]
)
def test_long_run_of_a_piece_takes_linear_processor_time(read, piece):
    content = (piece * (MAX_FILE_BYTES // len(piece) // 4)).encode()
    _, seconds = spent(read, content, import_options())
    _, quarter = spent(read, content[: len(content) // 4], import_options())
    assert seconds < max(1.0, 12 * quarter)


@pytest.mark.parametrize("sign", ["{", "~"])
def test_five_megabytes_of_a_sign_are_one_refused_question(sign):
    result = read_gift((sign * MAX_FILE_BYTES).encode(), import_options())
    assert (len(result.items), len(result.refusals)) == (0, 1)


@pytest.mark.parametrize("kind", ["shortanswer", "cloze"])
@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<a ",
        "<a href='",
        "<b>",
        "<table><tr><td>",
        "<li>",
        "&#",
        "{1:SA:",
        "\\}",
        "<img src=data:image/png;base64,",
    ],
)
def test_long_html_is_imported_or_refused_with_a_reason(kind, piece):
    text = piece * (50_000 // len(piece))
    result = read_moodle_xml(moodle_file(moodle_question(kind, ANSWER, stem=text)), import_options())
    assert len(result.items) + len(result.refusals) == 1
    assert all(refused.reason and refused.hint for refused in result.refusals)


def test_text_over_the_limit_is_refused():
    stem = "word " * 20_000
    for result in (
        read_moodle_xml(moodle_file(moodle_question("shortanswer", ANSWER, stem=stem)), import_options()),
        read_gift((stem + "{T}").encode(), import_options()),
        read_aiken((stem + "\nA. a\nB. b\nANSWER: A").encode(), import_options()),
    ):
        (refused,) = result.refusals
        assert "longer than" in refused.reason


GIFT_PIECES = [
    *"{}=~#%:\\/-> \n",
    "\n\n",
    "::",
    "####",
    "->",
    "%50%",
    "//",
    "[html]",
    "<b>",
    "1",
    "a",
    "T",
    "..",
    "kind: ",
    "---",
]
XML_PIECES = [
    *"{}=~#%:\\<>&[]*_`|- \n",
    "\n\n",
    "{1:SA:",
    "{1:MC:=",
    "[[1]]",
    "<b>",
    "<li>",
    "## ",
    "---",
    "kind: x",
    "/// ",
    "```",
]


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.sampled_from(GIFT_PIECES), max_size=30).map("".join))
def test_any_gift_text_is_imported_or_refused(text):
    result = read_gift(text.encode(), import_options())
    assert all(refused.reason % refused.values and refused.hint for refused in result.refusals)
    assert result.items or result.refusals or result.notes


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(st.sampled_from(XML_PIECES), max_size=30).map("".join),
    st.sampled_from(["html", "markdown", "plain_text", "moodle_auto_format"]),
    st.sampled_from(["cloze", "shortanswer", "essay", "gapselect"]),
)
def test_any_moodle_text_is_imported_or_refused(text, text_format, kind):
    body = ANSWER + "<selectoption><text>a</text><group>1</group></selectoption>"
    question = moodle_question(kind, body, stem=text.replace("]]>", ""), text_format=text_format)
    result = read_moodle_xml(moodle_file(question), import_options())
    assert len(result.items) + len(result.refusals) == 1
    assert all(refused.reason % refused.values and refused.hint for refused in result.refusals)
