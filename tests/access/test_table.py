from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Never, cast
from uuid import UUID

import pytest
from flask import Flask

from app.access import access_table
from app.access.labels import ACTIONS, IDENTITY_FIELDS, PREDICATES, ROLE_REACHES, ROLES, SUBJECTS, VIEWERS
from app.access.policy import (
    POLICY,
    Action,
    Actor,
    Role,
    Sensitivity,
    allows,
    own,
    same_country,
    unrestricted,
)
from app.access.public import PUBLIC, refuse_unguarded_routes
from app.access.visibility import IdentityField, Viewer

ME, OTHER = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Thing:
    """A thing of every kind at once."""

    person_id: UUID
    country: str
    sensitivity: Sensitivity
    trainers: frozenset[UUID]
    assessors: frozenset[UUID]
    supervisors: frozenset[UUID]
    reviewers: frozenset[UUID]
    office_role: Role
    office_country: str
    about_country: str
    countries: tuple[str, ...]
    is_ready: bool
    is_exact: bool
    invigilators: frozenset[UUID]
    marker_id: UUID
    participants: frozenset[UUID]


def _things(role: Role) -> Iterator[Thing]:
    """Yield things of every kind: an event is led by a trainer and assessed by an assessor."""
    leads = (ME, OTHER) if role is Role.TRAINER else (OTHER,)
    assesses = (ME, OTHER) if role is Role.ASSESSOR else (OTHER,)
    supervises = (ME, OTHER) if role is Role.SUPERVISOR else (OTHER,)
    offices = ((role, ""), (role, "BG"), (Role.HOST, "IQ"))
    places = product(("IQ", "BG"), ((), ("BG",)))
    reports = product((False, True), (False, True))
    kinds = product((ME, OTHER), places, Sensitivity, leads, assesses, supervises, offices, ("", "IQ"), reports)
    for who, (country, countries), mark, led, assessed, above, office, about, report in kinds:
        trainers, people = frozenset({led}), (frozenset({assessed}), frozenset({above}))
        participants = frozenset({ME if about else OTHER})  # no action asks for both
        yield Thing(
            who, country, mark, trainers, *people, trainers, *office, about, countries, *report, trainers, assessed,
            participants,
        )  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_the_table_says_what_the_policy_does(role: Role) -> None:
    """For every action and kind of thing: one of the ways holds just when the policy allows."""
    actor = Actor(ME, "IQ", frozenset({role}))
    things = list(_things(role))
    wrong = []
    for action in Action:
        ways = access_table.conditions(role, action)
        for thing in things:
            holds = any(all(test(actor, cast("Never", thing)) for test in way) for way in ways)
            if holds != allows(actor, action, thing):
                wrong.append((action, thing))
    assert wrong == []


def test_ways_are_told_by_what_they_ask_of_the_thing() -> None:
    assert access_table.conditions(Role.PRACTITIONER, Action.SIGN_OUT) == (frozenset(),)
    assert access_table.conditions(Role.TRAINER, Action.SIT_TEST) == (frozenset({own}),)
    assert access_table.conditions(Role.CONTACT_POINT, Action.SEE_COUNTRY) == (frozenset({same_country}),)
    assert access_table.conditions(Role.COORDINATOR, Action.READ_WORKSHOP) == (
        frozenset(),
    )  # the marks say nothing more
    assert access_table.conditions(Role.HOST, Action.READ_COURSE) == (frozenset({unrestricted}),)
    assert access_table.conditions(Role.HOST, Action.SEE_PLAN) == ()


def test_every_word_is_there() -> None:
    assert set(ROLES) == set(ROLE_REACHES) == set(Role)
    assert set(ACTIONS) == set(Action)
    assert set(PREDICATES) == {test for lines in POLICY.values() for line in lines for test in line}
    assert set(VIEWERS) == set(Viewer)
    assert set(IDENTITY_FIELDS) == set(IdentityField)
    prefixes = [prefix for _title, found in SUBJECTS for prefix in found]
    assert sorted(prefixes) == sorted({action.partition(":")[0] for action in Action})


def test_a_sentence_is_short_enough_to_be_read_twice() -> None:
    assert [str(text) for text in ACTIONS.values() if len(str(text).split()) > 20] == []


def test_every_route_stands_in_the_table(lite_app: Flask) -> None:
    found = access_table.routes(lite_app)
    rules = {(rule.rule, method) for rule in lite_app.url_map.iter_rules() for method in (rule.methods or set())}
    assert {(one.address, one.method) for one in found} == {one for one in rules if one[1] in {"GET", "POST"}}
    assert all((one.action is None) == (one.endpoint in PUBLIC) for one in found)


def test_a_route_without_a_permission_stops_the_start(lite_app: Flask) -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/open-to-all", "somewhere.show", lambda: "")
    with pytest.raises(RuntimeError, match=r"somewhere\.show"):
        refuse_unguarded_routes(app)
    app.view_functions["somewhere.show"] = _marked
    refuse_unguarded_routes(app)
    refuse_unguarded_routes(lite_app)


def _marked() -> Any:
    return ""


_marked.action = Action.LEARN  # type: ignore[attr-defined]
