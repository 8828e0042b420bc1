from datetime import date

import msgspec
import pytest
from hypothesis import given, strategies as st

from app.access.policy import Sensitivity
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.guesses import GuessCondition, GuessReaders, GuessRecord, bank_fingerprint
from app.catalogue.domain.items import Choices, Item, ItemForm, ItemKind, Option
from app.quizzes.domain.item_flags import ItemFlag
from app.quizzes.domain.watched_items import may_be_watched

PRESENT = bank_fingerprint("the questions")
RECORD = GuessRecord(
    condition=GuessCondition.OPTIONS, readers=GuessReaders.NOVICES, count=10, items=12, rate=0.37, low=0.29,
    high=0.46, chance=0.25, bank=PRESENT[:8], seed=7, on=date(2026, 12, 14), by="course owner", method="honest-tests 1",
)  # fmt: skip
COURSE = CourseFacts("T10", "en", Sensitivity.UNRESTRICTED, 1.0, "CC-BY-4.0", guesses=(RECORD,))
ITEM = Item(
    "T10-Q01", ItemKind.SINGLE, "PRT-01", "Which berth?", Choices((Option("2", 1.0), Option("3", 0.0))),
    form=ItemForm.RESERVE,
)  # fmt: skip


def test_item_of_a_measured_course_may_be_watched() -> None:
    assert may_be_watched(COURSE, PRESENT, ITEM, ())


@pytest.mark.parametrize("flag", list(ItemFlag))
def test_flagged_item_leaves_watched_checks(flag: ItemFlag) -> None:
    assert not may_be_watched(COURSE, PRESENT, ITEM, (flag,))


@pytest.mark.parametrize(
    ("course", "fingerprint"),
    [
        (msgspec.structs.replace(COURSE, guesses=()), PRESENT),
        (COURSE, bank_fingerprint("other questions")),
        (msgspec.structs.replace(COURSE, retired=("T10-Q01",)), PRESENT),
    ],
)
def test_item_without_a_measurement_of_its_bank_is_not_watched(course: CourseFacts, fingerprint: str) -> None:
    assert not may_be_watched(course, fingerprint, ITEM, ())


@given(st.floats(0, 1))
def test_item_is_watched_up_to_forty_percent_of_right_guesses(rate: float) -> None:
    course = msgspec.structs.replace(COURSE, guesses=(msgspec.structs.replace(RECORD, rate=rate),))
    assert may_be_watched(course, PRESENT, ITEM, ()) is (rate <= 0.40)
