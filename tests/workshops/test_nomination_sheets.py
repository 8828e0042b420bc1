"""The sheet of a contact point: what is read, what is wrong, and that only the confirmation stores anything."""

import csv
import io
import re
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, strategies as st
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app.catalogue.domain.items import Level
from app.db.session import db
from app.kernel.folding import fold
from app.kernel.sheets.grid import FileProblem, UnreadableError
from app.workshops.domain import nomination_sheets as sheets
from app.workshops.domain.nomination_sheets import CheckedNominee, RowProblem, SheetOfficer
from app.workshops.domain.nominations import NominationReason, NominationState
from app.workshops.models import Nomination
from tests.support import competence_site, factories, people_sheets
from tests.support.nominated_events import CLOSED, NominatedEvent, nominated_event
from tests.support.plan_pages import words_of as text
from tests.support.site_snapshots import kept
from tests.support.workshop_pages import at

HEADS = ("rank", "officer", "reason", "note")
ACTOR = uuid4()
DEFAULT = NominationReason.NEED_OF_COUNTRY
REASONS = {fold(reason.value): reason for reason in NominationReason}
FIRST = SheetOfficer(uuid4(), "Border officer 1", is_decided=False)
SECOND = SheetOfficer(uuid4(), "Border officer 2", is_decided=False)
OFFICERS = {
    "Border officer 1": FIRST,
    "N-1": FIRST,  # by service number
    "Border officer 2": SECOND,
    "Decided": SheetOfficer(uuid4(), "Decided", is_decided=True),
    "Own": SheetOfficer(ACTOR, "Own", is_decided=False),
}


def sheet(*rows: Sequence[object], heads: Sequence[object] = HEADS) -> bytes:
    return people_sheets.csv(rows, heads=heads)


def checked(*rows: Sequence[object]) -> list[CheckedNominee]:
    return sheets.check(sheets.read(sheet(*rows)), OFFICERS, REASONS, actor_id=ACTOR, default=DEFAULT)


def test_rows_are_read_alike_from_both_formats() -> None:
    rows = [
        (2, "Border officer 1", "other", "Trains"),
        ("", "Border officer 9", "", ""),
        (1, "Border officer 2", "", ""),
    ]
    lines = sheets.read(sheet(*rows))
    assert lines == sheets.read(people_sheets.xlsx(rows, heads=HEADS))
    assert [line.number for line in lines] == [2, 4]  # a row without a rank has no effect
    nominations = sheets.check(lines, OFFICERS, REASONS, actor_id=ACTOR, default=DEFAULT)
    assert [(row.rank, row.officer, row.reason, row.note) for row in nominations] == [
        (1, SECOND, DEFAULT, ""),
        (2, FIRST, NominationReason.OTHER, "Trains"),
    ]


@pytest.mark.parametrize(
    ("rows", "problem", "other"),
    [
        ([("first", "Border officer 1", "", "")], RowProblem.NOT_A_RANK, 0),
        ([("0", "Border officer 1", "", "")], RowProblem.NOT_A_RANK, 0),
        ([("1000", "Border officer 1", "", "")], RowProblem.NOT_A_RANK, 0),
        ([("1", "Border officer 1", "", ""), ("1", "Border officer 2", "", "")], RowProblem.RANK_TWICE, 2),
        ([("1", "", "", "")], RowProblem.NO_OFFICER, 0),
        ([("1", "Border officer 7", "", "")], RowProblem.UNKNOWN_OFFICER, 0),
        ([("1", "Border officer 1", "", ""), ("2", "N-1", "", "")], RowProblem.OFFICER_TWICE, 2),
        ([("1", "Own", "", "")], RowProblem.OWN_PERSON, 0),
        ([("1", "Decided", "", "")], RowProblem.DECIDED, 0),
        ([("1", "Border officer 1", "because", "")], RowProblem.UNKNOWN_REASON, 0),
        ([("1", "Border officer 1", "", "x" * 301)], RowProblem.LONG_NOTE, 0),
        ([("1", '"=HYPERLINK(1)"', "", "")], RowProblem.UNKNOWN_OFFICER, 0),
        ([("1", "=1+1", "", "")], RowProblem.DEFECT, 0),
    ],
)
def test_wrong_row_has_one_problem_a_cell_and_comes_first(
    rows: list[tuple[str, ...]], problem: RowProblem, other: int
) -> None:
    first = checked(*rows)[0]
    assert first.number == len(rows) + 1
    if problem is RowProblem.UNKNOWN_OFFICER and "=" in first.text:
        problem = RowProblem.DEFECT
    assert [(at.problem, at.row) for at in first.problems] == [(problem, other)]


