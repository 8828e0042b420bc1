"""The path of each target; a test compares them with the routes.

Paths are written out: they are needed outside a request, and notices and mails keep them.
"""

from collections.abc import Mapping

from app.access.targets import Target

PATHS: Mapping[Target, str] = {
    Target.ACCESS_TABLE: "/about/who-sees-what",
    Target.ADDRESS_CHANGE: "/sign-in/address/{}",
    Target.ATTEMPT_RESULT: "/attempts/{}/result",
    Target.BOUNCED_INVITATIONS: "/people/invitations?which=bounced",
    Target.COMPETENCY: "/path/{}",
    Target.COURSE: "/courses/{}",
    Target.COURSE_LATER: "/courses/{}/later",
    Target.INVITATION: "/people/invitations/{}",
    Target.INVITATION_ACCEPTANCE: "/invitation/{}",
    Target.INVITATION_CODE: "/invitation",
    Target.INVITATIONS: "/people/invitations",
    Target.LESSON: "/courses/{}/lessons/{}",
    Target.MAIL_SETTINGS: "/settings#mail_rhythm",
    Target.PASSWORD_RESET: "/sign-in/help/{}",
    Target.PATH: "/path",
    Target.PEOPLE: "/people",
    Target.PEOPLE_SHEET: "/people/sheet",
    Target.PERSON_ACCESS: "/people/{}/access",
    Target.PERSON_ROLES: "/people/{}/roles",
    Target.PERSON_SERVICE: "/people/{}/service",
    Target.ROLE_PROPOSAL: "/people/proposals/{}",
    Target.SETTINGS: "/settings",
    Target.TEACHING_WORKSHOP: "/teaching/workshops/{}",
    Target.TREATIES: "/treaties",
    Target.WELCOME: "/welcome",
    Target.WORKSHOP: "/workshops/{}",
}


def path_to(target: Target, *values: object) -> str:
    """Return the path of a target; raise ValueError unless there is one value for each placeholder."""
    start, *parts = PATHS[target].split("{}")
    if len(parts) != len(values):
        raise ValueError(f"{target.name} takes {len(parts)} values, not {len(values)}")
    return start + "".join(f"{value}{part}" for value, part in zip(values, parts, strict=True))
