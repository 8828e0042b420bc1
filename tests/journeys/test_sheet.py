"""Two hundred people from a sheet: seven faults are found, mended in the spreadsheet, and all are imported."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity import service as accounts
from app.identity.domain.people import AgencyKind
from app.intake.domain.headers import Column, header_text
from app.intake.pages.checked import PAGE
from app.invitations.models import Invitation
from tests.support import factories, people_sheets as sheets
from tests.support.examples import views
from tests.support.served_academy import Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, press

pytestmark = pytest.mark.browser
MANY = 200
COUNTRIES = {"en": "BD", "ar": "EG"}
POSTINGS = {"en": "First responder", "ar": "المستجيب الأول"}
# row, column, text of the cell
FAULTS = (
    (3, Column.MAIL, "unknown"),
    (5, Column.AGENCY, "Border polise"),
    (8, Column.POSTING, "Juggler"),
    (13, Column.NAME, "=A1&B1"),
    (21, Column.SERVICE_NUMBER, "9" * 61),
    (34, Column.ROLE, "Coordinator"),
    (55, Column.LANGUAGE, "Latin"),
)


@pytest.mark.parametrize("language", views("ar", "en"))
def test_a_sheet_with_faults_is_mended_and_imported(academy: Academy, visitor: Invite, language: str) -> None:
    country = COUNTRIES[language]
    with academy.app.app_context(), transaction():
        factories.agency(country)
        accounts.add_agency(country, AgencyKind.BORDER, sheets.AGENCY)
    width = PHONE if language == "ar" else DESKTOP
    grants = ((Role.CONTACT_POINT, Scope.COUNTRY, country),)
    one = visitor(language, width, roles=(), country=country, grants=grants)
    page = one.go("/people")
    press(page.locator("a[href='/people/sheet']"))
    rows = _rows(language)
    _send(page, rows, language, faulty=True)
    expect(page.locator(".row .status.bad")).to_have_count(len(FAULTS))
    expect(page.locator("form[action$=import]")).to_have_count(0)
    for number, column, value in FAULTS:
        fault = page.locator(".row", has=page.locator("mark", has_text=value)).first
        expect(fault).to_contain_text(header_text(column, language))
        expect(fault).to_contain_text(str(number))
    press(page.locator("main .actions a.primary"))
    _send(page, rows, language, faulty=False)
    expect(page.locator(".row .status.bad")).to_have_count(0)
    expect(page.locator("form[action$=import] button")).to_contain_text(str(MANY))
    assert _invited(academy, country) == 0
    press(page.locator("form[action$=import] button"))
    expect(page.locator("main tbody tr")).to_have_count(PAGE)
    assert _invited(academy, country) == MANY
    press(page.locator("form[action$=undo] button"))
    expect(page.locator("main tbody .status.good")).to_have_count(PAGE)
    assert one.complaints == []


def _rows(language: str) -> list[list[str]]:
    return [
        sheets.row(number, mail=f"{language}{number}@police.example", posting=POSTINGS[language])
        for number in range(MANY)
    ]


def _send(page: Page, rows: list[list[str]], language: str, *, faulty: bool) -> None:
    """Send the rows as a file: a spreadsheet's first row holds the heads, so row 3 is the second person's."""
    columns = [one for one in Column if one is not Column.COUNTRY]
    sent = [list(row) for row in rows]
    for number, column, value in FAULTS if faulty else ():
        sent[number - 2][columns.index(column)] = value
    raw = sheets.csv(sent, heads=[header_text(one, language) for one in columns], encoding="utf-8-sig", separator=";")
    page.locator("#sheet").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": raw})
    press(page.locator("main form button.primary"))


def _invited(academy: Academy, country: str) -> int:
    with academy.app.app_context():
        query = select(func.count()).select_from(Invitation).where(Invitation.country == country)
        return db.session.scalar(query) or 0
