"""Changes that each leave entries in the audit log: invitations and proposals."""

from collections.abc import Mapping
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role
from app.db.session import db, transaction
from app.identity.models import Agency
from app.invitations.domain.invitations import browser_hash
from app.invitations.models import Invitation
from app.invitations.service import invitations
from app.kernel import clock
from app.rights.service import proposals
from app.rights.service.proposals import NewProposal
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step, entries_since, last_entry, submit
from tests.support.sites import Site


def _invited(site: Site) -> str:
    """Invite a person as the contact point; return the invitation."""
    with site.app.app_context():
        service = db.session.scalars(select(Agency.id).where(Agency.country == "IQ")).first()
    fields = {
        "mail": "new@example.org", "name": "Test Person", "agency": str(service), "role": "supervisor",
        "language": "en",
    }  # fmt: skip
    answer = sites.post(site.app, site.client("contact_point"), "/people/invite", fields)
    assert answer.status_code == 302, answer.status
    return str(answer.headers["Location"].rsplit("/", 1)[1])


def _invite(site: Site, _client: FlaskClient) -> None:
    _invited(site)


def _answer_proposal(end: str) -> Step:
    """Answer a proposal of a coordinator as the contact point of the country."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            with transaction():
                new = NewProposal(Role.CONTACT_POINT, "IQ", clock.today(), person_id=site.people["owner"])
                proposal_id = proposals.propose(new, site.people["coordinator"], clock.now())
            db.session.remove()
        submit(f"/people/proposals/{proposal_id}/{end}")(site, client)

    return step


def _with_invitation(end: str) -> Step:
    def step(site: Site, client: FlaskClient) -> None:
        answer = sites.post(site.app, client, f"/people/invitations/{_invited(site)}/{end}")
        assert answer.status_code in {200, 302}, answer.status

    return step


def _renew_expired(site: Site, client: FlaskClient) -> None:
    invitation_id = UUID(_invited(site))
    with site.app.app_context(), transaction():
        db.session.get_one(Invitation, invitation_id).ends_at = clock.real_now()
    submit("/people/invitations/renewal")(site, client)


def _as_guest(end: str, **fields: str) -> Step:
    """Do something as the invited person, who has given the password before."""

    def step(site: Site, _client: FlaskClient) -> None:
        invitation_id = UUID(_invited(site))
        with site.app.app_context(), transaction():
            invitation = db.session.get_one(Invitation, invitation_id)
            invitation.password_hash = factories.PASSWORD_HASH
            invitation.browser_hash = browser_hash(invitation.id, "this browser")
            if end == "renewal":
                invitation.ends_at = clock.real_now()
            token = invitation.token
        before, client = last_entry(site.app), site.app.test_client()
        with client.session_transaction() as session:
            session["guest"] = "this browser"
        answer = sites.post(site.app, client, f"/invitation/{token}/{end}", fields)
        assert answer.status_code in {200, 302}, answer.status
        assert entries_since(site.app, before)

    return step


def _type_code(site: Site, _client: FlaskClient) -> None:
    invitation_id = UUID(_invited(site))
    with site.app.app_context(), transaction():
        code = invitations.print_letter(invitation_id, clock.real_now())
    sent = {"mail": "new@example.org", "code": code or ""}
    assert sites.post(site.app, site.app.test_client(), "/invitation", sent).status_code == 302


def _type_wrong_code(site: Site, _client: FlaskClient) -> None:
    sent = {"mail": "new@example.org", "code": "1234 5678"}
    assert sites.post(site.app, site.app.test_client(), "/invitation", sent).status_code == 422


STEPS: Mapping[str, AuditStep] = {
    "invitations.accept": AuditStep(_as_guest("start"), {"InvitationAccepted"}, by=None),
    "invitations.ask_anew": AuditStep(_as_guest("renewal"), {"InvitationRenewed"}, by=None),
    "invitations.keep_name": AuditStep(
        _as_guest("name", name="A Person", alias="Watcher 5"), {"InvitationFilled"}, by=None
    ),
    "invitations.keep_password": AuditStep(
        _as_guest("password", new="five plain words in a row"), {"InvitationFilled"}, by=None
    ),
    "invitations.take_letter_code": AuditStep(_type_code, {"InvitationCodeTaken"}, by=None),
    "invitations.take_letter_code failing": AuditStep(_type_wrong_code, {"InvitationCodeFailed"}, by=None),
    "invitations.invite": AuditStep(_invite, {"Invited"}, by="contact_point"),
    "invitations.print_letter": AuditStep(_with_invitation("letter"), {"LetterPrinted"}, by="contact_point"),
    "invitations.renew": AuditStep(_with_invitation("renewal"), {"InvitationRenewed"}, by="contact_point"),
    "invitations.renew_expired": AuditStep(_renew_expired, {"InvitationRenewed"}, by="contact_point"),
    "invitations.withdraw": AuditStep(_with_invitation("withdrawal"), {"InvitationWithdrawn"}, by="contact_point"),
    "invitations.agree_to_proposal": AuditStep(
        _answer_proposal("agreement"), {"RoleProposalAgreed", "RoleProposalEnded", "RoleGranted"}, by="contact_point"
    ),
    "invitations.stop_proposal": AuditStep(_answer_proposal("stop"), {"RoleProposalEnded"}, by="contact_point"),
}
