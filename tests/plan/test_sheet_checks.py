"""The rules of sheets of values: what is read, and how rows compare with the academy."""

import random
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings, strategies as st

from app.kernel.errors import DomainError
from app.kernel.sheets import xlsx_parts
from app.kernel.sheets.grid import MOST_BYTES, FileProblem, UnreadableError
from app.plan.domain import sheet_checks, sheet_reading
from app.plan.domain.sheet_formats import COMPLETIONS, FIGURES, FORMATS
from app.plan.domain.value_sheets import CheckedValue, EnteredRow, ExistingRow, ValueKind, ValueReason
from tests.support import people_sheets

HEADS = FIGURES.names
SHEET = "xl/worksheets/sheet1.xml"
KEY = ("OC2.3", "IQ", "2027-03-31")
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
NUMBERS = st.sampled_from(["", "0", "12", "12.5", "17"])


def book(*rows: list[object], change=None) -> bytes:
    return people_sheets.xlsx([["Indicator"], *rows], heads=HEADS, change=change)


def line(value: object = 12, *, was: object = "", source: str = "Form 3", code: str = KEY[0]) -> list[object]:
    return [code, "Title", KEY[1], "Iraq", KEY[2], "Points", was, value, source, ""]


def read(raw: bytes) -> list[EnteredRow]:
    return list(sheet_reading.read(raw, FIGURES).rows)


def file_problem(raw: bytes) -> FileProblem:
    with pytest.raises(UnreadableError) as raised:
        sheet_reading.read(raw, FIGURES)
    return raised.value.problem


def no_rule(_row: EnteredRow, _existing: ExistingRow) -> None:
    """Allow every row."""


def check(row: EnteredRow, existing: ExistingRow, rule=no_rule) -> CheckedValue:
    return sheet_checks.check([row], {existing.key: existing}, FIGURES, rule)[0]


def row(value: str = "", was: str = "", **texts: str) -> EnteredRow:
    return EnteredRow(3, KEY, was, {"value": value, "source": "", "explanation": ""} | texts)


def existing(value: str = "", **texts: str) -> ExistingRow:
    return ExistingRow(KEY, value, {"source": "", "explanation": ""} | texts)


def reasons(checked: CheckedValue) -> list[ValueReason]:
    return [problem.reason for problem in checked.problems]


def test_columns_of_each_format_are_distinct() -> None:
    for wanted in FORMATS.values():
        assert len(set(wanted.names)) == len(wanted.names)
        assert {"was", "value"} <= set(wanted.names)


def test_row_is_read_with_canonical_texts() -> None:
    (read_row,) = read(book(line("١٢٫٥", was=12.0)))
    assert (read_row.number, read_row.key, read_row.was) == (3, KEY, "12")
    assert read_row.entries == {"value": "12.5", "source": "Form 3", "explanation": ""}


@pytest.mark.parametrize("typed", ["12 or so", "1e3", "50%", "1,000", "1.000", "1,000.5", "--1", "nan", "inf"])
def test_text_that_is_no_number_is_an_error(typed: str) -> None:
    (read_row,) = read(book(line(typed)))
    assert [(problem.column, problem.reason) for problem in read_row.problems] == [("value", ValueReason.NOT_A_NUMBER)]


def test_percent_typed_in_a_spreadsheet_is_an_error() -> None:
    def change(workbook, sheet) -> None:
        sheet.write_number(2, HEADS.index("value"), 0.5, workbook.add_format({"num_format": "0%"}))

    (read_row,) = read(book(line(), change=change))
    assert [problem.reason for problem in read_row.problems] == [ValueReason.NOT_A_NUMBER]


def test_formula_and_merged_cell_are_errors_in_any_column() -> None:
    def formula(_workbook, sheet) -> None:
        sheet.write_formula(2, 30, "=1+1")

    def merged(_workbook, sheet) -> None:
        sheet.merge_range(2, HEADS.index("value"), 3, HEADS.index("value"), "5")

    assert [problem.reason for problem in read(book(line(), change=formula))[0].problems] == [ValueReason.FORMULA]
    rows = read(book(line(), line(code="OC2.4"), change=merged))
    assert all(problem.reason is ValueReason.MERGED for read_row in rows for problem in read_row.problems)
    assert all(read_row.problems for read_row in rows)


def test_day_typed_in_a_spreadsheet_is_read() -> None:
    def change(workbook, sheet) -> None:
        sheet.write_number(2, 3, 45000, workbook.add_format({"num_format": "dd.mm.yyyy"}))

    names = COMPLETIONS.names
    raw = people_sheets.xlsx(
        [["Officer"], ["Border officer 2", "M01", "", "", "certificate", ""]], heads=names, change=change
    )
    (read_row,) = sheet_reading.read(raw, COMPLETIONS).rows
    assert (read_row.entries["value"], read_row.problems) == ("2023-03-15", ())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", FileProblem.EMPTY),
        (b"a,b,c\r\n1,2,3", FileProblem.NOT_A_SHEET),
        (b"a" * (MOST_BYTES + 1), FileProblem.TOO_LARGE),
        (b"%PDF-1.7", FileProblem.NOT_A_SHEET),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FileProblem.OLD_OR_LOCKED),
        (b"PK\x03\x04 and nothing else", FileProblem.DAMAGED),
        (people_sheets.xlsx([people_sheets.row(1)]), FileProblem.NO_HEADS),
        (people_sheets.xlsx([], heads=HEADS), FileProblem.NO_ROWS),
        (people_sheets.xlsx([[], [1]], heads=[*HEADS, "value"]), FileProblem.HEAD_TWICE),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