def test_more_officers_than_can_be_nominated_are_wrong() -> None:
    rows = [(number, "Border officer 1", "", "") for number in range(1, 42)]
    wrong = [row for row in checked(*rows) if RowProblem.TOO_MANY in {at.problem for at in row.problems}]
    assert [row.number for row in wrong] == [42]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", FileProblem.EMPTY),
        (b"x" * (sheets.MOST_SHEET_BYTES + 1), FileProblem.TOO_LARGE),
        (sheet(*[("", "Border officer 1", "", "")] * 201), FileProblem.TOO_MANY_ROWS),
        (sheet(("", "Border officer 1", "", "")), FileProblem.NO_ROWS),
        (sheet(("1", "Border officer 1"), heads=("place", "alias")), FileProblem.NO_HEADS),
        (sheet(("1", "Border officer 1"), heads=("rank", "reason")), FileProblem.NO_HEADS),
        (sheet(("1", "Border officer 1"), heads=("rank", "officer", "Rank ")), FileProblem.HEAD_TWICE),
        (sheet(("1", "Border officer 1", "A. Person"), heads=("rank", "officer", "name")), FileProblem.HEAD_UNKNOWN),
        (b"\xd0\xcf\x11\xe0 old", FileProblem.OLD_OR_LOCKED),
        (b"PK\x03\x04 broken", FileProblem.DAMAGED),
        ("rank,officer\r\n1,Größe".encode("cp1252"), FileProblem.ENCODING),
    ],
)
def test_file_that_is_no_sheet_is_refused_whole(raw: bytes, problem: FileProblem) -> None:
    with pytest.raises(UnreadableError) as refused:
        sheets.read(raw)
    assert refused.value.problem is problem


