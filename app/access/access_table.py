"""The access table: every route with its action, and what each role opens by it, worked out from the policy."""

from collections.abc import Iterator, Mapping
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
    assesses_it,
    for_practitioners,
    leads_it,
    own,
    same_country,
    supervises_it,
    unrestricted,
)

# what a test asks of the thing; every other test asks who somebody is
OBJECT_PREDICATES = frozenset(
    {own, same_country, leads_it, assesses_it, supervises_it, unrestricted, for_practitioners}
)
# what is held as a role: nobody leads an event who is no trainer of it
ROLE_OF_PREDICATE: Mapping[Predicate, Role] = {leads_it: Role.TRAINER, assesses_it: Role.ASSESSOR}
SOMEWHERE = "XX"
Way = frozenset[Predicate]  # what has to hold of the thing; empty: nothing


@dataclass(frozen=True, slots=True)
class Route:
    """An address with a method, and the action that it needs (None: public)."""

    address: str
    method: str
    endpoint: str
    action: Action | None


def ways(role: Role, action: Action) -> tuple[Way, ...]:
    """Return the ways in which a role opens an action, the weakest conditions alone; none: it does not.

    A way of which another one is a part says nothing more and is left out.
    """
    actor = Actor(UUID(int=0), SOMEWHERE, frozenset({role}))
    found = [
        frozenset(test for test in tests if test in OBJECT_PREDICATES)
        for tests in POLICY[action]
        if all(
            ROLE_OF_PREDICATE.get(test, role) is role if test in OBJECT_PREDICATES else test(actor, cast("Never", None))
            for test in tests
        )
    ]
    return tuple(way for n, way in enumerate(found) if way not in found[:n] and not any(one < way for one in found))


def _satisfies(role: Role, predicate: Predicate, actor: Actor) -> bool:
    """Return whether a role satisfies a predicate, or may do so for some thing."""
    if predicate in OBJECT_PREDICATES:
        return ROLE_OF_PREDICATE.get(predicate, role) is role
    return predicate(actor, cast("Never", None))


def opens(role: Role, action: Action) -> bool:
    """Say whether a role opens an action at all."""
    return bool(ways(role, action))


def routes(app: Flask) -> list[Route]:
    """Return every route, by address and method."""
    found = [
        Route(rule.rule, method, rule.endpoint, getattr(app.view_functions[rule.endpoint], "action", None))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda one: (one.address, one.method))


def predicates() -> Iterator[Predicate]:
    """Yield every test that the policy asks, once."""
    yield from dict.fromkeys(test for lines in POLICY.values() for line in lines for test in line)
