from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.access.policy import Actor, Role
from app.intake.domain import reading
from app.intake.domain.headers import Column
from app.intake.domain.rows import EXAMPLE, AllowedValues, PersonRow, RowReader, RowReason, shared
from app.intake.domain.validation import (
    CheckedRow,
    ExistingAccount,
    ExistingRecords,
    PendingInvitation,
    RowKind,
    ServiceNumberOwner,
    judge,
)
from tests.support import people_sheets as sheets

AGENCY, OTHER = uuid4(), uuid4()
NO_RECORDS = ExistingRecords({}, {}, {})
CONTACT = Actor(uuid4(), "IQ", frozenset({Role.CONTACT_POINT}))
COORDINATOR = Actor(uuid4(), "BG", frozenset({Role.COORDINATOR}))
OFFERED = AllowedValues(
    country="IQ",
    countries={"iraq": "IQ", "iq": "IQ"},
    agencies={"IQ": {"border police": (AGENCY, "Border police"), "coast guard": (OTHER, "Coast guard")}},
    postings={
        "first responder": "first_responder", "investigator": "investigator",
        "liaison, prosecution": "prosecutor_liaison",
    },
    roles={"officer": Role.PRACTITIONER, "supervisor": Role.SUPERVISOR},
    languages={"english": "en", "العربيه": "ar"},
)  # fmt: skip


def read(*rows: list[str], offered: AllowedValues = OFFERED) -> list[PersonRow]:
    return RowReader(reading.read_sheet(sheets.csv(rows, separator="\t")).headed, offered).rows()


def faults(row: PersonRow | CheckedRow) -> list[tuple[Column, RowReason]]:
    return [(one.column, one.reason) for one in row.faults]


def judged(*rows: list[str], world: ExistingRecords = NO_RECORDS, actor: Actor = CONTACT) -> list[CheckedRow]:
    return judge(read(*rows), actor, world)


def known(**facts: object) -> ExistingAccount:
    values: dict[str, object] = {
        "person_id": uuid4(), "country": "IQ", "serves": True, "name": "Test Person 1", "latin_name": "",
        "service_number": "", "agency_id": AGENCY, "agency": "Border police", "posting": ("first_responder",),
        "roles": frozenset({Role.PRACTITIONER}),
    }  # fmt: skip
    return ExistingAccount(**(values | facts))  # type: ignore[arg-type]


def world(**people: ExistingAccount) -> ExistingRecords:
    """Return a world where `new1` and so on are known."""
    mails = {f"{name}@police.example": one for name, one in people.items()}
    numbers = {
        shared(one.service_number): ServiceNumberOwner(mail, one.country)
        for mail, one in mails.items()
        if one.service_number
    }
    return ExistingRecords(mails, {}, numbers)


