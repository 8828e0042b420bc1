"""Check the meaning of bank items: known ids, sound answers, feedback, options that do not give the answer away."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator
from typing import Any

from app.catalogue.domain.document_answers import written_key
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.items import (
    Bank,
    Choices,
    Fields,
    Gap,
    Gaps,
    Item,
    ItemKind,
    Mark,
    Match,
    Number,
    Open,
    Option,
    Order,
    Pairs,
    Passages,
    Rating,
    Short,
    Sort,
)
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.source_lines import Report
from app.catalogue.domain.targets import write_target
from app.catalogue.domain.text_checks import find_dense

# Messages and hints are msgids without `_()`: `i18n.extraction` collects literals that begin with a capital, quote or %
# and end in a full stop or question mark, `studio.labels` translates them; an f-string or other literal stays English
ON_DOCUMENTS = frozenset({ItemKind.MARK, ItemKind.PAIR, ItemKind.FIELDS})
ENOUGH_ITEMS = 3
"""How many items a competency needs, so that a test can draw among them."""

# In the languages of the courses that have a set phrase for it; no letter variants, so casefold is enough.
_ALL_OF_THE_ABOVE = (
    "all of the above",
    "all of these",
    "none of the above",
    "all the above",
    "جميع ما سبق",
    "كل ما سبق",
    "لا شيء مما سبق",
    "hepsi doğru",
    "yukarıdakilerin hepsi",
    "todas las anteriores",
    "toutes les réponses ci-dessus",
)
_SPACES = re.compile(r"\s+")

Sayings = Iterator[tuple[str, str]]
"""What is wrong and what would be right, for an error at the item's line."""


def check_bank(
    bank: Bank,
    file: str,
    *,
    competencies: Container[str] | None,
    sources: Container[str] | None,
    retired: Collection[str],
    long_sources: Container[str] = (),
    is_drawn_from: bool = True,
) -> list[Problem]:
    """Return the problems of the items; with None for competencies or sources, their ids are not compared.

    `long_sources`: a cite of one of them has to name the place. `is_drawn_from`: a test draws among the items, so each
    competency needs some.
    """
    report = Report(file)
    for item in bank.items:
        _check_keys(item, report, competencies=competencies, retired=retired)
        _check_sources(item, report, sources)
        _check_places(item, report, long_sources)
        for message, hint in (*_open_alone(item), *_documents_named(item), *_errors_of_wrong_options(item)):
            report.error(item.line, message, hint)
        for message, hint in _ANSWERS[type(item.answers)](item.answers, item):
            report.error(item.line, message, hint)
        if isinstance(item.answers, Choices):
            _check_options(item.answers.options, item, report)
        for block in blocks_of_bank(Bank((item,))):
            find_dense(block, item.line, report)
    find_dense(bank.intro, 1, report)
    if is_drawn_from:
        _check_counts(bank, report)
    _check_longest(bank, report)
    return report.sorted()


def _check_keys(item: Item, report: Report, *, competencies: Container[str] | None, retired: Collection[str]) -> None:
    if item.id in retired:
        message = "The id %(id)s was used by an item that was removed."
        report.error(item.line, message, "Give the item a new id.", id=item.id)
    if competencies is not None and item.competency and item.competency not in competencies:
        message = "The competency %(name)s is not known."
        report.error(item.line, message, "Use one of competencies.toml that the course names.", name=item.competency)


def _open_alone(item: Item) -> Sayings:
    if item.kind is not ItemKind.OPEN and (item.length or item.good or item.weak):
        yield "Only an item of the kind open has a length and model answers.", "Remove words, /// good and /// weak."


def _documents_named(item: Item) -> Sayings:
    if item.prove and not item.document:
        yield "The item asks for a line, but it names no document.", "Add a key document with its id."
    if item.kind in ON_DOCUMENTS and not item.document:
        yield "The item works on a document, but it names none.", "Add a key document with its id."


def _errors_of_wrong_options(item: Item) -> Sayings:
    options = item.answers.options if isinstance(item.answers, Choices) else ()
    if any(option.error and option.share > 0 for option in options):
        yield "A right option has the sign of an error.", "Write (miss) or (false_alarm) at the end of wrong options."


