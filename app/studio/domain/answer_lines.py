"""Write the answers of a question as lines of Markdown, for readers who need not answer it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalogue.domain.document_answers import written_key
from app.catalogue.domain.items import (
    Answers,
    Choices,
    Fields,
    Gap,
    Gaps,
    Mark,
    Match,
    Number,
    Open,
    Order,
    Pairs,
    Passages,
    Rating,
    Short,
    Sort,
)
from app.catalogue.domain.targets import write_target


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer and its feedback as Markdown. `ratio` is the part of the points it earns, None if it has no own."""

    text: str
    feedback: str = ""
    ratio: float | None = None


def answer_lines(answers: Answers) -> list[AnswerText]:
    """Return the lines of all answers, in the order of the file."""
    return list(_LINES[type(answers)](answers))


def _choices(choices: Choices) -> Iterator[AnswerText]:
    for option in choices.options:
        yield AnswerText(option.text, option.feedback, option.share)


def _order(order: Order) -> Iterator[AnswerText]:
    for position, entry in enumerate(order.entries, 1):
        yield AnswerText(f"**{position}** {entry.text}", entry.feedback)


def _match(match: Match) -> Iterator[AnswerText]:
    for pair in match.pairs:
        yield AnswerText(f"{pair.left or '-'}: **{pair.right}**")


def _sort(sort: Sort) -> Iterator[AnswerText]:
    for group in sort.groups:
        for entry in group.entries:
            yield AnswerText(f"**{group.title}:** {entry.text}", entry.feedback)


def _number(number: Number) -> Iterator[AnswerText]:
    for answer in number.answers:
        tolerance = f" ± {answer.tolerance}" if answer.tolerance else ""
        yield AnswerText(f"**{answer.value}**{tolerance}", answer.feedback, answer.share)


def _short(short: Short) -> Iterator[AnswerText]:
    for answer in short.answers:
        yield AnswerText(f"`{answer.pattern}`", answer.feedback, answer.share)


def _gaps(gaps: Gaps) -> Iterator[AnswerText]:
    texts = [_gap(gap) for gap in gaps.gaps]
    yield AnswerText("".join(_joined(gaps.parts, texts)))


def _gap(gap: Gap) -> str:
    others = [option for option in gap.options if option not in gap.accepted]
    return " / ".join([*(f"**{text}**" for text in gap.accepted), *others])


def _passages(passages: Passages) -> Iterator[AnswerText]:
    texts = [f"**{passage.text}**" if passage.right else f"*{passage.text}*" for passage in passages.passages]
    yield AnswerText("".join(_joined(passages.parts, texts)))


def _joined(parts: tuple[str, ...], texts: list[str]) -> Iterator[str]:
    for part, text in zip(parts, [*texts, ""], strict=True):
        yield part
        yield text


def _open(rubric: Open) -> Iterator[AnswerText]:
    for criterion in rubric.criteria:
        yield AnswerText(f"**{criterion.name} ({criterion.points:g}):** {criterion.earns}")


def _rating(rating: Rating) -> Iterator[AnswerText]:
    for statement in rating.statements:
        yield AnswerText(f"{statement.text} **{statement.low}..{statement.high}**", statement.feedback)


def _mark(answers: Mark) -> Iterator[AnswerText]:
    ratios = {"+": 1.0, "-": 0.0}
    for line in answers.lines:
        yield AnswerText(f"`{write_target(line.target)}`", line.feedback, ratios.get(line.sign))


def _pairs(pairs: Pairs) -> Iterator[AnswerText]:
    for pair in pairs.pairs:
        text = f"`{write_target(pair.first)}` x `{write_target(pair.second)}`"
        yield AnswerText(text, pair.feedback, float(pair.right))


def _fields(fields: Fields) -> Iterator[AnswerText]:
    for field in fields.fields:
        entries = " / ".join(f"`{written_key(key)}`" for key in field.accepted) or "-"
        yield AnswerText(f"{field.label}: {entries}", field.feedback)


_LINES: Mapping[type, Callable[[Any], Iterator[AnswerText]]] = {
    Choices: _choices,
    Order: _order,
    Match: _match,
    Sort: _sort,
    Number: _number,
    Short: _short,
    Gaps: _gaps,
    Passages: _passages,
    Open: _open,
    Rating: _rating,
    Mark: _mark,
    Pairs: _pairs,
    Fields: _fields,
}
