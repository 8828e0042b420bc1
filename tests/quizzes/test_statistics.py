import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quizzes.domain.statistics import (
    Figures,
    Response,
    by_revision,
    chosen_counts,
    discrimination,
    facility,
    rest_shares,
)

shares = st.floats(0, 1)


def responses(*pairs: tuple[float, float], revision: int = 1) -> list[Response]:
    return [Response(person, revision, share, rest) for person, (share, rest) in enumerate(pairs)]


def test_facility_is_the_mean_share() -> None:
    assert facility(responses((1, 0), (1, 0), (0, 0), (0.5, 0), (0, 0))) == pytest.approx(0.5)


def test_discrimination_is_the_point_biserial_correlation() -> None:
    # (mean rest of those right - of those wrong) / population sd * sqrt(p q): (0.8 - 0.3) / 0.28284 * sqrt(0.6 * 0.4)
    found = discrimination(responses((1, 1.0), (1, 0.8), (1, 0.6), (0, 0.4), (0, 0.2)))
    assert found == pytest.approx(0.5 / 0.28284271 * 0.24**0.5)


@pytest.mark.parametrize("pairs", [[(1, 0.1 * n) for n in range(5)], [(n % 2, 0.5) for n in range(5)]])
def test_discrimination_needs_differences(pairs: list[tuple[float, float]]) -> None:
    assert discrimination(responses(*pairs)) is None


def test_there_are_no_figures_below_five_people() -> None:
    four = responses((1, 0.2), (0, 0.4), (1, 0.6), (0, 0.8))
    twice = [*four, Response(0, 1, 0.0, 0.1, (1,))]
    for found in (four, twice):
        assert (facility(found), discrimination(found), chosen_counts(found), by_revision(found)) == (
            None,
            None,
            {},
            {},
        )


def test_chosen_options_are_counted_by_position() -> None:
    found = [Response(person, 1, 0.0, 0.0, chosen) for person, chosen in enumerate([(2,), (0, 2), (2,), (), (1,)])]
    assert chosen_counts(found) == {0: 1, 1: 1, 2: 3}


def test_revisions_are_never_mixed() -> None:
    old = responses(*[(1, 0.5)] * 5, revision=1)
    new = responses(*[(0, 0.5)] * 6, revision=2)
    few = responses(*[(0, 0.5)] * 4, revision=3)
    assert by_revision([*new, *old, *few]) == {1: Figures(5, 1.0, None), 2: Figures(6, 0.0, None)}


def test_the_rest_leaves_the_question_out() -> None:
    assert rest_shares([1.0, 0.0, 0.5]) == [0.25, 0.75, 0.5]
    assert rest_shares([1.0]) == [0.0]
    assert rest_shares([]) == []


@given(st.lists(st.tuples(shares, shares), min_size=5, max_size=20))
def test_figures_stay_in_range(pairs: list[tuple[float, float]]) -> None:
    figures = by_revision(responses(*pairs))[1]
    assert 0 <= figures.facility <= 1
    assert figures.discrimination is None or -1 <= figures.discrimination <= 1