def _check_sources(item: Item, report: Report, sources: Container[str] | None) -> None:
    if not item.cite:
        report.warn(item.line, "The item %(id)s names no source.", "Add a key cite.", id=item.id)
    for cite in item.cite:
        name = cite.split(",")[0].strip()
        if sources is not None and name not in sources:
            message = "The source %(name)s is not known."
            report.error(item.line, message, "Use an id of sources.toml, or add the source there.", name=name)


def _check_places(item: Item, report: Report, long_sources: Container[str]) -> None:
    for cite in item.cite:
        name, _, locator = cite.partition(",")
        if name.strip() in long_sources and not locator.strip():
            message = "The item %(id)s cites %(name)s without a page, paragraph or section."
            hint = "Open the source, and write the place after a comma. If it cannot be opened, cite another source."
            report.warn(item.line, message, hint, id=item.id, name=name.strip())


def _check_options(options: tuple[Option, ...], item: Item, report: Report) -> None:
    for position, option in enumerate(options, 1):
        text = _SPACES.sub(" ", option.text.casefold())
        if not option.feedback:
            message = "Option %(place)s of %(id)s has no feedback."
            hint = "Write below it, after >, why it is right or wrong."
            report.warn(item.line, message, hint, place=position, id=item.id)
        if any(phrase in text for phrase in _ALL_OF_THE_ABOVE):
            message = "Option %(place)s of %(id)s refers to the other options, but their order changes."
            report.warn(
                item.line, message, "Write an option that does not refer to others.", place=position, id=item.id
            )


def _check_counts(bank: Bank, report: Report) -> None:
    counts = Counter(item.competency for item in bank.items if item.competency)
    lines = {item.competency: item.line for item in reversed(bank.items)}
    for name, count in counts.items():
        if count < ENOUGH_ITEMS:
            message = "The competency %(name)s has %(count)s items."
            report.warn(lines[name], message, "Write at least %(least)s.", name=name, count=count, least=ENOUGH_ITEMS)


def _check_longest(bank: Bank, report: Report) -> None:
    judged = [item for item in bank.items if item.kind in (ItemKind.SINGLE, ItemKind.SEVERAL) and _rights(item)]
    longest = [item for item in judged if _right_is_longest(item)]
    if judged and len(longest) * 2 > len(judged):
        message = "The right option is the longest in %(count)s of %(all)s items."
        hint = "Shorten the right options, or give the wrong ones more detail."
        report.warn(longest[0].line, message, hint, count=len(longest), all=len(judged))


def _rights(item: Item) -> list[Option]:
    return [option for option in item.answers.options if option.share > 0] if isinstance(item.answers, Choices) else []


def _right_is_longest(item: Item) -> bool:
    rights = _rights(item)
    options = item.answers.options if isinstance(item.answers, Choices) else ()
    wrongs = [len(option.text) for option in options if option not in rights]
    return bool(wrongs) and max(len(option.text) for option in rights) > max(wrongs)


def _choices(choices: Choices, item: Item) -> Sayings:
    yield from _number_of_options(choices, item)
    yield from _right_options(choices, item)
    yield from _alike([option.text for option in choices.options])


def _number_of_options(choices: Choices, item: Item) -> Sayings:
    if item.kind is ItemKind.TRUEFALSE and len(choices.options) != 2:
        yield "The item does not have two options.", "Write two: the first is true, the second false."
    elif len(choices.options) < 2:
        yield "The item has one option only.", "Write at least two."


def _right_options(choices: Choices, item: Item) -> Sayings:
    rights = sum(option.share == 1 for option in choices.options)
    if item.kind is not ItemKind.SEVERAL and rights != 1:
        yield "The item does not have exactly one right option.", "Mark one option with [x], the others with [ ]."
    if item.kind is ItemKind.SEVERAL and not any(option.share > 0 for option in choices.options):
        yield "The item has no right option.", "Mark at least one option with [x]."


