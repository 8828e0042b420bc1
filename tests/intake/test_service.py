import time
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from threading import Barrier, Event, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory.service import erasure, postings
from app.directory.service.postings import NewPosting
from app.identity import service as identity_service
from app.identity.domain.people import AgencyKind
from app.identity.models import Agency, Identity, NameToken, Posting
from app.identity.queries import people, postings as identity_postings
from app.intake import jobs
from app.intake.domain.undo import SHEET_LIFE, UNDO_FOR, UndoOutcome
from app.intake.domain.validation import RowKind
from app.intake.events import SheetImported
from app.intake.models import Batch, BatchLine, CheckedSheet
from app.intake.queries import imports as intake
from app.intake.service import sheet_import
from app.intake.service.sheet_import import Imported, SheetOutdated
from app.invitations.models import Invitation
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.service import acceptance, aliases, invitations
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.models import Notice, OutgoingMail
from app.sign_in.queries import sessions
from tests.support import factories, people_sheets as sheets, sites
from tests.support.intake_service import Room
from tests.support.settings import NOW
from tests.support.sql_statements import counted

TODAY = NOW.date()


@pytest.fixture
def room(context: Flask) -> Room:
    return Room(context)


def rows_of(*tables: type) -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def identity(person_id: UUID) -> tuple[str, str | None, str | None]:
    found = db.session.get_one(Identity, person_id, populate_existing=True)
    return found.name, found.latin_name, found.service_number


def spans(person_id: UUID) -> list[tuple[str, str, object]]:
    """Return the postings of a person: service, roles, last day."""
    names = {one: name for one, _country, name in people.agencies("IQ")}
    return [
        (names[one.agency_id], " ".join(one.roles), one.until)
        for one in identity_postings.postings([person_id])[person_id]
    ]


@pytest.mark.each_database
def test_new_people_are_invited_like_single_invitations(room: Room) -> None:
    room.imported([sheets.row(1, latin_name="Latin", service_number="7"), sheets.row(2, role="Supervisor", posting="")])
    first, second = sorted(db.session.scalars(select(Invitation)), key=lambda one: one.mail)
    assert all(one.alias.startswith("Officer of tests ") for one in (first, second))
    assert first.alias != second.alias
    assert (first.mail, first.name, first.latin_name, first.service_number) == (
        "new1@police.example", "Test Person 1", "Latin", "7",
    )  # fmt: skip
    assert (first.role, first.posting_roles, first.language) == (Role.PRACTITIONER, "first_responder", "ar")
    assert (second.role, second.posting_roles) == (Role.SUPERVISOR, "")
    assert {first.invited_by, second.invited_by} == {room.actor.id}
    assert rows_of(OutgoingMail, CheckedSheet, Batch, BatchLine) == [2, 0, 1, 2]
    link = invitations_invitations.link_mail(first.id, clock.real_now())
    assert link is not None
    assert invitations_invitations.guest(link.token) is not None


def test_aliases_of_imported_people_are_unused(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aliases, "NUMBERS", 6)
    taken = {f"Officer of tests {aliases.FIRST_NUMBER + number}" for number in (1, 3, 4)}
    for alias in taken:
        factories.person(alias=alias)
    room.imported([sheets.row(number) for number in range(40)])  # more than there are numbers of so few figures
    given = list(db.session.scalars(select(Invitation.alias)))
    assert len(given) == len(set(given)) == 40
    assert not taken & set(given)


