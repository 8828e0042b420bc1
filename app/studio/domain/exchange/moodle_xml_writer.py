"""Write items as Moodle XML; texts are Markdown, and keys without counterpart travel as tags."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.catalogue.domain.bank_checks import ON_DOCUMENTS
from app.catalogue.domain.item_keys import decimal
from app.catalogue.domain.item_writer import table
from app.catalogue.domain.items import (
    Choices,
    Gap,
    Gaps,
    Item,
    ItemKind,
    Match,
    Number,
    Open,
    Option,
    Order,
    Short,
)
from app.studio.domain.exchange.answer_tags import answer_tags
from app.studio.domain.exchange.choice_fractions import fractions_of
from app.studio.domain.exchange.export_notes import ExportCollector, note_lost_parts, reason_against
from app.studio.domain.exchange.gap_parts import join_stem, placeholder
from app.studio.domain.exchange.gift_writer import is_plain_true_false
from app.studio.domain.exchange.item_tags import note_long_tags, tags_of_item
from app.studio.domain.exchange.moodle_text_writer import TextWriter, plain_child
from app.studio.domain.exchange.shapes import ExchangeTexts, ExportResult

_WITHOUT_COUNTERPART = ON_DOCUMENTS | {ItemKind.SORT, ItemKind.PASSAGES, ItemKind.RATING}
_STAR = "\\*"  # a star alone is any text
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in '~#}{"\\/=%'} | {ord("&"): "&amp;"}


def write_moodle_xml(items: Sequence[Item], texts: ExchangeTexts, pictures: Mapping[str, bytes]) -> ExportResult:
    """Return a Moodle XML file of the items; `pictures` are the contents of the files in `media/` by name."""
    collector = ExportCollector()
    root = Element("quiz")
    for item in items:
        reason = reason_against(item)
        if reason or item.kind in _WITHOUT_COUNTERPART:
            collector.refuse(item, reason)
        else:
            note_lost_parts(item, collector.notes_of(item))
            writer = TextWriter(pictures, collector.notes_of(item))
            root.append(_question(item, writer, texts))
    indent(root)
    return collector.result('<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n")


def _question(item: Item, writer: TextWriter, texts: ExchangeTexts) -> Element:
    is_true_false = is_plain_true_false(item, texts)
    question = Element("question", {"type": "truefalse" if is_true_false else _TYPES[type(item.answers)]})
    plain_child(SubElement(question, "name"), "text", item.id)
    writer.add(question, "questiontext", _stem(item))
    writer.add(question, "generalfeedback", item.general)
    plain_child(question, "defaultgrade", _points(item))
    plain_child(question, "penalty", "0.3333333")
    plain_child(question, "hidden", "0")
    if is_true_false:
        _add_true_false(item, question, writer)
    else:
        _WRITERS[type(item.answers)](item, question, writer)
    if item.hint:
        writer.add(question, "hint", item.hint)
    _add_tags(question, (*tags_of_item(item), *answer_tags(item)), writer)
    return question


def _add_tags(question: Element, tags: Sequence[str], writer: TextWriter) -> None:
    note_long_tags(tags, writer.notes)
    element = SubElement(question, "tags")
    for tag in tags:
        plain_child(SubElement(element, "tag"), "text", tag)


def _points(item: Item) -> str:
    return decimal(sum(row.points for row in item.answers.criteria)) if isinstance(item.answers, Open) else "1"


def _stem(item: Item) -> str:
    if not isinstance(item.answers, Gaps):
        return item.stem
    text = join_stem(item.stem, item.answers.parts)
    for index, gap in enumerate(item.answers.gaps):
        text = text.replace(placeholder(index), _subquestion(gap, shuffle=item.shuffle), 1)
    return text


def _subquestion(gap: Gap, *, shuffle: bool) -> str:
    if gap.mode == "typed":
        kind, answers = "SHORTANSWER", [f"={_encoded(text.replace('*', _STAR))}" for text in gap.accepted]
    else:
        kind, answers = "MULTICHOICE_S" if shuffle else "MULTICHOICE", [_gap_option(text, gap) for text in gap.options]
    return f"{{1:{kind}:{'~'.join(answers)}}}"


def _gap_option(text: str, gap: Gap) -> str:
    return ("=" if text in gap.accepted else "") + _encoded(text)


def _encoded(text: str) -> str:
    """Write the characters with a meaning in a subquestion as entities, which Moodle decodes in answers."""
    return text.translate(_ENTITIES)


def _percent(fraction: float) -> str:
    return f"{fraction:.5f}".rstrip("0").rstrip(".")


def _typed(question: Element, text: str) -> Element:
    """Add an answer whose text is typed by the person."""
    answer = SubElement(question, "answer", {"format": "moodle_auto_format"})
    plain_child(answer, "text", text)
    return answer


def _grade(answer: Element, fraction: float, writer: TextWriter, *, feedback: str) -> None:
    """Add the fraction in per cent and the feedback to an answer."""
    answer.set("fraction", _percent(fraction))
    writer.add(answer, "feedback", feedback)


def _add_true_false(item: Item, question: Element, writer: TextWriter) -> None:
    options: Sequence[Option] = item.answers.options if isinstance(item.answers, Choices) else ()
    for name, option in zip(("true", "false"), options, strict=True):
        _grade(_typed(question, name), option.share * 100, writer, feedback=option.feedback)


def _add_choices(item: Item, question: Element, writer: TextWriter) -> None:
    options: Sequence[Option] = item.answers.options if isinstance(item.answers, Choices) else ()
    plain_child(question, "single", "false" if item.kind is ItemKind.SEVERAL else "true")
    plain_child(question, "shuffleanswers", "true" if item.shuffle else "false")
    plain_child(question, "answernumbering", "abc")
    fractions = fractions_of([option.share for option in options], item.kind)
    for fraction, option in zip(fractions, options, strict=True):
        _grade(writer.add(question, "answer", option.text), fraction, writer, feedback=option.feedback)


def _add_pairs(item: Item, question: Element, writer: TextWriter) -> None:
    pairs = item.answers.pairs if isinstance(item.answers, Match) else ()
    plain_child(question, "shuffleanswers", "true" if item.shuffle else "false")
    for pair in pairs:
        row = writer.add(question, "subquestion", pair.left)
        plain_child(SubElement(row, "answer"), "text", pair.right)
        if "](media/" in pair.right:
            message = "Moodle shows no pictures in the answers of a matching question."
            writer.notes.warn(message, "Show the picture in the question.")


def _add_order(item: Item, question: Element, writer: TextWriter) -> None:
    entries = item.answers.entries if isinstance(item.answers, Order) else ()
    for name, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0")):
        plain_child(question, name, value)
    plain_child(question, "gradingtype", "RELATIVE_NEXT_INCLUDE_LAST")
    plain_child(question, "showgrading", "SHOW")
    for position, entry in enumerate(entries, 1):
        _grade(writer.add(question, "answer", entry.text), position, writer, feedback=entry.feedback)


def _add_numbers(item: Item, question: Element, writer: TextWriter) -> None:
    answers = item.answers.answers if isinstance(item.answers, Number) else ()
    for number in answers:
        answer = _typed(question, number.value)
        _grade(answer, number.share * 100, writer, feedback=number.feedback)
        plain_child(answer, "tolerance", number.tolerance or "0")
    if item.unit:
        unit = SubElement(SubElement(question, "units"), "unit")
        plain_child(unit, "multiplier", "1")
        plain_child(unit, "unit_name", item.unit)


def _add_short(item: Item, question: Element, writer: TextWriter) -> None:
    answers = item.answers.answers if isinstance(item.answers, Short) else ()
    plain_child(question, "usecase", "0")
    for short in answers:
        _grade(_typed(question, short.pattern), short.share * 100, writer, feedback=short.feedback)


def _add_rubric(item: Item, question: Element, writer: TextWriter) -> None:
    if isinstance(item.answers, Open):
        rows = [(row.name, decimal(row.points), row.earns) for row in item.answers.criteria]
        plain_child(question, "responseformat", "editor")
        writer.add(question, "graderinfo", table([item.answers.heads, *rows]))


def _add_nothing(_: Item, __: Element, ___: TextWriter) -> None:
    """Add no answers: those of gaps are in the text."""


_WRITERS: dict[type[Any], Callable[[Item, Element, TextWriter], None]] = {
    Choices: _add_choices,
    Match: _add_pairs,
    Order: _add_order,
    Number: _add_numbers,
    Short: _add_short,
    Open: _add_rubric,
    Gaps: _add_nothing,
}
_TYPES: dict[type[Any], str] = {
    Choices: "multichoice",
    Match: "matching",
    Order: "ordering",
    Number: "numerical",
    Short: "shortanswer",
    Open: "essay",
    Gaps: "cloze",
}
