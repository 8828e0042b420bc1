import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity import service as accounts
from app.identity.models import Identity, Person, Posting, RoleGrant
from app.intake.models import Batch, CheckedSheet
from app.intake.pages import sheets as pages
from app.intake.service import export, sheet_import
from app.invitations.models import Invitation
from app.kernel.sheets.grid import MOST_BYTES
from tests.support import factories, people_sheets as sheets
from tests.support.intake_academy import OFFICERS, OTHER_AGENCY, Academy, Desk, shown
from tests.support.settings import NOW

MARKS = "=+-@|%\t\r\n;,'\"\u200b\u202e ا"


def count(academy: Academy, table: type) -> int:
    with academy.app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def told(academy: Academy) -> list[str]:
    """Return the names of what the trail tells, the newest last."""
    with academy.app.app_context():
        return list(db.session.scalars(select(Entry.name).order_by(Entry.id)))


def test_sheet_is_checked_then_imported(academy: Academy) -> None:
    desk = academy.here
    path = desk.checked(sheets.xlsx([sheets.row(n) for n in range(3)]), "people.xlsx")
    assert "Import 3 people" in shown(desk.client.get(path))
    assert count(academy, Invitation) == 0
    answer = desk.post(f"{path}/import")
    assert re.search(r"First responder \d{3,4}\b", shown(desk.client.get(answer.headers["Location"])))
    assert [count(academy, table) for table in (Invitation, CheckedSheet, Batch)] == [3, 0, 1]
    assert desk.client.get("/people").get_data(as_text=True).count("/people/invitations/") == 3


def test_wrong_row_shows_cell_reason_and_hint(lite: Academy) -> None:
    desk = lite.here
    rows = [
        sheets.row(1, mail="no address"), sheets.row(2, agency="Border polise"), sheets.row(3, posting="Investigater"),
        sheets.row(4, role="Coordinator"), sheets.row(5, language="Latin"), sheets.row(6, name="=1+1"), sheets.row(7),
        sheets.row(7),
    ]  # fmt: skip
    page = shown(desk.client.get(desk.checked(sheets.csv(rows))))
    for sentence in (
        "8 rows are wrong",
        "Work e-mail, row 2: no address This is not an e-mail address.",
        "Agency, row 3: Border polise There is no agency with this name. Is it Border police?",
        "Role in the agency, row 4: Investigater There is no role with this name. Is it Investigator?",
        "Role at the academy, row 5: Coordinator You cannot invite to this role. Enter one of: Officer and Supervisor",
        "Language of the invitation, row 6: Latin Enter one of: العربية, English, and Français.",
        "Name as on certificates, row 7: =1+1 This cell contains a formula. Paste it as a value.",
        "Work e-mail, row 8: new7@police.example Row 9 has the same value. Remove one of the two.",
    ):
        assert sentence in page
    assert "Import" not in page


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_each_problem_has_a_text_in_each_language(lite: Academy, language: str) -> None:
    from app.intake import labels
    from app.intake.domain.headers import Column
    from app.intake.domain.rows import CellProblem, RowReason
    from app.kernel.sheets.grid import FileProblem, ReadingNote, Remark, UnreadableError

    with lite.app.test_request_context(headers={"Accept-Language": language}):
        choices = labels.CellChoices(["a"], {"first_responder": "b"}, ["c"], True, language)
        said = [labels.problem(CellProblem(column, reason, "x", near, 3), choices)
                for column in Column for reason in RowReason for near in ("", "y")]  # fmt: skip
        said += [labels.file_problem(UnreadableError(one, "mail"), language) for one in FileProblem]
        said += [labels.note(ReadingNote(one, "x")) for one in Remark]
        said += [str(labels.MEANINGS[one]) for one in Column] + [str(one) for one in labels.OUTCOMES.values()]
    assert all(said)
    assert not [one for one in said if "%(" in one]


def test_unreadable_file_shows_the_form_with_the_reason(lite: Academy) -> None:
    desk = lite.here
    for raw, sentence in (
        (b"first,second\n1,2", "No headers were found for: Work e-mail, Name as on certificates, and Agency."),
        (b"%PDF-1.7", "This is not a sheet."),
        (b"x" * (MOST_BYTES + 1), "The file is over 2 MB."),
    ):
        answer = desk.send(raw)
        assert answer.status_code == 422
        assert sentence in shown(answer)
    answer = desk.client.post("/people/sheet", data={"csrf_token": factories.token(lite.app, desk.client)})
    assert (answer.status_code, "Choose a file, or paste the rows." in shown(answer)) == (422, True)
    assert count(lite, CheckedSheet) == 0


