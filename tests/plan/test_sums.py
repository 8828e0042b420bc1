"""The roll-ups equal the contributions on any day."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, select

from app.db.session import db, transaction
from app.plan.domain.sums import FigureSum
from app.plan.models import Contribution, FigureDay, FigureMonth
from app.plan.queries import figures, rollups
from app.plan.service import consistency_checks, store
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import plans as it
from tests.support.indicator_figures import figures_on
from tests.support.site_snapshots import kept

CODE, FIRST = "OP3.2", date(2027, 11, 20)
DAYS = [FIRST + timedelta(days=n) for n in (*range(-2, 16), *range(16, 190, 7), 41, 72)]
days = st.integers(0, 120).map(lambda n: FIRST + timedelta(days=n))
worths = st.builds(
    lambda length, since, cell, share, value: (since, length, cell, share, value),
    st.none() | st.integers(0, 60),
    days,
    st.tuples(st.sampled_from(("BG", "IQ", "")), st.sampled_from(("border", "police")), st.sampled_from(("a", "b"))),
    st.sampled_from((0.0, 1.0)),
    st.sampled_from((1.0, 0.1, 7.3)),
)
histories = st.lists(
    st.tuples(st.integers(1, 2), st.dictionaries(st.sampled_from("xyz"), worths, max_size=3)), min_size=1, max_size=5
)


def _worths(subject: int, given_ones: dict[str, tuple]) -> dict[ContributionKey, ContributionValue]:
    return {
        ContributionKey(CODE, 1, UUID(int=subject), thing, since): ContributionValue(
            None if length is None else since + timedelta(days=length), *cell, share * value, value, None
        )
        for thing, (since, length, cell, share, value) in given_ones.items()
    }


@pytest.fixture
@kept
def plan(lite_app: Flask) -> Flask:
    with lite_app.app_context():
        it.load()
    return lite_app


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_every_split_of_a_day_is_the_sum_of_its_contributions(plan: Flask, history: list) -> None:
    with plan.app_context():
        with transaction():
            for model in (Contribution, FigureDay, FigureMonth):
                db.session.execute(delete(model))
            for subject, given_ones in history:
                now = _worths(subject, given_ones)
                store.replace(store.stored({CODE}, [UUID(int=subject)]), now)
                assert store.replace(store.stored({CODE}, [UUID(int=subject)]), now) == 0
        _compare()
        assert list(consistency_checks.roll_ups()) == []
        assert list(consistency_checks.figures()) == []
        db.session.rollback()


def _compare() -> None:
    rows = db.session.execute(select(Contribution.__table__)).all()
    defined = [figures.definition(CODE, FIRST)]
    told = rollups.history(defined, DAYS)
    asked = DAYS[::6]
    history = figures.history(asked)
    for day in DAYS:
        holding = [row for row in rows if row.since <= day and (row.until is None or row.until >= day)]
        assert _rounded(told.get((CODE, 1, day), {})) == _by(holding, "country")
        if day in asked:
            assert _rounded(history[day][CODE].cells) == _by(holding, "country")
            for split in ("country", "agency_kind", "role"):
                found = rollups.of_day(defined, day, split).get((CODE, 1), {})
                assert _rounded(found) == _by(holding, split)
            one = rollups.of_day(defined, day, "role", country="IQ", agency_kind="police").get((CODE, 1), {})
            inside = [row for row in holding if (row.country, row.agency_kind) == ("IQ", "police")]
            assert _rounded(one) == _by(inside, "role")
            one = rollups.of_day(defined, day, "country", agency_kind="border", role="b").get((CODE, 1), {})
            inside = [row for row in holding if (row.agency_kind, row.role) == ("border", "b")]
            assert _rounded(one) == _by(inside, "country")
            assert figures_on(day, country="BG", role="a")[CODE].sum.denominator == pytest.approx(
                sum(row.denominator for row in holding if (row.country, row.role) == ("BG", "a")), abs=1e-9
            )


def _by(rows: list, split: str) -> dict[str, FigureSum]:
    found: dict[str, FigureSum] = {}
    for row in rows:
        cell = getattr(row, split)
        found[cell] = found.get(cell, FigureSum()) + FigureSum(row.numerator, row.denominator)
    return _rounded(found)


def _rounded(cells: dict[str, FigureSum]) -> dict[str, tuple[float, float]]:
    found = {cell: (round(one.numerator, 6), round(one.denominator, 6)) for cell, one in cells.items()}
    return {cell: (n + 0, d + 0) for cell, (n, d) in found.items() if d}


@pytest.mark.parametrize("split", ["country", "agency_kind", "role"])
def test_an_empty_plan_has_no_cells(context: Flask, split: str) -> None:
    it.load()
    assert figures.cells(CODE, FIRST, split) == {}
