from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.home.domain import MOST_TODOS, PartOfDay, Todo, digest_is_due, digest_occasion, first, part_of_day

START = datetime(2027, 3, 1, tzinfo=UTC)  # a Monday


def _todo(name: str, days: int | None) -> Todo:
    by = None if days is None else START + timedelta(days=days)
    return Todo(name, "/", "", "", "open", "", "", by)


@pytest.mark.parametrize(
    ("hour", "part"), [(0, PartOfDay.MORNING), (11, PartOfDay.MORNING), (12, PartOfDay.DAY), (18, PartOfDay.EVENING)]
)
def test_the_greeting_follows_the_readers_clock(hour: int, part: PartOfDay) -> None:
    assert part_of_day(START.replace(hour=hour)) is part


def test_the_nearest_date_comes_first_and_what_has_none_keeps_its_order() -> None:
    todos = [_todo("a", None), _todo("b", 9), _todo("c", None), _todo("d", 2)]
    assert [todo.name for todo in first(todos)] == ["d", "b", "a", "c"]


@given(st.lists(st.none() | st.integers(0, 400), max_size=20))
def test_home_shows_five_at_most_and_never_hides_a_nearer_date(days: list[int | None]) -> None:
    todos = [_todo(str(n), each) for n, each in enumerate(days)]
    shown = first(todos)
    assert len(shown) == min(len(days), MOST_TODOS)
    dates = sorted(todo.by for todo in todos if todo.by is not None)
    assert [todo.by for todo in shown if todo.by is not None] == dates[: len(shown)]


@pytest.mark.parametrize(("day", "hour", "due"), [(0, 6, False), (0, 7, True), (0, 23, True), (1, 9, False)])
def test_the_weeks_mail_goes_out_on_monday_from_seven(day: int, hour: int, due: bool) -> None:
    assert digest_is_due(START + timedelta(days=day, hours=hour)) is due


def test_a_week_has_one_occasion() -> None:
    names = {digest_occasion(START + timedelta(hours=h)) for h in range(24 * 7)}
    assert names == {"week:2027-09"}
