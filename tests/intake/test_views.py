import io
import re
from html import unescape

from sqlalchemy import func, select

from app.accounts.models import Invitation
from app.db.session import db
from app.intake.models import Batch, CheckedSheet
from tests.intake import sheets_for_tests as sheets
from tests.intake.conftest import Academy


def shown(answer: object) -> str:
    """Return what a page says, as one line of words."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))  # type: ignore[attr-defined]
    return " ".join(unescape(text).split())


def test_a_sheet_is_checked_first_and_imported_second(academy: Academy) -> None:
    desk = academy.here
    path = desk.checked(sheets.csv([sheets.row(n) for n in range(3)]))
    page = shown(desk.client.get(path))
    assert "Import 3 people" in page
    with academy.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0
    answer = desk.post(f"{path}/import")
    assert "/people/sheet/imports/" in answer.headers["Location"]
    page = shown(desk.client.get(answer.headers["Location"]))
    assert "First responder 1" in page
    with academy.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 3
        assert db.session.scalar(select(func.count()).select_from(CheckedSheet)) == 0
        assert db.session.scalar(select(func.count()).select_from(Batch)) == 1
    assert io
