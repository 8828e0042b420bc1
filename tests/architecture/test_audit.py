from collections.abc import Callable, Mapping
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from app.access.policy import Role, Scope
from app.accounts import addresses, countries, invitations, proofs, proposals, proving, seeing, supervised
from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.domain import AgencyKind, CodeKind, Stage
from app.accounts.invitation_rules import browser_hash
from app.accounts.models import AddressChange, Agency, Country, Invitation, PasswordLink, RoleGrant, SignInSession
from app.accounts.proposals import NewProposal
from app.accounts.recovery_rules import LINK_LIFE
from app.accounts.sessions import hash_secret
from app.audit.models import Entry
from app.catalogue import service as catalogue
from app.catalogue.domain.versions import VersionKind
from app.catalogue.models import Course
from app.competence import queries as competence
from app.db import blind_index
from app.db.session import db, transaction
from app.kernel import clock
from app.learning import suggested
from app.operations.models import FirstRun
from app.quizzes.models import Attempt
from app.workshops import queries as events
from app.workshops import service as workshops
from app.workshops.models import Workshop
from tests.support import courses, factories, lesson_reading, routes, sites, workshop_events, workshop_pages
from tests.support.sites import Site

SETTINGS = "/country/settings"
COURSE = f"/courses/{courses.SLUG}"
# records of their own that only grow, and what is lossy by design (security S10)
EXCEPTIONS = {
    "quizzes.save",
    "quizzes.save_many",
    "learning.answer_check",
    "learning.keep_place",
    # a challenge is nothing until it is signed; adding a passkey needs a browser: tests/journeys/test_passkeys
    "factors.add_passkey",
    "factors.ask_passkey",
    "keeping.ask_passkey",
    "second_step.ask_passkey",
    "second_step.ask_any_passkey",
    "home.read_notices",  # a mark beside one's own notices, like a reading place
}
Step = Callable[[Site, FlaskClient], None]


def _form(path: str, **fields: str) -> Step:
    def step(site: Site, client: FlaskClient) -> None:
        values = {"attempt": site.done.open_attempt, "case": site.done.open_case, **site.workshops}
        answer = sites.post(site.app, client, path.format(**values), fields)
        assert answer.status_code in {302, 204}, answer.status

    return step


def _publish_again(site: Site, client: FlaskClient) -> None:
    """Publish a second version, so that it can be taken."""
    ready, _references = courses.ready(why="Because a note lasts.")
    with site.app.app_context():
        first, second = factories.person(), factories.person()
        with transaction():
            catalogue.store_draft(ready, clock.now())
            catalogue.publish(
                courses.CODE,
                kind=VersionKind.EDITORIAL,
                message="Words.",
                first_id=first,
                second_id=second,
                now=clock.now(),
            )
    _form(f"{COURSE}/version")(site, client)


def _answer_again(site: Site, client: FlaskClient) -> None:
    """Begin what a course asks six months after its test, as if that had been passed then."""
    attempt = sites.post(site.app, client, f"{COURSE}/test").headers["Location"].split("/")[2]
    sites.post(site.app, client, f"/attempts/{attempt}/hand-in")
    with site.app.app_context(), transaction():
        mine = update(Attempt).where(Attempt.public_id == UUID(attempt))
        db.session.execute(mine.values(share=1, passed=True, ended_at=clock.now() - timedelta(days=190)))
    _form(f"{COURSE}/later")(site, client)


