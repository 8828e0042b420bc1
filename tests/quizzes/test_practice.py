"""Rules of a practice sitting: questions drawn, competencies that count, too fast answers."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, strategies as st

from app.catalogue.domain.items import Item, ItemForm, ItemKind
from app.quizzes.domain import practice
from tests.quizzes.banks import choices

TODAY = date(2027, 3, 10)
NOON = datetime(2027, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def _item(number: int, competency: str = "LRE-01", **more: object) -> Item:
    form = more.pop("form", ItemForm.A)
    return Item(f"M01-Q{number:02}", ItemKind.SINGLE, competency, "Stem", choices(1.0, 0.0), form=form, **more)  # type: ignore[arg-type]


ITEMS = {"LRE-01": [_item(n) for n in range(8)], "LRE-02": [_item(n, "LRE-02") for n in range(10, 18)]}


@given(st.integers(0, 2**63 - 1), st.sets(st.integers(0, 17)))
def test_draw_asks_unseen_questions_before_seen_ones(seed: int, met: set[int]) -> None:
    seen = {f"M01-Q{number:02}": NOON - number * DAY for number in met}
    drawn = practice.draw(ITEMS, ["LRE-01", "LRE-02"], last_met=seen, seed=seed).items
    assert len({item.id for item in drawn}) == practice.QUESTIONS
    for competency, items in ITEMS.items():
        asked = [item.id for item in drawn if item.competency == competency]
        unseen = [item.id for item in items if item.id not in seen]
        assert len(asked) in (2, 3)
        assert len(set(asked) & set(unseen)) == min(len(asked), len(unseen))


@given(st.integers(0, 2**63 - 1))
def test_draw_asks_the_question_seen_longest_ago_first(seed: int) -> None:
    seen = {item.id: NOON - place * DAY for place, item in enumerate(ITEMS["LRE-01"])}
    drawn = practice.draw(ITEMS, ["LRE-01"], last_met=seen, seed=seed).items
    assert [item.id for item in drawn] == ["M01-Q07", "M01-Q06", "M01-Q05", "M01-Q04", "M01-Q03"]


@given(st.integers(0, 2**63 - 1))
def test_same_seed_draws_the_same_questions(seed: int) -> None:
    drawn = [practice.draw(ITEMS, ["LRE-01", "LRE-02"], last_met={}, seed=seed) for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_draw_fills_up_from_the_other_competency() -> None:
    items = {"LRE-01": ITEMS["LRE-01"][:1], "LRE-02": ITEMS["LRE-02"]}
    drawn = practice.draw(items, ["LRE-01", "LRE-02"], last_met={}, seed=1).items
    assert [item.competency for item in drawn].count("LRE-02") == practice.QUESTIONS - 1


def test_pool_has_forms_a_and_practice_and_no_retired_question() -> None:
    from tests.support.courses import ready

    course = ready()[0].folder.course
    forms = [ItemForm.A, ItemForm.B, ItemForm.RESERVE, ItemForm.PRACTICE, None]
    bank = [_item(number, form=form) for number, form in enumerate(forms)]
    assert [item.form for item in practice.pool(course, bank)["LRE-01"]] == [ItemForm.A, ItemForm.PRACTICE]


def test_sitting_counts_after_fourteen_days() -> None:
    last = {"LRE-01": TODAY - 13 * DAY, "LRE-02": TODAY - 14 * DAY, "LRE-03": None}
    assert practice.counted(last, [], TODAY) == ["LRE-02", "LRE-03"]
    assert practice.counts_from(TODAY - 13 * DAY, TODAY) == TODAY + DAY
    assert practice.counts_from(TODAY - 14 * DAY, TODAY) is None


def test_second_sitting_of_a_day_does_not_count() -> None:
    assert practice.counted({"LRE-01": None}, [TODAY], TODAY) == []


def test_sixth_sitting_of_a_week_does_not_count() -> None:
    week = [TODAY - n * DAY for n in range(1, 6)]
    assert practice.counted({"LRE-01": None}, week, TODAY) == []
    assert practice.counted({"LRE-01": None}, [*week[:4], TODAY - 7 * DAY], TODAY) == ["LRE-01"]


def test_sitting_faster_than_one_and_a_half_seconds_an_answer_is_too_fast() -> None:
    assert practice.too_fast(NOON, NOON + timedelta(seconds=5.9), 4)
    assert not practice.too_fast(NOON, NOON + timedelta(seconds=6), 4)
