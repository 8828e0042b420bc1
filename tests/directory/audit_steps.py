"""Changes of accounts and the entries that each leaves in the audit log."""

from collections.abc import Mapping
from uuid import UUID

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.directory.service import country_settings
from app.identity.domain.people import AgencyKind
from app.identity.models import Agency, Country
from app.identity.queries import people as accounts
from app.identity.queries import person_details
from app.invitations.domain.invitations import browser_hash
from app.invitations.models import Invitation
from app.invitations.service import invitations
from app.kernel import clock
from app.recovery.domain import LINK_LIFE
from app.recovery.models import AddressChange, PasswordLink
from app.recovery.service import address_change
from app.rights.queries import roles, supervision
from app.rights.service import proposals
from app.rights.service.proposals import NewProposal
from app.sign_in.domain import CodeKind, Stage
from app.sign_in.queries import factors
from app.sign_in.service import second_factor
from app.sign_in.service import sessions as accounts_service
from app.sign_in.service.sessions import hash_secret
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, Step, entries_since, last_entry, submit
from tests.support.sites import Site

SETTINGS = "/country/settings"


def _sign_in(site: Site, _client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        factories.person(mail="new@example.org")
    fields = {"name": "new@example.org", "password": factories.PASSWORD}
    assert sites.post(site.app, site.app.test_client(), "/sign-in", fields).status_code == 302


def _fail_to_sign_in(site: Site, _client: FlaskClient) -> None:
    fields = {"name": "nobody@example.org", "password": "wrong"}
    assert sites.post(site.app, site.app.test_client(), "/sign-in", fields).status_code == 422


def _half(site: Site) -> tuple[FlaskClient, UUID]:
    """Return a visit of somebody whose password was right and who has no factor yet."""
    with site.app.app_context(), transaction():
        factories.agency("FR", second_factor=True)
        db.session.get_one(Country, "FR").printed_codes = True
        person_id = factories.person(country="FR")
        secret = accounts_service.open_session(person_id, shared=False, real_now=clock.real_now(), stage=Stage.HALF)
    client = site.app.test_client()
    with client.session_transaction() as session:
        session["half"] = secret
    return client, person_id


def _second_step(site: Site, _client: FlaskClient) -> None:
    client, person_id = _half(site)
    with site.app.app_context(), transaction():
        code = second_factor.make_codes(person_id, CodeKind.PRINTED, clock.real_now())[0]
    assert sites.post(site.app, client, "/sign-in/second-step", {"code": code}).status_code == 302


def _fail_second_step(path: str, status: int, **fields: str) -> Step:
    def step(site: Site, _client: FlaskClient) -> None:
        client, person_id = _half(site)
        with site.app.app_context(), transaction():
            second_factor.make_codes(person_id, CodeKind.PRINTED, clock.real_now())
        assert sites.post(site.app, client, path, fields).status_code == status

    return step


def _start_again(site: Site, _client: FlaskClient) -> None:
    assert sites.post(site.app, _half(site)[0], "/sign-in/start-again").status_code == 302


def _confirm_app(site: Site, client: FlaskClient) -> None:
    sites.post(site.app, client, "/sign-in/factors/app")
    with site.app.app_context():
        shown = factors.app_seed(site.people["owner"], confirmed=False)
    assert shown is not None
    fields = {"code": pyotp.TOTP(shown[1]).now()}
    assert sites.post(site.app, client, "/sign-in/factors/app/code", fields).status_code == 200


def _paper(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        db.session.get_one(Country, "IQ").printed_codes = True
    assert sites.post(site.app, client, "/sign-in/factors/printed").status_code == 200


def _recovery(site: Site, client: FlaskClient) -> None:
    _confirm_app(site, client)
    assert sites.post(site.app, client, "/sign-in/factors/recovery").status_code == 200


def _remove_app(site: Site, client: FlaskClient) -> None:
    _confirm_app(site, client)
    submit("/settings/sign-in/remove", factor="app")(site, client)


def _refused_passkey(site: Site, client: FlaskClient) -> None:
    """Bring a passkey that does not hold; one that does needs a browser: tests/journeys/test_passkeys."""
    answer = sites.post(site.app, client, "/settings/sign-in/passkey", {"credential": "{}"})
    assert answer.status_code == 422


def _end_device(site: Site, client: FlaskClient) -> None:
    site.client("owner")
    with site.app.app_context():
        other = factors.devices(site.people["owner"], clock.real_now())[0]
    submit("/settings/sign-in/devices/end", device=str(other.id))(site, client)


def _end_others(site: Site, client: FlaskClient) -> None:
    site.client("owner")
    submit("/settings/sign-in/devices/end-others")(site, client)


def _invited(site: Site) -> str:
    """Let the contact point invite somebody; return the invitation."""
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


def _assign(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        chief = factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),))
    submit(f"/people/{site.people['owner']}/supervisor", supervisor=str(chief))(site, client)