def _alike(texts: list[str]) -> Sayings:
    if len(set(texts)) < len(texts):
        yield "Two answers of the item are the same.", "Change one of them, or remove it."


def _order(order: Order, item: Item) -> Sayings:
    if len(order.entries) < 2:
        yield "There is nothing to put in order.", "Write at least two lines."
    yield from _alike([entry.text for entry in order.entries])


def _match(match: Match, item: Item) -> Sayings:
    lefts = [pair.left for pair in match.pairs if pair.left]
    if len(lefts) < 2:
        yield "There is nothing to match.", "Write at least two rows with a left cell."
    yield from _alike(lefts)


def _sort(sort: Sort, item: Item) -> Sayings:
    if len(sort.groups) < 2:
        yield "The item has one group only.", "Write at least two, each with a line ###."
    if not all(group.entries and group.title for group in sort.groups):
        yield "A group has no name or no entries.", "Write its name after ### and entries below it."
    yield from _alike([entry.text for group in sort.groups for entry in group.entries])


def _accepted(answers: Number | Short, item: Item) -> Sayings:
    if not any(answer.share == 1 for answer in answers.answers):
        yield "No answer of the item earns full marks.", "Write one with = and without a mark."
    if isinstance(answers, Short):
        yield from _alike([answer.pattern for answer in answers.answers])


def _gaps(gaps: Gaps, item: Item) -> Sayings:
    if not gaps.gaps:
        yield "The text has no gap.", "Write one as {=word} or {~wrong|=right}."
    for gap in gaps.gaps:
        yield from _gap(gap)


def _gap(gap: Gap) -> Sayings:
    if not all(gap.accepted) or not gap.accepted or not all(gap.options):
        yield "A gap has no right answer or an empty one.", "Write {=word}, or = before the right one in {~a|=b}."
    if gap.mode == "chosen" and len(gap.options) < 2:
        yield "A gap offers one option only.", "Write at least two, separated by a bar |."
    yield from _alike(list(gap.options))


def _passages(passages: Passages, item: Item) -> Sayings:
    if not any(passage.right for passage in passages.passages):
        yield "The text has no right passage.", "Mark at least one as {{+ passage }}."


def _open(rubric: Open, item: Item) -> Sayings:
    if not any(criterion.points > 0 for criterion in rubric.criteria):
        yield "No criterion earns points.", "Write one row for each criterion, with its points."


def _rating(rating: Rating, item: Item) -> Sayings:
    low, high = item.scale
    if not rating.statements:
        yield "There is nothing to rate.", "Write statements as - Text = 3..4."
    if any(not low <= statement.low <= statement.high <= high for statement in rating.statements):
        yield (
            "A range of ratings is in the wrong order or outside the scale.",
            "Write the lower first, both on the scale.",
        )


def _mark(answers: Mark, item: Item) -> Sayings:
    if all(line.sign != "+" for line in answers.lines):
        yield "No line is to be marked.", "Write + before each line that counts."
    yield from _alike([write_target(line.target) for line in answers.lines])


def _pairs(pairs: Pairs, item: Item) -> Sayings:
    if not any(pair.right for pair in pairs.pairs):
        yield "The item has no pair to be found.", "Write + before a pair that contradicts."
    if any(pair.first == pair.second for pair in pairs.pairs):
        yield "A pair is of one line with itself.", "Name two different lines."
    yield from _alike([" x ".join(sorted(map(write_target, (pair.first, pair.second)))) for pair in pairs.pairs])


def _fields(fields: Fields, item: Item) -> Sayings:
    if not fields.fields:
        yield "The item expects no entry.", "Write label = entry for each field of the form."
    for entry in fields.fields:
        yield from _alike([written_key(key) for key in entry.accepted])


_ANSWERS: dict[type, Callable[[Any, Item], Sayings]] = {
    Choices: _choices,
    Order: _order,
    Match: _match,
    Sort: _sort,
    Number: _accepted,
    Short: _accepted,
    Gaps: _gaps,
    Passages: _passages,
    Open: _open,
    Rating: _rating,
    Mark: _mark,
    Pairs: _pairs,
    Fields: _fields,
}