def _draft(path: str, **fields: str) -> Step:
    """Do something with a draft that somebody else wrote."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            workshop_id = workshop_events.made()
        _form(path.format(draft=workshop_id), **fields)(site, client)

    return step


def _appoint(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = accounts.names([site.people["foreigner"]])[site.people["foreigner"]]
    _form("/teaching/workshops/{seat}/people", alias=alias, role="assessor")(site, client)


def _take_off(site: Site, client: FlaskClient) -> None:
    _appoint(site, client)
    _form(f"/teaching/workshops/{{seat}}/people/{site.people['foreigner']}/taking-off", role="assessor")(site, client)


def _keep_attendance(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        booking = events.seated(site.workshops["held"])[0].id
    sent = {f"mark-{booking}": "absent", "reason": "Wrong row"}
    _form("/teaching/workshops/{held}/sessions/1/attendance", **sent)(site, client)


def _ask(about: str) -> Step:
    """Ask the coordinators about an event whose time for scores is over, as its assessor and trainer."""

    def step(site: Site, _client: FlaskClient) -> None:
        held, coordinator = site.workshops["held"], site.people["coordinator"]
        with site.app.app_context(), transaction():
            workshop = db.session.get_one(Workshop, held)
            workshop.first_day = workshop.last_day = date(2027, 1, 20)
            workshops.appoint(held, coordinator, Role.ASSESSOR, clock.now())
        _form(f"/teaching/workshops/{held}/questions/{about}")(site, site.client("coordinator"))

    return step


def _score(site: Site, _client: FlaskClient) -> None:
    held, coordinator = site.workshops["held"], site.people["coordinator"]
    with site.app.app_context():
        booking = events.seated(held)[0].id
        with transaction():
            workshops.appoint(held, coordinator, Role.ASSESSOR, clock.now())
    scores = {f"score-{one}": "3" for one in ("list", "quay", "note", "call")}
    _form(f"/teaching/workshops/{held}/assess/{booking}/PRT-01", **scores)(site, site.client("coordinator"))


def _claimed(site: Site) -> UUID:
    """Let the colleague claim a skill; return the claim."""
    sites.post(site.app, site.client("colleague"), "/path/PRT-01/claim", {"level": "foundation"})
    with site.app.app_context():
        return competence.claims_of(site.people["colleague"])[0].id


def _withdraw_claim(site: Site, client: FlaskClient) -> None:
    _claimed(site)
    _form("/path/PRT-01/claim/withdraw")(site, client)


def _decide_claim(site: Site, client: FlaskClient) -> None:
    _form(f"/country/claims/{_claimed(site)}/decision", answer="endorse")(site, client)


def _name_need(site: Site, client: FlaskClient) -> None:
    _form(f"/country/officers/{site.people['owner']}/needs", competency="PRT-01", level="foundation")(site, client)


def _drop_need(site: Site, client: FlaskClient) -> None:
    _name_need(site, client)
    _form(f"/country/officers/{site.people['owner']}/needs/PRT-01/drop")(site, client)


def _suggest(site: Site, client: FlaskClient) -> None:
    """Suggest a course to the colleague."""
    sent = {"course": str(_course(site)), "reason": "For the autumn"}
    _form(f"/people/{site.people['colleague']}/learning/suggestions", **sent)(site, client)


def _course(site: Site) -> UUID:
    with site.app.app_context():
        return db.session.scalars(select(Course.id).where(Course.slug == courses.SLUG)).one()


def _suggested(site: Site) -> UUID:
    _suggest(site, site.client("contact_point"))
    with site.app.app_context():
        return suggested.lines(site.people["colleague"], "IQ")[0].id


def _take_back_suggestion(site: Site, client: FlaskClient) -> None:
    path = f"/people/{site.people['colleague']}/learning/suggestions/{_suggested(site)}/taking-back"
    _form(path)(site, client)


def _set_aside(site: Site, client: FlaskClient) -> None:
    _form(f"/suggestions/{_suggested(site)}/setting-aside")(site, client)


def _figure(*steps: str) -> Step:
    """Let a contact point enter a figure by hand; then take steps, each of which must leave a row of its own."""

    def step(site: Site, _client: FlaskClient) -> None:
        fields = {"code": "OC2.3", "country": "IQ", "day": "2027-02-28", "value": "17", "source": "Form 3"}
        owner, coordinator = site.client("contact_point"), site.client("coordinator")
        path = sites.post(site.app, owner, "/plan/figures/new", fields).headers["Location"]
        for taken in steps:
            before = _last(site.app)
            file = {"document": (BytesIO(b"%PDF-1.7"), "a.pdf")} if taken == "document" else {}
            who = coordinator if taken in {"approve", "return"} else owner
            sent: Any = {"reason": "Of which page?", **fields, **file}
            assert sites.post(site.app, who, f"{path}/{taken}", sent).status_code == 302, taken
            assert _since(site.app, before), taken

    return step


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
        code = proving.make_codes(person_id, CodeKind.PRINTED, clock.real_now())[0]
    assert sites.post(site.app, client, "/sign-in/second-step", {"code": code}).status_code == 302


def _fail_second_step(path: str, status: int, **fields: str) -> Step:
    def step(site: Site, _client: FlaskClient) -> None:
        client, person_id = _half(site)
        with site.app.app_context(), transaction():
            proving.make_codes(person_id, CodeKind.PRINTED, clock.real_now())
        assert sites.post(site.app, client, path, fields).status_code == status

    return step


def _start_again(site: Site, _client: FlaskClient) -> None:
    assert sites.post(site.app, _half(site)[0], "/sign-in/start-again").status_code == 302


def _confirm_app(site: Site, client: FlaskClient) -> None:
    sites.post(site.app, client, "/sign-in/factors/app")
    with site.app.app_context():
        shown = proofs.seed(site.people["owner"], confirmed=False)
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


def _read_whole(site: Site, client: FlaskClient) -> None:
    """Read a lesson for as long as it states, then send the step "Done" as a device does."""
    token = lesson_reading.token(client, f"{COURSE}/lessons/the-quay")
    before = clock.now() - clock.real_now()
    clock.move(lambda: before + timedelta(minutes=6))
    answer = sites.post_json(site.app, client, "/lessons/steps", {"steps": [lesson_reading.step("done", token)]})
    assert answer.json["results"][0]["state"] == "done"


def _remove_app(site: Site, client: FlaskClient) -> None:
    _confirm_app(site, client)
    _form("/settings/sign-in/remove", factor="app")(site, client)


def _refused_passkey(site: Site, client: FlaskClient) -> None:
    """Bring a passkey that does not hold; one that does needs a browser: tests/journeys/test_passkeys."""
    answer = sites.post(site.app, client, "/settings/sign-in/passkey", {"credential": "{}"})
    assert answer.status_code == 422


def _end_device(site: Site, client: FlaskClient) -> None:
    site.client("owner")
    with site.app.app_context():
        other = proofs.devices(site.people["owner"], clock.real_now())[0]
    _form("/settings/sign-in/devices/end", device=str(other.id))(site, client)


def _end_others(site: Site, client: FlaskClient) -> None:
    site.client("owner")
    _form("/settings/sign-in/devices/end-others")(site, client)


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
    _form(f"/people/{site.people['owner']}/supervisor", supervisor=str(chief))(site, client)


def _release(site: Site, client: FlaskClient) -> None:
    _assign(site, client)
    with site.app.app_context():
        [chief] = supervised.supervisors_of(site.people["owner"], clock.today())
    _form(f"/people/{site.people['owner']}/supervisor/{chief}/end")(site, client)


def _set_extra_time(site: Site, client: FlaskClient) -> None:
    _form(f"/people/{site.people['owner']}/extra-time", percent="25")(site, client)


def _answer_proposal(end: str) -> Step:
    """Answer a proposal of a coordinator as the contact point of the country."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            with transaction():
                new = NewProposal(Role.CONTACT_POINT, "IQ", clock.today(), person_id=site.people["owner"])
                proposal_id = proposals.propose(new, site.people["coordinator"], clock.now())
            db.session.remove()
        _form(f"/people/proposals/{proposal_id}/{end}")(site, client)

    return step