def _release(site: Site, client: FlaskClient) -> None:
    _assign(site, client)
    with site.app.app_context():
        [chief] = supervision.supervisors_of(site.people["owner"], clock.today())
    submit(f"/people/{site.people['owner']}/supervisor/{chief}/end")(site, client)


def _set_extra_time(site: Site, client: FlaskClient) -> None:
    submit(f"/people/{site.people['owner']}/extra-time", percent="25")(site, client)


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


def _find(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = accounts.names([site.people["owner"]])[site.people["owner"]]
    assert sites.post(site.app, client, "/people", {"who": alias}).status_code == 200


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
            found = db.session.get_one(Invitation, invitation_id)
            found.password_hash = factories.PASSWORD_HASH
            found.browser_hash = browser_hash(found.id, "this browser")
            if end == "renewal":
                found.ends_at = clock.real_now()
            token = found.token
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


def _set_password(site: Site, _client: FlaskClient) -> None:
    owner, ends_at = site.people["owner"], clock.real_now() + LINK_LIFE
    with site.app.app_context(), transaction():
        db.session.add(PasswordLink(person_id=owner, token="t", token_hash=hash_secret("t"), ends_at=ends_at))
    fields = {"new": "five plain words in a row"}
    assert sites.post(site.app, site.app.test_client(), "/sign-in/help/t", fields).status_code == 302


def _confirm_address(site: Site, _client: FlaskClient) -> None:
    with site.app.app_context():
        with transaction():
            address_change.ask(site.people["owner"], "new@example.org", address="a", real_now=clock.real_now())
        found = db.session.scalars(select(AddressChange)).one()
        tokens = (found.old_token, found.new_token)
        db.session.remove()
    for token in tokens:
        assert sites.post(site.app, site.app.test_client(), f"/sign-in/address/{token}").status_code == 302


def _help(end: str = "", **fields: str) -> Step:
    """Do something with the access of the owner, who is signed in somewhere."""

    def step(site: Site, client: FlaskClient) -> None:
        site.client("owner")
        answer = sites.post(site.app, client, f"/people/{site.people['owner']}/access{end}", fields)
        assert answer.status_code in {200, 302}, answer.status

    return step


def _confirm_in_place(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        with transaction():
            address_change.ask(site.people["owner"], "new@example.org", address="a", real_now=clock.real_now())
        db.session.remove()
    _help("/address", how="known", confirmed="y")(site, client)


def _with_agency(end: str, **fields: str) -> Step:
    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context(), transaction():
            made = country_settings.add_agency("IQ", AgencyKind.BORDER, "Coast guard")
        submit(f"{SETTINGS}/services/{made}{end}", **fields)(site, client)

    return step


def _without_second_step(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        db.session.get_one(Country, "IQ").second_factor = True
    submit(f"{SETTINGS}/second-step", password=factories.PASSWORD)(site, client)


STEPS: Mapping[str, AuditStep] = {
    "sign_in.send_sign_in": AuditStep(_sign_in, {"SignedIn"}, by=None),
    "sign_in.send_sign_in failing": AuditStep(_fail_to_sign_in, {"SignInFailed"}, by=None),
    "sign_in.sign_out": AuditStep(submit("/sign-out"), {"SignedOut"}),
    "sign_in.choose_language": AuditStep(submit("/sign-in/language", to="ar"), {"SettingsChanged"}),
    "settings.change_alias": AuditStep(submit("/settings/alias", alias="Blue Heron"), {"AliasChanged"}),
    "settings.change_settings": AuditStep(
        submit("/settings", language="fr", content_language="", appearance="dark", mail_rhythm="never"),
        {"SettingsChanged"},
    ),
    "sign_in.begin_app": AuditStep(submit("/sign-in/factors/app"), {"FactorBegun"}),
    "sign_in.confirm_app": AuditStep(_confirm_app, {"FactorAdded", "CodesMade"}),
    "sign_in.make_list": AuditStep(_paper, {"FactorAdded", "CodesMade"}),
    "sign_in.make_recovery": AuditStep(_recovery, {"CodesMade"}),
    "recovery.close_account": AuditStep(_help("/closing", sure="y"), {"PersonDeactivated"}, by="contact_point"),
    "recovery.confirm_admin_address": AuditStep(_confirm_in_place, {"AddressConfirmed"}, by="contact_point"),
    "recovery.end_sessions": AuditStep(_help("/sessions"), {"SessionsEnded"}, by="contact_point"),
    "recovery.restore_account": AuditStep(
        _help(how="known", confirmed="y"), {"LetBackIn", "CodesMade"}, by="contact_point"
    ),
    "recovery.request_link": AuditStep(submit("/sign-in/help", name="nobody@example.org"), {"LinkAsked"}, by=None),
    "recovery.confirm_address_link": AuditStep(_confirm_address, {"AddressConfirmed", "AddressChanged"}, by=None),
    "recovery.set_password": AuditStep(_set_password, {"PasswordChanged"}, by=None),
    "settings.change_address": AuditStep(
        submit("/settings/sign-in/address", mail="new@example.org"), {"AddressChangeAsked"}
    ),
    "settings.change_password": AuditStep(
        submit("/settings/sign-in/password", password=factories.PASSWORD, new="another long passphrase"),
        {"PasswordChanged"},
    ),
    "settings.end_device": AuditStep(_end_device, {"SessionsEnded"}),
    "settings.end_others": AuditStep(_end_others, {"SessionsEnded"}),
    "settings.reauthenticate": AuditStep(
        submit("/settings/sign-in/again", password=factories.PASSWORD), {"ProvedAgain"}
    ),
    "settings.reauthenticate_by_passkey failing": AuditStep(_refused_passkey, {"SecondStepFailed"}),
    "settings.remove": AuditStep(_remove_app, {"FactorRemoved"}),
    "sign_in.take_code": AuditStep(_second_step, {"CodeUsed", "SignedIn"}, by=None),
    "sign_in.take_code failing": AuditStep(
        _fail_second_step("/sign-in/second-step", 422, code="1"), {"SecondStepFailed"}, by=None
    ),
    "sign_in.take_passkey": AuditStep(
        _fail_second_step("/sign-in/second-step/passkey", 422, credential="{}"), {"SecondStepFailed"}, by=None
    ),
    "sign_in.sign_in_by_passkey": AuditStep(
        _fail_second_step("/sign-in/passkey", 302, credential="{}"), {"SignInFailed"}, by=None
    ),
    "sign_in.start_again": AuditStep(_start_again, {"SignedOut"}, by=None),
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
    "rights.assign_role": AuditStep(_give_role, {"RoleGranted"}, by="contact_point"),
    "rights.revoke_role": AuditStep(_end_role, {"RoleEnded"}, by="contact_point"),
    "rights.confirm_administrator": AuditStep(_answer("confirm"), {"AdministratorAnswered"}, by="administrator"),
    "rights.refuse_administrator": AuditStep(_answer("refuse"), {"AdministratorAnswered"}, by="administrator"),
    "directory.find_person": AuditStep(_find, {"IdentitySeen"}, by="contact_point"),
    "invitations.invite": AuditStep(_invite, {"Invited"}, by="contact_point"),
    "invitations.print_letter": AuditStep(_with_invitation("letter"), {"LetterPrinted"}, by="contact_point"),
    "invitations.renew": AuditStep(_with_invitation("renewal"), {"InvitationRenewed"}, by="contact_point"),
    "invitations.renew_expired": AuditStep(_renew_expired, {"InvitationRenewed"}, by="contact_point"),
    "invitations.withdraw": AuditStep(_with_invitation("withdrawal"), {"InvitationWithdrawn"}, by="contact_point"),
    "directory.change_extra_time": AuditStep(_set_extra_time, {"ExtraTimeChanged"}, by="contact_point"),
    "invitations.agree_to_proposal": AuditStep(
        _answer_proposal("agreement"), {"RoleProposalAgreed", "RoleProposalEnded", "RoleGranted"}, by="contact_point"
    ),
    "invitations.stop_proposal": AuditStep(_answer_proposal("stop"), {"RoleProposalEnded"}, by="contact_point"),
    "rights.assign_supervisor": AuditStep(_assign, {"SupervisorAssigned"}, by="contact_point"),
    "rights.release_supervisor": AuditStep(_release, {"SupervisorReleased"}, by="contact_point"),
    "directory.add_agency": AuditStep(
        submit(f"{SETTINGS}/services", name="Coast guard", kind="border"), {"AgencyAdded"}, by="contact_point"
    ),
    "directory.change_country_settings": AuditStep(
        submit(SETTINGS, second_factor="y", printed_codes="y"), {"CountryChanged"}, by="contact_point"
    ),
    "directory.drop_agency": AuditStep(_with_agency("/removal"), {"AgencyDropped"}, by="contact_point"),
    "directory.drop_second_step": AuditStep(_without_second_step, {"CountryChanged"}, by="contact_point"),
    "directory.keep_names": AuditStep(submit(f"{SETTINGS}/names", months="36"), {"CountryChanged"}, by="contact_point"),
    "directory.rename_agency": AuditStep(_with_agency("", name="Other guard"), {"AgencyRenamed"}, by="contact_point"),
    "directory.set_help": AuditStep(
        submit(f"{SETTINGS}/help", text="Call 1234."), {"CountryChanged"}, by="contact_point"
    ),
}
