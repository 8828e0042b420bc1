from random import Random

import pytest
from hypothesis import given, strategies as st

from app.kernel.errors import InputError
from app.quizzes.domain.saves import (
    MOST_COUNTER,
    MOST_DEVICE,
    Certainty,
    Save,
    counter_of,
    distinct,
    merge,
    next_sequence,
    sequence,
)

saves = st.builds(
    Save,
    question=st.integers(1, 3),
    sequence=st.builds(sequence, st.integers(0, 5), st.integers(1, 2)),
    body=st.none() | st.builds(lambda place: {"place": place}, st.integers(0, 3)),
    certainty=st.none() | st.sampled_from(Certainty),
)
groups = st.lists(saves, max_size=8)


@given(groups, groups)
def test_merge_is_commutative(one: list[Save], other: list[Save]) -> None:
    assert merge(one, other) == merge(other, one)


@given(groups, groups, groups)
def test_merge_is_associative(one: list[Save], two: list[Save], three: list[Save]) -> None:
    left = merge(merge(one, two).values(), three)
    assert left == merge(one, merge(two, three).values())


@given(groups)
def test_merge_is_idempotent(found: list[Save]) -> None:
    assert merge(found, found) == merge(found)
    assert merge(merge(found).values()) == merge(found)


def test_any_order_of_arrival_ends_alike() -> None:
    random = Random(7)
    for _ in range(1_000):
        written: list[Save] = []
        for _ in range(random.randint(1, 50)):
            number = next_sequence(
                random.sample([one.sequence for one in written], len(written) // 2), random.randint(1, 2)
            )
            if number in {one.sequence for one in written}:
                continue
            written.append(Save(random.randint(1, 4), number, {"place": random.randint(0, 9)}))
        arrived = [*written, *random.choices(written, k=len(written) // 2)]
        random.shuffle(arrived)
        held: dict[int, Save] = {}
        for save in arrived:
            held = merge(held.values(), [save])
        newest = {one.question: one for one in sorted(written, key=lambda one: one.sequence)}
        assert held == newest


@given(st.integers(0, MOST_COUNTER - 1), st.integers(0, MOST_DEVICE), st.integers(0, MOST_DEVICE))
def test_an_older_save_never_beats_a_newer(counter: int, device: int, other: int) -> None:
    older, newer = Save(1, sequence(counter, device), 1), Save(1, sequence(counter + 1, other), 2)
    assert merge([newer, older]) == merge([older, newer]) == {1: newer}


@given(st.lists(st.integers(0, MOST_COUNTER - 1).map(lambda counter: sequence(counter, 9)), max_size=5))
def test_a_new_save_is_above_all_known(known: list[int]) -> None:
    number = next_sequence(known, 3)
    assert all(number > one for one in known)
    assert number & MOST_DEVICE == 3


@given(st.integers(0, MOST_COUNTER), st.integers(0, MOST_DEVICE))
def test_a_number_fits_64_bits_and_gives_its_counter(counter: int, device: int) -> None:
    assert 0 <= sequence(counter, device) < 2**63
    assert counter_of(sequence(counter, device)) == counter


@pytest.mark.parametrize(("counter", "device"), [(-1, 0), (0, -1), (MOST_COUNTER + 1, 0), (0, MOST_DEVICE + 1)])
def test_numbers_out_of_range_are_refused(counter: int, device: int) -> None:
    with pytest.raises(InputError):
        sequence(counter, device)


def test_an_answer_taken_back_counts_as_taken_back() -> None:
    assert merge([Save(1, 2 << 16, None), Save(1, 1 << 16, {"place": 1})]) == {1: Save(1, 2 << 16, None)}
    assert merge([]) == {}


def test_distinct_returns_the_winner_of_saves_with_one_number() -> None:
    one, other = Save(1, 5, {"place": 0}), Save(1, 5, {"place": 1})
    assert (
        distinct([one, other, Save(1, 6, None)])
        == distinct([other, one, Save(1, 6, None)])
        == [
            other,
            Save(1, 6, None),
        ]
    )
