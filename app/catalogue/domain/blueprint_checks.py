"""Checking that the bank of a course can fill its tests: enough live items of the right form for each draw."""

from collections.abc import Collection

from app.catalogue.domain.courses import Course, Draw
from app.catalogue.domain.items import Bank, Form, Kind
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.toml_lines import TomlLines

LIVE = frozenset({Kind.SINGLE, Kind.SEVERAL, Kind.TRUEFALSE, Kind.ORDER})  # kinds that a test can ask today


def check_blueprint(course: Course, bank: Bank | None, *, file: str, toml: str) -> list[Problem]:
    """Return a mistake for each draw that the bank cannot fill with form B, and for pre-test and retention with form A.

    An item without a form may serve either; `reserve` serves neither. `file` and `toml` are of `course.toml`.
    """
    lines = TomlLines(toml)
    if course.test is None:
        without = [key for key in ("pretest", "retention") if getattr(course, key)]
        hint = 'Add a table "[test]" with the draw.'
        return [Problem(file, lines.of((key,)), "Only a course with a test has this.", hint) for key in without]
    mistakes = []
    message = "The test draws %(wanted)s items of %(competency)s; the bank has %(there)s of form B that it can ask."
    hint = "Write more items of the kinds single, several, truefalse or order, or draw fewer."
    for place, draw in enumerate(course.test.draw):
        there = live_items(bank, draw, Form.B, retired=course.retired)
        if there < draw.items:
            asked = " ".join((draw.competency, draw.level or "")).strip()
            values: dict[str, str | int] = {"wanted": draw.items, "competency": asked, "there": there}
            mistakes.append(Problem(file, lines.of(("test", "draw", place)), message, hint, values))
    pool = sum(live_items(bank, draw, Form.A, retired=course.retired) for draw in course.test.draw)
    message = "It asks %(wanted)s items; the bank has %(there)s of form A for the competencies of the test."
    for key, rules in (("pretest", course.pretest), ("retention", course.retention)):
        if rules and pool < rules.items:
            counts = {"wanted": rules.items, "there": pool}
            mistakes.append(Problem(file, lines.of((key, "items")), message, hint, counts))
    return mistakes


def live_items(bank: Bank | None, draw: Draw, form: Form, *, retired: Collection[str]) -> int:
    """Count the items of a draw that a test of this form can ask."""
    items = bank.items if bank else ()
    return sum(
        1
        for item in items
        if draw.takes(item) and item.kind in LIVE and item.form in (form, None) and item.id not in retired
    )
