"""URL prefixes with their packages, and the path of each target; tests compare both with the routes.

Paths are literal: they are needed outside a request, and notices and mails store them.
"""

import re
from collections.abc import Mapping

from app.access.targets import Target

# the longest prefix names the package that serves a URL; `*` is one parameter
PREFIXES: Mapping[str, str] = {
    "/": "home",
    "/_components": "web",
    "/about": "web",
    "/about/colep": "plan",
    "/about/who-sees-what": "rights",
    "/attempts": "quizzes",
    "/audit": "operations",
    "/cases": "scenarios",
    "/check-in": "workshops",
    "/country/claims": "competence",
    "/country/exemptions": "coordination",
    "/country/commitments": "workshops",
    "/country/completion": "coordination",
    "/country/completion/past": "plan",
    "/country/matrix": "coordination",
    "/country/nominations": "workshops",
    "/country/participants": "workshops",
    "/country/late": "coordination",
    "/country/officers": "competence",
    "/country/settings": "directory",
    "/courses": "learning",
    "/courses/*/v*": "catalogue",
    "/credentials": "credentials",
    "/endorsements": "workshops",
    "/health": "web",
    "/invitation": "invitations",
    "/lessons": "learning",
    "/media": "catalogue",
    "/operations": "operations",
    "/people": "directory",
    "/people/*/access": "recovery",
    "/people/*/learning": "home",
    "/people/*/roles": "rights",
    "/people/*/service/erasure": "privacy",
    "/people/*/supervisor": "rights",
    "/people/*/watched": "checks",
    "/people/*/who-looked": "privacy",
    "/people/invitations": "invitations",
    "/people/invite": "invitations",
    "/people/proposals": "invitations",
    "/people/sheet": "intake",
    "/plan": "plan",
    "/plan/actions": "coordination",
    "/plan/required": "coordination",
    "/plan/completion": "coordination",
    "/plan/late": "coordination",
    "/plan/reminders": "coordination",
    "/practice": "home",
    "/ready": "web",
    "/reminders": "coordination",
    "/reports": "reports",
    "/settings": "settings",
    "/settings/my-data": "privacy",
    "/settings/session": "sign_in",
    "/settings/who-looked": "privacy",
    "/sittings": "checks",
    "/sign-in": "sign_in",
    "/sign-in/address": "recovery",
    "/sign-in/help": "recovery",
    "/sign-out": "sign_in",
    "/static": "web",
    "/suggestions": "learning",
    "/supervision": "competence",
    "/supervision/completion": "coordination",
    "/supervision/matrix": "coordination",
    "/supervision/events": "workshops",
    "/supervision/late": "coordination",
    "/sw.js": "web",
    "/teaching": "workshops",
    "/teaching/courses": "studio",
    "/teaching/marking": "checks",
    "/teaching/media": "studio",
    "/teaching/review": "studio",
    "/verify": "credentials",
    "/welcome": "operations",
    "/workshops": "workshops",
}

