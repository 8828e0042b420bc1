"""The order of a nomination form: ranks, ties, moves, and what a rank can get."""

from uuid import UUID

from hypothesis import given, strategies as st

from app.workshops.domain.ranking import RankEntry, SeatOutlook, moved, ordered, outlook

A, B, C, D = (UUID(int=n) for n in range(1, 5))
ENTRIES = st.lists(st.one_of(st.none(), st.integers(1, 9)), max_size=8).map(
    lambda ranks: [RankEntry(UUID(int=n), rank) for n, rank in enumerate(ranks, 1)]
)


def _ordered(*ranks: int | None) -> list[UUID]:
    return ordered([RankEntry(person_id, rank) for person_id, rank in zip((A, B, C, D), ranks, strict=False)])


def test_officers_without_a_rank_follow_in_the_order_of_the_form() -> None:
    assert _ordered(None, 2, None, 1) == [D, B, A, C]


def test_smaller_rank_passes_the_officer_who_had_it() -> None:
    assert _ordered(1, 2, 1) == [C, A, B]


def test_larger_rank_falls_behind_the_officer_who_had_it() -> None:
    assert _ordered(3, 2, 3) == [B, C, A]


@given(ENTRIES)
def test_order_contains_each_officer_once_by_rank(entries: list[RankEntry]) -> None:
    order = ordered(entries)
    assert sorted(order) == sorted(entry.person_id for entry in entries)
    ranks = {entry.person_id: entry.rank for entry in entries}
    ranked = [ranks[person_id] for person_id in order if ranks[person_id] is not None]
    assert ranked == sorted(rank for rank in ranked if rank is not None)
    assert all(ranks[person_id] is None for person_id in order[len(ranked) :])


@given(ENTRIES)
def test_order_that_is_sent_again_stays(entries: list[RankEntry]) -> None:
    order = ordered(entries)
    assert ordered([RankEntry(person_id, place) for place, person_id in enumerate(order, 1)]) == order


def test_officer_moves_one_place_and_stops_at_the_ends() -> None:
    assert moved([A, B, C], B, -1) == [B, A, C]
    assert moved([A, B, C], B, 1) == [A, C, B]
    assert moved([A, B, C], A, -1) == moved([A, B, C], C, 1) == moved([A, B, C], D, 1) == [A, B, C]


def test_rank_gets_a_seat_of_the_country_then_a_shared_one_then_the_reserve() -> None:
    outlooks = [outlook(rank, guaranteed=1, capacity=2) for rank in (1, 2, 3)]
    assert outlooks == [SeatOutlook.GUARANTEED, SeatOutlook.POOL, SeatOutlook.RESERVE]
