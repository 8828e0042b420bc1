"""Write items in GIFT format; keys without counterpart travel as tags in a comment, as Moodle writes them."""

from collections.abc import Callable, Sequence
from typing import Any

from app.catalogue.domain.bank_checks import ON_DOCUMENTS
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.items import (
    Bank,
    Choices,
    Gap,
    Gaps,
    Item,
    ItemKind,
    Match,
    Number,
    NumberAnswer,
    Open,
    Option,
    Short,
)
from app.studio.domain.exchange.answer_tags import answer_tags
from app.studio.domain.exchange.choice_fractions import fractions_of
from app.studio.domain.exchange.export_notes import ExportCollector, note_lost_parts, reason_against
from app.studio.domain.exchange.gap_parts import join_stem, split_placeholders
from app.studio.domain.exchange.gift_cut import FORMATS
from app.studio.domain.exchange.item_tags import note_long_tags, tags_of_item
from app.studio.domain.exchange.shapes import ExchangeTexts, ExportResult

_SPECIAL = "\\:#={}~"
_ESCAPES = str.maketrans({**{sign: f"\\{sign}" for sign in _SPECIAL}, "\n": "\\n"})
_FORMAT_MARKS = tuple(f"[{name}]" for name in FORMATS)
_PLAIN_WEIGHTS = {"=": 100.0, "~": 0.0}
_WITHOUT_COUNTERPART = ON_DOCUMENTS | {ItemKind.SORT, ItemKind.PASSAGES, ItemKind.RATING, ItemKind.ORDER}


def write_gift(items: Sequence[Item], texts: ExchangeTexts) -> ExportResult:
    """Return a GIFT file of the items; `texts.true` and `texts.false` are the words of a plain true-false item."""
    collector = ExportCollector()
    blocks = []
    for item in items:
        reason = _reason_against(item)
        if reason or item.kind in _WITHOUT_COUNTERPART:
            collector.refuse(item, reason)
        else:
            _note_losses(item, collector)
            blocks.append(_question(item, texts))
    return collector.result("\n\n".join(blocks) + "\n" if blocks else "")


def _reason_against(item: Item) -> str:
    if isinstance(item.answers, Gaps) and len(item.answers.gaps) != 1:
        return "A GIFT question has one gap only."
    if "->" in _text_without_arrows(item):
        return "In GIFT an entry on the left side, a typed answer and its feedback cannot contain ->."
    return reason_against(item)


def _text_without_arrows(item: Item) -> str:
    """Return the text in which GIFT would read an arrow as one of a matching question."""
    if isinstance(item.answers, Match):
        return "".join(pair.left for pair in item.answers.pairs)
    is_typed = isinstance(item.answers, (Short, Gaps))
    return "".join(_BODIES[type(item.answers)](item, ExchangeTexts())) if is_typed else ""


def _note_losses(item: Item, collector: ExportCollector) -> None:
    note_long_tags((*tags_of_item(item), *answer_tags(item)), collector.notes_of(item))
    note_lost_parts(item, collector.notes_of(item))
    if item.hint:
        collector.notes_of(item).warn("GIFT has no hints, so the hint was left out.", "Export to Moodle XML instead.")
    if isinstance(item.answers, Open):
        message = "GIFT has no criteria, so the criteria of the open question were left out."
        collector.notes_of(item).warn(message, "Export to Moodle XML instead.")
    if "](media/" in blocks_of_bank(Bank((item,)))[0]:
        collector.notes_of(item).warn("GIFT has no pictures, so they were left out.", "Export to Moodle XML instead.")


def _question(item: Item, texts: ExchangeTexts) -> str:
    tags = "".join(f"[tag:{tag}]" for tag in (*tags_of_item(item), *answer_tags(item)))
    before, after = _text(item)
    body = _BODIES[type(item.answers)](item, texts)
    general = [f"####{_escaped(item.general)}"] * bool(item.general)
    answers = "\n".join(f"\t{line}" for line in (*body, *general))
    opening = f"// {tags}\n::{_escaped(item.id)}::[markdown]{_escaped(before)}"
    return f"{opening}{{\n{answers}\n}}{_escaped(after)}" if answers else f"{opening}{{}}{_escaped(after)}"


def _text(item: Item) -> tuple[str, str]:
    if not isinstance(item.answers, Gaps):
        return item.stem, ""
    before, after = split_placeholders(join_stem(item.stem, item.answers.parts))[0]
    return before, after