def test_file_that_is_not_a_sheet_of_values_is_refused(raw: bytes, expected: FileProblem) -> None:
    assert file_problem(raw) is expected


def test_hostile_workbooks_are_refused() -> None:
    doctype = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>'
    merged = b'<worksheet><sheetData/><mergeCells><mergeCell ref="A1:A1048576"/></mergeCells></worksheet>'
    entries = {f"a/{number}": b"" for number in range(xlsx_parts.LIMITS.entries + 1)}
    assert file_problem(people_sheets.tampered(book(line()), {SHEET: doctype})) is FileProblem.DOCTYPE
    assert file_problem(people_sheets.tampered(book(line()), {SHEET: merged})) is FileProblem.MERGED
    assert file_problem(people_sheets.tampered(book(line()), entries)) is FileProblem.UNPACKS_TOO_LARGE
    assert file_problem(people_sheets.tampered(book(line()), {"../out.xml": b"<a>"})) is FileProblem.DAMAGED


def test_damaged_workbooks_raise_no_other_error() -> None:
    chance, raw, refused = random.Random(7), book(*(line(number) for number in range(20))), 0
    for _turn in range(60):
        changed = bytearray(raw)
        for _change in range(8):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            sheet_reading.read(bytes(changed), FIGURES)
        except UnreadableError:
            refused += 1
    assert refused > 0


def test_sheet_names_cells_by_their_letters() -> None:
    assert sheet_reading.read(book(line()), FIGURES).letters["value"] == "H"
    with zipfile.ZipFile(BytesIO(book(line()))) as packed:
        assert SHEET in packed.namelist()


@given(value=NUMBERS, texts=st.fixed_dictionaries({"source": TEXTS, "explanation": TEXTS}))
def test_untouched_row_is_the_same(value: str, texts: dict[str, str]) -> None:
    stored = existing(value, **texts)
    assert check(row(stored.value, stored.was, **texts), stored).kind is ValueKind.SAME


@given(was=NUMBERS, now=NUMBERS, value=NUMBERS)
def test_value_that_changed_meanwhile_is_an_error_of_its_row(was: str, now: str, value: str) -> None:
    checked = check(row(value, was, source="Form 3"), existing(now))
    assert (ValueReason.CHANGED_MEANWHILE in reasons(checked)) == (was != now)
    assert was == now or checked.kind is ValueKind.WRONG


@given(value=NUMBERS.filter(bool), now=NUMBERS)
def test_entered_value_is_new_or_changed(value: str, now: str) -> None:
    checked = check(row(value, now, source="Form 3"), existing(now, source="Form 2"))
    assert checked.kind is (ValueKind.CHANGED if now else ValueKind.NEW)
    assert (checked.before, checked.value) == (now, value)


@given(rows=st.lists(st.sampled_from(["A", "B", "C", "D"]), max_size=8))
@settings(max_examples=50)
def test_each_repeated_key_is_an_error(rows: list[str]) -> None:
    entered = [EnteredRow(number, (name,), "", {"value": "1"}) for number, name in enumerate(rows, 3)]
    known = {(name,): ExistingRow((name,)) for name in "ABC"}
    results = sheet_checks.check(entered, known, FIGURES, no_rule)
    for name, checked in zip(rows, results, strict=True):
        expected = ValueReason.UNKNOWN_KEY if name == "D" else ValueReason.TWICE if rows.count(name) > 1 else None
        assert (expected in reasons(checked)) == (expected is not None)
        for problem in checked.problems:
            assert problem.reason is not ValueReason.TWICE or rows[problem.row - 3] == name != "D"


def test_emptied_value_is_an_error_and_deletes_nothing() -> None:
    checked = check(row("", "12", source="Form 3"), existing("12", source="Form 3"))
    assert reasons(checked) == [ValueReason.EMPTIED]
    assert reasons(check(row("12", source=""), existing())) == [ValueReason.MISSING]


def test_rule_that_refuses_a_row_gives_its_message() -> None:
    def refuse(_row: EnteredRow, _existing: ExistingRow) -> None:
        raise DomainError("Enter a value from %(least)s to %(most)s.", least="0", most="20")

    (problem,) = check(row("99", source="Form 3"), existing(), refuse).problems
    assert (problem.reason, problem.message % problem.values) == (ValueReason.RULE, "Enter a value from 0 to 20.")