@pytest.mark.each_database
def test_changed_posting_ends_the_previous_one_yesterday(room: Room) -> None:
    moved, named, same = (room.officer(number) for number in (1, 2, 3))
    batch = room.imported(
        [
            sheets.row(1, agency="Coast guard", posting="Investigator; First responder"),
            sheets.row(2, name="كريم حسن", latin_name="Karim Hassan", service_number="BP 17"),
            sheets.row(3),
        ]
    )
    assert spans(moved) == [
        (sheets.AGENCY, "first_responder", TODAY - timedelta(days=1)),
        ("Coast guard", "investigator first_responder", None),
    ]
    assert spans(named) == [(sheets.AGENCY, "first_responder", None)] == spans(same)
    assert identity(named) == ("كريم حسن", "Karim Hassan", "BP 17")
    assert sessions.credentials_by_name("bp 17") is not None
    assert rows_of(Invitation, BatchLine) == [0, 2]
    tokens = select(func.count()).select_from(NameToken).where(NameToken.person_id == named)
    assert db.session.scalar(tokens) == 7  # four words; those of four letters and more with their first three
    events = {row.name for row in db.session.scalars(select(Entry))}
    assert {"SheetChecked", "SheetImported", "PostingMoved", "IdentityChanged"} <= events
    (seen,) = intake.batches(room.actor)
    assert (seen.id, seen.invited, seen.changed, seen.same) == (batch, 0, 2, 1)


@pytest.mark.each_database
def test_two_people_can_exchange_service_numbers(room: Room) -> None:
    first, second = room.officer(1), room.officer(2)
    room.imported([sheets.row(1, service_number="1"), sheets.row(2, service_number="2")])
    room.imported([sheets.row(1, service_number="2"), sheets.row(2, service_number="1")])
    assert (identity(first)[2], identity(second)[2]) == ("2", "1")


def test_repeated_sheet_changes_nothing(room: Room) -> None:
    room.officer(1)
    rows = [sheets.row(1, name="Other Name"), sheets.row(2, posting="Investigator")]
    room.imported(rows)
    again = room.check(rows)
    assert room.kinds(again) == [RowKind.SAME, RowKind.SAME]
    with pytest.raises(DomainError), transaction():
        sheet_import.carry_out(
            room.actor, again, lambda _role, _posting: "", "en", now=clock.now(), real_now=clock.real_now()
        )


def test_sheet_with_a_wrong_row_is_not_imported(room: Room) -> None:
    sheet = room.check([sheets.row(1), sheets.row(2, mail="not-an-address")])
    assert room.kinds(sheet) == [RowKind.NEW, RowKind.WRONG]
    with pytest.raises(DomainError):
        room.carry_out(sheet)
    assert rows_of(Invitation, Batch, CheckedSheet) == [0, 0, 1]


