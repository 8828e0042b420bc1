"""Collect all figures of a quarter as they are frozen: every cell, officers counted once, needs, numbers beside."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from uuid import UUID

import msgspec

from app.identity.queries import postings, visible_identity
from app.plan.domain import definitions as defining
from app.plan.domain.definitions import SHARES, StoredDefinition
from app.plan.domain.figures import summed_in
from app.plan.domain.frozen import NOTHING, CellKey, FrozenCell, FrozenRow, rounded
from app.plan.domain.readers import REPEATED_RULES, VERIFIED_RULES
from app.plan.domain.sums import EVERY
from app.plan.queries import companions, figures, officers, rollups
from app.plan.queries.needs import needs_in
from app.plan.shapes import CountedRecord

SPLITS = ("country", "agency_kind", "role")
Cells = dict[CellKey, FrozenCell]


def collect(end: date) -> list[FrozenRow]:
    """Return the rows of the quarter that ends on a day; every indicator has at least one, also without records."""
    valid = defining.all_valid_on(figures.definitions(), end)
    protected = visible_identity.disclosure().protected
    cells: Cells = defaultdict(FrozenCell)
    _add_sums(cells, valid, end)
    _add_protected(cells, figures.records_of(protected) if protected else (), valid, end)
    for defined in valid.values():
        cells[CellKey(defined.code, EVERY, EVERY, EVERY)] += NOTHING
        if defined.rule in REPEATED_RULES:
            _add_officers(cells, defined, end, protected)
    _add_needs(cells, valid.values(), end, protected)
    beside = {code: msgspec.json.encode(companions.beside(valid[code], end).numbers).decode() for code in valid}
    return [
        FrozenRow(end, key, valid[key.code].version, rounded(cell), beside[key.code] if _is_whole(key) else "")
        for key, cell in sorted(cells.items())
    ]


def _is_whole(key: CellKey) -> bool:
    return (key.country, key.agency_kind, key.role) == (EVERY, EVERY, EVERY)


def _add_sums(cells: Cells, valid: Mapping[str, StoredDefinition], end: date) -> None:
    """Add the sums of the cells of each country, and of all countries by one split."""
    for (code, country, kind, role), amount in rollups.all_cells(valid.values(), end).items():
        cell = FrozenCell(amount.numerator, amount.denominator)
        if not cell.has_records:
            continue
        cells[CellKey(code, country, kind, role)] += cell
        if EVERY in {kind, role}:
            cells[CellKey(code, EVERY, kind, role)] += cell


def _add_protected(
    cells: Cells, records: Iterable[CountedRecord], valid: Mapping[str, StoredDefinition], end: date
) -> None:
    """Add the parts of officers under threat."""
    for record in records:
        if not _counts(record, valid, end):
            continue
        part = FrozenCell(protected_numerator=record.numerator, protected_denominator=record.denominator)
        for country, (kind, role) in product((record.country, EVERY), summed_in(record.agency_kind, record.role)):
            if country != EVERY or EVERY in {kind, role}:
                cells[CellKey(record.code, country, kind, role)] += part


def _counts(record: CountedRecord, valid: Mapping[str, StoredDefinition], end: date) -> bool:
    """Return whether a record counts on a day, by the version of that day."""
    defined = valid.get(record.code)
    return defined is not None and defined.version == record.version and record.since <= end <= (record.until or end)


def _add_officers(cells: Cells, defined: StoredDefinition, end: date, protected: frozenset[UUID]) -> None:
    """Add the officers of an indicator that may count an officer more than once."""
    for split in SPLITS:
        for value, n in officers.of_split(defined, end, split, protected).items():
            cells[_key(defined.code, split, value)] += FrozenCell(officers=n)
    outside = officers.outside(defined, end)
    for country in {key.country for key in cells if key.code == defined.code}:
        cells[_key(defined.code, "country", country)] += FrozenCell(outside=outside.get(country, outside[""]))


def _add_needs(cells: Cells, valid: Iterable[StoredDefinition], end: date, protected: frozenset[UUID]) -> None:
    """Add the officers who need the competencies of indicators without a denominator."""
    groups = postings.serving_groups([end], protected)[end]
    for defined, split in product(valid, SPLITS):
        if defined.rule in VERIFIED_RULES - SHARES:
            for value, n in needs_in(groups, defined.indicator, split).items():
                cells[_key(defined.code, split, value)] += FrozenCell(need=n)


def _key(code: str, split: str, value: str) -> CellKey:
    """Return the cell of all countries by kind of agency or role, or the cell of a country."""
    return replace(CellKey(code, EVERY, EVERY, EVERY), **{split: value})