def test_cells_of_a_row_are_converted() -> None:
    (row,) = read(
        sheets.row(1, name="  كريم\u202e  حسن ", service_number="\u200e BP 17", agency="BORDER  POLICE",
                   posting="Investigator ; liaison, prosecution; First Responder", role="officer", language="العربية")
    )  # fmt: skip
    assert row == PersonRow(
        number=2, mail="new1@police.example", name="كريم حسن", latin_name="", service_number="BP 17", country="IQ",
        agency_id=AGENCY, agency="Border police",
        posting=("investigator", "prosecutor_liaison", "first_responder"), role=Role.PRACTITIONER, language="ar",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value", "column", "reason"),
    [
        ("mail", "", Column.MAIL, RowReason.MISSING),
        ("mail", "not-an-address", Column.MAIL, RowReason.NOT_A_MAIL),
        ("mail", "a b@police.example", Column.MAIL, RowReason.NOT_A_MAIL),
        ("mail", "a@police.example, b@police.example", Column.MAIL, RowReason.NOT_A_MAIL),
        ("name", "x" * 201, Column.NAME, RowReason.TOO_LONG),
        ("service_number", "1" * 61, Column.SERVICE_NUMBER, RowReason.TOO_LONG),
        ("service_number", "boss@police.example", Column.SERVICE_NUMBER, RowReason.NOT_A_NUMBER),
        ("name", "???? ??? 3", Column.NAME, RowReason.NOT_A_NAME),
        ("name", "12345", Column.NAME, RowReason.NOT_A_NAME),
        ("name", "J\ufffdrg", Column.NAME, RowReason.NOT_A_NAME),
        ("latin_name", "K?rim", Column.LATIN_NAME, RowReason.NOT_A_NAME),
        ("service_number", "BP\uff2017", Column.SERVICE_NUMBER, RowReason.NOT_A_NUMBER),
        ("agency", "Navy", Column.AGENCY, RowReason.UNKNOWN_AGENCY),
        ("posting", "Juggler", Column.POSTING, RowReason.UNKNOWN_POSTING),
        ("role", "Coordinator", Column.ROLE, RowReason.UNKNOWN_ROLE),
        ("language", "Latin", Column.LANGUAGE, RowReason.UNKNOWN_LANGUAGE),
        ("name", "=1+1", Column.NAME, RowReason.FORMULA),
    ],
)
def test_wrong_cell_has_a_problem_with_column_and_reason(
    cell: str, value: str, column: Column, reason: RowReason
) -> None:
    (row,) = read(sheets.row(1, **{cell: value}))
    assert faults(row) == [(column, reason)]


def test_problem_suggests_the_most_similar_name() -> None:
    (row,) = read(sheets.row(1, agency="Cost gard", posting="Investigater"))
    assert [one.near for one in row.faults] == ["Coast guard", "investigator"]


def test_repeated_address_or_number_names_the_other_row() -> None:
    rows = read(
        sheets.row(1, service_number="BP 17"),
        sheets.row(2, service_number="bp 17"),
        sheets.row(1),
        sheets.row(4),
    )
    said = [[(one.column, one.row) for one in row.faults] for row in rows]
    assert said == [
        [(Column.MAIL, 4), (Column.SERVICE_NUMBER, 3)],
        [(Column.SERVICE_NUMBER, 2)],
        [(Column.MAIL, 2)],
        [],
    ]


def test_example_and_empty_rows_are_ignored() -> None:
    assert [row.number for row in read(["", " ", "\u200b"], sheets.row(1, mail=EXAMPLE.upper()), sheets.row(2))] == [4]


def test_row_of_contact_point_with_other_country_is_wrong() -> None:
    heads = (*sheets.HEADS, "Country")
    rows = [[*sheets.row(1), "Iraq"], [*sheets.row(2), "Bulgaria"]]
    sheet = reading.read_sheet(sheets.csv(rows, heads=heads))
    first, second = RowReader(sheet.headed, OFFERED).rows()
    assert (first.country, faults(first)) == ("IQ", [])
    assert faults(second) == [(Column.COUNTRY, RowReason.UNKNOWN_COUNTRY)]


def test_row_of_unknown_person_is_new_or_incomplete() -> None:
    new, supervisor, bare, unfit = judged(
        sheets.row(1),
        sheets.row(2, role="Supervisor", posting=""),
        sheets.row(3, name="", agency="", posting=""),
        sheets.row(4, role="Supervisor"),
    )
    assert [one.kind for one in (new, supervisor)] == [RowKind.NEW, RowKind.NEW]
    assert faults(bare) == [
        (Column.NAME, RowReason.MISSING), (Column.AGENCY, RowReason.MISSING), (Column.POSTING, RowReason.MISSING),
    ]  # fmt: skip
    assert faults(unfit) == [(Column.POSTING, RowReason.POSTING_UNFIT)]


