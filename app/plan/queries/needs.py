"""Count who needs the competencies of an indicator, from the officers who serve on a day."""

from collections.abc import Iterable

from app.catalogue.domain.references.plan import Indicator
from app.identity.queries.postings import ServingGroup


def needs_in(groups: Iterable[ServingGroup], indicator: Indicator, split: str) -> dict[str, int]:
    """Return how many officers have a role that the indicator names, by `country`, `agency_kind` or `role`."""
    wanted = frozenset(indicator.settings.get("roles", ()))
    needs: dict[str, int] = {}
    for group in groups:
        if not wanted or wanted & set(group.roles):
            key = getattr(group, split)
            needs[key] = needs.get(key, 0) + group.count
    return needs
