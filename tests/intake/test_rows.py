from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.access.policy import Actor, Role
from app.intake.domain import reading
from app.intake.domain.headers import Column
from app.intake.domain.rows import EXAMPLE, Offered, Reading, Reason, Row, shared
from app.intake.domain.validation import ExistingAccount, Judged, Kind, Owner, PendingInvitation, World, judge
from tests.support import people_sheets as sheets

AGENCY, OTHER = uuid4(), uuid4()
NOBODY = World({}, {}, {})
CONTACT = Actor(uuid4(), "IQ", frozenset({Role.CONTACT_POINT}))
COORDINATOR = Actor(uuid4(), "BG", frozenset({Role.COORDINATOR}))
OFFERED = Offered(
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


def read(*rows: list[str], offered: Offered = OFFERED) -> list[Row]:
    return Reading(reading.file(sheets.csv(rows, separator="\t")).headed, offered).rows()


def faults(row: Row | Judged) -> list[tuple[Column, Reason]]:
    return [(one.column, one.reason) for one in row.faults]


def judged(*rows: list[str], world: World = NOBODY, actor: Actor = CONTACT) -> list[Judged]:
    return judge(read(*rows), actor, world)


def known(**facts: object) -> ExistingAccount:
    values: dict[str, object] = {
        "person_id": uuid4(), "country": "IQ", "serves": True, "name": "Test Person 1", "latin_name": "",
        "service_number": "", "agency_id": AGENCY, "agency": "Border police", "posting": ("first_responder",),
        "roles": frozenset({Role.PRACTITIONER}),
    }  # fmt: skip
    return ExistingAccount(**(values | facts))  # type: ignore[arg-type]


def world(**people: ExistingAccount) -> World:
    """Return a world where `new1` and so on are known."""
    mails = {f"{name}@police.example": one for name, one in people.items()}
    numbers = {
        shared(one.service_number): Owner(mail, one.country) for mail, one in mails.items() if one.service_number
    }
    return World(mails, {}, numbers)


def test_a_row_is_typed() -> None:
    (row,) = read(
        sheets.row(1, name="  كريم\u202e  حسن ", service_number="\u200e BP 17", agency="BORDER  POLICE",
                   posting="Investigator ; liaison, prosecution; First Responder", role="officer", language="العربية")
    )  # fmt: skip
    assert row == Row(
        number=2, mail="new1@police.example", name="كريم حسن", latin_name="", service_number="BP 17", country="IQ",
        agency_id=AGENCY, agency="Border police",
        posting=("investigator", "prosecutor_liaison", "first_responder"), role=Role.PRACTITIONER, language="ar",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value", "column", "reason"),
    [
        ("mail", "", Column.MAIL, Reason.MISSING),
        ("mail", "nobody", Column.MAIL, Reason.NOT_A_MAIL),
        ("mail", "a b@police.example", Column.MAIL, Reason.NOT_A_MAIL),
        ("mail", "a@police.example, b@police.example", Column.MAIL, Reason.NOT_A_MAIL),
        ("name", "x" * 201, Column.NAME, Reason.TOO_LONG),
        ("service_number", "1" * 61, Column.SERVICE_NUMBER, Reason.TOO_LONG),
        ("service_number", "boss@police.example", Column.SERVICE_NUMBER, Reason.NOT_A_NUMBER),
        ("name", "???? ??? 3", Column.NAME, Reason.NOT_A_NAME),
        ("name", "12345", Column.NAME, Reason.NOT_A_NAME),
        ("name", "J\ufffdrg", Column.NAME, Reason.NOT_A_NAME),
        ("latin_name", "K?rim", Column.LATIN_NAME, Reason.NOT_A_NAME),
        ("service_number", "BP\uff2017", Column.SERVICE_NUMBER, Reason.NOT_A_NUMBER),
        ("agency", "Navy", Column.AGENCY, Reason.UNKNOWN_AGENCY),
        ("posting", "Juggler", Column.POSTING, Reason.UNKNOWN_POSTING),
        ("role", "Coordinator", Column.ROLE, Reason.UNKNOWN_ROLE),
        ("language", "Latin", Column.LANGUAGE, Reason.UNKNOWN_LANGUAGE),
        ("name", "=1+1", Column.NAME, Reason.FORMULA),
    ],
)
def test_a_wrong_cell_is_named(cell: str, value: str, column: Column, reason: Reason) -> None:
    (row,) = read(sheets.row(1, **{cell: value}))
    assert faults(row) == [(column, reason)]


def test_what_is_nearest_is_offered() -> None:
    (row,) = read(sheets.row(1, agency="Cost gard", posting="Investigater"))
    assert [one.near for one in row.faults] == ["Coast guard", "investigator"]


def test_rows_with_one_address_or_number_name_each_other() -> None:
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


def test_the_example_and_empty_rows_are_left_out() -> None:
    assert [row.number for row in read(["", " ", "\u200b"], sheets.row(1, mail=EXAMPLE.upper()), sheets.row(2))] == [4]


def test_a_contact_point_names_the_own_country_or_none() -> None:
    heads = (*sheets.HEADS, "Country")
    rows = [[*sheets.row(1), "Iraq"], [*sheets.row(2), "Bulgaria"]]
    sheet = reading.file(sheets.csv(rows, heads=heads))
    first, second = Reading(sheet.headed, OFFERED).rows()
    assert (first.country, faults(first)) == ("IQ", [])
    assert faults(second) == [(Column.COUNTRY, Reason.UNKNOWN_COUNTRY)]


def test_somebody_new() -> None:
    new, supervisor, bare, unfit = judged(
        sheets.row(1),
        sheets.row(2, role="Supervisor", posting=""),
        sheets.row(3, name="", agency="", posting=""),
        sheets.row(4, role="Supervisor"),
    )
    assert [one.kind for one in (new, supervisor)] == [Kind.NEW, Kind.NEW]
    assert faults(bare) == [
        (Column.NAME, Reason.MISSING), (Column.AGENCY, Reason.MISSING), (Column.POSTING, Reason.MISSING),
    ]  # fmt: skip
    assert faults(unfit) == [(Column.POSTING, Reason.POSTING_UNFIT)]


def test_somebody_known_is_the_same_or_changes_by_filled_cells_alone() -> None:
    same, empty, changed = judged(
        sheets.row(1),
        ["new2@police.example", "", "", "", "", "", "", ""],
        sheets.row(
            3, name="Karim", latin_name="Karim", service_number="9", agency="Coast guard", posting="Investigator"
        ),
        world=world(new1=known(), new2=known(service_number="4"), new3=known(name="Test Person 3")),
    )
    assert [one.kind for one in (same, empty, changed)] == [Kind.SAME, Kind.SAME, Kind.CHANGED]
    assert [(one.column, one.before, one.after) for one in changed.changes] == [
        (Column.NAME, "Test Person 3", "Karim"),
        (Column.LATIN_NAME, "", "Karim"),
        (Column.SERVICE_NUMBER, "", "9"),
        (Column.AGENCY, "Border police", "Coast guard"),
        (Column.POSTING, "first_responder", "investigator"),
    ]


def test_the_order_of_roles_is_a_change_for_the_first_one_counts() -> None:
    (one,) = judged(
        sheets.row(1, posting="Investigator; First responder"),
        world=world(new1=known(posting=("first_responder", "investigator"))),
    )
    assert [change.column for change in one.changes] == [Column.POSTING]


@pytest.mark.parametrize(
    ("who", "fields", "column", "reason"),
    [
        ({"serves": False}, {}, Column.MAIL, Reason.CLOSED),
        ({"country": "BG"}, {}, Column.MAIL, Reason.ELSEWHERE),
        ({"country": ""}, {}, Column.MAIL, Reason.ELSEWHERE),
        ({"posting": (), "roles": frozenset({Role.TRAINER})}, {}, Column.MAIL, Reason.NOT_AN_OFFICER),
        ({"posting": (), "roles": frozenset({Role.SUPERVISOR})}, {}, Column.POSTING, Reason.POSTING_UNFIT),
        ({"moves": True}, {"agency": "Coast guard"}, Column.AGENCY, Reason.MOVE_PLANNED),
        ({}, {"role": "Supervisor"}, Column.ROLE, Reason.ROLE_DIFFERS),
        ({"person_id": CONTACT.id}, {"name": "Chief"}, Column.NAME, Reason.OWN_ROW),
    ],
    ids=["closed", "elsewhere", "nowhere", "trainer", "supervisor", "moves", "role", "own"],
)
def test_who_cannot_be_changed(who: dict[str, object], fields: dict[str, str], column: Column, reason: Reason) -> None:
    (one,) = judged(sheets.row(1, **fields), world=world(new1=known(**who)))
    assert (one.kind, faults(one)) == (Kind.WRONG, [(column, reason)])


def test_a_number_of_somebody_else_is_refused_and_two_may_exchange_theirs() -> None:
    people = world(new1=known(service_number="1"), new2=known(name="Test Person 2", service_number="2"))
    (alone,) = judged(sheets.row(1, service_number="2"), world=people)
    assert faults(alone) == [(Column.SERVICE_NUMBER, Reason.NUMBER)]
    both = judged(sheets.row(1, service_number="2"), sheets.row(2, service_number="1"), world=people)
    assert [one.kind for one in both] == [Kind.CHANGED, Kind.CHANGED]
    (new,) = judged(sheets.row(3, service_number="2"), world=people)
    assert faults(new) == [(Column.SERVICE_NUMBER, Reason.NUMBER)]


def test_a_sheet_of_an_administrator_brings_in_the_first_contact_point_of_a_country_alone() -> None:
    administrator = Actor(uuid4(), "BG", frozenset({Role.ADMINISTRATOR}))
    row = Row(
        2, "new1@police.example", "Test Person", country="IQ", agency_id=AGENCY, agency="X", role=Role.CONTACT_POINT
    )
    (first,) = judge([row], administrator, NOBODY)
    (further,) = judge([row], administrator, replace(NOBODY, led=frozenset({"IQ"})))
    assert (first.kind, faults(further)) == (Kind.NEW, [(Column.ROLE, Reason.LED)])
    (officer,) = judge([replace(row, role=Role.PRACTITIONER, posting=("investigator",))], administrator, NOBODY)
    assert faults(officer) == [(Column.ROLE, Reason.UNKNOWN_ROLE)]
    (theirs,) = judge([row], COORDINATOR, replace(NOBODY, led=frozenset({"IQ"})))
    assert theirs.kind is Kind.NEW


@pytest.mark.parametrize("country", ["BG", ""])
def test_a_number_of_another_country_is_answered_as_an_address_of_one(country: str) -> None:
    people = world(new1=known(service_number="1"), there=known(service_number="2", country=country))
    (new,) = judged(sheets.row(3, service_number="2"), world=people)
    (changed,) = judged(sheets.row(1, service_number="2"), world=people)
    assert faults(new) == faults(changed) == [(Column.SERVICE_NUMBER, Reason.ELSEWHERE)]
    # nobody frees the number of somebody whom they do not look after
    rows = judged(sheets.row(3, service_number="2"), ["there@police.example", *sheets.row(4, service_number="5")[1:]],
                  world=people)  # fmt: skip
    assert [faults(row) for row in rows] == [
        [(Column.SERVICE_NUMBER, Reason.ELSEWHERE)], [(Column.MAIL, Reason.ELSEWHERE)],
    ]  # fmt: skip


def _waiting(who: str = "new1", **facts: object) -> World:
    values: dict[str, object] = {
        "country": "IQ", "visible": True, "name": "Test Person 1", "latin_name": "", "service_number": "",
        "agency_id": AGENCY, "posting": ("first_responder",), "role": Role.PRACTITIONER,
    }  # fmt: skip
    return World({}, {f"{who}@police.example": PendingInvitation(**(values | facts))}, {})  # type: ignore[arg-type]


def test_an_invitation_that_waits_is_the_same_or_in_the_way() -> None:
    (same,) = judged(sheets.row(1), world=_waiting())
    assert (same.kind, same.waits) == (Kind.SAME, True)
    for facts in ({"name": "Somebody"}, {"agency_id": UUID(int=1)}, {"visible": False}):
        (one,) = judged(sheets.row(1), world=_waiting(**facts))
        assert faults(one) == [(Column.MAIL, Reason.INVITED)]
    (elsewhere,) = judged(sheets.row(1), world=_waiting(country="BG"))
    assert faults(elsewhere) == [(Column.MAIL, Reason.ELSEWHERE)]


def test_who_invites_anywhere_says_country_and_role_and_changes_nobody() -> None:
    offered = Offered(
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
    rows = Reading(reading.file(sheets.csv(lines, heads=heads)).headed, offered).rows()
    new, bare, officer, account = judge(rows, COORDINATOR, world(new4=known()))
    assert new.kind is Kind.NEW
    assert faults(bare) == [(Column.COUNTRY, Reason.MISSING), (Column.ROLE, Reason.MISSING)]
    assert faults(officer) == [(Column.ROLE, Reason.UNKNOWN_ROLE)]
    # no more than another country's contact point would learn
    assert faults(account) == [(Column.MAIL, Reason.ELSEWHERE)]
    (invited,) = judge(rows[3:], COORDINATOR, _waiting("new4", visible=False))
    assert faults(invited) == [(Column.MAIL, Reason.ELSEWHERE)]
    (own,) = judge(rows[3:], COORDINATOR, _waiting("new4", visible=True))
    assert faults(own) == [(Column.MAIL, Reason.INVITED)]
