"""Read which competencies the selected officers of the matrix lack, and which of them a sitting can verify."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from app.catalogue.domain.references.competencies import Competencies
from app.checks.queries import offers, requests
from app.competence.queries import competencies as competence, officers as competence_officers
from app.coordination.domain.checks import Aim, CheckChoice, lacks, without
from app.coordination.queries.matrix import framework
from app.identity.queries.people import OfficerLine


def choices(officers: Sequence[OfficerLine], by: UUID, today: date) -> list[CheckChoice]:
    """Return the competencies that these officers need and lack, in the framework's order; `by` is left out."""
    entries, roles = framework(), {line.person_id: line.roles for line in officers}
    people = without(_lacking(entries, roles, today), by)
    ways, asked = offers.possible(entries, people.keys()), requests.live_levels(roles)
    order = {entry.id: index for index, entry in enumerate(entries.competencies)}
    return [
        CheckChoice(
            competency=name,
            level=level,
            officers=people[name, level],
            asked=sum(name in asked[person_id] for person_id in people[name, level]),
            in_sitting=any(way.in_sitting for way in ways[name, level]),
        )
        for name, level in sorted(people, key=lambda aim: (order[aim[0]], aim[1]))
    ]


def _lacking(entries: Competencies, roles: Mapping[UUID, Collection[str]], today: date) -> dict[Aim, set[UUID]]:
    """Return the officers who lack a competency that they need, by competency and level."""
    ends, needs = competence_officers.ends(entries, roles), competence.needs_of_all(entries, roles)
    lacking: dict[Aim, set[UUID]] = {}
    for person_id, needed in needs.items():
        for need in needed:
            if lacks(ends[person_id].get(need.competency), today):
                lacking.setdefault((need.competency, need.level), set()).add(person_id)
    return lacking
