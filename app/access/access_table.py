"""Derive the access table of /about/who-sees-what: each route, its action and the roles that may use it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Never, cast
from uuid import UUID

from flask import Flask

from app.access.policy import (
    POLICY,
    Action,
    Actor,
    Predicate,
    Role,
    applies_in_own_country,
    assesses_it,
    concerns_own_country,
    exact_report,
    finished_report,
    for_practitioners,
    in_its_office,
    leads_it,
    marks_it,
    outside_report,
    own,
    reviews_it,
    same_country,
    supervises_it,
    takes_part,
    unrestricted,
    watches_it,
)

# predicates about the object; every other predicate is about the actor
OBJECT_PREDICATES: frozenset[Predicate] = frozenset({
    own, same_country, leads_it, reviews_it, assesses_it, supervises_it, unrestricted, for_practitioners,
    in_its_office, concerns_own_country, applies_in_own_country, finished_report, outside_report, exact_report,
    watches_it, marks_it, takes_part,
})  # fmt: skip
# only a trainer leads an event, only an assessor assesses in it
ROLE_OF_PREDICATE: Mapping[Predicate, Role] = {
    leads_it: Role.TRAINER,
    reviews_it: Role.TRAINER,
    assesses_it: Role.ASSESSOR,
    marks_it: Role.ASSESSOR,
}
SOMEWHERE = "XX"
Way = frozenset[Predicate]  # conditions on the object; empty: none


@dataclass(frozen=True, slots=True)
class Route:
    """A URL rule with a method and the action that it needs (None: public)."""

    address: str
    method: str
    endpoint: str
    action: Action | None


def conditions(role: Role, action: Action) -> tuple[Way, ...]:
    """Return the conditions on which a role may perform an action, the weakest only; empty if it never may.

    A set of conditions that contains another set adds nothing and is left out.
    """
    actor = Actor(UUID(int=0), SOMEWHERE, frozenset({role}))
    open_ways = [
        OBJECT_PREDICATES.intersection(predicates)
        for predicates in POLICY[action]
        if all(_satisfies(role, predicate, actor) for predicate in predicates)
    ]
    return tuple(way for n, way in enumerate(open_ways) if way not in open_ways[:n] and not _has_weaker(way, open_ways))


def _satisfies(role: Role, predicate: Predicate, actor: Actor) -> bool:
    """Return whether a role satisfies a predicate, or may do so for some object."""
    if predicate in OBJECT_PREDICATES:
        return ROLE_OF_PREDICATE.get(predicate, role) is role
    return predicate(actor, cast("Never", None))


def _has_weaker(way: Way, others: Sequence[Way]) -> bool:
    return any(other < way for other in others)


def is_allowed(role: Role, action: Action) -> bool:
    """Return whether a role may perform an action at all."""
    return bool(conditions(role, action))


def routes(app: Flask) -> list[Route]:
    """Return every route, by address and method."""
    all_routes = [
        Route(rule.rule, method, rule.endpoint, getattr(app.view_functions[rule.endpoint], "action", None))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(all_routes, key=lambda route: (route.address, route.method))


def predicates() -> Iterator[Predicate]:
    """Yield every predicate of the policy once."""
    yield from dict.fromkeys(predicate for lines in POLICY.values() for line in lines for predicate in line)
