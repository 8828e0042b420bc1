"""Changes of home with their entries in the audit log."""

from collections.abc import Mapping
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app.catalogue.models import Course
from app.competence.queries import competencies as competence
from app.db.session import db
from app.learning.queries import suggestions
from tests.support import courses, practice_site, sites
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site


def claim_skill(site: Site) -> UUID:
    """Claim a skill as the colleague; return the claim."""
    sites.post(site.app, site.client("colleague"), "/path/PRT-01/claim", {"level": "foundation"})
    with site.app.app_context():
        return competence.claims_of(site.people["colleague"])[0].id


def _withdraw_claim(site: Site, client: FlaskClient) -> None:
    claim_skill(site)
    submit("/path/PRT-01/claim/withdraw")(site, client)


def _suggest(site: Site, client: FlaskClient) -> None:
    """Suggest a course to the colleague."""
    sent = {"course": str(_course(site)), "reason": "For the autumn"}
    submit(f"/people/{site.people['colleague']}/learning/suggestions", **sent)(site, client)


def _course(site: Site) -> UUID:
    with site.app.app_context():
        return db.session.scalars(select(Course.id).where(Course.slug == courses.SLUG)).one()


def suggest_course(site: Site) -> UUID:
    """Suggest a course to the colleague as the contact point; return the suggestion."""
    _suggest(site, site.client("contact_point"))
    with site.app.app_context():
        return suggestions.lines(site.people["colleague"], "IQ")[0].id


def _take_back_suggestion(site: Site, client: FlaskClient) -> None:
    path = f"/people/{site.people['colleague']}/learning/suggestions/{suggest_course(site)}/taking-back"
    submit(path)(site, client)


def _practise(site: Site, client: FlaskClient) -> None:
    practice_site.prepare(site.app, site.people["colleague"])
    submit("/practice")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "home.claim_skill": AuditStep(submit("/path/PRT-01/claim", level="foundation"), {"SkillClaimed"}, by="colleague"),
    "home.withdraw_claim": AuditStep(_withdraw_claim, {"ClaimDecided"}, by="colleague"),
    "home.start_practice": AuditStep(_practise, {"AttemptStarted"}, by="colleague"),
    "home.suggest_course": AuditStep(_suggest, {"CourseSuggested"}, by="contact_point"),
    "home.withdraw_suggestion": AuditStep(_take_back_suggestion, {"SuggestionChanged"}, by="contact_point"),
}
