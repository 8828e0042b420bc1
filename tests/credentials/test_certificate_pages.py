"""Certificates from the holder's pages to the public check, and their end."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.credentials.domain import checking
from app.credentials.domain.certificates import CertificateState
from app.credentials.domain.checking import CheckResult
from app.credentials.domain.signing_keys import public_half
from app.credentials.models import Certificate, CredentialStatus
from app.credentials.service import certificates as service
from app.credentials.views import check as check_views
from app.db.session import db, transaction
from app.directory.service import erasure
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from tests.support import certificates, factories, sites
from tests.support.certificates import Certifiable
from tests.support.settings import KEYS

NAME = "Test Person"


@pytest.fixture
def holder(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Certifiable:
    monkeypatch.setattr(check_views, "_LIMIT", check_views.CheckLimit())
    return certificates.certifiable(app)


def _check(holder: Certifiable, code: str) -> tuple[int, str]:
    answer = holder.app.test_client().get(f"/verify/{code}")
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    return answer.status_code, answer.text


def test_list_offers_events_and_competences_until_they_are_issued(holder: Certifiable) -> None:
    assert "/credentials" in holder.client.get("/record").text
    page = holder.client.get("/credentials").text
    assert page.count("Issue certificate") == 3
    first, again = holder.issue(holder.open_event), holder.issue(holder.open_event)
    assert first == again
    page = holder.client.get("/credentials").text
    assert page.count("Issue certificate") == 2
    assert f'href="/credentials/{first}"' in page


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("attendance", "7d0c9b1e-0f0a-4f5e-9a55-0a4a1f3c2b10"),
        ("completion", "x/1"),
        ("competence", "PRT-01/specialist/2027-01-01"),
    ],
)
def test_what_is_not_on_record_is_not_certified(holder: Certifiable, kind: str, key: str) -> None:
    assert holder.post("/credentials", kind=kind, key=key) == 409
    assert holder.post("/credentials", kind="prize", key=key) == 404


def test_check_shows_facts_and_no_name(holder: Certifiable) -> None:
    row = holder.stored(holder.issue(holder.open_event))
    status, page = _check(holder, row.code)
    assert status == 200
    assert "Valid" in page
    assert "A watch at the quay" in page
    assert "15 hours" in page
    assert row.number in page
    assert NAME not in page
    assert row.alias not in page


def test_title_of_restricted_event_is_in_own_copies_only(holder: Certifiable) -> None:
    certificate_id = holder.issue(holder.restricted_event)
    assert "A watch at the quay" in holder.client.get(f"/credentials/{certificate_id}/print").text
    _status, page = _check(holder, holder.stored(certificate_id).code)
    assert "A watch at the quay" not in page
    badge = holder.client.get(f"/credentials/{certificate_id}/badge/json?holder=alias").text
    assert "A watch at the quay" not in badge


def test_check_of_a_competence_states_its_days_and_not_whether_it_lapsed(holder: Certifiable) -> None:
    key = holder.client.get("/credentials").text.partition('value="PRT-01/')[2].partition('"')[0]
    row = holder.stored(holder.issue(f"PRT-01/{key}", "competence"))
    _status, before = _check(holder, row.code)
    later = clock.now() - clock.real_now() + (clock.now() - clock.now().replace(year=2020))
    clock.move(lambda: later)  # years after its last day
    _status, after = _check(holder, row.code)
    assert "Shown on" in before
    assert "Valid at that time until" in before
    assert before.partition("<main")[2] == after.partition("<main")[2]
    assert "apsed" not in after.partition("<main")[2]


def test_holder_shows_the_name_for_thirty_days(holder: Certifiable) -> None:
    certificate_id = holder.issue(holder.open_event)
    code = holder.stored(certificate_id).code
    assert holder.post(f"/credentials/{certificate_id}/name", shown="yes") == 302
    assert NAME in _check(holder, code)[1]
    later = clock.now() - clock.real_now() + (service.rules.NAME_SHOWN_FOR)
    clock.move(lambda: later)
    assert NAME not in _check(holder, code)[1]


def test_replaced_certificate_says_so_and_the_new_one_is_valid(holder: Certifiable) -> None:
    certificate_id = holder.issue(holder.open_event)
    old = holder.stored(certificate_id)
    assert holder.post(f"/credentials/{certificate_id}/replacement") == 422
    assert holder.post(f"/credentials/{certificate_id}/replacement", reason="The name was wrong.") == 302
    status, page = _check(holder, old.code)
    assert (status, "Replaced" in page, "The name was wrong." in page) == (200, True, False)
    with holder.app.app_context():
        new = db.session.scalars(select(Certificate).where(Certificate.state == CertificateState.VALID)).one()
        assert (new.replaces_id, new.subject, new.code != old.code) == (old.id, old.subject, True)
    assert "Valid" in _check(holder, new.code)[1]
    assert holder.post(f"/credentials/{certificate_id}/replacement", reason="Again.") == 409


def test_contact_point_revokes_by_number_without_a_name(holder: Certifiable) -> None:
    row = holder.stored(holder.issue(holder.open_event))
    with holder.app.app_context():
        own, other = (
            factories.person(country=country, grants=[(Role.CONTACT_POINT, Scope.COUNTRY, country)])
            for country in ("IQ", "BG")
        )
    stranger = factories.sign_in(holder.app, other)
    path = f"/credentials/revocation/{row.number}"
    assert stranger.get(f"/credentials/revocation?number={row.number}").status_code == 404
    assert sites.post(holder.app, stranger, path, {"reason": "Wrong."}).status_code == 404
    client = factories.sign_in(holder.app, own)
    page = client.get(f"/credentials/revocation?number={row.number}").text
    assert ("Certificate of attendance" in page, NAME in page, row.alias in page) == (True, False, False)
    assert sites.post(holder.app, client, path, {"reason": ""}).status_code == 422
    assert sites.post(holder.app, client, path, {"reason": "The list was wrong."}).status_code == 302
    assert "Revoked" in _check(holder, row.code)[1]
    assert "The list was wrong." in holder.client.get(f"/credentials/{row.id}").text
    assert holder.post("/credentials", kind="attendance", key=str(holder.open_event)) == 409
    assert str(holder.open_event) not in holder.client.get("/credentials").text
    with holder.app.app_context():
        kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == holder.person_id))
        assert NoticeKind.CERTIFICATE_REVOKED in set(kinds)


@pytest.mark.parametrize("code", ["aaaaaaaaaaaaaaaaaaaaaaaaaa", "short", "a" * 200])
def test_code_of_no_certificate_is_unknown(holder: Certifiable, code: str) -> None:
    status, page = _check(holder, code)
    assert (status, "Unknown" in page) == (404, True)


def test_check_is_limited_by_network(holder: Certifiable) -> None:
    client = holder.app.test_client()
    statuses = [client.get("/verify/aaaaaaaaaaaaaaaaaaaaaaaaaa").status_code for _ in range(32)]
    assert set(statuses) <= {404, 429}
    assert statuses[-1] == 429


def test_form_leads_to_the_check_of_a_typed_code(holder: Certifiable) -> None:
    row = holder.stored(holder.issue(holder.open_event))
    typed = f"{row.code[:5].upper()} {row.code[5:]}"
    answer = holder.app.test_client().get("/verify", query_string={"code": typed})
    assert answer.headers["Location"] == f"/verify/{row.code}"


def test_certificate_of_another_person_looks_absent(holder: Certifiable) -> None:
    certificate_id = holder.issue(holder.open_event)
    with holder.app.app_context():
        stranger = factories.sign_in(holder.app, factories.person())
    for end in ("", "/print", "/pdf", "/badge/json", "/replacement"):
        assert stranger.get(f"/credentials/{certificate_id}{end}").status_code == 404


@pytest.mark.parametrize(("form", "named"), [("name", NAME), ("alias", "")])
def test_badge_verifies_with_the_issuers_keys_until_it_is_revoked(holder: Certifiable, form: str, named: str) -> None:
    certificate_id = holder.issue(holder.open_event)
    row = holder.stored(certificate_id)
    visitor = holder.app.test_client()
    keys = checking.public_keys(visitor.get("/verify/issuer").text)
    assert set(keys.values()) == {public_half(KEYS.badge[0][1])}
    badge = holder.client.get(f"/credentials/{certificate_id}/badge/svg?holder={form}").data
    content = json.loads(checking.read_file(badge) or "")
    assert content["credentialSubject"]["identifier"][0]["identityHash"] == (named or row.alias)
    assert checking.check(badge, keys, visitor.get("/verify/status/0").data) is CheckResult.VALID
    holder.post(f"/credentials/{certificate_id}/replacement", reason="Lost.")
    assert checking.check(badge, keys, visitor.get("/verify/status/0").data) is CheckResult.ENDED
    assert visitor.get("/verify/status/1").status_code == 404


@pytest.mark.parametrize("kept", [True, False])
def test_erasure_deletes_names_and_keeps_the_check_if_wanted(holder: Certifiable, *, kept: bool) -> None:
    certificate_id = holder.issue(holder.open_event)
    row = holder.stored(certificate_id)
    if kept:
        holder.post(f"/credentials/{certificate_id}/kept", kept="yes")
    with holder.app.app_context(), transaction():
        erasure.erase_account(holder.person_id, clock.now())
    assert _check(holder, row.code)[0] == (200 if kept else 404)
    with holder.app.app_context():
        names = list(db.session.execute(select(Certificate.name, Certificate.alias)))
        assert [tuple(row) for row in names] == ([("", "")] if kept else [])
        ended = db.session.scalars(
            select(CredentialStatus.is_ended).where(CredentialStatus.index == row.status_index)
        ).one()
        assert ended is not kept
