import re

import pytest
from sqlalchemy import func, select, update

from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity.models import Posting
from app.intake import jobs
from app.intake.models import ExportWish, OfficersTaken
from app.intake.pages import sheets as pages
from app.intake.service import export
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.models import Notice
from tests.support.intake_academy import OFFICERS, Academy, shown, wish

FILE, ALL = "/people/sheet/officers.csv", 20


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Limit exports without approval to the number of officers of the test data."""
    for module in (pages, export):
        monkeypatch.setattr(module, "ALONE", OFFICERS)
    return OFFICERS


@pytest.fixture
def crowd(lite: Academy, few: int) -> Academy:
    return _filled(lite)


def _filled(academy: Academy) -> Academy:
    for n in range(ALL - OFFICERS):
        academy.person(mail=f"new{n}@police.example", alias=f"Watcher {n:02}")
    with academy.app.app_context(), transaction():
        db.session.execute(update(Posting).where(Posting.country == "IQ").values(agency_id=academy.agency))
    return academy


def rows(raw: bytes) -> int:
    return len(raw.decode("utf-8-sig").strip().split("\r\n")) - 1


@pytest.mark.each_database
def test_export_without_approval_is_limited_per_day(academy: Academy, few: int) -> None:
    crowd = _filled(academy)
    desk = crowd.here
    assert rows(desk.taken(FILE)) == few
    refused = desk.client.get(f"{FILE}?after=Watcher+01")
    assert refused.status_code == 409
    assert "police.example" not in refused.get_data(as_text=True)
    with crowd.app.app_context():
        assert db.session.scalar(select(func.sum(OfficersTaken.count))) == few
        named = list(db.session.scalars(select(Entry.name).where(Entry.name == "OfficersExported")))
        assert len(named) == 1
        with transaction():
            db.session.execute(update(OfficersTaken).values(at=clock.real_now() - export.DAY))
    assert rows(desk.taken(f"{FILE}?after=Watcher+01")) == few
    with crowd.app.app_context():
        assert jobs.delete_expired() == 1


def test_daily_export_limit_is_counted_per_user(crowd: Academy, few: int) -> None:
    colleague = crowd.desk((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"))
    assert [rows(one.taken(FILE)) for one in (crowd.here, colleague)] == [few, few]


@pytest.mark.parametrize("who", ["colleague", "coordinator"])
def test_approval_of_a_second_person_allows_a_full_export_for_a_day(crowd: Academy, who: str) -> None:
    grant = {
        "colleague": ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"), "IQ"),
        "coordinator": ((Role.COORDINATOR, Scope.ALL, ""), "BG"),
    }[who]
    second = crowd.desk(grant[0], country=grant[1])
    assert crowd.here.post("/people/sheet/wishes").status_code == 302
    assert "You have asked for a second person" in shown(crowd.here.client.get("/people/sheet"))
    assert "Contact IQ" in shown(second.client.get("/people/sheet"))
    assert crowd.here.client.get(FILE).data.count(b"\r\n") - 1 == OFFICERS  # not answered yet
    path = wish(second, "agree")
    assert second.post(path).status_code == 302
    assert "A second person has agreed" in shown(crowd.here.client.get("/people/sheet"))
    with crowd.app.app_context():
        told = {(str(one.kind), one.person_id) for one in db.session.scalars(select(Notice))}
    assert told >= {("export_wanted", second.person_id), ("export_answered", crowd.here.person_id)}
    assert crowd.there.person_id not in {person_id for _kind, person_id in told}
    assert rows(crowd.here.taken(FILE)) == ALL
    assert second.post(path).status_code == 404  # it is closed
    with crowd.app.app_context(), transaction():
        db.session.execute(update(ExportWish).values(ends_at=clock.real_now()))
    assert crowd.here.client.get(FILE).status_code == 409


def test_expired_export_request_cannot_be_approved(lite: Academy) -> None:
    second = lite.desk((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"))
    lite.here.post("/people/sheet/wishes")
    path = wish(second, "agree")
    with lite.app.app_context(), transaction():
        db.session.execute(update(ExportWish).values(ends_at=clock.real_now()))
    assert (wish(second, "agree"), second.post(path).status_code) == ("", 404)
    with lite.app.app_context():  # it expired after it was loaded
        actor = Actor(second.person_id, "IQ", frozenset({Role.CONTACT_POINT}))
        wish_id = db.session.scalars(select(ExportWish.id)).one()
        with pytest.raises(DomainError), transaction():
            export.answer_request(actor, wish_id, allowed=True, real_now=clock.real_now())


def test_export_of_an_agency_contains_only_its_people(lite: Academy) -> None:
    one = lite.person(mail="coast@police.example")
    with lite.app.app_context(), transaction():
        db.session.execute(update(Posting).where(Posting.person_id == one).values(agency_id=lite.other_agency))
    assert rows(lite.here.taken(FILE)) == OFFICERS + 1
    of_service = lite.here.taken(f"{FILE}?agency={lite.other_agency}")
    assert (rows(of_service), b"coast@police.example" in of_service) == (1, True)


def test_export_request_is_not_approved_by_requester_or_other_country(crowd: Academy) -> None:
    crowd.here.post("/people/sheet/wishes")
    second = crowd.desk((Role.COORDINATOR, Scope.ALL, ""), country="BG")
    path = wish(second, "agree")
    assert path
    for desk in (crowd.here, crowd.there, crowd.desk((Role.ADMINISTRATOR, Scope.ALL, ""), country="BG")):
        assert wish(desk, "agree") == ""
        assert desk.post(path).status_code == 404
    assert crowd.here.client.get(f"{FILE}?after=Watcher+01").status_code == 200
    assert crowd.here.client.get(FILE).status_code == 409


def test_rejected_export_request_keeps_the_daily_limit(crowd: Academy) -> None:
    second = crowd.desk((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"))
    crowd.here.post("/people/sheet/wishes")
    assert second.post(wish(second, "refuse")).status_code == 302
    page = shown(crowd.here.client.get("/people/sheet"))
    assert "The second person did not agree" in page
    assert "Ask for a second person" in page
    crowd.here.taken(FILE)
    assert crowd.here.client.get(FILE).status_code == 409


@pytest.mark.each_database
def test_repeated_export_request_is_saved_once(academy: Academy) -> None:
    for _ in range(3):
        academy.here.post("/people/sheet/wishes")
    with academy.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ExportWish)) == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exported_file_is_not_stored_by_browsers(lite: Academy, form: str) -> None:
    answer = lite.here.client.get(f"/people/sheet/officers.{form}")
    answer.close()
    assert (answer.status_code, answer.headers["Cache-Control"], answer.headers.get("ETag")) == (200, "no-store", None)


def test_export_limit_without_approval_is_a_hundred_people() -> None:
    """The limit without a second person; the other tests set a number of their own."""
    assert export.ALONE == 100


def test_export_larger_than_a_file_is_split(crowd: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pages, export):
        monkeypatch.setattr(module, "LARGEST", 8)
    second = crowd.desk((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"))
    crowd.here.post("/people/sheet/wishes")
    second.post(wish(second, "agree"))
    page = crowd.here.client.get("/people/sheet").text
    files = [href.replace("&amp;", "&") for href in re.findall(r'href="([^"]+officers\.csv[^"]*)"', page)]
    assert [rows(crowd.here.taken(href)) for href in files] == [8, 8, ALL - 16]
    assert "from number 9 on" in page