def test_row_of_existing_person_changes_filled_cells_only() -> None:
    same, empty, changed = judged(
        sheets.row(1),
        ["new2@police.example", "", "", "", "", "", "", ""],
        sheets.row(
            3, name="Karim", latin_name="Karim", service_number="9", agency="Coast guard", posting="Investigator"
        ),
        world=world(new1=known(), new2=known(service_number="4"), new3=known(name="Test Person 3")),
    )
    assert [one.kind for one in (same, empty, changed)] == [RowKind.SAME, RowKind.SAME, RowKind.CHANGED]
    assert [(one.column, one.before, one.after) for one in changed.changes] == [
        (Column.NAME, "Test Person 3", "Karim"),
        (Column.LATIN_NAME, "", "Karim"),
        (Column.SERVICE_NUMBER, "", "9"),
        (Column.AGENCY, "Border police", "Coast guard"),
        (Column.POSTING, "first_responder", "investigator"),
    ]


def test_other_order_of_roles_is_a_change() -> None:
    (one,) = judged(
        sheets.row(1, posting="Investigator; First responder"),
        world=world(new1=known(posting=("first_responder", "investigator"))),
    )
    assert [change.column for change in one.changes] == [Column.POSTING]


@pytest.mark.parametrize(
    ("who", "fields", "column", "reason"),
    [
        ({"serves": False}, {}, Column.MAIL, RowReason.CLOSED),
        ({"country": "BG"}, {}, Column.MAIL, RowReason.ELSEWHERE),
        ({"country": ""}, {}, Column.MAIL, RowReason.ELSEWHERE),
        ({"posting": (), "roles": frozenset({Role.TRAINER})}, {}, Column.MAIL, RowReason.NOT_AN_OFFICER),
        ({"posting": (), "roles": frozenset({Role.SUPERVISOR})}, {}, Column.POSTING, RowReason.POSTING_UNFIT),
        ({"moves": True}, {"agency": "Coast guard"}, Column.AGENCY, RowReason.MOVE_PLANNED),
        ({}, {"role": "Supervisor"}, Column.ROLE, RowReason.ROLE_DIFFERS),
        ({"person_id": CONTACT.id}, {"name": "Chief"}, Column.NAME, RowReason.OWN_ROW),
    ],
    ids=["closed", "elsewhere", "nowhere", "trainer", "supervisor", "moves", "role", "own"],
)
def test_row_of_unchangeable_person_is_wrong(
    who: dict[str, object], fields: dict[str, str], column: Column, reason: RowReason
) -> None:
    (one,) = judged(sheets.row(1, **fields), world=world(new1=known(**who)))
    assert (one.kind, faults(one)) == (RowKind.WRONG, [(column, reason)])


def test_used_service_number_is_refused_but_may_be_exchanged() -> None:
    people = world(new1=known(service_number="1"), new2=known(name="Test Person 2", service_number="2"))
    (alone,) = judged(sheets.row(1, service_number="2"), world=people)
    assert faults(alone) == [(Column.SERVICE_NUMBER, RowReason.NUMBER)]
    both = judged(sheets.row(1, service_number="2"), sheets.row(2, service_number="1"), world=people)
    assert [one.kind for one in both] == [RowKind.CHANGED, RowKind.CHANGED]
    (new,) = judged(sheets.row(3, service_number="2"), world=people)
    assert faults(new) == [(Column.SERVICE_NUMBER, RowReason.NUMBER)]


def test_administrator_invites_only_the_first_contact_point() -> None:
    administrator = Actor(uuid4(), "BG", frozenset({Role.ADMINISTRATOR}))
    row = PersonRow(
        2, "new1@police.example", "Test Person", country="IQ", agency_id=AGENCY, agency="X", role=Role.CONTACT_POINT
    )
    (first,) = judge([row], administrator, NO_RECORDS)
    (further,) = judge([row], administrator, replace(NO_RECORDS, led=frozenset({"IQ"})))
    assert (first.kind, faults(further)) == (RowKind.NEW, [(Column.ROLE, RowReason.LED)])
    (officer,) = judge([replace(row, role=Role.PRACTITIONER, posting=("investigator",))], administrator, NO_RECORDS)
    assert faults(officer) == [(Column.ROLE, RowReason.UNKNOWN_ROLE)]
    (theirs,) = judge([row], COORDINATOR, replace(NO_RECORDS, led=frozenset({"IQ"})))
    assert theirs.kind is RowKind.NEW


