"""Check that the bank of a course has enough items for its test, pre-test and delayed questions."""

from collections.abc import Collection

from app.catalogue.domain.courses import CourseFacts, CourseTest, Draw
from app.catalogue.domain.items import Bank, ItemForm, ItemKind
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.toml_lines import TomlLines

# kinds that a test can ask: the result appears at once, and only a person can mark an open answer
DRAWN = frozenset(ItemKind) - {ItemKind.OPEN}

_FEW_ITEMS_HINT = "Write more items of any kind but open, or draw fewer."


def check_blueprint(course: CourseFacts, bank: Bank | None, *, file: str, toml: str) -> list[Problem]:
    """Return a problem for each draw with too few items: form B for the test, form A for pre-test and retention.

    An item without a form may serve either; `reserve` serves neither. `file` and `toml` are of `course.toml`.
    """
    lines = TomlLines(toml)
    if course.test is None:
        without = [key for key in ("pretest", "retention") if getattr(course, key)]
        hint = 'Add a table "[test]" with the draw.'
        return [Problem(file, lines.of((key,)), "Only a course with a test has this.", hint) for key in without]
    return _check_draws(course, course.test, bank, file, lines) + _check_later_items(
        course, course.test, bank, file, lines
    )


def _check_draws(
    course: CourseFacts, test: CourseTest, bank: Bank | None, file: str, lines: TomlLines
) -> list[Problem]:
    problems = []
    excluded = {*course.retired, *(name for paper in course.papers for name in paper.items)}
    message = "The test draws %(wanted)s items of %(competency)s; the bank has %(there)s of form B that it can ask."
    for index, draw in enumerate(test.draw):
        available = live_items(bank, draw, ItemForm.B, retired=excluded)
        if available < draw.items:
            asked = " ".join((draw.competency, draw.level or "")).strip()
            values: dict[str, str | int] = {"wanted": draw.items, "competency": asked, "there": available}
            problems.append(Problem(file, lines.of(("test", "draw", index)), message, _FEW_ITEMS_HINT, values))
    return problems


def _check_later_items(
    course: CourseFacts, test: CourseTest, bank: Bank | None, file: str, lines: TomlLines
) -> list[Problem]:
    """Check that form A has enough items for the pre-test and for the questions after the test."""
    problems = []
    pool = sum(live_items(bank, draw, ItemForm.A, retired=course.retired) for draw in test.draw)
    message = "It asks %(wanted)s items; the bank has %(there)s of form A for the competencies of the test."
    for key, rules in (("pretest", course.pretest), ("retention", course.retention)):
        if rules and pool < rules.items:
            counts = {"wanted": rules.items, "there": pool}
            problems.append(Problem(file, lines.of((key, "items")), message, _FEW_ITEMS_HINT, counts))
    return problems


def live_items(bank: Bank | None, draw: Draw, form: ItemForm, *, retired: Collection[str]) -> int:
    """Count the items of a draw that a test of this form can ask."""
    items = bank.items if bank else ()
    return sum(
        1
        for item in items
        if draw.takes(item) and item.kind in DRAWN and item.form in (form, None) and item.id not in retired
    )