def _give_role(site: Site, client: FlaskClient) -> None:
    sent = {"role": "supervisor", "since": clock.today().isoformat()}
    _form(f"/people/{site.people['owner']}/roles", **sent)(site, client)


def _end_role(site: Site, client: FlaskClient) -> None:
    owner = site.people["owner"]
    with site.app.app_context():
        grant_id = seeing.any_person(owner, clock.today()).grants[0].id
    _form(f"/people/{owner}/roles/{grant_id}/end")(site, client)


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
            asked = seeing.requests(clock.real_now())[0].id
        _form(f"{path}/requests/{asked}/{end}")(site, client)

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
    _form("/people/invitations/renewal")(site, client)


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
        before, client = _last(site.app), site.app.test_client()
        with client.session_transaction() as session:
            session["guest"] = "this browser"
        answer = sites.post(site.app, client, f"/invitation/{token}/{end}", fields)
        assert answer.status_code in {200, 302}, answer.status
        assert _since(site.app, before)

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
            addresses.ask(site.people["owner"], "new@example.org", address="a", real_now=clock.real_now())
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
            addresses.ask(site.people["owner"], "new@example.org", address="a", real_now=clock.real_now())
        db.session.remove()
    _help("/address", how="known", confirmed="y")(site, client)


def _incident(site: Site, client: FlaskClient) -> None:
    sent = {"reason": "drill", "whose": "named", "password": factories.PASSWORD}
    assert sites.post(site.app, client, "/operations/incident/begin", sent).status_code == 302