@pytest.mark.parametrize("country", ["BG", ""])
def test_foreign_service_number_has_the_problem_of_a_foreign_address(country: str) -> None:
    people = world(new1=known(service_number="1"), there=known(service_number="2", country=country))
    (new,) = judged(sheets.row(3, service_number="2"), world=people)
    (changed,) = judged(sheets.row(1, service_number="2"), world=people)
    assert faults(new) == faults(changed) == [(Column.SERVICE_NUMBER, RowReason.ELSEWHERE)]
    # a sheet cannot free the number of a person of another country
    rows = judged(sheets.row(3, service_number="2"), ["there@police.example", *sheets.row(4, service_number="5")[1:]],
                  world=people)  # fmt: skip
    assert [faults(row) for row in rows] == [
        [(Column.SERVICE_NUMBER, RowReason.ELSEWHERE)], [(Column.MAIL, RowReason.ELSEWHERE)],
    ]  # fmt: skip


def _waiting(who: str = "new1", **facts: object) -> ExistingRecords:
    values: dict[str, object] = {
        "country": "IQ", "visible": True, "name": "Test Person 1", "latin_name": "", "service_number": "",
        "agency_id": AGENCY, "posting": ("first_responder",), "role": Role.PRACTITIONER,
    }  # fmt: skip
    return ExistingRecords({}, {f"{who}@police.example": PendingInvitation(**(values | facts))}, {})  # type: ignore[arg-type]


def test_row_with_open_invitation_is_the_same_or_wrong() -> None:
    (same,) = judged(sheets.row(1), world=_waiting())
    assert (same.kind, same.waits) == (RowKind.SAME, True)
    for facts in ({"name": "Other Name"}, {"agency_id": UUID(int=1)}, {"visible": False}):
        (one,) = judged(sheets.row(1), world=_waiting(**facts))
        assert faults(one) == [(Column.MAIL, RowReason.INVITED)]
    (elsewhere,) = judged(sheets.row(1), world=_waiting(country="BG"))
    assert faults(elsewhere) == [(Column.MAIL, RowReason.ELSEWHERE)]


def test_coordinator_needs_country_and_role_and_changes_no_accounts() -> None:
    offered = AllowedValues(
        country="", countries={"iraq": "IQ"}, agencies=OFFERED.agencies, postings=OFFERED.postings,
        roles={"contact point": Role.CONTACT_POINT, "officer": Role.PRACTITIONER}, languages={},
    )  # fmt: skip
    heads = (*sheets.HEADS, "Country")
    lines = [
        [*sheets.row(1, posting="", role="Contact point"), "Iraq"],
        [*sheets.row(2, posting=""), ""],
        [*sheets.row(3, role="Officer"), "Iraq"],
        [*sheets.row(4, posting="", role="Contact point"), "Iraq"],
    ]
    rows = RowReader(reading.read_sheet(sheets.csv(lines, heads=heads)).headed, offered).rows()
    new, bare, officer, account = judge(rows, COORDINATOR, world(new4=known()))
    assert new.kind is RowKind.NEW
    assert faults(bare) == [(Column.COUNTRY, RowReason.MISSING), (Column.ROLE, RowReason.MISSING)]
    assert faults(officer) == [(Column.ROLE, RowReason.UNKNOWN_ROLE)]
    # no more than another country's contact point would learn
    assert faults(account) == [(Column.MAIL, RowReason.ELSEWHERE)]
    (invited,) = judge(rows[3:], COORDINATOR, _waiting("new4", visible=False))
    assert faults(invited) == [(Column.MAIL, RowReason.ELSEWHERE)]
    (own,) = judge(rows[3:], COORDINATOR, _waiting("new4", visible=True))
    assert faults(own) == [(Column.MAIL, RowReason.INVITED)]
