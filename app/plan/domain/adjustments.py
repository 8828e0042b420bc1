"""Late evidence of a locked quarter: by how much it would change the locked figures."""

from collections.abc import Mapping

from app.plan.domain.sums import FigureSum

LEAST = 1e-6  # a smaller difference comes from adding numbers in another order
Sums = Mapping[str, FigureSum]


def due(locked: Sums, noted: Sums, live: Sums) -> dict[str, FigureSum]:
    """Return the adjustments still to be noted by country: the sums of today without those locked and noted before."""
    nothing = FigureSum()
    amounts = {
        key: _less(live.get(key, nothing), locked.get(key, nothing) + noted.get(key, nothing))
        for key in sorted({*locked, *noted, *live})
    }
    return {key: amount for key, amount in amounts.items() if not is_nothing(amount)}


def adjusted(locked: Sums, *amounts: Sums) -> dict[str, FigureSum]:
    """Return the locked sums with adjustments; countries without a record are left out."""
    result = dict(locked)
    for changes in amounts:
        for key, amount in changes.items():
            result[key] = result.get(key, FigureSum()) + amount
    return {key: amount for key, amount in result.items() if not is_nothing(amount)}


def is_nothing(amount: FigureSum) -> bool:
    """Return whether a sum is zero."""
    return abs(amount.numerator) <= LEAST and abs(amount.denominator) <= LEAST


def _less(amount: FigureSum, other: FigureSum) -> FigureSum:
    return FigureSum(amount.numerator - other.numerator, amount.denominator - other.denominator)
