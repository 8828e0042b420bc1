from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from app.home.domain import MOST_TASKS, PartOfDay, Task, digest_is_due, digest_occasion, most_urgent, part_of_day
from app.home.pages import start

START = datetime(2027, 3, 1, tzinfo=UTC)  # a Monday


def _task(name: str, days: int | None) -> Task:
    by = None if days is None else START + timedelta(days=days)
    return Task(name, "/", by=by)


@pytest.mark.parametrize(
    ("hour", "part"), [(0, PartOfDay.MORNING), (11, PartOfDay.MORNING), (12, PartOfDay.DAY), (18, PartOfDay.EVENING)]
)
def test_greeting_follows_local_time(hour: int, part: PartOfDay) -> None:
    assert part_of_day(START.replace(hour=hour)) is part


def test_tasks_are_sorted_by_deadline_and_others_keep_their_order() -> None:
    tasks = [_task("a", None), _task("b", 9), _task("c", None), _task("d", 2)]
    assert [task.name for task in most_urgent(tasks)] == ["d", "b", "a", "c"]


@given(st.lists(st.none() | st.integers(0, 400), max_size=20))
def test_start_page_shows_at_most_the_five_nearest_tasks(days: list[int | None]) -> None:
    tasks = [_task(str(n), each) for n, each in enumerate(days)]
    shown = most_urgent(tasks)
    assert len(shown) == min(len(days), MOST_TASKS)
    dates = sorted(task.by for task in tasks if task.by is not None)
    assert [task.by for task in shown if task.by is not None] == dates[: len(shown)]


@pytest.mark.parametrize(("day", "hour", "due"), [(0, 6, False), (0, 7, True), (0, 23, True), (1, 9, False)])
def test_weekly_mail_is_due_on_monday_from_seven(day: int, hour: int, due: bool) -> None:
    assert digest_is_due(START + timedelta(days=day, hours=hour)) is due


def test_week_has_one_occasion() -> None:
    names = {digest_occasion(START + timedelta(hours=h)) for h in range(24 * 7)}
    assert names == {"week:2027-09"}


def test_kind_of_the_next_step_is_that_of_the_start_page() -> None:
    kinds = {step.__name__: kind for step, kind in start.HERO_KINDS.items()}
    assert kinds == {"NextLesson": "lesson", "NextCase": "case", "Test": "test", "Finished": "finished"}
