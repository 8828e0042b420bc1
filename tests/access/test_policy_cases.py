"""Telling cases, written by hand: what a role of one country may do at a view, whatever the policy says today."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Actor, Role, Sensitivity, allows

USER, OTHER = UUID(int=1), UUID(int=2)


@dataclass(frozen=True, slots=True)
class Thing:
    person_id: UUID = OTHER
    country: str = "BG"
    sensitivity: Sensitivity = Sensitivity.LAW_ENFORCEMENT_ONLY
    trainers: frozenset[UUID] = frozenset()
    assessors: frozenset[UUID] = frozenset()
    supervisors: frozenset[UUID] = frozenset()


FOREIGN, DOMESTIC, OWN = Thing(), Thing(country="IQ"), Thing(person_id=USER)
OPEN = Thing(sensitivity=Sensitivity.UNRESTRICTED)
LED, ASSESSED, SUPERVISED = (
    Thing(trainers=frozenset({USER})),
    Thing(assessors=frozenset({USER})),
    Thing(supervisors=frozenset({USER})),
)
CASES = [
    (Role.PRACTITIONER, "learning.lesson", FOREIGN, True),  # restricted material is for practitioners of all countries
    (Role.COORDINATOR, "learning.lesson", FOREIGN, False),  # a coordinator is no practitioner
    (Role.HOST, "learning.lesson", OPEN, True),
    (Role.PRACTITIONER, "quizzes.result", OWN, True),
    (Role.CONTACT_POINT, "quizzes.result", DOMESTIC, False),  # answers belong to the officer alone
    (Role.CONTACT_POINT, "person.show", DOMESTIC, True),
    (Role.CONTACT_POINT, "person.show", FOREIGN, False),
    (Role.SUPERVISOR, "person.show", SUPERVISED, False),  # a supervisor sees standing, not the account
    (Role.SUPERVISOR, "officer.show", SUPERVISED, True),
    (Role.SUPERVISOR, "officer.show", DOMESTIC, False),  # of the country, but assigned to somebody else
    (Role.CO_CHAIR, "plan.show", None, True),
    (Role.CO_CHAIR, "plan.record", DOMESTIC, False),  # figures, never people
    (Role.COORDINATOR, "figures.approve", FOREIGN, True),
    (Role.CONTACT_POINT, "figures.approve", DOMESTIC, False),
    (Role.TRAINER, "scoring.keep_attendance", LED, True),
    (Role.TRAINER, "scoring.score", LED, False),  # leading is not assessing
    (Role.ASSESSOR, "scoring.score", ASSESSED, True),
    (Role.COORDINATOR, "access.close", FOREIGN, True),
    (Role.ADMINISTRATOR, "access.close", FOREIGN, False),
    (Role.ADMINISTRATOR, "incident.begin", None, True),
    (Role.COORDINATOR, "incident.begin", None, False),
    (Role.ADMINISTRATOR, "intake.officers", DOMESTIC, False),  # technical ids, never names
]


@pytest.mark.parametrize(("role", "endpoint", "thing", "expected"), CASES)
def test_view_is_open_as_expected(
    lite_app: Flask, role: Role, endpoint: str, thing: Thing | None, expected: bool
) -> None:
    actor = Actor(USER, "IQ", frozenset({role}))
    action = lite_app.view_functions[endpoint].__dict__["action"]
    assert allows(actor, action, thing) == expected