PATHS: Mapping[Target, str] = {
    Target.ACCESS_TABLE: "/about/who-sees-what",
    Target.ADDRESS_CHANGE: "/sign-in/address/{}",
    Target.ATTEMPT_RESULT: "/attempts/{}/result",
    Target.BOUNCED_INVITATIONS: "/people/invitations?which=bounced",
    Target.BADGE_ISSUER: "/verify/issuer",
    Target.CERTIFICATE: "/credentials/{}",
    Target.CERTIFICATE_CHECK: "/verify/{}",
    Target.CERTIFICATES: "/credentials",
    Target.CHECK_RESULT: "/sittings/results/{}",
    Target.CHECK_REQUESTS: "/sittings/requests",
    Target.COMMITMENTS: "/workshops/{}/commitments",
    Target.COMPETENCY: "/path/{}",
    Target.COURSE: "/courses/{}",
    Target.COURSE_LATER: "/courses/{}/later",
    Target.COURSE_QUESTIONS: "/courses/{}/questions",
    Target.COUNTRY_CARD: "/treaties/countries/{}",
    Target.COUNTRY_NOMINATIONS: "/country/nominations/{}",
    Target.ENDORSEMENTS: "/endorsements",
    Target.EVENT_MESSAGE: "/workshops/{}/messages/{}",
    Target.EVALUATION: "/workshops/{}/evaluation",
    Target.FOLLOW_UP: "/workshops/{}/follow-up",
    Target.INVITATION: "/people/invitations/{}",
    Target.INVITATION_ACCEPTANCE: "/invitation/{}",
    Target.INVITATION_CODE: "/invitation",
    Target.INVITATIONS: "/people/invitations",
    Target.LESSON: "/courses/{}/lessons/{}",
    Target.LESSON_REPORT: "/courses/{}/lessons/{}/report",
    Target.LOCKED_PERIODS: "/plan/periods",
    Target.MAIL_SETTINGS: "/settings#mail_rhythm",
    Target.MARKING: "/teaching/marking",
    Target.NEW_ACTION: "/plan/actions/new",
    Target.NEW_SITTING: "/sittings/new",
    Target.PASSWORD_RESET: "/sign-in/help/{}",
    Target.PATH: "/path",
    Target.PEOPLE: "/people",
    Target.PEOPLE_SHEET: "/people/sheet",
    Target.PEER_MARKING: "/courses/{}/lessons/{}/checks/{}/colleagues",
    Target.PERSON_ACCESS: "/people/{}/access",
    Target.PERSON_ROLES: "/people/{}/roles",
    Target.PERSON_SERVICE: "/people/{}/service",
    Target.PLANNED_NEEDS: "/plan/countries/{}/needs",
    Target.REMINDER: "/reminders/{}",
    Target.REMINDERS_SENT: "/plan/reminders",
    Target.REPORT: "/reports/{}",
    Target.REVIEW: "/teaching/review/{}",
    Target.ROLE_PROPOSAL: "/people/proposals/{}",
    Target.SETTINGS: "/settings",
    Target.SITTING: "/sittings/{}",
    Target.SITTINGS: "/sittings",
    Target.STATUS_LIST: "/verify/status/{}",
    Target.SUPERVISED_EVENTS: "/supervision/events",
    Target.TARGET: "/plan/edit/{}/{}/{}",
    Target.TARGETS: "/plan/edit",
    Target.TEACHING_COURSE: "/teaching/courses/{}",
    Target.TEACHING_COURSES: "/teaching/courses",
    Target.TEACHING_WORKSHOP: "/teaching/workshops/{}",
    Target.TREATIES: "/treaties",
    Target.VISIT_REPORT: "/workshops/{}/report",
    Target.WELCOME: "/welcome",
    Target.WORKSHOP: "/workshops/{}",
}


def path_to(target: Target, *values: object) -> str:
    """Return the path of a target; raise ValueError unless there is one value for each placeholder."""
    start, *parts = PATHS[target].split("{}")
    if len(parts) != len(values):
        raise ValueError(f"{target.name} takes {len(parts)} values, not {len(values)}")
    return start + "".join(f"{value}{part}" for value, part in zip(values, parts, strict=True))


def package_of(rule: str) -> str:
    """Return the package that serves a route, by its longest prefix."""
    segments = tuple(_segment(part) for part in rule.strip("/").split("/") if part)
    for length in range(len(segments), -1, -1):
        for prefix, package in PREFIXES.items():
            parts = tuple(part for part in prefix.split("/") if part)
            if len(parts) == length and _starts_with(segments, parts):
                return package
    raise ValueError(f"no prefix for {rule}")


def _segment(part: str) -> str:
    """Return a segment of a route without its file type; `*` for a parameter."""
    return re.sub("<[^>]+>", "*", part.partition(".<")[0])


def _starts_with(segments: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return all(part in (segment, "*") for segment, part in zip(segments, parts, strict=False))
