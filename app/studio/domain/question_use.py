"""Questions of a course that reach no learner, and the changes by which the test draws them or a lesson asks them.

As in `course_edits`, changes are the files to write, by path within the folder of the course.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from enum import StrEnum

import msgspec

from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.courses import CourseFacts, CourseTest, Draw
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.items import Item, ItemForm
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import BlockType
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.text import TextFile, normalise
from app.kernel.errors import DomainError
from app.studio.domain.bank_changes import source_bank
from app.studio.domain.course_edits import Changes, Files, facts_of, with_facts

MOST_DRAWN = 5  # of a competency, in a test that the studio writes: the others remain for a later attempt


class UndrawnUse(StrEnum):
    """Where an item is asked whose kind no test draws."""

    LESSON = "lesson"
    DESK_TASK = "desk_task"
    NOWHERE = "nowhere"  # in reserve, and no desk task names it


def undrawn_use(facts: CourseFacts, item_id: str, form: str) -> UndrawnUse:
    """Return where an item is asked whose kind no test draws; `form` is its key as written."""
    if any(item_id in task.items for task in facts.desk_tasks):
        return UndrawnUse.DESK_TASK
    return UndrawnUse.NOWHERE if form == ItemForm.RESERVE else UndrawnUse.LESSON


def unused_items(folder: CourseFolder) -> tuple[Item, ...]:
    """Return the items that learners could answer, but that no lesson asks and no test draws.

    Items of the form `reserve` are for watched checks.
    """
    bank = folder.banks.get(folder.course.source_language)
    asked = asked_items(folder)
    return tuple(
        item
        for item in (bank.items if bank else ())
        if _can_be_used(folder.course, item) and item.id not in asked and not _is_drawn(folder.course, item)
    )


def asked_items(folder: CourseFolder) -> frozenset[str]:
    """Return the ids of the items that a lesson asks."""
    source = folder.course.source_language
    lessons = [texts[source] for texts in folder.lessons.values() if source in texts]
    blocks = [block for lesson in lessons for block in scan(TextFile("", lesson.body))[0].titles(BlockType.CHECK)]
    return frozenset(block.title for block in blocks)


def extended_draws(facts: CourseFacts, unused: Collection[Item]) -> tuple[Draw, ...]:
    """Return the draws of the test with those that take the unused items; its own draws are unchanged.

    A new draw takes at most `MOST_DRAWN` items. In a course with a test, a new draw takes items of one level, because
    the test may draw the other levels already.
    """
    before = own_draws(facts)
    drawn = [item for item in unused if _can_be_added(item, before)]
    counts = Counter((item.competency, item.level if facts.test else None) for item in drawn if item.competency)
    added = [Draw(competency, min(count, MOST_DRAWN), level) for (competency, level), count in counts.items()]
    return (*before, *added)


def _can_be_added(item: Item, draws: Sequence[Draw]) -> bool:
    is_for_tests = item.kind in DRAWN and item.form in (ItemForm.B, None)
    return is_for_tests and not any(draw.takes(item) for draw in draws)


def own_draws(facts: CourseFacts) -> tuple[Draw, ...]:
    """Return the draws of the test of a course, none without a test."""
    return facts.test.draw if facts.test else ()


def add_to_test(files: Files, folder: CourseFolder) -> Changes:
    """Return `course.toml` with a test that draws the unused items; a new test has the default rules of the format.

    Raises DomainError if the test can draw none of them.
    """
    facts = facts_of(files)
    draws = extended_draws(facts, unused_items(folder))
    if len(draws) == len(own_draws(facts)):
        raise DomainError("The test can draw none of these questions. Choose the form B, or no form.")
    test = msgspec.structs.replace(facts.test, draw=draws) if facts.test else CourseTest(draws)
    return with_facts(files, msgspec.structs.replace(facts, test=test))


def ask_in_lesson(files: Files, slug: str, item_ids: Sequence[str]) -> Changes:
    """Return a lesson that asks items at its end; items that it asks already are not repeated.

    Raises DomainError if the lesson or an item was removed.
    """
    facts = facts_of(files)
    path = path_in_course(Part.LESSON, facts.source_language, slug)
    _require_lesson(facts, slug, path in files)
    text = normalise(files[path].decode("utf-8", "replace"))
    known_ids = {item.id for item in read_bank(TextFile("", source_bank(files) or ""))[0].items}
    present = {block.title for block in scan(TextFile("", text))[0].titles(BlockType.CHECK)}
    added = [item_id for item_id in dict.fromkeys(item_ids) if item_id not in present]
    if not known_ids.issuperset(added):
        raise DomainError("A lesson cannot ask one of these questions.")
    blocks = [f"/// check | {item_id}\n///\n" for item_id in added]
    return {path: "\n".join([text.rstrip("\n") + "\n", *blocks]).encode()}


def _require_lesson(facts: CourseFacts, slug: str, has_text: bool) -> None:
    if not has_text or slug not in {entry.slug for entry in facts.lessons}:
        raise DomainError("This lesson was removed by another user.")


def _can_be_used(facts: CourseFacts, item: Item) -> bool:
    return item.form is not ItemForm.RESERVE and item.id not in facts.retired


def _is_drawn(facts: CourseFacts, item: Item) -> bool:
    """Return whether the test, the pre-test or the delayed questions can draw an item."""
    if facts.test is None or item.kind not in DRAWN or not any(draw.takes(item) for draw in facts.test.draw):
        return False
    forms = {None, ItemForm.B}
    if facts.pretest or facts.retention:
        forms.add(ItemForm.A)
    return item.form in forms