@given(st.lists(st.tuples(*[st.text("1=;,'\" aN-B\u202e\n", max_size=8)] * 4), min_size=1, max_size=8))
def test_correct_rows_name_different_officers_and_ranks(rows: list[tuple[str, ...]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([HEADS, *rows])
    try:
        lines = sheets.read(file.getvalue().encode())
    except UnreadableError:
        return
    officers = dict.fromkeys(sheets.officer_texts(lines), FIRST)
    nominations = sheets.check(lines, officers, REASONS, actor_id=ACTOR, default=DEFAULT)
    correct = [row for row in nominations if not row.problems]
    assert len(nominations) == len(lines)
    assert len({row.rank for row in correct}) == len(correct) <= 1
    assert all(row.rank and row.officer for row in correct)


class Desk:
    """The contact point of Iraq with an event that takes nominations, and three officers."""

    def __init__(self, app: Flask, event: NominatedEvent, officers: Sequence[UUID]) -> None:
        self.app, self.event, self.officers = app, event, officers
        self.path = f"/country/nominations/{event.workshop_id}/sheet"

    def client(self) -> FlaskClient:
        return factories.sign_in(self.app, self.event.contact_points["IQ"].id)

    def send(self, client: FlaskClient, raw: bytes, name: str = "sheet.csv") -> TestResponse:
        values = {"csrf_token": factories.token(self.app, client), "sheet": FileStorage(io.BytesIO(raw), name)}
        return client.post(self.path, data=values)

    def confirm(self, client: FlaskClient, page: str) -> TestResponse:
        """Send the form of a checked sheet."""
        form = page[page.index(f'action="{self.path.removesuffix("/sheet")}"') :]
        fields = re.findall(r'name="((?:officer|rank|reason|text|before)[^"]*)" value="([^"]*)"', form)
        data: dict[str, list[str]] = {"csrf_token": [factories.token(self.app, client)]}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        return client.post(self.path.removesuffix("/sheet"), data=data, follow_redirects=True)

    def count(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(Nomination)) or 0


@pytest.fixture
@kept
def desk(app: Flask) -> Desk:
    with app.app_context():
        competence_site.make()
        event = nominated_event(outcomes=(("VIC-02", Level.FOUNDATION),))
        officers = [factories.person(country="IQ", alias=f"Border officer {n}") for n in range(1, 4)]
        factories.person(country="IQ", alias="Analyst 1", roles=("analyst",))
        factories.person(country="BG", alias="Secret elsewhere")
        db.session.remove()
    return Desk(app, event, officers)


def test_confirmed_sheet_nominates_in_the_order_of_its_ranks(desk: Desk) -> None:
    client = desk.client()
    raw = sheet((2, "Border officer 1", "other", "Trains the shift"), (1, "Border officer 3", "New in the role", ""))
    page = desk.send(client, raw)
    assert page.status_code == 200
    assert "All rows are correct" in text(page.text)
    assert desk.count() == 0
    assert "2 officers are ranked" in text(desk.confirm(client, page.text).text)
    with desk.app.app_context():
        first, third = desk.event.row(desk.officers[0]), desk.event.row(desk.officers[2])
        assert (third.rank, third.nomination_reason, third.state) == (
            1, NominationReason.NEW_IN_ROLE, NominationState.NOMINATED,
        )  # fmt: skip
        assert (first.rank, first.nomination_text) == (2, "Trains the shift")


def test_sheet_with_wrong_rows_says_what_is_wrong_and_offers_no_confirmation(desk: Desk) -> None:
    answer = desk.send(desk.client(), sheet((1, "Secret elsewhere", "", ""), (1, "Border officer 1", "x", "")))
    page = text(answer.text)
    assert answer.status_code == 422
    assert "2 rows are wrong" in page
    assert "No officer of your country has this alias or service number." in page
    assert "Row 2 has the same rank." in page
    assert 'name="before"' not in answer.text
    assert desk.count() == 0


def test_officers_who_are_not_in_the_sheet_are_named_before_they_are_taken_back(desk: Desk) -> None:
    with desk.app.app_context():
        desk.event.nominate("IQ", desk.officers[:2])
    client = desk.client()
    page = desk.send(client, sheet((1, "Border officer 2", "", ""))).text
    assert "their nominations are taken back Border officer 1" in text(page)
    desk.confirm(client, page)
    with desk.app.app_context():
        assert desk.event.states(desk.officers[:2]) == [NominationState.ENDORSED, NominationState.NOMINATED]


def test_nominations_that_changed_since_the_check_are_not_overwritten(desk: Desk) -> None:
    client = desk.client()
    page = desk.send(client, sheet((1, "Border officer 1", "", ""))).text
    with desk.app.app_context():
        desk.event.nominate("IQ", desk.officers[1:2])
    answer = desk.confirm(client, page)
    assert answer.status_code == 422
    assert "The nominations were changed meanwhile." in text(answer.text)


def test_downloaded_sheet_sent_back_changes_nothing_and_has_no_names(desk: Desk) -> None:
    with desk.app.app_context():
        desk.event.nominate("IQ", [desk.officers[1], desk.officers[0]], text="Trains")
    client = desk.client()
    for form in ("csv", "xlsx"):
        with client.get(f"{desk.path}.{form}") as answer:
            raw = answer.data
        lines = sheets.read(raw)
        assert [line.texts[sheets.NomineeColumn.OFFICER] for line in lines] == ["Border officer 2", "Border officer 1"]
        page = desk.send(client, raw, f"sheet.{form}").text
        assert text(page).count("Ranked already") == 2
        assert "taken back" not in page
    rows = list(csv.reader(io.StringIO(client.get(f"{desk.path}.csv").data.decode("utf-8-sig"))))
    assert rows[0] == [str(column) for column in sheets.NomineeColumn]
    aliases = [row[1] for row in rows[1:]]
    assert aliases[:2] == ["Border officer 2", "Border officer 1"]
    assert "Border officer 3" in aliases
    assert not {"Analyst 1", "Secret elsewhere"} & set(aliases)  # lacks the role; another country


def test_sheet_is_not_found_elsewhere_and_leads_back_once_nominations_are_closed(desk: Desk) -> None:
    assert desk.client().get(desk.path.replace(str(desk.event.workshop_id), str(uuid4()))).status_code == 404
    officer = factories.sign_in(desk.app, desk.officers[0])
    assert officer.get(desk.path).status_code == 404
    at(CLOSED)
    client = desk.client()
    answers = [client.get(desk.path), client.get(f"{desk.path}.csv"), desk.send(client, sheet((1, "Own", "", "")))]
    assert [answer.status_code for answer in answers] == [302, 302, 302]


def test_file_that_cannot_be_read_is_explained_beside_the_field(desk: Desk) -> None:
    client = desk.client()
    answer = desk.send(client, sheet((1, "Border officer 1", "A. Person"), heads=("rank", "officer", "full name")))
    assert answer.status_code == 422
    assert "The column full name does not belong in this sheet. Remove it. Do not send names." in text(answer.text)
    assert "Choose the filled sheet." in text(desk.send(client, b"").text)
