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
    (Role.CONTACT_POINT, "directory.show_person", DOMESTIC, True),
    (Role.CONTACT_POINT, "directory.show_person", FOREIGN, False),
    (Role.SUPERVISOR, "directory.show_person", SUPERVISED, False),  # a supervisor sees standing, not the account
    (Role.SUPERVISOR, "home.show_officer_learning", SUPERVISED, True),
    (
        Role.SUPERVISOR,
        "home.show_officer_learning",
        DOMESTIC,
        False,
    ),  # of the country, but assigned to another supervisor
    (Role.CO_CHAIR, "plan.show_overview", None, True),
    (Role.CO_CHAIR, "plan.record", DOMESTIC, False),  # figures, never people
    (Role.COORDINATOR, "plan.approve_figure", FOREIGN, True),
    (Role.CONTACT_POINT, "plan.approve_figure", DOMESTIC, False),
    (Role.TRAINER, "workshops.save_attendance", LED, True),
    (Role.TRAINER, "workshops.score", LED, False),  # leading is not assessing
    (Role.ASSESSOR, "workshops.score", ASSESSED, True),
    (Role.COORDINATOR, "recovery.close_account", FOREIGN, True),
    (Role.ADMINISTRATOR, "recovery.close_account", FOREIGN, False),
    (Role.ADMINISTRATOR, "operations.begin_incident", None, True),
    (Role.COORDINATOR, "operations.begin_incident", None, False),
    (Role.ADMINISTRATOR, "intake.officers", DOMESTIC, False),  # technical ids, never names
]


@pytest.mark.parametrize(("role", "endpoint", "thing", "expected"), CASES)
def test_view_is_open_as_expected(
    lite_app: Flask, role: Role, endpoint: str, thing: Thing | None, expected: bool
) -> None:
    actor = Actor(USER, "IQ", frozenset({role}))
    action = lite_app.view_functions[endpoint].__dict__["action"]
    assert allows(actor, action, thing) == expected
