"""Changes that each leave entries in the audit log: roles and supervisors."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.db.session import db
from app.identity.queries import person_details
from app.kernel import clock
from app.rights.queries import roles, supervision
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.sites import Site


def _assign(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        supervisor_id = factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
    submit(f"/people/{site.people['owner']}/supervisor", supervisor=str(supervisor_id))(site, client)


def _release(site: Site, client: FlaskClient) -> None:
    _assign(site, client)
    with site.app.app_context():
        [supervisor_id] = supervision.supervisors_of(site.people["owner"], clock.today())
    submit(f"/people/{site.people['owner']}/supervisor/{supervisor_id}/end")(site, client)


def _give_role(site: Site, client: FlaskClient) -> None:
    sent = {"role": "supervisor", "since": clock.today().isoformat()}
    submit(f"/people/{site.people['owner']}/roles", **sent)(site, client)


def _end_role(site: Site, client: FlaskClient) -> None:
    owner = site.people["owner"]
    with site.app.app_context():
        grant_id = person_details.any_person(owner, clock.today()).grants[0].id
    submit(f"/people/{owner}/roles/{grant_id}/end")(site, client)


def _answer(end: str) -> Step:
    """Answer, as the second administrator, what another one asked."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            other = factories.person(country="BG", roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
            db.session.remove()
        path = f"/people/{site.people['owner']}/roles"
        sent = {"role": "administrator", "since": clock.today().isoformat()}
        sites.post(site.app, factories.sign_in(site.app, other), path, sent)
        with site.app.app_context():
            asked = roles.administrator_requests(clock.real_now())[0].id
        submit(f"{path}/requests/{asked}/{end}")(site, client)

    return step


STEPS: Mapping[str, AuditStep] = {
    "rights.assign_role": AuditStep(_give_role, {"RoleGranted"}, by="contact_point"),
    "rights.revoke_role": AuditStep(_end_role, {"RoleEnded"}, by="contact_point"),
    "rights.confirm_administrator": AuditStep(_answer("confirm"), {"AdministratorAnswered"}, by="administrator"),
    "rights.refuse_administrator": AuditStep(_answer("refuse"), {"AdministratorAnswered"}, by="administrator"),
    "rights.assign_supervisor": AuditStep(_assign, {"SupervisorAssigned"}, by="contact_point"),
    "rights.release_supervisor": AuditStep(_release, {"SupervisorReleased"}, by="contact_point"),
}
