"""Split the community's target of a count among the countries by their need, by largest remainder."""

from collections.abc import Mapping


def split_by_need(target: int, needs: Mapping[str, int]) -> dict[str, int]:
    """Return the part of each country, which sum to the target; no part without a need in any country.

    Each part is the exact quota rounded down or up. Equal remainders: the larger need first, then by code.
    """
    needed = sum(needs.values())
    if needed <= 0:
        return {}
    parts = {country: target * need // needed for country, need in needs.items()}
    open_units = target - sum(parts.values())
    by_remainder = sorted(needs, key=lambda country: (-(target * needs[country] % needed), -needs[country], country))
    for country in by_remainder[:open_units]:
        parts[country] += 1
    return parts
