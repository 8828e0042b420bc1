"""Read the answers in the braces of a GIFT question into a draft."""

import re
from dataclasses import dataclass

from app.catalogue.domain.items import (
    Choices,
    Criterion,
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
from app.studio.domain.exchange.choice_fractions import SHARES, share_of, shares_of
from app.studio.domain.exchange.drafts import CHOICE_KINDS, QuestionDraft
from app.studio.domain.exchange.gift_cut import split_format
from app.studio.domain.exchange.gift_texts import GiftTexts
from app.studio.domain.exchange.numeric_answers import number_text, range_text, tolerance_text
from app.studio.domain.exchange.shapes import QuestionRefusedError

_ANSWER = re.compile(r"([=~])([^=~]*+)")
_WEIGHT = re.compile(r"\s*+%(-?[0-9]{1,3}(?:\.[0-9]{0,10})?)%")
_TRUE_FALSE = re.compile(r"(T|TRUE|F|FALSE)\s*+(?:#(.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class GiftAnswer:
    """An answer: its sign `=` or `~`, its weight in per cent (None if not written), text and feedback."""

    sign: str
    weight: float | None
    text: str
    feedback: str

    @property
    def fraction(self) -> float:
        """Return the weight, by default 100 after `=` and 0 after `~`."""
        if self.weight is not None:
            return self.weight
        return 100.0 if self.sign == "=" else 0.0


def cut_answers(body: str) -> list[GiftAnswer]:
    """Return the answers; a body without signs is one right answer. Raise QuestionRefusedError for text before them."""
    if "=" not in body and "~" not in body:
        return [_answer("=", body)]
    answers = [_answer(match[1], match[2]) for match in _ANSWER.finditer(body)]
    before = re.split("[=~]", body, maxsplit=1)[0].strip()
    if before:
        raise QuestionRefusedError(
            'The text "%(text)s" is before the first answer.', "Begin each answer with = or ~.", text=before[:40]
        )
    return answers


def _answer(sign: str, text: str) -> GiftAnswer:
    weight = _WEIGHT.match(text)
    text, _, feedback = (text[weight.end() :] if weight else text).partition("#")
    return GiftAnswer(sign, float(weight[1]) if weight else None, text.strip(), feedback.strip())


def read_gift_answers(draft: QuestionDraft, body: str, texts: GiftTexts) -> None:
    """Add kind, answers and general feedback to the draft; raise QuestionRefusedError if they cannot be read."""
    body, _, general = body.partition("####")
    draft.general = texts.block(general.strip())
    body = body.strip()
    true_false = _TRUE_FALSE.fullmatch(body)
    if not body:
        _read_essay(draft, texts)
    elif body.startswith("#"):
        _read_numbers(draft, body[1:].strip(), texts)
    elif "~" in body:
        _read_choices(draft, cut_answers(body), texts)
    elif "->" in body:
        _read_pairs(draft, cut_answers(body), texts)
    elif true_false:
        _read_true_false(draft, true_false, texts)
    else:
        _read_short(draft, cut_answers(body), texts)


def _read_essay(draft: QuestionDraft, texts: GiftTexts) -> None:
    draft.file_kind, draft.kind = "essay", ItemKind.OPEN
    draft.answers = Open(texts.course.rubric_heads, (Criterion(texts.course.criterion, 1.0, texts.course.earns),))
    draft.notes.warn("The file has no criteria for this open question.", "Write them, with their points.")


def _read_choices(draft: QuestionDraft, answers: list[GiftAnswer], texts: GiftTexts) -> None:
    draft.file_kind = "multichoice"
    has_right = any(answer.sign == "=" for answer in answers)
    written_kind = draft.tags.value("kind")
    several = not has_right if written_kind not in CHOICE_KINDS else written_kind == ItemKind.SEVERAL
    draft.kind = ItemKind.SEVERAL if several else ItemKind.SINGLE
    draft.possible_kinds = CHOICE_KINDS
    fractions = [answer.fraction for answer in answers]
    shares = shares_of(fractions, draft.kind, draft.notes, written=draft.tags.value(SHARES))
    draft.answers = Choices(
        tuple(
            Option(texts.block(answer.text), credit, texts.block(answer.feedback))
            for answer, credit in zip(answers, shares, strict=True)
        )
    )


def _read_pairs(draft: QuestionDraft, answers: list[GiftAnswer], texts: GiftTexts) -> None:
    draft.file_kind, draft.kind = "matching", ItemKind.MATCH
    heads = (
        draft.tags.value("head1") or texts.course.match_heads[0],
        draft.tags.value("head2") or texts.course.match_heads[1],
    )
    pairs = []
    for answer in answers:
        left, arrow, right = answer.text.partition("->")
        if not arrow:
            raise QuestionRefusedError("A row has no arrow ->.", "Write it as =left -> right.")
        pairs.append(Pair(texts.line(left.strip()), texts.plain_cell(right.strip())))
        if answer.feedback or answer.weight is not None:
            draft.notes.warn("Feedback and marks of rows were left out.", "Move them to the general feedback.")
    draft.answers = Match(heads, tuple(pairs))


def _read_true_false(draft: QuestionDraft, match: re.Match[str], texts: GiftTexts) -> None:
    draft.file_kind, draft.kind = "truefalse", ItemKind.TRUEFALSE
    is_true = match[1].upper().startswith("T")
    for_wrong, _, for_right = (match[2] or "").partition("#")
    feedback = (texts.block(for_right.strip()), texts.block(for_wrong.strip()))
    draft.answers = Choices(
        (
            Option(texts.course.true, float(is_true), feedback[0 if is_true else 1]),
            Option(texts.course.false, float(not is_true), feedback[1 if is_true else 0]),
        )
    )


def _read_short(draft: QuestionDraft, answers: list[GiftAnswer], texts: GiftTexts) -> None:
    draft.file_kind, draft.kind = "shortanswer", ItemKind.SHORT
    draft.answers = Short(
        tuple(
            ShortAnswer(texts.plain(answer.text), part_of(answer, draft), texts.block(answer.feedback))
            for answer in answers
        )
    )


def part_of(answer: GiftAnswer, draft: QuestionDraft) -> float:
    """Return the share of an accepted answer from 0 to 1."""
    credit = share_of(answer.fraction, draft.notes)
    if credit < 0:
        draft.notes.warn("A deduction for a typed answer was left out.", "Typed answers earn no points or some.")
    return max(0.0, credit)


def _read_numbers(draft: QuestionDraft, body: str, texts: GiftTexts) -> None:
    draft.file_kind, draft.kind = "numerical", ItemKind.NUMBER
    numbers = []
    for answer in cut_answers(body):
        if answer.sign == "~" or not answer.text:
            draft.notes.warn("The feedback for any other number was left out.", "Move it to the general feedback.")
            continue
        value, tolerance = _number(split_format(answer.text)[1])
        numbers.append(NumberAnswer(value, tolerance, part_of(answer, draft), texts.block(answer.feedback)))
    draft.answers = Number(tuple(numbers))


def _number(text: str) -> tuple[str, str]:
    low, dots, high = text.partition("..")
    if dots:
        return range_text(low, high)
    value, _, tolerance = text.partition(":")
    return number_text(value), tolerance_text(tolerance)
