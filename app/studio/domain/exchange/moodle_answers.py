"""Read the answers of a Moodle question by its type; gaps are read by `moodle_gaps`."""

from xml.etree.ElementTree import Element

from app.catalogue.domain.answer_readers import read_answers
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
from app.catalogue.domain.source_lines import Report, lines_of_text
from app.studio.domain.exchange.choice_fractions import SHARES, share_of, shares_of
from app.studio.domain.exchange.moodle_question import MoodleQuestion, source_text, text_of
from app.studio.domain.exchange.numeric_answers import number_text, tolerance_text
from app.studio.domain.exchange.shapes import QuestionRefusedError


def read_multichoice(question: MoodleQuestion) -> None:
    """Read a question with one or several right options."""
    draft = question.draft
    draft.kind = ItemKind.SINGLE if question.is_set("single", default=True) else ItemKind.SEVERAL
    draft.possible_kinds = {ItemKind.TRUEFALSE} if draft.kind is ItemKind.SINGLE else ()
    draft.shuffle = question.is_set("shuffleanswers", default=True)
    answers = question.element.findall("answer")
    fractions = [_fraction(answer) for answer in answers]
    shares = shares_of(fractions, draft.kind, draft.notes, written=draft.tags.value(SHARES))
    draft.answers = Choices(
        tuple(
            Option(question.block(answer), credit, question.block(answer.find("feedback")))
            for answer, credit in zip(answers, shares, strict=True)
        )
    )


def _fraction(answer: Element) -> float:
    written = number_text(answer.get("fraction", "0") or "0")
    return float(written)


def read_true_false(question: MoodleQuestion) -> None:
    """Read a statement that is true or false."""
    options = []
    answers = {source_text(answer).strip().lower(): answer for answer in question.element.findall("answer")}
    for name, text in (("true", question.course_texts.true), ("false", question.course_texts.false)):
        answer = answers.get(name)
        if answer is None:
            raise QuestionRefusedError("The question has no answer %(name)s.", "Add it in Moodle.", name=name)
        credit = share_of(_fraction(answer), question.draft.notes)
        options.append(Option(text, credit, question.block(answer.find("feedback"))))
    question.draft.kind = ItemKind.TRUEFALSE
    question.draft.answers = Choices(tuple(options))


def read_matching(question: MoodleQuestion) -> None:
    """Read a matching question; a row without question is a distractor."""
    draft, heads = question.draft, question.course_texts.match_heads
    draft.kind = ItemKind.MATCH
    draft.shuffle = question.is_set("shuffleanswers", default=True)
    heads = (draft.tags.value("head1") or heads[0], draft.tags.value("head2") or heads[1])
    rows = question.element.findall("subquestion")
    pairs = (Pair(question.line(row), question.plain_cell(row.find("answer"))) for row in rows)
    draft.answers = Match(heads, tuple(pair for pair in pairs if pair.right))
    if len(draft.answers.pairs) < len(rows):
        draft.notes.warn("A row without an answer was left out.", "Add it again, if it is needed.")


def read_ordering(question: MoodleQuestion) -> None:
    """Read entries in their right order."""
    question.draft.kind = ItemKind.ORDER
    question.draft.answers = Order(
        tuple(
            ListEntry(question.block(answer), question.block(answer.find("feedback")))
            for answer in question.element.findall("answer")
        )
    )


def _part(answer: Element, question: MoodleQuestion) -> float:
    credit = share_of(_fraction(answer), question.draft.notes)
    if credit < 0:
        question.draft.notes.warn("A deduction for a typed answer was left out.", "Typed answers earn points or none.")
    return max(0.0, credit)


def read_numerical(question: MoodleQuestion) -> None:
    """Read accepted numbers; the main unit may follow the number."""
    numbers = []
    for answer in question.element.findall("answer"):
        text = source_text(answer).strip()
        if text == "*":
            question.draft.notes.warn(
                "The feedback for any other number was left out.", "Move it to the general feedback."
            )
            continue
        value, tolerance = number_text(text), tolerance_text(text_of(answer.find("tolerance")))
        feedback = question.block(answer.find("feedback"))
        numbers.append(NumberAnswer(value, tolerance, _part(answer, question), feedback))
    question.draft.kind = ItemKind.NUMBER
    question.draft.answers = Number(tuple(numbers))
    _read_units(question)


def _read_units(question: MoodleQuestion) -> None:
    others = []
    for unit in question.element.findall("units/unit"):
        name = text_of(unit.find("unit_name")).strip()
        is_main = float(number_text(text_of(unit.find("multiplier")) or "1")) == 1
        if is_main and not question.draft.unit:
            question.draft.unit = " ".join(name.split())
        else:
            others.append(name)
    if others:
        message = "An item has one unit only. These units were left out: %(names)s."
        question.draft.notes.warn(message, "Say in the question which unit to use.", names=", ".join(others))


def read_short_answer(question: MoodleQuestion) -> None:
    """Read accepted wordings, in which a star is any text."""
    question.draft.kind = ItemKind.SHORT
    question.draft.answers = Short(
        tuple(
            ShortAnswer(question.plain(answer), _part(answer, question), question.block(answer.find("feedback")))
            for answer in question.element.findall("answer")
        )
    )
    if question.is_set("usecase", default=False):
        question.draft.notes.warn(
            "Moodle compares capital and small letters in this question, the academy does not.", "Check the answers."
        )


def read_essay(question: MoodleQuestion) -> None:
    """Read an open question: the criteria that an export wrote, or one criterion with all points."""
    question.draft.kind = ItemKind.OPEN
    information = question.element.find("graderinfo")
    written = read_answers(ItemKind.OPEN, lines_of_text(source_text(information), 1), Report(""))
    if question.is_own and isinstance(written, Open) and written.criteria:
        question.draft.answers = written
        return
    texts = question.course_texts
    points = float(number_text(question.setting("defaultgrade", "1")))
    earns = " ".join(question.line(information).split()) or texts.earns
    question.draft.answers = Open(texts.rubric_heads, (Criterion(texts.criterion, points, earns),))
    question.draft.notes.warn("The open question has one criterion with all points.", "Divide it into criteria.")
