"""Read the capacity of all countries of a day without some officers, for readers outside their country."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from app.competence.queries import competencies, rollups
from app.competence.queries.rollups import SUMMED, Aim, NightSums
from app.competence.service.rollups import sums_of
from app.competence.shapes import CapacityLine

TOGETHER = ""  # the key of all countries together


def by_country(day: date, without: Collection[UUID]) -> Mapping[str, list[CapacityLine]]:
    """Return the newest sums up to a day by country, and of all together; officers of `without` are left out."""
    nightly = rollups.of_night_by_country(day)
    _leave_out(nightly, without)
    together: dict[Aim, NightSums] = {}
    for sums in nightly.values():
        for aim, row in sums.items():
            together[aim] = together[aim] + row if aim in together else row
    return {country: competencies.lines_of(sums) for country, sums in [(TOGETHER, together), *nightly.items()]}


def _leave_out(nightly: dict[str, dict[Aim, NightSums]], without: Collection[UUID]) -> None:
    """Subtract the officers from the sums of their country."""
    days = [row.day for sums in nightly.values() for row in sums.values()]
    parts = sums_of(without, max(days)) if days and without else {}
    for (country, _agency, name, level), row in parts.items():
        nightly[country][name, level] -= NightSums(max(days), **_fields(row))


def _fields(row: Mapping[str, float | None]) -> dict[str, float | None]:
    return {name: row[name] for name in SUMMED}
