import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory import jobs
from app.identity import service
from app.identity.models import Country
from app.invitations.domain.invitations import KEPT, LETTER_LIFE, LINK_LIFE
from app.invitations.models import Invitation
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.service import acceptance, invitations
from app.invitations.service.acceptance import AcceptanceRefusal
from app.kernel import clock
from app.sign_in.queries import sessions
from tests.support import factories, sites
from tests.support.invitation_pages import MAIL, accept, agency_of, invitation_id_in, invitation_token, invite
from tests.support.invitations import invited
from tests.support.sites import Site


def _move(site: Site, by: timedelta) -> None:
    """Let time pass: bring the ends of all invitations nearer."""
    with site.app.app_context(), transaction():
        for one in db.session.scalars(select(Invitation)):
            one.ends_at -= by
            one.letter_ends_at = one.letter_ends_at and one.letter_ends_at - by


def _text(answer: TestResponse, *changing: str) -> str:
    text = re.sub(r'(name="csrf_token" value|name="csrf" content)="[^"]*"', "", answer.get_data(as_text=True))
    for word in changing:
        text = text.replace(word, "")
    return text


def _code(answer: TestResponse) -> str:
    (code,) = re.findall(r"<code>(\d{4} \d{4})</code>", answer.get_data(as_text=True))
    return str(code)


def test_from_the_invitation_to_the_home_page(site: Site) -> None:
    with site.app.app_context(), transaction():
        db.session.execute(update(Country).values(second_factor=False))
    invitation_id_in(invite(site))
    client = site.app.test_client()
    page = client.get(f"/invitation/{invitation_token(site)}").get_data(as_text=True)
    assert '<html lang="ar" dir="rtl"' in page
    assert MAIL not in page
    assert "k…@police.example" in page
    answer = accept(site, client, invitation_token(site))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "Watcher 5" in client.get("/settings").get_data(as_text=True)


def test_a_second_step_follows_where_the_country_asks_for_one(site: Site) -> None:
    with site.app.app_context(), transaction():
        db.session.execute(update(Country).values(second_factor=True))
    invitation_id_in(invite(site))
    client = site.app.test_client()
    answer = accept(site, client, invitation_token(site), more=True)
    assert answer.headers["Location"].startswith("/sign-in/")
    assert client.get("/settings").status_code == 302  # nothing is open yet


@pytest.mark.parametrize(
    ("why", "path", "said"),
    [
        (AcceptanceRefusal.UNFILLED, "/password", "First choose a password."),
        (AcceptanceRefusal.ADDRESS, "", "Your mail address already has an account. Sign in with it."),
        (AcceptanceRefusal.NUMBER, "", "Another account now has your service number. Ask your contact point about it."),
        (AcceptanceRefusal.ALIAS, "/name", "This alias has been taken. Choose another."),
    ],
)
def test_whose_account_cannot_be_made_hears_why(
    site: Site, monkeypatch: pytest.MonkeyPatch, why: AcceptanceRefusal, path: str, said: str
) -> None:
    invitation_id_in(invite(site, language="en"))
    client, token = site.app.test_client(), invitation_token(site)
    client.get(f"/invitation/{token}")
    monkeypatch.setattr(acceptance, "accept", lambda *_given, **_named: why)
    answer = sites.post(site.app, client, f"/invitation/{token}/start")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/invitation/{token}{path}")
    assert said in client.get(answer.headers["Location"]).get_data(as_text=True)


