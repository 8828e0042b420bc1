import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask

from app.access.targets import Target
from app.addresses import PATHS, path_to
from app.ports import ports

NUMBER = UUID("00000000-0000-4000-8000-000000000000")
SAMPLES = {"uuid": NUMBER, "slug": "the-list", "item": "D01-Q11", "competency": "VIC-01", "string": "a-token_1",
    "indicator": "OP2.1", "period": "2028", "country": "IQ", "int": "0",}  # fmt: skip
RULES = {
    Target.ACCESS_TABLE: "/about/who-sees-what",
    Target.ADDRESS_CHANGE: "/sign-in/address/<string:token>",
    Target.ATTEMPT_RESULT: "/attempts/<uuid:attempt>/result",
    Target.BADGE_ISSUER: "/verify/issuer",
    Target.CERTIFICATE: "/credentials/<uuid:certificate_id>",
    Target.CERTIFICATE_CHECK: "/verify/<slug:code>",
    Target.CERTIFICATES: "/credentials",
    Target.STATUS_LIST: "/verify/status/<int:list_number>",
    Target.BOUNCED_INVITATIONS: "/people/invitations",
    Target.CHECK_RESULT: "/sittings/results/<uuid:product_id>",
    Target.CHECK_REQUESTS: "/sittings/requests",
    Target.COMPETENCY: "/path/<competency:competency>",
    Target.COURSE: "/courses/<slug:course>",
    Target.COURSE_LATER: "/courses/<slug:course>/later",
    Target.COURSE_QUESTIONS: "/courses/<slug:course>/questions",
    Target.COMMITMENTS: "/workshops/<uuid:workshop_id>/commitments",
    Target.EVALUATION: "/workshops/<uuid:workshop_id>/evaluation",
    Target.EVENT_MESSAGE: "/workshops/<uuid:workshop_id>/messages/<uuid:message_id>",
    Target.FOLLOW_UP: "/workshops/<uuid:workshop_id>/follow-up",
    Target.SUPERVISED_EVENTS: "/supervision/events",
    Target.VISIT_REPORT: "/workshops/<uuid:workshop_id>/report",
    Target.COUNTRY_CARD: "/treaties/countries/<country:country>",
    Target.COUNTRY_NOMINATIONS: "/country/nominations/<uuid:workshop_id>",
    Target.ENDORSEMENTS: "/endorsements",
    Target.INVITATION: "/people/invitations/<uuid:invitation_id>",
    Target.INVITATION_ACCEPTANCE: "/invitation/<string:token>",
    Target.INVITATION_CODE: "/invitation",
    Target.INVITATIONS: "/people/invitations",
    Target.LESSON: "/courses/<slug:course>/lessons/<slug:lesson>",
    Target.LESSON_REPORT: "/courses/<slug:course>/lessons/<slug:lesson>/report",
    Target.LOCKED_PERIODS: "/plan/periods",
    Target.MAIL_SETTINGS: "/settings",
    Target.MARKING: "/teaching/marking",
    Target.NEW_ACTION: "/plan/actions/new",
    Target.NEW_SITTING: "/sittings/new",
    Target.PASSWORD_RESET: "/sign-in/help/<string:token>",
    Target.PATH: "/path",
    Target.PEOPLE: "/people",
    Target.PEOPLE_SHEET: "/people/sheet",
    Target.PEER_MARKING: "/courses/<slug:course>/lessons/<slug:lesson>/checks/<item:item>/colleagues",
    Target.PERSON_ACCESS: "/people/<uuid:person_id>/access",
    Target.PERSON_ROLES: "/people/<uuid:person_id>/roles",
    Target.PERSON_SERVICE: "/people/<uuid:person_id>/service",
    Target.PLANNED_NEEDS: "/plan/countries/<country:country>/needs",
    Target.REMINDER: "/reminders/<uuid:reminder_id>",
    Target.REMINDERS_SENT: "/plan/reminders",
    Target.REPORT: "/reports/<uuid:run_id>",
    Target.REVIEW: "/teaching/review/<uuid:review_id>",
    Target.ROLE_PROPOSAL: "/people/proposals/<uuid:proposal_id>",
    Target.SETTINGS: "/settings",
    Target.SITTING: "/sittings/<uuid:sitting_id>",
    Target.SITTINGS: "/sittings",
    Target.TARGET: "/plan/edit/<indicator:code>/<period:period>/<country:country>",
    Target.TARGETS: "/plan/edit",
    Target.TEACHING_COURSE: "/teaching/courses/<slug:course>",
    Target.TEACHING_COURSES: "/teaching/courses",
    Target.TEACHING_WORKSHOP: "/teaching/workshops/<uuid:workshop_id>",
    Target.TREATIES: "/treaties",
    Target.WELCOME: "/welcome",
    Target.WORKSHOP: "/workshops/<uuid:workshop_id>",
}


def test_rules_name_every_target() -> None:
    assert set(RULES) == set(PATHS) == set(Target)


@pytest.mark.parametrize("target", Target)
def test_target_leads_to_its_route(lite_app: Flask, target: Target) -> None:
    values = [SAMPLES[converter] for converter in re.findall(r"<(\w+):", RULES[target])]
    path = urlsplit(path_to(target, *values)).path
    rule, _values = lite_app.url_map.bind("localhost").match(path, method="GET", return_rule=True)
    assert rule.rule == RULES[target]


@pytest.mark.parametrize(
    ("target", "values", "path"),
    [
        (Target.PERSON_ROLES, (NUMBER,), f"/people/{NUMBER}/roles"),
        (Target.LESSON, ("the-course", "the-list"), "/courses/the-course/lessons/the-list"),
        (Target.BOUNCED_INVITATIONS, (), "/people/invitations?which=bounced"),
        (Target.MAIL_SETTINGS, (), "/settings#mail_rhythm"),
    ],
)
def test_path_is_the_same_when_there_is_no_request(
    lite_app: Flask, target: Target, values: tuple[object, ...], path: str
) -> None:
    with lite_app.app_context():
        assert ports().path_to(target, *values) == path


@pytest.mark.parametrize("values", [(), (NUMBER, NUMBER)])
def test_path_is_refused_when_the_number_of_values_differs(values: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=f"PERSON_ROLES takes 1 values, not {len(values)}"):
        path_to(Target.PERSON_ROLES, *values)
