"""Which items a watched check may draw: only a check that a person watches can verify an officer."""

from collections.abc import Collection

from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.guesses import resists_guessing
from app.catalogue.domain.items import Item
from app.quizzes.domain.item_flags import ItemFlag


def may_be_watched(course: CourseFacts, fingerprint: str, item: Item, flags: Collection[ItemFlag]) -> bool:
    """Return whether a watched check may draw an item; desk tasks are not drawn from items, so the rule skips them.

    `fingerprint` is that of the present questions of the course. An item leaves watched checks if it was retired, if it
    has a flag, or without a measurement that the options alone do not give the questions away. It stays in practice.
    """
    return item.id not in course.retired and not flags and resists_guessing(course.guesses, fingerprint)