@pytest.mark.each_database
def test_invitation_during_import_of_same_address_is_reported(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation_id_in(invite(site))
    seen, looked = invitations_invitations.open_for_mail, []

    def not_yet(mail_index: str) -> Invitation | None:
        looked.append(mail_index)
        return None if len(looked) == 1 else seen(mail_index)

    monkeypatch.setattr(invitations_invitations, "open_for_mail", not_yet)
    answer = invite(site, service_number="")
    assert answer.status_code == 422
    assert "is invited already" in answer.get_data(as_text=True)


def test_opening_a_link_changes_nothing(site: Site) -> None:
    invitation_id_in(invite(site))
    token = invitation_token(site)
    with site.app.app_context():
        before = [tuple(row) for row in db.session.execute(select(Invitation.__table__))]
    for end in ("", "/name", "/password", "/start"):
        for method in ("GET", "HEAD"):
            assert site.app.test_client().open(f"/invitation/{token}{end}", method=method).status_code in {200, 302}
    with site.app.app_context():
        assert [tuple(row) for row in db.session.execute(select(Invitation.__table__))] == before


@pytest.mark.parametrize("end", ["", "/name", "/password", "/start"])
def test_all_invalid_links_return_the_same_page(site: Site, end: str) -> None:
    made = invitation_id_in(invite(site))
    token = invitation_token(site)
    unknown = "x" * len(token)
    _move(site, LINK_LIFE)
    answers = {"expired": site.app.test_client().get(f"/invitation/{token}{end}")}
    answers["unknown"] = site.app.test_client().get(f"/invitation/{unknown}{end}")
    posted = [sites.post(site.app, site.app.test_client(), f"/invitation/{one}/name", {}) for one in (token, unknown)]
    sites.post(site.app, site.client("contact_point"), f"/people/invitations/{made}/withdrawal")
    answers["withdrawn"] = site.app.test_client().get(f"/invitation/{token}{end}")
    assert {answer.status_code for answer in [*answers.values(), *posted]} == {410}
    assert len({_text(answer, token, unknown) for answer in answers.values()}) == 1
    assert len({_text(answer, token, unknown) for answer in posted}) == 1


def test_request_of_new_link_reveals_no_account(site: Site) -> None:
    invitation_id_in(invite(site))
    token, unknown = invitation_token(site), "y" * len(invitation_token(site))
    _move(site, LINK_LIFE)
    answers = [
        sites.post(site.app, site.app.test_client(), f"/invitation/{one}/renewal") for one in (token, unknown, token)
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({_text(answer, token, unknown) for answer in answers}) == 1
    assert MAIL not in _text(answers[0])
    assert invitation_token(site) != token
    assert site.app.test_client().get(f"/invitation/{invitation_token(site)}").status_code == 200
    assert site.app.test_client().get(f"/invitation/{token}").status_code == 410


def test_letter_code_opens_invitation_and_is_shown_once(site: Site) -> None:
    made, inviter = invitation_id_in(invite(site)), site.client("contact_point")
    letter = sites.post(site.app, inviter, f"/people/invitations/{made}/letter")
    code, page = _code(letter), letter.get_data(as_text=True)
    assert 'lang="ar" dir="rtl"' in page
    assert MAIL not in page  # the sheet alone must not be enough for a finder
    assert "k…@police.example" in page
    assert "http://localhost/invitation" in page or "/invitation</bdi>" in page
    assert code not in inviter.get(f"/people/invitations/{made}").get_data(as_text=True)
    _move(site, LINK_LIFE)
    token, client = invitation_token(site), site.app.test_client()
    assert client.get(f"/invitation/{token}").status_code == 410
    answer = sites.post(site.app, client, "/invitation", {"mail": MAIL.upper(), "code": code})
    assert answer.headers["Location"] == f"/invitation/{token}"
    assert client.get(f"/invitation/{token}").status_code == 200
    assert site.app.test_client().get(f"/invitation/{token}").status_code == 410  # another browser typed no code
    _move(site, LETTER_LIFE)
    assert client.get(f"/invitation/{token}").status_code == 410


def test_wrong_code_reveals_no_address(site: Site) -> None:
    made = invitation_id_in(invite(site))
    code = _code(sites.post(site.app, site.client("contact_point"), f"/people/invitations/{made}/letter"))
    wrong = "0000 0000" if code != "0000 0000" else "1111 1111"
    tries = {"known": (MAIL, wrong), "unknown": ("unknown@police.example", code), "person": ("a@example.org", wrong)}
    answers = {
        name: sites.post(site.app, site.app.test_client(), "/invitation", {"mail": mail, "code": typed})
        for name, (mail, typed) in tries.items()
    }
    assert {answer.status_code for answer in answers.values()} == {422}
    assert len({_text(answers[name], tries[name][0]) for name in tries}) == 1
    for _n in range(2):
        sites.post(site.app, site.app.test_client(), "/invitation", {"mail": MAIL, "code": wrong})
    late = sites.post(site.app, site.app.test_client(), "/invitation", {"mail": MAIL, "code": code})
    assert (late.status_code, int(late.headers["Retry-After"]) > 0) == (429, True)


@pytest.mark.parametrize(
    ("who", "country", "role", "status"),
    [
        ("contact_point", "IQ", "practitioner", 302),
        ("contact_point", "IQ", "supervisor", 302),
        ("contact_point", "BG", "practitioner", 422),
        ("contact_point", "IQ", "contact_point", 422),
        ("contact_point", "IQ", "administrator", 422),
        ("coordinator", "IQ", "contact_point", 302),
        ("coordinator", "BG", "trainer", 302),
        ("coordinator", "BG", "co_chair", 302),
        ("coordinator", "BG", "practitioner", 422),
        ("coordinator", "BG", "coordinator", 422),
        ("administrator", "IQ", "coordinator", 302),
        ("administrator", "BG", "contact_point", 302),  # it has none yet
        ("administrator", "IQ", "contact_point", 422),
        ("administrator", "IQ", "practitioner", 422),
        ("administrator", "IQ", "trainer", 422),
        ("administrator", "BG", "administrator", 422),
        ("trainer", "IQ", "practitioner", 403),
        ("owner", "IQ", "practitioner", 403),
    ],
)
def test_roles_that_each_role_may_invite_to(site: Site, who: str, country: str, role: str, status: int) -> None:
    assert invite(site, who, country, role=role).status_code == status


@pytest.mark.parametrize(
    "fields",
    [
        {"mail": ""}, {"mail": "karim"}, {"mail": "a@b.example\r\nBcc: c@d.example"},
        {"mail": "a@b.example,c@d.example"},
        {"name": ""}, {"name": "\u200b\u202e"}, {"name": "x" * 201}, {"latin_name": "x" * 201},
        {"service_number": "1" * 61}, {"service_number": "boss@police.example"}, {"service_number": "17\ufe6b"},
        {"agency": str(uuid4())}, {"agency": "x"}, {"role": ""}, {"role": "x"},
        {"posting": ""}, {"posting": "x"}, {"language": "xx"}, {"language": ""},
    ],
)  # fmt: skip
def test_invalid_invitation_form_shows_errors(site: Site, fields: dict[str, str]) -> None:
    answer = invite(site, **fields)
    assert answer.status_code == 422
    assert 'class="error"' in answer.get_data(as_text=True)
    with site.app.app_context():
        assert db.session.scalars(select(Invitation)).all() == []


def test_refusal_of_foreign_address_reveals_no_country(site: Site) -> None:
    with site.app.app_context(), transaction():
        factories.person(country="BG", mail=MAIL, alias="Guard 99", name="Secret Name")
    answer = invite(site)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "cannot be invited" in page
    assert not any(word in page for word in ("Guard 99", "Secret Name", "Bulgaria"))


@pytest.mark.parametrize("new", ["", "short", "x" * 129, "passwordpassword", "a" * 15])
def test_passwords_that_are_not_taken(site: Site, new: str) -> None:
    invitation_id_in(invite(site))
    client, path = site.app.test_client(), f"/invitation/{invitation_token(site)}"
    answer = sites.post(site.app, client, f"{path}/password", {"new": new})
    assert answer.status_code == 422
    assert not new or f'value="{new}"' not in answer.get_data(as_text=True)
    assert client.get(f"{path}/start").headers["Location"].endswith("/password")
    assert sites.post(site.app, client, f"{path}/start").status_code == 302
    with site.app.app_context():
        assert sessions.credentials_by_name(MAIL) is None


def test_invitation_link_works_once(site: Site) -> None:
    invitation_id_in(invite(site))
    token = invitation_token(site)
    accept(site, site.app.test_client(), token)
    again = site.app.test_client()
    assert again.get(f"/invitation/{token}").status_code == 410
    assert sites.post(site.app, again, f"/invitation/{token}/start").status_code == 410
    assert _text(site.client("contact_point").get("/people")).count("Watcher 5") == 1  # a person, no invitation


def test_invitation_of_another_country_returns_404(site: Site) -> None:
    made = invitation_id_in(invite(site, "coordinator", "BG", role="contact_point"))
    client = site.client("contact_point")
    assert client.get(f"/people/invitations/{made}").status_code == 404
    for end in ("letter", "renewal", "withdrawal"):
        assert sites.post(site.app, client, f"/people/invitations/{made}/{end}").status_code == 404


def test_view_of_invited_name_is_recorded(site: Site) -> None:
    made = invitation_id_in(invite(site))
    client = site.client("contact_point")

    def looks() -> list[str]:
        with site.app.app_context():
            return list(db.session.scalars(select(Entry.country).where(Entry.name == "InvitationSeen")))

    assert looks() == []
    client.get(f"/people/invitations/{made}")
    assert looks() == ["IQ"]
    sites.post(site.app, client, f"/people/invitations/{made}/withdrawal")
    client.get(f"/people/invitations/{made}")
    assert looks() == ["IQ"]


def test_sender_sees_ended_invitation(site: Site) -> None:
    made = invitation_id_in(invite(site))
    _move(site, LINK_LIFE + KEPT)
    with site.app.app_context():
        jobs.delete_expired_rows()
    client = site.client("contact_point")
    page = _text(client.get(f"/people/invitations/{made}"))
    assert "Ended" in page
    assert "The name and the address were deleted" in page
    assert not any(word in page for word in (MAIL, "Karim", "كريم", "Make the letter"))
    assert "This invitation is closed." in _text(
        client.get(sites.post(site.app, client, f"/people/invitations/{made}/renewal").headers["Location"])
    )


def test_open_invitations_are_listed_by_alias_in_pages(site: Site) -> None:
    with site.app.app_context(), transaction():
        for n in range(60):
            factories.person(alias=f"Guard {n:02}", country="IQ", name="Plain Name")
        factories.person(alias="Guard of elsewhere", country="BG")
    client = site.client("contact_point")
    first = client.get("/people").get_data(as_text=True)
    (onward,) = re.findall(r'href="(/people\?after=[^"]*)"', first)
    second = client.get(unescape(onward)).get_data(as_text=True)
    names = re.findall(r"Guard \d\d|Guard of elsewhere", first + second)
    assert sorted(names) == [f"Guard {n:02}" for n in range(60)]
    assert "Plain Name" not in first + second
    service = agency_of(site, "IQ")
    narrowed = client.get(f"/people?role=first_responder&state=active&agency={service}")
    assert narrowed.status_code == 200
    assert client.get("/people?role=nonsense").status_code == 422
    assert "Guard" not in site.client("coordinator").get("/people").get_data(as_text=True)
    assert "Plain Name" not in site.client("administrator").get("/people").get_data(as_text=True)


def test_somebody_who_left_stands_in_the_list_as_closed(site: Site) -> None:
    with site.app.app_context(), transaction():
        gone = factories.person(alias="Guard 77", country="IQ")
        service.deactivate(gone, clock.today())
    client = site.client("contact_point")
    assert "Guard 77" in client.get("/people?state=deactivated").get_data(as_text=True)
    assert "Guard 77" not in client.get("/people?state=active").get_data(as_text=True)


@pytest.mark.each_database
def test_all_invitations_that_wait_are_found_page_by_page_those_that_came_back_first(site: Site) -> None:
    count = invitations_invitations.PAGE_SIZE + 3
    with site.app.app_context():
        by, now = site.people["contact_point"], clock.real_now()
        made = [invited(by, now, mail=f"officer{n}@police.example") for n in range(count)]
        with transaction():
            invitations.record_bounce(made[7], now)
        bounced = db.session.get_one(Invitation, made[7]).alias
    client = site.client("contact_point")
    page = client.get("/people").text
    assert f"All {count} open invitations" in page
    assert len(re.findall(r"/people/invitations/[0-9a-f-]{36}", page)) == 5
    assert page.index(bounced) < page.index("Open</span>")
    pages = [client.get(f"/people/invitations?page={n}").text for n in (1, 2)]
    shown = [set(re.findall(r"/people/invitations/([0-9a-f-]{36})", each)) for each in pages]
    assert [len(each) for each in shown] == [invitations_invitations.PAGE_SIZE, 3]
    assert shown[0] | shown[1] == {str(one) for one in made}
    assert re.search(r'<th scope="row".*?<bdi>([^<]*)</bdi>', pages[0])[1] == bounced  # type: ignore[index]
    only = client.get("/people/invitations?which=bounced").text
    assert set(re.findall(r"/people/invitations/([0-9a-f-]{36})", only)) == {str(made[7])}
    assert client.get("/people/invitations?which=other").status_code == 422
    assert "police.example" not in "".join((page, *pages, only))  # a list contains no mail address


@pytest.mark.each_database
def test_links_that_have_ended_are_renewed_with_one_press(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with site.app.app_context():
        now = clock.real_now()
        made = [invited(site.people["contact_point"], now, mail=f"officer{n}@police.example") for n in range(4)]
        with transaction():
            invitations.print_letter(made[3], now)  # opens for 14 days
    client = site.client("contact_point")
    assert "Send new links" not in client.get("/people/invitations").text
    _move(site, LINK_LIFE)
    monkeypatch.setattr(invitations, "AT_ONCE", 2)
    page = client.get("/people/invitations?which=expired").text
    assert "3 invitations have expired. This renews the oldest 2." in page
    assert sites.post(site.app, site.client("owner"), "/people/invitations/renewal").status_code == 403
    assert (
        sites.post(site.app, site.client("coordinator"), "/people/invitations/renewal").status_code == 302
    )  # without any
    for left in (1, 0):
        assert sites.post(site.app, client, "/people/invitations/renewal").status_code == 302
        with site.app.app_context():
            still = [db.session.get_one(Invitation, one).ends_at <= clock.real_now() for one in made[:3]]
            assert sum(still) == left
            db.session.remove()
    with site.app.app_context():
        assert [db.session.get_one(Invitation, one).mails for one in made] == [2, 2, 2, 1]
