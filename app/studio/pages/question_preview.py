"""View models of a question as learners would see it, and of the result of a trial answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.catalogue.domain.bank_checks import ON_DOCUMENTS
from app.catalogue.domain.item_keys import decimal
from app.catalogue.domain.items import (
    Choices,
    Gap,
    Gaps,
    Item,
    Match,
    Number,
    Open,
    Order,
    Passages,
    Rating,
    Short,
    Sort,
)
from app.i18n.languages import direction
from app.markup.errors import MarkupError
from app.quizzes.domain.answers import (
    Answer,
    Essay,
    Filled,
    Matched,
    Numeric,
    Picked,
    Rated,
    Sorted,
    TypedText,
    places_of,
)
from app.studio.service import question_texts
from app.studio.service.question_texts import QuestionTexts
from app.web.html.trusted_html import trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewEntry:
    """An option, entry, row or statement; `chosen` is whether it is selected, or the value selected for it."""

    value: int
    text: str
    chosen: bool | int | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewGap:
    """A gap; `options` are empty for a typed one."""

    value: int
    filling: int | str
    options: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPiece:
    """A piece of a text: plain, followed by a gap, or a passage to select."""

    text: str
    gap: PreviewGap | None = None
    value: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewCriterion:
    """A row of the rubric of an open question."""

    name: str
    points: str
    earns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewItem:
    """A question as components/question.html shows it, of any kind; what another kind has is empty."""

    id: str
    kind: str
    stem: str
    lang: str
    dir: str
    options: Sequence[PreviewEntry] = ()
    entries: Sequence[PreviewEntry] = ()
    targets: Sequence[tuple[int, str]] = ()
    pieces: Sequence[PreviewPiece] = ()
    value: str = ""
    unit: str = ""
    heads: Sequence[str] = ()
    criteria: Sequence[PreviewCriterion] = ()
    scale: Sequence[int] = ()
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPreview:
    """A question as learners would see it; `failure` says why it cannot be shown."""

    item: PreviewItem | None
    failure: str = ""


def no_preview() -> str:
    """Return why a question that works on the lines of a document is not shown here."""
    return _("A question on the lines of a document can be tried in the course itself.")


def preview(item: Item | None, language: str, answer: Answer | None = None) -> QuestionPreview:
    """Return the preview of a question, with an answer; None: its text has errors."""
    if item is None:
        return QuestionPreview(
            item=None, failure=_("Correct the errors of the question. Then you see it as learners do.")
        )
    if item.kind in ON_DOCUMENTS:
        return QuestionPreview(item=None, failure=no_preview())
    try:
        texts = question_texts.render(item, language)
    except MarkupError as error:
        return QuestionPreview(item=None, failure=_(str(error)))
    return QuestionPreview(item=shown_item(item, texts, language, answer))


def shown_item(item: Item, texts: QuestionTexts, language: str, answer: Answer | None) -> PreviewItem:
    """Return a question with its rendered texts and an answer, as components/question.html needs it."""
    shown = PreviewItem(
        id=item.id,
        kind=str(item.kind),
        stem=trusted(texts.stem),
        lang=language,
        dir=direction(language),
        unit=item.unit,
    )
    return _PARTS[type(item.answers)](shown, item, texts, answer)


def _choices(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    places = places_of(answer)
    return replace(
        shown,
        options=[
            PreviewEntry(value=position, text=trusted(html), chosen=position in places)
            for position, html in enumerate(texts.answers)
        ],
    )


def _order(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    places = places_of(answer)
    ranks = {position: rank for rank, position in enumerate(places, 1)}
    count = len(texts.answers)
    mixed = [*range(1, count, 2), *range(0, count, 2)]  # not the right order
    return replace(
        shown,
        entries=[
            PreviewEntry(value=position, text=trusted(texts.answers[position]), rank=ranks.get(position, 0))
            for position in mixed
        ],
    )


def _match(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    pairs = item.answers.pairs if isinstance(item.answers, Match) else ()
    chosen = answer.rows if isinstance(answer, Matched) else [None] * len(pairs)
    targets = sorted(((row, pair.right) for row, pair in enumerate(pairs)), key=lambda target: target[1])
    return replace(
        shown,
        entries=[
            PreviewEntry(value=row, text=trusted(html), chosen=chosen[row])
            for row, html in enumerate(texts.answers)
            if pairs[row].left
        ],
        targets=targets,
    )


def _sort(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    groups = item.answers.groups if isinstance(item.answers, Sort) else ()
    chosen = answer.groups if isinstance(answer, Sorted) else [None] * len(texts.answers)
    return replace(
        shown,
        entries=[
            PreviewEntry(value=position, text=trusted(html), chosen=chosen[position])
            for position, html in sorted(enumerate(texts.answers), key=lambda entry: entry[1])
        ],
        targets=[(position, group.title) for position, group in enumerate(groups)],
    )


def _written(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    return replace(shown, value=answer.text if isinstance(answer, Numeric | TypedText) else "")


def _gaps(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    gaps = item.answers.gaps if isinstance(item.answers, Gaps) else ()
    filled = answer.gaps if isinstance(answer, Filled) else [None] * len(gaps)
    shown_gaps = [_gap(gap, position, filled[position]) for position, gap in enumerate(gaps)]
    return replace(
        shown,
        pieces=[
            PreviewPiece(text=trusted(html), gap=gap)
            for html, gap in zip(texts.answers, [*shown_gaps, None], strict=True)
        ],
    )


def _gap(gap: Gap, position: int, filling: int | str | None) -> PreviewGap:
    return PreviewGap(value=position, filling="" if filling is None else filling, options=list(enumerate(gap.options)))


def _passages(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    passages = item.answers.passages if isinstance(item.answers, Passages) else ()
    picked = answer.places if isinstance(answer, Picked) else ()
    around, candidates = texts.answers[: len(passages) + 1], texts.answers[len(passages) + 1 :]
    pieces = [PreviewPiece(text=trusted(around[0]))]
    for position, html in enumerate(candidates):
        pieces.append(PreviewPiece(text=trusted(html), value=position, chosen=position in picked))
        pieces.append(PreviewPiece(text=trusted(around[position + 1])))
    return replace(shown, pieces=pieces)


def _open(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    rubric = item.answers
    if not isinstance(rubric, Open):
        return shown
    return replace(
        shown,
        value=answer.text if isinstance(answer, Essay) else "",
        heads=rubric.heads,
        criteria=[
            PreviewCriterion(name=row.name, points=decimal(row.points), earns=row.earns) for row in rubric.criteria
        ],
    )


def _rating(shown: PreviewItem, item: Item, texts: QuestionTexts, answer: Answer | None) -> PreviewItem:
    low, high = item.scale
    rated = answer.values if isinstance(answer, Rated) else [None] * len(texts.answers)
    return replace(
        shown,
        entries=[
            PreviewEntry(value=position, text=trusted(html), chosen=rated[position])
            for position, html in enumerate(texts.answers)
        ],
        scale=range(low, high + 1),
        low=_("lowest"),
        high=_("highest"),
    )


_PARTS: dict[type, Callable[[PreviewItem, Item, QuestionTexts, Answer | None], PreviewItem]] = {
    Choices: _choices,
    Order: _order,
    Match: _match,
    Sort: _sort,
    Number: _written,
    Short: _written,
    Gaps: _gaps,
    Passages: _passages,
    Open: _open,
    Rating: _rating,
}