def _end_incident(site: Site, client: FlaskClient) -> None:
    _incident(site, client)
    assert sites.post(site.app, client, "/operations/incident/end", {"password": factories.PASSWORD}).status_code == 302


def _report(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        alias = accounts.names([site.people["owner"]])[site.people["owner"]]
    sent = {"alias": alias, "since": "2027-01-01"}
    _incident(site, client)
    assert sites.post(site.app, client, "/operations/incident/report", sent).status_code == 200


def _take_data(site: Site, client: FlaskClient) -> None:
    assert sites.post(site.app, client, "/settings/my-data").status_code == 200


def _take_back_erasure(site: Site, client: FlaskClient) -> None:
    _form("/settings/my-data/erasure")(site, client)
    _form("/settings/my-data/erasure/withdrawal")(site, client)


def _service(end: str, *before: tuple[str, dict[str, str]], **fields: str) -> Step:
    """Change the service of the owner, as the contact point who has done other things to it before."""

    def step(site: Site, client: FlaskClient) -> None:
        path = f"/people/{site.people['owner']}/service"
        for earlier, sent in before:
            _form(f"{path}/{earlier}", **sent)(site, client)
        _form(f"{path}/{end}", **fields)(site, client)

    return step


def _move(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        service = factories.agency("IQ")  # nobody serves there yet
    _service("posting", agency=str(service), roles="first_responder", since="2027-04-01")(site, client)


def _erase(site: Site, client: FlaskClient) -> None:
    _form("/settings/my-data/erasure")(site, site.client("owner"))
    _service("erasure", identified="y")(site, client)


def _first_run(site: Site, **values: object) -> None:
    with site.app.app_context(), transaction():
        ends_at = clock.real_now() + timedelta(hours=1)
        code_hash = blind_index.index("first-code", "1" * 12)
        db.session.add(FirstRun(id=1, code_hash=code_hash, ends_at=ends_at, **values))


def _set_up(path: str) -> Step:
    def step(site: Site, client: FlaskClient) -> None:
        _first_run(site, holder_hash="x", person_id=site.people["administrator"])
        _form(path)(site, client)

    return step


def _without_administrator(site: Site) -> None:
    """Let the site wait for its first administrator."""
    with site.app.app_context(), transaction():
        db.session.execute(delete(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR))
    _first_run(site)


def _first_code(site: Site, _client: FlaskClient) -> None:
    _without_administrator(site)
    assert sites.post(site.app, site.app.test_client(), "/welcome", {"code": "1" * 12}).status_code == 302


def _first_administrator(site: Site, _client: FlaskClient) -> None:
    _without_administrator(site)
    visit = site.app.test_client()
    sites.post(site.app, visit, "/welcome", {"code": "1" * 12})
    fields = {"name": "A Person", "alias": "Watcher 9", "mail": "w9@example.org", "country": "IQ", "agency": "Office"}
    sent = {**fields, "new": "five plain words in a row"}
    assert sites.post(site.app, visit, "/welcome/administrator", sent).status_code == 302


def _sheet(site: Site, *steps: str) -> str:
    """Let the contact point send a sheet and go on with it; return the last address."""
    client = site.client("contact_point")
    with site.app.app_context():
        service = db.session.scalars(select(Agency.name).where(Agency.country == "IQ")).first()
    text = f"e-mail\tname\tservice\trole\nsheet@example.org\tA Person\t{service}\tSupervisor"
    path = str(sites.post(site.app, client, "/people/sheet", {"text": text}).headers["Location"])
    for step in steps:
        answer = sites.post(site.app, client, f"{path}/{step}")
        assert answer.status_code == 302, answer.status
        path = str(answer.headers["Location"])
    return path


def _with_sheet(*steps: str) -> Step:
    def step(site: Site, _client: FlaskClient) -> None:
        assert _sheet(site, *steps).startswith("/people/sheet")

    return step


def _letters(site: Site, _client: FlaskClient) -> None:
    path = _sheet(site, "import")
    assert sites.post(site.app, site.client("contact_point"), f"{path}/letters").status_code == 200


def _with_agency(end: str, **fields: str) -> Step:
    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context(), transaction():
            made = countries.add_agency("IQ", AgencyKind.BORDER, "Coast guard")
        _form(f"{SETTINGS}/services/{made}{end}", **fields)(site, client)

    return step


def _without_second_step(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        db.session.get_one(Country, "IQ").second_factor = True
    _form(f"{SETTINGS}/second-step", password=factories.PASSWORD)(site, client)


def _wish(answer: str = "") -> Step:
    """Let the contact point ask for a second person, and the coordinator answer."""

    def step(site: Site, client: FlaskClient) -> None:
        asking, answering = site.client("contact_point"), site.client("coordinator")
        assert sites.post(site.app, asking, "/people/sheet/wishes").status_code == 302
        if answer:
            page = answering.get("/people/sheet").get_data(as_text=True)
            path = page.split(f'/{answer}"')[0].rsplit('"', 1)[1]
            assert sites.post(site.app, answering, f"{path}/{answer}").status_code == 302

    return step


# what somebody does at each route, and the names that must then stand in the trail
def _prove_late(site: Site, client: FlaskClient) -> None:
    with site.app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(proved_at=clock.real_now() - timedelta(minutes=11)))
    sites.post(site.app, client, "/people/sheet/officers.csv", {"password": factories.PASSWORD})


STEPS: Mapping[str, tuple[Step, set[str]]] = {
    "accounts.send_sign_in": (_sign_in, {"SignedIn"}),
    "accounts.send_sign_in failing": (_fail_to_sign_in, {"SignInFailed"}),
    "accounts.sign_out": (_form("/sign-out"), {"SignedOut"}),
    "accounts.choose_language": (_form("/sign-in/language", to="ar"), {"SettingsChanged"}),
    "accounts.change_alias": (_form("/settings/alias", alias="Blue Heron"), {"AliasChanged"}),
    "accounts.change_settings": (
        _form("/settings", language="fr", content_language="", appearance="dark", mail_rhythm="never"),
        {"SettingsChanged"},
    ),
    "factors.begin_app": (_form("/sign-in/factors/app"), {"FactorBegun"}),
    "factors.confirm_app": (_confirm_app, {"FactorAdded", "CodesMade"}),
    "factors.make_list": (_paper, {"FactorAdded", "CodesMade"}),
    "factors.make_recovery": (_recovery, {"CodesMade"}),
    "access.close": (_help("/closing", sure="y"), {"PersonDeactivated"}),
    "access.confirm_address": (_confirm_in_place, {"AddressConfirmed"}),
    "access.end_sessions": (_help("/sessions"), {"SessionsEnded"}),
    "access.let_in": (_help(how="known", confirmed="y"), {"LetBackIn", "CodesMade"}),
    "recovery.ask": (_form("/sign-in/help", name="nobody@example.org"), {"LinkAsked"}),
    "recovery.confirm_address": (_confirm_address, {"AddressConfirmed", "AddressChanged"}),
    "recovery.set_password": (_set_password, {"PasswordChanged"}),
    "keeping.change_address": (
        _form("/settings/sign-in/address", mail="new@example.org"),
        {"AddressChangeAsked"},
    ),
    "keeping.change_password": (
        _form("/settings/sign-in/password", password=factories.PASSWORD, new="another long passphrase"),
        {"PasswordChanged"},
    ),
    "keeping.end_device": (_end_device, {"SessionsEnded"}),
    "keeping.end_others": (_end_others, {"SessionsEnded"}),
    "keeping.prove": (_form("/settings/sign-in/again", password=factories.PASSWORD), {"ProvedAgain"}),
    "keeping.prove_by_passkey failing": (_refused_passkey, {"SecondStepFailed"}),
    "keeping.remove": (_remove_app, {"FactorRemoved"}),
    "second_step.take_code": (_second_step, {"CodeUsed", "SignedIn"}),
    "second_step.take_code failing": (_fail_second_step("/sign-in/second-step", 422, code="1"), {"SecondStepFailed"}),
    "second_step.take_passkey": (
        _fail_second_step("/sign-in/second-step/passkey", 422, credential="{}"),
        {"SecondStepFailed"},
    ),
    "second_step.sign_in_by_passkey": (_fail_second_step("/sign-in/passkey", 302, credential="{}"), {"SignInFailed"}),
    "second_step.start_again": (_start_again, {"SignedOut"}),
    "invitation.accept": (_as_guest("start"), {"InvitationAccepted"}),
    "invitation.ask_anew": (_as_guest("renewal"), {"InvitationRenewed"}),
    "invitation.keep_name": (_as_guest("name", name="A Person", alias="Watcher 5"), {"InvitationFilled"}),
    "invitation.keep_password": (_as_guest("password", new="five plain words in a row"), {"InvitationFilled"}),
    "invitation.take_code": (_type_code, {"InvitationCodeTaken"}),
    "invitation.take_code failing": (_type_wrong_code, {"InvitationCodeFailed"}),
    "person.give": (_give_role, {"RoleGranted"}),
    "person.end": (_end_role, {"RoleEnded"}),
    "person.confirm": (_answer("confirm"), {"AdministratorAnswered"}),
    "person.refuse": (_answer("refuse"), {"AdministratorAnswered"}),
    "people.find": (_find, {"IdentitySeen"}),
    "people.invite": (_invite, {"Invited"}),
    "intake.wish": (_wish(), {"ExportAsked"}),
    "intake.agree": (_wish("agree"), {"ExportAnswered"}),
    "intake.refuse": (_wish("refuse"), {"ExportAnswered"}),
    "intake.check": (_with_sheet(), {"SheetChecked"}),
    "intake.carry_out": (_with_sheet("import"), {"SheetImported", "Invited"}),
    "intake.drop": (_with_sheet("drop"), {"SheetDropped"}),
    "intake.print_letters": (_letters, {"LetterPrinted"}),
    "intake.prove_for_officers": (_prove_late, {"ProvedAgain"}),
    "intake.undo": (_with_sheet("import", "undo"), {"ImportUndone", "InvitationWithdrawn"}),
    "people.print_letter": (_with_invitation("letter"), {"LetterPrinted"}),
    "people.renew": (_with_invitation("renewal"), {"InvitationRenewed"}),
    "people.renew_expired": (_renew_expired, {"InvitationRenewed"}),
    "people.withdraw": (_with_invitation("withdrawal"), {"InvitationWithdrawn"}),
    "extra_time.change": (_set_extra_time, {"ExtraTimeChanged"}),
    "proposals.agree": (_answer_proposal("agreement"), {"RoleProposalAgreed", "RoleProposalEnded", "RoleGranted"}),
    "proposals.stop": (_answer_proposal("stop"), {"RoleProposalEnded"}),
    "supervisor.assign": (_assign, {"SupervisorAssigned"}),
    "supervisor.release": (_release, {"SupervisorReleased"}),
    "privacy.ask_erasure": (_form("/settings/my-data/erasure"), {"ErasureAsked"}),
    "privacy.take_back_erasure": (_take_back_erasure, {"ErasureTakenBack"}),
    "privacy.take_data": (_take_data, {"OwnDataTaken"}),
    "service.erase": (_erase, {"PersonErased", "IdentityRemoved", "PersonDeactivated"}),
    "service.leave": (_service("leaving", last_day="2027-04-01"), {"LeavingPlanned"}),
    "service.move": (_move, {"PostingMoved"}),
    "service.protect": (_service("protection", protected="yes"), {"ProtectionChanged"}),
    "service.stay": (
        _service("leaving/withdrawal", ("leaving", {"last_day": "2027-04-01"})),
        {"LeavingTakenBack"},
    ),
    "home.claim_skill": (_form("/path/PRT-01/claim", level="foundation"), {"SkillClaimed"}),
    "home.withdraw_claim": (_withdraw_claim, {"ClaimDecided"}),
    "incident.begin": (_incident, {"IncidentBegun"}),
    "incident.end": (_end_incident, {"IncidentEnded"}),
    "incident.report": (_report, {"AccountSeen", "IncidentBegun"}),
    "operations.test_mail": (_form("/operations/test-mail"), {"TestMailAsked"}),
    "welcome.choose_start": (_set_up("/welcome/start"), {"StarterChosen"}),
    "welcome.finish": (_set_up("/welcome/finish"), {"FirstRunFinished"}),
    "welcome.make_administrator": (_first_administrator, {"FirstAdministratorMade", "RoleGranted"}),
    "welcome.take_code": (_first_code, {"FirstCodeTaken"}),
    "welcome.test_mail": (_set_up("/welcome/mail"), {"TestMailAsked"}),
    "country_settings.add_agency": (_form(f"{SETTINGS}/services", name="Coast guard", kind="border"), {"AgencyAdded"}),
    "country_settings.change": (_form(SETTINGS, second_factor="y", printed_codes="y"), {"CountryChanged"}),
    "country_settings.drop_agency": (_with_agency("/removal"), {"AgencyDropped"}),
    "country_settings.drop_second_step": (_without_second_step, {"CountryChanged"}),
    "country_settings.keep_names": (_form(f"{SETTINGS}/names", months="36"), {"CountryChanged"}),
    "country_settings.rename_agency": (_with_agency("", name="Other guard"), {"AgencyRenamed"}),
    "country_settings.set_help": (_form(f"{SETTINGS}/help", text="Call 1234."), {"CountryChanged"}),
    "learning.begin": (_form(f"/courses/{sites.RESTRICTED}/enrolment"), {"CourseBegun"}),
    "learning.done": (_form(f"{COURSE}/lessons/the-quay/done"), {"LessonLookedThrough"}),
    "learning.save_steps": (_read_whole, {"LessonDone"}),
    "learning.skip": (_form(f"{COURSE}/lessons/the-quay/skip"), {"LessonSkipped"}),
    "learning.set_aside": (_set_aside, {"SuggestionChanged"}),
    "learning.take_version": (_publish_again, {"VersionTaken"}),
    "figures.add_document": (_figure("document"), {"FigureEntered"}),
    "figures.approve": (_figure("document", "submit", "approve"), {"FigureDecided"}),
    "figures.enter": (_figure(), {"FigureEntered"}),
    "figures.save": (_figure("change"), {"FigureEntered"}),
    "figures.send_back": (_figure("document", "submit", "return"), {"FigureDecided"}),
    "figures.submit": (_figure("document", "submit"), {"FigureEntered"}),
    "officer.suggest": (_suggest, {"CourseSuggested"}),
    "officer.take_back": (_take_back_suggestion, {"SuggestionChanged"}),
    "officers.decide": (_decide_claim, {"ClaimDecided", "EvidenceRecorded"}),
    "officers.drop_need": (_drop_need, {"NeedDropped"}),
    "officers.name_need": (_name_need, {"NeedNamed"}),
    "plan.note_outcome": (_form("/plan/outcomes/OC1/notes", text="Later."), {"NoteWritten"}),
    "plan.note_output": (_form("/plan/outputs/OP1/notes", text="Later."), {"NoteWritten"}),
    "quizzes.hand_in": (_form("/attempts/{attempt}/hand-in"), {"AttemptEnded"}),
    "scenarios.choose": (_form("/cases/{case}/choice", step="1", move="0"), {"CaseChoiceMade"}),
    "sittings.start_case": (_form(f"/courses/{sites.RESTRICTED}/cases/scenario"), {"CaseStarted"}),
    "sittings.start_later": (_answer_again, {"AttemptStarted"}),
    "sittings.start_pretest": (_form(f"/courses/{sites.RESTRICTED}/pretest"), {"AttemptStarted"}),
    "sittings.start_test": (_form(f"/courses/{sites.RESTRICTED}/test"), {"AttemptStarted"}),
    "drafting.change": (_draft("/teaching/workshops/{draft}/edit", **workshop_pages.fields()), {"WorkshopChanged"}),
    "drafting.make": (_form("/teaching/workshops/new", **workshop_pages.fields()), {"WorkshopMade"}),
    "scoring.ask_about_attendance": (_ask("attendance"), {"CoordinatorAsked"}),
    "scoring.ask_about_scores": (_ask("scores"), {"CoordinatorAsked"}),
    "scoring.keep_attendance": (_keep_attendance, {"AttendanceKept"}),
    "scoring.score": (_score, {"RubricScored", "EvidenceRecorded"}),
    "teaching.appoint": (_appoint, {"RoleGranted"}),
    "teaching.clear": (_draft("/teaching/workshops/{draft}/clearing"), {"WorkshopMoved"}),
    "teaching.set_capacity": (_form("/teaching/workshops/{seat}/capacity", capacity="5"), {"CapacityChanged"}),
    "teaching.take_off": (_take_off, {"RoleEnded"}),
    "teaching.take_step": (
        _form("/teaching/workshops/{held}/steps/close", reason="The lists are lost."),
        {"WorkshopMoved"},
    ),
    "workshops.book": (_form("/workshops/{open}/booking"), {"SeatTaken"}),
    "workshops.withdraw": (_form("/workshops/{seat}/withdrawal"), {"BookingWithdrawn"}),
}
FRESH = {
    "home.claim_skill",
    "home.withdraw_claim",
    "learning.begin",
    "learning.set_aside",
    "sittings.start_case",
    "sittings.start_later",
    "sittings.start_pretest",
    "sittings.start_test",
}
STAFF = ("drafting.", "figures.approve", "figures.send_back", "plan.", "scoring.", "teaching.")


def _who(name: str) -> str:
    """Return who does a step."""
    if name.startswith(STAFF):
        return "coordinator"
    if name.startswith(("incident.", "operations.", "welcome.")):
        return "administrator"
    if name in {"intake.agree", "intake.refuse"}:
        return "coordinator"
    if name in {"person.confirm", "person.refuse"}:
        return "administrator"
    if name.startswith(
        (
            "country_settings.",
            "figures.",
            "officer.",
            "officers.",
            "people.",
            "person.",
            "access.",
            "service.",
            "supervisor.",
            "extra_time.",
            "proposals.",
            "intake.",
        )
    ):
        return "contact_point"
    return "colleague" if name in FRESH else "owner"


def test_every_change_is_named_here(lite_app: Flask) -> None:
    changing = {rule.endpoint for rule in routes.of_method(lite_app, "POST")}
    named = {name.partition(" ")[0] for name in STEPS}
    assert changing == named | EXCEPTIONS
    assert named & EXCEPTIONS == set()


@pytest.mark.parametrize("name", sorted(STEPS))
def test_every_change_stands_in_the_trail(lite_app: Flask, name: str) -> None:
    site = sites.make(lite_app)
    step, wanted = STEPS[name]
    client = site.client(_who(name))
    before = _last(lite_app)
    step(site, client)
    rows = _since(lite_app, before)
    assert wanted <= {row.name for row in rows}
    asked = [row for row in rows if row.name in wanted]
    assert all(row.request_id for row in asked)
    if not name.startswith(
        ("accounts.send_sign_in", "second_step.", "welcome.make", "welcome.take", "invitation.", "recovery.")
    ):
        assert {row.actor_id for row in asked} == {site.people[_who(name)]}


def test_reading_writes_nothing(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    client = site.client("owner")
    before = _everything(lite_app)
    values = {"attempt": site.done.ended_attempt, "playthrough": site.done.ended_case, "digest": site.picture}
    values["workshop_id"] = site.workshops["seat"]
    for rule in routes.of_method(lite_app, "GET"):
        client.get(routes.address(lite_app, rule, **values))
        client.head(routes.address(lite_app, rule, **values))
    assert _everything(lite_app) == before


def test_the_trail_holds_no_name_or_address(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    sites.post(lite_app, lite_app.test_client(), "/sign-in", {"name": "secret@example.org", "password": "secret words"})
    sites.post(lite_app, site.client("owner"), "/settings", {"language": "ar", "name": "secret"})
    facts = " ".join(row.facts for row in _since(lite_app, 0))
    assert not any(word in facts for word in ("example.org", "secret", "Test Person", "127.0.0.1"))


def test_a_request_that_fails_leaves_no_row(lite_app: Flask) -> None:
    site = sites.make(lite_app)
    before = _last(lite_app)
    sites.post(lite_app, site.client("colleague"), f"/attempts/{site.done.open_attempt}/hand-in")
    sites.post(lite_app, site.client("owner"), f"/cases/{uuid4()}/choice", {"step": "1", "move": "0"})
    assert _since(lite_app, before) == []


def _last(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(Entry.id).order_by(Entry.id.desc()).limit(1)) or 0


def _since(app: Flask, last: int) -> list[Entry]:
    with app.app_context():
        return list(db.session.scalars(select(Entry).where(Entry.id > last).order_by(Entry.id)))


def _everything(app: Flask) -> dict[str, list[str]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
            for name, table in db.metadata.tables.items()
        }