def test_request_above_the_size_limit_is_refused_before_it_is_read(lite: Academy) -> None:
    assert lite.here.send(b"x" * (MOST_BYTES + 256 * 1024)).status_code == 413


def test_pasted_rows_are_checked(lite: Academy) -> None:
    desk = lite.here
    fields = {
        "csrf_token": factories.token(lite.app, desk.client),
        "text": sheets.csv([sheets.row(1)], separator="\t").decode(),
    }
    answer = desk.client.post("/people/sheet", data=fields)
    assert "Import one person" in shown(desk.client.get(answer.headers["Location"]))


def test_view_of_a_sheet_is_recorded_and_writes_nothing_else(lite: Academy) -> None:
    desk = lite.here
    path = desk.checked(sheets.csv([sheets.row(1)]))
    for address in (path, "/people/sheet", "/people/sheet/empty.csv"):
        desk.client.get(address)
    assert desk.client.get("/people/sheet/officers.csv").status_code == 200
    assert told(lite)[-3:] == ["SheetChecked", "SheetSeen", "OfficersExported"]
    assert [count(lite, table) for table in (CheckedSheet, Invitation, Batch)] == [1, 0, 0]


def test_link_from_another_site_exports_nothing(lite: Academy) -> None:
    path, before = "/people/sheet/officers.csv", told(lite)
    for where in ("cross-site", "same-site"):
        assert lite.here.client.get(path, headers={"Sec-Fetch-Site": where}).status_code == 403
    assert told(lite) == before
    assert lite.here.client.get(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_rows_are_filtered_and_paged(lite: Academy) -> None:
    desk = lite.here
    path = desk.checked(sheets.csv([*(sheets.row(n) for n in range(230)), sheets.row(300, mail="not-an-address")]))
    assert shown(desk.client.get(path)).count("Will be invited to") == 99  # the wrong one comes first
    assert shown(desk.client.get(f"{path}?show=new&page=3")).count("Will be invited to") == 30
    assert shown(desk.client.get(f"{path}?show=wrong")).count("Will be invited to") == 0
    assert desk.client.get(f"{path}?show=odd").status_code == 422
    assert desk.client.get(f"{path}?page=9999").status_code == 200


def test_sheet_and_import_of_others_return_404(academy: Academy) -> None:
    here, there = academy.here, academy.there
    sheet = here.checked(sheets.csv([sheets.row(1)]))
    batch = here.imported(sheets.csv([sheets.row(2)]))
    colleague = academy.desk((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"))
    coordinator = academy.desk((Role.COORDINATOR, Scope.ALL, ""), country="BG")
    administrator = academy.desk((Role.ADMINISTRATOR, Scope.ALL, ""), country="BG")
    for desk in (there, coordinator, administrator):
        seen = [desk.client.get(path).status_code for path in (sheet, batch)]
        done = [desk.post(path).status_code for path in (f"{sheet}/import", f"{sheet}/drop", f"{batch}/undo")]
        assert (seen, done) == ([404, 404], [404, 404, 404])
        assert batch not in desk.client.get("/people/sheet").get_data(as_text=True)
    assert colleague.client.get(sheet).status_code == 404
    assert colleague.client.get(batch).status_code == 200  # of the same country
    assert count(academy, Invitation) == 1
    nothing = there.client.get(f"/people/sheet/{uuid4()}")
    assert nothing.status_code == 404


def test_sheet_page_without_country_or_role_returns_403(lite: Academy) -> None:
    officer = lite.desk()
    for path in ("/people/sheet", "/people/sheet/empty.csv", "/people/sheet/officers.csv"):
        assert officer.client.get(path).status_code == 403
    coordinator = lite.desk((Role.COORDINATOR, Scope.ALL, ""), country="BG")
    assert coordinator.client.get("/people/sheet").status_code == 200
    assert coordinator.client.get("/people/sheet/officers.csv").status_code == 403
    assert officer.send(sheets.csv([sheets.row(1)])).status_code == 403


def test_second_import_of_a_sheet_shows_the_first(lite: Academy) -> None:
    desk = lite.here
    path = desk.checked(sheets.csv([sheets.row(1)]))
    first, second = desk.post(f"{path}/import"), desk.post(f"{path}/import")
    assert first.headers["Location"] == second.headers["Location"] == desk.client.get(path).headers["Location"]
    assert "This sheet has already been imported." in shown(desk.client.get(second.headers["Location"]))
    assert count(lite, Invitation) == 1


def test_import_after_a_change_shows_the_sheet_again(lite: Academy) -> None:
    desk = lite.here
    path = desk.checked(sheets.csv([sheets.row(1), sheets.row(2)]))
    lite.person(country="BG", mail="new1@police.example")
    answer = desk.post(f"{path}/import")
    assert answer.headers["Location"] == path
    page = shown(desk.client.get(path))
    assert "Data has changed since the check." in page
    assert "This address cannot be invited. The contact points concerned have been notified." in page
    assert "BG" not in page
    assert "Bulgaria" not in page


def test_foreign_address_has_the_text_of_a_single_invitation(lite: Academy) -> None:
    lite.person(country="BG", mail="new1@police.example")
    page = shown(lite.here.client.get(lite.here.checked(sheets.csv([sheets.row(1)]))))
    with lite.app.app_context():
        fields = {
            "mail": "new1@police.example",
            "name": "A",
            "agency": str(lite.agency),
            "role": "supervisor",
            "language": "en",
        }
    fields["csrf_token"] = factories.token(lite.app, lite.here.client)
    single = shown(lite.here.client.post("/people/invite", data=fields))
    sentence = "This address cannot be invited. The contact points concerned have been notified."
    assert (sentence in page, sentence in single) == (True, True)


def test_lookup_limit_is_explained_on_both_pages(lite: Academy) -> None:
    fields = {"mail": "new1@police.example", "name": "A", "agency": str(lite.agency), "role": "supervisor"}
    fields |= {"language": "en", "csrf_token": factories.token(lite.app, lite.here.client)}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.invitations.service.lookup_limit.MOST", 0)
        sheet = lite.here.send(sheets.csv([sheets.row(1)]))
        single = lite.here.client.post("/people/invite", data=fields)
    assert (sheet.status_code, single.status_code) == (422, 422)
    assert "The check has stopped: too many addresses today could not be invited." in shown(sheet)
    assert "Too many addresses today could not be invited. Go on tomorrow." in shown(single)
    assert count(lite, CheckedSheet) == 0


def test_deleted_sheet_returns_404(lite: Academy) -> None:
    path = lite.here.checked(sheets.csv([sheets.row(1)]))
    assert lite.here.post(f"{path}/drop").status_code == 302
    assert lite.here.client.get(path).status_code == 404
    assert count(lite, CheckedSheet) == 0


def test_sender_has_at_most_three_checked_sheets(lite: Academy) -> None:
    paths = [lite.here.checked(sheets.csv([sheets.row(n)])) for n in range(4)]
    assert [lite.here.client.get(path).status_code for path in paths] == [404, 200, 200, 200]


def test_import_is_undone_once_from_its_page(academy: Academy) -> None:
    batch = academy.here.imported(sheets.csv([sheets.row(1)]))
    assert "Undo this import" in shown(academy.here.client.get(batch))
    assert academy.here.post(f"{batch}/undo").status_code == 302
    page = shown(academy.here.client.get(batch))
    assert "Rows undone" in page
    assert "Undo this import" not in page
    assert academy.here.post(f"{batch}/undo").status_code == 409


def test_rows_that_cannot_be_undone_show_the_reason(lite: Academy) -> None:
    lite.person(mail="new1@police.example", name="Test Person 1", now=NOW - timedelta(days=9))
    batch = lite.here.imported(sheets.csv([sheets.row(1, name="Other", agency="")]))
    lite.here.imported(sheets.csv([sheets.row(1, name="Later", agency="")]))
    lite.here.post(f"{batch}/undo")
    assert "Undone except for one row" in shown(lite.here.client.get(batch))
    assert "The values have changed since. They were not undone." in shown(lite.here.client.get(batch))


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_example_row_of_the_empty_sheet_is_ignored(lite: Academy, form: str, language: str) -> None:
    desk = _speaks(lite, lite.here, language)
    empty = desk.taken(f"/people/sheet/empty.{form}")
    answer = desk.send(empty, f"people.{form}")
    assert answer.status_code == 422
    if form == "csv":
        heads, example = csv.reader(io.StringIO(empty.decode("utf-8-sig")))
        filled = ["new1@police.example", *example[1:]]
        answer = desk.send(sheets.csv([filled], heads=heads, separator=";"))
        page = shown(desk.client.get(answer.headers["Location"]))
        assert page.count("new1@police.example") == 1


def test_coordinator_imports_contact_points_of_several_countries(lite: Academy) -> None:
    desk = lite.desk((Role.COORDINATOR, Scope.ALL, ""), country="BG")
    heads, _example = csv.reader(io.StringIO(desk.taken("/people/sheet/empty.csv").decode("utf-8-sig")))
    assert ("Country" in heads, "Role in the agency" in heads) == (True, False)
    rows = [
        ["a@police.example", "A", "", "", "Iraq", sheets.AGENCY, "Contact point", ""],
        ["b@police.example", "B", "", "", "bg", sheets.AGENCY, "Trainer", "français"],
    ]
    desk.imported(sheets.csv(rows, heads=heads))
    with lite.app.app_context():
        found = db.session.execute(select(Invitation.country, Invitation.role, Invitation.language)).all()
    assert {tuple(one) for one in found} == {("IQ", Role.CONTACT_POINT, "en"), ("BG", Role.TRAINER, "fr")}


def test_contact_point_and_coordinator_gets_the_sheet_of_own_country(lite: Academy) -> None:
    desk = lite.desk((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"), (Role.COORDINATOR, Scope.ALL, ""), country="IQ")
    heads, _example = csv.reader(io.StringIO(desk.taken("/people/sheet/empty.csv").decode("utf-8-sig")))
    assert ("Country" in heads, "Role in the agency" in heads) == (False, True)
    desk.imported(sheets.csv([sheets.row(1)]))
    with lite.app.app_context():
        found = db.session.execute(select(Invitation.country, Invitation.role)).all()
        assert [tuple(one) for one in found] == [("IQ", Role.PRACTITIONER)]
        assert db.session.scalars(select(Batch.country)).all() == ["IQ"]


def test_officers_are_exported_in_files_by_agency(lite: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pages, export):
        monkeypatch.setattr(module, "ALONE", 3)
    monkeypatch.setattr(export, "DAY", timedelta(0))  # each file a day of its own
    _staff(lite, 5)
    page = lite.here.client.get("/people/sheet").get_data(as_text=True)
    files = [unescape(one) for one in re.findall(r'href="(/people/sheet/officers.csv[^"]*)"', page)]
    taken = [_exported(lite.here, path) for path in files]
    assert max(len(rows) for rows in taken) <= 3
    mails = [row["Work e-mail"] for rows in taken for row in rows]
    assert len(mails) == len(set(mails))
    assert {f"new{n}@police.example" for n in range(5)} <= set(mails)
    assert not [mail for mail in mails if mail.startswith("foreign")]
    assert told(lite)[-len(files) :] == ["OfficersExported"] * len(files)
    assert lite.here.client.get("/people/sheet/officers.csv?agency=x").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exported_sheet_changes_nothing_when_imported(lite: Academy, form: str, language: str) -> None:
    names = ("كريم حسن", "=SUM(A1)", "O'Neil; +Jr", "'=x", "-", "Ме\u0306й", 'a,b"c', "\tTab", "@me")
    _staff(lite, len(names))
    with lite.app.app_context(), transaction():
        for number, name in enumerate(names):
            mail = f"new{number}@police.example"
            for one in db.session.scalars(select(Identity)):
                if one.mail == mail:
                    one.name = one.latin_name = name
    desk = _speaks(lite, lite.here, language)
    raw = desk.taken(f"/people/sheet/officers.{form}")
    page = desk.client.get(desk.checked(raw, f"officers.{form}"))
    assert page.get_data(as_text=True).count('class="row"') == len(names) + OFFICERS
    with lite.app.app_context():
        (content,) = db.session.scalars(select(CheckedSheet.content))
    assert content.count('"kind":"same"') == len(names) + OFFICERS


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(alphabet=MARKS + "abé", max_size=12), min_size=1, max_size=4),
    form=st.sampled_from(["csv", "xlsx"]),
)
def test_exported_sheet_with_any_names_changes_nothing(lite: Academy, names: list[str], form: str) -> None:
    with lite.app.app_context(), transaction():
        for one in db.session.scalars(select(Identity)):
            one.name, one.latin_name = names[0] + "x", names[-1]
    raw = lite.here.taken(f"/people/sheet/officers.{form}")
    path = lite.here.checked(raw, f"officers.{form}")
    with lite.app.app_context():
        content = db.session.get_one(CheckedSheet, UUID(path.rsplit("/", 1)[1])).content
    assert content.count('"kind":"same"') == OFFICERS


def test_exported_officer_without_role_is_the_same(lite: Academy) -> None:
    officer = lite.person(mail="new1@police.example", name="Test Person 1", now=NOW - timedelta(days=9))
    with lite.app.app_context(), transaction():
        db.session.execute(delete(RoleGrant).where(RoleGrant.person_id == officer))
    path = lite.here.checked(lite.here.taken("/people/sheet/officers.csv"))
    assert "Nothing in this sheet is new" in shown(lite.here.client.get(path))


def test_export_guards_formulas(lite: Academy) -> None:
    lite.person(mail="new1@police.example", name="=cmd()", now=NOW - timedelta(days=3))
    rows = _exported(lite.here, "/people/sheet/officers.csv")
    assert "'=cmd()" in [row["Name as on certificates"] for row in rows]


def test_imported_move_starts_today(lite: Academy) -> None:
    officer = lite.person(mail="new1@police.example", name="Test Person 1", now=NOW - timedelta(days=9))
    rows = _exported(lite.here, "/people/sheet/officers.csv")
    mine = next(row for row in rows if row["Work e-mail"] == "new1@police.example")
    mine["Agency"] = OTHER_AGENCY
    page = shown(lite.here.client.get(lite.here.checked(sheets.csv([list(mine.values())], heads=list(mine)))))
    assert f"Service: {mine['Agency']}" not in page
    assert OTHER_AGENCY in page
    lite.here.imported(sheets.csv([list(mine.values())], heads=list(mine)))
    with lite.app.app_context():
        last = db.session.scalars(
            select(Posting).where(Posting.person_id == officer).order_by(Posting.since.desc())
        ).first()
        assert last is not None
        assert (last.agency_id, last.since) == (lite.other_agency, NOW.date())


def test_import_is_repeated_when_an_address_is_taken_meanwhile(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses that are free at the check and taken when they are written are checked again."""
    desk, invite_all, lost = academy.here, sheet_import.bulk.invite_all, [True]
    path = desk.checked(sheets.csv([sheets.row(1), sheets.row(2)]))

    def taken(*given: Any) -> Any:
        if lost:
            lost.clear()
            raise IntegrityError("INSERT", {}, Exception("uq_invitation_open_mail"))
        return invite_all(*given)

    monkeypatch.setattr(sheet_import.bulk, "invite_all", taken)
    assert "/imports/" in desk.post(f"{path}/import").headers["Location"]
    assert [count(academy, table) for table in (Invitation, Batch)] == [2, 1]


def _speaks(academy: Academy, desk: Desk, language: str) -> Desk:
    with academy.app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.id == desk.person_id).values(language=language))
    return desk


def _staff(academy: Academy, number: int) -> None:
    for n in range(number):
        academy.person(mail=f"new{n}@police.example", name=f"Test Person {n}", alias=f"Watcher {n}")
    academy.person(mail="foreign@police.example", country="BG")
    gone = academy.person(mail="gone@police.example")
    with academy.app.app_context(), transaction():
        accounts.deactivate(gone, NOW.date())
        # all of one service: parts of a service are pages
        db.session.execute(update(Posting).where(Posting.country == "IQ").values(agency_id=academy.agency))


def _exported(desk: Desk, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(desk.taken(path).decode("utf-8-sig"))))


def test_large_text_file_is_received_completely(lite: Academy) -> None:
    """A file is read in chunks: a line may start in one chunk and end in the next."""
    line = "a{n}@police.example\tA Person\tNowhere\tSupervisor\n"
    text = "e-mail\tname\tservice\trole\n" + "".join(line.format(n=n) for n in range(4900))
    answer = lite.here.send(text.encode(), "people.txt")
    assert answer.status_code == 302, answer.status