@pytest.mark.parametrize("where", ["moving", "inviting", "at the end"])
def test_interrupted_import_writes_nothing(room: Room, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    officer = room.officer(1)
    sheet = room.check([sheets.row(1, name="Other Name", agency="Coast guard"), sheets.row(2)])
    tables = (Invitation, Batch, BatchLine, CheckedSheet, OutgoingMail, Posting, Entry)
    before = rows_of(*tables)

    def cut(*_given: object, **_more: object) -> None:
        raise ConnectionResetError

    places: dict[str, tuple[object, str]] = {
        "moving": (sheet_import.postings, "change_posting"),
        "inviting": (sheet_import.bulk, "invite_all"),
        "at the end": (sheet_import, "record"),
    }
    with monkeypatch.context() as patch, pytest.raises(ConnectionResetError):
        patch.setattr(*places[where], cut)
        room.carry_out(sheet)
    assert rows_of(*tables) == before
    assert identity(officer)[0] == "Test Person 1"
    assert len(spans(officer)) == 1
    assert isinstance(room.carry_out(sheet), Imported)  # a second attempt succeeds


def test_sheet_is_checked_again_when_data_changed_since(room: Room) -> None:
    officer = room.officer(1)
    sheet = room.check([sheets.row(1, agency="Coast guard"), sheets.row(2)])
    with transaction():
        identity_service.deactivate(officer, TODAY)
    assert room.carry_out(sheet) == SheetOutdated()
    assert rows_of(Invitation, Batch) == [0, 0]
    assert room.kinds(sheet) == [RowKind.WRONG, RowKind.NEW]


def test_row_of_a_deleted_agency_is_not_imported(room: Room) -> None:
    with transaction():
        gone = identity_service.add_agency("IQ", AgencyKind.BORDER, "Navy")
    room.offered.agencies["IQ"]["navy"] = (gone, "Navy")  # type: ignore[index]
    sheet = room.check([sheets.row(1, agency="Navy")])
    with transaction():
        db.session.delete(db.session.get_one(Agency, gone))
    assert room.carry_out(sheet) == SheetOutdated()
    assert room.kinds(sheet) == [RowKind.WRONG]


@pytest.mark.each_database
def test_foreign_address_is_refused_and_both_countries_are_notified(room: Room) -> None:
    there = room.contact_point("BG")
    factories.person(country="BG", mail="new1@police.example")
    factories.person(country="BG", mail="new2@police.example")
    sheet = room.check([sheets.row(1), sheets.row(2), sheets.row(3)])
    rows = intake.sheet(room.actor, sheet).content.rows
    assert [row.kind for row in rows] == [RowKind.WRONG, RowKind.WRONG, RowKind.NEW]
    assert not any(row.changes or row.person_id for row in rows)
    assert {one.person_id for one in db.session.scalars(select(Notice))} == {room.actor.id, there.id}


@pytest.mark.each_database
def test_undo_withdraws_invitations_and_restores_values(room: Room) -> None:
    officer = room.officer(1)
    before = identity(officer)
    batch = room.imported(
        [sheets.row(1, name="Other", service_number="9", agency="Coast guard", posting="Investigator"), sheets.row(2)]
    )
    assert room.undo(batch) == {2: UndoOutcome.UNDONE, 3: UndoOutcome.UNDONE}
    assert identity(officer) == before
    assert spans(officer)[-1] == (sheets.AGENCY, "first_responder", None)
    (invitation,) = db.session.scalars(select(Invitation))
    assert invitation.withdrawn_at is not None
    with pytest.raises(DomainError):
        room.undo(batch)
    assert rows_of(BatchLine) == [2]
    assert list(db.session.scalars(select(BatchLine.changes))) == [None, None]


def test_undo_deletes_the_same_data_as_a_withdrawal(room: Room) -> None:
    batch = room.imported([sheets.row(1, latin_name="Latin", service_number="7"), sheets.row(2, service_number="8")])
    first, second = db.session.scalars(select(Invitation.id).order_by(Invitation.alias))
    with transaction():
        assert invitations.withdraw(first, clock.real_now())
    room.undo(batch)
    unlike = {"id", "token_hash", "alias", "withdrawn_at", "made_at", "ends_at"}
    one, other = (db.session.get_one(Invitation, each, populate_existing=True) for each in (first, second))
    for column in Invitation.__table__.columns:
        if column.name not in unlike:
            assert getattr(one, column.name) == getattr(other, column.name), column.name
    assert room.kinds(room.check([sheets.row(2, service_number="8")])) == [RowKind.NEW]  # address and number are free


@pytest.mark.each_database
def test_undo_keeps_values_that_changed_since(room: Room) -> None:
    officers = {number: room.officer(number) for number in (1, 2, 3, 4)}
    batch = room.imported(
        [
            sheets.row(1, name="Other"),
            sheets.row(2, name="Other", service_number="2"),
            sheets.row(3, name="Other"),
            sheets.row(5),
            sheets.row(6),
        ]
    )
    later = room.imported([sheets.row(1, name="Later"), sheets.row(2, name="Later"), sheets.row(4, name="Later")])
    invited = {one.mail: one.id for one in db.session.scalars(select(Invitation))}
    with transaction():
        identity_service.deactivate(officers[3], TODAY)
        acceptance.save_password(invited["new5@police.example"], factories.PASSWORD_HASH)
    with transaction():
        person_id = acceptance.accept(invited["new5@police.example"], clock.now(), clock.real_now())
    assert isinstance(person_id, UUID)
    with transaction():
        assert invitations.withdraw(invited["new6@police.example"], clock.real_now())
    assert room.undo(batch) == {
        2: UndoOutcome.CHANGED,
        3: UndoOutcome.PARTLY,
        4: UndoOutcome.LEFT,
        5: UndoOutcome.ACCEPTED,
        6: UndoOutcome.WITHDRAWN,
    }
    assert identity(officers[1])[0] == "Later"
    assert identity(officers[2]) == ("Later", None, None)
    assert room.undo(later) == {2: UndoOutcome.UNDONE, 3: UndoOutcome.UNDONE, 4: UndoOutcome.UNDONE}


@pytest.mark.each_database
def test_undo_keeps_the_new_number_if_the_old_one_is_taken(room: Room) -> None:
    officer, other = room.officer(1), room.officer(2)
    room.imported([sheets.row(1, service_number="1")])
    batch = room.imported([sheets.row(1, name="Other", service_number="2")])
    room.imported([sheets.row(2, service_number="1")])
    assert room.undo(batch) == {2: UndoOutcome.NUMBER}
    assert (identity(officer), identity(other)[2]) == (("Test Person 1", None, "2"), "1")


def test_undo_keeps_numbers_unique_when_only_a_name_is_restored(room: Room) -> None:
    officer, other = room.officer(1), room.officer(2)
    room.imported([sheets.row(1, service_number="1")])
    batch = room.imported([sheets.row(1, service_number="2"), sheets.row(2, name="Other")])
    room.imported([sheets.row(2, name="Other", service_number="1")])
    assert room.undo(batch) == {2: UndoOutcome.NUMBER, 3: UndoOutcome.UNDONE}
    assert (identity(officer)[2], identity(other)) == ("2", ("Test Person 2", None, "1"))


def test_undo_does_not_restore_a_renamed_agency(room: Room) -> None:
    room.officer(1)
    batch = room.imported([sheets.row(1, agency="Coast guard")])
    with transaction():
        db.session.execute(update(Agency).where(Agency.id == room.agencies[0][0]).values(name="Guard of the border"))
    assert room.undo(batch) == {2: UndoOutcome.CHANGED}


@pytest.mark.each_database
def test_expired_sheets_and_previous_values_are_deleted(room: Room) -> None:
    room.officer(1)
    batch = room.imported([sheets.row(1, name="Other")])
    sheet = room.check([sheets.row(2)])
    assert jobs.delete_expired() == 0
    with transaction():
        db.session.get_one(CheckedSheet, sheet).ends_at -= SHEET_LIFE
        db.session.get_one(Batch, batch).made_at -= UNDO_FOR
    with pytest.raises(NoResultFound):
        intake.sheet(room.actor, sheet)
    assert jobs.delete_expired() == 2
    assert rows_of(CheckedSheet) == [0]
    with pytest.raises(DomainError):
        room.undo(batch)


def test_import_and_undo_keep_a_planned_move(room: Room) -> None:
    officer = room.officer(1)
    moved = room.imported([sheets.row(1, name="Other", posting="Investigator")])
    new = NewPosting(room.agencies[1][0], ("first_responder",), TODAY + timedelta(days=9))
    with transaction():
        assert postings.change_posting(officer, new, today=TODAY)
    before = spans(officer)
    assert room.kinds(room.check([sheets.row(1, name="Other", posting="Investigator")])) == [RowKind.SAME]
    assert room.kinds(room.check([sheets.row(1, name="New")])) == [RowKind.WRONG]
    room.imported([sheets.row(1, name="New", posting="Investigator")])
    assert room.kinds(room.check([sheets.row(1, name="New", posting="", agency="Coast guard")])) == [RowKind.WRONG]
    assert room.undo(moved) == {2: UndoOutcome.CHANGED}
    assert spans(officer) == before
    assert len(before) == 3


def test_sender_in_another_country_loses_sheets_and_imports(room: Room) -> None:
    room.officer(1)
    batch = room.imported([sheets.row(1, name="Other")])
    sheet = room.check([sheets.row(1, name="Third"), sheets.row(2)])
    moved = Actor(room.actor.id, "BG", room.actor.roles)
    assert intake.batches(moved) == []
    with pytest.raises(NoResultFound):
        intake.batch(moved, batch)
    assert room.carry_out(sheet, moved) == SheetOutdated()
    assert room.kinds(sheet) == [RowKind.WRONG, RowKind.WRONG]


def test_contact_point_and_coordinator_imports_the_own_country(room: Room) -> None:
    officer = room.officer(1)
    with transaction():
        factories.agency("BG")
        for country in ("BG", "AT"):  # called alike, and before and behind the own one
            if country == "AT":
                identity_service.add_country("AT", "UTC")
            identity_service.add_agency(country, AgencyKind.BORDER, "Coast guard")
    room.actor = Actor(room.actor.id, "IQ", frozenset({Role.CONTACT_POINT, Role.COORDINATOR}))
    assert sheet_import.country_of(room.actor) == "IQ"
    batch = room.imported([sheets.row(1, name="Other", agency="Coast guard"), sheets.row(2)])
    assert identity_postings.postings([officer])[officer][-1].agency_id == room.agencies[1][0]
    assert intake.batch(room.contact_point("IQ"), batch).country == "IQ"  # the others see and undo it, too
    assert db.session.scalars(select(Entry.country).where(Entry.name == "SheetImported")).all() == ["IQ"]
    assert room.undo(batch) == {2: UndoOutcome.UNDONE, 3: UndoOutcome.UNDONE}
    assert identity(officer)[0] == "Test Person 1"
    assert spans(officer)[-1][0] == sheets.AGENCY


@pytest.mark.each_database
def test_deleted_name_is_in_no_sheet_or_import(room: Room) -> None:
    officer = room.officer(1)
    room.imported([sheets.row(1, name="Other")])
    room.check([sheets.row(1, name="Third")])
    with transaction():
        sheet_import.delete_person(officer, "BG")
    assert len(list(db.session.scalars(select(CheckedSheet.id)))) == 1  # another country's
    with transaction():
        sheet_import.delete_person(officer, "IQ")
    assert list(db.session.scalars(select(BatchLine.changes))) == [None]
    assert list(db.session.scalars(select(CheckedSheet.id))) == []


def test_database_contains_no_plain_text_of_a_sheet(room: Room) -> None:
    room.officer(1)
    room.imported([sheets.row(1, name="Zenobia", service_number="BP 17"), sheets.row(2, name="Octavia")])
    room.check([sheets.row(3, name="Livia")])
    raw = " ".join(
        str(row)
        for table in ("checked_sheet", "intake_batch", "intake_batch_line", "audit_entry")
        for row in db.session.execute(text(f'SELECT * FROM "{table}"'))
    )
    for secret in ("Zenobia", "Octavia", "Livia", "Test Person", "police.example", "BP 17"):
        assert secret not in raw


def _together(app: Flask, works: Sequence[Callable[[], object]]) -> list[object]:
    """Run functions concurrently; return their results or exceptions."""
    answers: list[object] = []
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                answers.append(work())
            except Exception as error:
                answers.append(error)
            db.session.remove()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


@pytest.mark.each_database
def test_concurrent_imports_of_a_sheet_import_it_once(room: Room) -> None:
    sheet = room.check([sheets.row(number) for number in range(20)])
    db.session.remove()
    answers = _together(room.app, [lambda: room.carry_out(sheet)] * 3)
    assert sorted(one.is_repeated for one in answers if isinstance(one, Imported)) == [False, True, True]
    assert rows_of(Invitation, Batch) == [20, 1]


@pytest.mark.each_database
def test_concurrent_imports_of_the_same_people_invite_them_once(room: Room) -> None:
    other = room.contact_point("IQ")
    rows = [sheets.row(number) for number in range(20)]
    first, second = room.check(rows), room.check(rows, other)
    db.session.remove()
    answers = _together(room.app, [lambda: room.carry_out(first), lambda: room.carry_out(second, other)])
    assert {type(one) for one in answers} == {Imported, SheetOutdated}
    assert rows_of(Invitation, Batch) == [20, 1]


@pytest.mark.each_database
def test_number_of_statements_of_a_check_is_independent_of_rows(room: Room) -> None:
    for number in range(3):
        room.officer(number)
    asked = []
    for many in (10, 450):
        with counted(room.app) as told:
            room.check([sheets.row(n, service_number=str(n)) for n in range(many)])
        asked.append(len(told))
    assert asked[0] == asked[1] < 25


@pytest.mark.each_database
def test_number_of_statements_of_an_import_hardly_grows_with_rows(room: Room) -> None:
    """On SQLite, all other writing waits for an import."""
    asked = []
    for start, many in ((0, 10), (100, 400)):
        sheet = room.check([sheets.row(n, service_number=str(n)) for n in range(start, start + many)])
        with counted(room.app) as told:
            room.carry_out(sheet)
        asked.append(len(told))
    assert asked[1] <= asked[0] + 6


def test_event_of_an_import_contains_only_counts(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sheet_import, "record", told.append)
    sheet = room.check([sheets.row(1)])
    done = room.carry_out(sheet)
    assert isinstance(done, Imported)
    assert SheetImported(batch_id=done.batch_id, country="IQ", invited=1, changed=0) in told


def _erase_meanwhile(monkeypatch: pytest.MonkeyPatch, person_id: UUID) -> None:
    """Erase a person just before their row is locked, as a concurrent transaction may do."""
    lock_people, left = identity_service.lock_people, [person_id]

    def erase_and_lock(ids: Collection[UUID]) -> None:
        if left and person_id in ids:
            erasure.delete_identity(left.pop(), why=erasure.RETENTION, today=clock.today())
            db.session.flush()
        lock_people(ids)

    monkeypatch.setattr(identity_service, "lock_people", erase_and_lock)


def test_import_is_checked_again_when_a_person_is_erased_meanwhile(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = room.officer(1)
    made = room.check([sheets.row(1, name="Another Name")])
    assert room.kinds(made) == [RowKind.CHANGED]
    _erase_meanwhile(monkeypatch, officer)
    assert room.carry_out(made) == SheetOutdated()


def test_undo_skips_a_person_who_is_erased_meanwhile(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = room.officer(1)
    batch = room.imported([sheets.row(1, name="Another Name")])
    _erase_meanwhile(monkeypatch, officer)
    assert room.undo(batch) == {2: UndoOutcome.LEFT}


@pytest.mark.each_database
def test_erasure_and_import_wait_for_each_other(app: Flask) -> None:
    """Both lock a person and a sheet: in the same order, or else there would be a deadlock."""
    with app.app_context():
        room = Room(app)
        officer, made = room.officer(1), room.check([sheets.row(1, name="Another Name")])
        db.session.remove()
    client, done = factories.sign_in(app, room.actor.id), Event()

    def forget() -> None:
        with app.app_context():
            with transaction():
                erasure.delete_identity(officer, why=erasure.RETENTION, today=clock.today())
                db.session.flush()
                done.set()
                time.sleep(0.4)
            db.session.remove()

    thread = Thread(target=forget)
    thread.start()
    assert done.wait(5)
    answer = sites.post(app, client, f"/people/sheet/{made}/import")
    thread.join()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/people/sheet")
    assert "The sheet was deleted. Nothing was imported." in client.get("/people/sheet").text
