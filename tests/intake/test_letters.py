"""Letters of an import: created by one request, a page each, with codes that are shown once."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from app.access.policy import Actor, Role
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity import service
from app.intake.models import BatchLine
from app.intake.pages import checked
from app.invitations.models import Invitation
from app.invitations.service import acceptance, bulk, invitations, letter_codes
from app.kernel import clock
from tests.support import factories, people_sheets as sheets
from tests.support.concurrency import both_at_once
from tests.support.intake_academy import Academy, Desk, shown
from tests.support.sql_statements import counted

PEOPLE = 5
MOST = 3


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LETTERS", MOST)


def _imported(desk: Desk, count: int = PEOPLE) -> str:
    return desk.imported(sheets.csv([sheets.row(number) for number in range(count)]))


def _press(desk: Desk, path: str, **fields: str) -> TestResponse:
    return desk.client.post(f"{path}/letters", data={"csrf_token": factories.token(desk.app, desk.client), **fields})


def _codes(answer: TestResponse) -> list[str]:
    return re.findall(r"<code>(\d{4} \d{4})</code>", answer.get_data(as_text=True))


def _printed(academy: Academy) -> list[Entry]:
    with academy.app.app_context():
        return list(db.session.scalars(select(Entry).where(Entry.name == "LetterPrinted")))


@pytest.mark.each_database
def test_letters_are_created_for_all_rows_in_their_order(academy: Academy) -> None:
    desk = academy.here
    path = _imported(desk)
    assert "5 open invitations have no letter." in shown(desk.client.get(path))
    answer = _press(desk, path)
    text = unescape(answer.get_data(as_text=True))
    codes = _codes(answer)
    assert (len(codes), len(set(codes)), text.count("<article")) == (PEOPLE, PEOPLE, PEOPLE)
    with academy.app.app_context():
        rows = list(db.session.scalars(select(Invitation)))
        mails = sorted(one.mail for one in rows)
        assert not [one.mail for one in rows if one.mail in text]
        tokens, ids = {one.mail: one.token for one in rows}, {one.id for one in rows}
        with transaction():
            for mail, code in zip(mails, codes, strict=True):
                real_now = clock.real_now()
                assert letter_codes.redeem_code(mail, code, address="1", real_now=real_now) == tokens[mail]
    assert {one.thing_id for one in _printed(academy)} == ids
    assert codes[0] not in desk.client.get(path).get_data(as_text=True)
    assert "Each open invitation has a letter." in shown(desk.client.get(path))


@pytest.mark.usefixtures("few")
def test_letters_beyond_the_limit_are_created_by_the_next_request(academy: Academy) -> None:
    desk = academy.here
    path = _imported(desk)
    assert "One click creates 3 letters. Click again for the rest." in shown(desk.client.get(path))
    first = _press(desk, path)
    assert len(_codes(first)) == MOST
    assert "2 open invitations have no letter." in shown(first)
    second = _press(desk, path)
    assert len(_codes(second)) == PEOPLE - MOST
    assert "no letter" not in shown(second)
    # a third or repeated request does not invalidate letters that may have been handed out
    assert _press(desk, path).status_code == 302
    assert len(_printed(academy)) == PEOPLE


@pytest.mark.usefixtures("few")
def test_letters_are_replaced_oldest_first_only_on_request(academy: Academy) -> None:
    desk = academy.here
    path = _imported(desk)
    pages = [_press(desk, path, again="yes") for _ in range(4)]
    assert [len(_codes(page)) for page in pages] == [3, 2, 3, 3]
    counts: dict[object, int] = {}
    for one in _printed(academy):
        counts[one.thing_id] = counts.get(one.thing_id, 0) + 1
    assert sorted(counts.values()) == [2, 2, 2, 2, 3]


def test_letters_skip_closed_invitations_and_replace_expired_letters(academy: Academy) -> None:
    desk = academy.here
    path = _imported(desk)
    with academy.app.app_context(), transaction():
        first, second, *_rest = db.session.scalars(select(Invitation.id).order_by(Invitation.alias))
        invitations.withdraw(first, clock.real_now())
        acceptance.save_password(second, "a hash")
        assert isinstance(acceptance.accept(second, clock.now(), clock.real_now()), UUID)
    assert len(_codes(_press(desk, path))) == PEOPLE - 2
    with academy.app.app_context(), transaction():
        late = {"letter_ends_at": clock.real_now() - timedelta(minutes=1)}
        db.session.execute(update(Invitation).where(Invitation.letter_ends_at.is_not(None)).values(late))
    assert len(_codes(_press(desk, path))) == PEOPLE - 2
    assert desk.post(f"{path}/undo").status_code == 302
    answer = _press(desk, path)
    assert answer.status_code == 302
    assert "Letters" not in shown(desk.client.get(path))


@pytest.mark.each_database
@pytest.mark.parametrize("again", [False, True])
def test_concurrent_requests_create_letters_once(academy: Academy, *, again: bool) -> None:
    """Codes of printed letters would be invalid if the second request replaced them."""
    desk = academy.here
    _imported(desk)
    with academy.app.app_context():
        ids = list(db.session.scalars(select(Invitation.id)))
        actor = Actor(desk.person_id, "IQ", frozenset({Role.CONTACT_POINT}))
        if again:
            with transaction():
                bulk.print_letters(actor, ids, clock.real_now() - timedelta(hours=1), again=False)
        db.session.remove()

    def press() -> int:
        return len(bulk.print_letters(actor, ids, clock.real_now(), again=again))

    assert both_at_once(academy.app, press, press) == [PEOPLE, PEOPLE if again and _is_lite(academy) else 0]


def _is_lite(academy: Academy) -> bool:
    """Return whether the second request starts after the first one: it sees letters, and replaces them."""
    with academy.app.app_context():
        return db.engine.dialect.name == "sqlite"


def test_letters_of_another_country_return_404(academy: Academy) -> None:
    path = _imported(academy.here)
    assert _press(academy.there, path).status_code == 404
    assert _printed(academy) == []


def test_number_of_statements_is_independent_of_letters(academy: Academy) -> None:
    desk = academy.here
    few, many = _imported(desk, 2), desk.imported(sheets.csv([sheets.row(n) for n in range(10, 30)]))
    seen: list[str] = []
    with academy.app.app_context():
        engine = db.engine

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    def press(path: str) -> int:
        seen.clear()
        assert _press(desk, path).status_code == 200
        return len(seen)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert press(few) == press(many)
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_number_of_statements_of_import_page_is_independent_of_rows(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = academy.here
    few, many = _imported(desk, 2), desk.imported(sheets.csv([sheets.row(n) for n in range(10, 30)]))
    monkeypatch.setattr(service, "PORTION", 4)
    monkeypatch.setattr(checked, "PAGE", 8)
    asked = []
    for path in (few, many):
        with counted(academy.app) as told:
            assert desk.client.get(path).status_code == 200
        asked.append(len(told))
    assert asked[0] == asked[1]
    rows = [
        re.findall(r'<th scope="row" class="num">(\d+)</th>', desk.client.get(f"{many}?page={n}").text)
        for n in (1, 2, 3)
    ]
    assert [len(page) for page in rows] == [8, 8, 4]
    assert [int(number) for page in rows for number in page] == list(range(2, 22))
    with academy.app.app_context(), transaction():  # one is accepted: it stays, and stands first
        one = db.session.scalars(select(BatchLine).where(BatchLine.number == 21)).one()
        acceptance.save_password(one.invitation_id, "a hash")
        assert isinstance(acceptance.accept(one.invitation_id, clock.now(), clock.real_now()), UUID)
    assert desk.post(f"{many}/undo").status_code == 302
    page = desk.client.get(many).text
    assert re.findall(r'<th scope="row" class="num">(\d+)</th>', page)[:2] == ["21", "2"]
    assert "Undone except for one row" in page
