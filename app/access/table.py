"""The access table: every route with its action, and what each role opens by it, worked out from the policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from app.access.policy import (
    POLICY,
    Action,
    Actor,
    Role,
    Test,
    assesses_it,
    for_practitioners,
    leads_it,
    own,
    same_country,
    supervises_it,
    unrestricted,
)

# what a test asks of the thing; every other test asks who somebody is
OF_THE_THING = frozenset({own, same_country, leads_it, assesses_it, supervises_it, unrestricted, for_practitioners})
# what is held as a role: nobody leads an event who is no trainer of it
HELD_AS: Mapping[Test, Role] = {leads_it: Role.TRAINER, assesses_it: Role.ASSESSOR}
# where the door of a page is narrower than the policy's line: a contact point finds the own country alone
NARROWER: Mapping[tuple[Role, Action], Test] = {
    **{
        (Role.CONTACT_POINT, action): same_country
        for action in (
            Action.SEE_OFFICERS, Action.SEE_OWN_COUNTRY, Action.SET_COUNTRY, Action.SEE_ROWS, Action.ENTER_FIGURE,
            Action.SEE_TRAIL, Action.EXPORT_TRAIL, Action.SEE_PEOPLE, Action.INVITE, Action.SEE_INVITATION,
            Action.LET_BACK_IN, Action.CLOSE_ACCOUNT, Action.BRING_IN, Action.EXPORT_OFFICERS,
        )
    },
    (Role.TRAINER, Action.CLEAR_WORKSHOP): leads_it,
    (Role.SUPERVISOR, Action.SEE_SUPERVISED): supervises_it,
}  # fmt: skip
SOMEWHERE = "XX"
Way = frozenset[Test]  # what has to hold of the thing; empty: nothing


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
    narrower = frozenset({NARROWER[role, action]} if (role, action) in NARROWER else ())
    found = [
        narrower | {test for test in tests if test in OF_THE_THING}
        for tests in POLICY[action]
        if all(HELD_AS.get(test, role) is role if test in OF_THE_THING else test(actor, None) for test in tests)
    ]
    return tuple(way for n, way in enumerate(found) if way not in found[:n] and not any(one < way for one in found))


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


def tests() -> Iterator[Test]:
    """Yield every test that the policy asks, once."""
    yield from dict.fromkeys(test for lines in POLICY.values() for line in lines for test in line)