def _escaped(text: str) -> str:
    escaped = text.translate(_ESCAPES)
    return f"[markdown]{escaped}" if text.startswith(_FORMAT_MARKS) else escaped


def _answer(sign: str, percent: float, text: str, *, feedback: str = "") -> str:
    """Return an answer; its weight is written if the sign does not say it, or if the text would be read as one."""
    weight = "" if percent == _PLAIN_WEIGHTS[sign] and not text.startswith("%") else _percent(percent)
    return f"{sign}{weight}{_escaped(text)}{_feedback(feedback)}"


def _percent(percent: float) -> str:
    return "%" + f"{percent:.5f}".rstrip("0").rstrip(".") + "%"


def _feedback(feedback: str) -> str:
    return f"#{_escaped(feedback)}" if feedback else ""


def _choices(item: Item, texts: ExchangeTexts) -> list[str]:
    options = item.answers.options if isinstance(item.answers, Choices) else ()
    return _true_false(options) if is_plain_true_false(item, texts) else _options(options, item.kind)


def _options(options: Sequence[Option], kind: ItemKind) -> list[str]:
    fractions = fractions_of([option.share for option in options], kind)
    # Moodle reads a question with a sign = as one with a single right answer, and one without ~ as a typed answer.
    can_sign = kind is not ItemKind.SEVERAL and any(fraction != 100 for fraction in fractions)
    return [
        _answer("=" if can_sign and fraction == 100 else "~", fraction, option.text, feedback=option.feedback)
        for fraction, option in zip(fractions, options, strict=True)
    ]


def is_plain_true_false(item: Item, texts: ExchangeTexts) -> bool:
    """Return whether the item is a statement whose options are the words for true and false, one of them right."""
    if item.kind is not ItemKind.TRUEFALSE or not isinstance(item.answers, Choices):
        return False
    options = item.answers.options
    has_words = [option.text for option in options] == [texts.true, texts.false]
    return has_words and sorted(option.share for option in options) == [0.0, 1.0]


def _true_false(options: Sequence[Option]) -> list[str]:
    right, wrong_option = sorted(options, key=lambda option: -option.share)
    word = "TRUE" if options[0].share == 1 else "FALSE"
    if not right.feedback and not wrong_option.feedback:
        return [word]
    return [f"{word}#{_escaped(wrong_option.feedback)}#{_escaped(right.feedback)}"]


def _pairs(item: Item, _: ExchangeTexts) -> list[str]:
    pairs = item.answers.pairs if isinstance(item.answers, Match) else ()
    return [f"={_escaped(pair.left)} -> {_escaped(pair.right)}" for pair in pairs]


def _numbers(item: Item, _: ExchangeTexts) -> list[str]:
    answers = item.answers.answers if isinstance(item.answers, Number) else ()
    return ["#", *(_number(answer) for answer in answers)]


def _number(answer: NumberAnswer) -> str:
    weight = "" if answer.share == 1 else _percent(round(answer.share * 100))
    tolerance = f":{answer.tolerance}" if answer.tolerance else ""
    return f"={weight}{answer.value}{tolerance}{_feedback(answer.feedback)}"


def _short(item: Item, _: ExchangeTexts) -> list[str]:
    answers = item.answers.answers if isinstance(item.answers, Short) else ()
    return [_answer("=", round(answer.share * 100), answer.pattern, feedback=answer.feedback) for answer in answers]


def _gaps(item: Item, _: ExchangeTexts) -> list[str]:
    gaps: Sequence[Gap] = item.answers.gaps if isinstance(item.answers, Gaps) else ()
    gap = gaps[0]
    if gap.mode == "typed":
        return [_answer("=", 100, accepted.replace("*", "\\*")) for accepted in gap.accepted]
    sign = "=" if len(gap.accepted) < len(gap.options) else "~"
    return [_answer(sign, 100, text) if text in gap.accepted else _answer("~", 0, text) for text in gap.options]


def _open(_: Item, __: ExchangeTexts) -> list[str]:
    return []


_BODIES: dict[type[Any], Callable[[Item, ExchangeTexts], list[str]]] = {
    Choices: _choices,
    Match: _pairs,
    Number: _numbers,
    Short: _short,
    Gaps: _gaps,
    Open: _open,
}
