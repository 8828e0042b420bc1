"""A sheet of guessed addresses reveals at most twenty foreign addresses a day."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db import blind_index
from app.db.session import db, transaction
from app.identity.models import Identity
from app.intake.domain import reading
from app.intake.domain.rows import PersonRow, RowReader, RowReason
from app.intake.domain.validation import RowKind
from app.intake.models import CheckedSheet
from app.intake.queries import imports
from app.intake.service import sheet_import
from app.intake.service.sheet_import import SheetOutdated, Stopped
from app.invitations.service import bulk, invitations, lookup_limit
from app.invitations.service.invitations import InvitationRefusal, NewInvitation
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from tests.support import factories, people_sheets as sheets
from tests.support.intake_service import Room


@pytest.fixture
def room(context: Flask) -> Room:
    return Room(context)


def _abroad(*numbers: int) -> None:
    """Let these addresses be invited by BG, all in one go."""
    with transaction():
        agency_id = factories.agency("BG")
    sender = factories.person(country="BG")
    wanted = [_new(f"new{number}@police.example", "BG", agency_id) for number in numbers]
    with transaction():
        made = bulk.invite_all(wanted, sender, clock.real_now())
    assert len(made) == len(numbers)


def _new(mail: str, country: str, agency_id: UUID) -> NewInvitation:
    return NewInvitation(
        mail=mail, name="Test Person", latin_name=None, service_number=None, country=country, agency_id=agency_id,
        role=Role.PRACTITIONER, posting_roles=("first_responder",), title="Officer of tests", language="en",
    )  # fmt: skip


def _check(room: Room, numbers: range, *, days: int = 0) -> UUID | Stopped:
    sheet = reading.read_sheet(sheets.csv([sheets.row(number) for number in numbers]))
    rows = RowReader(sheet.headed, room.offered).rows()
    with transaction():
        at = clock.real_now() + timedelta(days=days)
        return sheet_import.check(room.actor, rows, (), now=clock.now(), real_now=at)


def _invite(room: Room, number: int) -> UUID | InvitationRefusal:
    with transaction():
        new = _new(f"new{number}@police.example", "IQ", room.agencies[0][0])
        return invitations.invite(new, room.actor.id, clock.real_now())


def _rows(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_sheets_after_twenty_foreign_addresses_are_stopped(room: Room) -> None:
    _abroad(*range(20))
    there = room.contact_point("BG")
    sheet = _check(room, range(20))
    assert isinstance(sheet, UUID)
    assert room.kinds(sheet) == [RowKind.WRONG] * 20
    # unknown addresses are stopped as well, or else the response would reveal foreign ones
    assert _check(room, range(50, 51)) == Stopped()
    assert _invite(room, 50) is InvitationRefusal.MANY
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == NoticeKind.INVITATION_REFUSED)).all()
    assert sorted(told) == sorted([room.actor.id, there.id])  # once
    assert isinstance(_check(room, range(50, 51), days=2), UUID)


def test_sheet_above_the_lookup_limit_is_not_saved_and_notified_once(room: Room) -> None:
    _abroad(*range(21))
    there = room.contact_point("BG")
    assert _check(room, range(30)) == Stopped()
    assert _rows(CheckedSheet) == 0
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == NoticeKind.INVITATION_REFUSED)).all()
    assert sorted(told) == sorted([room.actor.id, there.id])
    facts = db.session.scalars(select(Entry.facts).where(Entry.name == "SheetStopped")).one()
    assert facts == '{"country":"IQ","elsewhere":21,"rows":30}'
    assert _check(room, range(40, 41)) == Stopped()


@pytest.mark.each_database
def test_single_invitations_and_sheets_share_the_lookup_limit(room: Room) -> None:
    _abroad(*range(21))
    assert isinstance(_check(room, range(19)), UUID)
    assert _invite(room, 19) is InvitationRefusal.ELSEWHERE
    assert _invite(room, 20) is InvitationRefusal.MANY
    assert _check(room, range(20, 21)) == Stopped()
    other = room.contact_point("IQ")
    with transaction():
        assert lookup_limit.lookups_left(other.id, clock.real_now()) == lookup_limit.MOST  # everybody's own


def test_addresses_that_become_foreign_after_the_check_are_counted(room: Room) -> None:
    some, many = _check(room, range(20)), _check(room, range(20, 50))
    assert isinstance(some, UUID)
    assert isinstance(many, UUID)
    _abroad(*range(50))
    assert room.carry_out(some) == SheetOutdated()
    assert room.carry_out(many) == Stopped()
    assert _rows(CheckedSheet) == 1


def _coordinator() -> Actor:
    who = factories.person(country="BG", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    return Actor(who, "BG", frozenset({Role.COORDINATOR}))


def _check_as(room: Room, actor: Actor, numbers: range) -> UUID | Stopped:
    """Check a sheet of trainers for IQ of an actor who may invite them."""
    offered = replace(room.offered, country="", postings={}, roles={"trainer": Role.TRAINER})
    rows = [[*sheets.row(number, posting="", role="Trainer"), "IQ"] for number in numbers]
    sheet = reading.read_sheet(sheets.csv(rows, heads=(*sheets.HEADS, "Country")))
    with transaction():
        read = RowReader(sheet.headed, offered).rows()
        return sheet_import.check(actor, read, (), now=clock.now(), real_now=clock.real_now())


def _notified() -> set[UUID]:
    return set(db.session.scalars(select(Notice.person_id).where(Notice.kind == NoticeKind.INVITATION_REFUSED)))


def test_coordinator_learns_no_addresses_and_country_is_notified(
    room: Room,
) -> None:
    for number in range(15):
        factories.person(country="IQ", mail=f"new{number}@police.example")
    for number in range(15, 21):
        assert isinstance(_invite(room, number), UUID)
    actor = _coordinator()
    assert _check_as(room, actor, range(30)) == Stopped()
    assert _notified() == {room.actor.id}
    other = _coordinator()
    sheet = _check_as(room, other, range(10, 30))
    assert isinstance(sheet, UUID)
    said = [{str(one.reason) for one in row.faults} for row in imports.sheet(other, sheet).content.rows]
    assert said == [{"elsewhere"}] * 11 + [set()] * 9  # an account and an invitation are told the same
    facts = db.session.scalars(select(Entry.facts).where(Entry.name == "SheetChecked")).one()
    assert '"elsewhere":11' in facts
    with transaction():
        assert lookup_limit.lookups_left(other.id, clock.real_now()) == lookup_limit.MOST - 11


@pytest.mark.parametrize("known", ["account", "invitation"])
def test_single_invitation_of_coordinator_has_the_same_refusal(room: Room, known: str) -> None:
    if known == "account":
        factories.person(country="IQ", mail="new1@police.example")
    else:
        assert isinstance(_invite(room, 1), UUID)
    actor = _coordinator()
    with transaction():
        agency_id = room.agencies[0][0]
        new = replace(_new("new1@police.example", "IQ", agency_id), role=Role.TRAINER, posting_roles=())
        assert invitations.invite(new, actor.id, clock.real_now()) is InvitationRefusal.ELSEWHERE
    assert _notified() == {room.actor.id}
    with transaction():
        assert lookup_limit.lookups_left(actor.id, clock.real_now()) == lookup_limit.MOST - 1
        assert invitations.invite(replace(new, mail="own@police.example"), actor.id, clock.real_now())
    with transaction():  # what they did themselves they know
        assert invitations.invite(replace(new, mail="own@police.example"), actor.id, clock.real_now()) is (
            InvitationRefusal.INVITED
        )
        assert lookup_limit.lookups_left(actor.id, clock.real_now()) == lookup_limit.MOST - 1


def _number(person_id: UUID, number: str) -> None:
    with transaction():
        found = db.session.get_one(Identity, person_id)
        found.service_number, found.service_index = number, blind_index.index("service", number)


def test_foreign_service_number_is_handled_like_a_foreign_address(room: Room) -> None:
    there = room.contact_point("BG")
    for number in range(19):
        _number(factories.person(country="BG"), f"BG-{number}")
    _number(room.officer(90), "IQ-1")
    rows = [sheets.row(number, service_number=f"BG-{number}") for number in range(30)]
    sheet = room.check([*rows, sheets.row(50, service_number="IQ-1")])
    said = [{str(one.reason) for one in row.faults} for row in imports.sheet(room.actor, sheet).content.rows]
    assert said == [{"elsewhere"}] * 19 + [set()] * 11 + [{"number"}]
    assert _notified() == {room.actor.id, there.id}
    assert isinstance(_check(room, range(60, 61)), UUID)
    with transaction():
        new = replace(_new("a@police.example", "IQ", room.agencies[0][0]), service_number="bg-3")
        assert invitations.invite(replace(new, service_number="IQ-1"), room.actor.id, clock.real_now()) is (
            InvitationRefusal.NUMBER
        )
        assert invitations.invite(new, room.actor.id, clock.real_now()) is InvitationRefusal.NUMBER_ELSEWHERE
        assert invitations.invite(new, room.actor.id, clock.real_now()) is InvitationRefusal.MANY
    assert _check(room, range(60, 61)) == Stopped()


def test_coordinator_does_not_learn_the_owner_of_a_service_number(room: Room) -> None:
    _number(room.officer(90), "IQ-1")
    actor = _coordinator()
    with transaction():
        new = replace(_new("a@police.example", "IQ", room.agencies[0][0]), role=Role.TRAINER, service_number="IQ-1")
        assert invitations.invite(new, actor.id, clock.real_now()) is InvitationRefusal.NUMBER_ELSEWHERE
        assert lookup_limit.lookups_left(actor.id, clock.real_now()) == lookup_limit.MOST - 1
    assert _notified() == {room.actor.id}


@pytest.mark.parametrize("way", ["one", "sheet"])
def test_number_invited_by_another_country_notifies_both_countries(room: Room, way: str) -> None:
    room.imported([sheets.row(1, service_number="BG-0001")])
    chief = room.contact_point("BG")
    with transaction():
        agency_id = factories.agency("BG")
        if way == "one":
            new = replace(_new("real@police.example", "BG", agency_id), service_number="BG-0001")
            assert invitations.invite(new, chief.id, clock.real_now()) is InvitationRefusal.NUMBER_ELSEWHERE
        else:
            row = PersonRow(
                2, "real@police.example", "Test Person", "", "BG-0001", "BG", agency_id, "X", ("investigator",)
            )
            assert sheet_import.check(chief, [row], (), now=clock.now(), real_now=clock.real_now())
    assert _notified() == {room.actor.id, chief.id}


@pytest.mark.each_database
def test_sheet_of_administrator_checks_for_existing_contact_points(room: Room) -> None:
    who = factories.person(country="BG", roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))
    actor = Actor(who, "BG", frozenset({Role.ADMINISTRATOR}))
    with transaction():
        agencies = {"IQ": room.agencies[0][0], "BG": factories.agency("BG")}
    rows = [
        PersonRow(n, f"new{n}@police.example", "Test Person", country=one, agency_id=agencies[one], agency="X",
            role=Role.CONTACT_POINT)
        for n, one in enumerate(agencies)
    ]  # fmt: skip
    with transaction():
        sheet = sheet_import.check(actor, rows, (), now=clock.now(), real_now=clock.real_now())
    assert isinstance(sheet, UUID)
    said = [[one.reason for one in row.faults] for row in imports.sheet(actor, sheet).content.rows]
    assert said == [[RowReason.LED], []]


def test_lookup_counts_are_deleted_after_a_day(room: Room) -> None:
    with transaction():
        assert lookup_limit.record_lookup(room.actor.id, 20, clock.real_now())
        assert not lookup_limit.record_lookup(room.actor.id, 1, clock.real_now())
    with transaction():
        assert lookup_limit.delete_expired(clock.real_now() + lookup_limit.DAY - timedelta(minutes=1)) == 0
        assert lookup_limit.delete_expired(clock.real_now() + lookup_limit.DAY + timedelta(minutes=1)) == 2
