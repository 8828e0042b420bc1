import pytest

from app.catalogue.domain.items import Gap, Gaps, ItemKind
from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from tests.support.question_exchange import (
    import_options,
    messages,
    moodle_file,
    moodle_item,
    moodle_question,
    only_refused,
)


def chosen(right, *options):
    return Gap("chosen", (right,), options)


@pytest.mark.parametrize(
    ("source", "gap"),
    [
        ("{1:SHORTANSWER:=sun}", Gap("typed", ("sun",))),
        ("{:SA:%100%sun~=moon~star}", Gap("typed", ("sun", "moon"))),
        ("{1:MW:=sun &amp; moon}", Gap("typed", ("sun & moon",))),
        ("{1:NUMERICAL:=23.8}", Gap("typed", ("23.8",))),
        ("{1:NM:=7:0}", Gap("typed", ("7",))),
        ("{1:MULTICHOICE:moon~=sun~star}", chosen("sun", "moon", "sun", "star")),
        ("{1:MC:~moon~%100%sun}", chosen("sun", "moon", "sun")),
        ("{1:MULTICHOICE_VS:moon~=sun}", chosen("sun", "moon", "sun")),
        ("{1:MCH:moon~=sun}", chosen("sun", "moon", "sun")),
        ("{1:SA:=a\\}b\\~c\\#d}", Gap("typed", ("a}b~c#d",))),
        ("{1:SA:=a&#126;b}", Gap("typed", ("a~b",))),
        ("{1:SA:=2 \\* 3}", Gap("typed", ("2 * 3",))),
    ],
)
def test_cloze_gap_is_read(source, gap):
    imported = moodle_item("cloze", "", stem=f"<p>The {source} <b>shines</b>.</p>")
    assert imported.item.kind is ItemKind.GAPS
    assert imported.item.answers == Gaps(("The ", " **shines**."), (gap,))
    assert messages(imported) == []


def test_cloze_text_with_several_gaps_keeps_their_order():
    imported = moodle_item("cloze", "", stem="<p>{1:SA:=a} {x} {1:MC:b~=c}</p><p>{1:SA:=d}</p>")
    assert imported.item.answers == Gaps(
        ("", " {x} ", "\n\n", ""), (Gap("typed", ("a",)), chosen("c", "b", "c"), Gap("typed", ("d",)))
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{2:SA:=a}", "All gaps count the same now, the weights were left out."),
        ("{1:SA:=a#Right}", "The feedback of gaps was left out."),
        ("{1:SA:=a~%50%b}", "Part marks of gaps were left out: such answers count as wrong."),
        ("{1:SA:=a*}", "A star in a gap is a plain star now, not any text."),
        ("{1:SAC:=a}", "Moodle compares capital and small letters in a gap, the academy does not."),
        ("{1:NM:=7:0.5}", "A gap compares text, so the tolerance of a number was left out."),
        ("{1:MR:%50%a~%50%b~c}", "A gap with several right options accepts any one of them now."),
    ],
)
def test_loss_in_a_gap_is_noted(source, message):
    assert message in messages(moodle_item("cloze", "", stem=f"x {source} y"))


@pytest.mark.parametrize(
    ("kind", "stem", "reason"),
    [
        ("cloze", "no gap", "The text has no gaps that can be read."),
        ("cloze", "{1:DRAWING:=a}", "Gaps of the type %(kind)s are not supported."),
        ("cloze", "{1:SA:=a", "The text has no gaps that can be read."),
        ("gapselect", "a [[3]]", "The gap [[%(number)s]] has no option."),
        ("ddwtos", "a", "The text has no gaps that can be read."),
    ],
)
def test_text_without_readable_gaps_is_refused(kind, stem, reason):
    body = "<selectoption><text>a</text><group>1</group></selectoption>"
    result = read_moodle_xml(moodle_file(moodle_question(kind, body, stem=stem)), import_options())
    assert only_refused(result).reason == reason


@pytest.mark.parametrize(("kind", "tag"), [("gapselect", "selectoption"), ("ddwtos", "dragbox")])
def test_numbered_gaps_offer_the_options_of_their_group(kind, tag):
    options = (("quick", 1), ("fox", 2), ("slow", 1), ("dog", 2))
    body = "<shuffleanswers>1</shuffleanswers>" + "".join(
        f"<{tag}><text>{text}</text><group>{group}</group></{tag}>" for text, group in options
    )
    imported = moodle_item(kind, body, stem="<p>The [[1]] brown [[2]].</p>")
    assert imported.item.answers == Gaps(
        ("The ", " brown ", "."), (chosen("quick", "quick", "slow"), chosen("fox", "fox", "dog"))
    )
    assert messages(imported) == []
