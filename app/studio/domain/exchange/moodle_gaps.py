"""Read Moodle questions with gaps: cloze, select missing words, and drag and drop into text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.catalogue.domain.gap_text import choice_gap
from app.catalogue.domain.items import Gap, Gaps, ItemKind
from app.studio.domain.exchange.gap_parts import gaps_of_parts, placeholder, split_joined_stem, split_placeholders
from app.studio.domain.exchange.html_text import plain_of_html
from app.studio.domain.exchange.moodle_question import MoodleQuestion, source_text, text_of
from app.studio.domain.exchange.plain_text import unescaped_html
from app.studio.domain.exchange.shapes import NoteList, QuestionRefusedError

MAX_GAP_OPTIONS = 200
"""How many options the gaps of a question may share."""

_TOKEN = re.compile(r"\{[0-9]{0,4}:[A-Z_]{1,24}:|\\[}~#\"\\/]|\}")
_OPENER = re.compile(r"\{([0-9]*):([A-Z_]+):")
_ESCAPED = re.compile(r"\\([}~#\"\\/])")
_ALTERNATIVE = re.compile(r"(?<!\\)~")
_FEEDBACK = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)#")
_WEIGHT = re.compile(r"=|%(-?[0-9]{1,3}(?:\.[0-9]{0,10})?)%")
_CHOICE = re.compile(r"(MULTICHOICE|MC)(_?[VHS]|_?[VH]S)?")
_RESPONSES = re.compile(r"(MULTIRESPONSE|MR)(_?[HS]|_?HS)?")
_TYPED = frozenset({"SHORTANSWER", "SA", "MW"})
_TYPED_CASE = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NUMERICAL = frozenset({"NUMERICAL", "NM"})
_NUMBERED_GAP = re.compile(r"\[\[([0-9]{1,4})\]\]")


@dataclass(frozen=True, slots=True)
class _Subquestion:
    """A subquestion of a cloze text: its weight, type and the text of its answers, with its position in the text."""

    start: int
    end: int
    weight: str
    kind: str
    body: str


def read_cloze(question: MoodleQuestion) -> None:
    """Read a text with embedded answers."""
    element = question.element.find("questiontext")
    text = source_text(element)
    subquestions = list(_subquestions(text))
    gaps = [_gap(subquestion, question) for subquestion in subquestions]
    pieces, position = [], 0
    for index, subquestion in enumerate(subquestions):
        pieces += [text[position : subquestion.start], placeholder(index)]
        position = subquestion.end
    converted = question.convert("".join([*pieces, text[position:]]), element)
    _fill(question, converted, gaps)


def _subquestions(text: str) -> Iterator[_Subquestion]:
    opened: re.Match[str] | None = None
    for token in _TOKEN.finditer(text):
        if token[0].startswith("{"):
            opened = token
        elif token[0] == "}" and opened:
            opener = _OPENER.fullmatch(opened[0])
            weight, kind = (opener[1], opener[2]) if opener else ("", "")
            yield _Subquestion(opened.start(), token.end(), weight, kind, text[opened.end() : token.start()])
            opened = None


def _gap(subquestion: _Subquestion, question: MoodleQuestion) -> Gap:
    notes = question.draft.notes
    if subquestion.weight not in ("", "1"):
        notes.warn("All gaps count the same now, the weights were left out.", "Check the marks of the item.")
    pieces = filter(None, map(str.strip, _ALTERNATIVE.split(subquestion.body)))
    answers = [_alternative(piece, question) for piece in pieces]
    if _RESPONSES.fullmatch(subquestion.kind):
        notes.warn("A gap with several right options accepts any one of them now.", "Use an item with several options.")
        return choice_gap(tuple((text, fraction > 0) for text, fraction in answers))
    if _CHOICE.fullmatch(subquestion.kind):
        return choice_gap(tuple((text, fraction == 100) for text, fraction in answers))
    return Gap("typed", _typed_answers(answers, subquestion.kind, notes))


def _typed_answers(answers: list[tuple[str, float]], kind: str, notes: NoteList) -> tuple[str, ...]:
    return tuple(_typed_answer(text, kind, notes) for text, fraction in answers if fraction == 100)


def _typed_answer(text: str, kind: str, notes: NoteList) -> str:
    if kind in _NUMERICAL:
        return _number(text, notes)
    if kind in _TYPED_CASE:
        notes.warn("Moodle compares capital and small letters in a gap, the academy does not.", "Check the answers.")
    elif kind not in _TYPED:
        raise QuestionRefusedError("Gaps of the type %(kind)s are not supported.", "Use another type.", kind=kind)
    return _without_wildcards(text, notes)


def _alternative(piece: str, question: MoodleQuestion) -> tuple[str, float]:
    """Return the text of an alternative and its weight in per cent."""
    text, *feedback = _FEEDBACK.split(piece, maxsplit=1)
    notes = question.draft.notes
    if "".join(feedback).strip():
        notes.warn("The feedback of gaps was left out.", "Move it to the general feedback.")
    fraction, text = _split_weight(text)
    if fraction not in (0, 100):
        notes.warn("Part marks of gaps were left out: such answers count as wrong.", "Check the answers of the gaps.")
    text = _ESCAPED.sub(r"\1", text)
    return (unescaped_html(text) if question.is_own else plain_of_html(text)), fraction


def _split_weight(text: str) -> tuple[float, str]:
    weight = _WEIGHT.match(text)
    if weight is None:
        return 0.0, text
    return float(weight[1] or 100), text[weight.end() :]


def _number(text: str, notes: NoteList) -> str:
    value, _, tolerance = text.partition(":")
    if tolerance.strip(" 0."):
        notes.warn("A gap compares text, so the tolerance of a number was left out.", "Use an item of kind number.")
    return value.strip()


def _without_wildcards(text: str, notes: NoteList) -> str:
    literal = text.replace("\\*", "")
    if "*" in literal:
        notes.warn("A star in a gap is a plain star now, not any text.", "Write each accepted answer.")
    return text.replace("\\*", "*")


def _fill(question: MoodleQuestion, converted: str, gaps: list[Gap]) -> None:
    draft = question.draft
    draft.kind = ItemKind.GAPS
    if not question.is_own:
        parts, order = split_placeholders(converted)
        draft.answers = gaps_of_parts(parts, [gaps[number] for number in order])
    else:
        draft.stem, text = split_joined_stem(converted)
        parts, order = split_placeholders(text)
        draft.answers = Gaps(tuple(parts), tuple(gaps[number] for number in order))
    if not gaps or len(order) < len(gaps):
        raise QuestionRefusedError("The text has no gaps that can be read.", "Check the question in Moodle.")


def read_numbered_gaps(question: MoodleQuestion) -> None:
    """Read a text with gaps `[[1]]` whose options are listed by number and group."""
    element = question.element.find("questiontext")
    options = [*question.element.findall("selectoption"), *question.element.findall("dragbox")]
    if len(options) > MAX_GAP_OPTIONS:
        hint = "Use fewer options."
        raise QuestionRefusedError("The question has more than %(most)s options.", hint, most=MAX_GAP_OPTIONS)
    texts = [question.plain(option) for option in options]
    groups = [text_of(option.find("group")).strip() for option in options]
    gaps: list[Gap] = []

    def add_gap(match: re.Match[str]) -> str:
        number = int(match[1]) - 1
        if not 0 <= number < len(options):
            raise QuestionRefusedError("The gap [[%(number)s]] has no option.", "Add it in Moodle.", number=match[1])
        same_group = [place for place, group in enumerate(groups) if group == groups[number]]
        gaps.append(choice_gap(tuple((texts[place], place == number) for place in same_group)))
        return placeholder(len(gaps) - 1)

    text = _NUMBERED_GAP.sub(add_gap, source_text(element))
    question.draft.shuffle = question.is_set("shuffleanswers", default=True)
    _fill(question, question.convert(text, element), gaps)
