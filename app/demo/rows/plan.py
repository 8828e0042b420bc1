"""Rows of contributions and figures, by the rules of `plan`; for `flask populate`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.catalogue.domain.items import Level
from app.demo.rows.activity import Learned
from app.demo.rows.bulk_insert import Rows, values_of
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.records import PEOPLE, Active, Learner, OfficerRecord, RecordSource
from app.plan.domain.result_records import OfficerCases, OfficerResults
from app.plan.domain.spans import PostingInterval
from app.plan.queries import sources
from app.plan.service import recalculation, store
from app.plan.service.store import Moves


@dataclass(slots=True)
class FigureRows:
    """Definitions of the plan, and by how much each cell of the rollups has changed."""

    counted: Mapping[RecordSource, list[StoredDefinition]] = field(
        default_factory=lambda: {source: recalculation.reading(source) for source in PEOPLE}
    )
    required: Mapping[str, Mapping[str, Level]] = field(default_factory=sources.required_levels)
    moves: Moves = field(default_factory=lambda: store.cell_changes(()))

    def count(self, rows: Rows, person_id: UUID, served: PostingInterval, learned: Learned) -> None:
        """Write the contributions of an officer without verified competencies."""
        postings = (served,)
        records: dict[RecordSource, Any] = {
            RecordSource.ENROLMENTS: Learner(person_id, postings, tuple(learned.enrolments)),
            RecordSource.ACTIVITY: Active(person_id, postings, tuple(sorted(learned.days))),
            RecordSource.STANDING: OfficerRecord(person_id, postings, (), self.required),
            RecordSource.RESULTS: OfficerResults(person_id, postings, tuple(learned.results)),
            RecordSource.CASES: OfficerCases(person_id, postings, tuple(learned.runs)),
        }
        for source, record in records.items():
            worths = recalculation.contributions_of(self.counted[source], {person_id: record})
            store.cell_changes(worths.items(), self.moves)
            for key, worth in worths.items():
                rows.add("contribution", **values_of(key), **values_of(worth))

    def sum_up(self, rows: Rows) -> None:
        """Write the rollups of all contributions. Their tables must be empty."""
        for table, period, moves in (
            ("figure_day", "day", self.moves),
            ("figure_month", "month", store.by_month(self.moves)),
        ):
            for key, (numerator, denominator) in moves.items():
                code, version, at, country, agency_kind, role = key
                rows.add(
                    table,
                    **{period: at},
                    code=code,
                    version=version,
                    country=country,
                    agency_kind=agency_kind,
                    role=role,
                    numerator=numerator,
                    denominator=denominator,
                )
