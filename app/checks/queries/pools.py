"""Read the pool of reserve items for a watched check of a competency at a level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from uuid import UUID

from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.items import Item, ItemForm, Level
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.shapes import Outline
from app.checks.domain.pools import LEAST_POOL, PoolItem, PoolSize, pool_item, size_of
from app.competence.domain.scoring import item_key
from app.quizzes.domain.item_flags import ItemFlag, flags
from app.quizzes.domain.watched_items import may_be_watched
from app.quizzes.queries import item_statistics

Aim = tuple[str, Level]


@dataclass(frozen=True, slots=True)
class Pool:
    """The items of a course that a watched check may draw."""

    course_id: UUID
    version_id: UUID
    items: tuple[str, ...]
    size: int

    @property
    def kind(self) -> PoolSize:
        """Return which size it is: full, small, or too small for questions."""
        return size_of(self.size)


def pool(competency: str, level: Level) -> Pool | None:
    """Return the largest pool of a published course for a competency at a level, None without any item."""
    return pools().get((competency, level))


def pools() -> Mapping[Aim, Pool]:
    """Return the largest pool of a published course for each competency and level that has items."""
    largest: dict[Aim, Pool] = {}
    for version_id in versions.current_ids():
        outline = catalogue.outline(version_id)
        for aim, items in _of_version(version_id, flagged_items(outline)).items():
            if aim not in largest or len(items) > largest[aim].size:
                names = tuple(item.id for item in items)
                largest[aim] = Pool(outline.course_id, version_id, names, len(names))
    return largest


def items_of(version_id: UUID, competency: str, level: Level) -> tuple[PoolItem, ...]:
    """Return the items of a version that a check of a competency at a level may draw."""
    return _of_version(version_id, flagged_items(catalogue.outline(version_id))).get((competency, level), ())


def is_large_enough(items: Pool) -> bool:
    """Return whether a pool has enough items for questions; otherwise a sitting has desk tasks only."""
    return items.size >= LEAST_POOL


def flagged_items(outline: Outline) -> frozenset[tuple[str, ItemFlag]]:
    """Return the flags of the items of a course, by the statistics of first answers that the job stored."""
    stored = item_statistics.stored(outline.course_id, outline.version_id)
    if stored is None:
        return frozenset()
    bank = catalogue.bank(outline.version_id, outline.facts.source_language)
    asked = [answers for answers in stored[0].answers if answers.item in bank]
    return frozenset(
        (answers.item, flag) for answers in asked for flag in flags(answers, item_key(bank[answers.item].item))
    )


@lru_cache(maxsize=256)
def _of_version(version_id: UUID, flagged: frozenset[tuple[str, ItemFlag]]) -> Mapping[Aim, tuple[PoolItem, ...]]:
    by_aim: dict[Aim, list[PoolItem]] = {}
    for item in _items(catalogue.outline(version_id), flagged):
        by_aim.setdefault((item.competency, item.level), []).append(pool_item(item))
    return {aim: tuple(items) for aim, items in by_aim.items()}


def _items(outline: Outline, flagged: frozenset[tuple[str, ItemFlag]]) -> Iterator[Item]:
    """Yield the reserve items of a version that may be watched, without those of desk tasks and papers."""
    facts = outline.facts
    fingerprint = versions.bank_fingerprint(outline.version_id, facts.source_language)
    linked = _linked(facts)
    for question in catalogue.bank(outline.version_id, facts.source_language).values():
        item = question.item
        raised = [flag for name, flag in flagged if name == item.id]
        if _is_drawn(item, linked) and may_be_watched(facts, fingerprint, item, raised):
            yield item


def _linked(facts: CourseFacts) -> frozenset[str]:
    """Return the items that are asked together: those of desk tasks and of papers."""
    groups = (*(task.items for task in facts.desk_tasks), *(paper.items for paper in facts.papers))
    return frozenset(chain.from_iterable(groups))


def _is_drawn(item: Item, linked: frozenset[str]) -> bool:
    return item.form is ItemForm.RESERVE and item.kind in DRAWN and item.id not in linked
