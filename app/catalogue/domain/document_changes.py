"""Find the items that a change of a document makes stale: those that point to a changed line."""

from collections.abc import Iterable, Iterator, Mapping

from app.catalogue.domain.documents import Document, resolve
from app.catalogue.domain.items import Answers, Choices, Item, LineTarget, Mark, Match, Order, Pairs, Sort
from app.catalogue.domain.targets import target_of_entry


def changed_lines(before: Document, after: Document) -> frozenset[int]:
    """Return the numbers of the lines whose text changed, was added or removed; names of lines do not count."""
    earlier = {unit.number: (unit.cells, unit.time, unit.speaker) for unit in before.units}
    later = {unit.number: (unit.cells, unit.time, unit.speaker) for unit in after.units}
    return frozenset(number for number in earlier.keys() | later.keys() if earlier.get(number) != later.get(number))


def stale_items(items: Iterable[Item], before: Mapping[str, Document], after: Mapping[str, Document]) -> list[str]:
    """Return the ids of the items that point to a changed line, or to none and whose document has a changed line.

    `before` and `after` are the documents by id. An item whose document is gone or has lost a line is stale as well.
    """
    changed = {
        name: changed_lines(document, after[name]) if name in after else None for name, document in before.items()
    }
    lost = {name for name, document in before.items() if name in after and len(after[name].units) < len(document.units)}
    return [item.id for item in items if _is_stale(item, before, changed, lost)]


def _is_stale(
    item: Item, before: Mapping[str, Document], changed: Mapping[str, frozenset[int] | None], lost: set[str]
) -> bool:
    named = [name for name in item.document if name in before]
    if any(changed[name] is None or name in lost for name in named):
        return True
    resolved, _problems = resolve(item, before)
    lines = [(target.document or item.document[0], target.line) for target in _targets(resolved) if item.document]
    pointed = {name for name, _line in lines}
    if any(line in (changed.get(name) or ()) for name, line in lines):
        return True
    return any(changed[name] for name in named if name not in pointed)


def _targets(item: Item) -> Iterator[LineTarget]:
    yield from item.prove
    if isinstance(item.answers, Mark):
        yield from (line.target for line in item.answers.lines)
    if isinstance(item.answers, Pairs):
        for pair in item.answers.pairs:
            yield from (pair.first, pair.second)
    for text in _entries(item.answers):
        try:
            target = target_of_entry(text)
        except ValueError:
            continue
        if target:
            yield target


def _entries(answers: Answers) -> list[str]:
    if isinstance(answers, Order):
        return [entry.text for entry in answers.entries]
    if isinstance(answers, Sort):
        return [entry.text for group in answers.groups for entry in group.entries]
    if isinstance(answers, Choices):
        return [option.text for option in answers.options]
    pairs = answers.pairs if isinstance(answers, Match) else ()
    return [text for pair in pairs for text in (pair.left, pair.right)]
